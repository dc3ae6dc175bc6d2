"""Overall response: every row of Tables 1 and 2."""

from itertools import product

import pytest

from trialwright.casebook.tumours import Response
from trialwright.response.overall import overall_response

CR, PR, SD, PD, NE, NON = (
    Response.CR,
    Response.PR,
    Response.SD,
    Response.PD,
    Response.NE,
    Response.NON_CR_NON_PD,
)


@pytest.mark.parametrize(
    ("target", "nontarget", "overall"),
    [
        (CR, None, CR),
        (CR, CR, CR),
        (CR, NON, PR),
        (CR, NE, PR),
        (PR, None, PR),
        (PR, CR, PR),
        (PR, NON, PR),
        (PR, NE, PR),
        (SD, None, SD),
        (SD, CR, SD),
        (SD, NON, SD),
        (SD, NE, SD),
        (NE, None, NE),
        (NE, CR, NE),
        (NE, NON, NE),
        (NE, NE, NE),
        (None, CR, CR),
        (None, NON, NON),
        (None, NE, NE),
        (None, None, NE),
    ],
)
def test_without_progression_the_tables_decide(target, nontarget, overall):
    """Table 1 with targets, Table 2 without; an equivocal new lesion changes neither."""
    assert overall_response(target, nontarget, "NONE").response is overall
    assert overall_response(target, nontarget, "EQUIVOCAL").response is overall


@pytest.mark.parametrize(
    ("target", "nontarget", "new"),
    [
        each
        for each in product(
            (CR, PR, SD, PD, NE, None),
            (CR, NON, PD, NE, None),
            ("NONE", "EQUIVOCAL", "UNEQUIVOCAL", "NE"),
        )
        if PD in each or "UNEQUIVOCAL" in each
    ],
)
def test_progression_anywhere_is_progression(target, nontarget, new):
    """PD in any part is PD overall, whatever else is missing."""
    assert overall_response(target, nontarget, new).response is PD


@pytest.mark.parametrize("target", [CR, PR, SD, NE, None])
def test_without_a_look_for_new_lesions_nothing_is_certain(target):
    """Unknown new disease leaves the visit NE."""
    assert overall_response(target, CR, "NE").response is NE


@pytest.mark.parametrize(
    ("target", "nontarget", "said"),
    [
        (SD, None, "Overall SD: target lesions SD, no non-target lesions"),
        (PR, NE, "Overall PR: target lesions PR, non-target lesions NE"),
        (PD, PD, "target lesions and non-target lesions"),
        (None, PD, "Table 2"),
        (CR, PD, "Table 1"),
    ],
)
def test_the_reason_names_part_and_table(target, nontarget, said):
    """The sentence says which part progressed and which table was read."""
    assert said in overall_response(target, nontarget, "NONE").because
