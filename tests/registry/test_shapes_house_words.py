"""Words of registries in the words of the house, only where they certainly mean it."""

import pytest

from trialwright.registry.shapes.house_words import (
    paragraphs,
    phase_named,
    phase_of,
    sex_of,
    site_status_of,
    status_of,
    trial_type_of,
)
from trialwright.registry.shapes.lettering import lettering_remark, letters_for


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("PHASE1", "I"),
        ("PHASE1/PHASE2", "I/II"),
        ("Phase 1/Phase 2", "I/II"),
        ("phase-1-phase-2", "I/II"),
        ("Phase Ib", "Ib"),
        ("Phase 1b/2", "Ib/II"),
        ("Phase I/Ib", "I/Ib"),
        ("EARLY_PHASE1", "early I"),
        ("early-phase-1", "early I"),
        ("Phase 0", "early I"),
        ("PHASE2/PHASE3", "II/III"),
        ("Phase 4", "IV"),
        ("NA", "NA"),
        ("N/A", "N/A"),
        ("Phase 2/Phase 1", "Phase 2/Phase 1"),
        ("Phase 12", "Phase 12"),
        ("", ""),
    ],
)
def test_phases_are_written_as_the_house_does(words, phase):
    """Where no phase is named, the record's own words stay."""
    assert phase_of(words) == phase


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("This multicenter, Phase 1b study", "Ib"),
        ("a phase I/II trial of phase III drugs", "I/II"),
        ("the maximal phase", ""),
        ("phase 10", ""),
    ],
)
def test_the_phase_that_a_summary_names_is_found(words, phase):
    """The first counts."""
    assert phase_named(words) == phase


@pytest.mark.parametrize(
    ("words", "status", "site"),
    [
        ("RECRUITING", "active", "active"),
        ("NOT_YET_RECRUITING", "not yet active", "not yet active"),
        ("ACTIVE_NOT_RECRUITING", "closed", "closed"),
        ("closed-to-accrual", "closed", "closed"),
        ("temporarily-closed-to-accrual", "suspended", "suspended"),
        ("SUSPENDED", "suspended", "suspended"),
        ("COMPLETED", "completed", "COMPLETED"),
        ("TERMINATED", "terminated", "TERMINATED"),
        ("administratively-completed", "terminated", "administratively-completed"),
        ("WITHDRAWN", "withdrawn", "WITHDRAWN"),
        ("ENROLLING_BY_INVITATION", "ENROLLING_BY_INVITATION", "ENROLLING_BY_INVITATION"),
        ("approved", "not yet active", "not yet active"),
        ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
    ],
)
def test_statuses_are_translated_where_it_is_certain(words, status, site):
    """What is not certain stays in the registry's word."""
    assert (status_of(words), site_status_of(words)) == (status, site)


def test_purposes_and_sexes_are_translated():
    """A word that the house does not have stays, or is none."""
    types = [trial_type_of(each) for each in ("TREATMENT", "SUPPORTIVE_CARE", "BASIC_SCIENCE")]
    sexes = [sex_of(each) for each in ("FEMALE", "Male", "ALL", "both", "other")]

    assert types == ["treatment", "supportive care", "BASIC_SCIENCE"]
    assert sexes == ["female", "male", "all", "all", ""]


def test_free_text_keeps_its_paragraphs_and_bullets_and_no_layout():
    """Lines that were wrapped are joined; empty lines and bullets stay."""
    text = "\r\n      One\r\n      two.\r\n\r\n        -  a\r\n\r\n  three:\n  * b\n  * c\n d"

    assert paragraphs(text) == "One two.\n\n- a\n\nthree:\n* b\n* c d"


@pytest.mark.parametrize(
    ("titles", "letters"),
    [
        (["Arm A", "Arm B"], "AB"),
        (["ARM B: x", "y", "Experimental: Arm A (z)"], "BCA"),
        (["x", "y", "z"], "ABC"),
        (["Letrozole", "ARM A", "Arm C"], "BAC"),
        (["Arm A: low", "Arm A: high", "Arm B"], "ACB"),
        (["Arm A or Arm B", "Arm B"], "AB"),
        (["Arm I (x)", "Arm II (y)"], "AB"),
        (["Arm I (x)"], "I"),
        (["Arm 1", "Arm 2"], "AB"),
        (["alarm A"], "A"),
        (["Arm a", "Army B"], "AB"),
        ([], ""),
    ],
)
def test_arms_keep_the_letter_that_they_alone_name(titles, letters):
    """Others get the next free letter in the order of the record."""
    assert "".join(letters_for(titles)) == letters


def test_past_the_last_letter_there_is_none():
    """A protocol has 26 arms at most."""
    assert letters_for(["x"] * 28)[25:] == ("Z", "", "")


def test_letters_that_the_record_does_not_give_are_said():
    """Only those."""
    assert lettering_remark(["Arm A", "x"], ["A", "B"]) == (
        "The record names these arms without a letter; in its order, B is 'x'."
    )
    assert lettering_remark(["Arm A"], ["A"]) == ""
