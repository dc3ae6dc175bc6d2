"""Collecting garbage is put off until the last of several threads has read what it reads."""

import gc
import threading

import pytest

from trialwright.assembly.collecting import MANY, collecting_later, set_aside


@pytest.fixture(autouse=True)
def collecting():
    """Let collecting be as it was, whatever a test does."""
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def test_it_is_put_off_meanwhile_and_back_afterwards():
    """Also after a block that failed."""
    seen = []

    def fail() -> None:
        """Look, and fail."""
        with collecting_later():
            seen.append(gc.isenabled())
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert (seen, gc.isenabled()) == ([False], True)


def test_whoever_never_collects_does_not_begin():
    """It was off before."""
    gc.disable()

    with collecting_later():
        pass

    assert not gc.isenabled()


def test_a_block_that_ends_first_does_not_end_the_others():
    """The thread that began first ends first: it is put off for the second, and then over."""
    begun, go_on, told = threading.Event(), threading.Event(), []

    def second() -> None:
        """Begin within the first block, and end after it."""
        with collecting_later():
            begun.set()
            go_on.wait(10)
            told.append(gc.isenabled())

    other = threading.Thread(target=second)
    with collecting_later():
        other.start()
        assert begun.wait(10)
    still = gc.isenabled()
    go_on.set()
    other.join()

    assert (still, told) == (False, [False])
    assert gc.isenabled()


def test_much_that_stays_is_not_looked_through_again():
    """Few happenings change nothing; many are set aside, and still go when nobody holds them."""
    before = gc.get_freeze_count()
    set_aside(MANY - 1)
    few = gc.get_freeze_count()
    try:
        set_aside(MANY)
        many = gc.get_freeze_count()
    finally:
        gc.unfreeze()

    assert few == before
    assert many > before
