"""Making frozen records by the hundred thousand, as a whole ledger is read."""

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar

Record = TypeVar("Record")


def maker(kind: type[Record]) -> Callable[..., Record]:
    """Give what makes a frozen record in a third of the time.

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

    def make(*entries: Any) -> Record:
        """Make a record."""
        made: Any = twin(*entries)
        made.__class__ = kind
        return made  # type: ignore[no-any-return]

    return make
