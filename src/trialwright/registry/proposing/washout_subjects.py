"""What a wash-out is of: the treatment or event that a time governs, cut out of its clause."""

import re
from dataclasses import dataclass

from trialwright.registry.proposing import washout_words as words
from trialwright.registry.proposing.clauses import SHADE, Clause, is_balanced, unbracketed
from trialwright.registry.proposing.levelling import Levelled

LONGEST = 300
"""Longest subject that is kept, characters."""

_SHORTEST = 4

_WHO = r"(?:patients?|subjects?|participants?|individuals?|those|anyone|persons?)"
_BOUNDARY = re.compile(
    r"(?:,? ?\b(?:and/or|or|and|but|nor)|,|^) (?:also )?"
    rf"(?:{_WHO} (?:with |(?=who|that|have|has|had)))?(?:(?:who|that|which) )?"
    r"(?:(?:has|have|had|is|are|was|were|may|must|should|will|did|does|do)\b"
    r"(?: not| never| previously| recently| currently)*(?: have)?(?: been| be)? |with )"
)
"""Where a clause with its own verb begins: `or is receiving steroids`, `or those who have had`."""

_JOINT = re.compile(
    r",? ?\b(?:and/or|or|and)\b "
    r"(?!(?:greater|higher|more|less|equal|above|below|worse|older|better))"
    r"|, ?|/(?= )"
)
_STATE = re.compile(
    r"\b(?:known|hypersensitiv\w*|allerg(?:y|ies|ic)|intoleran\w*|metastas[ei]s|symptomatic"
    r"|asymptomatic|immunodeficien\w*|immunocompromis\w*|hiv|hepatitis|transplants?"
    r"|transplantation|cirrhosis|uncontrolled|concurrent|concomitant|current|currently|ongoing"
    r"|active|invasion|pregnan\w+|lactating|pacemaker|class i{0,3}v?\b|disorders?|dementia|poorly"
    r"|diathesis|coagulopathy|hepatorenal|autoimmune|requiring anticonvulsant\w*)\b"
)
"""Words of a state, which a time at the end of a list does not govern."""

_OFF = re.compile(r"\b(?:been |be )?off (?:of )?(?:all |any )?(?P<x>[^,]{3,120}?)(?: for)?[ ,]*$")
_NOT_HAD = re.compile(
    r"\b(?:not|nor|never|without)(?: have| has| had)? (?:required|requiring|needed|received"
    r"|receiving|undergone|taken|used|been (?:treated with|given|on|receiving))"
    r" (?:the use of |any )?(?P<x>[^,]{4,200})$"
)
_MODAL = (
    r"(?:must|should|will|shall|has to|have to|needs? to|may|can|is|are|was|were|has|have|had)"
    r"(?: not)?(?: have)?(?: been| be)?"
)
_ENDED = (
    r"(?:discontinued|stopped|completed|finished|ended|withdrawn|withheld|held|washed out|ceased"
    r"|terminated|given|administered|received|performed|done|initiated|started|taken|resolved"
    r"|used|off|elapsed|delivered|tapered)"
)
_TAIL = re.compile(
    rf"[ ,]*\b(?:(?:which|that|who|it|they|each) )?(?:{_MODAL} ){{1,2}}(?:{_ENDED}\b)?"
    r"(?: (?:for|at|either|only|all|any|and|or|have|has|been|be))*[ ,]*$"
    rf"|[ ,]+{_ENDED}(?: for)?[ ,]*$"
)
_PERMITTED = re.compile(
    r"^(?P<x>.{4,}?),? (?:(?:is|are|may be|will be|would be|can be)(?: also| still| only)?"
    r" |may )(?:allowed|permitted|acceptable|eligible|included|enrol\w*)\b(?P<rest>.*)$"
)
_IF = re.compile(
    r".*\b(?:if|provided(?: that)?|providing(?: that)?|as long as|once|when|where|unless)\b ?"
)
_NAMELESS = re.compile(
    r"(?:(?:the|this|that|these|those|such|all|any|it|they|their|a|an|prior|previous|excluded"
    r"|minimum|of|from|end|completion|last|dose|date|time|interval|equal|to|event|s|have|has"
    r"|treatments?|therap(?:y|ies)|use|administration|dosing|study|for|subjects?|patients?"
    r"|participants?|discontinued|there|at|who|they)\b[ ,]*)*"
)
_POINTING = re.compile(r"\b(?:this|that|these|those|such|event|it|they)\b")
_DOSE = re.compile(r"\b(?:dose|administration|discontinuation|completion|end)$")
_EXAMPLES = re.compile(
    r"\b(?:diseases?|conditions?|disorders?|abnormalit(?:y|ies))\b[ ,\x00]*"
    r"(?:including|such as|e\x00 ?g\x00|like),? "
)
"""A state with its examples, which a time at their end governs and not the state."""

_LEAD = re.compile(
    rf"^[ ,]*(?:(?:[ivx]{{1,4}}|[a-z]|\d{{1,2}})[.)]+ ?|for (?:these|such|all|those) {_WHO},? "
    r"|the exception is |it is recommended that |in addition,? |note:? )*"
    rf"(?:(?:no|within|not|nor|any|and|or|the|but|{_WHO}|who|have|has|had|must|should|will|may|can"
    r"|previously|received|receiving|receive|be|been|with|without|of|(?:a )?(?:recent )?history of"
    r"|treatment (?:with|by)|(?:treated|vaccinated) with|undergone|required|requiring"
    r"|a|an|that|which|is|are|was|were|did|does|do|at|if|discontinue|stop|completed|discontinued|stopped|finished|either"
    r"|prior|previous|also|agrees? to|using|taking|taken|use of any(?= $))[ ,]+)*"
)
_TRAIL = re.compile(
    r"(?:[ ,]+(?:for|of|was|were|is|are|must|should|be|have|has|been|an?|period|the|at the time"
    r"(?: of)?|or|and|either|at|i\x00e\x00|e\x00g\x00|who|which|that|to|by|minimum|least|taken)"
    r"(?![a-z]))+[ ,]*$"
)
_EXCEPTION = re.compile(
    r"^[ ,]*(?:and |or |but )?"
    r"(?:except|unless|other than|apart from|with the exception|excluding)\b"
)
_LAST_EXCEPTION = re.compile(r",? (?:except|unless|other than|apart from|excluding)\b.*$")


@dataclass(frozen=True, slots=True)
class Governed:
    """What a time governs.

    Attributes
    ----------
    start, end : int, characters
        Of the levelled text; equal where no words name it.
    because : str
        What was left out of a list before it; empty for none.
    doubt : str
        Why there is no wash-out; empty for none.
    """

    start: int
    end: int
    because: str = ""
    doubt: str = ""


OF_THE_LAST = "the time is taken to be of the last words before it, not of all of them"
"""Said where states, or clauses with their own verb, were left out."""

AN_EXCEPTION = "it is an exception to what its line says"
"""Why an exception is not proposed."""

ONLY_STATES = "what stands before it is a state, which no time governs"
"""Why a state is not proposed."""


def own_clause(before: str) -> int:
    """Say where the last clause with its own verb begins.

    Parameters
    ----------
    before : str
        Words before a time, shaded.

    Returns
    -------
    int
        0 where all of it is one clause.
    """
    found = [each for each in _BOUNDARY.finditer(before) if before[each.end() :].strip(" ,(")]
    return found[-1].start() if found else 0


def governed_before(line: Levelled, clause: Clause, read: int) -> Governed:
    """Cut out of the words before a time what it governs.

    Parameters
    ----------
    line : Levelled
        One criterion.
    clause : Clause
        Around the time.
    read : int, characters
        Where the last limit before the time ends: what it says is its own.

    Returns
    -------
    Governed
        Never through a bracket: words that hold half a bracket name nothing.
    """
    begin = max(clause.begin, read)
    before = clause.before[begin - clause.begin :]
    if read > clause.begin:  # the rest of the bracket that held the limit before
        half = len(before) - len(before.lstrip(f"{SHADE} ,"))
        begin, before = begin + half, before[half:]
    if _EXCEPTION.search(before):
        return Governed(begin, begin, doubt=AN_EXCEPTION)
    if not read > clause.begin:
        before = _LAST_EXCEPTION.sub("", before) if "except" in before else before
    first, last, because = _stretch(before, is_bracketed=clause.is_bracketed)
    part = before[first:last]
    lead = _LEAD.match(part)
    first += lead.end() if lead and lead.end() < len(part.rstrip(" ,")) else 0
    if not _SHORTEST <= last - first <= LONGEST:
        return Governed(begin, begin, because)
    start, end = _trimmed(line.text, begin + first, begin + last)
    if end - start < _SHORTEST or not is_balanced(line.text[start:end]):
        return Governed(begin, begin, because)
    subject = before[first:last]
    if _is_state(subject) and not words.TREATMENT.search(subject):
        return Governed(start, end, doubt=ONLY_STATES)
    return Governed(start, end, because)


def _stretch(before: str, *, is_bracketed: bool) -> tuple[int, int, str]:
    """Say which stretch of the words a time governs, and what was left out."""
    for pattern in (_OFF, _NOT_HAD):
        found = pattern.search(before)
        if found:
            return found.start("x"), found.end("x"), ""
    if is_bracketed:
        return _last_item(before)
    permitted = _PERMITTED.match(before)
    if permitted:
        first = _IF.match(permitted["rest"])
        own = permitted["rest"][first.end() :] if first else permitted["rest"]
        own = own[: _without_tail(own)]
        if _NAMELESS.fullmatch(own.strip(" ,")):
            return permitted.start("x"), _without_tail(before[: permitted.end("x")]), ""
        begin = permitted.start("rest") + (first.end() if first else 0)
        return begin, begin + len(own), ""
    last = _without_tail(before)
    return _of_list(before, own_clause(before[:last]), last)


def _of_list(before: str, first: int, last: int) -> tuple[int, int, str]:
    """Give the last members of a list that are no states."""
    begin, because = _last_equals(before, first, last)
    return begin, last, because or (OF_THE_LAST if first else "")


def _without_tail(before: str) -> int:
    """Say where words end without `must be discontinued` and the small words behind."""
    last = len(before.rstrip(" ,\x00")) if before.rstrip().endswith(",") else len(before.rstrip())
    while True:
        part = before[:last]
        shorter = len(_TRAIL.sub("", _TAIL.sub("", part)).rstrip(" ,"))
        if shorter == last or not before[:shorter].strip():
            return last
        last = shorter


def _last_item(before: str) -> tuple[int, int, str]:
    """Give the item directly before a bracket."""
    last = _without_tail(before)
    comma = before.rfind(",", 0, last)
    return _of_list(before, max(own_clause(before[:last]), comma + 1), last)


def _last_equals(before: str, first: int, last: int) -> tuple[int, str]:
    """Say where the members of a list begin that are no states, and whether some were left out."""
    examples = list(_EXAMPLES.finditer(before, first, last))
    if examples and before[examples[-1].end() : last].strip():
        return _last_equals(before, examples[-1].end(), last)[0], OF_THE_LAST
    starts = [first, *(each.end() for each in _JOINT.finditer(before, first, last))]
    ends = [*starts[1:], last]
    members = list(zip(starts, ends, strict=True))
    for at in range(len(members) - 2, -1, -1):
        begin, end = members[at]
        if _is_state(before[begin:end]):
            return members[at + 1][0], OF_THE_LAST
    return first, ""


def _is_state(member: str) -> bool:
    """Say whether a member of a list is a state, and no treatment of one."""
    state = _STATE.search(member)
    treatment = words.TREATMENT.search(member)
    if state is None or re.search(r"\b(?:that|which)\b", member):
        return False
    return treatment is None or state.start() <= treatment.start()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space and commas at both ends, and half of a bracket."""
    part = text[start:end]
    start += len(part) - len(part.lstrip(" ,"))
    return start, start + len(text[start:end].rstrip(" ,"))


def governed_after(line: Levelled, clause: Clause, skipped: int) -> Governed:
    """Cut out of the words after `since` or `from` what a time governs.

    Parameters
    ----------
    line : Levelled
        One criterion.
    clause : Clause
        Around the time.
    skipped : int, characters
        Of the words after the time that lead to it.

    Returns
    -------
    Governed
        What `this therapy` and `the event` stand for is looked for before the time.
    """
    first = clause.after_at + skipped
    rest = clause.after[skipped:]
    stop = words.WHAT_ENDS.search(rest)
    length = len((rest[: stop.start()] if stop else rest).rstrip(" ,\x00"))
    start, end = _trimmed(line.text, first, first + length)
    name = rest[:length].strip()
    is_pointing = bool(_POINTING.search(name))
    if (is_pointing or _DOSE.search(name)) and _NAMELESS.fullmatch(name):
        named = _named_earlier(line, clause)
        if named or is_pointing:
            return named or Governed(start, start)
    is_kept = 0 < end - start <= LONGEST and is_balanced(line.text[start:end])
    return Governed(start, end if is_kept else start)


def _named_earlier(line: Levelled, clause: Clause) -> Governed | None:
    """Find what `this therapy` stands for: left of the permission or the duty in its clause."""
    found = _PERMITTED.match(clause.before) or re.match(
        r"(?P<x>.{4,}) (?:must|should|will|may|can|are|is)\b", clause.before
    )
    if found is None:
        return None
    part = found["x"]
    lead = _LEAD.match(part)
    skipped = lead.end() if lead and lead.end() < len(part) else 0
    start, end = _trimmed(line.text, clause.begin + skipped, clause.begin + len(part))
    if end - start > LONGEST or not is_balanced(line.text[start:end]):
        return None
    because = "what it is of stands before the time, where its words point back to it"
    return Governed(start, end, because)


def members_of(subject: str) -> list[tuple[int, int]]:
    """Cut a list at its joints outside of brackets.

    Parameters
    ----------
    subject : str
        Levelled.

    Returns
    -------
    list of (int, int)
        Where each member begins and ends.
    """
    shaded = unbracketed(subject)
    joints = list(_JOINT.finditer(shaded))
    starts = [0, *(each.end() for each in joints)]
    ends = [*(each.start() for each in joints), len(subject)]
    return list(zip(starts, ends, strict=True))
