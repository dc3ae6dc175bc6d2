"""What stands in the audit trail, followed as the ledger grows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from trialwright.assembly.trail import TrailFound
from trialwright.conduct.happenings import Happening, Recorded


def entry(sequence, act="consented", subject="P-1", on=date(2026, 2, 1), actor="a.clerk"):
    """Make an entry of the trail."""
    return Recorded(sequence, "2026-03-01T12:00:00.000Z", actor, "coordinator", "mgh", "page", "",
                    "", Happening(act, subject, on))  # fmt: skip


TRAIL = (
    entry(1, "trial_opened", "trial", date(2026, 1, 5), "p.chief"),
    entry(2, "consented", "P-1", date(2026, 2, 1)),
    entry(3, "consented", "P-2", date(2026, 2, 9)),
    entry(4, "registered", "P-1", date(2026, 2, 3), "i.vestigator"),
)


def found_in(*readings):
    """Follow readings of a ledger, each of all of it so far."""
    found = TrailFound()
    for each in readings:
        found.take_up(each)
    return found


def test_nothing_is_found_in_an_empty_trail():
    """No day is later than none."""
    found = found_in(())

    assert (found.count, found.last_day, found.places) == (0, date.min, {})


def test_entries_are_found_by_subject_act_and_account():
    """Places count from 0; acts and accounts stand in the order in which they came."""
    found = found_in(TRAIL)

    assert found.count == 4
    assert found.places == {"trial": [0], "P-1": [1, 3], "P-2": [2]}
    assert list(found.acts) == ["trial_opened", "consented", "registered"]
    assert list(found.accounts) == ["p.chief", "a.clerk", "i.vestigator"]


def test_the_last_day_is_that_of_the_latest_act_not_of_the_last_entry():
    """P-2 consented after P-1 was registered, and was entered before."""
    assert found_in(TRAIL).last_day == date(2026, 2, 9)


def test_what_is_read_in_parts_is_found_as_if_read_at_once():
    """Also where a reading brings nothing new."""
    parts = found_in(TRAIL[:1], TRAIL[:1], TRAIL[:3], TRAIL, TRAIL)

    assert parts == found_in(TRAIL)


def test_a_reading_from_before_takes_nothing_back():
    """A thread that read earlier may come later."""
    assert found_in(TRAIL, TRAIL[:2], TRAIL) == found_in(TRAIL)


def test_an_entry_read_again_after_a_redaction_is_not_looked_at_again():
    """Its values are gone; day, subject, act and account are as they were."""
    erased = tuple(entry(each.sequence, each.happening.act, each.happening.subject,
                         each.happening.on, each.actor) for each in TRAIL)  # fmt: skip

    assert found_in(TRAIL, erased) == found_in(TRAIL)


def test_threads_that_look_at_once_count_each_entry_once():
    """Fifty readings of growing length by eight threads."""
    long = tuple(entry(number, subject=f"P-{number % 7}") for number in range(1, 2001))
    found = TrailFound()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(found.take_up, (long[: 40 * size] for size in range(1, 51))))

    assert found == found_in(long)
