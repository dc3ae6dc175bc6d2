"""A line list gives criteria line by line, and arms."""

import pytest
from tests.registry.invented_records import LINES, changed, text_of, without

from trialwright.registry.reading import read_record
from trialwright.registry.shapes.line_list import NESTING_LOST


def read(record):
    """Read a record."""
    return read_record(text_of(record), "lines.json")


def test_criteria_and_arms_are_read():
    """Each line under a heading is one criterion; the line below a heading of an arm its title."""
    draft = read(LINES)

    assert draft.identifiers.nct == "NCT99999999"
    assert {each.id: each.source_text for each in draft.criteria} == {
        "I01": "Women",
        "I02": "Adequate organ function:",
        "I03": "Platelets 100,000/mm3",
        "E01": "For Arm B only: prior testinib",
    }
    assert draft.criteria[-1].arms == ("B",)
    assert [(arm.label, arm.title) for arm in draft.arms] == [
        ("B", "Arm B: testinib"),
        ("A", "Testinib and partnerib"),
    ]
    assert [each.words for each in draft.kept if "Eligibility" in each.span.field] == [
        "For information only."
    ]
    assert NESTING_LOST in [each.says for each in draft.remarks]


def test_a_lost_comparator_is_no_proposal_and_a_remark():
    """`Platelets 100,000/mm3` says no direction."""
    draft = read(LINES)

    assert [each.proposals for each in draft.criteria if each.id == "I03"] == [()]
    assert any("I03" in each.says and "stays open" in each.says for each in draft.remarks)


def test_where_signs_were_lost_none_is_carried_in_the_whole_record():
    """One lost sign anywhere: `or 5 x ULN` takes no comparator from the limit before it."""
    whole = ["Inclusion Criteria:", "AST < 3 x ULN (or 5 x ULN with liver metastases)"]
    lost = [*whole, "Platelets 100,000/mm3"]

    sure, unsure = (read(changed(LINES, "Eligibility", each)) for each in (whole, lost))

    assert len(sure.criteria[0].proposals) == 2
    assert len(unsure.criteria[0].proposals) == 1


@pytest.mark.parametrize("key", ["Eligibility", "Intervention"])
def test_each_list_may_be_missing(key):
    """The other is read without it."""
    draft = read(without(LINES, key))

    assert bool(draft.criteria) == (key != "Eligibility")
    assert bool(draft.arms) == (key != "Intervention")


@pytest.mark.parametrize("key", ["Eligibility", "Intervention"])
@pytest.mark.parametrize(
    "value", ["text", 5, {"a": "b"}, [["x"]], [None], [5, "Inclusion Criteria:"]]
)
def test_a_value_of_another_kind_is_kept(key, value):
    """Nothing of it is read as a criterion or arm."""
    draft = read(changed(LINES, key, value))

    assert draft.identifiers.nct == "NCT99999999"


def test_the_corpus_is_read(shared):
    """43 records: criteria in each, arms in each, no criterion twice under one id."""
    files = sorted((shared / "registry" / "phase1_breast").glob("*.json"))
    drafts = [read_record(file.read_text(encoding="utf-8"), file.name) for file in files]

    assert len(drafts) == 43
    assert all(draft.inclusion and draft.arms for draft in drafts)
    assert sum(len(draft.criteria) for draft in drafts) == 1177
    assert [
        each.words[:40] for draft in drafts for each in draft.kept if "Elig" in each.span.field
    ] == [
        "The following information on clinical tr",
        "INCLUSION OF WOMEN AND MINORITIES:",  # stands among exclusions, and says who is eligible
        "-Men and women of all races and ethnic g",
    ]
    assert [draft.identifiers.nct for draft in drafts] == [file.stem for file in files]
