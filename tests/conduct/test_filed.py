"""Filing happenings until somebody looks gives the states that folding each at once gives."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sizes import sized

from trialwright.conduct.folding import apply, fold
from trialwright.conduct.happenings import Happening
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benchmarks"))
import fold as benchmark


def eagerly(study, records, looks):
    """Fold act by act, looking at every participant after some happenings."""
    state = TrialState(study)
    for record in records:
        state = apply(state, record)
        if looks():
            assert all(here.number == name for name, here in state.participants.items())
    return state


def test_looking_after_each_happening_changes_nothing(history):
    """Of the history in which every act is done."""
    assert eagerly(history.study, history.records, lambda: True) == fold(
        history.study, history.records
    )


@pytest.mark.sized
@pytest.mark.parametrize("seed", range(sized(full=40, default=2)))
def test_generated_ledgers_fold_to_equal_states(protocol, seed):
    """Whoever looks in between and whoever is never looked at; participants in mixed order."""
    chance = random.Random(seed)  # noqa: S311
    happenings = list(benchmark.history(600, 7))
    head, tail = happenings[:22], happenings[22:]
    queries = [each for each in tail if each.act.startswith("query_")]  # these rest on an order
    others = [each for each in tail if not each.act.startswith("query_")]
    chance.shuffle(others)
    for each in queries:
        others.insert(chance.randrange(len(others) + 1), each)
    order = iter(queries)
    mixed = [next(order) if each.act.startswith("query_") else each for each in others]
    records = benchmark.recorded(iter([*head, *mixed]))

    once = fold(protocol, records)

    assert eagerly(protocol, records, lambda: chance.random() < 0.1) == once
    assert once.participants["MGH-003"].entries == tuple(
        (each.sequence, each.happening.act)
        for each in records
        if each.happening.subject == "MGH-003"
    )


def test_a_form_that_is_not_known_is_refused_in_the_fold_and_not_at_a_look(history):
    """Filing looks at act and form; what a fact holds is read when somebody looks."""
    visit = next(each for each in history.records if each.happening.act == "visit_recorded")
    place = history.records.index(visit)
    later = replace(visit.happening, schema=9)
    history.records[place] = replace(visit, happening=later)
    with pytest.raises(Refusal, match="form 9"):
        fold(history.study, history.records)

    torn = Happening("visit_recorded", "P-2", later.on, {"entry": {"code": "C1D8"}, "windows": []})
    history.records[place] = replace(visit, happening=torn)
    state = fold(history.study, history.records[: place + 1])
    with pytest.raises(Refusal, match=f"happening {visit.sequence}"):
        _ = state.participants["P-2"]
