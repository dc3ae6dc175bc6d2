"""`trialwright import`: visits, events, facts and central readings from files, all or nothing."""

from datetime import date
from pathlib import Path
from typing import cast

import click

from trialwright.assembly.biomarker_imports import BIOMARKER_TABLES
from trialwright.assembly.import_plans import Given
from trialwright.assembly.importing import import_file
from trialwright.assembly.proposed_mappings import write_proposal
from trialwright.cli.biomarker_options import time_points_of
from trialwright.cli.days import DAY
from trialwright.conduct.roles import Actor
from trialwright.intake.entry_tables import FIELDS
from trialwright.intake.proposing import TableKind

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("ledger", type=click.Path(file_okay=False, path_type=Path))
@click.argument("protocol")
@click.argument("file", type=FILE)
@click.option(
    "--kind", type=click.Choice(["facts", *FIELDS, "fhir", *BIOMARKER_TABLES]), required=True,
    help="What the file holds: facts such as laboratory results, visits, adverse events, readings "
    "of an independent reader, the FHIR R4 records of one participant, material, stains, or runs "
    "of sequencing with the files of variants beside them.",
)  # fmt: skip
@click.option("--mapping", type=FILE, help="What the columns of a table mean.")
@click.option("--participant", default="", help="Study number of whose FHIR records it holds.")
@click.option("--propose", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a mapping proposed for the table to this new file, and read no "
              "further.")  # fmt: skip
@click.option("--on", type=DAY, help="Day of entry.")
@click.option("--by", "account", default="",
              help="Account that imports, recorded as said: there is no sign-in here.")  # fmt: skip
@click.option("--role", default="", help="Role of the account.")
@click.option("--at", default="", help="Site of the account; default: the protocol's only one.")
@click.option("--time-point", "times", multiple=True, metavar="LABEL=TIME",
              help="When new material of FHIR records was taken: archival, C1D1, on treatment or "
              "progression.")  # fmt: skip
@click.option("--accept-times", "takes_proposed", is_flag=True,
              help="Give new material of FHIR records the time points that the rehearsal "
              "proposes.")  # fmt: skip
@click.option("--confirm", "is_confirmed", is_flag=True,
              help="Record it; otherwise it is rehearsed.")  # fmt: skip
def import_command(
    ledger: Path,
    protocol: str,
    file: Path,
    kind: str,
    mapping: Path | None,
    participant: str,
    propose: Path | None,
    on: date | None,
    account: str,
    role: str,
    at: str,
    times: tuple[str, ...],
    *,
    takes_proposed: bool,
    is_confirmed: bool,
) -> None:
    """Import FILE into LEDGER, the folder of a trial's ledger: every row of it, or nothing.

    Without --confirm everything is read and decided and nothing is recorded. Each row is recorded,
    adds nothing, or is left aside by a reason, and the counts are told; rows that are refused are
    all named by line and column. With --propose the columns are looked at alone, and each choice
    is told with its reason: read the mapping and correct it before it is used.

    Exit status: 0 proposed, rehearsed or recorded, 2 refused; nothing is recorded then.
    """
    if propose is not None:
        if kind == "fhir" or kind in BIOMARKER_TABLES:
            raise click.UsageError(f"{kind} needs no mapping")
        for line in write_proposal(file, cast(TableKind, kind), protocol, propose):
            click.echo(line)
        return
    if on is None or not account or not role:
        raise click.UsageError("say the day of entry and who imports: --on, --by and --role")
    if kind != "fhir" and (times or takes_proposed):
        raise click.UsageError(f"{kind} names its time points itself")
    given = Given(file, kind, mapping, participant, on,
                  time_points_of(times, "--time-point", "LABEL=TIME"), takes_proposed)  # fmt: skip
    actor = Actor(account, role, at)
    for line in import_file(ledger, protocol, given, actor, is_confirmed=is_confirmed):
        click.echo(line)
