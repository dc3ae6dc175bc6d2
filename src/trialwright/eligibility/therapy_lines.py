"""Lines of therapy counted from treatments; what is not known makes the count an interval.

A protocol that does not count treatment under one cycle speaks of the therapy, not of an entry in
the record: paclitaxel given weekly is on record as a statement over months, or as administrations
of one day each. So the length is that of the course, from the first dose to the last of one
medicine within a line. Where only doses of several medicines of a line together are long enough,
as after a switch for toxicity, the record does not decide it.
"""

from collections.abc import Callable, Sequence
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
        Treatments that certainly are one line, in the order of their first doses; one whose first
        dose is not known to the day may be a line of its own, and is given as one.
    """
    return _lines(rule, records, _near(records), day)


def _lines(
    rule: LinesRule,
    records: Sequence[Treatment],
    near: Sequence[tuple[Treatment, ...]],
    day: date,
) -> tuple[Line, ...]:
    """Give the lines, each counted by what may be one line with it."""
    ordered = sorted(records, key=lambda each: _span(each)[0])
    return tuple(
        Line(line, counts(rule, line, day, _around(line, near)))
        for line in _grouped(ordered, is_one=_are_certainly_one)
    )


def _near(records: Sequence[Treatment]) -> list[tuple[Treatment, ...]]:
    """Group treatments that may be one line, in the order of their first doses; dated ones only."""
    dated = [each for each in records if each.since is not None]
    return _grouped(sorted(dated, key=lambda each: _span(each)[0]), is_one=_may_be_one)


def counted(rule: LinesRule, records: Sequence[Treatment], day: date) -> tuple[int, int]:
    """Count the lines that count.

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
    tuple of int, lines
        Least and most: fewer if treatments that may be one line are, and none counts that only
        may; more if they are not, and all count that may. A treatment whose first dose is not
        recorded may belong to any line, and may join two.
    """
    groups = _near(records)
    apart = _lines(rule, records, groups, day)
    most = sum(each.counts is not Answer.NOT_MET for each in apart)
    counting = [each.treatments for each in apart if each.counts is Answer.MET]
    sure = [any(_shares(group, line) for line in counting) for group in groups]
    undated = [each for each in records if each.since is None]
    least = sum(sure) - _joined(groups, sure, len(undated))
    if any(_shares(undated, line) for line in counting):
        least = max(least, 1)
    return least, most


def _around(
    line: tuple[Treatment, ...], groups: Sequence[tuple[Treatment, ...]]
) -> tuple[Treatment, ...]:
    """Give the group in which a line lies; the line itself, if in none."""
    return next((group for group in groups if _shares(line[:1], group)), line)


def _shares(some: Sequence[Treatment], others: Sequence[Treatment]) -> bool:
    """Say whether one of some treatments is among others."""
    return any(one is other for one in some for other in others)


def _span(record: Treatment) -> tuple[date, date]:
    """Give the days between which the first dose lies."""
    if record.since is None:
        return date.min, date.max
    return record.since.earliest, record.since.latest


def _are_certainly_one(one: Treatment, other: Treatment) -> bool:
    """Say whether the first doses certainly lie close enough."""
    (first, last), (other_first, other_last) = _span(one), _span(other)
    return max((last - other_first).days, (other_last - first).days) <= APART_DAYS


def _may_be_one(one: Treatment, other: Treatment) -> bool:
    """Say whether the first doses may lie close enough."""
    spans = _span(one), _span(other)
    return (max(first for first, _ in spans) - min(last for _, last in spans)).days <= APART_DAYS


def _grouped(
    ordered: Sequence[Treatment], is_one: Callable[[Treatment, Treatment], bool]
) -> list[tuple[Treatment, ...]]:
    """Put together what belongs together, from one treatment to the next."""
    groups: list[list[Treatment]] = []
    for each in ordered:
        joined: list[Treatment] = []
        apart: list[list[Treatment]] = []
        for group in groups:
            if any(is_one(each, other) for other in reversed(group)):
                joined += group
            else:
                apart.append(group)
        groups = [*apart, [*joined, each]]
    return [tuple(group) for group in groups]


def _joined(groups: Sequence[tuple[Treatment, ...]], sure: Sequence[bool], undated: int) -> int:
    """Say how many lines that count may be joined to another by undated treatments between them."""
    costs: list[int] = []  # undated treatments needed between one line that counts and the next
    cost: int | None = None
    for place, (group, is_sure) in enumerate(zip(groups, sure, strict=True)):
        if cost is not None:
            last = max(_span(each)[1] for each in groups[place - 1])
            gap = (min(_span(each)[0] for each in group) - last).days
            cost += max(0, -(-gap // APART_DAYS) - 1)
        if is_sure:
            costs += [] if cost is None else [cost]
            cost = 0
    joined = 0
    for each in sorted(costs):
        undated -= each
        joined += undated >= 0
    return joined


def counts(
    rule: LinesRule, line: Sequence[Treatment], day: date, near: Sequence[Treatment] = ()
) -> Answer:
    """Say whether a line counts: one treatment of it is enough.

    Parameters
    ----------
    rule : LinesRule
        Which settings, ends and lengths count.
    line : sequence of Treatment
        Those that certainly are one line.
    day : date
        The day judged.
    near : sequence of Treatment
        Those that may be one line with them, themselves too; empty: no others.

    Returns
    -------
    Answer
        Unknown while a part of the record that matters is missing.
    """
    courses: dict[str, list[Treatment]] = {}
    for each in line:
        courses.setdefault(each.medicine, []).append(each)
    lasted = {name: _lasted(rule, given, near or line, day) for name, given in courses.items()}
    return any_of(
        [
            all_of([_of_setting(rule, each), _ended(rule, each), lasted[each.medicine]])
            for each in line
        ]
    )


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


def _lasted(
    rule: LinesRule, course: Sequence[Treatment], near: Sequence[Treatment], day: date
) -> Answer:
    """Say whether it lasted long enough, first and last dose included.

    At least as long as the course, doses of one medicine in one line; at most as long as all that
    may be one line with it.
    """
    if not rule.least_days:
        return Answer.MET
    if any(each.since is None for each in course):
        return Answer.UNKNOWN
    first = min(_span(each)[1] for each in course)
    last = max(last_dose(each, day).earliest for each in course)
    if (last - first).days + 1 >= rule.least_days:
        return Answer.MET
    first = min(_span(each)[0] for each in near)
    last = max(last_dose(each, day).latest for each in near)
    return Answer.NOT_MET if (last - first).days + 1 < rule.least_days else Answer.UNKNOWN


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
        Counted from the last dose to the first onset. Not met without such treatment or relapse on
        record: a relapse that nobody recorded is none to count. Unknown where dates or the setting
        leave it open.
    """
    sure = [each for each in onsets if each.is_present and each.is_confirmed]
    if not sure or not before:
        return Answer.NOT_MET
    spans = [_onset(each, day) for each in sure]
    first = min(earliest for earliest, _ in spans), min(latest for _, latest in spans)
    return any_of([_soon_after(rule, each, first, day) for each in before])


def _onset(record: Condition, day: date) -> tuple[date, date]:
    """Give the days between which a condition began."""
    if record.since is not None:
        return record.since.earliest, record.since.latest
    return date.min, min(record.recorded.latest, day) if record.recorded else day


def _soon_after(
    rule: LinesRule, record: Treatment, relapse: tuple[date, date], day: date
) -> Answer:
    """Say whether a relapse began during or soon after one treatment."""
    if record.intent is None:
        setting = Answer.UNKNOWN
    else:
        is_early = record.intent in ("adjuvant", "neoadjuvant")
        setting = Answer.MET if is_early else Answer.NOT_MET
    earliest, latest = relapse
    began = Answer.UNKNOWN
    if record.since is not None:
        began = _order(record.since.latest <= earliest, record.since.earliest > latest)
    dose, days = last_dose(record, day), rule.relapse_days or 0
    soon = _order(
        (latest - dose.earliest).days <= days,
        (earliest - dose.latest).days > days,
    )
    return all_of([setting, began, soon])


def _order(is_so: bool, is_not: bool) -> Answer:
    """Give an answer of what is certainly so, or certainly not."""
    if is_so:
        return Answer.MET
    return Answer.NOT_MET if is_not else Answer.UNKNOWN
