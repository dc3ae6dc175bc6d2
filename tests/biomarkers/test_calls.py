"""What one run says of one alteration."""

from dataclasses import replace

import pytest
from tests.biomarkers.made import E17K, ESR1, PIK3CA, PTEN, SETTINGS, TET2, alteration, run, variant

from trialwright.biomarkers.calls import CallState, call_of, residues_of
from trialwright.protocol.biomarker_settings import AlterationForm


def state(rule, *calls, panel="large", is_plasma=False, **more):
    """Give the state of a run on DNA."""
    return call_of(run("DNA", panel, *calls, **more), rule, SETTINGS, is_plasma=is_plasma)


@pytest.mark.parametrize(
    ("change", "residues"),
    [
        ("E17K", (17,)),
        ("N867Sfs*2", (867,)),
        ("E746_A750del", (746, 750)),
        ("X95_splice", (95,)),
        ("K13*", (13,)),
        ("*", ()),
        ("", ()),
    ],
)
def test_a_change_names_its_residues(change, residues):
    """The first, and of a stretch the last."""
    assert residues == residues_of(change)


@pytest.mark.parametrize(
    ("rule", "call", "expected"),
    [
        (E17K, variant("AKT1 E17K"), "detected"),
        (E17K, variant("AKT1 L52R"), "not detected"),
        (ESR1, variant("ESR1 D538G"), "detected"),
        (ESR1, variant("ESR1 E247K"), "not detected"),
        (ESR1, variant("ESR1 S311L"), "detected"),
        (ESR1, variant("ESR1 T310A"), "not detected"),
        (ESR1, variant("ESR1"), "not detected"),
        (PTEN, variant("PTEN K13*", "nonsense"), "detected"),
        (PTEN, variant("PTEN", "deep deletion"), "detected"),
        (PTEN, variant("PTEN", "loss"), "not detected"),
        (PTEN, variant("PTEN V317I"), "not detected"),
        (PIK3CA, variant("PIK3CA Q75Q", "silent"), "not detected"),
    ],
)
def test_a_rule_takes_what_it_names_and_nothing_else(rule, call, expected):
    """Residues are included at both ends; one shallow copy lost is no deep deletion."""
    assert expected == state(rule, call).state


def test_a_gene_that_the_panel_does_not_cover_is_not_covered():
    """Its silence is not the absence of the variant."""
    found = state(E17K, panel="small")

    assert found.state is CallState.NOT_COVERED
    assert "AKT1" in found.because


def test_a_panel_that_counts_no_copies_cannot_deny_a_deletion():
    """The rule for PTEN names deletions, and the panel sequences PTEN without counting copies."""
    found = state(PTEN, panel="small")

    assert found.state is CallState.NOT_COVERED
    assert "copy number" in found.because


@pytest.mark.parametrize("panel", ["", "unheard-of"])
def test_an_unknown_panel_denies_nothing_but_what_it_found_stands(panel):
    """What a run reports counts; what it does not report needs a panel."""
    assert state(PIK3CA, panel=panel).state is CallState.NOT_COVERED
    assert state(PIK3CA, variant("PIK3CA H1047R"), panel=panel).state is CallState.DETECTED


def test_a_failed_run_says_nothing():
    """Neither detected nor not."""
    assert state(PIK3CA, outcome="failed").state is CallState.FAILED


@pytest.mark.parametrize("panel", ["large", "liquid"])
@pytest.mark.parametrize("reads", ["0/1000", "0/0"])
def test_a_variant_of_no_reads_was_looked_for_and_not_found(panel, reads):
    """Laboratories list what they looked for again; in tissue no limit stands in the way."""
    found = state(PIK3CA, variant("PIK3CA H1047R", reads=reads), panel=panel,
                  is_plasma=panel == "liquid")  # fmt: skip

    assert found.state is CallState.NOT_DETECTED


@pytest.mark.parametrize(
    ("reads", "expected"), [("49/10000", "below limit"), ("50/10000", "detected")]
)
def test_the_limit_itself_is_detected(reads, expected):
    """The panel's limit is 0.5 %."""
    found = state(PIK3CA, variant("PIK3CA H1047R", reads=reads), panel="liquid", is_plasma=True)

    assert expected == found.state


def test_the_limit_of_a_run_goes_before_that_of_its_panel():
    """A deeper run sees more."""
    call = variant("PIK3CA H1047R", reads="20/10000")

    found = state(PIK3CA, call, panel="liquid", is_plasma=True, limit="0.001")

    assert found.state is CallState.DETECTED


def test_where_a_variant_comes_from_is_a_state_of_its_own():
    """A germline variant is no somatic alteration, and neither is its absence."""
    assert state(PTEN, variant("PTEN R130*", "nonsense", origin="germline")).state == "germline"


@pytest.mark.parametrize(
    ("origin", "white_cells", "is_plasma", "expected"),
    [
        ("not recorded", None, True, "suspected clonal haematopoiesis"),
        ("not recorded", False, True, "suspected clonal haematopoiesis"),
        ("not recorded", True, True, "detected"),
        ("somatic", None, True, "detected"),
        ("not recorded", None, False, "detected"),
        ("suspected clonal haematopoiesis", True, False, "suspected clonal haematopoiesis"),
    ],
)
def test_a_variant_of_blood_cells_is_suspected_in_plasma_alone(
    origin, white_cells, is_plasma, expected
):
    """White cells beside it, or the laboratory's word, settle it."""
    call = variant("TET2 R550*", "nonsense", origin=origin)

    found = state(TET2, call, panel="liquid", is_plasma=is_plasma, white_cells=white_cells)

    assert expected == found.state


def test_a_tumour_variant_goes_before_one_of_the_germline():
    """Two variants in one gene: the somatic one decides."""
    calls = (variant("PIK3CA E545K", origin="germline"), variant("PIK3CA H1047R"))

    assert state(PIK3CA, *calls).state is CallState.DETECTED


@pytest.mark.parametrize(
    ("rule", "tumour_fraction", "expected"),
    [
        (PIK3CA, None, "not detected"),
        (PIK3CA, "0.0099", "not informative"),
        (PIK3CA, "0.01", "not detected"),
        (PIK3CA, "0", "not informative"),
        (PTEN, "0.5", "not informative"),
    ],
)
def test_silence_of_plasma_counts_only_where_a_variant_would_show(rule, tumour_fraction, expected):
    """A clonal variant makes half the tumour fraction: 1 % gives 0.5 %, which is the limit."""
    more = {} if tumour_fraction is None else {"tumour_fraction": tumour_fraction}

    found = state(rule, panel="liquid", is_plasma=True, **more)

    assert expected == found.state


def test_plasma_without_a_limit_denies_nothing():
    """The large panel states no limit."""
    found = state(PIK3CA, is_plasma=True)

    assert found.state is CallState.NOT_INFORMATIVE


def test_a_panel_that_calls_no_rearrangement_cannot_deny_one():
    """A fusion that was found stands all the same."""
    rule = alteration("fused", AlterationForm(genes=("ESR1",), effects=("rearrangement",)))
    fused = variant("ESR1 ESR1::CCDC170", "rearrangement")

    assert state(rule).state is CallState.NOT_COVERED
    assert "rearrangements" in state(rule).because
    assert state(rule, fused).state is CallState.DETECTED
    looked = replace(run("D", "large"), calls_rearrangements=True)
    assert call_of(looked, rule, SETTINGS, is_plasma=False).state is CallState.NOT_DETECTED
