"""When a participant becomes eligible for an arm, and until when, if nothing else is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Coverage
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.overall import (
    OPEN,
    CriterionVerdict,
    Overall,
    Screening,
    reason,
    roll_up,
)
from trialwright.eligibility.screening import ScreeningOfArms, screen_arms
from trialwright.eligibility.windows import up_to
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.verdicts import Answer

AT_MOST_DAYS = 400
"""How far an outlook reaches, from the day of registration."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead for one arm.

    Attributes
    ----------
    arm : str
        Its letter.
    overall : Overall
        What the criteria come to now.
    first_eligible_on : date or None
        Day of registration from which on the participant is eligible, at once or once approved:
        the planned one, today unless it is given, or later; None when no day within reach is
        such a day.
    expires_on : date or None
        First day of registration, after that one, on which the participant no longer is; None
        when no day within reach is such a day, or none before it.
    no_longer_out_on : date or None
        Of somebody who is not eligible now: first day of registration on which no criterion fails,
        though some may be open; None when no day within reach is such a day, and of all others.
    because : str
        The sentence, with the criterion that changes and why.
    changes : bool
        Whether the arm opens or closes, or a criterion begins or ends to fail, within reach.
    """

    arm: str
    overall: Overall
    first_eligible_on: date | None
    expires_on: date | None
    no_longer_out_on: date | None
    because: str
    changes: bool


def outlook(
    study: Study,
    casebook: Casebook,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
    at_most_days: int = AT_MOST_DAYS,
) -> tuple[Outlook, ...]:
    """Say from when until when a participant is eligible for each arm.

    Registration is moved to each day on which an answer may turn, and everything is judged again
    as of that day: the first dose moves with it, consent and screening stay.

    Parameters
    ----------
    study : Study
        The protocol.
    casebook : Casebook
        What is known of the participant; a record known to be complete up to `as_of` is taken to
        stay complete.
    as_of : date
        Facts of later days do not count, on no day looked at.
    anchors : mapping of Anchor to date
        The named days that are known; registration is `as_of` unless given.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges, for results that carry none.
    at_most_days : int, days
        How far to look.

    Returns
    -------
    tuple of Outlook
        In the order of the arms.
    """
    start = anchors.get("registration", as_of)
    ahead = _Ahead(study, _known_by(casebook, as_of), as_of, start, anchors, laboratory)
    reach = up_to(start, at_most_days)
    now = screen_arms(study, ahead.casebook, as_of, {**anchors, "registration": start}, laboratory)
    before = ahead.judged_on(start) if start > as_of else now
    paths = {
        each.arm: _Path.of(each, planned, start)
        for each, planned in zip(now.screenings, before.screenings, strict=True)
    }
    pending = {*ahead.turns(now), *ahead.turns(before), *ahead.settles()}
    day = start
    while any(not each.is_closed for each in paths.values()):
        later = [each for each in pending if day < each <= reach]
        if not later:
            break
        day = min(later)
        judged = ahead.judged_on(day)
        for was, then in zip(before.screenings, judged.screenings, strict=True):
            paths[then.arm] = paths[then.arm].at(day, was, then)
        pending.update(ahead.turns(judged))
        before = judged
    return tuple(each.told(at_most_days) for each in paths.values())


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A participant judged on days ahead, by what is known now."""

    study: Study
    casebook: Casebook
    as_of: date
    start: date
    anchors: Mapping[Anchor, date]
    laboratory: tuple[LaboratoryRange, ...]

    def judged_on(self, day: date) -> ScreeningOfArms:
        """Judge everything with registration on a day, as of that day."""
        moved: dict[Anchor, date] = {**self.anchors, "registration": day}
        if "first_dose" in self.anchors:
            moved["first_dose"] = up_to(self.anchors["first_dose"], (day - self.start).days)
        last = max(day, self.as_of)
        spans = tuple(self._going_on(each, last) for each in self.casebook.coverage)
        known = replace(self.casebook, coverage=spans)
        return screen_arms(self.study, known, last, moved, self.laboratory)

    def _going_on(self, span: Coverage, last: date) -> Coverage:
        """Take a record that is complete up to the day judged to stay complete."""
        is_current = span.until.earliest >= self.as_of
        return replace(span, until=PartialDate.of(last)) if is_current else span

    def settles(self) -> Iterator[date]:
        """Give the days on which registration, or the first dose, reaches a date on record."""
        between = self.anchors.get("first_dose", self.start) - self.start
        for day in _settling(self.casebook, self.start):
            yield day
            if day - self.start > between:
                yield day - between

    def turns(self, judged: ScreeningOfArms) -> Iterator[date]:
        """Give the days of registration on which an answer may turn."""
        between = self.anchors.get("first_dose", self.start) - self.start
        anchored = {each.id: each.anchor for each in self.study.criteria}
        for screening in judged.screenings:
            for verdict in screening.verdicts:
                for day in verdict.finding.turns_on:
                    if anchored[verdict.criterion] == "first_dose":
                        yield from (day - between, day)  # by the first dose, or by today
                    elif anchored[verdict.criterion] == "registration":
                        yield day


@dataclass(frozen=True, slots=True)
class _Path:
    """What became of an arm up to the day looked at."""

    arm: str
    overall: Overall
    first_eligible_on: date | None = None
    expires_on: date | None = None
    no_longer_out_on: date | None = None
    because: tuple[str, ...] = ()

    @classmethod
    def of(cls, now: Screening, planned: Screening, day: date) -> "_Path":
        """Begin with the day of registration, which may be planned for later than today."""
        since = day if planned.overall in OPEN else None
        return cls(now.arm, now.overall, since)._turned(day, now, planned)

    @property
    def is_closed(self) -> bool:
        """Whether both days are known."""
        return self.expires_on is not None

    def at(self, day: date, was: Screening, now: Screening) -> "_Path":
        """Go on to a later day."""
        if self.is_closed:
            return self
        path = self._turned(day, was, now)
        if (was.overall in OPEN) == (now.overall in OPEN):
            return path
        if now.overall in OPEN:
            return replace(path, first_eligible_on=day)
        return replace(path, expires_on=day)

    def _turned(self, day: date, was: Screening, now: Screening) -> "_Path":
        """Note that an arm opens or closes, or that nobody is out of it any longer."""
        if _standing(was) == _standing(now):
            return self
        is_out = self.overall is Overall.NOT_ELIGIBLE and self.no_longer_out_on is None
        first = day if is_out and _standing(now) else self.no_longer_out_on
        return replace(self, no_longer_out_on=first, because=(*self.because, _tell(day, was, now)))

    def told(self, at_most_days: int) -> Outlook:
        """Say what lies ahead."""
        said = self.because
        if not said:
            said = (f"{self.overall}, and so for {at_most_days} days if nothing else is recorded",)
        elif self.overall in OPEN or not said[0].startswith(tuple(OPEN)):
            said = (str(self.overall), *said)
        because = f"arm {self.arm}: {', '.join(said)}"
        return Outlook(
            self.arm,
            self.overall,
            self.first_eligible_on,
            self.expires_on,
            self.no_longer_out_on,
            because,
            changes=bool(self.because),
        )


def _standing(screening: Screening) -> int:
    """Give 0 while a criterion fails, 1 while it cannot be told, 2 while an arm is open."""
    if screening.overall in OPEN:
        return 2
    return int(screening.overall is not Overall.NOT_ELIGIBLE)


def _tell(day: date, was: Screening, now: Screening) -> str:
    """Say from when an arm is open, no longer is, or can no longer or again be told."""
    is_lost = was.overall in OPEN and now.overall not in OPEN
    what = "no longer" if is_lost else str(now.overall)
    return f"{what} from {day.isoformat()} ({_changed(was, now)})"


def _changed(was: Screening, now: Screening) -> str:
    """Name the criteria that open or close an arm, and why."""
    closed = was if _standing(now) > _standing(was) else now
    if closed.died is not None:
        return reason(closed)
    named = {each.criterion for each in roll_up(closed.verdicts)[1]}
    return "; ".join(_told(each) for each in now.verdicts if each.criterion in named)


def _told(verdict: CriterionVerdict) -> str:
    """Say a verdict with its reason."""
    return f"{verdict.criterion} {verdict.word}: {verdict.finding.because.removesuffix('.')}"


def _known_by(casebook: Casebook, as_of: date) -> Casebook:
    """Leave out what is certainly later than a day, so that it counts on no day ahead."""

    def is_known(*days: PartialDate | None) -> bool:
        first = next((each for each in days if each is not None), None)
        return first is None or first.on_or_before(as_of) is not Answer.NOT_MET

    return replace(
        casebook,
        died=casebook.died if is_known(casebook.died) else None,
        observations=tuple(each for each in casebook.observations if is_known(each.on)),
        conditions=tuple(
            each for each in casebook.conditions if is_known(each.since, each.recorded)
        ),
        attestations=tuple(each for each in casebook.attestations if is_known(each.on)),
        treatments=tuple(
            each for each in casebook.treatments if is_known(each.since, each.recorded)
        ),
        specimens=tuple(each for each in casebook.specimens if is_known(each.on)),
    )


def _settling(casebook: Casebook, start: date) -> Iterator[date]:
    """Give the days from the start on which a date is reached, may be, and has passed."""
    days: Sequence[PartialDate | None] = [
        casebook.died,
        *(each.on for each in casebook.observations),
        *(each.on for each in casebook.attestations),
        *(each.on for each in casebook.specimens),
        *(each.until for each in casebook.coverage),
        *(day for each in casebook.conditions for day in (each.since, each.until, each.recorded)),
        *(
            day
            for each in casebook.treatments
            for day in (each.since, each.until, each.changed, each.recorded)
        ),
    ]
    for each in days:
        if each is not None and each.latest >= start:
            for end in (each.earliest, each.latest):
                yield from (end, up_to(end, 1))
