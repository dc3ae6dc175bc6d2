"""`trialwright design sweep`: every combination of settings of a design, judged at once."""

from pathlib import Path

import click

from trialwright.cli.design_options import (
    ARM,
    FORMAT,
    around,
    effort_asked,
    print_sheets,
    progress,
    require_no_backfill,
    scenarios_asked,
    warn,
    with_scenarios,
)


@click.command()
@click.argument("design", metavar="DESIGN")
@ARM
@click.option("--target", type=float, required=True, help="DLT rate the MTD should have.")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="SETTING=VALUES",
    help="A setting of the design file with its values: a list 2,3, or LOW:HIGH:NUMBER; repeat it "
    "for every combination.",
)
@click.option(
    "--random",
    "drawn",
    type=click.IntRange(0),
    default=0,
    help="Scenarios drawn by --seed, instead of others: each level is the MTD equally often.",
)
@with_scenarios
@click.option(
    "--workers",
    "processes",
    type=click.IntRange(0),
    default=0,
    help="Processes; 0: one a core. The numbers are the same.",
)
@click.option(
    "--dask",
    "cluster",
    default="",
    metavar="ADDRESS",
    help="Scheduler of a Dask cluster, e.g. tcp://host:8786, instead of processes here.",
)
@FORMAT
def sweep(
    design: str,
    arm: str,
    target: float,
    vary: tuple[str, ...],
    drawn: int,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    method: str,
    memory: int,
    trials: int,
    seed: int,
    processes: int,
    cluster: str,
    form: str,
) -> None:
    """Judge every combination of settings of a design, on all cores or a cluster.

    Exit status: 0 printed, 2 refused.
    """
    from trialwright.assembly.designs import design_of, seeded, varied
    from trialwright.assembly.processes import workers
    from trialwright.assembly.sweeping import variations
    from trialwright.escalation.comparing import compare as set_side_by_side
    from trialwright.escalation.random_scenarios import random_scenarios
    from trialwright.reports.design_sheets import comparison_sheet

    named = design_of(design, arm)
    require_no_backfill(named)
    warn(named)
    designs = variations(named, varied(vary))
    scenarios = (
        random_scenarios(named.escalation.levels, target, drawn, seeded(seed)())
        if drawn
        else scenarios_asked(rates, scenario_file, named, target)
    )
    effort = effort_asked(method, memory, trials)
    with workers(processes, cluster) as run, progress("designs") as note:
        found = set_side_by_side(designs, scenarios, target, seeded(seed), effort, note, run)
    print_sheets(form, {**around(named), "target": target}, numbers=comparison_sheet(found))
