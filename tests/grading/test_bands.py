"""Bands of grades against the limits that CTCAE prints."""

from fractions import Fraction

import pytest

from trialwright.grading.bands import grade_bands
from trialwright.terms.errors import Refusal

NEUTROPHILS = [(1, "1.5", "1.8"), (2, "1", "1.5"), (3, "0.5", "1"), (4, None, "0.5")]
"""<LLN - 1500/mm3; <1500 - 1000/mm3; <1000 - 500/mm3; <500/mm3, with a LLN of 1.8."""

ALT = [(1, "40", "120"), (2, "120", "200"), (3, "200", "800"), (4, "800", None)]
""">ULN - 3.0 x ULN; >3.0 - 5.0; >5.0 - 20.0; >20.0 x ULN if baseline was normal, ULN 40."""

GLUCOSE = [(1, "110", "160"), (2, "160", "250"), (3, "250", "500"), (4, "500", None)]
"""CTCAE 4.03, fasting: >ULN - 160 mg/dL; >160 - 250; >250 - 500; >500 mg/dL, ULN 110."""


@pytest.mark.parametrize(
    ("term", "version", "unit", "limits", "facts", "printed"),
    [
        ("Neutrophil count decreased", "5.0", "10*9/L", {"LLN": "1.8"}, {}, NEUTROPHILS),
        ("Alanine aminotransferase increased", "5.0", "U/L", {"ULN": "40"}, {}, ALT),
        ("Hyperglycemia", "4.03", "mg/dL", {"ULN": "110"}, {"fasting": True}, GLUCOSE),
        ("Hyperglycemia", "5.0", "mg/dL", {"ULN": "110"}, {"fasting": True}, []),
    ],
)
def test_bands_are_the_printed_limits(rules, term, version, unit, limits, facts, printed):
    """Hyperglycemia of CTCAE 5.0 is graded by management, and has no bands."""
    references = {name: Fraction(number) for name, number in limits.items()}

    found = grade_bands(rules.find(term, version), unit, references, facts)

    assert [(each.grade, each.low, each.high) for each in found] == [
        (grade, low and Fraction(low), high and Fraction(high)) for grade, low, high in printed
    ]


def test_without_its_normal_limit_a_band_is_left_out(rules):
    """Grade 1 of neutrophils begins at the LLN; the others are numbers."""
    found = grade_bands(rules.find("Neutrophil count decreased", "5.0"), "10*9/L", {}, {})

    assert [each.grade for each in found] == [2, 3, 4]


def test_a_unit_of_another_test_is_refused(rules):
    """Neutrophils have no bands in grams."""
    with pytest.raises(Refusal, match="no unit of this test"):
        grade_bands(rules.find("Neutrophil count decreased", "5.0"), "g", {}, {})
