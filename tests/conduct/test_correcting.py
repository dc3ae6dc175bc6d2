"""Correcting: another value counts, the first one stays, and who changed it when and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.conduct import clinical_story as story

from trialwright.casebook.course import ConcomitantMedicine
from trialwright.casebook.course_ends import OffStudy
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import RecordDoses, Redact
from trialwright.conduct.clinical_acts import Correct, EndStudy, RecordMedicine
from trialwright.conduct.correctable import CORRECTABLE
from trialwright.conduct.corrections import history, value_at
from trialwright.conduct.delegation_acts import Delegate
from trialwright.conduct.folding import fold
from trialwright.conduct.records import write
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import Lost
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

ON = story.ENTRY
HEMOGLOBIN = "payload/observations/#0/value/value"
GRADE = "payload/event/grade"


def hemoglobin(state, number="P-1"):
    """Give the hemoglobin values of a participant."""
    found = state.participants[number].casebook.observed("hemoglobin", date(2026, 12, 31))
    return [each.value.value for each in found]


@pytest.fixture
def entered(trial):
    """Give a trial in which P-1 has a hemoglobin of 11.2 g/dL, and the number of its happening."""
    trial.screen("P-1")
    trial.do(story.laboratory("P-1"))
    return trial, len(trial.records)


@pytest.fixture
def graded(trial, say):
    """Give a trial in which P-1 has an event of grade 3, and the number of its happening."""
    trial.complete("P-1")
    trial.do(say.toxicity("P-1", grade=3))
    return trial, len(trial.records)


def test_the_new_value_counts_and_the_first_one_stays_in_the_ledger(entered):
    """11.2 becomes 12.1; the happening of the form is not touched."""
    trial, sequence = entered

    (done,) = trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))

    assert hemoglobin(trial.live) == [Decimal("12.1")]
    assert value_at(trial.records[sequence - 1].happening.payload, HEMOGLOBIN) == "11.2"
    assert (done.act, done.reason) == ("corrected", "digits swapped")
    assert (done.payload["old"], done.payload["new"]) == ("11.2", "12.1")
    assert (done.payload["sequence"], done.payload["field"]) == (sequence, HEMOGLOBIN)


def test_a_correction_is_corrected_in_its_turn(entered):
    """The second correction shows what the first one left; the last one counts."""
    trial, sequence = entered
    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))
    with pytest.raises(Refusal, match="another value than the one recorded now"):
        trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "10.2", "read again"))

    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "12.1", "10.2", "read again"))

    assert hemoglobin(trial.live) == [Decimal("10.2")]
    assert fold(trial.study, trial.records) == trial.live


def test_the_history_of_a_field_names_who_when_and_why(entered, say):
    """Three values, each with the happening that set it."""
    trial, sequence = entered
    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))
    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "12.1", "10.2", "read again"),
             say.INVESTIGATOR)  # fmt: skip

    told = history(trial.records, sequence, HEMOGLOBIN)

    assert [each.value for each in told] == ["11.2", "12.1", "10.2"]
    assert [each.sequence for each in told] == [sequence, sequence + 1, sequence + 2]
    assert [each.reason for each in told] == ["", "digits swapped", "read again"]
    assert [each.actor for each in told] == ["p.chief", "p.chief", "i.vestigator"]
    assert {each.entered_at for each in told} == {"2026-11-22T12:00:00.000Z"}


def test_a_correction_of_what_holds_a_field_stands_in_its_history(entered):
    """The whole amount was replaced, and with it its number."""
    trial, sequence = entered
    whole = HEMOGLOBIN.removesuffix("/value")
    old = {"value": "11.2", "unit": "g/dL", "comparator": ""}
    trial.do(Correct("P-1", ON, sequence, whole, old, {**old, "value": "12.1"}, "swapped"))

    assert [each.value for each in history(trial.records, sequence, HEMOGLOBIN)] == ["11.2", "12.1"]


def test_what_was_known_before_a_correction_is_the_first_value(entered):
    """A correction entered later does not count for what was known then."""
    trial, sequence = entered
    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))

    before = fold(trial.study, trial.records, known_at=sequence)

    assert hemoglobin(before) == [Decimal("11.2")]
    assert before == fold(trial.study, trial.records[:sequence])


def test_a_correction_counts_for_days_before_it_was_made(entered):
    """A wrong value was wrong from its first day: `as_of` does not bring it back."""
    trial, sequence = entered
    later = date(2026, 9, 1)
    trial.do(Correct("P-1", later, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))

    view = fold(trial.study, trial.records, as_of=ON)

    assert hemoglobin(view) == [Decimal("12.1")]
    assert (len(trial.records), "corrected") not in view.participants["P-1"].entries


def test_a_corrected_grade_changes_what_counts(graded):
    """Grade 3 was grade 2."""
    trial, sequence = graded

    trial.do(Correct("P-1", ON, sequence, GRADE, 3, 2, "graded by the wrong row"))

    assert [each.grade for each in trial.live.participants["P-1"].adverse_events] == [2]


def refused(trial, act, match):
    """Say that an act is refused with these words and records nothing."""
    before = len(trial.records)
    with pytest.raises(Refusal, match=match) as found:
        trial.do(act)
    assert len(trial.records) == before
    assert all(each.found and each.allowed and each.do for each in found.value.faults)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"reason": " "}, "reason: no reason"),
        ({"new": 3}, "the value that stands"),
        ({"old": 2}, "another value than the one recorded now"),
        ({"old": "3"}, "another value than the one recorded now"),
        ({"old": True}, "another value than the one recorded now"),
        ({"new": 6}, "grade: 6"),
        ({"new": "two"}, "grade"),
        ({"new": True}, "grade"),
        ({"field": "payload/event/weather"}, "field: payload/event/weather"),
        ({"field": "payload/event/term/#0"}, "field: payload/event/term/#0"),
        ({"field": "reason"}, "a path below payload/event"),
        ({"sequence": 1}, "none of P-1"),
        ({"sequence": 2}, "places and decisions rest on it"),
    ],
)
def test_what_is_no_correction_is_refused(graded, changes, match):
    """No reason, no change, an unseen value, no such field, or what could not be entered."""
    trial, sequence = graded
    act = Correct("P-1", ON, sequence, GRADE, 3, 2, "wrong row")

    refused(trial, replace(act, **changes), match)


def test_a_correction_of_a_correction_itself_names_the_happening_to_correct(graded):
    """The value stands in the first happening; that is where the next correction goes."""
    trial, sequence = graded
    trial.do(Correct("P-1", ON, sequence, GRADE, 3, 2, "wrong row"))

    refused(trial, Correct("P-1", ON, sequence + 1, "payload/new", 2, 1, "again"),
            f"happening {sequence}, which it corrected")  # fmt: skip


def test_only_who_may_enter_a_value_may_correct_it(trial, say):
    """A coordinator corrects a form, and not the investigator's assessment of the tumour."""
    coordinator = Actor("c.oord", "coordinator", "mgh")
    trial.screen("P-1")
    trial.do(say.disease("P-1"))
    baseline = len(trial.records)
    trial.do(story.laboratory("P-1"))
    path = "payload/baseline/targets/#0/mm"

    with pytest.raises(Refusal, match="the role coordinator, of RecordTumourBaseline"):
        trial.do(Correct("P-1", ON, baseline, path, "20.5", "25.5", "read again"), coordinator)
    trial.do(Correct("P-1", ON, baseline + 1, HEMOGLOBIN, "11.2", "12.1", "swapped"), coordinator)
    trial.do(Correct("P-1", ON, baseline, path, "20.5", "25.5", "read again"), say.INVESTIGATOR)

    assert trial.live.participants["P-1"].baseline.targets[0].mm == Decimal("25.5")


def test_another_agent_that_the_participant_does_not_take_is_refused(trial):
    """The corrected doses are decided like new ones: arm A has no palbociclib."""
    trial.complete("P-1")
    sequence = len(trial.records)

    refused(trial, Correct("P-1", ON, sequence, "payload/doses/#0/agent",
                           "ipatasertib", "palbociclib", "wrong bottle"),
            "doses.0.agent: palbociclib")  # fmt: skip


def test_a_dose_may_not_be_moved_onto_another_day_that_has_one(trial):
    """The other 27 doses of the same happening stand in the way, its own old day does not."""
    trial.complete("P-1")
    sequence = len(trial.records)
    path = "payload/doses/#0/on"

    refused(trial, Correct("P-1", ON, sequence, path, "2026-02-09", "2026-02-10", "misread"),
            "a second time")  # fmt: skip
    trial.do(Correct("P-1", ON, sequence, path, "2026-02-09", "2026-02-08", "misread"))

    assert trial.live.participants["P-1"].first_dose_on == date(2026, 2, 8)


def test_a_corrected_day_obeys_the_course(trial):
    """A last dose before a recorded one is refused as it would be in a new entry."""
    trial.complete("P-1")
    trial.do(story.off_treatment("P-1"))
    sequence = len(trial.records)

    refused(trial, Correct("P-1", ON, sequence, "payload/entry/last_dose",
                           "2026-03-08", "2026-03-01", "misread"),
            "a dose of 2026-03-08 is recorded")  # fmt: skip


def test_what_came_later_bars_no_correction_but_its_days_count(trial):
    """Off study on 1 May, dead on 20 May: the first day is corrected, and not to a day after."""
    trial.complete("P-1")
    trial.do(story.off_treatment("P-1"))
    trial.do(EndStudy("P-1", ON, OffStudy(date(2026, 5, 1), "completed", story.CHART)))
    sequence, path = len(trial.records), "payload/entry/on"
    trial.do(story.death("P-1", "2026-05-20"))

    refused(trial, Correct("P-1", ON, sequence, path, "2026-05-01", "2026-05-21", "misread"),
            "after the death")  # fmt: skip
    trial.do(Correct("P-1", ON, sequence, path, "2026-05-01", "2026-05-11", "misread"))

    assert trial.live.participants["P-1"].course.off_study.on == date(2026, 5, 11)


@pytest.fixture
def left_early(trial):
    """Give a trial in which P-1 left the study, as entered later, before a medicine was begun."""
    trial.complete("P-1")
    entry = ConcomitantMedicine("aspirin", PartialDate.parse("2026-05-04"), None, None, story.CHART)
    trial.do(RecordMedicine("P-1", ON, entry))
    sequence = len(trial.records)
    trial.do(story.off_treatment("P-1"))
    trial.do(EndStudy("P-1", ON, OffStudy(date(2026, 5, 1), "completed", story.CHART)))
    return trial, sequence


def test_what_leaves_a_day_after_an_end_as_it_is_may_be_corrected(left_early):
    """It makes the record truer and nothing worse; that one of the days is wrong is told."""
    trial, sequence = left_early

    (done,) = trial.do(Correct("P-1", ON, sequence, "payload/entry/name", "aspirin",
                               "ibuprofen", "misread"))  # fmt: skip

    assert trial.live.participants["P-1"].course.medicines[-1].name == "ibuprofen"
    told = "entry.since is 2026-05-04, after the end of study (2026-05-01): one of them is wrong"
    assert told in done.payload["says"]


@pytest.mark.parametrize("day", ["2026-05-03", "2026-05-05"])
def test_a_day_that_is_corrected_must_lie_before_every_end(left_early, day):
    """Also where it comes nearer."""
    trial, sequence = left_early
    old, new = (write(PartialDate.parse(each)) for each in ("2026-05-04", day))

    refused(trial, Correct("P-1", ON, sequence, "payload/entry/since", old, new, "misread"),
            f"{day}, after the end of study")  # fmt: skip
    trial.do(Correct("P-1", ON, sequence, "payload/entry/since", old,
                     write(PartialDate.parse("2026-04-28")), "misread"))  # fmt: skip


def test_a_held_dose_after_the_last_one_does_not_become_a_dose_taken(trial):
    """Its day stays, but says more then: of the last dose, and of somebody who took none."""
    trial.complete("P-1")
    held = DoseGiven("ipatasertib", date(2026, 3, 9), None, "held", story.CHART, "forgotten")
    trial.do(RecordDoses("P-1", ON, (held,)))
    sequence, path = len(trial.records), "payload/doses/#0"
    trial.do(story.off_treatment("P-1"))
    given = DoseGiven("ipatasertib", held.on, Quantity(Decimal(200), "mg"), "given", story.CHART)

    refused(trial, Correct("P-1", ON, sequence, path, write(held), write(given), "misread"),
            "2026-03-09, after the end of treatment")  # fmt: skip
    trial.do(Correct("P-1", ON, sequence, f"{path}/reason", "forgotten", "other", "misread"))

    assert trial.live.participants["P-1"].doses[-1].reason == "other"


def test_a_redacted_field_is_not_corrected(graded):
    """What nobody can see, nobody can correct."""
    trial, sequence = graded
    trial.do(Redact("P-1", ON, sequence, "payload/event/term", "a name"))

    for path in ("payload/event/term", "payload/event"):
        refused(trial, Correct("P-1", ON, sequence, path, None, "Rash", "again"), "redacted")
    refused(trial, Correct("P-1", ON, sequence, GRADE, 3, 2, "row"), "a part was redacted")


def test_a_redacted_correction_takes_the_value_and_does_not_bring_back_the_first(entered):
    """The new value was a name: neither it nor the value before it counts."""
    trial, sequence = entered
    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))
    trial.do(Redact("P-1", ON, sequence + 1, "payload/new", "a name"))

    assert hemoglobin(trial.live) == []
    assert set(trial.live.participants["P-1"].unreadable) == {
        Lost(sequence, "form_recorded", HEMOGLOBIN),
        Lost(sequence + 1, "corrected", "payload/new"),
    }
    assert [each.is_redacted for each in history(trial.records, sequence, HEMOGLOBIN)] == [
        False, True,
    ]  # fmt: skip


def test_every_correctable_happening_folds_again_as_if_from_the_beginning(say, study):
    """One participant is folded again, and the state is that of a fold of the whole ledger."""
    whole = say.history(study)
    for name in CORRECTABLE:
        record = next(each for each in whole.records if each.happening.act == name)
        trial = say.empty(study, records=list(whole.records))
        trial.live = whole.live
        field = next(each for each in trial.fields(record.sequence) if each.endswith("place"))
        old = value_at(record.happening.payload, field)
        if record.role == "reader":
            row = Delegate(
                record.actor, "Rea One", "reader", "mgh", ("data-entry",), ON, None, ON, ON
            )
            trial.do(row)
        act = Correct(record.happening.subject, ON, record.sequence, field, old, "p. 8", "page")

        trial.do(act, Actor(record.actor, record.role, record.site))

        assert trial.live == trial.state, name
        assert trial.live.corrected.keys() >= {record.sequence}


def test_the_state_handed_out_before_is_not_changed(entered):
    """States are values."""
    trial, sequence = entered
    held, kept = trial.live, repr(trial.live)

    trial.do(Correct("P-1", ON, sequence, HEMOGLOBIN, "11.2", "12.1", "digits swapped"))

    assert repr(held) == kept
    assert hemoglobin(held) == [Decimal("11.2")]


def test_a_field_that_is_not_there_has_no_history(entered):
    """Nor has a happening that is not there."""
    trial, sequence = entered

    for number, path in ((sequence, "payload/x"), (99, HEMOGLOBIN), (sequence, "payload")):
        with pytest.raises(Refusal):
            history(trial.records, number, path)
