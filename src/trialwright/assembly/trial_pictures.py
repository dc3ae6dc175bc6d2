"""Pictures of a report: from what members and outcomes bring to what figures draw."""

from collections.abc import Iterator, Sequence
from datetime import date

from matplotlib.figure import Figure

from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.tumours import Response
from trialwright.conduct.state import TrialState
from trialwright.endpoints.follow_up import study_day
from trialwright.figures.courses import Kind, Lane, Story, swimmer, timeline
from trialwright.figures.response_plots import Best, Trace, spider, waterfall
from trialwright.figures.survival_plot import kaplan_meier_plot
from trialwright.figures.toxicity_plots import Dosed, Wings, butterfly, dose_panel
from trialwright.reports.efficacy_tables import curve_of
from trialwright.reports.members import Member, grouped, treated_until
from trialwright.reports.outcomes import Outcome, change_of
from trialwright.reports.results import ALL
from trialwright.safety.window import window_days, window_opened
from trialwright.terms.verdicts import Answer

MOST_CURVES = 4
"""Groups that a survival picture tells apart; of more, all are drawn as one."""


def safety_pictures(
    state: TrialState, found: Sequence[Member], cutoff: date
) -> Iterator[tuple[str, Figure]]:
    """Draw dose and DLT of each arm, and adverse events by grade at its outer dose levels.

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
    tuple of (str, Figure)
        Heading and picture.
    """
    for arm in state.study.arms:
        inside = [each for each in found if each.here.arm == arm.id]
        if inside:
            doses = [
                arm.ladder.said(level + 1, state.study.agents)
                for level in range(len(arm.ladder.doses))
            ]
            title = f"Arm {arm.id}: dose levels and DLTs"
            yield title, dose_panel(_dosed(inside), doses, title)
        levels = list(dict.fromkeys(each.group for each in inside))
        if len(levels) > 1:
            left, right = levels[0], levels[-1]
            wings, sizes = _wings(found, left, right)
            name = f"Arm {arm.id}: adverse events at the lowest and the highest dose level"
            yield name, butterfly(wings, (left, right), sizes, name)


def efficacy_pictures(
    state: TrialState, found: Sequence[Outcome], cutoff: date
) -> Iterator[tuple[str, Figure]]:
    """Draw best change, change over time, time on study, and survival.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    found : sequence of Outcome
        Of the safety set.
    cutoff : date
        Data cutoff.

    Yields
    ------
    tuple of (str, Figure)
        Heading and picture; nothing without participants.
    """
    if not found:
        return
    confirmed = state.study.response.confirm
    title = "Best change of the sum of diameters"
    yield title, waterfall(list(_bests(found)), len(found), title, is_confirmed=confirmed)
    title = "Sum of diameters over time"
    yield title, spider(list(_traces(found)), title)
    title = "Time on study"
    yield title, swimmer([_lane(each, cutoff) for each in found], cutoff.isoformat(), title)
    for name, title in (("pfs", "Progression-free survival"), ("os", "Overall survival")):
        groups = list(dict.fromkeys(each.member.group for each in found))
        wanted = groups if 1 < len(groups) <= MOST_CURVES else [ALL]
        curves = {
            group: curve_of(
                state,
                [getattr(each, name) for each in found if group in (each.member.group, ALL)],
            )
            for group in wanted
        }
        yield title, kaplan_meier_plot(curves, title.lower(), title)


def participant_picture(state: TrialState, member: Member, cutoff: date) -> Figure:
    """Draw everything of one participant.

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
    Figure
        The timeline.
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
    ended = here.course.off_treatment
    notes = []
    if ended is not None and ended.on <= cutoff:
        notes.append((study_day(first, ended.on), f"treatment ended: {ended.cause}"))
    story = Story(
        member.number, member.group, tuple(_runs(here.doses, first, cutoff)), tuple(events),
        (), tuple(notes), span, last,
    )  # fmt: skip
    return timeline(story, cutoff.isoformat())


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
    terms = {event.term for side in sides for each in side for event, _ in each.events}
    rows = []
    for term in terms:
        counts: list[dict[int, int]] = [{}, {}]
        for side, into in zip(sides, counts, strict=True):
            for each in side:
                grades = [event.grade for event, _ in each.events
                          if event.term == term and event.grade]  # fmt: skip
                if grades:
                    into[max(grades)] = into.get(max(grades), 0) + 1
        rows.append(Wings(term, counts[0], counts[1]))
    rows.sort(key=lambda row: (-sum(row.left.values()) - sum(row.right.values()), row.term))
    return rows, (len(sides[0]), len(sides[1]))


def _bests(found: Sequence[Outcome]) -> Iterator[Best]:
    """Give the bar of each participant."""
    for each in found:
        yield Best(
            each.member.number,
            each.member.group,
            each.best_change,
            each.best.response,
            any(visit.new == "UNEQUIVOCAL" for visit in each.visits),
            any(visit.nontarget is Response.PD for visit in each.visits),
        )


def _traces(found: Sequence[Outcome]) -> Iterator[Trace]:
    """Give the line of each participant with an assessment of target lesions."""
    for each in found:
        first = each.member.first_dose
        points = tuple(
            (study_day(first, visit.on), change_of(visit), visit.overall)
            for visit in each.visits
            if visit.baseline_mm
        )
        if points:
            new = tuple(
                study_day(first, visit.on) for visit in each.visits if visit.new == "UNEQUIVOCAL"
            )
            yield Trace(each.member.number, each.member.group, points, each.best.response, new)


def _lane(each: Outcome, cutoff: date) -> Lane:
    """Give the lane of a participant."""
    member, here = each.member, each.member.here
    first = member.first_dose
    treated = study_day(first, treated_until(here, cutoff))
    followed = max(treated, each.os.days)
    days = [(study_day(first, visit.on), visit.overall) for visit in each.visits]
    ends = [*(day for day, _ in days), treated][1:]
    spans = tuple(
        (day, max(day, min(end, treated)), response)
        for (day, response), end in zip(days, ends, strict=True)
        if day < treated
    )
    events: list[tuple[int, Kind]] = []
    responded = next((day for day, overall in days if overall in (Response.CR, Response.PR)), None)
    events += [(responded, "response")] if responded else []
    events += [(day, "progression") for day, overall in days if overall is Response.PD][:1]
    events += [
        (study_day(first, event.started.earliest), "DLT")
        for event, verdict in member.events
        if verdict.answer is Answer.MET and event.started is not None
    ]
    ended = here.course.off_treatment
    is_off = ended is not None and ended.on <= cutoff
    events += [(treated, "off treatment")] if is_off else []
    events += [(each.os.days, "death")] if each.os.outcome == "event" else []
    return Lane(member.number, member.group, treated, followed, spans, tuple(events),
                is_ongoing=not is_off and each.os.outcome != "event")  # fmt: skip


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
