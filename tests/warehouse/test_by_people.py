"""What people alone answer is unknown of everybody in a warehouse, without any record."""

import pytest
from tests.warehouse.hospital import UNKNOWN, both

from trialwright.protocol.event_rules import SpecimenForm, SpecimenRule
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.protocol.vocabulary import Term

TERMS = {
    "candidate": Term(says="Is the participant a good candidate?", kind="question"),
    "tissue": Term(says="Tumour tissue", kind="specimen"),
}
RULES = [
    AttestedRule(kind="attested", question="candidate"),
    ApprovalRule(kind="approval", question="candidate"),
    SpecimenRule(kind="specimen", fact="tissue", accepts=(SpecimenForm(form="block"),)),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.kind)
def test_no_row_answers_for_a_person(rule):
    """Neither yes nor no."""
    assert both(rule, [], TERMS, persons={1: {}, 2: {}}) == dict.fromkeys((1, 2), (UNKNOWN, None))
