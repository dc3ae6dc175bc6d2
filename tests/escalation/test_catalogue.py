"""Designs by name, from protocol data."""

import dataclasses
from typing import get_args

import pytest
from pydantic import ValidationError

from trialwright.escalation.catalogue import CATALOGUE, check, design_from
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_design_of_the_protocol_is_made(variant):
    """Name, variant and starting level come from the protocol, the levels from its ladder."""
    data = EscalationDesign(name="3+3", variant=variant, starting_level=2)

    design = design_from(data, levels=4)

    assert design == ThreePlusThree(4, variant, starting_level=2)
    assert check(data, levels=4) == ()
    assert design.name == f"3+3 {variant}"


def test_every_name_the_protocol_may_write_is_in_the_catalogue():
    """Protocol data and catalogue know the same designs and variants."""
    names = get_args(EscalationDesign.model_fields["name"].annotation)

    assert set(names) == set(CATALOGUE)
    assert CATALOGUE["3+3"].variants == get_args(
        EscalationDesign.model_fields["variant"].annotation
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "3+3"},
        {"name": "3+3", "variant": "classic"},
        {"name": "3+3", "variant": None},
        {"name": "BOIN", "variant": "six-at-mtd"},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": 0},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": True},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": 1.0},
        {"name": "3+3", "variant": "six-at-mtd", "cohort_size": 4},
        {"name": "3+3", "variant": "six-at-mtd", "max_n": 30},
    ],
)
def test_protocol_data_name_the_variant_and_nothing_unknown(fields):
    """A bare 3+3, cohorts of four and unknown settings are no design."""
    with pytest.raises(ValidationError):
        EscalationDesign.model_validate(fields)


def test_an_illustrative_design_says_so():
    """A design that the registry page does not state is labelled."""
    data = EscalationDesign(name="3+3", variant="six-at-mtd", origin="not_in_registry")

    assert data.label == "illustrative, not from the registry"


@pytest.mark.parametrize(
    ("starting_level", "levels", "says"),
    [
        (
            4,
            3,
            "arms.A.escalation.starting_level: dose level 4. Allowed: 1-3. "
            "Start at a dose level of the ladder.",
        ),
        (
            1,
            0,
            "arms.A.escalation: a ladder of 0 dose levels. Allowed: a whole number from 1. "
            "Give the ladder dose levels.",
        ),
    ],
)
def test_a_start_beside_the_ladder_is_found_before_anybody_is_treated(starting_level, levels, says):
    """The fault stands under its path in the protocol file."""
    data = EscalationDesign(name="3+3", variant="six-at-mtd", starting_level=starting_level)

    faults = check(data, levels, where="arms.A.escalation")

    assert [str(fault) for fault in faults] == [says]


def test_a_design_outside_the_catalogue_is_found():
    """Data made without validation are checked all the same, all faults at once."""
    data = EscalationDesign.model_construct(name="4+4", variant="", starting_level=9)

    assert [str(fault) for fault in check(data, 3)] == [
        "escalation.name: 4+4. Allowed: 3+3. Name a design of the catalogue.",
        "escalation.starting_level: dose level 9. Allowed: 1-3. "
        "Start at a dose level of the ladder.",
    ]


def test_a_bare_3_plus_3_is_found():
    """The variants are listed in the refusal."""
    data = EscalationDesign.model_construct(name="3+3", variant="", starting_level=1)

    assert [str(fault) for fault in check(data, 3)] == [
        "escalation.variant: variant ''. Allowed: no-de-escalation, "
        "de-escalate-top-stops-at-three, six-at-mtd. Name the variant: 3+3 alone means 3 designs."
    ]


def test_no_design_is_made_from_faulty_data():
    """What check finds, design_from refuses."""
    data = EscalationDesign(name="3+3", variant="six-at-mtd", starting_level=4)

    with pytest.raises(Refusal, match=r"escalation\.starting_level: dose level 4") as refusal:
        design_from(data, levels=3)

    assert refusal.value.faults == check(data, 3)


def test_the_catalogue_cannot_be_changed():
    """A row is added in the source, with its page and its published example."""
    with pytest.raises(TypeError):
        CATALOGUE["4+4"] = CATALOGUE["3+3"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE["3+3"].name = "4+4"
