"""Protocols by name or file: read, and checked by every room that owns a rule of theirs."""

import pytest

from trialwright.assembly import shelf
from trialwright.assembly.library import library
from trialwright.assembly.protocols import check, load, shipped
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize("name", ["nct03959891", "NCT03959891", " Nct03959891 "])
def test_a_shipped_protocol_is_found_by_its_number(name):
    """In any case."""
    assert load(name).study.identifiers.nct == "NCT03959891"


def test_every_shipped_protocol_has_no_fault():
    """35 criteria, every example run."""
    for name in shelf.PROTOCOLS:
        protocol = shipped(name)

        assert check(protocol) == ()
        assert len(protocol.study.criteria) == 35


@pytest.mark.parametrize("name", ["nct00000000", "", "..", "/", "protocol.txt"])
def test_a_name_that_does_not_ship_is_refused(name):
    """The names there are stand in the message."""
    with pytest.raises(Refusal, match="nct03959891"):
        load(name)


@pytest.fixture
def text():
    """Give the text of the shipped protocol."""
    return shelf.text("protocols", "nct03959891.yaml")


@pytest.mark.parametrize(
    ("old", "new", "line_of", "says"),
    [
        ("doses: [200, 300, 400]", "doses: [200, 400, 300]", "doses: [200, 400, 300]", "300"),
        ("cycle_days: 28", "cycle_days: 20", "", "28"),
        ("variant: six-at-mtd", "variant: five-at-mtd", "variant: five-at-mtd", "five-at-mtd"),
        ("      anchor_agent: ipatasertib", "      anchor_agent: aspirin",
         "anchor_agent: aspirin", "aspirin"),
        ("at_least: 9, ", "at_least: 99, ", "", "I11"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(tmp_path, text, old, new, line_of, says):
    """Whatever room finds it: the editor can go there."""
    assert old in text
    file = tmp_path / "wrong.yaml"
    wrong = text.replace(old, new, 1)
    file.write_text(wrong, encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        load(str(file))

    faults = refused.value.faults
    assert all(fault.file == "wrong.yaml" and fault.line > 0 for fault in faults)
    assert any(says in str(fault) for fault in faults)
    if line_of:
        line = next(place for place, each in enumerate(wrong.splitlines(), 1) if line_of in each)
        assert line in {fault.line for fault in faults}


def test_the_library_gives_what_ships():
    """One library, opened once."""
    assert library() is library()
    assert library().study("nct03959891") == shipped("nct03959891").study
    assert library().lab_rules == shelf.lab_rules()


def test_the_vocabulary_of_events_has_laboratory_terms_and_others():
    """A DLT definition may name both."""
    assert {"Anemia", "Neutrophil count decreased", "Fatigue", "Diarrhea"} <= shelf.ctcae_terms()
