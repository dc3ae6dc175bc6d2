"""Folding: the state is what the happenings come to, whenever and however it is asked."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from trialwright.conduct.folding import STEPS, apply, fold
from trialwright.conduct.happenings import Happening
from trialwright.conduct.legible import RESTS_ON
from trialwright.conduct.state import visible
from trialwright.terms.errors import Refusal


def test_every_act_of_the_story_is_done_in_the_history(history):
    """The history used here leaves out no kind of happening but redactions."""
    done = {record.happening.act for record in history.records}

    assert done == set(STEPS) - {"redacted", "redaction_settled"}
    assert set(RESTS_ON) <= set(STEPS)


def test_folding_anew_gives_the_state_that_was_reached_act_by_act(history):
    """Replay equals the live state."""
    assert fold(history.study, history.records) == history.live
    assert fold(history.study, iter(history.records)) == history.live


def test_every_earlier_state_is_the_fold_of_what_was_known_then(history):
    """`known_at` is a prefix of the ledger, no more and no less."""
    for known_at in range(len(history.records) + 1):
        prefix = fold(history.study, history.records[:known_at])

        assert fold(history.study, history.records, known_at=known_at) == prefix
        assert prefix.sequence == known_at


def test_every_day_can_be_asked_again(history):
    """No day between opening and the last act breaks the fold: acts keep the order of days."""
    days = {record.happening.on for record in history.records}
    for day in sorted({each + timedelta(days=shift) for each in days for shift in (-1, 0, 1)}):
        view = fold(history.study, history.records, as_of=day)

        seen = [each for each in history.records if each.happening.on <= day]
        assert view.sequence == (seen[-1].sequence if seen else 0)
        assert all(here.consented_on <= day for here in view.participants.values())


def test_a_later_day_never_knows_less(history):
    """Views grow with the day asked about."""
    views = [
        fold(history.study, history.records, as_of=date(2026, 1, 1) + timedelta(days=days))
        for days in range(0, 200, 7)
    ]
    known = [set(view.participants) for view in views]

    assert all(early <= late for early, late in pairwise(known))
    assert views[-1] == history.live


def test_visible_leaves_out_later_days_and_later_entries(history):
    """Both clocks cut, each by itself."""
    shown = list(visible(history.records, as_of=date(2026, 2, 2), known_at=4))

    assert [record.sequence for record in shown] == [1, 2, 3, 4]
    assert list(visible(history.records, as_of=date(2025, 1, 1))) == []


def test_a_happening_of_a_later_version_is_refused_by_its_number(history):
    """An unknown act is never passed over."""
    unknown = Happening("teleported", "P-1", date(2026, 5, 1))
    history.records.append(replace(history.records[-1], sequence=99, happening=unknown))

    with pytest.raises(Refusal) as refused:
        fold(history.study, history.records)

    assert refused.value.faults[0].where == "happening 99"
    assert "teleported" in refused.value.faults[0].found


def test_a_payload_of_a_later_form_is_refused_by_its_number(history):
    """A known act whose payload has another form is not read as if it had the one known here."""
    last = history.records[-1]
    history.records[-1] = replace(last, happening=replace(last.happening, schema=2))

    with pytest.raises(Refusal, match=f"happening {last.sequence}: form 2 of the act"):
        fold(history.study, history.records)


def test_a_fold_that_begins_in_the_middle_is_refused(history):
    """A participant who has not consented in what was folded is named."""
    with pytest.raises(Refusal, match="who has not consented"):
        fold(history.study, history.records[2:])


def test_a_value_that_cannot_be_read_is_refused_by_happening_and_path(trial):
    """Nothing was redacted, so the record is of another form: that is no missing fact."""
    trial.screen("P-1")
    event = {"event": {"term": "Fatigue", "grade": "three"}}

    with pytest.raises(Refusal) as refused:
        trial.append(Happening("adverse_event_recorded", "P-1", date(2026, 3, 1), event))

    assert refused.value.faults[0].where.startswith("happening 5: ")


def test_applying_changes_no_state_that_was_handed_out(history):
    """States are values."""
    before = fold(history.study, history.records[:-1])
    kept = repr(before)

    apply(before, history.records[-1])

    assert repr(before) == kept


def test_each_participant_knows_the_happenings_about_them(history):
    """Every happening with a study number as its subject is an entry of that participant."""
    for number, here in history.live.participants.items():
        about = [
            (record.sequence, record.happening.act)
            for record in history.records
            if record.happening.subject == number
        ]

        assert list(here.entries) == about
