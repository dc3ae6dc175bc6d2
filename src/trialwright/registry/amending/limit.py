"""One limit of a criterion: what its bounds are, which way it works, and what silence means.

The words of a limit state a value; whether that value lets a participant in or keeps them out
depends on the list, on `no` and `must not` before it, and on `are eligible` after it. A limit here
knows its sense, so that `LVEF >= 50 %` among the inclusions and `LVEF < 50 %` among the exclusions
are one and the same.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.protocol.proposals import (
    AgeProposal,
    LifeExpectancyProposal,
    LimitProposal,
    PerformanceProposal,
    PriorLinesProposal,
    Proposal,
    SexProposal,
    WashOutProposal,
)
from trialwright.registry.amending.senses import KEEPS_OUT

Kind = Literal[
    "limit",
    "age",
    "sex",
    "performance",
    "life-expectancy",
    "wash-out",
    "prior-lines",
    "condition",
    "attested",
]
"""The kinds of `protocol.proposals`, and the two kinds of a protocol's rules that bound nothing."""

Sense = Literal["required", "excluded"]
"""Whether the stated values let a participant in, or keep them out."""

Silence = Literal["passes", "unknown", "fails"]
"""What a missing value does: lets in, leaves the question open, or keeps out."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a criterion limits.

    Attributes
    ----------
    kind : str
        Which kind of limit it is.
    subject : str
        What is limited: the fact, the scale, the treatment, what is counted.
    words : str
        The words that state it.
    start, end : int, characters
        Where they stand in the criterion's words; both 0 for a limit of a rule.
    at_least, above, at_most, below : Decimal or None
        Bounds as the words state them.
    unit : str
        Of the bounds; empty when none is stated.
    times : str
        `ULN`, `LLN`, `baseline`, or empty.
    given : str
        Circumstance under which it holds instead of another; empty: always.
    also : tuple of str
        Other facts of which the same is said at the same place, for one sentence on all.
    expect : str
        Of a sex, a condition or an answer: the one stated.
    whichever : str
        Of two wash-outs of the same words: `longer`, `shorter`, or empty.
    narrowed : str
        Of a wash-out: which of its treatments it is for, where the words say so after it.
    covers : int, characters
        Where the words end that belong to it, those of `narrowed` included.
    sense : {'required', 'excluded'}
        Which way it works.
    silence : {'passes', 'unknown', 'fails'}
        What a missing value does.
    is_alternative : bool
        Whether something else may stand in its place.
    arms : tuple of str
        Arms it holds for; empty: every arm.
    criterion, place : str
        Where it stands: the criterion's id, and its id with its place.
    """

    kind: Kind
    subject: str
    words: str = ""
    start: int = 0
    end: int = 0
    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    unit: str = ""
    times: str = ""
    given: str = ""
    also: tuple[str, ...] = ()
    expect: str = ""
    whichever: str = ""
    narrowed: str = ""
    covers: int = 0
    sense: Sense = "required"
    silence: Silence = "unknown"
    is_alternative: bool = False
    arms: tuple[str, ...] = ()
    criterion: str = ""
    place: str = ""


_NO = re.compile(
    r"\b(?:no|not(?! (?:count|limited|exceed|more|less|greater|required|necessar))|never|without"
    r"|none|neither|nor|absence of|free of|free from)\b",
    re.IGNORECASE,
)
_LETS_IN = re.compile(
    r"(?<!not )(?<!not be )\b(?:eligible|allowed|permitted|acceptable"
    r"|may be (?:included|enrolled))\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\b(?:unless|except|other than|with the exception of)\b", re.IGNORECASE)
_ONLY_IF_KNOWN = re.compile(
    r"\b(?:known|documented|if (?:known|available|done|performed|measured|obtained|assessed))\b",
    re.IGNORECASE,
)
UNDETERMINED = re.compile(
    r"\b(?:inability to (?:determine|measure|assess|evaluate)|unable to (?:determine|measure)"
    r"|cannot be (?:determined|measured|assessed|evaluated)|(?:un|not )(?:determinable|measurable)"
    r"|unreadable|not (?:interpretable|evaluable|readable)|uninterpretable)\b",
    re.IGNORECASE,
)
"""Words by which a value that cannot be had keeps a participant out."""

_STOP = re.compile(r"[.;:](?=\s)|\s\*+\s|\n\s*[-*•]\s|,? or (?:those|patients|participants) ")
_OR_AFTER = re.compile(r"\s*,?\s*or\b", re.IGNORECASE)
_OR_BEFORE = re.compile(r"\d.*\bor\s+(?:[\w-]+\s+){0,4}$", re.IGNORECASE | re.DOTALL)
_NARROWED = re.compile(r"\s*(?:\(([^()\d]+)\)|for\s+([^.;,()\d]+))", re.IGNORECASE)
_NEAR = 60  # characters before a limit in which `known` is taken to speak of it


def limits_of(
    proposals: tuple[Proposal, ...],
    words: str,
    criterion: str,
    place: str,
    arms: tuple[str, ...],
) -> tuple[Limit, ...]:
    """Give the limits of one criterion, each with the way it works.

    Parameters
    ----------
    proposals : tuple of Proposal
        As read from the words.
    words : str
        The criterion's words.
    criterion : str
        Its id.
    place : str
        Its id with its place.
    arms : tuple of str
        Arms of the criterion; a proposal that names its own keeps them.

    Returns
    -------
    tuple of Limit
        In the same order.
    """
    return tuple(_limit(each, words, criterion, place, arms) for each in proposals)


def _limit(
    proposal: Proposal, words: str, criterion: str, place: str, arms: tuple[str, ...]
) -> Limit:
    """Turn one proposal into a limit."""
    stands = words[proposal.start : proposal.end] == proposal.words
    start, end = (proposal.start, proposal.end) if stands else (0, 0)
    before, after = _around(words, start, end) if end else ("", "")
    sense, is_alternative = _sense(before, after, criterion.startswith("E"), proposal)
    return Limit(
        kind=proposal.kind,
        subject=_subject(proposal),
        words=proposal.words,
        start=start,
        end=end,
        at_least=getattr(proposal, "at_least", None),
        above=getattr(proposal, "above", None),
        at_most=getattr(proposal, "at_most", None),
        below=getattr(proposal, "below", None),
        unit=getattr(proposal, "unit", ""),
        times=getattr(proposal, "times", None) or "",
        given=getattr(proposal, "given", ""),
        expect=getattr(proposal, "expect", ""),
        whichever=getattr(proposal, "whichever", None) or "",
        narrowed=narrowed_after(after)[0] if proposal.kind == "wash-out" else "",
        covers=end + (narrowed_after(after)[1] if proposal.kind == "wash-out" else 0),
        sense=sense,
        silence=_silence(before, proposal.words, after, sense),
        is_alternative=is_alternative,
        arms=proposal.arms or arms,
        criterion=criterion,
        place=place,
    )


def _subject(proposal: Proposal) -> str:
    """Say what a proposal limits."""
    match proposal:
        case LimitProposal():
            return proposal.fact
        case PerformanceProposal():
            return proposal.scale
        case WashOutProposal() | PriorLinesProposal():
            return proposal.what
        case AgeProposal() | SexProposal() | LifeExpectancyProposal():
            return proposal.kind
    raise TypeError(f"{type(proposal).__name__} is no proposal")  # pragma: no cover


def _around(words: str, start: int, end: int) -> tuple[str, str]:
    """Give what stands before and after a limit in the same clause."""
    begin = max((each.end() for each in _STOP.finditer(words, 0, start)), default=0)
    stop = _STOP.search(words, end)
    return words[begin:start], words[end : stop.start() if stop else len(words)]


def _sense(before: str, after: str, is_exclusion: bool, proposal: Proposal) -> tuple[Sense, bool]:
    """Say which way a limit works, and whether it stands beside a way out."""
    is_out = is_exclusion
    if isinstance(proposal, WashOutProposal):
        return _wash_out_sense(before, after, is_exclusion, proposal)
    if _NO.search(before) or KEEPS_OUT.search(after):
        is_out = True
    elif is_exclusion and (_LETS_IN.search(after) or _EXCEPT.search(before)):
        return "required", True
    is_choice = bool(_OR_AFTER.match(after) or _OR_BEFORE.search(before))
    is_given = getattr(proposal, "given", "") != ""
    return ("excluded" if is_out else "required"), is_choice and not is_out and not is_given


def _wash_out_sense(
    before: str, after: str, is_exclusion: bool, proposal: WashOutProposal
) -> tuple[Sense, bool]:
    """Say which way a wash-out works: a time that must have passed, or one that must not have."""
    if proposal.at_least is not None or proposal.above is not None:
        return "required", False  # `at least 4 weeks since`, in whichever list it stands
    is_out = is_exclusion or bool(_NO.search(before) or KEEPS_OUT.search(after))
    return ("excluded" if is_out else "required"), False


def narrowed_after(after: str) -> tuple[str, int]:
    """Give the treatments that the words right after a wash-out name, and where these end.

    Parameters
    ----------
    after : str
        What stands after it in the same clause.

    Returns
    -------
    tuple of (str, int)
        Empty where it names none, or all but some; the length of the words that name them.
    """
    found = _NARROWED.match(after)
    if found is None:
        return "", 0
    named = (found[1] or found[2]).strip()
    if named.lower().startswith("non"):  # `non-...`: what is left of its treatments
        return "", found.end()
    return named, found.end()


def _silence(before: str, stated: str, after: str, sense: Sense) -> Silence:
    """Say what a missing value does."""
    near = f"{before[-_NEAR:]} {stated}"
    if UNDETERMINED.search(f"{before} {stated} {after}"):
        return "fails" if sense == "excluded" else "unknown"
    if _ONLY_IF_KNOWN.search(near):
        return "passes" if sense == "excluded" or " if " in f" {near.lower()}" else "unknown"
    return "unknown"
