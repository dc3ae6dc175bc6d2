"""The rules of the shipped protocol: what each takes, by hand."""

import pytest
from tests.biomarkers.made import run, variant

from trialwright.assembly.protocols import load
from trialwright.biomarkers.calls import is_altered_by, uncovered
from trialwright.biomarkers.tabulating import prespecified


@pytest.fixture(scope="module")
def settings():
    """Give the biomarkers of the first protocol."""
    return load("nct03959891").study.biomarkers


@pytest.mark.parametrize(
    ("rule", "altered", "not_altered"),
    [
        ("pik3ca-hotspot", [variant("PIK3CA H1047R")], [variant("PIK3CA I391M")]),
        ("akt1-e17k", [variant("AKT1 E17K")], [variant("AKT1 E17Q")]),
        (
            "pten-loss-of-function",
            [variant("PTEN R130*", "nonsense"), variant("PTEN", "deep deletion")],
            [variant("PTEN R130Q"), variant("PTEN", "loss")],
        ),
        (
            "akt-pathway",
            [variant("PIK3CA E545K"), variant("AKT1 E17K"), variant("PTEN", "deep deletion")],
            [variant("AKT2 E17K"), variant("PTEN", "amplification")],
        ),
        ("esr1-ligand-binding", [variant("ESR1 Y537S")], [variant("ESR1 K303R")]),
        ("rb1-loss-of-function", [variant("RB1", "deep deletion")], [variant("RB1 R661W")]),
        ("rb1-truncated", [variant("RB1 R320*", "nonsense")], [variant("RB1", "deep deletion")]),
        ("ccnd1-amplified", [variant("CCND1", "amplification")], [variant("CCND1", "gain")]),
        (
            "fgfr-altered",
            [variant("FGFR1", "amplification"), variant("FGFR3 S249C")],
            [variant("FGFR3", "amplification")],
        ),
        ("erbb2-mutated", [variant("ERBB2 L755S")], [variant("ERBB2", "amplification")]),
        (
            "kras-hotspot",
            [variant("KRAS G12D"), variant("KRAS G13D"), variant("KRAS A146T")],
            [variant("KRAS A59T"), variant("KRAS K117N"), variant("KRAS V14I")],
        ),
        ("nf1-loss-of-function", [variant("NF1 R1276*", "nonsense")], [variant("NF1 R1276Q")]),
        ("tsc-loss-of-function", [variant("TSC2", "deep deletion")], [variant("TSC1 H732Y")]),
        ("mtor-mutated", [variant("MTOR S2215Y")], [variant("MTOR", "gain")]),
    ],
)
def test_each_rule_takes_what_it_says(settings, rule, altered, not_altered):
    """One variant or more on each side."""
    named = settings.alteration(rule)

    assert all(is_altered_by(each, named) for each in altered)
    assert not any(is_altered_by(each, named) for each in not_altered)


def test_every_prespecified_marker_can_be_told_by_a_panel_of_its_assay(settings):
    """A marker that no panel covers would never have a denominator."""
    panels = {"tissue DNA": settings.panel("tissue-panel"), "cfDNA": settings.panel("plasma-panel")}

    for asked in prespecified(settings):
        if asked.marker.family != "IHC":
            panel = panels[asked.marker.family]
            assert uncovered(run("D", panel.id), panel, asked.rule) == ()


def test_no_prespecified_marker_of_plasma_is_silent_there(settings):
    """One whose absence plasma cannot tell would be altered or undetermined, never not altered."""
    asked = [each for each in prespecified(settings) if each.marker.family == "cfDNA"]

    assert asked
    assert not any(each.rule.silent_in_plasma for each in asked)
