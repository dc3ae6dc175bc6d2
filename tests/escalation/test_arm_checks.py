"""A design and its arm: doses in any one unit, one DLT window."""

from decimal import Decimal

import pytest

from trialwright.assembly.library import library
from trialwright.escalation.arm_checks import check
from trialwright.protocol.escalation_design import BlrmDesign, BoinDesign, TiteBoinDesign


def arm_of(**changes):
    """Give arm A of the shipped protocol with changes."""
    arm = library().study("nct03959891").required_arm("A")
    ladder = arm.ladder.model_copy(update={"doses": (Decimal(200), Decimal(300), Decimal(400))})
    return arm.model_copy(update={"ladder": ladder, **changes})


def blrm(*doses):
    """Give a BLRM for some doses."""
    return BlrmDesign(
        name="BLRM",
        doses=tuple(map(Decimal, doses)),
        reference_dose=Decimal(300),
        prior_mean=(Decimal(-1), Decimal(0)),
        prior_sd=(Decimal(2), Decimal(1)),
        target_low=Decimal("0.2"),
        target_high=Decimal("0.35"),
        max_n=24,
    )


@pytest.mark.parametrize(
    ("doses", "wrong"),
    [
        (("200", "300", "400"), []),
        (("0.2", "0.3", "0.4"), []),
        (("200", "300", "500"), ["arms.0.escalation.doses.2"]),
        (("200", "0.3", "0.4"), ["arms.0.escalation.doses.1", "arms.0.escalation.doses.2"]),
        (("200", "300"), []),  # told by the design itself
    ],
)
def test_doses_are_those_of_the_ladder_in_one_unit(doses, wrong):
    """200, 300 and 400 mg are 0.2, 0.3 and 0.4 g."""
    faults = check(arm_of(escalation=blrm(*doses)), "arms.0")

    assert [fault.where for fault in faults] == wrong


def test_a_dose_of_the_design_is_told_beside_that_of_the_ladder():
    """By the number of the dose level, with what to do."""
    (fault,) = check(arm_of(escalation=blrm("0.2", "0.35", "0.4")))

    assert str(fault) == (
        "arm.escalation.doses.1: 0.35 for dose level 2, the ladder has 300. Allowed: "
        "the doses of the ladder, in its unit or all in one other. Copy the doses of the ladder."
    )


def test_the_window_is_that_of_the_arm():
    """28 days in the shipped protocol."""
    right, wrong = (
        TiteBoinDesign(
            name="TITE-BOIN",
            target=Decimal("0.3"),
            max_n=24,
            window_days=days,
            pending="imputation",
        )
        for days in (28, 42)
    )

    assert check(arm_of(escalation=right)) == ()
    assert [str(fault) for fault in check(arm_of(escalation=wrong))] == [
        "arm.escalation.window_days: 42 days, the DLT window of the arm has 28. Allowed: 28. "
        "Give the design the DLT window of its arm."
    ]


def test_a_design_without_doses_and_window_has_no_fault():
    """BOIN has neither."""
    boin = BoinDesign(name="BOIN", target=Decimal("0.3"), max_n=24)

    assert check(arm_of(escalation=boin)) == ()
