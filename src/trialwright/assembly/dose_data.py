"""Data of a running escalation that people name: the notation, or a file of participants."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from trialwright.assembly.files import read_text
from trialwright.escalation.observed import Given
from trialwright.escalation.participants import Standing, Treated
from trialwright.intake.table_text import headed
from trialwright.questions.reading import read_json
from trialwright.terms.errors import Fault, Refusal, shorten


def data_of(given: str) -> Given:
    """Read data of a running escalation: a file of participants, or the notation itself.

    Parameters
    ----------
    given : str
        A CSV or JSON file of participants, or e.g. `1NNN 2NTP`.

    Returns
    -------
    str or sequence of Treated
        As a design takes them.

    Raises
    ------
    Refusal
        If the file has other columns, or a value of another type, each named by participant and
        field.
    """
    path = Path(given)
    if path.suffix not in (".csv", ".json"):
        return given
    text = read_text(path)
    records = (
        _json_records(text, path.name) if path.suffix == ".json" else _csv_records(text, path.name)
    )
    faults: list[Fault] = []
    found = [_participant(record, line, path.name, faults) for line, record in records]
    if faults:
        raise Refusal(faults)
    return [each for each in found if each is not None]


FIELDS = ("participant", "cohort", "level", "standing", "has_dlt", "dlt_day", "given", "followed",
          "deviation", "backfilled", "response")  # fmt: skip
"""Columns of a file of participants; the first four are needed, and `has_dlt` of whoever is
evaluable: nothing stated is not "no"."""

NEEDED = FIELDS[:4]


def _csv_records(text: str, file: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give the rows of CSV with their lines; an empty cell is not stated."""
    for line, row in headed(text, file).rows:
        yield line, {name: cell for name, cell in row.items() if cell != ""}


def _json_records(text: str, file: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give the objects of a JSON list; no lines are known."""
    try:
        value = read_json(text)
    except Refusal as refused:
        raise Refusal(replace(each, file=file) for each in refused.faults) from None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refusal([Fault("", "another shape", "a list of participants", "Correct it", file)])
    return [(0, each) for each in value]


def _participant(
    record: dict[str, Any], line: int, file: str, faults: list[Fault]
) -> Treated | None:
    """Make a participant of a record, or tell what is wrong with it."""
    who = shorten(record.get("participant", "a participant"), 20)
    is_evaluable = record.get("standing") == "evaluable"
    needed = (*NEEDED, "has_dlt") if is_evaluable else NEEDED
    missing = [name for name in needed if record.get(name) is None]
    strange = [shorten(name) for name in record if name not in FIELDS]
    allowed = ", ".join(FIELDS)
    wrong = [
        *(Fault(f"{who}, {name}", "nothing", "a value", "Add it", file, line) for name in missing),
        *(
            Fault(f"{who}, {name}", "an unknown field", allowed, "Correct the name", file, line)
            for name in strange
        ),
    ]
    if wrong:
        faults += wrong
        return None
    return Treated(
        participant=str(record["participant"]),
        cohort=_number(record["cohort"]),
        level=_number(record["level"]),
        standing=cast(Standing, record["standing"]),
        has_dlt=_yes(False if record.get("has_dlt") is None else record["has_dlt"]),
        dlt_day=_number(record.get("dlt_day")),
        given=_number(record.get("given")),
        followed=_number(record.get("followed")),
        deviation=str(record.get("deviation", "")),
        is_backfilled=_yes(record.get("backfilled", False)),
        has_response=_yes(record.get("response", False)),
    )


def _number(value: Any) -> Any:
    """Read a whole number; anything else is told by whoever counts."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    return value


_WHOLE = re.compile(r"-?[0-9]{1,9}")


_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes(value: Any) -> Any:
    """Read yes or no; anything else is told by whoever counts."""
    return _WORDS.get(value.strip().lower(), value) if isinstance(value, str) else value
