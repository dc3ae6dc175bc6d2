"""Lines of therapy counted from treatments; what is not known makes the count an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.casebook.facts import Condition
from trialwright.casebook.treatments import Treatment
from trialwright.eligibility.last_dose import last_dose
from trialwright.protocol.event_rules import LinesRule
from trialwright.terms.verdicts import Answer, all_of, any_of

APART_DAYS = 28
"""Treatments whose starts lie at most so many days apart, from one to the next, are one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Treatments that count together.

    Attributes
    ----------
    treatments : tuple of Treatment
        In the order of their first doses.
    counts : Answer
        Whether it counts by the rule.
    """

    treatments: tuple[Treatment, ...]
    counts: Answer


def lines_of(rule: LinesRule, records: Sequence[Treatment], day: date) -> tuple[Line, ...]:
    """Group treatments into lines and say which count.

    Parameters
    ----------
    rule : LinesRule
        Which settings, ends and lengths count.
    records : sequence of Treatment
        Of the set.
    day : date
        The day judged.

    Returns
    -------
    tuple of Line
        In the order of their first doses; treatments without a first dose are lines of their own,
        before the others.
    """
    undated = [each for each in records if each.since is None]
    dated = sorted(
        ((each.since.earliest, each) for each in records if each.since is not None),
        key=lambda pair: pair[0],
    )
    groups: list[list[Treatment]] = []
    last: date | None = None
    for began, each in dated:
        if last is not None and (began - last).days <= APART_DAYS:
            groups[-1].append(each)
        else:
            groups.append([each])
        last = began
    return tuple(
        Line(tuple(group), any_of([counts(rule, each, day) for each in group]))
        for group in ([[each] for each in undated] + groups)
    )


def counts(rule: LinesRule, record: Treatment, day: date) -> Answer:
    """Say whether a treatment makes its line count.

    Parameters
    ----------
    rule : LinesRule
        Which settings, ends and lengths count.
    record : Treatment
        The treatment.
    day : date
        The day judged.

    Returns
    -------
    Answer
        Unknown while a part of the record that matters is missing.
    """
    return all_of([_of_setting(rule, record), _ended(rule, record), _lasted(rule, record, day)])


def _of_setting(rule: LinesRule, record: Treatment) -> Answer:
    """Say whether it was given in a setting that counts."""
    if record.intent is None:
        return Answer.UNKNOWN
    return Answer.MET if record.intent in rule.intents else Answer.NOT_MET


def _ended(rule: LinesRule, record: Treatment) -> Answer:
    """Say whether it ended for a reason that counts."""
    if not rule.stopped_for:
        return Answer.MET
    if record.is_ongoing and record.until is None:
        return Answer.NOT_MET
    if record.stopped_for is None:
        return Answer.UNKNOWN
    return Answer.MET if record.stopped_for in rule.stopped_for else Answer.NOT_MET


def _lasted(rule: LinesRule, record: Treatment, day: date) -> Answer:
    """Say whether it lasted long enough, first and last dose included."""
    if not rule.least_days:
        return Answer.MET
    dose = last_dose(record, day)
    if record.since is None:
        return Answer.UNKNOWN
    longest = (dose.latest - record.since.earliest).days + 1
    shortest = (dose.earliest - record.since.latest).days + 1
    if shortest >= rule.least_days:
        return Answer.MET
    return Answer.NOT_MET if longest < rule.least_days else Answer.UNKNOWN


def relapsed(
    rule: LinesRule,
    before: Sequence[Treatment],
    onsets: Sequence[Condition],
    day: date,
) -> Answer:
    """Say whether a relapse during or soon after (neo)adjuvant treatment counts as a line.

    Parameters
    ----------
    rule : LinesRule
        How soon after.
    before : sequence of Treatment
        Of the set after which a relapse counts.
    onsets : sequence of Condition
        Records of the relapse.
    day : date
        The day judged.

    Returns
    -------
    Answer
        Counted from the last dose. Not met without such treatment or relapse on record: a relapse
        that nobody recorded is none to count.
    """
    sure = [each for each in onsets if each.is_present and each.is_confirmed]
    first = min((each.since.earliest for each in sure if each.since), default=None)
    if first is None:
        return Answer.NOT_MET
    return (
        any_of([_soon_after(rule, each, first, day) for each in before])
        if before
        else (Answer.NOT_MET)
    )


def _soon_after(rule: LinesRule, record: Treatment, relapse: date, day: date) -> Answer:
    """Say whether a relapse began during or soon after one treatment."""
    if record.intent is None:
        setting = Answer.UNKNOWN
    else:
        is_early = record.intent in ("adjuvant", "neoadjuvant")
        setting = Answer.MET if is_early else Answer.NOT_MET
    began = Answer.UNKNOWN
    if record.since is not None:
        began = record.since.on_or_before(relapse)
    dose = last_dose(record, day)
    soon = Answer.UNKNOWN
    if (relapse - dose.earliest).days <= (rule.relapse_days or 0):
        soon = Answer.MET
    elif (relapse - dose.latest).days > (rule.relapse_days or 0):
        soon = Answer.NOT_MET
    return all_of([setting, began, soon])
