"""The front door: `trialwright`, with one command a module, loaded when it is named."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from trialwright import __version__
from trialwright.cli.printing import SpeakingGroup

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "demo_command:demo",
        "protocol": "protocol_commands:protocol",
        "registry": "registry_commands:registry",
        "screen": "screen_command:screen",
        "judge": "judge_command:judge",
        "generate": "generate_command:generate",
        "trial": "trial_commands:trial",
        "amendment": "amendment_commands:amendment",
        "cohort": "cohort_commands:cohort",
        "slot": "slot_commands:slot",
        "slots": "slots_command:slots",
        "design": "design_commands:design",
        "next-dose": "next_dose_command:next_dose",
        "calendar": "calendar_commands:calendar",
        "due": "calendar_commands:due",
        "response": "outcome_commands:response",
        "endpoints": "outcome_commands:endpoints",
        "import": "import_command:import_command",
        "ask": "ask_command:ask",
        "serve": "serve_command:serve",
        "accounts": "accounts_commands:accounts",
        "ledger": "ledger_commands:ledger",
        "reference": "reference_command:reference",
        "report": "report_command:report",
        "predictors": "predictor_commands:predictors",
        "biomarkers": "biomarker_commands:biomarkers",
    }
)
"""Command to the module of this room that holds it, and its name there.

A command loads what it needs and nothing that only its neighbours need: loading them all takes
seconds.
"""


class FrontDoor(SpeakingGroup):
    """A group whose commands are loaded when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the commands.

        Parameters
        ----------
        ctx : click.Context
            The call.

        Returns
        -------
        list of str
            In alphabetical order, as click lists them.
        """
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command.

        Parameters
        ----------
        ctx : click.Context
            The call.
        cmd_name : str
            Its name.

        Returns
        -------
        click.Command or None
            None when there is no such command.
        """
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        loaded = getattr(import_module(f"trialwright.cli.{module}"), name)
        if not isinstance(loaded, click.Command):
            raise TypeError(f"trialwright.cli.{module}:{name} is no command")
        return loaded


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trialwright")
def main() -> None:
    """Run an executable phase I oncology trial: the protocol is data, every answer has a reason.

    Exit status: 0 answered, 2 refused (each fault says where, what was found, what is allowed and
    what to do).
    """
