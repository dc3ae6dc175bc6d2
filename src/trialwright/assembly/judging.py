"""Participants whose records people name, judged on every criterion."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.records_in import read_named
from trialwright.assembly.tables_in import read_tables
from trialwright.assembly.telling import aside_told, intake_told
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.outlook import Outlook, outlook
from trialwright.eligibility.screening import (
    CriterionVerdict,
    ScreeningOfArms,
    screen_arms,
)
from trialwright.intake.table_files import joined
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.questions.screen_question import screening
from trialwright.terms.verdicts import Answer, Finding

_WORDS: Mapping[Answer, str] = {
    Answer.NOT_MET: "not met",
    Answer.UNKNOWN: "open",
    Answer.MET: "met",
}
"""What is told of criteria, in this order."""


@dataclass(frozen=True, slots=True)
class Records:
    """Casebooks, and what came of reading them.

    Attributes
    ----------
    casebooks : tuple of Casebook
        One for each participant.
    lines : tuple of str
        What was read and what was left aside, in words.
    """

    casebooks: tuple[Casebook, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A participant judged.

    Attributes
    ----------
    screening : ScreeningOfArms
        Every criterion for every arm.
    ahead : tuple of Outlook
        From when until when each arm is open, if nothing else is recorded, in the order of the
        arms.
    """

    screening: ScreeningOfArms
    ahead: tuple[Outlook, ...]


def from_record(path: Path, study: Study, participant: str, patient: str = "") -> Records:
    """Read one participant's FHIR records.

    Parameters
    ----------
    path : Path
        As `records_in.read_named`.
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.
    patient : str
        `Patient/<id>` or id of the one meant; needed where the records are of several.

    Returns
    -------
    Records
        Of one participant.

    Raises
    ------
    Refusal
        As `records_in.read_named`.
    """
    intake = read_named(path, study, participant, patient)
    return Records((intake.casebook,), tuple(intake_told(participant, intake)))


def from_tables(tables: Sequence[tuple[Path, Path]], study: Study) -> Records:
    """Read tables of the same participants.

    Parameters
    ----------
    tables : sequence of (Path, Path)
        Each table with its mapping.
    study : Study
        Whose vocabulary the mappings speak.

    Returns
    -------
    Records
        In the order of the tables.

    Raises
    ------
    Refusal
        As `tables_in.read_table_files`.
    """
    intakes = read_tables(tables, study)
    lines = []
    for (path, _), each in zip(tables, intakes, strict=True):
        left = sum(each.ignored.values())
        lines.append(
            f"{path.name}: {each.entries} entries = {each.used} used + {left} left aside"
            f"{aside_told(each.ignored, ' (', ')')}; participants: {len(each.casebooks)}"
        )
    return Records(tuple(joined(intakes).values()), tuple(lines))


def judged(
    casebooks: Iterable[Casebook],
    study: Study,
    as_of: date,
    first_dose: date,
    laboratory: Path | None = None,
) -> Iterator[Judged]:
    """Judge each participant for every arm.

    Parameters
    ----------
    casebooks : iterable of Casebook
        What is known of each.
    study : Study
        The protocol.
    as_of : date
        Facts of later days do not count; consent, screening and registration fall on it.
    first_dose : date
        Planned first dose.
    laboratory : Path or None
        The institution's table of reference ranges.

    Yields
    ------
    Judged
        In the order of the casebooks.

    Raises
    ------
    Refusal
        If the table of ranges cannot be read.
    """
    ranges = read_laboratory(laboratory, study) if laboratory else ()
    anchors: Mapping[Anchor, date] = {
        "consent": as_of,
        "screening": as_of,
        "registration": as_of,
        "first_dose": first_dose,
    }
    for casebook in casebooks:
        yield Judged(
            screen_arms(study, casebook, as_of, anchors, ranges),
            outlook(study, casebook, as_of, anchors, ranges),
        )


def as_json(found: Judged) -> dict[str, Any]:
    """Give what came of judging a participant as the question `screen` is answered.

    Parameters
    ----------
    found : Judged
        All criteria judged.

    Returns
    -------
    dict of str to object
        The study number as `participant`, and the fields of the answer.
    """
    answer = screening(found.screening, found.ahead).told()
    return {"participant": found.screening.participant, **answer}


def told(found: Judged, *, has_reasons: bool = False, is_listed: bool = False) -> Iterator[str]:
    """Say what came of judging a participant.

    Parameters
    ----------
    found : Judged
        All criteria judged.
    has_reasons : bool
        Whether the criteria that are open or met are told with their reasons too.
    is_listed : bool
        Whether what would decide the open criteria is listed.

    Yields
    ------
    str
        The sentence of all arms, and what lies ahead of each; then criteria with their reason and
        the records it rests on, those not met first. Without the reasons of the others, those met
        by every arm are named. What is missing stands at the end, cheapest first.
    """
    yield f"{found.screening.participant}: {found.screening.because}"
    rows = list(zip(*(each.verdicts for each in found.screening.screenings), strict=True))
    arms = [each.arm for each in found.screening.screenings]
    yield from _ahead(found.ahead)
    for answer in _WORDS if has_reasons else (Answer.NOT_MET,):
        for row in rows:
            yield from _criterion(row, arms, answer)
    if not has_reasons:
        met = [row[0].criterion for row in rows if all(_is_met(each) for each in row)]
        yield f"  met      {', '.join(met) or 'none'}"
    for each in found.screening.deciding if is_listed else ():
        yield f"  missing  {each.says} ({each.effort}, {each.by}: {', '.join(each.criteria)})"


def _ahead(ahead: Sequence[Outlook]) -> Iterator[str]:
    """Tell when eligibility changes, arms that are alike together."""
    alike: dict[str, list[str]] = {}
    for each in ahead:
        alike.setdefault(each.because.removeprefix(f"arm {each.arm}: "), []).append(each.arm)
    for said, those in alike.items():
        where = "" if len(those) == len(ahead) else f"arm {' and '.join(those)}: "
        yield f"  {'ahead':<7}  {where}{said}"


def _criterion(
    row: Sequence[CriterionVerdict], arms: Sequence[str], answer: Answer
) -> Iterator[str]:
    """Tell one criterion, arms that are alike together."""
    alike: dict[str, list[str]] = {}
    for arm, verdict in zip(arms, row, strict=True):
        if verdict.finding.answer is answer:
            alike.setdefault(_reason(verdict.finding), []).append(arm)
    for reason, those in alike.items():
        where = "" if len(those) == len(arms) else f", arm {' and '.join(those)}"
        yield f"  {_WORDS[answer]:<7}  {row[0].criterion}{where}: {reason}"


def _reason(finding: Finding) -> str:
    """Give the reason with the records it rests on."""
    given = dict.fromkeys(str(each.source) for each in finding.evidence)
    sources = [each for each in given if f"[{each}]" not in finding.because]
    return finding.because + (f" [{'; '.join(sources)}]" if sources else "")


def _is_met(verdict: CriterionVerdict) -> bool:
    """Say whether a criterion stands in nobody's way."""
    return verdict.finding.answer is Answer.MET
