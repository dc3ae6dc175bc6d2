"""Central review of the invented trial: two readers who differ, and an adjudicator who decides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from trialwright.assembly import story
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.acts import Act, RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.central_records import READERS, Adjudicate, Central
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import ADJUDICATOR_ROLE, READER, Actor
from trialwright.terms.sources import Source

READ_CENTRALLY = story.FIRST
"""Whom central readers read: at the second visit one of them alone sees a new lesion."""

READING = (
    Actor("r.haddad", READER, EVERY_SITE),
    Actor("t.novak", READER, EVERY_SITE),
    Actor("a.mensah", ADJUDICATOR_ROLE, EVERY_SITE),
)
"""The two readers, and who decides between them."""

READERS_NAMES = {
    "r.haddad": "Rana Haddad",
    "t.novak": "Tomas Novak",
    "a.mensah": "Abena Mensah",
}
"""Invented names, as signatures print them."""

_FILM = Source("person", "central reading")
_SEEN_BY_SECOND = (Decimal("35.5"), Decimal("22.5"))
"""Targets as the second reader measures them at baseline, mm."""

_READ_AFTER, _ADJUDICATED_AFTER = timedelta(days=2), timedelta(days=5)
"""Days from the last image."""


def central_acts(number: str, moved: timedelta) -> Iterator[tuple[date, Act, Actor]]:
    """Give the readings of both readers, and the decision between them.

    Parameters
    ----------
    number : str
        Study number.
    moved : timedelta
        How far the story is moved in time.

    Yields
    ------
    tuple of date, Act and Actor
        Day of entry, act, and who does it.
    """
    baseline = replace(story.tumour_baseline(), on=story.SCREENING + moved, source=_FILM)
    visits = [replace(each, on=each.on + moved, source=_FILM)
              for each in story.tumour_assessments()]  # fmt: skip
    first, second, judge = READING
    read = visits[-1].on + _READ_AFTER
    own = replace(baseline, targets=tuple(
        replace(lesion, mm=mm) for lesion, mm in zip(baseline.targets, _SEEN_BY_SECOND, strict=True)
    ))  # fmt: skip
    without = [replace(each, new_lesions=()) for each in visits]
    for act in _course(number, READERS[0], baseline, visits):
        yield read, act, first
    for act in _course(number, READERS[1], own, without):
        yield read, act, second
    decided = visits[-1].on + _ADJUDICATED_AFTER
    reason = "The liver lesion is seen on both phases and was not there before."
    yield decided, Adjudicate(number, decided, READERS[0], reason), judge


def _course(
    number: str, evaluator: Central, baseline: TumourBaseline, visits: list[TumourAssessment]
) -> Iterator[Act]:
    """Give what one reader reads."""
    yield RecordTumourBaseline(number, baseline, evaluator)
    for each in visits:
        yield RecordTumourAssessment(number, each, evaluator)
