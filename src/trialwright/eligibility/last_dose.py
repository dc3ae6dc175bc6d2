"""The last dose of a treatment, as an interval of days."""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.treatments import Treatment
from trialwright.terms.verdicts import Answer


@dataclass(frozen=True, slots=True)
class LastDose:
    """When the last dose was taken, as far as the record says.

    Attributes
    ----------
    earliest, latest : date
        Days between which it lies, included.
    """

    earliest: date
    latest: date


def last_dose(record: Treatment, day: date) -> LastDose:
    """Give the last dose up to a day.

    Parameters
    ----------
    record : Treatment
        The treatment; not certainly begun after the day.
    day : date
        The day judged: what lies later is not known yet.

    Returns
    -------
    LastDose
        A treatment that goes on had its last dose on the day itself. An end that is not recorded
        leaves everything open from the first dose on; for one that has ended, up to the day on
        which it was put on record as ended.
    """
    first = record.since.earliest if record.since else date.min
    if record.until is not None:
        return LastDose(min(record.until.earliest, day), min(record.until.latest, day))
    if record.is_ongoing:
        return LastDose(day, day)
    last = day
    if record.is_ongoing is False and record.recorded is not None:
        last = min(day, record.recorded.latest)
    return LastDose(min(first, last), last)


def has_begun(record: Treatment, day: date) -> Answer:
    """Say whether a treatment has certainly begun by a day.

    Parameters
    ----------
    record : Treatment
        The treatment.
    day : date
        The day judged.

    Returns
    -------
    Answer
        Unknown when the first dose may lie after the day. A first dose that is not recorded was
        given, and a treatment whose last dose has certainly passed had begun.
    """
    if record.since is None:
        return Answer.MET
    if record.until is not None and record.until.latest <= day:
        return Answer.MET
    return record.since.on_or_before(day)


def goes_on(record: Treatment, day: date) -> bool | None:
    """Say whether a treatment goes on at a day.

    Parameters
    ----------
    record : Treatment
        The treatment.
    day : date
        The day judged.

    Returns
    -------
    bool or None
        None when the record does not say, and when it was put on record as ended only after the
        day. A last dose on the day itself or later goes on.
    """
    if record.until is not None:
        if record.until.earliest >= day:
            return True
        return False if record.until.latest < day else None
    if record.is_ongoing is False and record.recorded is not None and record.recorded.latest > day:
        return None
    return record.is_ongoing
