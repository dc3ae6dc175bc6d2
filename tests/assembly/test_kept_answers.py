"""Answers kept by what they rest on."""

from trialwright.assembly.kept_answers import MOST_KEPT, Kept


def test_an_answer_is_worked_out_once_for_what_it_rests_on():
    """And anew for something else."""
    kept, asked = Kept(), []

    found = [
        kept.answer(key, lambda: asked.append(1) or len(asked)) for key in ("a", "a", "b", "a")
    ]

    assert found == [1, 1, 2, 1]


def test_what_is_asked_for_least_is_let_go():
    """One more than are kept: the first goes, the one asked for again stays."""
    kept, worked_out = Kept(), []

    def ask(key):
        return kept.answer(key, lambda: worked_out.append(key))

    for key in (*range(MOST_KEPT), 0, MOST_KEPT):
        ask(key)
    before = len(worked_out)
    ask(0)
    ask(1)

    assert worked_out[before:] == [1]
