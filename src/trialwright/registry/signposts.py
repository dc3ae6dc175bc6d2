"""The lines by which a cancer.gov page names its parts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from trialwright.registry.bullets import BULLET
from trialwright.registry.lines import Line

_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("navigation", r"Skip to main content"),
        ("status", r"Trial Status:\s*(?P<value>\S.*)"),
        ("inclusion", r"Inclusion Criteria:?"),
        ("exclusion", r"Exclusion Criteria:?"),
        ("phase", r"Trial Phase\s+Phase\s+(?P<value>\S.*)"),
        ("trial_type", r"Trial Type\s+(?P<value>\S.*)"),
        ("primary_id", r"[•*-]\s+Primary ID\s+(?P<value>\S+)"),
        ("secondary_ids", r"[•*-]\s+Secondary IDs?\s+(?P<value>\S.*)"),
        ("nct", r"[•*-]\s+(?:ClinicalTrials\.gov )?ID\s+(?P<value>NCT[0-9]{8})"),
        ("outline", r"OUTLINE:\s*(?P<value>\S.*)"),
        ("arm", r"ARM (?P<label>[A-Z0-9]{1,3}):\s*(?P<value>\S.*)"),
        ("follow_up", r"(?P<value>After completion of study treatment,.*)"),
        ("objectives", r"(?P<value>PRIMARY|SECONDARY|EXPLORATORY) OBJECTIVES?:?"),
        ("objective", r"(?-i:(?P<number>[IVX]{1,6}))\.\s+(?P<value>\S.*)"),
        ("lead_organisation", r"Lead Organi[sz]ation"),
        ("principal_investigator", r"Principal Investigator"),
        ("site_status", r"Status:\s*(?P<value>\S.*)"),
        ("contact", r"Contact:\s*(?P<value>\S.*)"),
        ("phone", r"Phone:\s*(?P<value>\S.*)"),
        ("bullet", rf"{BULLET.pattern}.*"),
    )
)

HEADED = ("lead_organisation", "principal_investigator")
"""Headings whose value stands in the next line."""

SITE = ("site_status", "contact", "phone")
"""Lines that follow the name of a site."""

ANCHORS = (
    *("status", "phase", "trial_type", "primary_id", "secondary_ids", "nct"),
    *("inclusion", "exclusion", "outline", "arm", *HEADED),
)
"""Kinds of which a text must have one to be read as a trial page at all."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A line with the kind that it names itself.

    Attributes
    ----------
    line : Line
        The line.
    kind : str
        `words` when it names itself nothing.
    value, label, number : str
        What follows the name; the arm's letter; the Roman number; each empty when there is none.
    """

    line: Line
    kind: str
    value: str = ""
    label: str = ""
    number: str = ""


def signed(line: Line) -> Signed:
    """Find what a line names itself.

    Parameters
    ----------
    line : Line
        Any line.

    Returns
    -------
    Signed
        Of the first kind that fits.
    """
    for kind, pattern in _KINDS:
        found = pattern.fullmatch(line.words)
        if found is not None:
            named = {name: text or "" for name, text in found.groupdict().items()}
            return Signed(line, kind, **named)
    return Signed(line, "words")


def grouped(lines: Iterable[Signed]) -> list[list[Signed]]:
    """Put together the lines that are read together: a heading with its value, a site.

    Parameters
    ----------
    lines : iterable of Signed
        In the order of the page.

    Returns
    -------
    list of list of Signed
        Every line in one group; a line without words ends a group.
    """
    groups: list[list[Signed]] = []
    for each in lines:
        if groups and _joins(each, groups[-1][-1]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _joins(each: Signed, above: Signed) -> bool:
    """Say whether a line is read together with the line above it."""
    if each.line.is_after_blank or above.kind not in {"words", *HEADED, *SITE}:
        return False
    return each.kind in SITE or (each.kind == "words" and above.kind not in SITE)
