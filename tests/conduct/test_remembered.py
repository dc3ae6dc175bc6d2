"""What follows from one participant's record is worked out once while the record stands."""

import gc
from datetime import date
from weakref import ref

from trialwright.assembly.protocols import shipped
from trialwright.casebook.participant import Casebook
from trialwright.conduct.remembered import MOST_EACH, remembered
from trialwright.conduct.state import ParticipantState, TrialState, changed

DAY = date(2026, 3, 14)
STUDY = shipped("nct03959891").study


def somebody():
    """Make a participant of whom nothing is recorded."""
    return ParticipantState("MGH-001", "mgh", DAY, Casebook("MGH-001"))


def counting():
    """Give a question that counts how often it is worked out, and the count."""
    asked = []

    @remembered
    def question(state, here, day):
        asked.append((state, here.number, day))
        return here.number, day, len(state.participants)

    return question, asked


def test_each_thing_it_rests_on_makes_another_answer():
    """Participant, protocol and day: what any of them changes is worked out anew."""
    question, asked = counting()
    state, here = TrialState(STUDY), somebody()
    others = [
        (state, here, date(2026, 3, 15)),
        (changed(state, study=changed_study()), here, DAY),
        (state, changed(here, arm="A"), DAY),
    ]

    for told in [(state, here, DAY), (changed(state, sequence=9), here, DAY), *others]:
        question(*told)

    assert len(asked) == 4


def changed_study():
    """Give an equal protocol that is another object, as another version is."""
    return shipped.__wrapped__("nct03959891").study


def test_nothing_but_the_protocol_is_known_to_it():
    """An answer that rested on another participant could not be kept by this one."""
    question, _ = counting()
    here = somebody()
    state = TrialState(STUDY).with_participant(here)

    assert question(state, here, DAY) == ("MGH-001", DAY, 0)


def test_only_the_newest_answers_are_kept():
    """The oldest goes; those after it stay."""
    question, asked = counting()
    state, here = TrialState(STUDY), somebody()
    days = [date(2026, 1, 1 + place) for place in range(MOST_EACH + 1)]

    for day in [*days, *days[1:], days[0]]:
        question(state, here, day)

    assert [day for _, _, day in asked] == [*days, days[0]]


def test_an_answer_goes_with_its_participant():
    """Nobody is kept for an answer's sake, and nobody is given that of another at its place."""
    question, asked = counting()
    state, here = TrialState(STUDY), somebody()
    watched = ref(here)
    question(state, here, DAY)
    del here
    gc.collect()

    for _ in range(100):
        question(state, somebody(), DAY)

    assert watched() is None
    assert len(asked) == 101
