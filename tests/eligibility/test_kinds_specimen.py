"""A specimen that suffices in one of the forms accepted."""

from decimal import Decimal

import pytest
from tests.eligibility.casebooks import TERMS, book, context, taken

from trialwright.eligibility.kinds.specimen import check, judge, say
from trialwright.protocol.event_rules import SpecimenForm, SpecimenRule

RULE = SpecimenRule(
    kind="specimen",
    fact="tissue",
    accepts=(
        SpecimenForm(form="slides", at_least=20, thickness_um=Decimal(5)),
        SpecimenForm(form="block"),
    ),
)


def answer(*specimens):
    """Judge specimens and give the answer."""
    return str(judge(RULE, book(*specimens), context()).answer)


@pytest.mark.parametrize(
    ("specimens", "expected"),
    [
        ([taken("slides", 20, "5")], "met"),
        ([taken("slides", 19, "5")], "not met"),
        ([taken("slides", 10, "5"), taken("slides", 10, "5.0")], "met"),
        ([taken("slides", 20, "4")], "not met"),
        ([taken("block")], "met"),
        ([taken("block", 0)], "not met"),
        ([taken("biopsy")], "not met"),
        # not recorded
        ([taken("slides", None, "5")], "unknown"),
        ([taken("slides", 20)], "unknown"),
        ([taken("slides", 20, "thin")], "unknown"),
        ([taken("block", None)], "unknown"),
        ([taken("slides", None, "4")], "not met"),
        # too few, however thick they are
        ([taken("slides", 19)], "not met"),
        ([taken("slides", 19, "5"), taken("slides", 1)], "unknown"),
        # what is open does not matter beside a block
        ([taken("slides", None), taken("block")], "met"),
    ],
)
def test_a_form_that_is_accepted_suffices(specimens, expected):
    """In number and thickness; what is not recorded decides nothing."""
    assert answer(*specimens) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2026-03-05", "met"), ("2026-03-06", "unknown"), ("2026-03", "unknown"), (None, "met")],
)
def test_a_specimen_from_the_future_never_counts(on, expected):
    """Nor one that may be."""
    assert answer(taken("block", on=on)) == expected


def test_none_on_record_is_not_none_there():
    """Somebody has to look."""
    finding = judge(RULE, book(), context())

    assert (finding.answer, finding.missing) == ("unknown", ("tissue",))
    assert finding.because == "Tumour tissue: no specimen is recorded"


def test_the_reason_names_what_is_there_and_what_is_accepted():
    """With its place as evidence."""
    finding = judge(RULE, book(taken("slides", 19, "5")), context())

    assert finding.because == (
        "specimen 19 slides of 5 um on 2026-02-01 [fhir Specimen/1]: does not suffice "
        "(20 slides of 5 um or 1 block)"
    )
    assert len(finding.evidence) == 1
    assert finding.missing == ()


@pytest.mark.parametrize(
    ("specimens", "expected", "told"),
    [
        (
            [taken("slides", 12, "5"), taken("block")],
            "met",
            "specimen 12 slides of 5 um on 2026-02-01 [fhir Specimen/1]; specimen 1 block on "
            "2026-02-01 [fhir Specimen/1]: suffices (",
        ),
        (
            [taken("slides", 20, on="2026-03")],
            "unknown",
            "specimen 20 slides on 2026-03 [fhir Specimen/1]: may suffice (",
        ),
    ],
)
def test_the_reason_says_whether_it_suffices(specimens, expected, told):
    """Every specimen is named, and shown as evidence; what is open asks for the tissue."""
    finding = judge(RULE, book(*specimens), context())

    assert finding.answer == expected
    assert finding.because.startswith(told)
    assert len(finding.evidence) == len(specimens)
    assert finding.missing == (("tissue",) if expected == "unknown" else ())


def test_a_rule_is_said_in_words_and_only_slides_are_cut():
    """A block has no thickness."""
    cut = RULE.model_copy(
        update={"accepts": (SpecimenForm(form="block", thickness_um=Decimal(5)),)}
    )

    assert say(RULE, TERMS) == "a specimen of 20 slides of 5 um or 1 block"
    assert list(check(RULE, TERMS)) == []
    assert [told for told, _, _ in check(cut, TERMS)] == ["a block of 5 um"]
