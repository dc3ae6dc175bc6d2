"""`trialwright protocol`: show and check protocols, and give the schema of their file."""

import click

from trialwright.assembly.protocols import load
from trialwright.cli.diff_command import diff
from trialwright.cli.export_command import export
from trialwright.cli.printing import print_json
from trialwright.cli.review_command import review
from trialwright.eligibility.trees import say
from trialwright.protocol.arms import Arm
from trialwright.protocol.describing import schema as described
from trialwright.protocol.study import Study
from trialwright.protocol.writing import write_study
from trialwright.visits.strip import cycle_strip


@click.group()
def protocol() -> None:
    """Show and check protocols."""


@protocol.command()
@click.argument("protocol")
@click.option("--json", "as_json", is_flag=True, help="Print the whole protocol as JSON.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the whole protocol as YAML.")
def show(protocol: str, *, as_json: bool, as_yaml: bool) -> None:
    """Show a protocol: PROTOCOL is the NCT number of a shipped one, or a file.

    What --json and --yaml print reads back as the same protocol.

    Exit status: 0 shown, 2 the protocol has faults.
    """
    if as_json and as_yaml:
        raise click.UsageError("choose one of --json and --yaml")
    study = load(protocol).study
    if as_json:
        print_json(study.model_dump())
    elif as_yaml:
        click.echo(write_study(study), nl=False)
    else:
        click.echo("\n".join(_told(study)))


@protocol.command()
@click.argument("protocol")
def check(protocol: str) -> None:
    """Check a protocol: every fault with its line, what is allowed and what to do.

    PROTOCOL is a file, or the NCT number of a shipped one.

    Exit status: 0 no fault, 2 faults.
    """
    study = load(protocol).study
    examples = sum(len(criterion.examples) for criterion in study.criteria)
    click.echo(
        f"{study.identifiers.nct} version {study.version}: no fault; "
        f"{len(study.criteria)} criteria, {examples} examples run, {len(study.arms)} arms"
    )


@protocol.command()
def schema() -> None:
    """Print the JSON Schema of a protocol file, for completion in editors.

    Exit status: 0.
    """
    print_json(described())


protocol.add_command(diff)
protocol.add_command(export)
protocol.add_command(review)


def _told(study: Study) -> list[str]:
    """Tell a study for people."""
    ids = study.identifiers
    lines = [
        f"{ids.nct} ({', '.join(each for each in (ids.nci, ids.local) if each)})",
        study.title,
        f"Phase {study.phase}, {study.trial_type}, {study.status}; version {study.version} of "
        f"{study.dated}; {study.lead_organisation}",
        "",
        "Objectives",
        *(f"  {each.rank}: {each.says}" for each in study.objectives),
        "",
        "Arms",
    ]
    for arm in study.arms:
        lines += _arm_told(arm, study)
    lines.append("Criteria")
    for criterion in study.criteria:
        arms = f" (arm {', '.join(criterion.arms)} only)" if criterion.arms else ""
        lines.append(f"  {criterion.id} {criterion.says}{arms}")
        if criterion.rule is not None:
            lines.append(f"      {criterion.kind}: {say(criterion.rule, study.terms)}")
    return lines


def _ladder_told(arm: Arm, study: Study) -> str:
    """Tell the dose levels of an arm; of two agents, both doses of each."""
    ladder, levels = arm.ladder, range(1, len(arm.ladder.doses) + 1)
    if ladder.second is not None:
        doses = ", ".join(ladder.said(level, study.agents) for level in levels)
        return f"dose levels of {' + '.join(ladder.agents)}: {doses}"
    doses = ", ".join(f"{dose:f}" for dose in ladder.doses)
    return f"dose levels of {ladder.agent}: {doses} {study.agents[ladder.agent].dose_unit}"


def _arm_told(arm: Arm, study: Study) -> list[str]:
    """Tell one arm: treatment, days, ladder, design."""
    return [
        f"  {arm.id}: {arm.says}",
        *(f"     {line.says}" for line in arm.dosing),
        *(f"     {line}" for line in cycle_strip(arm, 1, study.cycle_days).splitlines()),
        f"     {_ladder_told(arm, study)} {_labelled(arm.ladder.label)}",
        f"     design: {arm.escalation.title} {_labelled(arm.escalation.label)}",
        f"     DLT window: {arm.dlt_window.days} days from the first dose of "
        f"{arm.dlt_window.anchor_agent} {_labelled(arm.dlt_window.label)}",
        "",
    ]


def _labelled(label: str) -> str:
    """Put a label in brackets."""
    return f"[{label}]" if label else ""
