"""The front door: `trialwright`, with one command a module."""

import click

from trialwright import __version__
from trialwright.cli.ask_command import ask
from trialwright.cli.demo_command import demo
from trialwright.cli.design_commands import design
from trialwright.cli.generate_command import generate
from trialwright.cli.judge_command import judge
from trialwright.cli.ledger_commands import ledger
from trialwright.cli.next_dose_command import next_dose
from trialwright.cli.printing import SpeakingGroup
from trialwright.cli.protocol_commands import protocol
from trialwright.cli.reference_command import reference
from trialwright.cli.registry_commands import registry
from trialwright.cli.screen_command import screen
from trialwright.cli.trial_commands import trial


@click.group(cls=SpeakingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trialwright")
def main() -> None:
    """Run an executable phase I oncology trial: the protocol is data, every answer has a reason.

    Exit status: 0 answered, 2 refused (each fault says where, what was found, what is allowed and
    what to do).
    """


main.add_command(demo)
main.add_command(protocol)
main.add_command(registry)
main.add_command(screen)
main.add_command(judge)
main.add_command(generate)
main.add_command(trial)
main.add_command(design)
main.add_command(next_dose)
main.add_command(ask)
main.add_command(ledger)
main.add_command(reference)
