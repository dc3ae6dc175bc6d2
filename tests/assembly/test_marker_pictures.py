"""Pictures of markers in parts that a page can hold."""

from trialwright.assembly.marker_pictures import MOST_PEOPLE, MOST_TESTS, _parts


def test_what_is_too_much_for_one_picture_is_parted_and_nothing_is_lost():
    """Twenty participants are three pictures; nine are one, and its title says no part."""
    found = [*_parts("Fractions", range(20), MOST_PEOPLE)]

    assert [title for title, _ in found] == [f"Fractions, {place} of 3" for place in (1, 2, 3)]
    assert [each for _, some in found for each in some] == [*range(20)]
    assert [title for title, _ in _parts("Fractions", range(9), MOST_PEOPLE)] == ["Fractions"]
    assert [*_parts("Tests", (), MOST_TESTS)] == []
