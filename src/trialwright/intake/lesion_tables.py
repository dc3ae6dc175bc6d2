"""Rows of lesions gathered to baselines and assessments: each evaluator and day is one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from trialwright.casebook.tumours import (
    Certainty,
    Marker,
    Merged,
    NewLesion,
    NonTargetLesion,
    Response,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.central_records import Central
from trialwright.intake.entry_tables import Row
from trialwright.intake.lesion_rows import NEW_WORDS, NONE_SEEN, LesionRow
from trialwright.intake.partly_read import PartlyReadError, may_lack
from trialwright.terms.errors import Fault
from trialwright.terms.sources import Source

OfRecord = Callable[[str, Central], TumourBaseline | None]
"""Baseline of an evaluator of a participant that is on record already."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one evaluator read of one participant on one day.

    Attributes
    ----------
    participant : str
        Study number.
    evaluator : {'reader 1', 'reader 2', 'adjudicator'}
        Who read.
    what : TumourBaseline or TumourAssessment
        The reading.
    lines : tuple of int
        Rows it was gathered from.
    """

    participant: str
    evaluator: Central
    what: TumourBaseline | TumourAssessment
    lines: tuple[int, ...]


_Key = tuple[str, Central, bool, date]


def gather(
    rows: Iterable[Row],
    of_record: OfRecord,
    file: str,
    headings: Mapping[str, str],
    whose: Collection[str] = (),
) -> tuple[tuple[Gathered, ...], tuple[str, ...]]:
    """Gather rows of lesions to baselines and assessments.

    Parameters
    ----------
    rows : iterable of Row
        Each holds a `LesionRow`.
    of_record : callable (str, str) -> TumourBaseline or None
        Baseline of an evaluator of a participant that is on record already.
    file : str
        Name of the file, for faults.
    headings : mapping of str to str
        Field to the heading of its column, for faults.
    whose : collection of str
        Participants of whom rows of the table may be missing, as of `PartlyReadError`. Of these
        nothing is refused for what those rows may say.

    Returns
    -------
    tuple of Gathered, and tuple of str
        In an order in which they can be recorded: baselines first, then by day; and the rows that
        stand twice.

    Raises
    ------
    PartlyReadError
        With every row that contradicts another one, names a lesion that this evaluator did not
        choose, or is of an assessment that does not say whether new lesions were seen; and what the
        other rows give.
    """
    together: dict[_Key, list[Row]] = {}
    seen: dict[object, int] = {}
    twice: list[str] = []
    for row in rows:
        lesion = cast(LesionRow, row.entry)
        what = (row.participant, replace(lesion, source=Source("", "")))
        if seen.setdefault(what, row.line) != row.line:
            twice.append(f"line {row.line}: as line {seen[what]}")
            continue
        key = (row.participant, lesion.evaluator, lesion.is_baseline, lesion.on)
        together.setdefault(key, []).append(row)
    chosen = {key[:2]: _kinds(each) for key, each in together.items() if key[2]}
    faults: list[Fault] = []
    gathered: list[Gathered] = []
    ordered = sorted(together.items(), key=lambda item: (item[0][:2], not item[0][2], item[0][3]))
    for key, each in ordered:
        is_whole = not may_lack(whose, key[0])
        held = of_record(*key[:2])
        known = chosen.get(key[:2]) or (_kinds_of(held) if held else None)
        wrong = [*_contradictions(each, is_whole=is_whole)]
        if not key[2] and is_whole:
            wrong += _strangers(each, known)
        faults += wrong
        sound = [row for row in each if row.line not in {fault.line for fault in wrong}]
        if sound and (key[2] or known is not None):
            gathered.append(_gathered(key, sound))
    result = (tuple(gathered), tuple(twice))
    if faults:
        raise PartlyReadError(
            [replace(each, where=headings.get(each.where, each.where), file=file)
             for each in sorted(faults, key=lambda fault: fault.line)],
            result,
        )  # fmt: skip
    return result


def _lesions(rows: Sequence[Row]) -> list[tuple[int, LesionRow]]:
    """Give the lines and lesions of rows."""
    return [(row.line, cast(LesionRow, row.entry)) for row in rows]


def _kinds(rows: Sequence[Row]) -> dict[str, str]:
    """Give the lesions of a baseline by label, as targets and others."""
    return {lesion.label: lesion.finding for _, lesion in _lesions(rows)}


def _kinds_of(baseline: TumourBaseline) -> dict[str, str]:
    """Give the lesions of a baseline on record by label."""
    return dict.fromkeys((each.label for each in baseline.targets), "TARGET") | dict.fromkeys(
        (each.label for each in baseline.nontargets), "NON-TARGET"
    )


def _contradictions(rows: Sequence[Row], *, is_whole: bool) -> Iterator[Fault]:
    """Name rows of one day that say two things, and a day of which no row tells of new lesions."""
    labels: dict[tuple[bool, str], int] = {}
    said: dict[str, tuple[int, str]] = {}
    new = [(line, each) for line, each in _lesions(rows) if each.finding == "NEW"]
    for line, lesion in _lesions(rows):
        if lesion.label:
            first = labels.setdefault((lesion.finding == "NEW", lesion.label), line)
            if first != line:
                yield Fault("lesion", f"another row of this lesion, beside line {first}",
                            "one row for a lesion on a day", "Take one of them out",
                            line=line)  # fmt: skip
        for name in ("method", "marker", "overall"):
            word = getattr(lesion, name)
            if word and said.setdefault(name, (line, word))[1] != word:
                yield Fault(name, f"another word than in line {said[name][0]}",
                            "one for all rows of a reader on a day", "Correct one of them",
                            line=line)  # fmt: skip
    for line, lesion in new:
        if len(new) > 1 and lesion.reading in (NONE_SEEN, "NE"):
            yield Fault("reading", f"{lesion.reading} beside other rows of new lesions",
                        f"{NONE_SEEN} or NE alone, or one row for each new lesion",
                        "Take one of them out", line=line)  # fmt: skip
    first_line, first_row = _lesions(rows)[0]
    if not new and not first_row.is_baseline and is_whole:
        yield Fault("finding", "no row of new lesions on this day",
                    f"a row NEW that says {', '.join(NEW_WORDS)}",
                    f"Add it; {NONE_SEEN} where somebody looked and found none",
                    line=first_line)  # fmt: skip


def _strangers(rows: Sequence[Row], known: Mapping[str, str] | None) -> Iterator[Fault]:
    """Name rows of lesions that this evaluator did not choose at baseline, or chose as another."""
    if known is None:
        line, lesion = _lesions(rows)[0]
        yield Fault("timepoint", f"an assessment of {lesion.evaluator} without a baseline",
                    "a baseline of the same reader, in the table or on record",
                    "Add the rows of the baseline", line=line)  # fmt: skip
        return
    for line, lesion in _lesions(rows):
        if lesion.finding != "NEW" and known.get(lesion.label) != lesion.finding:
            chosen = ", ".join(label for label, kind in known.items() if kind == lesion.finding)
            yield Fault("lesion", f"{lesion.label}, no {lesion.finding} lesion of "
                        f"{lesion.evaluator} at baseline", chosen or "none",
                        "Correct the label, or the baseline", line=line)  # fmt: skip
        into = lesion.reading.into if isinstance(lesion.reading, Merged) else None
        if into is not None and (known.get(into) != "TARGET" or into == lesion.label):
            yield Fault("reading", "merged into no other target of this reader",
                        ", ".join(label for label, kind in known.items() if kind == "TARGET"
                                  and label != lesion.label) or "none",
                        "Correct the label", line=line)  # fmt: skip


def _gathered(key: _Key, rows: Sequence[Row]) -> Gathered:
    """Make the baseline or the assessment of rows that say one thing."""
    participant, evaluator, is_baseline, on = key
    lesions = [lesion for _, lesion in _lesions(rows)]
    method = next((each.method for each in lesions if each.method), "")
    source = lesions[0].source
    by_kind: dict[str, list[LesionRow]] = {}
    for each in lesions:
        by_kind.setdefault(each.finding, []).append(each)
    targets, others = by_kind.get("TARGET", []), by_kind.get("NON-TARGET", [])
    what: TumourBaseline | TumourAssessment
    if is_baseline:
        what = TumourBaseline(
            on,
            tuple(TargetLesion(each.label, each.site, bool(each.is_node),
                               cast(Decimal, each.reading)) for each in targets),
            tuple(NonTargetLesion(each.label, each.site, bool(each.is_node)) for each in others),
            source, method,
        )  # fmt: skip
    else:
        marker = next((each.marker for each in lesions if each.marker), Marker.NOT_FOLLOWED)
        overall = next((each.overall for each in lesions if each.overall), None)
        what = TumourAssessment(
            on,
            {each.label: cast(Any, each.reading) for each in targets},
            {each.label: cast(Any, each.reading) for each in others},
            _new(by_kind.get("NEW", [])),
            source, Marker(marker), method, Response(overall) if overall else None,
        )  # fmt: skip
    return Gathered(participant, evaluator, what, tuple(line for line, _ in _lesions(rows)))


def _new(rows: Sequence[LesionRow]) -> tuple[NewLesion, ...] | None:
    """Give new lesions; None where nobody could look."""
    if any(each.reading == "NE" for each in rows):
        return None
    return tuple(NewLesion(each.reading, each.site, each.label)
                 for each in rows if isinstance(each.reading, Certainty))  # fmt: skip
