"""The notation of facts in examples: one value read into what a record would hold.

A value is parts with commas between, several records of one fact stand with semicolons between,
and days are counted back from the day of the example: `12 mm, spiral-ct, 40 days before`.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

from trialwright.casebook.facts import Condition, Observation, ReferenceRange
from trialwright.casebook.treatments import Specimen, StopReason, Treatment
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate, days_after
from trialwright.terms.errors import refuse, shorten
from trialwright.terms.intents import Intent
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

Value: TypeAlias = str | int | Decimal
"""A fact as an example gives it."""

Word = TypeVar("Word", bound=str)
HERE = Source("example", "protocol")
"""Where a fact of an example stands."""

_DAYS = r"([0-9]{1,5}) days? before"
_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,12})?)"
_NAME = r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"
_WORD = re.compile(r"[0-9a-z][0-9a-z+ -]{0,39}")
_STATES: tuple[Literal["present", "absent", "suspected"], ...] = ("present", "absent", "suspected")
_INTENTS: tuple[Intent, ...] = ("metastatic", "adjuvant", "neoadjuvant")
_REASONS: tuple[StopReason, ...] = ("progression", "toxicity", "completed", "refused", "other")
_FORMS: dict[str, Literal["block", "slides", "biopsy"]] = {
    "blocks": "block",
    "block": "block",
    "slides": "slides",
    "slide": "slides",
    "biopsies": "biopsy",
    "biopsy": "biopsy",
}
_USUAL_START, _USUAL_COURSE = 400, 30  # days before the example, and before an early last dose

Row: TypeAlias = tuple[str, str, str]
"""One detail that a part may say: its name, its form, and how people write it."""

_OF_OBSERVATION: tuple[Row, ...] = (
    ("before", _DAYS, "N days before"),
    ("ULN", f"ULN {_NUMBER}", "ULN 40"),
    ("LLN", f"LLN {_NUMBER}", "LLN 10"),
    ("range", f"{_NAME} {_NUMBER} to {_NUMBER}", "postmenopausal 25 to 135"),
    ("range", f"{_NAME} over {_NUMBER}()", "postmenopausal over 25"),
    ("range", f"{_NAME} under (){_NUMBER}", "postmenopausal under 30"),
    ("method", _NAME, "a method such as spiral-ct"),
)
_OF_FINDING: tuple[Row, ...] = (
    ("before", _DAYS, "N days before"),
    ("about", f"about {_NAME}", "about a condition"),
)
_OF_CONDITION: tuple[Row, ...] = (
    ("since", f"since {_DAYS}", "since N days before"),
    ("until", f"until {_DAYS}", "until N days before"),
)
_OF_TREATMENT: tuple[Row, ...] = (
    ("end", "(ongoing)", "ongoing"),
    ("end", f"last dose {_DAYS}", "last dose N days before"),
    ("end", "(ended)", "ended"),
    ("end", "(end not recorded)", "end not recorded"),
    ("since", f"since {_DAYS}", "since N days before"),
    ("intent", f"({'|'.join(_INTENTS)})", "|".join(_INTENTS)),
    ("stopped", f"stopped for ({'|'.join(_REASONS)})", f"stopped for {'|'.join(_REASONS)}"),
    ("local", "(local)", "local"),
    ("changed", f"changed {_DAYS}", "changed N days before"),
)
_OF_SPECIMEN: tuple[Row, ...] = (("before", _DAYS, "N days before"),)
_SPECIMEN = re.compile(rf"(?:([0-9]{{1,4}}) )?({'|'.join(_FORMS)})(?: of {_NUMBER} um)?")

Details: TypeAlias = dict[str, tuple[str, ...]]
"""What the parts of a record say, by the name of the detail."""


def observations(name: str, term: Term, value: Value, on: date) -> tuple[Observation, ...]:
    """Read what was measured, e.g. `120 U/L, ULN 40` or `465 ms; 470 ms; 475 ms`.

    Parameters
    ----------
    name : str
        Name in the protocol's vocabulary.
    term : Term
        Gives the unit of a plain number.
    value : str, int or Decimal
        Amount; then, in any order, ULN, LLN, the range of a group (its ends included), the
        method, and how many days before.
    on : date
        Day of the example.

    Returns
    -------
    tuple of Observation
        In the order given. The first results of two facts share an instant, the second ones the
        next, and so on: so QT finds its RR.

    Raises
    ------
    Refusal
        If a part says nothing that an observation can say, or something twice.
    """
    return tuple(
        _observation(name, term, record, on, place, value)
        for place, record in enumerate(_records(value))
    )


def _observation(
    name: str, term: Term, record: Sequence[str], on: date, place: int, value: Value
) -> Observation:
    """Read one result."""
    amount = Quantity.read(record[0], term.unit)
    said = _details(record[1:], _OF_OBSERVATION, value)
    day = _before(said.get("before"), on)
    group, low, high = said.get("range", ("", "", ""))
    return Observation(
        name,
        amount,
        PartialDate.of(day),
        HERE,
        _end(said.get("LLN", ("",))[0]),
        _end(said.get("ULN", ("",))[0]),
        (ReferenceRange(_end(low), _end(high), group),) if group else (),
        f"{day.isoformat()}T{8 + place // 60:02d}:{place % 60:02d}:00",
        said.get("method", ("",))[0],
    )


def findings(name: str, value: Value, on: date) -> tuple[Observation, ...]:
    """Read what was found and coded, e.g. `negative` or `stable, 40 days before`.

    Parameters
    ----------
    name : str
        Name in the protocol's vocabulary.
    value : str, int or Decimal
        The coded answer; then how many days before, and of which condition it speaks.
    on : date
        Day of the example.

    Returns
    -------
    tuple of Observation
        In the order given.

    Raises
    ------
    Refusal
        If a part says nothing that a finding can say, or something twice.
    """
    return tuple(_finding(name, record, on, value) for record in _records(value))


def _finding(name: str, record: Sequence[str], on: date, value: Value) -> Observation:
    """Read one coded result."""
    word = record[0]
    if not _WORD.fullmatch(word) or _detail(word, _OF_FINDING)[0]:
        raise refuse("", shown(value), "a word, then how many days before", "Correct the value")
    said = _details(record[1:], _OF_FINDING, value)
    day = PartialDate.of(_before(said.get("before"), on))
    return Observation(name, word, day, HERE, about=said.get("about", ()))


def conditions(name: str, value: Value, on: date) -> tuple[Condition, ...]:
    """Read a condition, e.g. `present, since 300 days before`.

    Parameters
    ----------
    name : str
        Name in the protocol's vocabulary.
    value : str, int or Decimal
        `present`, `absent` or `suspected`; then since and until.
    on : date
        Day of the example; the condition began then, unless it says since. One that says until
        alone began on a day that is not recorded.

    Returns
    -------
    tuple of Condition
        Put on record on that day, each at the place of its own name.

    Raises
    ------
    Refusal
        If a part says nothing that a condition can say, or something twice.
    """
    return tuple(_condition(name, record, on, value) for record in _records(value))


def _condition(name: str, record: Sequence[str], on: date, value: Value) -> Condition:
    """Read one record of a condition."""
    state = one_of(record[0], _STATES, value)
    said = _details(record[1:], _OF_CONDITION, value)
    is_open = "until" in said and "since" not in said
    return Condition(
        name,
        state != "absent",
        None if is_open else PartialDate.of(_before(said.get("since"), on)),
        PartialDate.of(_before(said["until"], on)) if "until" in said else None,
        Source(HERE.kind, name),
        PartialDate.of(on),
        state != "suspected",
    )


def treatments(name: str, value: Value, on: date) -> tuple[Treatment, ...]:
    """Read what was given, e.g. `last dose 13 days before, stopped for progression`.

    Parameters
    ----------
    name : str
        Name among the protocol's medicines.
    value : str, int or Decimal
        In any order: one of `ongoing`, `last dose N days before`, `ended` and `end not recorded`;
        then since, for which setting, why it stopped, when its dose changed, and `local`.
    on : date
        Day of the example; treatment began 400 days before, or 30 days before its last dose if
        that is earlier, unless it says since.

    Returns
    -------
    tuple of Treatment
        Put on record on that day.

    Raises
    ------
    Refusal
        If a part says nothing that a treatment can say, or something twice; or if no part says
        whether it ended.
    """
    return tuple(_treatment(name, record, on, value) for record in _records(value))


def _treatment(name: str, record: Sequence[str], on: date, value: Value) -> Treatment:
    """Read one record of treatment."""
    said = _details(record, _OF_TREATMENT, value)
    if "end" not in said:
        ends = ", ".join(written for detail, _, written in _OF_TREATMENT if detail == "end")
        raise refuse("", shown(value), f"one of {ends}", "Say whether it ended")
    [end] = said["end"]
    ago = int(end) if end.isdecimal() else None
    since = said.get("since", (str(max(_USUAL_START, (ago or 0) + _USUAL_COURSE)),))
    return Treatment(
        name,
        PartialDate.of(_before(since, on)),
        None if ago is None else PartialDate.of(_before(said["end"], on)),
        {"ongoing": True, "end not recorded": None}.get(end, False),
        HERE,
        _one(said.get("intent"), _INTENTS),
        _one(said.get("stopped"), _REASONS),
        "local" in said,
        PartialDate.of(_before(said["changed"], on)) if "changed" in said else None,
        PartialDate.of(on),
    )


def specimens(value: Value, on: date) -> tuple[Specimen, ...]:
    """Read specimens, e.g. `20 slides of 5 um` or `1 block`.

    Parameters
    ----------
    value : str, int or Decimal
        Number, form and thickness; a block or a biopsy without a number is one, and slides
        without one are not counted.
    on : date
        Day of the example, on which the specimen was taken unless it says how many days before.

    Returns
    -------
    tuple of Specimen
        In the order given.

    Raises
    ------
    Refusal
        If a part says nothing that a specimen can say, or something twice.
    """
    return tuple(_specimen(record, on, value) for record in _records(value))


def _specimen(record: Sequence[str], on: date, value: Value) -> Specimen:
    """Read one specimen."""
    found = _SPECIMEN.fullmatch(record[0])
    if found is None:
        allowed = "1 block, 20 slides of 5 um, biopsy"
        raise refuse("", shown(value), allowed, "Correct the value")
    said = _details(record[1:], _OF_SPECIMEN, value)
    number, word, thickness = found.groups()
    is_single = word in ("block", "biopsy", "slide")
    count = int(number) if number else (1 if is_single else None)
    day = PartialDate.of(_before(said.get("before"), on))
    return Specimen(_FORMS[word], count, thickness or "", day, HERE)


def one_of(found: Value, allowed: tuple[Word, ...], value: Value) -> Word:
    """Refuse a word that is none of those allowed.

    Parameters
    ----------
    found : str, int or Decimal
        What stands there.
    allowed : tuple of str
        The words.
    value : str, int or Decimal
        The whole value, for the message.

    Returns
    -------
    str
        The word.

    Raises
    ------
    Refusal
        Naming the words allowed.
    """
    for word in allowed:
        if found == word:
            return word
    *first, last = allowed
    raise refuse("", shown(value), f"{', '.join(first)} or {last}", "Correct the value")


def shown(value: Value) -> str:
    """Show a value in a message, as it stands.

    Parameters
    ----------
    value : str, int or Decimal
        The whole value.

    Returns
    -------
    str
        Shortened, in quotes if it is a text.
    """
    return shorten(value if isinstance(value, Decimal) else repr(value))


def _records(value: Value) -> list[list[str]]:
    """Give the parts of each record."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return [[part.strip() for part in record.split(",")] for record in text.split(";")]


def _details(parts: Sequence[str], rows: Sequence[Row], value: Value) -> Details:
    """Read the parts of a record, each detail once."""
    said: Details = {}
    for part in parts:
        detail, words = _detail(part, rows)
        if not detail or detail in said:
            allowed = ", ".join(written for _, _, written in rows)
            do = "Say it once" if detail else "Correct the part"
            raise refuse("", shown(value), f"parts such as {allowed}", do)
        said[detail] = words
    return said


def _detail(part: str, rows: Sequence[Row]) -> tuple[str, tuple[str, ...]]:
    """Give which detail a part says, and its words; empty when it says none."""
    for detail, form, _ in rows:
        found = re.fullmatch(form, part)
        if found:
            return detail, found.groups()
    return "", ()


def _before(words: Sequence[str] | None, on: date) -> date:
    """Give the day so many days before; the day itself when nothing says how many."""
    return days_after(on, -int(words[0])) if words else on


def _end(number: str) -> Decimal | None:
    """Give the end of a reference range; None where it is open."""
    return Decimal(number) if number else None


def _one(words: Sequence[str] | None, allowed: tuple[Word, ...]) -> Word | None:
    """Give the word said among those that its form allows."""
    return next((word for word in allowed if words and words[0] == word), None)
