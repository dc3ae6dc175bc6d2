"""Invented versions of an invented trial, written as a page and read as one."""

from collections.abc import Sequence

from trialwright.registry.amending.amendment import Amendment, Change
from trialwright.registry.amending.building import version_of_draft
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version
from trialwright.registry.page import read_page


def page_of(
    inclusion: Sequence[str] = (), exclusion: Sequence[str] = (), arms: Sequence[str] = ()
) -> str:
    """Write a page with two lists and the words of arms A, B, C."""
    lines = ["Trial Status: Active", "", "Inclusion Criteria", ""]
    lines += [f"  • {words}" for words in inclusion]
    lines += ["", "Exclusion Criteria", ""]
    lines += [f"  • {words}" for words in exclusion]
    for letter, words in zip("ABCDEF", arms, strict=False):
        lines += ["", f"ARM {letter}: {words}"]
    return "\n".join(lines) + "\n"


def version(
    inclusion: Sequence[str] = (), exclusion: Sequence[str] = (), arms: Sequence[str] = ()
) -> Version:
    """Give the version that such a page states."""
    return version_of_draft(read_page(page_of(inclusion, exclusion, arms), "invented.txt"))


def compared(
    old: tuple[Sequence[str], Sequence[str]], new: tuple[Sequence[str], Sequence[str]]
) -> Amendment:
    """Compare two pairs of lists of criteria."""
    return differences(version(*old), version(*new))


def only(amendment: Amendment) -> Change:
    """Give the change there is, or fail."""
    assert len(amendment.changes) == 1, [each.says for each in amendment.changes]
    return amendment.changes[0]


def about(amendment: Amendment, topic: str) -> tuple[Change, ...]:
    """Give the changes on a topic."""
    return tuple(each for each in amendment.changes if topic in each.topic)
