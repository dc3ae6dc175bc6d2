"""Packages that come with an extra, loaded where they are needed alone, for they take long to."""

from collections.abc import Iterator
from contextlib import contextmanager

from trialwright.terms.errors import refuse


@contextmanager
def of_hospital(what: str, do: str) -> Iterator[None]:
    """Load what comes with the extra `hospital`, or refuse where it is not installed.

    Parameters
    ----------
    what : str
        What was asked for, as a refusal names it.
    do : str
        How to come by it.

    Yields
    ------
    None
        The packages are imported inside.

    Raises
    ------
    Refusal
        If one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        found = f"the package {missing.name} is not installed"
        raise refuse(what, found, "an installation with the extra hospital", do) from None
