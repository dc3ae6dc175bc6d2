"""Medicines that the protocol watches are asked about until somebody acts or answers."""

from datetime import date

import pytest
from tests.conduct import clinical_story as story
from tests.conduct.overseeing import by

from trialwright.casebook.course import ConcomitantMedicine
from trialwright.conduct.clinical_acts import Correct, RecordMedicine
from trialwright.conduct.data_checks import data_checks, unasked
from trialwright.conduct.query_acts import AnswerQuery, CancelQuery, RaiseQuery
from trialwright.conduct.warned_medicines import standing_warnings, warned_medicines
from trialwright.terms.dates import PartialDate

DAY = date(2026, 6, 2)
MONITOR = by("monitor")


@pytest.fixture
def treated(trial):
    """Give a trial in which P-1 was treated."""
    trial.complete("P-1")
    return trial


def standing(trial, on=DAY):
    """Give what stands of P-1."""
    return standing_warnings(trial.live, trial.live.participants["P-1"], on)


def ask(trial):
    """Raise the data check about the medicine as a query, and give it."""
    (check,) = data_checks(trial.live, trial.live.participants["P-1"], DAY)
    trial.do(RaiseQuery("P-1", DAY, check.says, check.part, kind="System"), MONITOR)
    return check


def test_a_strong_inhibitor_that_goes_on_is_asked_about(treated):
    """Itraconazole from study day 20 and no end; another medicine asks nothing."""
    treated.do(story.medicine("P-1", "Metformin"))
    assert standing(treated) == ()

    treated.do(story.medicine("P-1", " itraCONAZOLE "))

    assert standing(treated) == (
        "Itraconazole is a member of the set cyp3a-strong (Strong CYP3A inhibitor or inducer, list "
        "version 1 of 2026-11-28), taken from 2026-02-28, with no end on record: ask the "
        "investigator whether it has to be stopped, and enter its last dose when it is",
    )


@pytest.mark.parametrize(
    ("until", "is_ongoing", "stands"),
    [
        (None, True, True),
        (None, None, True),
        (None, False, False),
        ("2026-06-02", None, False),
        ("2026-05", None, False),
        ("2026-05-01", False, False),
    ],
)
def test_an_end_on_record_ends_the_question(treated, until, is_ongoing, stands):
    """Not recorded whether it goes on is no end."""
    last = PartialDate.parse(until) if until else None
    entry = ConcomitantMedicine("Ketoconazole", PartialDate.parse("2026-03"), last, is_ongoing,
                                story.CHART)  # fmt: skip
    treated.do(RecordMedicine("P-1", DAY, entry))

    assert bool(standing(treated)) is stands


def test_looking_back_it_stands_until_its_last_dose(treated):
    """As of a day before the end it went on."""
    entry = ConcomitantMedicine("Ketoconazole", PartialDate.parse("2026-03-02"),
                                PartialDate.parse("2026-05-01"), False, story.CHART)  # noqa: FBT003  # fmt: skip
    treated.do(RecordMedicine("P-1", DAY, entry))
    here = treated.live.participants["P-1"]

    found = [bool(warned_medicines(treated.live, here, date(2026, month, day)))
             for month, day in ((4, 30), (5, 1))]  # fmt: skip

    assert found == [True, False]


def test_a_correction_of_its_end_ends_the_question(treated):
    """The last dose is entered."""
    treated.do(story.medicine("P-1"))
    entry = len(treated.records)

    treated.do(Correct("P-1", DAY, entry, "payload/entry/is_ongoing", True, False, "stopped"))  # noqa: FBT003

    assert standing(treated) == ()


def test_an_answer_ends_the_question_and_a_cancelled_query_does_not(treated):
    """It is a data check; once raised it is asked for no more, and stands until it is answered."""
    treated.do(story.medicine("P-1"))
    check = ask(treated)

    assert unasked(treated.live, (check,)) == ()
    assert standing(treated) == (check.says,)
    treated.do(AnswerQuery("P-1", 1, DAY, "topical, of no weight"))
    assert standing(treated) == ()
    treated.do(story.medicine("P-1", "Ritonavir"))
    assert [each.split()[0] for each in standing(treated)] == ["Ritonavir"]


def test_a_cancelled_query_answers_nothing(treated):
    """It was raised in error."""
    treated.do(story.medicine("P-1"))
    check = ask(treated)

    treated.do(CancelQuery("P-1", 1, DAY, "by mistake"), MONITOR)

    assert standing(treated) == (check.says,)


def test_nothing_is_asked_once_treatment_is_over(treated):
    """No study agent is left to interact with."""
    treated.do(story.medicine("P-1"))
    assert standing(treated)

    treated.do(story.off_treatment("P-1"))

    assert standing(treated) == ()
