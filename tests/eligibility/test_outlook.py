"""From when until when somebody is eligible, if nothing else is recorded."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eligibility.casebooks import (
    DAY,
    MEDICINES,
    TERMS,
    book,
    covers,
    had,
    said,
    seen,
    taken,
    took,
)

from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.outlook import AT_MOST_DAYS, outlook
from trialwright.eligibility.screening import screen_arms
from trialwright.protocol.criteria import Criterion
from trialwright.terms.dates import PartialDate

PI = "principal-investigator"
FIRST_DOSE = DAY + timedelta(days=4)
DAYS = {"consent": DAY, "screening": DAY, "registration": DAY, "first_dose": FIRST_DOSE}
LOW = {"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "at_least": Decimal(9),
       "within_days": 28}  # fmt: skip
WASHED = {"kind": "treatment", "fact": "endocrine", "when": "within", "days": 14}
COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 365}


TISSUE = {"kind": "specimen", "fact": "tissue", "accepts": ({"form": "block", "at_least": 1},)}


def criterion(name, rule, **fields):
    """Make a criterion."""
    made = {"id": name, "says": "x", "place": "x", "kind": "rule", "rule": rule, **fields}
    return Criterion.model_validate(made)


def after(days):
    """Give the day so many days after the day judged."""
    return DAY + timedelta(days=days)


def ago(days):
    """Give the day so many days before the day judged, as text."""
    return after(-days).isoformat()


FRESH = criterion("I11", LOW)
WASH_OUT = criterion("E02", {**WASHED, **COMPLETE})
OF_FIRST_DOSE = criterion("E02", {**WASHED, **COMPLETE}, anchor="first_dose")
OVER_60 = criterion("I02", {"kind": "age", "above": Decimal(60)})


@pytest.fixture
def look(study):
    """Give the outlook for arm A of a study of some criteria."""

    def ahead(criteria, *facts, as_of=DAY, anchors=None, laboratory=(), **person):
        made = study(*criteria, terms=TERMS).model_copy(
            update={"medicines": MEDICINES, "completeness": "complete"}
        )
        return outlook(made, book(*facts, **person), as_of, anchors or DAYS, laboratory)[0]

    return ahead


def test_a_result_expires_on_the_day_after_its_window(look):
    """28 days before registration still counts, and the 29th does not."""
    found = look((FRESH,), seen("hemoglobin", "12 g/dL", ago(3)))

    assert (found.arm, found.overall) == ("A", "eligible")
    assert (found.first_eligible_on, found.expires_on) == (DAY, after(26))
    assert found.because == (
        "arm A: eligible, no longer from 2026-03-31 (I11 unknown: "
        "Hemoglobin 12 g/dL on 2026-03-02: is older than 28 days)"
    )


def test_a_wash_out_ends_on_the_day_after_it(look):
    """The 14th day before registration is within 14 days."""
    found = look((WASH_OUT,), took("letrozole", "2025-01-01", ago(10)), said("complete", "yes"))

    assert found.overall == "not eligible"
    assert (found.first_eligible_on, found.expires_on) == (after(5), None)
    assert found.because.startswith("arm A: eligible from 2026-03-10 (E02 absent: Letrozole ")


def test_the_first_dose_moves_with_registration(look):
    """Four days between them stay four days."""
    facts = took("letrozole", "2025-01-01", ago(10)), said("complete", "yes")
    found = look((OF_FIRST_DOSE,), *facts)

    assert (found.overall, found.first_eligible_on) == ("not eligible", after(1))


def test_what_opens_may_close_again(look):
    """A wash-out ends before the blood count is too old."""
    facts = (
        took("letrozole", "2025-01-01", ago(10)),
        said("complete", "yes"),
        seen("hemoglobin", "12 g/dL", ago(3)),
    )
    found = look((FRESH, WASH_OUT), *facts)

    assert (found.first_eligible_on, found.expires_on) == (after(5), after(26))
    assert found.because.startswith("arm A: eligible from 2026-03-10 (E02 absent: ")
    assert ", no longer from 2026-03-31 (I11 unknown: " in found.because


def test_what_closes_before_it_opens_stays_closed(look):
    """The blood count is too old when the wash-out ends."""
    facts = (
        took("letrozole", "2025-01-01", ago(1)),
        said("complete", "yes"),
        seen("hemoglobin", "12 g/dL", ago(20)),
    )
    found = look((FRESH, WASH_OUT), *facts)

    assert (found.overall, found.first_eligible_on, found.expires_on) == (
        "not eligible",
        None,
        None,
    )
    assert found.no_longer_out_on == after(14)
    assert found.because.startswith(
        "arm A: not eligible, cannot tell yet from 2026-03-19 (E02 absent: Letrozole "
    )


def test_when_nothing_keeps_somebody_out_any_longer_is_told_though_something_is_open(look):
    """A wash-out ends before the blood count is taken; then it is known what is to be done."""
    facts = (took("letrozole", "2025-01-01", ago(10)), said("complete", "yes"))
    found = look((FRESH, WASH_OUT), *facts)

    assert (found.no_longer_out_on, found.first_eligible_on) == (after(5), None)
    assert found.changes
    assert found.because.startswith(
        "arm A: not eligible, cannot tell yet from 2026-03-10 (E02 absent: Letrozole "
    )
    assert "I11" not in found.because


def test_what_is_open_first_and_met_later_is_told_in_two_steps(look):
    """The wash-out ends, and then the month has passed in which something was seen."""
    unclear = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present"})
    facts = (
        took("letrozole", "2025-01-01", ago(10)),
        said("complete", "yes"),
        had("hiv", "2026-03", is_present=False),
    )
    found = look((unclear, WASH_OUT), *facts)

    assert (found.no_longer_out_on, found.first_eligible_on) == (after(5), date(2026, 3, 31))
    assert found.because.startswith("arm A: not eligible, cannot tell yet from 2026-03-10 (E02 ")
    assert ", eligible from 2026-03-31 (E09 absent: " in found.because


def test_what_cannot_be_told_yet_opens_and_closes_again(look):
    """Nothing fails before, so that no day is told on which that ends."""
    asked = criterion("I01", {"kind": "condition", "fact": "hiv", "expect": "present"})
    found = look((asked,), had("hiv", "2026-03", after(40).isoformat()))

    assert (found.overall, found.no_longer_out_on) == ("cannot tell yet", None)
    assert found.first_eligible_on == date(2026, 3, 31)
    assert found.expires_on == after(40)


def test_somebody_who_is_eligible_is_not_out(look):
    """Nor is of whom it cannot be told, now or later."""
    seen_now = look((FRESH,), seen("hemoglobin", "12 g/dL", ago(3)))
    unseen = look((FRESH,))

    assert (seen_now.no_longer_out_on, unseen.no_longer_out_on) == (None, None)
    assert (seen_now.changes, unseen.changes) == (True, False)
    assert unseen.because == (
        "arm A: cannot tell yet, and so for 400 days if nothing else is recorded"
    )


def test_somebody_comes_of_age(look):
    """Above 60 is 61 completed years."""
    found = look((OVER_60,), born="1965-06-01")

    assert (found.overall, found.first_eligible_on) == ("not eligible", date(2026, 6, 1))


def test_nothing_that_turns_stays_as_it_is(look):
    """For as far as the outlook reaches."""
    asked = criterion("I18", {"kind": "attested", "question": "candidate"})
    found = look((asked,), said("candidate", "yes"))

    assert (found.first_eligible_on, found.expires_on) == (DAY, None)
    assert found.because == "arm A: eligible, and so for 400 days if nothing else is recorded"


@pytest.mark.parametrize(
    ("born", "opens_on"), [("1966-04-09", date(2027, 4, 9)), ("1966-04-10", None)]
)
def test_an_outlook_reaches_400_days(look, born, opens_on):
    """A birthday beyond that is not looked for."""
    found = look((OVER_60,), born=born)

    assert found.first_eligible_on == opens_on
    assert after(AT_MOST_DAYS) == date(2027, 4, 9)


def test_what_is_known_only_later_counts_on_no_day_ahead(look):
    """Next week's blood count is not known today, nor next month."""
    facts = (
        seen("hemoglobin", "12 g/dL", ago(3)),
        seen("hemoglobin", "8 g/dL", after(7).isoformat()),
        seen("hemoglobin", "13 g/dL", after(20).isoformat()),
        had("hiv", after(8).isoformat()),
        said("complete", "no", on=after(9).isoformat()),
        took("letrozole", after(10).isoformat(), is_ongoing=True),
        taken("block", on=after(11).isoformat()),
    )
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present", **COMPLETE})
    found = look((FRESH, free, WASH_OUT), *facts, said("complete", "yes"))

    assert (found.overall, found.expires_on) == ("eligible", after(26))


def test_consent_and_screening_stay(look):
    """What was so then is so on every day ahead."""
    then = criterion("I11", LOW, anchor="screening")
    found = look((then,), seen("hemoglobin", "12 g/dL", ago(3)))

    assert (found.first_eligible_on, found.expires_on) == (DAY, None)


def test_eligible_once_approved_is_open_too(look):
    """An approval that is outstanding does not expire; a result does."""
    asked = criterion("I20", {"kind": "approval", "question": "approval"}, approval=PI)
    found = look((asked, FRESH), seen("hemoglobin", "12 g/dL", ago(3)))

    assert found.overall == "eligible once approved"
    assert (found.first_eligible_on, found.expires_on) == (DAY, after(26))


def test_a_record_that_is_complete_today_is_taken_to_stay_so(look):
    """An observation period that ends today would else close every arm tomorrow."""
    taking = took("letrozole", "2025-01-01", ago(10))
    found = look((WASH_OUT,), taking, covers("2020-01-01", DAY.isoformat()))
    over = look((WASH_OUT,), taking, covers("2020-01-01", ago(1)))

    assert found.first_eligible_on == after(5)
    assert over.first_eligible_on is None


def test_registration_is_the_day_judged_unless_it_is_planned(look):
    """Days ahead are counted from it."""
    facts = seen("hemoglobin", "12 g/dL", ago(3))
    planned = look((FRESH,), facts, anchors={"registration": after(3)})
    unplanned = look((FRESH,), facts, anchors={"screening": DAY})

    assert (planned.first_eligible_on, planned.expires_on) == (after(3), after(26))
    assert (unplanned.first_eligible_on, unplanned.expires_on) == (DAY, after(26))


def test_what_ends_before_a_planned_registration_does_not_stand_in_its_way(look):
    """The planned day is looked at as of that day, not as of today."""
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present"})
    facts = had("hiv", "2025-06-01", after(5).isoformat())
    found = look((free,), facts, anchors={"registration": after(10)})
    late = look((free,), facts, anchors={"registration": after(4)})

    assert (found.overall, found.first_eligible_on) == ("not eligible", after(10))
    assert found.because.startswith("arm A: eligible from 2026-03-15 (E09 absent: ")
    assert late.first_eligible_on == after(5)


def test_what_has_ended_by_a_planned_registration_closes_it(look):
    """A condition that ends before then no longer counts as present."""
    asked = criterion("I01", {"kind": "condition", "fact": "hiv", "expect": "present"})
    facts = had("hiv", "2025-06-01", after(5).isoformat())
    found = look((asked,), facts, anchors={"registration": after(10)})

    assert (found.overall, found.first_eligible_on, found.expires_on) == ("eligible", None, None)
    assert found.because.startswith("arm A: eligible, no longer from 2026-03-15 (I01 not met: ")


@pytest.mark.parametrize("planned", [0, 3])
def test_the_institution_s_table_decides_on_every_day(look, planned):
    """A result without a range of its own: today, on the planned day and when it expires."""
    fresh = {"kind": "multiple", "fact": "hemoglobin", "times": "ULN", "below": Decimal(3)}
    table = (LaboratoryRange("hemoglobin", None, Decimal(6), "g/dL"),)
    asked = (criterion("I14", {**fresh, "within_days": 28}),)
    facts, anchors = seen("hemoglobin", "12 g/dL", ago(3)), {"registration": after(planned)}

    found = look(asked, facts, anchors=anchors, laboratory=table)
    without = look(asked, facts, anchors=anchors)

    assert (found.overall, found.first_eligible_on) == ("eligible", after(planned))
    assert found.expires_on == after(26)
    assert (without.overall, without.first_eligible_on) == ("cannot tell yet", None)


def test_tissue_that_is_taken_later_is_not_counted_on(look):
    """Nor is tissue at hand lost on a day ahead."""
    asked = (criterion("I20", TISSUE), FRESH)
    result = seen("hemoglobin", "12 g/dL", ago(3))

    held = look(asked, result, taken("block", on=ago(1)))
    ahead = look(asked, result, taken("block", on=after(2).isoformat()),
                 anchors={"registration": after(10)})  # fmt: skip

    assert (held.first_eligible_on, held.expires_on) == (DAY, after(26))
    assert ahead.first_eligible_on is None


def test_what_is_put_on_record_later_is_not_known_today(look):
    """Neither a condition nor a treatment without a day of its own."""
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present", **COMPLETE})
    later = after(3).isoformat()
    facts = (
        had("hiv", None, None, later),
        took("letrozole", None, is_ongoing=True, recorded=PartialDate.parse(later)),
        said("complete", "yes"),
    )

    found = look((free, WASH_OUT), *facts, anchors={"registration": after(10)})

    assert (found.overall, found.first_eligible_on) == ("eligible", after(10))


def test_criteria_that_open_together_are_told_together(look):
    """Each with its reason."""
    older = criterion("I03", {"kind": "age", "above": Decimal(60)})
    found = look((OVER_60, older), born="1965-06-01")

    assert found.because == (
        "arm A: eligible from 2026-06-01 "
        "(I02 met: age 61 years at registration 2026-06-01, above 60 years; "
        "I03 met: age 61 years at registration 2026-06-01, above 60 years)"
    )


def test_a_partial_date_is_settled_when_its_month_has_passed(look):
    """Measured in March: on 31 March it has been."""
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present"})
    found = look((free,), had("hiv", "2026-03", is_present=False))

    assert found.overall == "cannot tell yet"
    assert found.first_eligible_on == date(2026, 3, 31)


def test_an_answer_of_a_month_counts_when_the_month_has_passed(look):
    """Its sentence stands in brackets, without the full stop that it has elsewhere."""
    asked = criterion("I18", {"kind": "attested", "question": "candidate"})
    found = look((asked,), said("candidate", "yes", on="2026-03"))

    assert found.because == (
        "arm A: eligible from 2026-03-31 "
        "(I18 met: Is the participant a good candidate? Yes, investigator, 2026-03)"
    )


def test_an_end_that_lies_ahead_is_reached(look):
    """A condition recorded to end later ends then."""
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present"})
    found = look((free,), had("hiv", "2025-06-01", after(20).isoformat()))

    assert found.overall == "not eligible"
    assert found.first_eligible_on == after(20)


def test_an_end_at_the_end_of_the_calendar_is_no_end(look):
    """Some records write 9999-12-31 for a course that goes on, and for an end nobody knows."""
    free = criterion("E09", {"kind": "condition", "fact": "hiv", "expect": "present"})
    off = criterion("E02", {"kind": "treatment", "fact": "endocrine", "when": "now", **COMPLETE})

    had_it = look((free,), had("hiv", "2025-06-01", "9999-12-31"))
    takes_it = look((off,), took("letrozole", "2025-06-01", "9999-12-31"))

    assert (had_it.overall, had_it.first_eligible_on) == ("not eligible", None)
    assert (takes_it.overall, takes_it.first_eligible_on) == ("not eligible", None)


@pytest.mark.parametrize("expect", ["present", "absent"])
def test_an_end_that_is_all_that_is_recorded_settles_what_was(look, expect):
    """A condition recorded to end on 25 March will have been present by then, and no longer is."""
    ever = {"kind": "condition", "fact": "hiv", "expect": "present", "when": "ever"}
    now = {"kind": "condition", "fact": "hiv", "expect": expect}
    only_end = had("hiv", None, after(20).isoformat())

    was = look((criterion("I01", ever),), only_end)
    assert (was.overall, was.first_eligible_on) == ("cannot tell yet", after(20))
    is_so = look((criterion("I02", now),), only_end)
    assert is_so.first_eligible_on == (after(20) if expect == "absent" else None)


def test_each_arm_has_its_own_days(study):
    """A wash-out that arm C alone asks for."""
    made = study(criterion("E13", {**WASHED, **COMPLETE}, arms=("C",)), terms=TERMS).model_copy(
        update={"medicines": MEDICINES, "completeness": "complete"}
    )
    facts = book(took("letrozole", "2025-01-01", ago(10)), said("complete", "yes"))
    found = outlook(made, facts, DAY, DAYS)

    assert [(each.arm, each.first_eligible_on) for each in found] == [
        ("A", DAY),
        ("B", DAY),
        ("C", after(5)),
    ]


@settings(max_examples=40, deadline=None)
@given(
    last_dose=st.integers(0, 40),
    measured=st.integers(0, 60),
    value=st.sampled_from(["8 g/dL", "9 g/dL", "12 g/dL"]),
    born=st.dates(date(1964, 1, 1), date(1967, 1, 1)),
    gap=st.integers(0, 7),
)
def test_judging_every_day_finds_the_same_days(shipped, last_dose, measured, value, born, gap):
    """The days on which an answer may turn are all the days on which one does."""
    made = shipped.model_copy(
        update={
            "criteria": (FRESH, OF_FIRST_DOSE, OVER_60), "obligations": (), "terms": TERMS,
            "medicines": MEDICINES, "completeness": "complete", "arms": shipped.arms[:1],
        }
    )  # fmt: skip
    facts = book(
        took("letrozole", "2025-01-01", ago(last_dose)),
        seen("hemoglobin", value, ago(measured)),
        said("complete", "yes"),
        born=born.isoformat(),
    )
    anchors = {**DAYS, "first_dose": after(gap)}
    [found] = outlook(made, facts, DAY, anchors, at_most_days=60)

    def overall(days):
        moved = {**anchors, "registration": after(days), "first_dose": after(days + gap)}
        [arm] = screen_arms(made, facts, after(days), moved).screenings
        return arm.overall

    stands = [overall(days) for days in range(61)]
    opens = [days for days in range(61) if stands[days] == "eligible"]
    out = [days for days in range(61) if stands[days] != "not eligible"]
    first = opens[0] if opens else None
    later = range(61) if first is None else range(first, 61)
    closes = next((d for d in later if opens and stands[d] != "eligible"), None)
    is_back = bool(out) and out[0] > 0 and (closes is None or out[0] <= closes)
    assert found.no_longer_out_on == (after(out[0]) if is_back else None)
    assert found.first_eligible_on == (None if first is None else after(first))
    assert found.expires_on == (None if closes is None else after(closes))


def test_a_death_in_a_month_ends_what_is_open(study):
    """Nobody can tell during the month; from its end on nobody is eligible."""
    died = replace(book(born="1960-01-01"), died=PartialDate.parse("2026-03"))
    found = outlook(study(OVER_60, terms=TERMS), died, DAY, DAYS)[0]

    assert (str(found.overall), found.first_eligible_on) == ("cannot tell yet", None)
    assert found.because.endswith("not eligible from 2026-03-31 (death on record: 2026-03)")


def test_a_death_after_the_day_judged_is_not_known(study):
    """As every other fact of later days."""
    died = replace(book(born="1960-01-01"), died=PartialDate.of(after(10)))
    found = outlook(study(OVER_60, terms=TERMS), died, DAY, DAYS)[0]

    assert (str(found.overall), found.expires_on) == ("eligible", None)
