"""New lesions: certainty, and the scan to which progression is dated."""

import pytest

from trialwright.casebook.tumours import Certainty, NewLesion
from trialwright.response.new_lesions import judge_new_lesions

SURE, UNSURE = Certainty.UNEQUIVOCAL, Certainty.EQUIVOCAL


def _chain(bench, *found):
    """Judge the last of visits with these findings, eight weeks apart."""
    visits = [bench.visit(57 + 56 * place, new=new) for place, new in enumerate(found)]
    call = judge_new_lesions(visits[-1], visits[:-1])
    days = {visit.on: place for place, visit in enumerate(visits)}
    return call.answer, days.get(call.first_seen)


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (["NONE"], ("NONE", None)),
        (["EQUIVOCAL"], ("EQUIVOCAL", None)),
        (["UNEQUIVOCAL"], ("UNEQUIVOCAL", 0)),
        ([None], ("NE", None)),
        (["EQUIVOCAL", "EQUIVOCAL"], ("EQUIVOCAL", None)),
        (["EQUIVOCAL", "UNEQUIVOCAL"], ("UNEQUIVOCAL", 0)),
        (["EQUIVOCAL", "EQUIVOCAL", "UNEQUIVOCAL"], ("UNEQUIVOCAL", 0)),
        (["NONE", "EQUIVOCAL", "UNEQUIVOCAL"], ("UNEQUIVOCAL", 1)),
        (["EQUIVOCAL", "NONE", "UNEQUIVOCAL"], ("UNEQUIVOCAL", 2)),
        (["EQUIVOCAL", None, "UNEQUIVOCAL"], ("UNEQUIVOCAL", 0)),
    ],
)
def test_confirmed_lesions_go_back_to_the_first_scan(bench, found, answer):
    """A scan without the lesion breaks the chain; one nobody could read does not."""
    assert _chain(bench, *found) == answer


@pytest.mark.parametrize(
    ("first", "second", "dated_to"),
    [
        (NewLesion(UNSURE, "LIVER"), NewLesion(SURE, "liver"), 0),
        (NewLesion(UNSURE, "LIVER"), NewLesion(SURE, "LUNG"), 1),
        (NewLesion(UNSURE, "LIVER", "X1"), NewLesion(SURE, "LUNG", "X1"), 0),
        (NewLesion(UNSURE, "LIVER", "X1"), NewLesion(SURE, "LIVER", "X2"), 1),
        (NewLesion(UNSURE, "LIVER", "X1"), NewLesion(SURE, "LIVER"), 0),
    ],
)
def test_only_the_same_lesion_dates_back(bench, first, second, dated_to):
    """Lesions are the same by label when both have one, else by site."""
    assert _chain(bench, (first,), (second,)) == ("UNEQUIVOCAL", dated_to)


def test_the_earliest_of_several_lesions_counts(bench):
    """With two unequivocal lesions the one seen first dates the progression."""
    second = (NewLesion(SURE, "LIVER"), NewLesion(SURE, "LUNG"))

    assert _chain(bench, (NewLesion(UNSURE, "LUNG"),), second) == ("UNEQUIVOCAL", 0)


def test_sites_stand_in_the_reason(bench):
    """The sentence names where the new lesion is and when it was first seen."""
    visits = [
        bench.visit(57, new=(NewLesion(UNSURE, "LUNG"),)),
        bench.visit(113, new=(NewLesion(SURE, "LUNG"),)),
    ]

    call = judge_new_lesions(visits[1], visits[:1])

    assert "(LUNG)" in call.because
    assert "first seen" not in judge_new_lesions(visits[1], ()).because
    assert f"first seen on {visits[0].on}" in call.because
