"""Reporting clocks of serious events; days counted by hand from day 0."""

from datetime import date

import pytest

from trialwright.protocol.safety_settings import ReportingClock
from trialwright.safety.clocks import report_due
from trialwright.terms.verdicts import Answer

SEVEN = ReportingClock(
    id="seven",
    says="Unexpected fatal or life-threatening reactions",
    to="authority",
    criteria=("death", "life-threatening"),
    must_be_unexpected=True,
    must_be_related=True,
    days=7,
)
NEXT_DAY = ReportingClock(id="next-day", says="Any serious event", to="sponsor", days=1)
DAY_0 = date(2026, 2, 25)
GRAVE = {
    "is_serious": True,
    "serious_because": ("life-threatening",),
    "is_expected": False,
    "sponsor_aware_on": DAY_0,
}


def test_the_seventh_day_after_day_0_is_the_last(event):
    """February has 28 days: 25 February and 7 days is 4 March."""
    found = report_due(event(**GRAVE), SEVEN, date(2026, 3, 1))

    assert (found.answer, found.due) == (Answer.MET, date(2026, 3, 4))
    assert found.to == "authority"
    assert "3 days left" in found.because


@pytest.mark.parametrize(
    ("as_of", "words"),
    [(date(2026, 3, 4), "(today)"), (date(2026, 3, 6), "(2 days ago)"), (DAY_0, "(7 days left)")],
)
def test_the_days_left_are_counted_from_the_day_asked(event, as_of, words):
    """On the last day it is due today."""
    assert words in report_due(event(**GRAVE), SEVEN, as_of).because


@pytest.mark.parametrize(
    ("changes", "answer", "missing"),
    [
        ({"is_expected": True}, Answer.NOT_MET, ()),
        ({"related_to": ()}, Answer.NOT_MET, ()),
        ({"serious_because": ("hospitalisation",)}, Answer.NOT_MET, ()),
        ({"is_serious": False, "serious_because": None}, Answer.NOT_MET, ()),
        ({"is_expected": None}, Answer.UNKNOWN, ("expectedness",)),
        ({"related_to": None}, Answer.UNKNOWN, ("attribution",)),
        ({"serious_because": None}, Answer.UNKNOWN, ("criteria of seriousness",)),
        (
            {"serious_because": None, "is_serious": None},
            Answer.UNKNOWN,
            ("seriousness", "criteria of seriousness"),
        ),
    ],
)
def test_each_question_of_the_clock_decides(event, changes, answer, missing):
    """One no is enough; one that is not recorded leaves it open."""
    found = report_due(event(**{**GRAVE, **changes}), SEVEN, date(2026, 3, 1))

    assert (found.answer, found.missing) == (answer, missing)
    assert (found.due is None) is (answer is Answer.NOT_MET)


def test_without_day_0_the_clock_runs_and_has_no_last_day(event):
    """It is asked for, never assumed to be the onset."""
    found = report_due(event(**{**GRAVE, "sponsor_aware_on": None}), NEXT_DAY, date(2026, 3, 1))

    assert (found.answer, found.due) == (Answer.MET, None)
    assert found.missing == ("day on which the sponsor knew of it",)


def test_a_clock_of_any_serious_event_asks_nothing_else(event):
    """Expected and unrelated events are told to the sponsor as well."""
    told = event(is_serious=True, is_expected=True, related_to=(), sponsor_aware_on=DAY_0)

    assert report_due(told, NEXT_DAY, DAY_0).due == date(2026, 2, 26)


DAY_SAID = "day 0 is 2026-02-25, the last day 2026-03-04 (3 days left)"
GRAVE_SAID = ("serious", "serious because of life-threatening", "unexpected",
              "related to ipatasertib")  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "head", "parts"),
    [
        ({}, "must be reported", (*GRAVE_SAID, DAY_SAID)),
        ({"sponsor_aware_on": None}, "must be reported", (*GRAVE_SAID, "day 0 is not recorded")),
        ({"serious_because": ("life-threatening", "disability", "death")}, "must be reported",
         ("serious", "serious because of death, life-threatening", *GRAVE_SAID[2:], DAY_SAID)),
        ({"related_to": ("ipatasertib", "palbociclib")}, "must be reported",
         (*GRAVE_SAID[:3], "related to ipatasertib, palbociclib", DAY_SAID)),
        ({"is_expected": True}, "no report", ("expected by the reference safety information",)),
        ({"related_to": ()}, "no report", ("related to no study agent",)),
        ({"serious_because": ("disability",)}, "no report",
         ("neither death or life-threatening is recorded",)),
        ({"is_serious": False, "serious_because": ()}, "no report",
         ("not serious", "neither death or life-threatening is recorded")),
        ({"is_expected": None}, "undecided",
         ("whether it is expected is not recorded", DAY_SAID)),
        ({"related_to": None}, "undecided", ("attribution is not recorded", DAY_SAID)),
        ({"serious_because": None, "is_serious": None}, "undecided",
         ("whether it is serious is not recorded",
          "why it is serious is not recorded, death or life-threatening counts", DAY_SAID)),
    ],
)  # fmt: skip
def test_the_whole_answer(event, changes, head, parts):
    """Each question that decides, in its order; then day 0, the last day and what is left."""
    grave = event(**{**GRAVE, **changes})
    found = report_due(grave, SEVEN, date(2026, 3, 1))

    start = f"Nausea: {head} by seven (Unexpected fatal or life-threatening reactions): "
    assert found.because == f"{start}{'; '.join(parts)}"
    assert (found.rule, found.label, found.evidence) == ("seven", SEVEN.label, (grave.evidence,))
