"""Forms and entries: what is kept, what it calls for, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.conduct import clinical_story as story

from trialwright.casebook.course import ConcomitantMedicine, DrugCount, SubsequentTherapy, Visit
from trialwright.casebook.course_ends import OffTreatment, ScreenFailure
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Condition, Observation
from trialwright.conduct.acts import RecordDoses, Register
from trialwright.conduct.clinical_acts import (
    CountDrug,
    EndTreatment,
    RecordForm,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.conduct.course import Filed
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

ON = story.ENTRY


@pytest.fixture
def treated(trial):
    """Give a trial in which P-1 took ipatasertib on study days 1 to 28."""
    trial.complete("P-1")
    return trial


def course(trial, number="P-1"):
    """Give the course of a participant."""
    return trial.live.participants[number].course


def refused(trial, act, match):
    """Say that an act is refused with these words, says what to do, and records nothing."""
    before = len(trial.records)
    with pytest.raises(Refusal, match=match) as found:
        trial.do(act)
    assert len(trial.records) == before
    assert all(each.found and each.allowed and each.do for each in found.value.faults)


def test_a_form_is_found_again_by_its_name_and_visit(treated):
    """The value goes to the criteria, the other entry to the course, both under their happening."""
    treated.do(story.laboratory("P-1"))

    here = treated.live.participants["P-1"]
    sequence = len(treated.records)
    assert here.course.find("laboratory") == (Filed(sequence, "laboratory", "C1D8"),)
    assert here.course.find("laboratory", "C1D15") == ()
    assert here.casebook.observed("hemoglobin", ON)[0].source == story.CHART
    assert [each.name for each in here.course.others] == ["lipase"]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"form": "poetry"}, "form: poetry. Allowed: medical-history, prior-therapy"),
        ({"visit": "week two"}, "visit: something of another form"),
        ({"visit": "C0D1"}, "visit: something of another form"),
        ({"observations": (), "others": ()}, "an empty form laboratory"),
        ({"form": "medical-history"}, "observations on the form medical-history"),
        ({"on": story.day(7)}, "observations.0.on: 2026-02-16, after the entry on 2026-02-15"),
        ({"participant": "P-9"}, "P-9 has not consented"),
    ],
)
def test_a_form_that_cannot_be_filed_is_refused(treated, changes, match):
    """It has a name, a visit and entries of its own kind, none of them from the future."""
    refused(treated, replace(story.laboratory("P-1"), **changes), match)


def test_what_the_vocabulary_does_not_name_goes_among_the_others(treated):
    """A term that no rule knows is refused in the place that rules read."""
    lipase = Observation("lipase", Quantity(Decimal(40), "U/L"), PartialDate.of(ON), story.CHART)

    refused(treated, replace(story.laboratory("P-1"), observations=(lipase,)),
            "lipase.*enter it among the others")  # fmt: skip


def test_every_fault_of_a_form_is_named_at_once(treated):
    """Three things are wrong, and three are said."""
    form = RecordForm("P-1", ON, "ecg", "?", conditions=(
        Condition("weather", is_present=True, since=None, until=None, source=story.CHART),
    ))  # fmt: skip

    with pytest.raises(Refusal) as found:
        treated.do(form)

    assert [each.where for each in found.value.faults] == ["visit", "conditions", "conditions"]


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (story.day(8), []),
        (story.day(9), []),
        (story.day(10), ["fasting-glucose was done on 2026-02-18, 1 day too late"]),
        (
            story.day(12),
            [
                "blood-counts was done on 2026-02-20, 2 days too late",
                "fasting-glucose was done on 2026-02-20, 3 days too late",
            ],
        ),
        (story.day(6), ["fasting-glucose was done on 2026-02-14, 1 day too early"]),
        (None, ["blood-counts was missed", "fasting-glucose was missed"]),
    ],
)
def test_a_visit_out_of_its_window_raises_a_deviation(treated, on, says):
    """C1D8 is 16 February; blood counts have two days on each side, fasting glucose one."""
    (done,) = treated.do(story.visit("P-1", "C1D8", on))

    assert [each.partition("; ")[0] for each in done.payload["says"]] == [
        f"deviation: C1D8 {each}" for each in says
    ]
    (entry,) = course(treated).visits
    assert list(entry.deviations) == done.payload["says"]


def test_a_visit_that_is_not_applicable_is_no_deviation(treated):
    """Nobody was to come."""
    visit = RecordVisit("P-1", ON, Visit("C1D8", "not applicable", None, story.CHART))

    (done,) = treated.do(visit)

    assert done.payload["says"] == []


def test_a_second_record_of_a_visit_is_refused_and_an_unscheduled_one_is_not(treated):
    """The recorded one is corrected instead."""
    treated.do(story.visit("P-1"))

    refused(treated, story.visit("P-1"), "C1D8 a second time.*Correct the recorded one")
    treated.do(story.visit("P-1", "UNSCHEDULED"))
    treated.do(story.visit("P-1", "UNSCHEDULED"))

    assert len(course(treated).visits) == 3


@pytest.mark.parametrize(
    ("code", "match"),
    [
        ("C1D29", "C1D29 in cycles of 28 days"),
        ("FU-1", "FU-1 of somebody not off treatment"),
        ("END", "END of somebody not off treatment"),
    ],
)
def test_a_visit_that_the_course_does_not_have_is_refused(treated, code, match):
    """A cycle has 28 days; follow-up begins when treatment ends."""
    refused(treated, story.visit("P-1", code), match)


@pytest.mark.parametrize("name", ["Itraconazole", "itraconazole ", "RIFAMPIN", "Carbamazepine"])
def test_a_strong_cyp3a_medicine_is_kept_with_a_warning(treated, name):
    """Inhibitors and inducers of the protocol's list warn, whatever the letters' case."""
    (done,) = treated.do(story.medicine("P-1", name))

    (says,) = done.payload["says"]
    assert says.startswith(f"warning: {name.strip().capitalize()} is a member of the set")
    assert "Strong CYP3A inhibitor or inducer, list version 1 of 2026-11-28" in says
    (kept,) = course(treated).medicines
    assert kept.name == name
    (known,) = treated.live.participants["P-1"].casebook.treated_with([name.strip().lower()], ON)
    assert (known.since, known.is_ongoing) == (PartialDate.of(story.day(20)), True)


@pytest.mark.parametrize("name", ["paracetamol", "Tamoxifen", "itraconazole cream"])
def test_another_medicine_is_kept_without_a_warning(treated, name):
    """Neither an unknown one, nor one of another set, nor one whose name only contains another."""
    (done,) = treated.do(story.medicine("P-1", name))

    assert done.payload["says"] == []
    assert [each.name for each in course(treated).medicines] == [name]


def test_drug_is_counted_of_an_agent_that_the_participant_takes(treated):
    """Arm A has no palbociclib; nor is anything dispensed before the assignment."""
    count = DrugCount("palbociclib", story.day(-10), 35, None, None, None, story.CHART)

    refused(treated, CountDrug("P-1", ON, count), "(?s)palbociclib.*before assignment")


def test_arm_b_takes_the_aromatase_inhibitor_chosen_at_the_assignment(trial):
    """Letrozole was chosen; a dose of exemestane is refused by name."""
    trial.enrol("P-1", "B", {"aromatase-inhibitor-daily": "letrozole"})
    amount = Quantity(Decimal("2.5"), "mg")
    taken = DoseGiven("letrozole", story.day(1), amount, "given", story.CHART)

    refused(trial, RecordDoses("P-1", ON, (replace(taken, agent="exemestane"),)),
            "exemestane. Allowed: ipatasertib, letrozole")  # fmt: skip
    trial.do(RecordDoses("P-1", ON, (taken,)))

    assert trial.live.participants["P-1"].doses == (taken,)


@pytest.mark.parametrize("status", ["held", "reduced"])
def test_a_dose_held_or_reduced_has_its_reason(trial, status):
    """Without one it is refused; with one it stands in the record."""
    trial.enrol("P-1")
    amount = Quantity(Decimal(100), "mg") if status == "reduced" else None
    dose = DoseGiven("ipatasertib", story.day(1), amount, status, story.CHART)

    refused(trial, RecordDoses("P-1", ON, (dose,)), f"a dose {status} without a reason")
    trial.do(RecordDoses("P-1", ON, (replace(dose, reason="adverse event"),)))

    assert trial.live.participants["P-1"].doses[0].reason == "adverse event"


def test_no_dose_is_recorded_after_the_last_one(treated):
    """The refusal says since when, and what to do when that is wrong."""
    treated.do(story.off_treatment("P-1"))
    late = DoseGiven("fulvestrant", story.LAST_DOSE + timedelta(days=1),
                     Quantity(Decimal(500), "mg"), "given", story.CHART)  # fmt: skip

    refused(treated, RecordDoses("P-1", ON, (late,)),
            r"2026-03-09, after the end of treatment \(2026-03-08\).*correct the end")  # fmt: skip
    treated.do(RecordDoses("P-1", ON, (replace(late, on=story.day(1)),)))


def test_after_death_only_earlier_days_are_entered(treated):
    """A death known to the month lets that month in and nothing later."""
    treated.do(story.off_treatment("P-1"))
    treated.do(story.death("P-1", "2026-04"))

    refused(treated, story.contact("P-1", date(2026, 5, 1)),
            r"entry.alive_on: 2026-05-01, after the death \(2026-04-30\)")  # fmt: skip
    treated.do(story.contact("P-1", date(2026, 4, 10)))
    treated.do(story.laboratory("P-1"))
    refused(treated, story.death("P-1", "2026-04"), "a participant without a death")


def test_nobody_dies_before_a_day_on_which_they_were_alive(treated):
    """A telephone call in April contradicts a death in March."""
    treated.do(story.contact("P-1", date(2026, 4, 20)))

    refused(treated, story.death("P-1", "2026-03"), "before a survival contact on 2026-04-20")


def test_a_screen_failure_names_its_criteria_and_ends_the_way_in(trial, say):
    """A criterion of the protocol, or words; then nobody is registered under that number."""
    trial.screen("P-1")
    failed = ScreenFail("P-1", ON, ScreenFailure(story.day(1), ("X99",), story.CHART))

    refused(trial, failed, "entry.criteria.0: X99. Allowed: I04")
    none = replace(failed, entry=replace(failed.entry, criteria=()))
    refused(trial, none, "Say why screening ended")
    trial.do(replace(none, note="moved away"))
    refused(trial, Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE),
            "a participant without a screen failure")  # fmt: skip


def test_other_therapy_follows_the_end_of_treatment(treated):
    """Before that it is refused with the next step."""
    therapy = SubsequentTherapy("capecitabine", PartialDate.parse("2026-03"), None, story.CHART)
    act = RecordSubsequentTherapy("P-1", ON, therapy)

    refused(treated, act, "P-1, on treatment.*Record the end of treatment first")
    treated.do(story.off_treatment("P-1"))
    treated.do(act)

    assert course(treated).therapies == (therapy,)


def test_treatment_that_ends_for_another_cause_says_which(treated):
    """The category `other` alone tells an inspector nothing."""
    entry = OffTreatment(ON, "other", story.LAST_DOSE, story.CHART)

    refused(treated, EndTreatment("P-1", ON, entry), "the cause `other` without words")
    treated.do(EndTreatment("P-1", ON, entry, "moved away"))


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: Visit("C1D8", "done", None, story.CHART), "on"),
        (lambda: Visit("C1D8", "missed", ON, story.CHART), "on"),
        (lambda: Visit("Jane", "done", ON, story.CHART), "code"),
        (lambda: ConcomitantMedicine(" ", None, None, None, story.CHART), "name"),
        (lambda: DrugCount("x", ON, 5, None, None, None, story.CHART, 0), "units_a_dose"),
        (lambda: DrugCount("x", ON, 5, ON, 6, None, story.CHART), "returned"),
        (lambda: DrugCount("x", ON, 5, None, 3, None, story.CHART), "returned"),
        (lambda: DrugCount("x", ON, 0, None, None, None, story.CHART), "dispensed"),
        (lambda: DrugCount("x", ON, 5, None, None, -1, story.CHART), "expected"),
        (lambda: DrugCount("x", ON, 5, story.day(1), 3, None, story.CHART), "counted_on"),
        (lambda: OffTreatment(story.day(1), "other", ON, story.CHART), "last_dose"),
        (lambda: SubsequentTherapy("x", PartialDate.of(ON), PartialDate.of(story.day(1)),
                                   story.CHART), "until"),
    ],
)  # fmt: skip
def test_a_record_that_contradicts_itself_is_refused(make, where):
    """Each names the field."""
    with pytest.raises(Refusal) as found:
        make()

    assert [each.where for each in found.value.faults] == [where]
