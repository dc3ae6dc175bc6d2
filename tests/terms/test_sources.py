"""Where a fact came from."""

import pytest

from trialwright.terms.sources import Source


@pytest.mark.parametrize(
    ("kind", "place", "said"),
    [("fhir", "Observation/123", "fhir Observation/123"), ("derived", "", "derived")],
)
def test_source_says_kind_and_place(kind, place, said):
    """A source is told in two words, in one when it has no place."""
    assert str(Source(kind, place)) == said


def test_sources_sort_by_kind_and_place():
    """Evidence lists have one order."""
    assert sorted([Source("fhir", "b"), Source("csv", "z"), Source("fhir", "a")]) == [
        Source("csv", "z"),
        Source("fhir", "a"),
        Source("fhir", "b"),
    ]
