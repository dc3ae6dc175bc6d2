"""Source verification, freezing and locking: at four levels, opened again with a reason."""

from datetime import timedelta
from typing import get_args

import pytest
from tests.conduct.overseeing import by, sequence_of

from trialwright.conduct import acts, biomarker_acts, central_records, clinical_acts
from trialwright.conduct.clinical import HAPPENING
from trialwright.conduct.folding import STEPS
from trialwright.conduct.locking import ENTERS, data_point_state, require_unlocked
from trialwright.conduct.locking_acts import DataPoint, Freeze, Lock, Unlock, VerifySource
from trialwright.conduct.query_acts import CancelQuery, RaiseQuery
from trialwright.conduct.scopes import PART_OF, Scope
from trialwright.terms.errors import Refusal

MONITOR, MANAGER = by("monitor"), by("data-manager")
GRADE, TERM = "payload/event/grade", "payload/event/term"
LEVELS = ("data point", "form", "participant", "trial")


@pytest.fixture
def kept(trial, say):
    """Give a trial with an adverse event of P-1, and P-2."""
    trial.complete("P-1")
    trial.do(say.toxicity("P-1"))
    trial.screen("P-2")
    return trial


def place(trial, level):
    """Give where a level is, as the arguments of an act."""
    event = sequence_of(trial, "adverse_event_recorded")
    return {
        "data point": {"participant": "P-1", "sequence": event, "field": GRADE},
        "form": {"participant": "P-1", "part": "adverse_events"},
        "participant": {"participant": "P-1"},
        "trial": {"participant": ""},
    }[level]


def is_held(trial, participant, sequence, field):
    """Say whether a correction would be refused."""
    try:
        require_unlocked(trial.live, participant, sequence, field)
    except Refusal:
        return True
    return False


@pytest.mark.parametrize("kind", [Freeze, Lock])
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_holds_what_lies_in_it_and_nothing_else(kept, say, level, kind):
    """The grade, the term beside it, the consent facts, and another participant."""
    event, facts = (sequence_of(kept, act, "P-1") for act in
                    ("adverse_event_recorded", "facts_recorded"))  # fmt: skip
    other = sequence_of(kept, "facts_recorded", "P-2")
    kept.do(kind(on=say.WINDOW_OVER, **place(kept, level)), MANAGER)
    width = LEVELS.index(level)

    assert is_held(kept, "P-1", event, GRADE)
    assert is_held(kept, "P-1", event, TERM) == (width >= 1)
    assert is_held(kept, "P-1", facts, "payload/born") == (width >= 2)
    assert is_held(kept, "P-2", other, "payload/born") == (width >= 3)


@pytest.mark.parametrize("level", LEVELS)
def test_entries_into_what_is_held_are_refused(kept, say, level):
    """A held data point takes no correction, and leaves the form open for another event."""
    kept.do(Lock(on=say.WINDOW_OVER, **place(kept, level)), MANAGER)
    width = LEVELS.index(level)
    for act, holds_from in (
        (say.toxicity("P-1", term="Fatigue"), 1),
        (say.facts("P-1", on=say.WINDOW_OVER), 2),
        (acts.Screen("P-1", "A", say.WINDOW_OVER), 2),
        (say.facts("P-2", on=say.WINDOW_OVER), 3),
        (acts.Consent("P-3", say.WINDOW_OVER), 3),
    ):
        if width < holds_from:
            kept.do(act)
            continue
        with pytest.raises(Refusal, match=r"is locked since .* by entry"):
            kept.do(act)


def test_a_held_trial_is_still_overseen_and_its_names_erased(kept, say):
    """Redaction, suspension and verification go on."""
    event, day = sequence_of(kept, "adverse_event_recorded"), say.WINDOW_OVER
    kept.do(Lock("", day), MANAGER)

    kept.do(VerifySource("P-1", day, (DataPoint(event, GRADE),)), MONITOR)
    kept.do(acts.Redact("P-1", day, event, "payload/event/source/place", "a name"))

    assert kept.live.oversight.verified == {"P-1": {(event, GRADE)}}


@pytest.mark.parametrize("level", LEVELS)
def test_a_hold_becomes_firmer_and_is_opened_with_a_reason(kept, say, level):
    """Frozen, locked, open; each twice is refused, and opening without a reason."""
    where, day = place(kept, level), say.WINDOW_OVER
    with pytest.raises(Refusal, match="neither frozen nor locked"):
        kept.do(Unlock(on=day, reason="why", **where), MANAGER)
    kept.do(Freeze(on=day, **where), MONITOR)
    with pytest.raises(Refusal, match="is frozen since"):
        kept.do(Freeze(on=day, **where), MONITOR)
    kept.do(Lock(on=day, **where), MANAGER)
    for again in (Freeze, Lock):
        with pytest.raises(Refusal, match="is locked since"):
            kept.do(again(on=day, **where), MANAGER)
    with pytest.raises(Refusal, match="Say why it is opened again"):
        kept.do(Unlock(on=day, reason=" ", **where), MANAGER)
    with pytest.raises(Refusal, match="Correct the day"):
        kept.do(Unlock(on=day - timedelta(days=1), reason="why", **where), MANAGER)

    kept.do(Unlock(on=day, reason="late report", **where), MANAGER)

    assert kept.live.oversight.holds == {}
    assert kept.records[-1].happening.reason == "late report"
    assert not is_held(kept, "P-1", sequence_of(kept, "adverse_event_recorded"), GRADE)


def test_what_lies_in_something_held_is_opened_after_it(kept, say):
    """The participant first, then the form; each hold stays until it is opened itself."""
    form, whole, day = place(kept, "form"), place(kept, "participant"), say.WINDOW_OVER
    kept.do(Lock(on=day, **form), MANAGER)
    kept.do(Lock(on=day, **whole), MANAGER)

    with pytest.raises(Refusal, match="Open that first"):
        kept.do(Unlock(on=day, reason="why", **form), MANAGER)
    kept.do(Unlock(on=day, reason="why", **whole), MANAGER)
    assert list(kept.live.oversight.holds) == [Scope("P-1", "adverse_events")]
    kept.do(Unlock(on=day, reason="why", **form), MANAGER)

    assert kept.live.oversight.holds == {}


def test_a_place_with_open_queries_is_not_locked(kept, say):
    """A freeze does not wait for them, a lock does; queries elsewhere do not matter."""
    day = say.WINDOW_OVER
    kept.do(RaiseQuery("P-1", day, "doses?", part="doses"), MONITOR)
    kept.do(Lock(on=day, **place(kept, "form")), MANAGER)
    kept.do(Freeze("P-1", day), MANAGER)

    with pytest.raises(Refusal, match="query 1: Open, about doses of P-1"):
        kept.do(Lock("P-1", day), MANAGER)
    kept.do(CancelQuery("P-1", 1, day, "seen"), MANAGER)
    kept.do(Lock("P-1", day), MANAGER)


def test_data_points_are_verified_once_each(kept, say):
    """None, twice in one act, or verified before."""
    event, day = sequence_of(kept, "adverse_event_recorded"), say.WINDOW_OVER
    grade, term = DataPoint(event, GRADE), DataPoint(event, TERM)
    with pytest.raises(Refusal, match="Name data points"):
        kept.do(VerifySource("P-1", day, ()), MONITOR)
    with pytest.raises(Refusal, match=r"points\.1: .* verified already"):
        kept.do(VerifySource("P-1", day, (grade, grade)), MONITOR)
    with pytest.raises(Refusal, match="an entry of the participant"):
        kept.do(VerifySource("P-2", day, (grade,)), MONITOR)
    kept.do(VerifySource("P-1", day, (grade,)), MONITOR)

    with pytest.raises(Refusal, match=r"points\.0: .* verified already"):
        kept.do(VerifySource("P-1", day, (grade, term)), MONITOR)
    kept.do(VerifySource("P-1", day, (term,)), MONITOR)

    assert kept.live.oversight.verified["P-1"] == {(event, GRADE), (event, TERM)}


def test_a_data_point_says_where_it_stands(kept, say):
    """Entered, queried, verified, frozen, locked: the firmest word counts."""
    event, day = sequence_of(kept, "adverse_event_recorded"), say.WINDOW_OVER

    def stands():
        return data_point_state(kept.live, "P-1", event, GRADE)

    assert stands() == "entered"
    kept.do(VerifySource("P-1", day, (DataPoint(event, GRADE),)), MONITOR)
    assert stands() == "verified"
    kept.do(RaiseQuery("P-1", day, "why?", sequence=event, field=GRADE), MONITOR)
    assert stands() == "queried"
    kept.do(CancelQuery("P-1", 1, day, "seen"), MANAGER)
    kept.do(Freeze("P-1", day), MANAGER)
    assert stands() == "frozen"
    kept.do(Lock("", day), MANAGER)
    assert stands() == "locked"


def test_every_entry_has_its_form(history):
    """Each act of entry and its happening name the same part of the participant's state."""
    made = {acts.RecordFacts: "facts_recorded", acts.Attest: "attested",
            acts.RecordDoses: "doses_recorded", acts.RecordAdverseEvent: "adverse_event_recorded",
            acts.RecordTumourBaseline: "tumour_baseline_recorded",
            acts.RecordTumourAssessment: "tumour_assessed",
            biomarker_acts.RecordMaterials: "materials_recorded",
            biomarker_acts.RecordSequencing: "sequencing_recorded",
            biomarker_acts.RecordStain: "stain_recorded",
            central_records.Adjudicate: "adjudicated",
            clinical_acts.RecordForm: "form_recorded", **HAPPENING}  # fmt: skip

    assert {kind: PART_OF[act] for kind, act in made.items()} == dict(ENTERS)
    assert set(PART_OF) <= set(STEPS)
    assert set(ENTERS) <= set(get_args(acts.Act))


@pytest.mark.parametrize(
    ("scope", "level"),
    [
        (Scope(), "trial"),
        (Scope("P-1"), "participant"),
        (Scope("P-1", "doses"), "form"),
        (Scope("P-1", "doses", 5, "payload/a"), "data point"),
    ],
)
def test_scopes_cover_downwards(scope, level):
    """The wider covers the narrower; a field covers what stands inside it, and no namesake."""
    inside = Scope("P-1", "doses", 5, "payload/a/b")

    assert scope.level == level
    assert scope.covers(inside)
    assert not inside.covers(scope)
    assert not Scope("P-1", "doses", 5, "payload/a").covers(Scope("P-1", "doses", 5, "payload/ab"))
