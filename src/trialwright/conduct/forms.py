"""Forms of payloads: an old one is read as the newest, by pure functions."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialwright.conduct.dose_decision_folding import with_advice
from trialwright.conduct.happenings import Happening
from trialwright.terms.errors import refuse

_FIRST = 1
"""The form that payloads have unless they changed."""

_NEWEST: Mapping[str, int] = MappingProxyType({"dose_decided": 2})
"""Act to the newest form of its payload, where it is not the first."""

_UPCASTERS: Mapping[tuple[str, int], Callable[[Happening], Happening]] = MappingProxyType(
    {("dose_decided", 1): with_advice}
)
"""Act and form to what gives the next form."""


def in_last_form(sequence: int, done: Happening) -> Happening:
    """Give a happening in the newest form of its act.

    Parameters
    ----------
    sequence : int
        Its place in the ledger, to be named.
    done : Happening
        As recorded.

    Returns
    -------
    Happening
        The same one when its form is the newest.

    Raises
    ------
    Refusal
        If the form is not known to this software: it is never guessed at.
    """
    newest, read = _NEWEST.get(done.act, _FIRST), done
    while read.schema < newest and (read.act, read.schema) in _UPCASTERS:
        read = _UPCASTERS[read.act, read.schema](read)
    if read.schema != newest:
        raise refuse(
            f"happening {sequence}",
            f"form {done.schema} of the act {done.act!r}",
            f"forms up to {newest}",
            "Read this ledger with the version that wrote it, or a later one",
        )
    return read
