"""How two texts differ, shown in line and short."""

from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST_SHOWN = 400
_MOST_WORDS = 500
_CONTEXT = 4


def inline(old: str, new: str) -> str:
    """Show how two texts differ, in line.

    Parameters
    ----------
    old, new : str
        Words of a clause.

    Returns
    -------
    str
        `[-gone-] {+new+}` with a few words around; what is far from a difference is cut to `...`.
    """
    ours, theirs = old.split()[:_MOST_WORDS], new.split()[:_MOST_WORDS]
    shown: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            shown.append(_around(ours[a:b], is_first=not shown, is_last=b == len(ours)))
            continue
        if b > a:
            shown.append(f"[-{' '.join(ours[a:b])}-]")
        if d > c:
            shown.append(f"{{+{' '.join(theirs[c:d])}+}}")
    return short(" ".join(shown), _MOST_SHOWN)


def short(words: str, most: int = 120) -> str:
    """Cut words for a sentence.

    Parameters
    ----------
    words : str
        Any words.
    most : int
        Longest text given, characters.

    Returns
    -------
    str
        On one line, cut with `...` when it is longer.
    """
    plain = " ".join(words.split())
    return plain if len(plain) <= most else plain[: most - 3].rstrip() + "..."


def _around(same: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """Cut words that are the same to those near a difference."""
    if len(same) <= 2 * _CONTEXT:
        return " ".join(same)
    head = "" if is_first else " ".join(same[:_CONTEXT]) + " "
    tail = "" if is_last else " " + " ".join(same[-_CONTEXT:])
    return f"{head}...{tail}"
