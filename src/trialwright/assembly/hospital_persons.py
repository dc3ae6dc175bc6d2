"""Single people of a hospital, read out of its OMOP tables to be judged one at a time."""

from collections.abc import Sequence
from datetime import date

from trialwright.assembly.judging import Records
from trialwright.assembly.telling import aside_told
from trialwright.assembly.warehouses import opened
from trialwright.intake.omop import OmopIntake, read_person
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal
from trialwright.warehouse.meanings import not_found, read_meanings
from trialwright.warehouse.person_rows import rows_of_people


def from_population(address: str, persons: Sequence[int], study: Study, as_of: date) -> Records:
    """Read people of a hospital.

    Parameters
    ----------
    address : str
        As `warehouses.opened`.
    persons : sequence of int
        person_id of each.
    study : Study
        Whose vocabulary decides which facts are read.
    as_of : date
        What later rows leave in doubt is no doubt yet.

    Returns
    -------
    Records
        Of each person once, in the order given; what the hospital lacks is told first.

    Raises
    ------
    Refusal
        As `warehouses.opened`; with each person of whom the table `person` has no row.
    """
    with opened(address) as population:
        meanings = read_meanings(population.tables, study)
        lines = [*population.gaps, *not_found(population.tables, study)]
        rows = dict(rows_of_people(population.tables, persons))
    asked = dict.fromkeys(persons)
    faults = [
        Fault("--person", str(each), "a person_id of the table person", "Correct it")
        for each in asked
        if each not in rows
    ]
    if faults:
        raise Refusal(faults)
    intakes = [read_person(rows[each], study, meanings, str(each), as_of) for each in asked]
    lines += [_told(each) for each in intakes]
    return Records(tuple(each.casebook for each in intakes), tuple(lines))


def _told(intake: OmopIntake) -> str:
    """Say what came of the rows of a person."""
    left = sum(intake.ignored.values())
    aside = aside_told(intake.ignored, " (", ")")
    return (
        f"person {intake.casebook.participant}: {intake.rows} rows = {intake.used} used + "
        f"{intake.questioned} in question + {left} left aside{aside}"
    )
