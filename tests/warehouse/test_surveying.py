"""Ids of rows: what can be numbered, and what is refused before any row is judged."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, both, measured

from trialwright.protocol.leaf_rules import ObservationRule, SexRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal

MG_DL = 91
TERMS = {"bilirubin": Term(says="Bilirubin", kind="observation", unit="mg/dL", omop=(2,))}
RULE = ObservationRule(
    kind="observation", fact="bilirubin", unit="mg/dL", pick="latest", at_least=Decimal(1)
)
LARGEST = 2**58 - 1


@pytest.mark.parametrize("number", [0, 2**42 - 1, 2**42, LARGEST])
def test_a_record_is_named_by_its_id(number):
    """At each end of the room that ids have."""
    found = both(RULE, [measured(1, 2, 5, MG_DL, row=number)], TERMS)

    assert found == {1: (MET, f"measurement/{number}")}


@pytest.mark.parametrize("number", [-1, LARGEST + 1, 2**63 - 1])
def test_an_id_out_of_the_room_is_refused(number):
    """As of tables whose ids are hashes: no other row is named in its place."""
    with pytest.raises(Refusal) as refused:
        both(RULE, [measured(1, 2, 5, MG_DL, row=number)], TERMS)

    [fault] = refused.value.faults
    assert (fault.where, fault.found) == ("measurement.measurement_id", f"the id {number}")
    assert fault.allowed == f"whole numbers from 0 to {LARGEST}"


def test_each_table_and_each_end_is_told():
    """Persons have ids too."""
    results = [measured(-3, 2, 5, MG_DL, row=number) for number in (-7, 2**60)]

    with pytest.raises(Refusal) as refused:
        both(SexRule(kind="sex", expect="female"), results, TERMS)

    assert [(each.where, each.found) for each in refused.value.faults] == [
        ("person.person_id", "the id -3"),
        ("measurement.measurement_id", "the id -7"),
        ("measurement.measurement_id", f"the id {2**60}"),
    ]
