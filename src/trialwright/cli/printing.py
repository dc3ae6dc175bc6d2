"""How commands speak: answers to standard output, refusals to standard error, never a traceback."""

import json
import sys
from typing import Any

import click

from trialwright.terms.errors import Refusal

REFUSED = 2
"""Exit status of a refusal: something given could not be taken."""


class SpeakingGroup(click.Group):
    """A group of commands in which a refusal is printed fault by fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named.

        Parameters
        ----------
        ctx : click.Context
            The call.

        Returns
        -------
        object
            What the command returns.
        """
        try:
            return super().invoke(ctx)
        except Refusal as refused:
            for fault in refused.faults:
                click.echo(str(fault), err=True)
            ctx.exit(REFUSED)


def print_json(value: object) -> None:
    """Print a value as JSON on standard output.

    Parameters
    ----------
    value : object
        Mappings, lists, text and numbers.
    """
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
