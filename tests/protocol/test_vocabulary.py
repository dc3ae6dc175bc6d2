"""What a term of the vocabulary may hold."""

import pytest
from pydantic import ValidationError

from trialwright.protocol.vocabulary import Term

STAGES = {"staging_codes": ("LOINC 21907-1",), "stage_codes": ("AJCC cM1",)}


def test_a_metastasis_may_be_told_by_a_stage_of_its_primary():
    """The codes of the staging, and those of its value."""
    term = Term(says="Metastasis", kind="condition", primary="breast-cancer", **STAGES)

    assert [str(code) for code in term.coded_of_stagings] == ["LOINC 21907-1"]
    assert [str(code) for code in term.coded_of_stages] == ["AJCC cM1"]


@pytest.mark.parametrize(
    ("elements", "why"),
    [
        ({"kind": "finding", "primary": "breast-cancer"}, "primary is of a condition"),
        (STAGES, "has stages of no cancer"),
        ({"primary": "x", "stage_codes": ("AJCC cM1",)}, "has no use for one alone"),
        ({"primary": "x", "staging_codes": ("LOINC 21907-1",)}, "has no use for one alone"),
        ({"kind": "finding", "site_codes": ("SNOMEDCT 1",)}, "are of a condition"),
    ],
)
def test_a_part_of_what_reads_a_metastasis_is_refused(elements, why):
    """It would never be read."""
    with pytest.raises(ValidationError, match=why):
        Term(**({"says": "x", "kind": "condition"} | elements))
