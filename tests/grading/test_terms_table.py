"""Printed term texts for a reviewer, and grades as entered."""

import pytest

from trialwright.grading.terms_table import NOT_SHIPPED, read_terms
from trialwright.terms.errors import Refusal

HEAD = "soc,term,grade_1,grade_2,grade_3,grade_4,definition\n"


def test_a_term_is_found_with_its_printed_texts(terms):
    """System organ class, four grade texts, definition."""
    found = terms.find("Haptoglobin decreased")

    assert (found.soc, found.grades) == ("Investigations", ("<LLN", "-", "-", "-"))
    assert found.definition.startswith("A finding based on laboratory test results")


def test_a_definition_keeps_its_commas(terms):
    """Quoted cells are read whole."""
    found = terms.find("anaemia")

    assert found.definition.endswith("lethargy, and fatigability.")


def test_the_shipped_texts_are_forty(terms):
    """All laboratory terms of the source file."""
    assert len(terms.texts) == 40


@pytest.mark.parametrize(
    ("grade", "says"), [(0, ""), (1, ">ULN - 5.5 mmol/L"), (4, ">7.0 mmol/L; life-threatening")]
)
def test_a_grade_entered_for_a_shipped_term_stands_beside_its_text(terms, grade, says):
    """The reviewer sees what CTCAE prints for that grade."""
    found = terms.as_entered("Hyperkalemia", grade)

    assert found.says.startswith(says)
    assert (found.grade, found.mark) == (grade, "")


def test_death_is_taken_though_its_text_is_not_in_the_table(terms):
    """Grade 5 has no column."""
    assert terms.as_entered("Hyperkalemia", 5).because == "grade 5 as entered"


def test_a_term_without_shipped_text_is_taken_as_entered_and_marked(terms):
    """No definition is invented for rash."""
    found = terms.as_entered("Rash  maculo-papular", 3)

    assert (found.term, found.grade, found.says) == ("Rash maculo-papular", 3, "")
    assert found.mark == NOT_SHIPPED
    assert NOT_SHIPPED in found.because


@pytest.mark.parametrize(
    ("term", "grade"), [("Rash", 6), ("Rash", -1), ("Rash", True), ("Hypermagnesemia", 2)]
)
def test_a_grade_that_the_term_does_not_have_is_refused(terms, term, grade):
    """Hypermagnesemia has no grade 2."""
    with pytest.raises(Refusal) as refused:
        terms.as_entered(term, grade)

    assert refused.value.faults[0].where == "grade"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "columns"),
        ("term,soc\n", "columns"),
        (HEAD + "a,b,c\n", "row"),
        (HEAD + "a,b,1,2,3,,d\n", "row"),
        (HEAD + "a,b,1,2,3,4,d\na,B,1,2,3,4,d\n", "term"),
    ],
)
def test_a_table_of_another_form_is_refused(text, where):
    """Columns, complete rows, each term once."""
    with pytest.raises(Refusal) as refused:
        read_terms(text)

    assert [fault.where for fault in refused.value.faults] == [where]
