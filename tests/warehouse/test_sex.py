"""Recorded sex of every person: the person is the record, and what is no sex is unknown."""

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, both

from trialwright.protocol.leaf_rules import SexRule

PERSONS = {
    1: {"gender_concept_id": 8532},
    2: {"gender_concept_id": 8507},
    3: {"gender_concept_id": 0},
    4: {"gender_concept_id": 8521},  # other
}


@pytest.mark.parametrize(
    ("expect", "woman", "man"), [("female", MET, NOT_MET), ("male", NOT_MET, MET)]
)
def test_sex_is_the_same_for_one_and_for_all(expect, woman, man):
    """Neither female nor male decides nothing."""
    found = both(SexRule(kind="sex", expect=expect), [], {}, persons=PERSONS)

    assert [verdict for verdict, _ in found.values()] == [woman, man, UNKNOWN, UNKNOWN]
    assert [found[number][1] for number in (1, 2)] == ["person/1", "person/2"]
