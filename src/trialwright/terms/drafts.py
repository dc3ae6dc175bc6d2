"""Making frozen records by the hundred thousand, as a whole ledger is read."""

from collections.abc import Callable, Sequence
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


def maker(kind: type[Record]) -> Callable[..., Record]:
    """Give what makes a frozen record in a sixth of the time.

    A frozen record is filled entry by entry past its own guard. A twin of the same form without a
    guard is filled at once; then it is given the record's kind, which is all that tells them apart.

    Parameters
    ----------
    kind : type
        A frozen dataclass with slots that checks nothing when it is made.

    Returns
    -------
    callable
        Takes every entry in its order, those with a default included, and gives the record.

    Raises
    ------
    TypeError
        If the dataclass checks what it is given, or its form is another than that of its entries.
    """
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} checks what it is given")
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    twin = make_dataclass(kind.__name__, names, slots=True)
    is_one: object = twin(*names)
    is_one.__class__ = kind  # a TypeError where the forms differ
    known: dict[str, Any] = {"_blank": object.__new__, "_twin": twin, "_kind": kind}
    exec(_written(names), known)  # noqa: S102 - as dataclasses write what makes them, of their names
    return cast("Callable[..., Record]", known["make"])


def _written(names: Sequence[str]) -> str:
    """Write what makes a record: a call of `__init__` would take longer than filling it."""
    lines = (
        f"def make({', '.join(names)}):",
        "made = _blank(_twin)",
        *(f"made.{name} = {name}" for name in names),
        "made.__class__ = _kind",
        "return made",
    )
    return "\n    ".join(lines)
