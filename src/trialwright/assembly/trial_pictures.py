"""Pictures of a report: from what members and outcomes bring to what figures show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from matplotlib.figure import Figure

from trialwright.assembly import shelf
from trialwright.assembly.plates import Plate
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.tumours import Response
from trialwright.conduct.outcomes import responses_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.endpoints.follow_up import study_day
from trialwright.endpoints.outcomes import Outcomes, PersonOutcome
from trialwright.figures.courses import Kind, Lane, Story, swimmer, timeline
from trialwright.figures.response_plots import Best, Trace, spider, waterfall
from trialwright.figures.survival_plot import kaplan_meier_plot
from trialwright.figures.toxicity_plots import Dosed, Wings, butterfly, dose_panel
from trialwright.reports.efficacy_tables import by_level, change_of
from trialwright.reports.members import (
    Member,
    grouped,
    names_of_terms,
    treated_until,
    worst_grades,
)
from trialwright.reports.results import ALL
from trialwright.safety.window import window_days, window_opened
from trialwright.terms.verdicts import Answer

MOST_CURVES = 4
"""Groups that a survival picture tells apart; of more, all are drawn as one."""


def safety_pictures(state: TrialState, found: Sequence[Member], cutoff: date) -> Iterator[Plate]:
    """Show dose and DLT of each arm, then adverse events by grade at its outer dose levels.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    found : sequence of Member
        The safety set.
    cutoff : date
        Data cutoff.

    Yields
    ------
    Plate
        Not drawn yet.
    """
    for arm in state.study.arms:
        inside = [each for each in found if each.here.arm == arm.id]
        if inside:
            doses = [
                arm.ladder.said(level + 1, state.study.agents)
                for level in range(len(arm.ladder.doses))
            ]
            title = f"Arm {arm.id}: dose levels and DLTs"
            yield Plate(title, dose_panel, (_dosed(inside), doses, title))
    for arm in state.study.arms:
        inside = [each for each in found if each.here.arm == arm.id]
        levels = list(dict.fromkeys(each.group for each in inside))
        if len(levels) > 1:
            left, right = levels[0], levels[-1]
            wings, sizes = _wings(found, left, right)
            name = f"Arm {arm.id}: adverse events at the lowest and the highest dose level"
            yield Plate(name, butterfly, (wings, (left, right), sizes, name))


def efficacy_pictures(
    state: TrialState, found: Outcomes, treated: Sequence[Member], cutoff: date
) -> Iterator[Plate]:
    """Show best change, change over time, time on study, and survival.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    found : Outcomes
        At the cutoff.
    treated : sequence of Member
        The safety set.
    cutoff : date
        Data cutoff.

    Yields
    ------
    Plate
        Not drawn yet; nothing without participants.
    """
    if not treated:
        return
    pairs = [(each, found.people[each.number]) for each in treated if each.number in found.people]
    confirmed = state.study.response.confirm
    title = "Best change of the sum of diameters"
    yield Plate(title, _waterfall, (list(_bests(pairs)), len(treated), title, confirmed))
    title = "Sum of diameters over time"
    yield Plate(title, spider, (list(_traces(pairs)), title))
    title = "Time on study"
    lanes = [_lane(member, each, cutoff) for member, each in pairs]
    yield Plate(title, swimmer, (lanes, cutoff.isoformat(), title))
    groups = by_level(state, found)
    levels = [name for name in groups if name != ALL]
    wanted = levels if 1 < len(levels) <= MOST_CURVES else [ALL]
    title = "Progression-free survival"
    curves = {name: groups[name].progression_free.curve for name in wanted}
    yield Plate(title, kaplan_meier_plot, (curves, title.lower(), title))
    title = "Overall survival"
    curves = {name: groups[name].overall.curve for name in wanted}
    yield Plate(title, kaplan_meier_plot, (curves, title.lower(), title))


def _waterfall(bests: list[Best], size: int, title: str, is_confirmed: bool) -> Figure:
    """Draw best changes."""
    return waterfall(bests, size, title, is_confirmed=is_confirmed)


def participant_picture(state: TrialState, member: Member, cutoff: date) -> Plate:
    """Show everything of one participant.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    member : Member
        Who.
    cutoff : date
        Data cutoff.

    Returns
    -------
    Plate
        The timeline, not drawn yet.
    """
    first, here = member.first_dose, member.here
    last = study_day(first, cutoff)
    events = [
        (
            event.term,
            study_day(first, max(event.started.earliest, first)) if event.started else 1,
            min(study_day(first, event.ended.latest), last) if event.ended else last,
            event.grade,
        )
        for event, _ in member.events
    ]
    window = state.study.required_arm(here.arm).dlt_window
    opened = window_opened(here.doses, window.anchor_agent, cutoff)
    days = window_days(window, opened) if opened else None
    span = (study_day(first, days.opened), study_day(first, days.last)) if days else None
    notes = [(study_day(first, on), words) for on, words in _ends(here, cutoff)]
    scans = tuple(
        (study_day(first, each.on), each.overall)
        for each in responses_of(state.study, here, cutoff)
    )
    story = Story(
        member.number, member.group, tuple(_runs(here.doses, first, cutoff)), tuple(events),
        scans, tuple(notes), span, last,
    )  # fmt: skip
    return Plate(f"Course of {member.number}", timeline, (story, cutoff.isoformat()))


def _ends(here: ParticipantState, cutoff: date) -> Iterator[tuple[date, str]]:
    """Give how treatment, the study and life ended; of a death of unknown day the last possible."""
    treatment, study, death = here.course.off_treatment, here.course.off_study, here.course.death
    if treatment is not None and treatment.on <= cutoff:
        yield treatment.on, f"treatment ended: {treatment.cause}"
    if study is not None and study.on <= cutoff:
        yield study.on, f"study ended: {study.cause}"
    if death is not None and death.on.earliest <= cutoff:
        day = "" if death.on.earliest == death.on.latest else f" in {death.on}"
        yield min(death.on.latest, cutoff), f"died{day}: {death.cause}"


def _dosed(inside: Sequence[Member]) -> list[Dosed]:
    """Give who was treated in the order of assignment; a new dose level begins a cohort."""
    ordered = sorted(inside, key=lambda each: (each.here.assigned_on or each.first_dose,
                                               each.number))  # fmt: skip
    dosed: list[Dosed] = []
    cohort = 0
    for each in ordered:
        level = each.here.dose_level or 1
        cohort += not dosed or dosed[-1].level != level
        dosed.append(Dosed(each.number, level, cohort, each.status.evaluable.state))
    return dosed


def _wings(found: Sequence[Member], left: str, right: str) -> tuple[list[Wings], tuple[int, int]]:
    """Count worst grades of each term in two groups, the most frequent term first."""
    groups = grouped(found)
    sides = [groups[left], groups[right]]
    worst = [[worst_grades(each) for each in side] for side in sides]
    names = names_of_terms([each for side in sides for each in side], shelf.ctcae_names())
    rows = []
    for plain, name in names.items():
        graded = ([had[plain] for had in side if had.get(plain)] for side in worst)
        left_counts, right_counts = (dict(Counter(grades)) for grades in graded)
        rows.append(Wings(name, left_counts, right_counts))
    rows.sort(key=lambda row: (-sum(row.left.values()) - sum(row.right.values()), row.term))
    return rows, (len(sides[0]), len(sides[1]))


Pair = tuple[Member, PersonOutcome]


def _bests(pairs: Sequence[Pair]) -> Iterator[Best]:
    """Give the bar of each participant: the lowest complete sum before progression."""
    for member, each in pairs:
        changes = [
            change
            for visit in each.timepoints
            if not visit.is_after_progression and (change := change_of(visit)) is not None
        ]
        yield Best(
            member.number,
            member.group,
            min(changes, default=None),
            each.best.response,
            any(visit.new == "UNEQUIVOCAL" for visit in each.timepoints),
            any(visit.nontarget is Response.PD for visit in each.timepoints),
        )


def _traces(pairs: Sequence[Pair]) -> Iterator[Trace]:
    """Give the line of each participant with an assessment of target lesions."""
    for member, each in pairs:
        first = member.first_dose
        points = tuple(
            (study_day(first, visit.on), change_of(visit), visit.overall)
            for visit in each.timepoints
            if visit.baseline_mm
        )
        if points:
            new = tuple(
                study_day(first, visit.on)
                for visit in each.timepoints
                if visit.new == "UNEQUIVOCAL"
            )
            yield Trace(member.number, member.group, points, each.best.response, new)


def _lane(member: Member, each: PersonOutcome, cutoff: date) -> Lane:
    """Give the lane of a participant."""
    here, first = member.here, member.first_dose
    treated = study_day(first, treated_until(here, cutoff))
    followed = max(treated, each.overall.days if each.overall else treated)
    days = [(study_day(first, visit.on), visit.overall) for visit in each.timepoints]
    ends = [*(day for day, _ in days), treated][1:]
    spans = tuple(
        (day, max(day, min(end, treated)), response)
        for (day, response), end in zip(days, ends, strict=True)
        if day < treated
    )
    ended = here.course.off_treatment
    is_off = ended is not None and ended.on <= cutoff
    has_died = each.overall is not None and each.overall.outcome == "event"
    events = list(_happened(member, days))
    events += [(treated, "off treatment")] if is_off else []
    events += [(followed, "death")] if has_died else []
    return Lane(member.number, member.group, treated, followed, spans, tuple(events),
                is_ongoing=not is_off and not has_died)  # fmt: skip


def _happened(member: Member, days: Sequence[tuple[int, Response]]) -> Iterator[tuple[int, Kind]]:
    """Give first response, first progression and DLTs, by study day."""
    for kind, wanted in (
        ("response", (Response.CR, Response.PR)),
        ("progression", (Response.PD,)),
    ):
        seen = [day for day, overall in days if overall in wanted]
        if seen:
            yield seen[0], "response" if kind == "response" else "progression"
    for event, verdict in member.events:
        if verdict.answer is Answer.MET and event.started is not None:
            yield study_day(member.first_dose, event.started.earliest), "DLT"


def _runs(
    doses: Sequence[DoseGiven], first: date, cutoff: date
) -> Iterator[tuple[str, int, int, str]]:
    """Join equal dosing days that follow each other."""
    for agent in dict.fromkeys(dose.agent for dose in doses):
        days = sorted(
            (study_day(first, dose.on), dose.status)
            for dose in doses
            if dose.agent == agent and dose.on <= cutoff
        )
        run: tuple[int, int, str] | None = None
        for day, status in days:
            if run is not None and run[2] == status and day == run[1] + 1:
                run = (run[0], day, status)
                continue
            if run is not None:
                yield (agent, *run)
            run = (day, day, status)
        if run is not None:
            yield (agent, *run)
