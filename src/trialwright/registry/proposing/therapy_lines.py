"""Limits on the number of prior therapies, lines or regimens."""

import re
from decimal import Decimal

from trialwright.registry.proposing.amounts import NO_COMPARATOR, Side
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.scores import choice_at

_MANY = 20  # lines; a larger number counts something else
_COUNTED = (
    r"(?:lines?|regimens?|regiments?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies)"
    r"|immunotherap(?:y|ies)"
    r"|radiotherap(?:y|ies)|monotherap(?:y|ies)|hormonotherap(?:y|ies)|tkis?|agents?|inhibitors?"
    r"|combinations?|programs?|schedules?|schemes?|settings?|relapses?|attempts?)"
)
_AFTER = re.compile(
    rf"[ ,-]?(?P<kind>(?:[\w/+'&()-]+,? ){{0,8}}?)(?P<noun>{_COUNTED})(?![a-z])(?! (?:criteri"
    r"|definition|requirement))(?P<rest>(?: (?:of|for|in|containing|with|including|given|or|and"
    r"|therapy|therapies|treatments?|regimens?|chemotherapy|the|systemic|prior|previous|advanced"
    r"|metastatic|recurrent|locally|disease|setting|cancer|breast|cytotoxic|anticancer"
    r"|anti-cancer|endocrine|hormonal)(?![a-z]))*)"
)
_BEFORE = re.compile(
    r"(?:prior|previous|number of"
    rf"|earlier)(?: [\w/'&-]+,?){{0,6}}? {_COUNTED}(?: [\w/'&-]+){{0,6}}?(?: ?[:(=]| (?:is|are"
    r"|must be|should be|of|allowed ?:|permitted ?:))? ?$"
)
_EARLIER = re.compile(
    r"\b(?:prior|previous|previously|earlier|preceding|past|different|failed|systemic)\b"
)
_OTHER = re.compile(
    r"\b(?:cycles?|doses?|weeks?|lesions?|sites?|months?|days?|years?|hours?|tumou?rs?|biops\w+"
    r"|fractions?|samples?"
    r"|maximum|minimum|than|most|least|following|methods?|measurable|grade|component|drugs? of"
    r"|members?|dimension|metastas[ie]s|nodes?|areas?|disease|patients?|for|from|since|after"
    r"|before|during|until|if|who|while|at|hormone|forms?|contracept\w+)\b"
)
_TRAILING = re.compile(r"(?: (?:of|for|in|with|or|and|the|including|containing))+$")
_RECEIVED = re.compile(
    r"\b(?:prior|previous|previously|earlier|received|failed|refractory to|treated with"
    r"|progressed (?:on|after)|progression (?:on|after))\b[^.;]*$"
)
_NEVER_LINES = frozenset(
    {
        "agent",
        "agents",
        "inhibitor",
        "inhibitors",
        "setting",
        "settings",
        "relapse",
        "relapses",
        "combination",
        "combinations",
        "attempt",
        "attempts",
        "schedule",
        "schedules",
        "program",
        "programs",
        "scheme",
        "schemes",
    }
)


def therapy_lines_in(line: Levelled, pieces: tuple[Piece, ...]) -> list[Found]:
    """Find the limits on the number of prior therapies in a line.

    Parameters
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.

    Returns
    -------
    list of Limit or Doubtful
        In the order of the line.
    """
    found: list[Found] = []
    at = 0
    while at < len(pieces):
        choice = choice_at(pieces, at)
        until = choice.until if choice else at + 1
        bound = pieces[at].bound
        if choice is None and (bound is None or not bound.amount.is_plain):
            at += 1
            continue
        sides: tuple[tuple[Side, Decimal], ...] = ()
        if choice is not None:
            sides = (("at_least", choice.low), ("at_most", choice.high))
        elif bound is not None:
            sides = sides_of(bound)
        limit = _limit(line, pieces, at, until, sides, found)
        if limit is not None:
            found.append(limit)
        at = until
    return found


def _limit(
    line: Levelled,
    pieces: tuple[Piece, ...],
    at: int,
    until: int,
    sides: tuple[tuple[Side, Decimal], ...],
    found: list[Found],
) -> Found | None:
    """Read one number that may count therapies."""
    start, end = pieces[at].start, pieces[until - 1].end
    what, start, end, because = _counted(line, pieces, until, start, end, found)
    if not what:
        return None
    if not sides:
        bound = pieces[at].bound
        why = bound.doubt if bound is not None and bound.doubt else NO_COMPARATOR
        return Doubtful("prior-lines", "", start, end, why)
    if any(number > _MANY or number != int(number) for _, number in sides):
        return None
    return Limit("prior-lines", start, end, sides, {"what": what}, because)


def _counted(
    line: Levelled, pieces: tuple[Piece, ...], until: int, start: int, end: int, found: list[Found]
) -> tuple[str, int, int, str]:
    """Find what a number counts: after it, after the number that it is joined to, or before it."""
    after = _noun_after(line, end)
    if after:
        after -= len(line.text[end:after]) - len(_TRAILING.sub("", line.text[end:after]))
        return line.cut(end, after).strip(" ,-"), start, after, ""
    place = until
    while place < len(pieces) and pieces[place].kind in ("AND", "OR", "COMMA", "TO"):
        place += 1
    if until < place < len(pieces) and pieces[place].bound is not None:
        later = pieces[place].end
        after = _noun_after(line, later) if pieces[place].bound.amount.is_plain else 0  # type: ignore[union-attr]
        if after:
            return (
                line.cut(later, after).strip(" ,-"),
                start,
                end,
                "what it counts stands after the next number",
            )
    before = _BEFORE.search(line.text, max(0, start - 90), start)
    if before and not _OTHER.search(before[0]):
        return line.cut(before.start(), before.end()).strip(" :(=,"), before.start(), end, ""
    last = found[-1] if found else None
    is_joined = last is not None and re.fullmatch(
        r",? ?(?:but|and|or|with)? ?(?:they |she |he )?(?:must |should |may )?(?:have (?:had"
        r"|received) )?",
        line.text[last.end : start],
    )
    if isinstance(last, Limit) and is_joined and last.end <= start:
        because = "what it counts stands before the number before it"
        return str(last.fields["what"]), start, end, because
    return "", start, end, ""


def _noun_after(line: Levelled, at: int) -> int:
    """Say where the therapies that a number counts end; 0 where it counts none."""
    found = _AFTER.match(line.text, at)
    if found is None or _OTHER.search(found["kind"]) or "(" in found["kind"].replace("(s)", ""):
        return 0
    is_earlier = _EARLIER.search(found["kind"]) or _EARLIER.search(found["rest"])
    is_line = found["noun"].startswith(("line", "regim"))
    if not is_earlier and not is_line:
        before = line.text[max(0, at - 70) : at]
        is_few_words = found["kind"].count(" ") <= 3 and found["noun"] not in _NEVER_LINES
        if not is_few_words or not _RECEIVED.search(before):
            return 0
    return found.end()
