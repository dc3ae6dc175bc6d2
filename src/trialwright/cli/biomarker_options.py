"""Options that commands about biomarkers share."""

from collections.abc import Mapping, Sequence
from typing import get_args

import click

from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.markers import TimePoint

PERMUTATIONS = click.option(
    "--permutations", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True,
    help="How often outcomes are permuted within arms.",
)  # fmt: skip
SEED = click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True,
    help="Of the generator (PCG64); printed in the report.",
)  # fmt: skip


def time_points_of(
    given: Sequence[str], option: str = "--time", form: str = "VALUE=TIME"
) -> Mapping[str, TimePoint]:
    """Read which time points values of a column, or labels of material, stand for.

    Parameters
    ----------
    given : sequence of str
        Each as `VALUE=TIME`, e.g. `Primary=archival`.
    option, form : str
        As a fault names them.

    Returns
    -------
    mapping of str to TimePoint
        By value.

    Raises
    ------
    Refusal
        Naming each that has no time point.
    """
    known = {each: each for each in get_args(TimePoint)}
    parts = [(each, *each.rpartition("=")[::2]) for each in given]
    faults = [
        Fault(option, shorten(each), f"{form}, with a time of {', '.join(known)}", "Correct it")
        for each, value, when in parts
        if not value or when not in known
    ]
    if faults:
        raise Refusal(faults)
    return {value: known[when] for _, value, when in parts}
