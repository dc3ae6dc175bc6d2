"""Every kind of leaf has its four readers, in files of one name."""

from typing import get_args

import pytest

from trialwright.eligibility.trees import LEAF_KINDS as JUDGED
from trialwright.protocol.leaf_rules import Leaf
from trialwright.warehouse.trees import LEAF_KINDS as COMPILED

KINDS = [get_args(each.model_fields["kind"].annotation)[0] for each in get_args(Leaf)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_judged_said_checked_and_compiled(kind):
    """Its data is in the protocol; its files bear its name."""
    judged, compiled = JUDGED[kind], COMPILED[kind]

    assert judged.__name__ == f"trialwright.eligibility.kinds.{kind}"
    assert compiled.__name__ == f"trialwright.warehouse.kinds.{kind}"
    assert all(callable(getattr(judged, reader)) for reader in ("judge", "say", "check"))
    assert all(callable(getattr(compiled, reader)) for reader in ("gather", "verdict"))


def test_no_file_reads_a_kind_that_is_not_there():
    """What is judged or compiled has its data."""
    assert set(KINDS) == set(JUDGED) == set(COMPILED)
