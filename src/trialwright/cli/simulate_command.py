"""`trialwright design simulate`: whole trials with their accrual, day by day."""

from pathlib import Path

import click

from trialwright.cli.design_options import (
    ARM,
    FILE,
    FORMAT,
    TARGET,
    around,
    print_sheets,
    progress,
    scenarios_asked,
    warn,
)
from trialwright.terms.errors import refuse


@click.command()
@click.argument("design", metavar="DESIGN")
@ARM
@TARGET
@click.option(
    "--days-between",
    type=click.FloatRange(0),
    required=True,
    help="Mean days from one enrolment until the next participant is ready.",
)
@click.option("--rates", multiple=True, metavar="P,P,...", help="True DLT rates of one scenario.")
@click.option(
    "--scenarios", "scenario_file", type=FILE, default=None, help="As `design oc` has it."
)
@click.option(
    "--response-rates",
    default="",
    metavar="P,P,...",
    help="True rate of responses at each level, for a design with backfill.",
)
@click.option("--trials", type=click.IntRange(1, 1_000_000), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@FORMAT
def simulate(
    design: str,
    arm: str,
    target: float | None,
    days_between: float,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    response_rates: str,
    trials: int,
    seed: int,
    form: str,
) -> None:
    """Simulate whole trials with their accrual, for designs that decide while some are pending.

    Before each enrolment the design is asked with what is known on that day; a DLT comes at a
    uniformly distributed time within the window. Every number has its Monte Carlo standard error.

    With backfill, whoever arrives while the cohort is full is treated at an open lower level or
    turned away; participants then arrive by a Poisson process.

    Exit status: 0 printed, 2 refused, e.g. when the design file states no window.
    """
    from trialwright.assembly.designs import design_of, in_time, seeded
    from trialwright.assembly.designs_backfilled import backfilled_in_time
    from trialwright.reports.design_sheets import duration_sheet, level_sheet, summary_sheet

    named = design_of(design, arm, target)
    warn(named)
    scenarios = scenarios_asked(rates, scenario_file, named, named.escalation.aim)
    with progress("trials") as note:
        if named.data.backfill is not None:
            found = backfilled_in_time(
                named, scenarios, response_rates, days_between, trials, seeded(seed), note
            )
        else:
            if response_rates:
                do = "Leave it out: only backfill looks at responses"
                raise refuse("--response-rates", response_rates, "nothing", do)
            found = in_time(named, scenarios, days_between, trials, seeded(seed), note)
    behaviours = [each for each, _ in found]
    escalation = named.escalation
    print_sheets(
        form,
        around(named),
        durations=duration_sheet(scenarios, [days for _, days in found]),
        levels=level_sheet(escalation, scenarios, behaviours),
        summary=summary_sheet(escalation, scenarios, behaviours),
    )
