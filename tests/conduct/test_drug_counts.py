"""Counts of a drug beside the doses recorded: the expected number, its reason, a difference."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.conduct import clinical_story as story

from trialwright.casebook.course import DrugCount
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import RecordDoses
from trialwright.conduct.clinical_acts import Correct, CountDrug
from trialwright.conduct.drug_counts import account_of
from trialwright.conduct.records import read, write
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

HELD_AFTER = 20
"""P-1 takes ipatasertib on study days 1 to 20 of the first cycle; on 21 to 28 it is held."""


@pytest.fixture
def treated(trial):
    """Give a trial with P-1."""
    trial.enrol("P-1")
    trial.treat("P-1", days=HELD_AFTER)
    return trial


def count(returned, expected=None, first=1, last=29, units=None, dispensed=35):
    """Give a count of ipatasertib between two study days."""
    counted = None if returned is None else story.day(last)
    return DrugCount("ipatasertib", story.day(first), dispensed, counted, returned, expected,
                     story.CHART, units)  # fmt: skip


def account(trial, entry):
    """Work out a count of P-1."""
    return account_of(trial.live.participants["P-1"], entry)


def test_the_expected_number_is_worked_out_and_shown_with_its_reason(treated):
    """20 doses taken, 8 held: 20 of 35 units gone, 15 back."""
    (done,) = treated.do(CountDrug("P-1", story.ENTRY, count(15)))

    assert done.payload["says"] == [
        "20 units expected: 20 doses of ipatasertib recorded as taken from 2026-02-09 to the day "
        "before 2026-03-09, 1 to a dose; 20 units did not come back: no difference"
    ]
    (kept,) = treated.live.participants["P-1"].course.counts
    assert account(treated, kept).compliance_percent == Fraction(100)
    assert treated.state.participants["P-1"].course.counts == (kept,)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (count(15, first=5), 16),  # days 5 to 20
        (count(15, last=20), 19),  # the dose of the day of the count comes after it
        (count(5, units=2, dispensed=45), 40),
        (count(35, first=21), 0),  # all held
    ],
)
def test_doses_between_the_two_days_are_counted(treated, entry, expected):
    """From the day of dispensing to the day before the count."""
    assert account(treated, entry).expected == expected


@pytest.mark.parametrize("entry", [count(14), count(16), count(15, expected=28)])
def test_a_difference_needs_words(treated, entry):
    """One unit too few or too many, and a number entered that is another than that worked out."""
    with pytest.raises(Refusal, match=r"note: no words; 20 units expected: .*: a difference"):
        treated.do(CountDrug("P-1", story.ENTRY, entry))
    assert treated.live.participants["P-1"].course.counts == ()

    (done,) = treated.do(CountDrug("P-1", story.ENTRY, entry, "a blister was lost"))

    assert done.reason == "a blister was lost"
    assert done.payload["says"][0].endswith(": a difference")


def test_compliance_is_what_was_used_of_what_was_expected(treated):
    """15 of 20: 75 %; none while nothing is counted or expected."""
    assert account(treated, count(20)).compliance_percent == Fraction(75)
    assert account(treated, count(None)).compliance_percent is None
    assert account(treated, count(35, first=21)).compliance_percent is None


@pytest.mark.parametrize(
    ("entry", "expected", "why"),
    [
        (count(None), None, "not worked out: no count; nothing was counted yet"),
        (count(None, expected=28), 28, "28 units expected, as entered: no count"),
        (count(7, first=40, last=68), None, "no dose of ipatasertib recorded between"),
        (count(7, 28, first=40, last=68), 28, "28 units expected, as entered: no dose of"),
    ],
)
def test_what_doses_do_not_say_is_not_worked_out(treated, entry, expected, why):
    """The number entered stands, or none, and no words are asked for."""
    found = account(treated, entry)

    assert (found.expected, found.has_difference) == (expected, False)
    assert why in found.says
    treated.do(CountDrug("P-1", story.ENTRY, entry))


def test_a_reduced_dose_leaves_the_number_open(treated):
    """How many units it takes is recorded nowhere."""
    less = DoseGiven("ipatasertib", story.day(29), Quantity(Decimal(100), "mg"), "reduced",
                     story.CHART, "adverse event")  # fmt: skip
    treated.do(RecordDoses("P-1", story.ENTRY, (less,)))

    found = account(treated, count(14, last=30))

    assert (found.expected, found.has_difference) == (None, False)
    assert "1 dose reduced, of unknown units" in found.says


def test_a_correction_is_worked_out_anew(treated):
    """14 back were 15: no difference is left, whatever the note said."""
    treated.do(CountDrug("P-1", story.ENTRY, count(14), "one was lost"))
    first = len(treated.records)

    (done,) = treated.do(
        Correct("P-1", story.ENTRY, first, "payload/entry/returned", 14, 15, "misread")
    )

    assert done.payload["says"][0].endswith("20 units did not come back: no difference")


def test_the_reason_of_a_correction_is_the_words_for_its_difference(treated):
    """15 back were 16, recorded without a note: the one field is corrected, and says it differs."""
    treated.do(CountDrug("P-1", story.ENTRY, count(15)))
    first = len(treated.records)

    wrong = Correct("P-1", story.ENTRY, first, "payload/entry/returned", 15, 16, "misread")
    with pytest.raises(Refusal, match="reason: no reason"):
        treated.do(replace(wrong, reason=" "))
    (done,) = treated.do(wrong)

    assert done.reason == "misread"
    assert done.payload["says"][0].endswith("19 units did not come back: a difference")
    (kept,) = treated.live.participants["P-1"].course.counts
    assert kept.returned == 16


def test_an_entry_recorded_before_units_were_asked_for_reads_as_one_without():
    """Payloads of schema 1 have no such field; they need no other form."""
    entry = count(15, 20)
    payload = write(entry)
    del payload["units_a_dose"]

    assert read(DrugCount, payload) == entry
