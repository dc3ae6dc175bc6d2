"""`trialwright design`: a dose-escalation design tabulated, judged, compared and reported."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialwright.cli.calibrate_command import calibrate
from trialwright.cli.design_options import (
    ARM,
    FORMAT,
    GIVEN,
    TARGET,
    TIES,
    around,
    effort_asked,
    print_sheets,
    progress,
    require_no_backfill,
    scenarios_asked,
    warn,
    with_scenarios,
)
from trialwright.cli.simulate_command import simulate
from trialwright.cli.sweep_command import sweep

if TYPE_CHECKING:
    pass

# NumPy and SciPy take some tenths of a second to load: each command loads them when it runs.


@click.group()
def design() -> None:
    """Tabulate, judge, compare and report dose-escalation designs.

    DESIGN is a small design file (YAML or JSON), or a protocol with --arm: a file, or the NCT
    number of a shipped one.
    """


@design.command()
@click.argument("design", metavar="DESIGN")
@ARM
@FORMAT
def table(design: str, arm: str, form: str) -> None:
    """Print the decision table: what follows each number of DLTs.

    Exit status: 0 printed, 2 refused.
    """
    from trialwright.assembly.designs import design_of
    from trialwright.reports.design_sheets import decision_sheet

    named = design_of(design, arm)
    warn(named)
    sheet = decision_sheet(named.escalation, named.escalation.decision_table())
    print_sheets(form, around(named), table=sheet)


@design.command()
@click.argument("design", metavar="DESIGN")
@ARM
@TARGET
@GIVEN
@TIES
@with_scenarios
@FORMAT
def oc(
    design: str,
    arm: str,
    target: float | None,
    given: str,
    ties: str,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    method: str,
    memory: int,
    trials: int,
    seed: int,
    form: str,
) -> None:
    """Print the operating characteristics: what is selected, who is treated where.

    With --given: how the running trial ends from its data. Simulated numbers carry their Monte
    Carlo standard error; exact ones have none. With --ties drawn they are those of another rule
    than that of the design, for comparison with packages that draw.

    Exit status: 0 printed, 2 refused.
    """
    from trialwright.assembly.designs import design_of, seeded
    from trialwright.assembly.dose_data import data_of
    from trialwright.reports.design_sheets import level_sheet, summary_sheet

    named = design_of(design, arm, target)
    require_no_backfill(named)
    warn(named)
    escalation = named.escalation
    scenarios = scenarios_asked(rates, scenario_file, named, escalation.aim)
    data = data_of(given) if given else None
    with progress("scenarios") as note:
        effort = effort_asked(method, memory, trials, ties)
        found = escalation.evaluate(scenarios, seeded(seed), effort, data, note)
    print_sheets(
        form,
        {
            **around(named),
            "given": given,
            "ties": ties,
            "method": found[0].method,
            "target": escalation.aim,
        },
        levels=level_sheet(escalation, scenarios, found),
        summary=summary_sheet(escalation, scenarios, found),
    )


@design.command()
@click.argument("design", metavar="DESIGN")
@ARM
@GIVEN
@click.option(
    "--cohorts",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="How many cohorts ahead.",
)
@click.option("--rates", default="", metavar="P,P,...", help="True DLT rates, for probabilities.")
@FORMAT
def paths(design: str, arm: str, given: str, cohorts: int, rates: str, form: str) -> None:
    """Print what the next cohorts may bring, and what the design does then.

    Exit status: 0 printed, 2 refused, e.g. while somebody is pending.
    """
    from trialwright.assembly.designs import design_of, rates_from
    from trialwright.assembly.dose_data import data_of
    from trialwright.reports.design_sheets import path_sheet

    named = design_of(design, arm)
    require_no_backfill(named)
    warn(named)
    truth = rates_from(rates).rates if rates else None
    nodes = named.escalation.paths(data_of(given) if given else None, cohorts, truth)
    print_sheets(form, {**around(named), "given": given}, paths=path_sheet(named.escalation, nodes))


@design.command()
@click.argument("designs", nargs=-1, required=True, metavar="DESIGN...")
@ARM
@click.option("--target", type=float, required=True, help="DLT rate the MTD should have.")
@with_scenarios
@FORMAT
def compare(
    designs: tuple[str, ...],
    arm: str,
    target: float,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    method: str,
    memory: int,
    trials: int,
    seed: int,
    form: str,
) -> None:
    """Set designs side by side: decision tables, and numbers in the same scenarios.

    --arm holds for each DESIGN that is a protocol.

    Exit status: 0 printed, 2 refused.
    """
    from trialwright.assembly.designs import compared_designs, seeded
    from trialwright.escalation.comparing import compare as set_side_by_side
    from trialwright.escalation.comparing import compare_tables
    from trialwright.reports.design_sheets import comparison_sheet, tables_sheet

    named, labelled = compared_designs(designs, arm)
    for each in named:
        require_no_backfill(each)
        warn(each)
    scenarios = scenarios_asked(rates, scenario_file, named[0], target)
    with progress("designs") as note:
        effort = effort_asked(method, memory, trials)
        found = set_side_by_side(labelled, scenarios, target, seeded(seed), effort, note)
    print_sheets(
        form,
        {"designs": [around(each) for each in named], "target": target},
        numbers=comparison_sheet(found),
        decisions=tables_sheet(labelled, compare_tables(labelled)),
    )


@design.command()
@click.argument("design", metavar="DESIGN")
@ARM
@TARGET
@GIVEN
@with_scenarios
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A new folder for the report."
)
def report(
    design: str,
    arm: str,
    target: float | None,
    given: str,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    method: str,
    memory: int,
    trials: int,
    seed: int,
    out: Path,
) -> None:
    """Write a report: page, section for the protocol, tables as CSV and JSON, pictures as SVG.

    The page is written as HTML and PDF; the section, ready to paste, as Markdown and DOCX.

    Exit status: 0 written, 2 refused; nothing is then written.
    """
    from trialwright.assembly.design_reports import write_report
    from trialwright.assembly.designs import design_of, seeded
    from trialwright.assembly.dose_data import data_of

    named = design_of(design, arm, target)
    require_no_backfill(named)
    warn(named)
    scenarios = scenarios_asked(rates, scenario_file, named, named.escalation.aim)
    data = data_of(given) if given else None
    with progress("scenarios") as note:
        effort = effort_asked(method, memory, trials)
        found = named.escalation.evaluate(scenarios, seeded(seed), effort, data, note)
    files = write_report(named, scenarios, found, out, data)
    click.echo(f"{out}: {', '.join(files)}")


design.add_command(calibrate)
design.add_command(simulate)
design.add_command(sweep)
