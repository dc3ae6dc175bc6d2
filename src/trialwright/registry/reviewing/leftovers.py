"""What the words of a criterion say beside the limits that were read from them."""

import re
from collections.abc import Sequence

from trialwright.protocol.proposals import LimitProposal, Proposal
from trialwright.registry.proposing.analytes import BY_FACT
from trialwright.registry.proposing.levelling import levelled
from trialwright.registry.proposing.units import PATTERN as UNIT
from trialwright.terms.errors import shorten

_WHO = r"(?:patients?|participants?|subjects?|women|men|females?|males?|people|those|individuals)"
_TURNS = re.compile(
    r"\b(?:or|either|any of|(?:one|two|three)(?: or more)? of|alternatively|otherwise"
    r"|unless|except\w*|exclud\w*|exclusion|ineligible|however|but|provided|waived?"
    r"|if|when|whenever|while|where|case|presence|absence"
    r"|no|not|none|neither|nor|never|without|cannot|lack\w*"
    r"|may|can|could|allowed|permitted|acceptable|optional|preferred|recommended)\b"
    r"|\b(?:phase|cohorts?|parts?|arms?|groups?|dose levels?) (?:[ivx]{1,3}|\d|[a-h])[ab]?\b"
    rf"|\b(?:in|for|among) (?:\w+ ){{0,2}}{_WHO}\b"
    rf"|\b{_WHO} (?:with|who|on|having|receiving|taking) +\w[^.;:,]*[,:]",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"(?:[<>=\u2264\u2265]|\b(?:equal|equal to|than|more|greater|less|higher|lower|above|below"
    r"|older|younger)) ?or\b"
    r"|\bor ?(?:[<>=\u2264\u2265]|(?:equal|more|greater|less|fewer|higher|lower|above|below|over"
    r"|under|older|younger|better|beyond|at)\b)"
    r"|\b(?:not?|cannot|may not|must not) (?:be )?(?:less|more|greater|higher|lower|fewer|older"
    r"|younger|exceed\w*|above|below|over|under|worse|better)\b"
    r"|\b\d ?,? ?or \d\b",
    re.IGNORECASE,
)
_FOR_ARMS = re.compile(r"\W*for arms? [a-z](?:(?:,? and |, )[a-z])* only ?:", re.IGNORECASE)
_IDLE = re.compile(
    r"\b(?:and|an?|the|of|with|is|are|be|must|should|have|has|had|patients?|participants?"
    r"|subjects?|adequate|calculated|estimated|serum|total|at|both)\b",
    re.IGNORECASE,
)
_SAYS_A_LIMIT = re.compile(
    r"\b(?:at least|at most|minimum|maximum|greater|more|less|lower|higher|fewer|above|below|over"
    r"|under|than|equals?|to|or|not?|exceed(?:s|ing)?|between|from|through|up|counts?|levels?"
    r"|values?|concentrations?|intervals?|calculated|estimated|measured"
    r"|systolic|diastolic|blood pressure|pressure|bp|sbp|dbp)\b"
)
_NUMBER = re.compile(rf"\d[\d.,]*(?: ?(?:{UNIT}))?")


def turning_words(source_text: str, taken: Sequence[Proposal], arms: Sequence[str]) -> str:
    """Say which words of a criterion turn what was read from it.

    Parameters
    ----------
    source_text : str
        The criterion's words.
    taken : sequence of Proposal
        Limits read from them, as a person took them.
    arms : sequence of str
        Arms to which the criterion applies; empty: every arm.

    Returns
    -------
    str
        An alternative, exception, denial or circumstance, for the middle of a sentence; empty when
        there is none, beside the limits or inside one.
    """
    beside = _TURNS.search(_rest(source_text, taken, arms))
    if beside:
        return f"the words hold '{shorten(beside[0])}' outside what was read"
    words = (_COMPARING.sub(" ", each.words) for each in taken if each.kind != "sex")
    within = next((found for each in words if (found := _TURNS.search(each))), None)
    return f"the words hold '{shorten(within[0])}' inside a limit" if within else ""


def asks_more(source_text: str, taken: Sequence[Proposal], arms: Sequence[str]) -> bool:
    """Say whether a criterion's words ask for more than the limits read from them.

    Parameters
    ----------
    source_text : str
        The criterion's words.
    taken : sequence of Proposal
        Limits read from them, as a person took them.
    arms : sequence of str
        Arms to which the criterion applies; empty: every arm.

    Returns
    -------
    bool
        True for `fasting` in `hemoglobin, fasting, >= 9 g/dL` as for `and measurable disease`.
    """
    limits = [each for each in taken if isinstance(each, LimitProposal) and not each.given]
    facts = {each.fact for each in limits}
    texts = (_rest(source_text, taken, arms), *(_inside(each, facts) for each in limits))
    return any(re.search(r"\w", _IDLE.sub(" ", each)) for each in texts)


def _rest(source_text: str, taken: Sequence[Proposal], arms: Sequence[str]) -> str:
    """Give the words of a criterion that no taken proposal was read from, single-spaced."""
    rest = list(source_text)
    for each in taken:
        rest[each.start : each.end] = " " * (each.end - each.start)
    left = " ".join("".join(rest).split())
    return _FOR_ARMS.sub("", left, count=1) if arms else left


def _inside(limit: LimitProposal, facts: set[str]) -> str:
    """Give the words of a limit that name neither a value, a number nor a comparison."""
    text = _NUMBER.sub(" ", levelled(limit.words).text)
    named = (BY_FACT[fact] for fact in facts if fact in BY_FACT)
    spelled = {word.lower() for each in named for word in (*each.spelled, *each.exact, *each.signs)}
    for word in sorted(spelled, key=len, reverse=True):
        spelling = "[ -]?".join(re.escape(part) for part in word.split())
        text = re.sub(rf"\b{spelling}s?\b", " ", text)
    return _SAYS_A_LIMIT.sub(" ", text)
