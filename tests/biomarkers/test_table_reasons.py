"""What the specimen tree and the marker table say, whole: refusals, and the reason of each cell."""

from datetime import date

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, stain, status_rule, variant

from trialwright.biomarkers.marker_table import CellState, MarkerTable
from trialwright.biomarkers.records import NO_BIOMARKERS, tree_of
from trialwright.biomarkers.tabulating import exploratory, prespecified, tabulate
from trialwright.terms.errors import Fault, Refusal

H1047R = variant("PIK3CA H1047R", reads="100/1000")


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (
            (material("A"), material("A")),
            ("A.id", "the label A a second time", "each label once", "Correct one of the labels"),
        ),
        (
            (material("A", made_of="X"),),
            ("A.made_of", "X, which is not recorded", "a recorded material",
             "Record it, or correct the label"),
        ),
        (
            (material("B", "block"), material("T", "tube", made_of="B")),
            ("T.made_of", "tube made of block", "tube made of nothing: it is taken",
             "Correct the kind, or what it was made of"),
        ),
        (
            (material("B", "block", on="2026-03-02"), material("D", made_of="B", on="2026-03-01")),
            ("D.made_of", "made on 2026-03-01, of what was taken on 2026-03-02",
             "2026-03-02 or later", "Correct one of the days"),
        ),
        (
            (material("B", "block"), material("D", when="progression", made_of="B")),
            ("D.made_of", "progression, made of archival", "one time point for both",
             "Correct one of them"),
        ),
    ],
)  # fmt: skip
def test_the_whole_refusal_of_a_tree(parts, fault):
    """The place, what stands there, what may stand there, and what to do."""
    with pytest.raises(Refusal) as refused:
        tree_of(record("01", *parts))

    assert list(refused.value.faults) == [Fault(*fault)]


def test_what_was_taken_and_made_on_one_day_fits():
    """The same day is not before it."""
    parts = (material("B", "block", on="2026-03-02"), material("D", made_of="B", on="2026-03-02"))

    tree = tree_of(record("01", *parts))

    assert [(each.id, depth) for each, depth in tree.branches()] == [("B", 0), ("D", 1)]
    assert tree.inadequate("D") is None
    assert NO_BIOMARKERS.participant == ""


def test_the_branches_of_a_tree_are_walked_from_what_was_taken():
    """Each with its steps; two tubes are two branches."""
    parts = (
        material("C", "cfDNA", None, made_of="P"), material("T", "tube", "C1D1"),
        material("P", "plasma", None, made_of="T"), material("U", "tube", "C1D1"),
    )  # fmt: skip

    tree = tree_of(record("01", *parts))

    assert [(each.id, depth) for each, depth in tree.branches()] == [
        ("T", 0), ("P", 1), ("C", 2), ("U", 0)]  # fmt: skip
    assert tree.line_of("unheard-of") == ()


def test_results_of_unknown_materials_are_told():
    """Runs and stains, each by its place."""
    parts = (run("lost", "large"), stain("PTEN", "5", material="gone"))

    with pytest.raises(Refusal) as refused:
        tabulate(("01",), {"01": record("01", *parts)}, prespecified(SETTINGS), SETTINGS)

    do = "Record it, or correct the label"
    assert list(refused.value.faults) == [
        Fault("runs.run-lost", "the material lost, which is not recorded", "a recorded one", do),
        Fault("stains.PTEN", "the material gone, which is not recorded", "a recorded one", do),
    ]


def _cells(*parts, settings=SETTINGS, first_days=None):
    """Give the cells of one participant by marker."""
    asked = prespecified(settings)
    table = tabulate(("01",), {"01": record("01", *parts)}, asked, settings, first_days)
    return {each.id: cell for each, cell in zip(table.markers, table.cells[0], strict=True)}


@pytest.mark.parametrize(
    ("parts", "marker", "state", "because", "specimen"),
    [
        ((), "pten-plasma", "not assayed", "no blood of archival or C1D1 is recorded", ""),
        ((), "pten-ihc", "not assayed", "no tissue of archival or C1D1 is recorded", ""),
        (
            (material("T", "tube", "C1D1"),), "pten-plasma", "not assayed",
            "tube T: no result is recorded", "T",
        ),
        (
            (material("B", "block"), material("S", "slides"),
             stain("PTEN", outcome="not done", material="S")),
            "pten-ihc", "not assayed", "slides S: no result is recorded", "S",
        ),
        (
            (material("slide", "slides"), stain("PTEN", outcome="failed")), "pten-ihc", "failed",
            "PTEN: the stain failed", "slide",
        ),
        (
            (material("slide", "slides"), stain("PTEN", "5"), stain("PTEN", "80")), "pten-ihc",
            "undetermined",
            "stains disagree: lost: PTEN percent stained 5: 10 not reached (pten-10); retained: "
            "PTEN percent stained 80: 10 or more (pten-10)",
            "slide",
        ),
        (
            (material("slide", "slides"), stain("PTEN", "5-20")), "pten-ihc", "undetermined",
            "unknown: PTEN percent stained 5-20, on both sides of 10 (pten-10)", "slide",
        ),
        (
            (material("B1", "block", quality="inadequate"), material("D1", made_of="B1"),
             run("D1", "large")),
            "akt1-tissue", "failed",
            "failed: block B1 is inadequate; no AKT1 alteration, limit not recorded (akt1-e17k, "
            "run run-D1)",
            "D1",
        ),
    ],
)  # fmt: skip
def test_a_cell_is_told_with_its_specimen(parts, marker, state, because, specimen):
    """Nothing taken, no result, stains that failed or disagree, and an inadequate block."""
    found = _cells(*parts)[marker]

    assert (found.state, found.because, found.specimen) == (state, because, specimen)


@pytest.mark.parametrize(
    ("score", "state"), [(1, "not altered"), (2, "undetermined"), (3, "altered")]
)
def test_an_equivocal_stain_is_neither(score, state):
    """HER2 of 2+ without in-situ hybridisation is no more negative than positive."""
    rule = status_rule("her2", "HER2", "HER2 2018")
    marker = SETTINGS.markers[3].model_copy(
        update={"id": "her2-ihc", "rule": "her2", "altered": ("positive",)}
    )
    settings = SETTINGS.model_copy(update={"statuses": (rule,), "markers": (marker,)})
    parts = (material("slide", "slides"), stain("HER2", score=(score, score)))

    assert _cells(*parts, settings=settings)["her2-ihc"].state == state


@pytest.mark.parametrize(
    ("states", "foremost"),
    [
        (("not covered", "failed"), "not covered"),
        (("failed", "not detected"), "not altered"),
        (("not detected", "detected"), "altered"),
        (("not detected", "germline"), "germline"),
        (("below limit", "not covered"), "undetermined"),
        (("below limit", "not detected"), "not altered"),
    ],
)
def test_of_several_runs_the_one_that_tells_most_is_told(states, foremost):
    """Found before not found, and not found before not known."""
    makes = {
        "failed": {"outcome": "failed"},
        "not covered": {"panel": "unheard-of"},
        "not detected": {},
        "detected": {"calls": (H1047R,)},
        "germline": {"calls": (variant("PIK3CA H1047R", origin="germline"),)},
        "below limit": {"calls": (H1047R,), "limit": "0.5"},
    }
    runs = []
    for place, state in enumerate(states):
        more = dict(makes[state])
        calls, panel = more.pop("calls", ()), more.pop("panel", "large")
        runs.append(run("D1", panel, *calls, id=f"run-{place}", **more))

    for order in (runs, runs[::-1]):
        assert _cells(material("D1"), *order)["pik3ca-tissue"].state == foremost


def test_exploratory_markers_are_made_by_gene():
    """Name, words and rule; PTEN is never absent by plasma, and a stain has no gene."""
    pten, esr1 = exploratory(("PTEN", "ESR1"), "cfDNA", ("C1D1",))

    assert (pten.marker.id, pten.rule.id, pten.column.rule) == ("cfdna-pten-any",) * 3
    assert pten.marker.says == "Any variant that changes the protein of PTEN"
    assert pten.rule.reference == "One marker a gene, chosen by nobody beforehand"
    assert (pten.rule.silent_in_plasma, esr1.rule.silent_in_plasma) == (True, False)
    assert (esr1.marker.family, esr1.marker.time_points) == ("cfDNA", ("C1D1",))
    assert exploratory(("ESR1",), "tissue DNA")[0].marker.time_points == ("archival", "C1D1")
    assert exploratory(("ESR1",), "tissue DNA")[0].marker.id == "tissue-dna-esr1-any"
    with pytest.raises(Refusal) as refused:
        exploratory(("PTEN",), "IHC")
    assert list(refused.value.faults) == [
        Fault("family", "IHC", "tissue DNA or cfDNA", "Name the status rule instead")
    ]


def test_a_table_refuses_what_stands_twice_and_names_its_markers():
    """Participants and markers once each; an unknown marker is told the known ones."""
    table = tabulate(("01",), {}, prespecified(SETTINGS), SETTINGS)

    with pytest.raises(ValueError, match="stands in the table twice"):
        MarkerTable(("01", "01"), table.markers, table.cells * 2)
    with pytest.raises(ValueError, match="stands in the table twice"):
        MarkerTable(("01",), table.markers[:1] * 2, ((table.cells[0][0],) * 2,))
    with pytest.raises(Refusal) as refused:
        table.column("brca1")
    assert list(refused.value.faults) == [
        Fault("marker", "brca1", "pik3ca-tissue, akt1-tissue, pten-plasma, pten-ihc",
              "Name a marker of the table")
    ]  # fmt: skip
    with pytest.raises(Refusal) as refused:
        MarkerTable(("01",), (), ((),)).column("brca1")
    assert refused.value.faults[0].allowed == "none"
    assert table.counts("akt1-tissue").states[CellState.NOT_ASSAYED] == 1


def test_a_landmark_is_told_with_its_day():
    """Day 29 of a treatment of 2 March is 30 March; without days nothing is held against it."""
    marker = SETTINGS.markers[2].model_copy(
        update={"time_points": ("on treatment",), "landmark_day": 29}
    )
    settings = SETTINGS.model_copy(update={"markers": (marker,)})

    def told(on, first_days):
        days = {"on": on} if on else {}
        parts = (material("T", "cfDNA", "on treatment", **days), run("T", "liquid"))
        cell = _cells(*parts, settings=settings, first_days=first_days)["pten-plasma"]
        return cell.because, cell.specimen

    began = {"01": date(2026, 3, 2)}
    against = "to hold against the landmark, day 29"
    assert told("2026-03-31", began) == (
        "T: taken 2026-03-31, after the landmark, day 29 (2026-03-30)", "T")  # fmt: skip
    assert told("2026-03", began) == (
        "T: taken 2026-03, perhaps after the landmark, day 29 (2026-03-30)", "T")  # fmt: skip
    assert told(None, began) == (f"T: its day is not recorded, {against}", "T")
    assert told("2026-03-16", None) == (f"T: day 1 of treatment is not recorded, {against}", "T")
