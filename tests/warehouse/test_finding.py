"""A coded result, of every person: what the test found, or that it did not decide."""

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, answers, before

from trialwright.protocol.leaf_rules import FindingRule
from trialwright.protocol.vocabulary import Term

TERMS = {"test": Term(says="A test", kind="finding", omop=(8,))}
CODES = {21: "10828004", 22: "260385009", 23: "42425007", 24: "82334004"}
"""Positive, negative, equivocal and indeterminate, as a site numbers them."""

SITE = [
    {"concept_id": number, "vocabulary_id": "SNOMED", "concept_code": code}
    for number, code in CODES.items()
]


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        (("positive",), [MET, NOT_MET, UNKNOWN, UNKNOWN]),
        (("negative",), [NOT_MET, MET, UNKNOWN, UNKNOWN]),
        (("negative", "equivocal"), [NOT_MET, MET, MET, UNKNOWN]),
    ],
)
def test_a_test_that_did_not_decide_is_neither(among, expected):
    """Unless the rule names the word."""
    rule = FindingRule(kind="finding", fact="test", among=among)
    results = [
        {"measurement_id": answer, "person_id": answer, "measurement_concept_id": 8,
         "measurement_date": before(1), "value_as_concept_id": answer}
        for answer in CODES
    ]  # fmt: skip

    found = answers(rule, {"concept": SITE, "measurement": results}, TERMS)

    assert found == {
        answer: (verdict, f"measurement/{answer}")
        for answer, verdict in zip(CODES, expected, strict=True)
    }


def test_a_number_beside_a_coded_answer_contradicts_nothing():
    """Two results of one day with one answer, of which one has a number too, as of a score."""
    rule = FindingRule(kind="finding", fact="test", among=("positive",))
    found = []
    for beside in (3.0, None):
        results = [
            {"measurement_id": number, "person_id": 1, "measurement_concept_id": 8,
             "measurement_date": before(1), "value_as_concept_id": 21, "value_as_number": value}
            for number, value in ((1, beside), (2, None))
        ]  # fmt: skip
        found.append(answers(rule, {"concept": SITE, "measurement": results}, TERMS))

    assert found[0][1][0] == MET
    assert found[0] == found[1]
