"""Two readers and an adjudicator."""

from datetime import date

import pytest

from trialwright.casebook.tumours import Response
from trialwright.response.best import Seen
from trialwright.response.readers import adjudicated


def _read(*words):
    """Give a course of monthly responses."""
    return [Seen(date(2026, month, 1), Response(word)) for month, word in enumerate(words, 1)]


def test_readers_who_agree_need_nobody():
    """The first reader's course stands; adjudicating it nevertheless is queried."""
    found = adjudicated(_read("SD", "PR"), _read("SD", "PR"), None)

    assert (found.counted, found.differing, found.queries) == ("reader 1", (), ())
    assert adjudicated(_read("SD"), _read("SD"), "reader 2").queries


def test_readers_who_differ_wait_for_the_adjudicator():
    """Nothing counts until somebody has chosen, and every day is named."""
    found = adjudicated(_read("SD", "PR", "PD"), _read("SD", "SD"), None)

    assert found.counted is None
    assert [str(each) for each in found.differing] == [
        "2026-02-01: PR and SD",
        "2026-03-01: PD and not read",
    ]
    assert "nobody has adjudicated" in found.queries[0].says


@pytest.mark.parametrize("chosen", ["reader 1", "reader 2"])
def test_the_adjudicator_chooses_a_whole_course(chosen):
    """The chosen reader counts, with the days on which they differed."""
    found = adjudicated(_read("PR"), _read("SD"), chosen)

    assert (found.counted, found.queries) == (chosen, ())
    assert f"2026-01-01: PR and SD); the adjudicator chose {chosen}" in found.because
