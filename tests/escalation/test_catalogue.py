"""Designs by name, from protocol data."""

import dataclasses
from decimal import Decimal
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from trialwright.escalation.catalogue import CATALOGUE, check, design_from
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.protocol.data import frozen
from trialwright.protocol.escalation_design import (
    DESIGNS,
    EscalationDesign,
    ThreePlusThreeDesign,
)
from trialwright.terms.errors import Refusal

READ = TypeAdapter(EscalationDesign)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_design_of_the_protocol_is_made(variant):
    """Name, variant and starting level come from the protocol, the levels from its ladder."""
    data = ThreePlusThreeDesign(name="3+3", variant=variant, starting_level=2)

    design = design_from(data, levels=4)

    assert design == ThreePlusThree(4, variant, starting_level=2)
    assert check(data, levels=4) == ()
    assert design.name == f"3+3 {variant}"


def test_every_name_the_protocol_may_write_is_in_the_catalogue():
    """Protocol data and catalogue know the same designs and variants."""
    names = [get_args(record.model_fields["name"].annotation)[0] for record in DESIGNS]

    assert names == list(CATALOGUE)
    assert CATALOGUE["3+3"].variants == get_args(
        ThreePlusThreeDesign.model_fields["variant"].annotation
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "3+3"},
        {"name": "3+3", "variant": "classic"},
        {"name": "3+3", "variant": None},
        {"name": "BOIN", "variant": "six-at-mtd"},
        {"name": "BOIN", "target": Decimal("0.3")},
        {"name": "BOIN", "target": 25, "max_n": 30},
        {"name": "BOIN", "target": Decimal("1.5"), "max_n": 30},
        {"name": "BOIN", "target": 0.3, "max_n": 30},
        {"name": "CRM", "target": Decimal("0.3"), "max_n": 30},
        {"name": "CRM", "target": Decimal("0.3"), "max_n": 30, "skeleton": (Decimal("1.2"),)},
        {"name": "decision-table", "target": Decimal("0.3"), "max_n": 30, "rows": ()},
        {"name": "4+4"},
        {},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": 0},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": True},
        {"name": "3+3", "variant": "six-at-mtd", "starting_level": 1.0},
        {"name": "3+3", "variant": "six-at-mtd", "cohort_size": 4},
        {"name": "3+3", "variant": "six-at-mtd", "max_n": 30},
    ],
)
def test_protocol_data_name_the_variant_and_nothing_unknown(fields):
    """A bare 3+3, cohorts of four, percentages and unknown settings are no design."""
    with pytest.raises(ValidationError):
        READ.validate_python(fields)


def test_a_percentage_is_told_as_the_probability_it_would_be():
    """25 is no probability; 0.25 was perhaps meant."""
    with pytest.raises(ValidationError, match=r"did you mean 0\.25\?"):
        READ.validate_python({"name": "BOIN", "target": 25, "max_n": 30})


@pytest.mark.parametrize(
    ("fields", "made"),
    [
        ({"name": "BOIN"}, Boin(levels=3, target=0.3, max_n=24)),
        (
            {"name": "BOIN", "p_tox": Decimal("0.4"), "titration": True, "stop_at": 9},
            Boin(levels=3, target=0.3, max_n=24, p_tox=0.4, titration=True, stop_at=9),
        ),
        ({"name": "keyboard"}, Keyboard(levels=3, target=0.3, max_n=24)),
        ({"name": "mTPI"}, Mtpi(levels=3, target=0.3, max_n=24)),
        (
            {"name": "mTPI-2", "eliminate": None},
            Mtpi2(levels=3, target=0.3, max_n=24, eliminate=None),
        ),
        ({"name": "i3+3"}, I3Plus3(levels=3, target=0.3, max_n=24)),
        (
            {
                "name": "CRM",
                "skeleton": (Decimal("0.1"), Decimal("0.3"), Decimal("0.5")),
                "model": "logistic",
            },
            Crm(levels=3, target=0.3, max_n=24, skeleton=(0.1, 0.3, 0.5), model="logistic"),
        ),
    ],
)
def test_each_record_is_made_with_its_published_defaults(fields, made):
    """Whatever the file leaves out is as published, in the record and in the rule."""
    data = READ.validate_python({"target": Decimal("0.3"), "max_n": 24, **fields})

    assert design_from(data, levels=3) == made


def test_an_uploaded_table_is_made_from_its_rows():
    """Rows of the file become rows of the rule."""
    rows = [{"evaluable": 3, "decisions": "ESDU"}]
    data = READ.validate_python(
        {"name": "decision-table", "target": Decimal("0.3"), "max_n": 6, "rows": frozen(rows)}
    )

    assert design_from(data, levels=2) == UploadedTable(
        levels=2, target=0.3, max_n=6, rows=((3, "ESDU"),)
    )


def test_settings_that_do_not_fit_together_are_found_under_their_path():
    """What a rule refuses when it is made is told at its place in the file."""
    data = READ.validate_python(
        {
            "name": "CRM",
            "target": Decimal("0.3"),
            "max_n": 24,
            "skeleton": (Decimal("0.3"), Decimal("0.2")),
        }
    )

    assert [fault.where for fault in check(data, 3, where="arms.A.escalation")] == [
        "arms.A.escalation.skeleton",
        "arms.A.escalation.skeleton.1",
    ]


@pytest.mark.parametrize("record", DESIGNS)
def test_every_record_has_a_title_and_reads_what_it_writes(record):
    """A design survives the way into a file and back."""
    given = {
        "target": Decimal("0.3"),
        "max_n": 24,
        "variant": "six-at-mtd",
        "skeleton": (Decimal("0.1"), Decimal("0.3")),
        "rows": ({"evaluable": 3, "decisions": "ESDU"},),
        "doses": (Decimal(10), Decimal(20)),
        "reference_dose": Decimal(15),
        "prior_mean": (Decimal("-0.5"), Decimal(0)),
        "prior_sd": (Decimal(2), Decimal(1)),
        "target_low": Decimal("0.2"),
        "target_high": Decimal("0.35"),
        "window_days": 28,
        "pending": "imputation",
    }
    (name,) = get_args(record.model_fields["name"].annotation)
    known = {field: value for field, value in given.items() if field in record.model_fields}
    if name == "BOIN-combinations":
        known |= {"rows": 2, "columns": 3}

    data = READ.validate_python({"name": name, **known})

    assert READ.validate_json(READ.dump_json(data)) == data
    assert data.title.startswith(name)
    target = {
        "3+3": "",
        "rolling-six": "",
        "BLRM": " for a target of 0.2 to 0.35",
        "BOIN-combinations": " 2x3 for a target of 0.3",
    }.get(name, " for a target of 0.3")
    assert data.title == f"{name}{target}" or name == "3+3"


def test_an_illustrative_design_says_so():
    """A design that the registry page does not state is labelled."""
    data = ThreePlusThreeDesign(name="3+3", variant="six-at-mtd", origin="not_in_registry")

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
    data = ThreePlusThreeDesign(name="3+3", variant="six-at-mtd", starting_level=starting_level)

    faults = check(data, levels, where="arms.A.escalation")

    assert [str(fault) for fault in faults] == [says]


def test_a_design_outside_the_catalogue_is_found():
    """Data made without validation are checked all the same, all faults at once."""
    data = ThreePlusThreeDesign.model_construct(name="4+4", variant="", starting_level=9)

    assert [str(fault) for fault in check(data, 3)] == [
        "escalation.name: 4+4. Allowed: 3+3, BOIN, keyboard, mTPI, mTPI-2, i3+3, decision-table, "
        "CRM, BLRM, TITE-CRM, TITE-BOIN, rolling-six, BOIN-combinations. "
        "Name a design of the catalogue.",
        "escalation.starting_level: dose level 9. Allowed: 1-3. "
        "Start at a dose level of the ladder.",
    ]


def test_a_bare_3_plus_3_is_found():
    """The variants are listed in the refusal."""
    data = ThreePlusThreeDesign.model_construct(name="3+3", variant="", starting_level=1)

    assert [str(fault) for fault in check(data, 3)] == [
        "escalation.variant: variant ''. Allowed: no-de-escalation, "
        "de-escalate-top-stops-at-three, six-at-mtd. Name the variant: 3+3 alone means 3 designs."
    ]


def test_no_design_is_made_from_faulty_data():
    """What check finds, design_from refuses."""
    data = ThreePlusThreeDesign(name="3+3", variant="six-at-mtd", starting_level=4)

    with pytest.raises(Refusal, match=r"escalation\.starting_level: dose level 4") as refusal:
        design_from(data, levels=3)

    assert refusal.value.faults == check(data, 3)


def test_the_catalogue_cannot_be_changed():
    """A row is added in the source, with its page and its published example."""
    with pytest.raises(TypeError):
        CATALOGUE["4+4"] = CATALOGUE["3+3"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE["3+3"].name = "4+4"
