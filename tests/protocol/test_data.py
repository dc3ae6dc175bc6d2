"""Building blocks: exact numbers that a file can hold, and text that people can see."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from trialwright.protocol.arms import Agent
from trialwright.protocol.criteria import Criterion, leaves
from trialwright.protocol.data import UNSEEN
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.protocol.vocabulary import Plausible, Term

LONG = "is too long a number: up to 18 digits on each side of the point"


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (7, "7"),
        (-7, "-7"),
        (0, "0"),
        (Decimal("-1.50"), "-1.50"),
        (Decimal("1.10"), "1.10"),
        (Decimal("-0.0"), "0.0"),
        (Decimal("0E+3"), "0"),
        (Decimal("1E+2"), "100"),
        (Decimal("-2.5E-3"), "-0.0025"),
        (Decimal("9" * 18 + "." + "9" * 18), "9" * 18 + "." + "9" * 18),
    ],
)
def test_a_number_keeps_its_sign_and_digits(given, held):
    """Written out without an exponent; a negative zero is zero."""
    assert f"{Plausible(at_least=given, at_most=1).at_least}" == held


@pytest.mark.parametrize(
    "given", ["1E+18", "1E-19", "1E+40", "1E+41", "1E+999999", "1E-999999", "0E-999999"]
)
def test_a_number_longer_than_a_file_holds_is_refused(given):
    """And is not written out first."""
    with pytest.raises(ValidationError) as caught:
        Plausible(at_least=Decimal(given), at_most=1)

    assert str(caught.value.errors()[0]["ctx"]["error"]) == LONG


@pytest.mark.parametrize(
    "given", [True, 1.5, "1.5", None, Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")]
)
def test_what_is_no_decimal_is_no_number(given):
    """Truth, binary floats and text are not taken for one."""
    with pytest.raises(ValidationError):
        Plausible(at_least=given, at_most=1)


@pytest.mark.parametrize("written", ["1.10", "-3", "0"])
def test_json_holds_numbers_as_text(written):
    """So that no reader of JSON rounds them."""
    read = Plausible.model_validate_json(f'{{"at_least": "{written}", "at_most": 9}}', strict=True)

    assert str(read.at_least) == written
    assert read.model_dump(mode="json") == {
        "at_least": written, "at_most": "9", "or_zero": False
    }  # fmt: skip


@pytest.mark.parametrize("written", ["1e3", "NaN", "012", " 1", "1_0", "٣"])
def test_json_text_that_is_no_plain_number_is_refused(written):
    """What YAML refuses, JSON does not smuggle in."""
    with pytest.raises(ValidationError):
        Plausible.model_validate_json(f'{{"at_least": "{written}", "at_most": 9}}', strict=True)


@pytest.mark.parametrize("sign", ["\x00", "\t", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u202e",
                                  "\u2066", "\ufeff", "\uffff"])  # fmt: skip
def test_signs_that_nobody_sees_are_refused_wherever_text_stands(sign):
    """In a text, in a list of texts, and in a mapping."""
    drug = {"says": "x", "agent_class": "x", "route": "PO", "dose_unit": "mg"}

    assert UNSEEN.fullmatch(sign)
    for changed in ({"says": f"a{sign}"}, {"synonyms": ("a", f"b{sign}")}):
        with pytest.raises(ValidationError, match=f"holds the sign U[+]{ord(sign):04X}: text"):
            Agent.model_validate({**drug, **changed})


@pytest.mark.parametrize(
    "text", ["a\nb", "Größe ≥ 1", "日本語", "🙂", "שלום", "a\u00a0b", "e\u0301"]
)
def test_text_in_any_script_is_text(text):
    """Line feeds too."""
    assert Term(says=text, kind="question").says == text


def test_a_record_is_frozen():
    """A study never changes; an amendment is another one."""
    term = Term(says="x", kind="question")

    with pytest.raises(ValidationError, match="frozen"):
        term.says = "y"


def test_a_criterion_without_a_rule_has_no_leaves():
    """A permission asks nothing."""
    note = Criterion(id="I07", says="x", place="x", kind="note")

    assert leaves(note.rule) == ()
    assert leaves(AgeRule(kind="age", above=60)) == (AgeRule(kind="age", above=60),)
