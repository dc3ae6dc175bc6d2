"""Courses of a medicine: records that go on from each other, as one supply follows another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from trialwright.casebook.treatments import Treatment
from trialwright.eligibility.last_dose import last_dose


def first_of_courses(
    records: Iterable[Treatment], gap_days: int, day: date
) -> Mapping[Treatment, Treatment]:
    """Give the record with which the course of each may have begun.

    Parameters
    ----------
    records : iterable of Treatment
        Of one participant; not certainly begun after the day.
    gap_days : int, days
        A record goes on from those of its medicine before it if it begins at most so many days
        after the latest day of their last doses.
    day : date
        The day judged.

    Returns
    -------
    mapping of Treatment to Treatment
        The record itself where it goes on from none. A first dose that is not recorded may have
        been the first of all, and an end that is not recorded reaches every later record.
    """
    by_medicine = sorted(records, key=lambda each: (each.medicine, _first_day(each)))
    firsts: dict[Treatment, Treatment] = {}
    for _, same in groupby(by_medicine, key=attrgetter("medicine")):
        first, reached = None, date.min
        for each in same:
            if first is None or (_first_day(each) - reached).days > gap_days:
                first = each
            firsts[each] = first
            reached = max(reached, last_dose(each, day).latest)
    return firsts


@dataclass(frozen=True, slots=True)
class DoseSince:
    """Since when a dose is taken, as far as records say.

    Attributes
    ----------
    earliest, latest : date
        Days between which it was begun, or changed to, included.
    before : Treatment or None
        The record from which it may go on unchanged, where there is one.
    """

    earliest: date
    latest: date
    before: Treatment | None = None


def dose_since(
    record: Treatment, firsts: Mapping[Treatment, Treatment], day: date
) -> DoseSince | None:
    """Say since when the dose of a record is taken.

    Parameters
    ----------
    record : Treatment
        The record.
    firsts : mapping of Treatment to Treatment
        As `first_of_courses` gives it; a record that is not there goes on from none.
    day : date
        The day judged: a later change is not known yet.

    Returns
    -------
    DoseSince or None
        None when neither a first dose nor a change is recorded. A record that goes on from others
        and tells no change may have its dose since the first of them.
    """
    changed = record.changed
    if changed is not None and changed.earliest <= day:
        same = [each for each in firsts if _gives_its_dose(each, record)]
        if not same:
            return DoseSince(changed.earliest, changed.latest)
        record = same[0]
    if record.since is None:
        return None
    first = firsts.get(record, record)
    before = first if _first_day(first) < record.since.earliest else None
    return DoseSince(_first_day(first), record.since.latest, before)


def _gives_its_dose(other: Treatment, record: Treatment) -> bool:
    """Say whether a record has the dose of an earlier one, of which no change is told."""
    is_earlier = other.medicine == record.medicine and record.changed != record.since
    return is_earlier and other.changed is None and other.since == record.changed


def _first_day(record: Treatment) -> date:
    """Give the earliest day of a first dose; the first of the calendar when it is not recorded."""
    return record.since.earliest if record.since else date.min
