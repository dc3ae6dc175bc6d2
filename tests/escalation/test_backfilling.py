"""Backfill around a design of a file: who counts where, and what is refused."""

import json
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from trialwright.assembly.designs import design_of
from trialwright.assembly.next_dose import from_data
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Refusal

READ = TypeAdapter(EscalationDesign)


@pytest.fixture
def file(tmp_path):
    """Give what writes a design file of three levels."""

    def written(name="BOIN", settings="target: 0.25\n  max_n: 24", backfill="cap: 12"):
        """Write it."""
        path = tmp_path / "design.yaml"
        path.write_text(
            f"levels: 3\nwindow_days: 28\nescalation:\n  name: {name}\n  {settings}\n"
            f"  backfill:\n    {backfill}\n",
            encoding="utf-8",
        )
        return str(path)

    return written


def people(tmp_path, *given):
    """Write participants: cohort, level, DLT, backfilled, response."""
    keys = ("cohort", "level", "has_dlt", "backfilled", "response")
    records = [
        {"participant": f"P-{place}", "standing": "evaluable", **dict(zip(keys, each, strict=True))}
        for place, each in enumerate(given, start=1)
    ]
    path = tmp_path / "people.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return str(path)


def test_backfilled_participants_count_in_the_decision(file, tmp_path):
    """1/6 and 3/6 backfilled at level 1, 0/3 at level 2: together 4/15 = 0.2667, stay.

    Between lambda_e 0.1968 and lambda_d 0.2984 of BOIN for 0.25 (doi:10.1111/rssc.12089). Nobody
    responded, so level 1 is closed for more.
    """
    cohort = [(1, 1, place == 0, False, False) for place in range(6)]
    filled = [(2, 1, place < 3, True, False) for place in range(6)]
    given = people(tmp_path, *cohort, *filled, *[(3, 2, False, False, False)] * 3)

    asked = from_data(file(), "", given)

    assert (asked.advice.act, asked.advice.level) == ("stay", 2)
    assert "together 4/15" in asked.advice.because
    assert asked.backfill[0].startswith("backfill at dose level 1: closed")


def test_a_level_with_a_response_is_open(file, tmp_path):
    """0/3 at level 1 with one response, three at level 2."""
    cohorts = [(1, 1, False, False, place == 0) for place in range(3)]
    given = people(tmp_path, *cohorts, *[(2, 2, False, False, False)] * 3)

    asked = from_data(file(), "", given)

    assert asked.backfill == ("backfill at dose level 1: open: 0/3 DLT, 3 of 12 participants",)


def test_the_notation_knows_no_responses(file):
    """A level that is safe is open once a response was seen; without that condition it is open."""
    awaited = from_data(file(), "", "1NNN 2NPP")
    free = from_data(file(backfill="{cap: 12, needs_response: false}"), "", "1NNN 2NPP")

    assert "open once a response was seen there" in awaited.backfill[0]
    assert free.backfill[0].startswith("backfill at dose level 1: open: ")


@pytest.mark.parametrize(
    ("settings", "where", "line"),
    [
        ({"name": "3+3", "settings": "variant: six-at-mtd"}, "escalation.backfill", 6),
        ({"backfill": "cap: 0"}, "escalation.backfill.cap", 8),
        ({"backfill": "{cap: 12, choice: middle}"}, "escalation.backfill.choice", 8),
    ],
)
def test_a_backfill_that_is_none_is_named_with_its_line(file, settings, where, line):
    """Around a 3+3 there is none; a cap is a count."""
    with pytest.raises(Refusal) as refused:
        design_of(file(**settings))

    (fault,) = refused.value.faults
    assert fault.where.startswith(where)
    assert fault.line == line


def test_whoever_is_backfilled_without_a_backfill_is_named(tmp_path):
    """The design keeps no lower level open."""
    path = tmp_path / "plain.yaml"
    path.write_text("levels: 3\nescalation:\n  name: BOIN\n  target: 0.25\n  max_n: 24\n")
    given = people(tmp_path, (1, 1, False, True, False))

    with pytest.raises(Refusal, match="P-1, backfilled"):
        from_data(str(path), "", given)


def test_a_backfill_survives_the_way_into_a_file_and_back():
    """Cap, response and choice."""
    data = READ.validate_python(
        {
            "name": "BOIN",
            "target": Decimal("0.25"),
            "max_n": 24,
            "backfill": {"cap": 12, "needs_response": False, "choice": "lowest"},
        }
    )

    assert READ.validate_json(READ.dump_json(data)) == data
