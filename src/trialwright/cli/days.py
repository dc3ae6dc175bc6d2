"""A civil date as an argument of a command."""

from datetime import date

import click

from trialwright.terms.errors import refuse


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


def planned(first_dose: date | None, as_of: date) -> date:
    """Give the day on which the first dose is planned.

    Parameters
    ----------
    first_dose : date or None
        As given.
    as_of : date
        The day judged, on which registration falls; the first dose does too unless one is given.

    Returns
    -------
    date
        The day.

    Raises
    ------
    Refusal
        If it is before the day judged: what was taken between the two would not count.
    """
    if first_dose is not None and first_dose < as_of:
        allowed = f"the day of --as-of, {as_of.isoformat()}, or a later one"
        raise refuse("--first-dose", first_dose.isoformat(), allowed, "Correct one of the days")
    return first_dose or as_of
