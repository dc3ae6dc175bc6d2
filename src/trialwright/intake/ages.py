"""Days of a condition that its record tells otherwise: by an age, or by having ended already."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from trialwright.casebook.facts import Condition
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between
from trialwright.terms.dates import PartialDate

_YEARS = frozenset({"a", "year", "years", "yr", "yrs"})
_OLDEST = 150  # years


@dataclass(frozen=True, slots=True)
class Ages:
    """Completed years of age.

    Attributes
    ----------
    began, ended : int or None, years
        At the onset and at the end of a condition; None where no age is recorded.
    """

    began: int | None = None
    ended: int | None = None


UNTOLD = Ages()
"""Of a record that tells no age."""


def ages_of(resource: Element) -> Ages:
    """Read the ages that a condition or procedure tells.

    Parameters
    ----------
    resource : Element
        A Condition or Procedure.

    Returns
    -------
    Ages
        None for one in another unit than years, with a comparator, or no whole number.

    Raises
    ------
    Refusal
        If one has another form.
    """
    began = resource.inner("onsetAge") or resource.inner("performedAge")
    return Ages(_whole_years(began), _whole_years(resource.inner("abatementAge")))


def dated(fact: Condition, ages: Ages, born: PartialDate | None) -> Condition:
    """Date a condition by the ages at which it began and ended.

    Parameters
    ----------
    fact : Condition
        As read.
    ages : Ages
        That its record tells.
    born : PartialDate or None
        Birth, as known.

    Returns
    -------
    Condition
        With the year of life as onset, as far as it was over when the condition was put on record,
        where no day is recorded; and as end, where it has ended on a day that is not recorded.
    """
    if born is None or ages == UNTOLD:
        return fact
    since, until = fact.since, fact.until
    if since is None and ages.began is not None:
        since = _by(fact.recorded, _year_of_life(born, ages.began))
    if until is not None and not until.is_recorded:
        lived = _year_of_life(born, ages.ended) if ages.ended is not None else until
        first = max(until.earliest, lived.earliest, since.earliest if since else date.min)
        last = min(until.latest, lived.latest)
        if first <= last:
            until = between(
                None if first == date.min else first, None if last == date.max else last
            )
    return replace(fact, since=since, until=until)


def ended_by(fact: Condition, assembled: PartialDate | None) -> Condition:
    """Bound the end of a condition that had ended when the records were put together.

    Parameters
    ----------
    fact : Condition
        As read.
    assembled : PartialDate or None
        Day on which the records were put together, where it is known.

    Returns
    -------
    Condition
        Ended by that day, unless a day of end is recorded or its onset lies later.
    """
    until = fact.until
    if until is None or assembled is None or until.latest < date.max:
        return fact
    if assembled.latest < until.earliest:
        return fact
    began = None if until.earliest == date.min else until.earliest
    return replace(fact, until=between(began, assembled.latest))


def _by(recorded: PartialDate | None, days: PartialDate) -> PartialDate:
    """Cut days off that come after the record; what is on record had begun."""
    if recorded is None or not days.earliest <= recorded.latest < days.latest:
        return days
    return between(days.earliest, recorded.latest)


def _whole_years(age: Element | None) -> int | None:
    """Read an age in completed years."""
    if age is None or "comparator" in age:
        return None
    value, unit = age.number("value"), (age.text("code") or age.text("unit")).casefold()
    if value is None or unit not in _YEARS or value % 1 or not 0 <= value <= _OLDEST:
        return None
    return int(value)


def _year_of_life(born: PartialDate, age: int) -> PartialDate:
    """Give the days on which somebody is of an age."""
    return between(_birthday(born.earliest, age), _birthday(born.latest, age + 1) - timedelta(1))


def _birthday(born: date, age: int) -> date:
    """Give the day on which an age is completed; 1 March for 29 February in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
