"""`trialwright judge`: participants whose records are given, on every criterion."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from trialwright.assembly.judging import as_json, from_record, from_tables, judged, told
from trialwright.assembly.protocols import load
from trialwright.cli.days import DAY, planned
from trialwright.cli.printing import print_json
from trialwright.terms.errors import Fault, Refusal, refuse

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--records",
    type=click.Path(exists=True, path_type=Path),
    default=None,
    help="One participant's FHIR R4 records: a bundle (.json), one resource a line (.ndjson, "
    ".jsonl; either may end in .gz), or the folder of a bulk export.",
)
@click.option(
    "--patient",
    default="",
    metavar="ID",
    help="Id of the Patient resource meant; needed with a folder, and where a file has several.",
)
@click.option(
    "--participant", default=None, help="Study number of the one whose --records are given."
)
@click.option(
    "--table",
    "tables",
    type=(FILE, FILE),
    multiple=True,
    metavar="TABLE MAPPING",
    help="A table (.csv, .csv.gz, .xlsx) and the mapping that says what its columns mean; repeat "
    "it for more tables of the same participants.",
)
@click.option(
    "--population",
    default=None,
    help="A hospital's OMOP CDM 5.4 tables, as `screen` takes them: duckdb:///FILE, "
    "postgresql://USER@HOST/DATABASE, or spark:///FOLDER; read and not changed.",
)
@click.option(
    "--person",
    "persons",
    type=int,
    multiple=True,
    metavar="ID",
    help="person_id of the one meant in the --population; repeat it for more.",
)
@click.option("--protocol", default="NCT03959891", show_default=True, help="A name or a file.")
@click.option("--as-of", type=DAY, required=True, help="Facts up to this day count.")
@click.option(
    "--first-dose", type=DAY, default=None, help="Planned first dose; default: the day of --as-of."
)
@click.option(
    "--laboratory",
    type=FILE,
    default=None,
    help="CSV of the institution's reference ranges (term,low,high,unit,group), for results "
    "without their own.",
)
@click.option("--why", "has_reasons", is_flag=True, help="Tell the reason of every criterion.")
@click.option(
    "--missing",
    "is_listed",
    is_flag=True,
    help="List what would decide the open criteria, cheapest first, and who finds or answers it.",
)
@click.option(
    "--json",
    "is_json",
    is_flag=True,
    help="Print one JSON object a participant, as `ask screen` answers, on one line; what was read "
    "goes to standard error.",
)
def judge(
    records: Path | None,
    patient: str,
    participant: str | None,
    tables: tuple[tuple[Path, Path], ...],
    population: str | None,
    persons: tuple[int, ...],
    protocol: str,
    as_of: date,
    first_dose: date | None,
    laboratory: Path | None,
    *,
    has_reasons: bool,
    is_listed: bool,
    is_json: bool,
) -> None:
    """Judge participants from their records: for which arms each is eligible, and why not.

    Records are one participant's in FHIR (--records), tables of several participants (--table), or
    single people of a hospital that is screened by `screen` (--population, --person).

    Each criterion that is not met is told with its reason and the record it rests on. What people
    alone answer is open. Unknown is neither yes nor no. `ahead` says from which day on that changes
    and until when, and by which criterion, if nothing else is recorded.

    Exit status: 0 judged, 2 refused; nobody is then judged.
    """
    study = load(protocol).study
    first_dose = planned(first_dose, as_of)
    given = {"--records": records, "--table": tables, "--population": population}
    _require_one([name for name, each in given.items() if each])
    named = {"--participant": participant, "--patient": patient, "--person": persons}
    _refuse_beside(next(name for name, each in given.items() if each), named)
    if records is not None:
        if not participant:
            do = "Give the study number under which it is judged"
            raise refuse("--participant", "nothing", "a study number", do)
        found_in = from_record(records, study, participant, patient)
    elif population is not None:
        if not persons:
            raise refuse("--person", "nothing", "a person_id", "Say whom to judge")
        from trialwright.assembly.hospital_persons import from_population

        found_in = from_population(population, persons, study, as_of)
    else:
        found_in = from_tables(tables, study)
    for line in found_in.lines:
        click.echo(line, err=is_json)
    for each in judged(found_in.casebooks, study, as_of, first_dose, laboratory):
        if is_json:
            print_json(as_json(each))
            continue
        click.echo()
        for line in told(each, has_reasons=has_reasons, is_listed=is_listed):
            click.echo(line)


def _require_one(given: Sequence[str]) -> None:
    """Refuse no records, and records of two kinds."""
    if len(given) != 1:
        found = f"both {' and '.join(given)}" if given else f"neither {' nor '.join(_KINDS)}"
        do = f"Give {', or '.join(_KINDS)}"
        raise refuse("judge", found, "one of the three", do)


def _refuse_beside(kind: str, named: Mapping[str, object]) -> None:
    """Refuse options that say nothing of records of a kind, all at once."""
    faults = [
        Fault(name, f"given beside {kind}", "nothing", f"Leave it out: {_SAYS_WHO[kind]}")
        for name, each in named.items()
        if each and name not in _KINDS[kind]
    ]
    if faults:
        raise Refusal(faults)


_KINDS: Mapping[str, tuple[str, ...]] = {
    "--records": ("--participant", "--patient"),
    "--table": (),
    "--population": ("--person",),
}
"""Where participants come from, and the options that say who is meant there."""

_SAYS_WHO = {
    "--records": "--participant and --patient say who is meant",
    "--table": "the table names its participants",
    "--population": "--person says who is meant, and is the study number",
}
