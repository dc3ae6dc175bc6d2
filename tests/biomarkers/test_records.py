"""The specimen tree and what contradicts itself in it."""

import pytest
from tests.biomarkers.made import material, record

from trialwright.biomarkers.records import tree_of
from trialwright.terms.errors import Refusal


def test_a_line_leads_from_dna_to_the_block():
    """Three steps, in order."""
    parts = (
        material("B", "block"),
        material("S", "slides", None, made_of="B"),
        material("D", "DNA", None, made_of="S"),
    )

    tree = tree_of(record("01", *parts))

    assert [each.id for each in tree.line_of("D")] == ["D", "S", "B"]
    assert tree.time_point_of("D") == "archival"
    assert tree.is_tissue("D") is True
    assert tree.is_tissue("unknown") is None


def test_blood_leads_to_cell_free_dna():
    """Tube, plasma, cfDNA: none of them is tissue."""
    parts = (
        material("T", "tube", "C1D1"),
        material("P", "plasma", None, made_of="T"),
        material("C", "cfDNA", None, made_of="P"),
    )

    tree = tree_of(record("01", *parts))

    assert (tree.time_point_of("C"), tree.is_tissue("C")) == ("C1D1", False)


@pytest.mark.parametrize(
    ("parts", "where", "found"),
    [
        ((material("A"), material("A")), "A.id", "the label A a second time"),
        ((material("A", made_of="X"),), "A.made_of", "X, which is not recorded"),
        (
            (material("T", "tube"), material("D", made_of="T")),
            "D.made_of",
            "DNA made of tube",
        ),
        (
            (material("B", "block"), material("T", "tube", made_of="B")),
            "T.made_of",
            "tube made of block",
        ),
        (
            (material("B", "block", on="2026-03-02"), material("D", made_of="B", on="2026-03-01")),
            "D.made_of",
            "made on 2026-03-01, of what was taken on 2026-03-02",
        ),
        (
            (material("B", "block"), material("D", when="progression", made_of="B")),
            "D.made_of",
            "progression, made of archival",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(parts, where, found):
    """Each with its place."""
    with pytest.raises(Refusal) as refused:
        tree_of(record("01", *parts))

    assert [(each.where, each.found) for each in refused.value.faults] == [(where, found)]


def test_days_that_may_fit_are_let_be():
    """A block of March, and DNA made on a day in March."""
    parts = (material("B", "block", on="2026-03"), material("D", made_of="B", on="2026-03-01"))

    assert len(tree_of(record("01", *parts)).materials) == 2


def test_a_circle_is_refused_and_ends():
    """Two pieces made of each other, and both are named."""
    parts = (material("A", "slides", made_of="B"), material("B", "block", made_of="A"))

    with pytest.raises(Refusal) as refused:
        tree_of(record("01", *parts))

    assert [each.found for each in refused.value.faults].count("a circle") == 2
