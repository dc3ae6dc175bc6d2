"""Tumour lesions: what a diameter may be, and what a baseline may hold."""

from datetime import date
from decimal import Decimal

import pytest

from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetLesion,
    Split,
    TargetLesion,
    TargetWord,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

SOURCE = Source("example", "test")
DAY = date(2026, 1, 1)


@pytest.mark.parametrize("mm", ["0.001", "23.31", "1000", "1E+3", "12.50000", "9.999"])
def test_diameters_to_the_thousandth_are_kept(mm):
    """A diameter of at most three decimals is taken as it is."""
    lesion = TargetLesion("T1", "LIVER", is_node=False, mm=Decimal(mm))

    assert lesion.mm == Decimal(mm)


@pytest.mark.parametrize(
    "mm", ["0", "-1", "1000.001", "9.9999", "NaN", "Infinity", "1E-40", "1E+40", "0.00001"]
)
def test_what_cannot_be_a_diameter_is_refused(mm):
    """Nothing, negative, endless, too long or too fine numbers name the lesion."""
    with pytest.raises(Refusal) as refused:
        TargetLesion("T1", "LIVER", is_node=False, mm=Decimal(mm))

    assert refused.value.faults[0].where == "T1.mm"


def test_all_impossible_readings_are_named_at_once():
    """One refusal lists each bad reading of an assessment."""
    readings = {"T1": Decimal(-1), "T2": Decimal(10), "T3": TargetWord.ABSENT}

    with pytest.raises(Refusal) as refused:
        TumourAssessment(DAY, readings, {"LN1": Decimal("NaN")}, (), SOURCE)

    assert [fault.where for fault in refused.value.faults] == ["T1", "LN1"]


@pytest.mark.parametrize("fragments", [(), (Decimal(5),), (Decimal(5), Decimal(-1))])
def test_a_split_has_two_measured_fragments_or_more(fragments):
    """Fewer fragments are no split, and each must be a diameter."""
    with pytest.raises(Refusal) as refused:
        Split(fragments)

    assert refused.value.faults[0].where == "fragments"


def test_one_label_names_one_lesion():
    """A label used twice, also across targets and non-targets, is refused by name."""
    target = TargetLesion("L1", "LIVER", is_node=False, mm=Decimal(20))
    nontarget = NonTargetLesion("L1", "BONE", is_node=False)

    with pytest.raises(Refusal) as refused:
        TumourBaseline(DAY, (target,), (nontarget,), SOURCE)

    assert [fault.where for fault in refused.value.faults] == ["L1"]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("LIVER", ""), ("liver", ""), True),
        (("LIVER", ""), ("LUNG", ""), False),
        (("", ""), ("", ""), True),
        (("LIVER", "X1"), ("LUNG", "X1"), True),
        (("LIVER", "X1"), ("LIVER", "X2"), False),
        (("LIVER", "X1"), ("LIVER", ""), True),
    ],
)
def test_new_lesions_are_followed_by_label_or_site(one, other, is_same):
    """Two labels decide; without two the site does."""
    found = NewLesion(Certainty.EQUIVOCAL, *one), NewLesion(Certainty.UNEQUIVOCAL, *other)

    assert found[0].is_same_as(found[1]) is is_same
