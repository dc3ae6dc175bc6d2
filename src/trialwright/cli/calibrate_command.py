"""`trialwright design calibrate`: the settings that select the correct level most often."""

from pathlib import Path

import click

from trialwright.cli.design_options import (
    ARM,
    FORMAT,
    TARGET,
    around,
    effort_asked,
    print_sheets,
    progress,
    scenarios_asked,
    warn,
    with_scenarios,
)


@click.command()
@click.argument("design", metavar="DESIGN")
@ARM
@TARGET
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="SETTING=VALUES",
    help="A setting of the design file with the values to try: a list 0.35,0.4,0.45, or "
    "LOW:HIGH:NUMBER, e.g. p_tox=0.36:0.48:7; repeat it for more settings. Of a CRM also halfwidth "
    "and prior_mtd, from which the skeleton follows.",
)
@click.option(
    "--most-overdose",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Largest mean probability of selecting an overdose; candidates above it stand last.",
)
@click.option("--top", type=click.IntRange(1), default=10, show_default=True,
              help="How many to print; CSV and JSON have all.")  # fmt: skip
@with_scenarios
@FORMAT
def calibrate(
    design: str,
    arm: str,
    target: float | None,
    vary: tuple[str, ...],
    most_overdose: float,
    top: int,
    rates: tuple[str, ...],
    scenario_file: Path | None,
    method: str,
    memory: int,
    trials: int,
    seed: int,
    form: str,
) -> None:
    """Rank the combinations of settings by how often they select the correct level.

    Without --rates or --scenarios, and with none in the design file: the MTD at each level, all
    safe, all too toxic, each counting alike.

    Exit status: 0 printed, 2 refused.
    """
    from trialwright.assembly.designs import design_of, seeded, varied
    from trialwright.escalation.calibrating import calibrate as ranked
    from trialwright.escalation.calibrating import candidates
    from trialwright.reports.design_sheets import calibration_sheet
    from trialwright.terms.errors import refuse

    named = design_of(design, arm, target)
    warn(named)
    escalation = named.escalation
    scenarios = scenarios_asked(rates, scenario_file, named, escalation.aim)
    if escalation.aim is None:
        do = "Name the DLT rate that the MTD should have"
        raise refuse("--target", f"none, and {escalation.name} has none", "a probability", do)
    tried = candidates(named.data, escalation.levels, varied(vary))
    with progress("candidates") as note:
        found = ranked(
            tried,
            escalation.levels,
            scenarios,
            escalation.aim,
            most_overdose,
            seeded(seed),
            effort_asked(method, memory, trials),
            note,
        )
    shown = found[:top] if form == "text" else found
    beside = {**around(named), "target": escalation.aim}
    print_sheets(form, beside, candidates=calibration_sheet(escalation.name, shown))
    if form == "text":
        methods = ", ".join(sorted({each.method for each in found}))
        click.echo(f"  {len(found)} candidates in {len(scenarios)} scenarios, {methods}")
