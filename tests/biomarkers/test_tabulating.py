"""Denominators: who is altered, who is not, and of whom nobody knows."""

from collections import Counter

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, stain, variant

from trialwright.biomarkers.marker_table import CellState, MarkerTable
from trialwright.biomarkers.tabulating import exploratory, prespecified, tabulate
from trialwright.terms.errors import Refusal

PEOPLE = ("01", "02", "03", "04", "05", "06", "07")

RECORDS = {
    "01": record("01", material("D1"), run("D1", "large", variant("AKT1 E17K"))),
    "02": record("02", material("D2"), run("D2", "large")),
    "03": record("03", material("D3"), run("D3", "small", variant("PIK3CA H1047R"))),
    "04": record("04", material("D4"), run("D4", "large", outcome="failed")),
    "05": record("05", material("B5", "block")),
    "06": record(
        "06", material("D6", when="progression"), run("D6", "large", variant("AKT1 E17K"))
    ),
}


@pytest.fixture(scope="module")
def table():
    """Give the table of the protocol's markers; nothing at all is recorded of 07."""
    return tabulate(PEOPLE, RECORDS, prespecified(SETTINGS), SETTINGS)


def test_every_participant_has_a_state_for_akt1(table):
    """Sequenced and silent, not covered, failed, not sequenced: four different things."""
    states = dict(zip(PEOPLE, (each.state for each in table.column("akt1-tissue")), strict=True))

    assert states == {
        "01": "altered",
        "02": "not altered",
        "03": "not covered",
        "04": "failed",
        "05": "not assayed",
        "06": "not assayed",
        "07": "not assayed",
    }


def test_a_count_from_the_variants_alone_is_wrong(table):
    """The file of variants holds 01, 03 and 06: by it AKT1 is altered in 2 of 3.

    In truth one of two is: 02 was sequenced and has no line, 03 has one and AKT1 was not looked
    at, and the specimen of 06 was taken at progression.
    """
    lines = [
        (name, call.gene)
        for name, each in RECORDS.items()
        for run_ in each.runs
        for call in run_.calls
    ]
    people = Counter(name for name, _ in lines)
    altered = {name for name, gene in lines if gene == "AKT1"}
    counts = table.counts("akt1-tissue")

    assert (len(altered), len(people)) == (2, 3)
    assert (counts.altered, counts.known, counts.assayed, counts.participants) == (1, 2, 2, 7)


def test_states_add_up_to_the_participants(table):
    """Nobody is lost between the states of any marker."""
    for marker in table.markers:
        assert sum(table.counts(marker.id).states.values()) == len(PEOPLE)


def test_who_is_unknown_is_neither(table):
    """Statistics get None, and never a no."""
    assert table.altered("akt1-tissue") == (True, False, None, None, None, None, None)


def test_each_cell_says_why_and_on_which_specimen(table):
    """The reason names run, reads or what is missing."""
    first, *_, fifth, sixth, seventh = table.column("akt1-tissue")

    assert (first.specimen, first.because) == ("D1", "detected: AKT1 E17K (akt1-e17k, run run-D1)")
    assert (fifth.specimen, fifth.because) == ("B5", "block B5: no result is recorded")
    assert sixth.because == "no tissue of archival or C1D1 is recorded"
    assert seventh.specimen == ""


def test_pten_is_never_wild_type_from_plasma_alone():
    """A tumour fraction of 60 % and a limit of 0.5 %, and still nobody knows."""
    records = {
        "01": record(
            "01",
            material("P1", "cfDNA", "C1D1"),
            run("P1", "liquid", tumour_fraction="0.6"),
        )
    }

    found = tabulate(("01",), records, prespecified(SETTINGS), SETTINGS)

    assert found.counts("pten-plasma").states[CellState.UNDETERMINED] == 1
    assert "plasma alone" in found.column("pten-plasma")[0].because
    assert found.altered("pten-plasma") == (None,)


def test_pten_found_in_plasma_is_altered():
    """What is seen is there."""
    calls = variant("PTEN R130*", "nonsense", reads="40/1000")
    records = {"01": record("01", material("P1", "cfDNA", "C1D1"), run("P1", "liquid", calls))}

    assert tabulate(("01",), records, prespecified(SETTINGS), SETTINGS).altered("pten-plasma") == (
        True,
    )


def test_tissue_does_not_answer_for_plasma():
    """A run on tissue leaves the marker of plasma not assayed."""
    found = tabulate(("01",), RECORDS, prespecified(SETTINGS), SETTINGS)

    assert found.column("pten-plasma")[0].state is CellState.NOT_ASSAYED


def test_the_time_point_comes_from_what_the_dna_was_made_of():
    """DNA of slides of an archival block."""
    parts = (
        material("B1", "block"),
        material("S1", "slides", None, made_of="B1"),
        material("D1", "DNA", None, made_of="S1"),
    )
    records = {"01": record("01", *parts, run("D1", "large", variant("AKT1 E17K")))}

    found = tabulate(("01",), records, prespecified(SETTINGS), SETTINGS)

    assert found.altered("akt1-tissue") == (True,)


def test_silence_of_an_inadequate_block_is_a_failure_and_its_variant_is_none():
    """What was found was found; what was not found in a bad specimen says nothing."""
    parts = (material("B1", "block", quality="inadequate"), material("D1", made_of="B1"))
    silent = record("01", *parts, run("D1", "large"))
    found = record("02", *parts, run("D1", "large", variant("AKT1 E17K")))

    table = tabulate(("01", "02"), {"01": silent, "02": found}, prespecified(SETTINGS), SETTINGS)

    assert [each.state for each in table.column("akt1-tissue")] == ["failed", "altered"]


def test_a_second_run_answers_what_the_first_could_not():
    """A failed run, then one that passed."""
    runs = (run("D1", "large", outcome="failed", id="one"), run("D1", "large", id="two"))
    records = {"01": record("01", material("D1"), *runs)}

    cell = tabulate(("01",), records, prespecified(SETTINGS), SETTINGS).column("akt1-tissue")[0]

    assert (cell.state, "run two" in cell.because) == ("not altered", True)


@pytest.mark.parametrize(
    ("stains", "state"),
    [
        ((stain("PTEN", "5"),), "altered"),
        ((stain("PTEN", "10"),), "not altered"),
        ((stain("PTEN", "5-20"),), "undetermined"),
        ((stain("PTEN"),), "undetermined"),
        ((stain("PTEN", outcome="failed"),), "failed"),
        ((stain("PTEN", outcome="not done"),), "not assayed"),
        ((stain("ER", "5"),), "not assayed"),
        ((stain("PTEN", "5"), stain("PTEN", "80")), "undetermined"),
        ((stain("PTEN", outcome="failed"), stain("PTEN", "80")), "not altered"),
        ((stain("PTEN", "5"), stain("PTEN")), "altered"),
    ],
)
def test_stains_become_cells(stains, state):
    """Two readings that disagree, and one on both sides of the cut, leave it open."""
    records = {"01": record("01", material("slide", "slides"), *stains)}

    found = tabulate(("01",), records, prespecified(SETTINGS), SETTINGS)

    assert found.column("pten-ihc")[0].state == state


def test_exploratory_markers_say_so():
    """Whatever the protocol does not name is hypothesis-generating."""
    found = tabulate(PEOPLE, RECORDS, exploratory(("ESR1",), "tissue DNA"), SETTINGS)
    marker = found.markers[0]

    assert (marker.is_prespecified, marker.label) == (False, "exploratory, hypothesis-generating")
    assert found.counts(marker.id).known == 2


def test_a_result_without_its_material_is_refused_with_all_others():
    """Two participants, two faults."""
    records = {name: record(name, run("lost", "large")) for name in ("01", "02")}

    with pytest.raises(Refusal) as refused:
        tabulate(("01", "02"), records, prespecified(SETTINGS), SETTINGS)

    assert [each.where for each in refused.value.faults] == ["runs.run-lost"] * 2


def test_a_table_with_a_hole_is_none():
    """One cell for each participant and marker."""
    marker = tabulate((), {}, prespecified(SETTINGS), SETTINGS).markers

    with pytest.raises(ValueError, match="not one for each"):
        MarkerTable(("01",), marker, ((),))


def test_illustrative_markers_say_so():
    """Where the protocol marks all of its biomarkers, each column carries the words."""
    settings = SETTINGS.model_copy(update={"origin": "not_in_registry"})

    found = tabulate((), {}, prespecified(settings), settings)

    assert {each.label for each in found.markers} == {"illustrative, not from the registry"}
