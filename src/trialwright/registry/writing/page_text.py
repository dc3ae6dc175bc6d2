"""A record as the text of a trial page of cancer.gov, in the form that `registry.page` reads.

That form has no place for endpoints, dates, conditions, other investigators than one, or a site's
town: they stand in the other shapes of a record.
"""

import re
from collections.abc import Iterator

from trialwright.registry.record import Record, RecordSite
from trialwright.registry.writing.arm_words import one_line, words_of_arm
from trialwright.registry.writing.criterion_words import line_of_criterion
from trialwright.registry.writing.design_words import (
    follow_up_of,
    has_headings,
    heading_of,
    objectives_of,
    outline_of,
)

NAVIGATION = "Skip to main content"
"""The site's own first line, on every page of it."""


_PAGE_PHASE = re.compile(r"[IV]{1,3}[ab]?(?:/[IV]{1,3}[ab]?)*")


def write_page(record: Record) -> str:
    """Write a record as the text of a trial page.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        What the record states, in the order and under the headings of the page; a page that was
        read comes back equal but for white space.
    """
    blocks = [
        NAVIGATION,
        one_line(record.title),
        _named("Trial Status:", _status(record)),
        one_line(record.summary),
        *_criteria(record),
        *(_site(each) for each in record.sites),
        *_objectives(record),
        _named("OUTLINE:", outline_of(record)),
        *(_named(f"ARM {arm.id}:", words_of_arm(record, arm)) for arm in record.arms),
        follow_up_of(record),
        _named("Trial Phase", _phase(record)),
        _named("Trial Type", one_line(record.trial_type).replace("_", " ").title()),
        _below("Lead Organization", record.lead_organisation),
        _below("Principal Investigator", _lead(record)),
        _numbers(record),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def secondary_numbers(record: Record) -> tuple[str, ...]:
    """Give the numbers of a trial beside the lead organisation's and the NCT number.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    tuple of str
        Each once.
    """
    first = [record.identifiers.nci] if record.identifiers.nci else []
    others = [one_line(each.id) for each in record.publication.other_numbers]
    known = {record.identifiers.nct, record.identifiers.local}
    return tuple(each for each in dict.fromkeys((*first, *others)) if each not in known)


def _named(name: str, value: str) -> str:
    """Give a line that names itself; nothing without a value."""
    return f"{name} {value}" if value else ""


def _below(heading: str, value: str) -> str:
    """Give a heading with its value in the next line; nothing without a value."""
    return f"{heading}\n{one_line(value)}" if value.strip() else ""


def _status(record: Record) -> str:
    """Give the status as the page words it; an older word of the record only if it still holds."""
    word = record.publication.status_word
    is_same = word.lower() == record.status.lower() and not word.isupper()
    return word if is_same else record.status.replace("_", " ").capitalize()


def _phase(record: Record) -> str:
    """Give the phase with the word for it; the record's line only where a page words it so."""
    line = one_line(record.publication.phase_line).removeprefix("Phase ")
    phase = line if _PAGE_PHASE.fullmatch(line) else one_line(record.phase)
    return f"Phase {phase}" if phase else ""


def _lead(record: Record) -> str:
    """Give the principal investigator; the page has a place for one."""
    leads = (each.name for each in record.investigators if each.role == "principal-investigator")
    return next(leads, "")


def _criteria(record: Record) -> Iterator[str]:
    """Give the two lists of criteria, each under its heading."""
    for heading, is_exclusion in (("Inclusion Criteria", False), ("Exclusion Criteria", True)):
        bullets = [
            f"  • {line_of_criterion(each)}"
            for each in record.criteria
            if each.is_exclusion == is_exclusion
        ]
        if bullets:
            yield "\n".join([f"{heading}\n", *bullets])


def _site(site: RecordSite) -> str:
    """Give a site: its name, status, contact and phone."""
    return "\n".join(
        line
        for line in (
            one_line(site.name),
            _named("Status:", site.status.upper()),
            _named("Contact:", one_line(site.contact)),
            _named("Phone:", one_line(site.phone)),
        )
        if line
    )


def _objectives(record: Record) -> Iterator[str]:
    """Give the objectives; a detailed description stands for them where there are none."""
    if not record.objectives:
        yield record.publication.description.strip()
    for rank, objectives in objectives_of(record):
        if has_headings(record):
            yield heading_of(rank, len(objectives))
        yield "\n".join(objectives)


def _numbers(record: Record) -> str:
    """Give the registration numbers."""
    numbers = (
        ("Primary ID", record.identifiers.local),
        ("Secondary IDs", ", ".join(secondary_numbers(record))),
        ("ID", record.identifiers.nct),
    )
    return "\n".join(f"  • {name} {number}" for name, number in numbers if number)
