"""How commands speak: answers to standard output, refusals to standard error, never a traceback."""

import errno
import json
import os
import sys
from typing import Any

import click

from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.extras import missing_extra
from trialwright.terms.errors import Fault, Refusal

REFUSED = 2
"""Exit status of a refusal: something given could not be taken."""

_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Signs that JSON allows in a text and that other readers take for the end of a line."""


class SpeakingGroup(click.Group):
    """A group of commands in which a refusal is printed fault by fault, a missing extra as one."""

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
        _escape_what_cannot_be_shown()
        try:
            return super().invoke(ctx)
        except Refusal as refused:
            faults = refused.faults
        except ModuleNotFoundError as missing:
            absent = missing_extra(missing)
            if absent is None:
                raise
            faults = (absent,)
        except OSError as failed:
            of_file = _of_file(failed)
            if of_file is None:
                raise
            faults = (of_file,)
        for fault in faults:
            click.echo(str(fault), err=True)
        return ctx.exit(REFUSED)


def print_json(value: object) -> None:
    """Print a value as JSON on standard output.

    Parameters
    ----------
    value : object
        Mappings, lists, text, dates and numbers; decimals are written with every digit.
    """
    text = exact_json(value, indent=2 if sys.stdout.isatty() else 0)
    click.echo(text.encode("utf-8", "backslashreplace"))


def print_line(value: object) -> None:
    """Print a value as JSON on one line of standard output, UTF-8 whatever the terminal says.

    Parameters
    ----------
    value : object
        Mappings, lists, text and numbers.
    """
    text = json.dumps(value, ensure_ascii=False)
    for sign, escaped in _LINE_ENDS.items():
        text = text.replace(sign, escaped)
    click.echo(text.encode("utf-8", "backslashreplace"))


def _of_file(failed: OSError) -> Fault | None:
    """Say why a file could not be read or written; None where no file or disk is the cause."""
    if failed.errno in _FULL:
        do = "Make room, or name another place, and run it again"
        return Fault("disk", os.strerror(failed.errno), "room for what is written", do)
    if failed.filename is None or failed.errno == errno.EPIPE:
        return None
    why = failed.strerror or "cannot be used"
    return Fault("", why, "a path that can be used", "Correct it", str(failed.filename))


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A disk, an allowance or a file that takes no more."""


def _escape_what_cannot_be_shown() -> None:
    """Let a terminal that is not UTF-8 show other signs escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
