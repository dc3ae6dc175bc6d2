"""The decision table printed in a protocol."""

import pytest

from trialwright.escalation.decision_table import TableRow, decision_table
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree

STOPS, TOP_AT_THREE, SIX = VARIANTS


def test_the_table_of_the_variant_that_never_goes_back():
    """Seven tallies can stand at a level when a decision is taken."""
    assert decision_table(ThreePlusThree(3, STOPS)) == (
        TableRow(3, 0, ("escalate", "stop")),
        TableRow(3, 1, ("expand",)),
        TableRow(3, 2, ("stop",)),
        TableRow(3, 3, ("stop",)),
        TableRow(6, 1, ("escalate", "stop")),
        TableRow(6, 2, ("stop",)),
        TableRow(6, 3, ("stop",)),
        TableRow(6, 4, ("stop",)),
    )


@pytest.mark.parametrize(
    ("variant", "acts"), [(TOP_AT_THREE, ("escalate", "stop")), (SIX, ("escalate", "expand"))]
)
def test_what_three_without_dlt_lead_to(variant, acts):
    """At 0/3 the variants differ at the top level."""
    rows = {
        (row.evaluable, row.dlts): row.acts for row in decision_table(ThreePlusThree(3, variant))
    }

    assert rows[3, 0] == acts
    assert rows[6, 0] == ("stop",)
    assert rows[3, 2] == ("de-escalate", "stop")


def test_a_ladder_of_one_level():
    """One level alone has nowhere to go."""
    assert {act for row in decision_table(ThreePlusThree(1, SIX)) for act in row.acts} == {
        "expand",
        "stop",
    }
