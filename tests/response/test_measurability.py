"""Measurable lesions and the choice of targets."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.tumour_findings import Finding
from trialwright.response.measurability import (
    measurability,
    organ_of,
    propose_targets,
    selection_queries,
)
from trialwright.terms.errors import Refusal


def _finding(mm, **more):
    """Give a lesion of the liver."""
    return Finding("T1", "LIVER", Decimal(str(mm)), **more)


def test_shared_cases_agree(bench, shared):
    """Every published case of size and technique, and the choice within the limits."""
    path = shared / "reference" / "recist" / "baseline_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        given_, wanted = case["input"], case["expected"]
        if "lesions" in given_:
            lesions = [
                Finding(label, site, Decimal(mm), is_node=site == "LYMPH NODE")
                for label, site, mm in given_["lesions"]
            ]
            proposed = propose_targets(lesions, bench.settings()).targets
            assert not selection_queries(lesions, proposed, bench.settings())
            assert not selection_queries(lesions, wanted["valid_example"], bench.settings())
            for wrong in wanted["invalid_examples"]:
                assert selection_queries(lesions, wrong, bench.settings()), wrong
        else:
            slices = given_["slice_mm"]
            found = measurability(
                _finding(given_["mm"], technique=given_["modality"], is_node=given_["node"],
                         slice_mm=None if slices is None else Decimal(slices)),
                bench.settings(),
            )  # fmt: skip
            assert found.kind == wanted["class"], case["id"]

    assert len(cases) >= 4


@pytest.mark.parametrize(
    ("finding", "kind"),
    [
        (_finding(10), "MEASURABLE"),
        (_finding("9.999"), "NON-MEASURABLE"),
        (_finding(10, slice_mm=Decimal(5)), "MEASURABLE"),
        (_finding(16, slice_mm=Decimal(8)), "MEASURABLE"),
        (_finding("15.9", slice_mm=Decimal(8)), "NON-MEASURABLE"),
        (_finding(10, technique="MRI"), "MEASURABLE"),
        (_finding(19, technique="CONVENTIONAL CT"), "NON-MEASURABLE"),
        (_finding(20, technique="CONVENTIONAL CT"), "MEASURABLE"),
        (_finding(10, technique="CALIPER"), "MEASURABLE"),
        (_finding(9, technique="CALIPER"), "NON-MEASURABLE"),
        (_finding(50, technique="ULTRASOUND"), "NON-MEASURABLE"),
        (_finding(15, is_node=True), "MEASURABLE"),
        (_finding("14.9", is_node=True), "NON-MEASURABLE"),
        (_finding(10, is_node=True), "NON-MEASURABLE"),
        (_finding("9.9", is_node=True), "NORMAL"),
        (_finding(50, nature="BLASTIC BONE", has_soft_tissue=True), "NON-MEASURABLE"),
        (_finding(50, nature="LYTIC BONE"), "NON-MEASURABLE"),
        (_finding(50, nature="LYTIC BONE", has_soft_tissue=True), "MEASURABLE"),
        (_finding(9, nature="MIXED BONE", has_soft_tissue=True), "NON-MEASURABLE"),
        (_finding(50, nature="EFFUSION"), "NON-MEASURABLE"),
        (_finding(50, nature="SIMPLE CYST"), "NORMAL"),
        (_finding(50, nature="CYSTIC METASTASIS"), "MEASURABLE"),
        (_finding(50, was_treated_locally=True), "NON-MEASURABLE"),
        (_finding(50, was_treated_locally=True, has_progressed_since=True), "MEASURABLE"),
    ],
)
def test_each_rule_of_section_3_1(bench, finding, kind):
    """Size by technique, nodes, bone, cysts, effusions and treated lesions."""
    found = measurability(finding, bench.settings())

    assert found.kind == kind
    assert "RECIST 1.1 section 3.1" in found.because or "the protocol's limit" in found.because


def test_the_protocol_sets_its_own_limits(bench):
    """A protocol that asks for 15 mm by CT does not call 14 mm measurable."""
    settings = bench.settings(measurable_spiral_mm=Decimal(15))

    assert measurability(_finding(14), settings).kind == "NON-MEASURABLE"
    assert "below 15 mm (the protocol's limit)" in measurability(_finding(14), settings).because


def test_a_choice_outside_the_limits_is_queried(bench):
    """Lesions too small, unknown labels and three of one organ are each named."""
    lesions = [
        *(Finding(f"T{at}", "LIVER", Decimal(20 + at)) for at in range(3)),
        Finding("LN1", "AXILLA", Decimal(12), is_node=True),
    ]

    found = selection_queries(lesions, ["T0", "T1", "T2", "LN1", "X"], bench.settings())

    assert {query.about for query in found} == {"LN1", "X", "baseline"}


LESIONS = st.lists(
    st.builds(
        Finding,
        st.uuids().map(str),
        st.sampled_from(["LIVER", "LUNG", "BREAST"]),
        st.integers(1, 90).map(Decimal),
        is_node=st.booleans(),
    ),
    max_size=12,
)


@given(LESIONS)
def test_what_is_proposed_is_never_queried(bench, lesions):
    """A proposal is within every limit, and leaves no measurable lesion out that would fit."""
    settings = bench.settings()
    selection = propose_targets(lesions, settings)
    known = {each.label: each for each in lesions}
    parts = (*selection.targets, *selection.nontargets, *selection.normal)

    assert not selection_queries(lesions, selection.targets, settings)
    assert sorted(parts) == sorted(known)
    for label in selection.nontargets:
        if measurability(known[label], settings).kind == "MEASURABLE":
            more = (*selection.targets, label)
            assert selection_queries(lesions, more, settings), organ_of(known[label])


def test_a_slice_of_nothing_is_refused():
    """A slice has a thickness, and a lesion no negative length."""
    with pytest.raises(Refusal):
        _finding(10, slice_mm=Decimal(0))
    with pytest.raises(Refusal):
        _finding(-1)
