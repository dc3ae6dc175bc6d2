"""Where two readers differ, and what of it calls for adjudication."""

from datetime import date

import pytest

from trialwright.casebook.tumours import Response
from trialwright.response.best import Seen
from trialwright.response.readers import ReaderCourse, differing_days, disagreements


def _read(*words):
    """Give a course of monthly responses."""
    return [Seen(date(2026, month, 1), Response(word)) for month, word in enumerate(words, 1)]


def _course(*words, progression_on=None, best="SD"):
    """Give what a reader says."""
    return ReaderCourse(_read(*words), Response(best), progression_on)


def test_readers_who_agree_differ_on_no_day():
    """Whatever the order of entry."""
    assert differing_days(_read("SD", "PR"), _read("SD", "PR")[::-1]) == ()


def test_every_day_on_which_readers_differ_is_named():
    """Also a day that one of them did not read."""
    found = differing_days(_read("SD", "PR", "PD"), _read("SD", "SD"))

    assert [str(each) for each in found] == [
        "2026-02-01: PR and SD",
        "2026-03-01: PD and not read",
    ]


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("time-point", "response of 2026-01-01: PD and SD"),
        ("best-response", "best overall response: PD and SD"),
        ("progression-date", "date of progression: 2026-01-01 and none"),
    ],
)
def test_a_difference_calls_for_adjudication_where_the_protocol_names_it(trigger, said):
    """Each alone; with none named, nothing calls."""
    first = _course("PD", best="PD", progression_on=date(2026, 1, 1))
    second = _course("SD")

    assert disagreements(first, second, (trigger,)) == (said,)
    assert disagreements(first, second, ()) == ()
    assert disagreements(first, first, (trigger,)) == ()
