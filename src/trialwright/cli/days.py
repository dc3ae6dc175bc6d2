"""A civil date as an argument of a command."""

from datetime import date

import click


class Day(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.4
    """Takes year-month-day and nothing else."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read one day.

        Parameters
        ----------
        value : object
            As given.
        param : click.Parameter or None
            The option.
        ctx : click.Context or None
            The call.

        Returns
        -------
        date
            The day.
        """
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            if len(text) == len("2026-03-14"):
                return date.fromisoformat(text)
        except ValueError:
            pass
        return self.fail(f"{text!r} is no day: year-month-day, e.g. 2026-03-14", param, ctx)


DAY = Day()
"""Type of options that take a day."""
