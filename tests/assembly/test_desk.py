"""A trial that is open on pages: what is asked of the whole of it is worked out once an entry."""

from datetime import date

import pytest
from tests.assembly.conftest import CHIEF, DAY

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.serving import open_desk
from trialwright.conduct.acts import Consent, OpenTrial
from trialwright.ledger.sqlite import SqliteLedger

ASKED = []
"""Questions that were worked out, in order."""


def participants(state, on):
    """Count whoever has consented by a day."""
    ASKED.append(("participants", on))
    return [number for number, each in state.participants.items() if each.consented_on <= on]


def nobody(state, on):
    """Answer that there is nothing to tell."""
    ASKED.append(("nobody", on))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Give a trial that is open, with one participant."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ASKED.clear()
    opened = open_desk(tmp_path, "nct03959891")
    opened.gateway.execute_all([OpenTrial(DAY), Consent("P-1", DAY)], CHIEF)
    return opened


def test_a_question_is_worked_out_once_for_an_entry(desk):
    """Asked again, the very answer is given, also by a state folded anew."""
    first = desk.once(participants, desk.gateway.state(), DAY)

    assert first == ["P-1"]
    assert desk.once(participants, desk.gateway.state_at(), DAY) is first
    assert ASKED == [("participants", DAY)]


def test_an_answer_of_nothing_is_kept_too(desk):
    """None is an answer like others."""
    found = [desk.once(nobody, desk.gateway.state(), DAY) for _ in range(2)]

    assert (found, ASKED) == ([None, None], [("nobody", DAY)])


def test_a_new_entry_another_day_and_another_question_are_worked_out(desk):
    """The participant who came with the new entry is in its answer, and not in that before."""
    before, tomorrow = desk.gateway.state(), date(2026, 2, 6)
    desk.once(participants, before, DAY)
    desk.once(participants, before, tomorrow)
    desk.once(nobody, before, DAY)
    desk.gateway.execute(Consent("P-2", DAY), CHIEF)

    assert desk.once(participants, desk.gateway.state(), DAY) == ["P-1", "P-2"]
    assert desk.once(participants, before, DAY) == ["P-1"]
    assert [what for what, _ in ASKED] == ["participants", "participants", "nobody", "participants"]


def test_questions_of_the_same_name_in_other_modules_are_others(desk):
    """A module is part of a question."""

    def elsewhere(state, on):
        """Answer as another module would."""
        return "elsewhere"

    elsewhere.__qualname__ = participants.__qualname__
    elsewhere.__module__ = "another.module"
    state = desk.gateway.state()

    assert desk.once(participants, state, DAY) == ["P-1"]
    assert desk.once(elsewhere, state, DAY) == "elsewhere"


def test_two_desks_keep_their_answers_apart(desk, tmp_path):
    """Another trial of the same length answers for itself."""
    other = open_desk(tmp_path / "other", "nct03959891")
    other.gateway.execute_all([OpenTrial(DAY), Consent("P-9", DAY)], CHIEF)

    found = [each.once(participants, each.gateway.state(), DAY) for each in (desk, other)]

    assert found == [["P-1"], ["P-9"]]


def test_a_question_that_fails_is_asked_again(desk):
    """What it raised is no answer."""
    state, given = desk.gateway.state(), iter([ValueError("once"), None])

    def failing(state, on):
        """Fail the first time."""
        raised = next(given)
        if raised:
            raise raised
        return "answered"

    with pytest.raises(ValueError, match="once"):
        desk.once(failing, state, DAY)
    assert desk.once(failing, state, DAY) == "answered"


@pytest.mark.parametrize("reading", [1, 2])
def test_an_entry_that_comes_meanwhile_folds_nothing_anew(desk, monkeypatch, reading):
    """State and trail are read one after the other; somebody records before either."""
    beside, read, readings = open_desk(desk.folder, "nct03959891").gateway, SqliteLedger.records, []

    def records(ledger, *asked):
        """Read, after somebody recorded."""
        readings.append(asked)
        if len(readings) == reading:
            beside.execute(Consent("P-2", DAY), CHIEF)
        return read(ledger, *asked)

    monkeypatch.setattr(SqliteLedger, "records", records)
    monkeypatch.setattr(Gateway, "state_at", lambda *_: pytest.fail("folded anew"))
    state = desk.state_on(DAY)

    assert len(readings) == 2
    assert list(state.participants) == ["P-1", "P-2"][: 3 - reading]


def test_what_came_later_than_the_day_is_left_out(desk):
    """Then everything is folded anew."""
    assert desk.state_on(date(2026, 1, 1)).participants == {}
