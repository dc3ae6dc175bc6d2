"""Tables of disposition, demographics, exposure and adverse events, by arm and dose level."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.grading.terms_table import NOT_SHIPPED
from trialwright.reports.members import Member, names_of_terms, worst_grades
from trialwright.reports.results import ALL, Result, counted, middle
from trialwright.safety.dlt import DltVerdict
from trialwright.terms.quantities import Quantity
from trialwright.terms.verdicts import Answer

Groups = Mapping[str, tuple[Member, ...]]
Judged = tuple[AdverseEvent, DltVerdict]

DISPOSITION = "Disposition"
DEMOGRAPHICS = "Demographics"
EXPOSURE = "Exposure and dose intensity"
EVENTS = "Adverse events"
BY_TERM = "Adverse events by term and worst grade"
ANY_GRADE = "Adverse events by term and dose level, any grade"
HIGH_GRADE = "Adverse events by term and dose level, grade 3 or higher"


def disposition(state: TrialState, groups: Groups, cutoff: date) -> Iterator[Result]:
    """Count what became of everybody.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    groups : mapping of str to tuple of Member
        As `members.grouped` gives them.
    cutoff : date
        Data up to this day count.

    Yields
    ------
    Result
        Consented, failed in screening and registered for all; the rest by group.
    """
    everybody = tuple(state.participants.values())
    for row, asked in _BEFORE.items():
        number = sum(asked(each) for each in everybody)
        yield counted(DISPOSITION, row, ALL, number, len(everybody))
    ends = sorted({*_ends(groups[ALL], cutoff)})
    for group, inside in groups.items():
        yield counted(DISPOSITION, "treated", group, len(inside), len(inside))
        causes = _ends(inside, cutoff)
        number = len(inside) - len(causes)
        yield counted(DISPOSITION, "on treatment", group, number, len(inside))
        for cause in ends:
            row = f"off treatment: {cause}"
            yield counted(DISPOSITION, row, group, causes.count(cause), len(inside))
        for kind in ("dlt", "evaluable", "pending", "not evaluable", "unknown"):
            number = sum(each.status.evaluable.state == kind for each in inside)
            row = f"DLT: {_STANDS.get(kind, kind)}"
            yield counted(DISPOSITION, row, group, number, len(inside))
        dead = sum(each.here.course.death is not None for each in inside)
        yield counted(DISPOSITION, "died", group, dead, len(inside))


def _ends(inside: tuple[Member, ...], cutoff: date) -> list[str]:
    """Give why treatment ended, once for each participant off treatment."""
    off = [each.here.course.off_treatment for each in inside]
    return [each.cause for each in off if each is not None and each.on <= cutoff]


_STANDS = {
    "dlt": "evaluable, with a DLT",
    "evaluable": "evaluable, without a DLT",
    "pending": "DLT window runs",
}
"""How somebody stands in the counts of a dose meeting; who had a DLT is evaluable, as there."""

_BEFORE: Mapping[str, Callable[[ParticipantState], bool]] = {
    "consented": lambda here: True,
    "failed in screening": lambda here: here.course.screen_failure is not None,
    "registered": lambda here: here.registered_on is not None,
}


def demographics(groups: Groups) -> Iterator[Result]:
    """Describe the treated participants.

    Parameters
    ----------
    groups : mapping of str to tuple of Member
        As `members.grouped` gives them.

    Yields
    ------
    Result
        Age at consent in whole years, sex, ECOG performance status at the last finding before
        treatment.
    """
    for group, inside in groups.items():
        yield counted(DEMOGRAPHICS, "participants", group, len(inside), len(inside))
        ages = [age for each in inside if (age := _age(each)) is not None]
        yield middle(DEMOGRAPHICS, "age in years, median (range)", group, ages)
        for sex in ("female", "male"):
            number = sum(each.here.casebook.sex == sex for each in inside)
            yield counted(DEMOGRAPHICS, sex, group, number, len(inside))
        scores = [_score(each, "ecog") for each in inside]
        for score in ("0", "1", "2"):
            row = f"ECOG {score}"
            yield counted(DEMOGRAPHICS, row, group, scores.count(score), len(inside))
        missing = sum(each is None for each in scores)
        yield counted(DEMOGRAPHICS, "ECOG not recorded", group, missing, len(inside))


def exposures(groups: Groups) -> Iterator[Result]:
    """Describe exposure to each agent.

    Parameters
    ----------
    groups : mapping of str to tuple of Member
        As `members.grouped` gives them.

    Yields
    ------
    Result
        Weeks on the agent, doses, amount a week, and relative dose intensity where every planned
        day is recorded.
    """
    agents = dict.fromkeys(
        each.agent for member in groups[ALL] for each in member.exposures
    )  # fmt: skip
    for agent in agents:
        for group, inside in groups.items():
            seen = [each for one in inside for each in one.exposures if each.agent == agent]
            taken = [each for each in seen if each.doses]
            if not seen:
                continue
            yield counted(EXPOSURE, f"{agent}: taken by", group, len(taken), len(inside))
            weeks = [Fraction(each.days, 7) for each in taken]
            yield middle(EXPOSURE, f"{agent}: weeks", group, weeks, 1)
            yield middle(EXPOSURE, f"{agent}: doses", group, [each.doses for each in taken])
            a_week = [each.intensity for each in taken if each.intensity is not None]
            unit = seen[0].unit
            yield middle(EXPOSURE, f"{agent}: {unit} a week", group, a_week)
            shares = [
                100 * each.relative_intensity
                for each in taken
                if each.relative_intensity is not None
            ]
            yield middle(EXPOSURE, f"{agent}: relative dose intensity, %", group, shares)
            lower = sum(bool(each.reduced) for each in taken)
            yield counted(EXPOSURE, f"{agent}: with a dose reduced", group, lower, len(inside))
            held = sum(bool(each.held) for each in taken)
            yield counted(EXPOSURE, f"{agent}: with a dose held", group, held, len(inside))


def adverse_events(groups: Groups) -> Iterator[Result]:
    """Count participants with adverse events of each kind.

    Parameters
    ----------
    groups : mapping of str to tuple of Member
        As `members.grouped` gives them.

    Yields
    ------
    Result
        A participant counts once a row. What is not recorded has its own row and counts in no
        other.
    """
    for group, inside in groups.items():
        for row, asked in _KINDS.items():
            number = sum(any(asked(one) for one in each.events) for each in inside)
            yield counted(EVENTS, row, group, number, len(inside))


_KINDS: Mapping[str, Callable[[Judged], bool]] = {
    "any": lambda one: True,
    "related to a study agent": lambda one: bool(one[0].related_to),
    "serious": lambda one: one[0].is_serious is True,
    "serious and related": lambda one: one[0].is_serious is True and bool(one[0].related_to),
    "grade 3 or higher": lambda one: (one[0].grade or 0) >= 3,
    "grade 3 or higher and related": lambda one: (
        (one[0].grade or 0) >= 3 and bool(one[0].related_to)
    ),
    "grade 5": lambda one: one[0].grade == 5,
    "dose-limiting": lambda one: one[1].answer is Answer.MET,
    "would be dose-limiting, after the window": lambda one: one[1].is_late,
    "dose-limiting or not: undecided": lambda one: one[1].answer is Answer.UNKNOWN,
    "grade not recorded": lambda one: one[0].grade is None,
    "attribution not recorded": lambda one: one[0].related_to is None,
    "seriousness not recorded": lambda one: one[0].is_serious is None,
}


def by_term(
    groups: Groups, classes: Mapping[str, str], printed: Mapping[str, str]
) -> Iterator[Result]:
    """Count participants by system organ class, term and worst grade.

    Parameters
    ----------
    groups : mapping of str to tuple of Member
        As `members.grouped` gives them.
    classes : mapping of str to str
        CTCAE term, in lower case and American spelling, to its system organ class.
    printed : mapping of str to str
        The same, to the term as CTCAE prints it: events in either spelling count in its row.

    Yields
    ------
    Result
        Three tables: for everybody by worst grade; for each group any grade; for each group grade
        3 or higher, of terms that reached it. A participant counts once a row, with the worst
        grade.
    """
    everybody = groups[ALL]
    names = names_of_terms(everybody, printed)
    terms = sorted((_class(classes, plain), name, plain) for plain, name in names.items())
    rows: dict[str, tuple[str, ...]] = {}
    for soc, name, plain in terms:
        rows.setdefault(soc, ())
        rows[f"    {name}"] = (plain,)
        rows[soc] = (*rows[soc], plain)
    had = {each.number: worst_grades(each) for each in everybody}
    found = {row: {number: _worst(grades, named) for number, grades in had.items()}
             for row, named in rows.items()}  # fmt: skip
    for row, worst in found.items():
        for grade in range(1, 6):
            number = sum(each == grade for each in worst.values())
            yield counted(BY_TERM, row, f"grade {grade}", number, len(everybody))
        for name, least in (("any grade", 0), ("grade 3 or higher", 3)):
            number = _reached(worst.values(), least)
            yield counted(BY_TERM, row, name, number, len(everybody))
    for table, least in ((ANY_GRADE, 0), (HIGH_GRADE, 3)):
        for row, worst in found.items():
            if _reached(worst.values(), least):
                for group, inside in groups.items():
                    number = _reached((worst[each.number] for each in inside), least)
                    yield counted(table, row, group, number, len(inside))


def _reached(worst: Iterable[int | None], least: int) -> int:
    """Count participants with an event whose worst grade is at least so high."""
    return sum(each is not None and each >= least for each in worst)


def _class(classes: Mapping[str, str], plain: str) -> str:
    """Give the system organ class of a term."""
    return classes.get(plain, f"system organ class: {NOT_SHIPPED}")


def _worst(grades: Mapping[str, int], terms: tuple[str, ...]) -> int | None:
    """Give the worst grade of some terms; 0 when none is recorded, None without an event."""
    return max((grades[each] for each in terms if each in grades), default=None)


def _age(member: Member) -> int | None:
    """Give the age at consent in whole years; None unless the record decides it."""
    born, on = member.here.casebook.born, member.here.consented_on
    if born is None:
        return None
    ages = {
        on.year - day.year - ((on.month, on.day) < (day.month, day.day))
        for day in (born.earliest, born.latest)
    }
    return ages.pop() if len(ages) == 1 else None


def _score(member: Member, term: str) -> str | None:
    """Give the last score before treatment, in words."""
    seen = [
        each
        for each in member.here.casebook.observations
        if each.term == term and each.on.latest <= member.first_dose
    ]
    if not seen:
        return None
    value = max(seen, key=lambda each: each.on.latest).value
    return f"{value.value.normalize():f}" if isinstance(value, Quantity) else str(value)
