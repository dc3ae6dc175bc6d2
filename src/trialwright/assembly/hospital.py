"""A hospital screened: opened, judged, and written as files for people and machines."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory

from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.hospital_parts import Job, judge_parts
from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.near_misses import Missing, Near, missing_of, with_missing
from trialwright.assembly.populations import Population
from trialwright.assembly.story import illustrative
from trialwright.eligibility.lacking import MissingFact, Why
from trialwright.figures.attrition import Bar, attrition, svg
from trialwright.figures.missing_facts import FactBar, missing_facts
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.reports.feasibility import ArmPage, Basis, page
from trialwright.terms.errors import refuse
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.rollup import Feasibility, Tally

PAGE = "feasibility.html"
"""The feasibility report with its pictures."""


def screen_hospital(
    order: Order, study: Study, folder: Path, note: Callable[[int, int], None], processes: int = 0
) -> tuple[Feasibility, ...]:
    """Screen a population and write what came of it.

    Parameters
    ----------
    order : Order
        Population, arms and days.
    study : Study
        The protocol.
    folder : Path
        A new folder, there when all of it is.
    note : callable (int, int) -> None
        Called after each step of the engine with how many are done, of about how many.
    processes : int
        How many share the parts of a DuckDB file; 0: one a core; 1: this one alone.

    Returns
    -------
    tuple of Feasibility
        One for each arm; beside it the folder holds the verdicts, the evidence, the attrition and
        the lists of those who meet every criterion and of those one fact away of each arm, and a
        page.

    Raises
    ------
    Refusal
        If the folder exists, an arm is none of the protocol, or the population cannot be read.
    """
    if folder.exists():
        raise refuse("out", str(folder), "a new folder", "Name another one: nothing is overwritten")
    for arm in order.arms:
        study.required_arm(arm)
    laboratory = read_laboratory(order.laboratory, study) if order.laboratory else ()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
        writing = Path(made) / folder.name
        writing.mkdir()
        missing: dict[Near, Missing] = {}

        def look(population: Population, meanings: Meanings, tallies: Sequence[Tally]) -> None:
            near = (each for tally in tallies for each in tally.near)
            found = missing_of(population.tables, near, study, meanings, order, laboratory)
            missing.update(found)

        tallies = judge_parts(Job(order, study, laboratory, writing), note, processes, look)
        found = _write_lists(dict(zip(order.arms, tallies, strict=True)), missing, study, writing)
        _write_page(found, study, order, writing)
        writing.rename(folder)
    return found


def _write_lists(
    tallies: Mapping[str, Tally], missing: Mapping[Near, Missing], study: Study, folder: Path
) -> tuple[Feasibility, ...]:
    """Write the lists of each arm and give what its criteria leave."""
    says = {each.id: each.says for each in study.criteria}
    found = []
    for arm, tally in tallies.items():
        near = tally.near
        found.append(with_missing(tally.feasibility(), near, missing))
        _write_rows(
            folder / f"attrition-{arm}.csv",
            ("criterion", "asks", "not_met", "alone", "unknown", "left", "one_fact_away"),
            [astuple(each) for each in found[-1].losses],
        )
        to_do = "; ".join((*found[-1].by_people, *(name for name, _ in found[-1].undecided)))
        _write_rows(
            folder / f"one-fact-away-{arm}.csv",
            ("person_id", "criterion", "asks", "missing", "why", "because", "to_do"),
            [
                (person, name, says[name], *_lacking(missing.get((person, name))), to_do)
                for person, name in near
            ],
        )
        _write_rows(
            folder / f"missing-facts-{arm}.csv",
            ("fact", "name", "people", "alone", *Why),
            [
                (each.says, each.name, each.people, each.alone, *_by_reason(each))
                for each in found[-1].missing
            ],
        )
        _write_rows(
            folder / f"every-criterion-met-{arm}.csv",
            ("person_id", "to_do"),
            [(person, to_do) for person in tally.complete],
        )
    return tuple(found)


def _lacking(missing: Missing | None) -> tuple[str, str, str]:
    """Name the facts that a person lacks, why each is missing, and what the judge says."""
    if missing is None:
        return "", "", ""
    if missing.answer is not Answer.UNKNOWN:
        return "", f"differs: {missing.answer} when judged alone", missing.because
    names = "; ".join(each.says for each in missing.lacks)
    return names, "; ".join(each.why for each in missing.lacks), missing.because


def _by_reason(fact: MissingFact) -> list[int]:
    """Count the people who lack a fact by the reason."""
    counts = dict(fact.why)
    return [counts.get(why, 0) for why in Why]


def _write_rows(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _write_page(found: tuple[Feasibility, ...], study: Study, order: Order, folder: Path) -> None:
    """Write the report."""
    says = {each.id: each.says for each in study.criteria}
    pages = []
    for each in found:
        bars = [
            Bar(loss.criterion, loss.says, loss.not_met, loss.alone, loss.unknown, loss.left)
            for loss in each.losses
        ]
        picture = svg(attrition(bars, each.people, f"Arm {each.arm}: what each criterion costs"))
        pages.append(
            ArmPage(
                each.arm,
                study.required_arm(each.arm).says,
                each.people,
                each.candidates,
                each.complete,
                [astuple(loss) for loss in each.losses],
                [(name, says[name]) for name in each.by_people],
                _inline(picture),
                each.open,
                [(name, says[name], people) for name, people in each.undecided],
                tuple(Why),
                [(fact.says, fact.people, fact.alone, _by_reason(fact)) for fact in each.missing],
                each.several,
                _missing_picture(each),
                each.differing,
            )
        )
    basis = Basis(
        f"Feasibility of {study.identifiers.nct or study.title}",
        study.title,
        (
            ("Protocol", f"version {study.version} of {study.dated.isoformat()}"),
            ("Population", _population(order.population)),
            ("Facts up to", order.as_of.isoformat()),
            ("First dose planned on", order.first_dose.isoformat()),
            ("Reference ranges", order.laboratory.name if order.laboratory else "of each result"),
        ),
        illustrative(study),
        found[0].gaps if found else (),
        found[0].unread if found else (),
    )
    (folder / PAGE).write_text(page(basis, pages), encoding="utf-8")


_DRAWN = 25
"""Missing facts that are drawn: the first of them, which most people lack."""


def _missing_picture(found: Feasibility) -> str:
    """Draw the facts that are missing."""
    if not found.missing:
        return ""
    bars = [FactBar(each.says, _by_reason(each)) for each in found.missing[:_DRAWN]]
    rest = f" (the first {_DRAWN})" if len(found.missing) > _DRAWN else ""
    title = f"Arm {found.arm}: what those lack who are one fact away{rest}"
    return _inline(svg(missing_facts(bars, tuple(Why), title)))


def _inline(picture: str) -> str:
    """Give a picture as it stands in a page."""
    return picture[picture.index("<svg") :]


def _population(address: str) -> str:
    """Name a population: its engine and its file or database, without host and account."""
    scheme, _, place = address.partition("://")
    name = place.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return f"{name} ({scheme}), OMOP CDM 5.4"
