"""Answers kept by what they rest on."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident

import pytest

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


ASKING = 8
LONG = 20
"""Threads that ask at a time; seconds after which a test has failed."""


def asked_at_once(kept, work_out):
    """Ask for one answer from many threads, all of which have begun."""
    begun = Barrier(ASKING)

    def ask():
        begun.wait(LONG)
        return kept.answer("a", work_out)

    with ThreadPoolExecutor(ASKING) as pool:
        return [each.exception(LONG) or each.result() for each in
                [pool.submit(ask) for _ in range(ASKING)]]  # fmt: skip


def test_many_threads_that_ask_at_once_have_it_worked_out_once():
    """It takes long enough for all of them to ask meanwhile."""
    kept, worked_out = Kept(), []

    def work_out():
        worked_out.append(get_ident())
        Event().wait(0.2)
        return object()

    found = asked_at_once(kept, work_out)

    assert len(worked_out) == 1
    assert {id(each) for each in found} == {id(found[0])}


def test_other_answers_do_not_wait_for_the_one_that_is_worked_out():
    """One thread holds the first answer until the other has had the second."""
    kept, is_begun, is_given = Kept(), Event(), Event()

    def slow():
        is_begun.set()
        return is_given.wait(LONG)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(kept.answer, "slow", slow)
        assert is_begun.wait(LONG)
        assert kept.answer("quick", lambda: "quick") == "quick"
        is_given.set()
        assert first.result(LONG)


def test_what_fails_is_worked_out_by_the_next_one_that_waits():
    """One after the other: the first fails, the second finds it, and nobody is left waiting."""
    kept, worked_out = Kept(), []

    def work_out():
        worked_out.append(1)
        Event().wait(0.05)
        if len(worked_out) == 1:
            raise ValueError("the first")
        return "found"

    found = asked_at_once(kept, work_out)

    assert len(worked_out) == 2
    assert sorted(map(str, found)) == ["found"] * (ASKING - 1) + ["the first"]


def test_a_failure_leaves_the_answer_to_be_asked_for_again():
    """By the same thread, which waits for nobody."""
    kept = Kept()

    with pytest.raises(ZeroDivisionError):
        kept.answer("a", lambda: 1 // 0)

    assert kept.answer("a", lambda: "found") == "found"
