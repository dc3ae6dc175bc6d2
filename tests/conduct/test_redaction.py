"""Redaction: any field can go, nothing changes its meaning silently, and what is lost is named."""

import re
from dataclasses import replace

import pytest

from trialwright.conduct.acts import Redact, Register, Screen, SettleRedaction
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.folding import apply, fold
from trialwright.conduct.happenings import Happening
from trialwright.conduct.state import Lost, TrialState
from trialwright.terms.errors import Refusal


def erase(trial, sequence, path, reason="a name was entered"):
    """Append a redaction as the ledger would carry it out, whatever conduct says of it."""
    subject = trial.records[sequence - 1].happening.subject
    payload = {"sequence": sequence, "field": path}
    trial.append(Happening("redacted", subject, trial.records[-1].happening.on, payload, reason))


def sequence_of(trial, act, place=0):
    """Give the happening in which an act was done for the n-th time."""
    return [each.sequence for each in trial.records if each.happening.act == act][place]


def bare(state):
    """Give a state without its bookkeeping and without what people wrote in their own words."""
    people = {}
    for number, here in state.participants.items():
        answers = tuple(replace(each, reason="") for each in here.casebook.attestations)
        casebook = replace(here.casebook, attestations=answers)
        people[number] = replace(here, casebook=casebook, entries=(), unreadable=())
    sites = {site: unsaid(changes) for site, changes in state.site_changes.items()}
    return replace(
        state,
        participants=people,
        trial_changes=unsaid(state.trial_changes),
        site_changes=sites,
        oversight=unwritten(state.oversight),
        slots=unreasoned(state.slots),
        erased={},
        unreadable=(),
        sequence=0,
    )


def unwritten(oversight):
    """Give what oversees without printed names, questions, answers, minutes and reasons."""
    queries = {
        number: replace(each, steps=tuple(replace(step, text="") for step in each.steps))
        for number, each in oversight.queries.items()
    }
    decisions = tuple(
        replace(each, reason="", payload={**each.payload, "minutes": ""})
        for each in oversight.decisions
    )
    return replace(
        oversight,
        delegations=tuple(replace(each, name="") for each in oversight.delegations),
        signatures=tuple(replace(each, name="") for each in oversight.signatures),
        queries=queries,
        decisions=decisions,
        rp2d={arm: replace(each, reason="") for arm, each in oversight.rp2d.items()},
    )


def unsaid(changes):
    """Give changes of a status without their reasons."""
    return tuple(replace(each, reason="") for each in changes)


def named(trial, sequence, path):
    """Give what may be named as lost: the field itself, or for a correction also what it set."""
    done = trial.records[sequence - 1].happening
    lost = [Lost(sequence, done.act, path)]
    if done.act == "corrected" and path.startswith("payload/new"):
        first = trial.records[done.payload["sequence"] - 1].happening
        lost.append(Lost(done.payload["sequence"], first.act, done.payload["field"]))
    return lost


def unreasoned(book):
    """Give requests and changes of cohorts without their reasons."""
    requests = {
        name: tuple(
            replace(
                each,
                reservation=each.reservation and replace(each.reservation, reason=""),
                ended=each.ended and replace(each.ended, reason=""),
            )
            for each in asked
        )
        for name, asked in book.requests.items()
    }
    changes = {arm: unsaid(each) for arm, each in book.changes.items()}
    return replace(book, requests=requests, changes=changes)


def places(trial):
    """Give one field of each kind in each kind of happening."""
    seen = {}
    for record in trial.records:
        for path in trial.fields(record.sequence):
            kind = (record.happening.act, re.sub(r"#\d+", "#", path))
            seen.setdefault(kind, (record.sequence, path))
    return list(seen.values())


def test_every_field_can_go_and_the_state_changes_only_where_it_says_so(say, study):
    """The fold survives the loss of any leaf; a state that differs names what it lost."""
    whole = say.history(study)
    before = bare(whole.state)
    tried = places(whole)
    for sequence, path in tried:
        trial = say.empty(study, records=list(whole.records))
        erase(trial, sequence, path)
        after = trial.state
        lost = [*after.unreadable]
        lost += [each for here in after.participants.values() for each in here.unreadable]

        assert bare(after) == before or lost, (sequence, path)
        assert all(each in named(trial, sequence, path) for each in lost)
        assert trial.live == after

    assert len(tried) > 100


def test_a_fact_with_a_redacted_part_no_longer_counts_and_the_others_do(trial, say):
    """One dose of 28 is lost; 27 are left."""
    trial.complete("P-1")
    sequence = sequence_of(trial, "doses_recorded")

    erase(trial, sequence, "payload/doses/#3/amount/value")

    here = trial.state.participants["P-1"]
    assert len(here.doses) == 27
    assert here.unreadable == (Lost(sequence, "doses_recorded", "payload/doses/#3/amount/value"),)


def test_a_redacted_grade_does_not_read_as_not_recorded(trial, say):
    """Null means `not recorded` in an event; a redacted grade must not turn into that."""
    trial.complete("P-1")
    trial.do(say.toxicity("P-1"))
    sequence = sequence_of(trial, "adverse_event_recorded")

    erase(trial, sequence, "payload/event/grade")

    here = trial.state.participants["P-1"]
    assert here.adverse_events == ()
    assert str(here.unreadable[0]) == (f"grade in entry {sequence} (adverse event recorded)")


def test_a_redacted_assessment_does_not_read_as_nobody_looked(trial, say):
    """Null for new lesions means that nobody could look; redacted is another thing."""
    trial.screen("P-1")
    trial.do(say.disease("P-1"))
    trial.do(say.scan("P-1", 8))

    erase(trial, sequence_of(trial, "tumour_assessed"), "payload/assessment/new_lesions/#0/site")

    here = trial.state.participants["P-1"]
    assert here.assessments == ()
    assert len(here.unreadable) == 1


def test_a_redacted_reason_leaves_the_answer_standing(trial, say):
    """The reason stands beside the answer, so that a name in it can go alone."""
    trial.screen("P-1")
    trial.do(say.answer("P-1", "informed-consent", "yes", reason="signed by Canary Birdsong"))
    sequence = len(trial.records)

    erase(trial, sequence, "reason")

    here = trial.state.participants["P-1"]
    assert here.unreadable == ()
    assert here.casebook.attestations[-1].answer == "yes"
    assert "Birdsong" not in repr(trial.state)


def test_the_dose_meeting_names_an_event_that_was_redacted(trial, say):
    """An adverse event must not vanish from a dose decision without a word."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-2"))
    sequence = sequence_of(trial, "adverse_event_recorded")
    erase(trial, sequence, "payload/event/grade")

    with pytest.raises(Refusal) as refused:
        trial.do(say.meeting())

    (fault,) = refused.value.faults
    assert fault.where == "P-2"
    assert f"grade in entry {sequence} (adverse event recorded)" in fault.found
    assert f"settle the redaction of entry {sequence}" in fault.do


def test_redacted_doses_make_it_unknown_whether_somebody_counts(trial, say):
    """27 of 28 doses would be enough; that is for people to say, not for the software."""
    trial.complete("P-1", "P-2", "P-3")
    erase(trial, sequence_of(trial, "doses_recorded"), "payload/doses/#3/on")

    status = dlt_status(trial.state, trial.state.participants["P-1"], say.WINDOW_OVER)

    assert status.evaluable.state == "unknown"
    assert "doses 4, on in entry" in status.evaluable.because


def test_a_certain_dlt_stands_whatever_else_was_redacted(trial, say):
    """A DLT counts at once; a lost further event cannot undo it."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-1"))
    trial.do(say.toxicity("P-1", term="Fatigue", grade=1))
    erase(trial, sequence_of(trial, "adverse_event_recorded", 1), "payload/event/term")

    decided = prepare(trial.state, "A", say.WINDOW_OVER)

    assert decided.decision.rule == "1-of-3"


def test_recording_again_and_settling_lets_the_dose_meeting_decide(trial, say):
    """What was lost is recorded again, the redaction settled with its reason: then all is known."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-2"))
    sequence = sequence_of(trial, "adverse_event_recorded")
    trial.do(Redact("P-2", say.WINDOW_OVER, sequence, "payload/event/source/place", "a name"))
    trial.do(say.toxicity("P-2"))
    again = len(trial.records)

    trial.do(SettleRedaction("P-2", say.WINDOW_OVER, sequence, f"stands in happening {again}"))

    assert trial.state.participants["P-2"].unreadable == ()
    assert prepare(trial.state, "A", say.WINDOW_OVER).decision.rule == "1-of-3"


def test_registration_is_refused_while_a_fact_for_eligibility_is_lost(trial, say):
    """Without the redacted value an older one would decide: that is a silent change."""
    trial.screen("P-1")
    trial.do(say.facts("P-1", ecog=4))
    erase(trial, len(trial.records), "payload/observations/#0/value/value")

    with pytest.raises(Refusal) as refused:
        trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert [fault.where for fault in refused.value.faults] == ["P-1"]
    assert "observations 1, value in entry 5 (facts recorded)" in refused.value.faults[0].found


def test_the_checklist_names_facts_that_were_lost(trial, say):
    """A screening on part of the facts says which part is missing."""
    trial.screen("P-1")
    erase(trial, sequence_of(trial, "facts_recorded"), "payload/born")

    (screened,) = trial.do(Screen("P-1", "A", say.REGISTERED))

    assert screened.payload["lost"] == ["born in entry 3 (facts recorded)"]


@pytest.mark.parametrize(
    ("act", "path", "told"),
    [
        ("registered", "payload/arm", "arm"),
        ("assigned", "payload/dose_level", "dose level"),
        ("assigned", "payload/arm", "arm"),
        ("dose_decided", "payload/level", "level"),
        ("dose_decided", "payload/arm", "arm"),
        ("dose_decided", "payload/participants/#0/state", "participants 1, state"),
    ],
)
def test_nobody_is_assigned_when_a_decision_on_places_cannot_be_read(history, act, path, told):
    """Such fields cannot be erased through an act; if they are gone all the same, all stops."""
    erase(history, sequence_of(history, act), path)

    for go_on in (
        lambda: prepare(history.state, "A", history.records[-1].happening.on),
        lambda: history.do(_next_assignment(history)),
    ):
        with pytest.raises(Refusal, match=rf"{told} in entry [0-9]+ \({act.split('_')[0]}"):
            go_on()


def _next_assignment(history):
    """Give the assignment of somebody registered and not assigned."""
    from trialwright.conduct.acts import Assign

    on = history.records[-1].happening.on
    if "P-9" not in history.live.participants:
        history.screen("P-9")
        history.do(Register("P-9", "A", on, on))
    return Assign("P-9", on)


def test_a_state_folded_without_the_redaction_refuses_to_go_on(history):
    """A held state still has the erased value in it: it must be folded anew."""
    held = history.live
    erase(history, sequence_of(history, "attested"), "reason")

    with pytest.raises(Refusal, match="Fold the whole ledger"):
        apply(held, history.records[-1])


def test_a_view_of_an_earlier_day_knows_of_a_later_redaction(history, say):
    """The value is gone for every view, so every view says so."""
    sequence = sequence_of(history, "adverse_event_recorded")
    erase(history, sequence, "payload/event/grade")

    early = fold(history.study, history.records, known_at=sequence)

    assert [each.sequence for each in early.participants["P-1"].unreadable] == [sequence]


def test_a_redaction_names_happening_field_and_reason(history, say):
    """The recorded redaction says what is gone and why, and nothing of what stood there."""
    sequence = sequence_of(history, "attested")

    (done,) = history.do(Redact("P-1", say.WINDOW_OVER, sequence, "reason", "a name was entered"))

    assert (done.act, done.subject, done.reason) == ("redacted", "P-1", "a name was entered")
    assert done.payload == {"sequence": sequence, "field": "reason"}


def test_a_redaction_gathers_its_faults(history, say):
    """Another participant's happening and a blank reason are two faults of one refusal."""
    sequence = sequence_of(history, "consented", 1)

    with pytest.raises(Refusal) as refused:
        history.do(Redact("P-1", say.WINDOW_OVER, sequence, "reason", "  "))

    assert [fault.where for fault in refused.value.faults] == ["sequence", "reason"]


@pytest.mark.parametrize("sequence", [0, -1, 10_000])
def test_a_happening_that_is_not_there_cannot_be_redacted(history, say, sequence):
    """The number must be one of the participant's happenings."""
    with pytest.raises(Refusal, match="none of P-1"):
        history.do(Redact("P-1", say.WINDOW_OVER, sequence, "reason", "a name"))


@pytest.mark.parametrize(
    ("act", "path"),
    [
        ("registered", "payload/arm"),
        ("registered", "payload/first_dose_on"),
        ("assigned", "payload/dose_level"),
        ("assigned", "payload/choice"),
        ("assigned", "payload/choice/aromatase-inhibitor-daily"),
    ],
)
def test_what_places_rest_on_cannot_be_redacted(history, say, act, path):
    """Arm, dose level and choice are no free text of a person."""
    with pytest.raises(Refusal, match="Leave it"):
        history.do(Redact("P-1", say.WINDOW_OVER, sequence_of(history, act), path, "a name"))


def test_a_redaction_cannot_hide_what_another_redaction_erased(history, say):
    """Only its reason can go, if somebody repeated the name in it."""
    sequence = sequence_of(history, "attested")
    history.do(Redact("P-1", say.WINDOW_OVER, sequence, "reason", "this was Canary Birdsong"))
    redaction = len(history.records)
    with pytest.raises(Refusal, match="Leave it"):
        history.do(Redact("P-1", say.WINDOW_OVER, redaction, "payload/field", "hide"))

    history.do(Redact("P-1", say.WINDOW_OVER, redaction, "reason", "it repeated the name"))

    assert history.state == history.live


@pytest.mark.parametrize(("sequence", "reason"), [(3, "done"), (99, "done"), (3, "")])
def test_nothing_is_settled_that_is_not_lost(history, say, sequence, reason):
    """Settling names a happening that lost a part, and gives its reason."""
    with pytest.raises(Refusal, match="nothing is lost"):
        history.do(SettleRedaction("P-1", say.WINDOW_OVER, sequence, reason))


def test_an_empty_state_has_lost_nothing(study):
    """A new trial begins with nothing erased."""
    assert fold(study, []) == TrialState(study)
