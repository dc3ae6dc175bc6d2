"""What biomarkers say, whole: calls, statuses, changes and responses, each with its reason."""

from decimal import Decimal

import pytest
from tests.biomarkers.made import (
    E17K,
    ER_ONE_PERCENT,
    PIK3CA,
    PTEN,
    PTEN_HALF,
    PTEN_TEN,
    SETTINGS,
    TET2,
    material,
    record,
    run,
    stain,
    status_rule,
    variant,
)

from trialwright.biomarkers.calls import call_of, limit_of, uncovered
from trialwright.biomarkers.changes import changes_of
from trialwright.biomarkers.molecular_response import (
    CLEARANCE,
    HALVED,
    MolecularRule,
    first_treated,
    molecular_response,
)
from trialwright.biomarkers.statuses import status_of
from trialwright.casebook.stains import Span, Stain
from trialwright.terms.errors import Fault, Refusal

H1047R = variant("PIK3CA H1047R", reads="100/1000")
D538G = variant("ESR1 D538G", reads="20/1000")
PLASMA = {"panel": "liquid", "is_plasma": True}


def _call(rule, *calls, panel="large", is_plasma=False, **more):
    """Give what a run on DNA says."""
    return call_of(run("DNA", panel, *calls, **more), rule, SETTINGS, is_plasma=is_plasma)


@pytest.mark.parametrize(
    ("rule", "ask", "state", "because"),
    [
        (PIK3CA, lambda: _call(PIK3CA, outcome="failed"), "failed", "the run failed"),
        (PIK3CA, lambda: _call(PIK3CA, H1047R), "detected", "PIK3CA H1047R in 100 of 1000 reads"),
        (PIK3CA, lambda: _call(PIK3CA, variant("PIK3CA H1047R")), "detected", "PIK3CA H1047R"),
        (
            PIK3CA,
            lambda: _call(PIK3CA, variant("PIK3CA H1047R", reads="49/10000"), **PLASMA),
            "below limit",
            "PIK3CA H1047R in 49 of 10000 reads, below the limit of 0.50%",
        ),
        (
            PTEN,
            lambda: _call(PTEN, variant("PTEN R130*", "nonsense", origin="germline")),
            "germline",
            "PTEN R130*, of the germline",
        ),
        (
            TET2,
            lambda: _call(
                TET2, variant("TET2 R550*", "nonsense", origin="suspected clonal haematopoiesis")
            ),
            "suspected clonal haematopoiesis",
            "TET2 R550*, suspected by the laboratory",
        ),
        (
            TET2,
            lambda: _call(TET2, variant("TET2 R550*", "nonsense"), **PLASMA),
            "suspected clonal haematopoiesis",
            "TET2 R550*, in plasma without white blood cells sequenced beside it",
        ),
        (PIK3CA, lambda: _call(PIK3CA, panel=""), "not covered", "the panel is not recorded"),
        (
            PIK3CA,
            lambda: _call(PIK3CA, panel="unheard-of"),
            "not covered",
            "panel unheard-of, which the protocol does not describe",
        ),
        (
            E17K,
            lambda: _call(E17K, panel="small"),
            "not covered",
            "panel small does not cover AKT1",
        ),
        (
            PTEN,
            lambda: _call(PTEN, panel="small"),
            "not covered",
            "panel small does not cover copy number",
        ),
        (PIK3CA, lambda: _call(PIK3CA), "not detected", "no PIK3CA alteration, limit not recorded"),
        (
            PIK3CA,
            lambda: _call(PIK3CA, limit="0.05"),
            "not detected",
            "no PIK3CA alteration, limit 5.00%",
        ),
        (
            PIK3CA,
            lambda: _call(PIK3CA, **PLASMA),
            "not detected",
            "no PIK3CA alteration, limit 0.50%",
        ),
        (
            PTEN,
            lambda: _call(PTEN, tumour_fraction="0.5", **PLASMA),
            "not informative",
            "no PTEN alteration, limit 0.50%: plasma alone does not show its absence",
        ),
        (
            PIK3CA,
            lambda: _call(PIK3CA, is_plasma=True),
            "not informative",
            "no PIK3CA alteration, and no limit of detection is recorded",
        ),
        (
            PIK3CA,
            lambda: _call(PIK3CA, tumour_fraction="0.0099", **PLASMA),
            "not informative",
            "no PIK3CA alteration, limit 0.50%, but a tumour fraction of 0.99% would not show one",
        ),
    ],
)
def test_a_call_is_told_with_its_reads_and_limits(rule, ask, state, because):
    """Each state with its reason, its rule and its run."""
    found = ask()

    assert (found.state, found.because) == (state, f"{because} ({rule.id}, run run-DNA)")
    assert (found.run, found.material) == ("run-DNA", "DNA")


def test_what_a_panel_lacks_is_listed():
    """Genes, then copies; a run that counted copies itself goes before its panel."""
    small, large = SETTINGS.panel("small"), SETTINGS.panel("large")

    assert uncovered(run("D", "small"), small, PTEN) == ("copy number",)
    assert uncovered(run("D", "small"), small, TET2) == ("TET2",)
    assert uncovered(run("D", "large"), large, PTEN) == ()
    assert limit_of(run("D", "liquid"), SETTINGS.panel("liquid")) == Decimal("0.005")
    assert limit_of(run("D", ""), None) is None
    assert limit_of(run("D", "", limit="0.01"), None) == Decimal("0.01")


@pytest.mark.parametrize(
    ("seen", "rule", "status", "because"),
    [
        (stain("ER", "70"), ER_ONE_PERCENT, "positive", "ER percent stained 70: 1 or more"),
        (stain("ER", "0.9"), ER_ONE_PERCENT, "negative", "ER percent stained 0.9: 1 not reached"),
        (
            stain("ER", "0-1"), ER_ONE_PERCENT, "unknown",
            "ER percent stained 0-1, on both sides of 1",
        ),
        (stain("ER"), ER_ONE_PERCENT, "unknown", "ER: percent stained is not told"),
        (stain("ER", outcome="not done"), ER_ONE_PERCENT, "unknown", "ER: not done"),
        (stain("PTEN", "30"), PTEN_HALF, "lost", "PTEN percent unstained 70: 50 or more"),
        (
            stain("PTEN", "40-60"), PTEN_HALF, "unknown",
            "PTEN percent unstained 40-60, on both sides of 50",
        ),
        (stain("PTEN", "5"), PTEN_TEN, "lost", "PTEN percent stained 5: 10 not reached"),
        (
            stain("ER", parts="20/30/10"), status_rule("h", "ER", "H-score", "110"), "positive",
            "ER H-score 110: 110 or more",
        ),
        (
            stain("ER", "11", intensity="moderate"), status_rule("a", "ER", "Allred", "3"),
            "positive", "ER Allred 5: 3 or more",
        ),
        (
            stain("ER", "50"), status_rule("h", "ER", "H-score", "110"), "unknown",
            "ER: H-score is not told",
        ),
        (
            stain("ER", "50"), status_rule("a", "ER", "Allred", "3"), "unknown",
            "ER: Allred is not told",
        ),
        (
            stain("ER", "0-0.5", intensity="weak"), status_rule("a", "ER", "Allred", "3"),
            "unknown", "ER: Allred is not told",
        ),
        (
            stain("HER2", score=(2, 2)), status_rule("g", "HER2", "HER2 2013"), "equivocal",
            "HER2 IHC 2+, no ISH",
        ),
        (
            stain("HER2", ish=("2.2", None)), status_rule("g", "HER2", "HER2 2018"), "unknown",
            "HER2 IHC without a score, ISH ratio 2.2, copies not told",
        ),
        (
            stain("HER2", score=(1, 2), ish=(None, "5.9")), status_rule("g", "HER2", "HER2 2018"),
            "unknown",
            "HER2 IHC 1-2+, ISH without a ratio, 5.9 copies: equivocal or negative, by the score "
            "it is",
        ),
    ],
)  # fmt: skip
def test_a_status_is_told_with_its_reading_and_its_rule(seen, rule, status, because):
    """The value, the cut and the side; of HER2 both tests."""
    found = status_of(seen, rule)

    assert (found.status, found.because, found.rule) == (status, f"{because} ({rule.id})", rule.id)


def test_a_score_of_another_laboratory_is_told_and_not_counted():
    """Outside 3+, inside 1+: negative."""
    base = stain("HER2", score=(1, 1))
    seen = Stain("slide", "HER2", "read", None, base.source, score=base.score,
                 outside_score=Span.exactly(Decimal(3)))  # fmt: skip

    found = status_of(seen, status_rule("g", "HER2", "HER2 2013"))

    assert (found.status, found.because) == (
        "negative", "HER2 IHC 1+, another laboratory 3+, not counted, no ISH (g)")  # fmt: skip


@pytest.mark.parametrize(
    ("stained", "status"),
    [
        (Span(Decimal(50), Decimal(80), is_above_low=True), "retained"),
        (Span(Decimal(50), Decimal(80)), "unknown"),
        (Span(Decimal(20), Decimal(50), is_below_high=True), "lost"),
    ],
)
def test_open_ends_change_sides_for_what_is_not_stained(stained, status):
    """More than 50 % stained is less than 50 % unstained."""
    seen = Stain("slide", "PTEN", "read", None, stain("PTEN").source, percent=stained)

    assert status_of(seen, PTEN_HALF).status == status


@pytest.mark.parametrize(
    ("ratio", "copies", "by_2013"),
    [
        ("2.00", "1", "positive"),
        ("1.99", "6.0", "positive"),
        ("1.99", "5.99", "equivocal"),
        ("1.99", "4.0", "equivocal"),
        ("1.99", "3.99", "negative"),
        (None, "6.0", "positive"),
        (None, "4.0", "equivocal"),
        (None, "3.99", "negative"),
    ],
)
def test_the_cuts_of_in_situ_hybridisation_in_2013(ratio, copies, by_2013):
    """A ratio of 2.0, or 6.0 copies, is positive; from 4.0 copies on it is equivocal."""
    seen = stain("HER2", ish=(ratio, copies))

    assert status_of(seen, status_rule("g", "HER2", "HER2 2013")).status == by_2013


@pytest.mark.parametrize(
    ("score", "ratio", "copies", "by_2018"),
    [
        (1, "2.0", "4.0", "positive"),
        (2, "2.0", "3.99", "negative"),
        (2, "1.99", "6.0", "positive"),
        (2, "1.99", "5.99", "negative"),
        (2, "1.99", "4.0", "negative"),
        (2, "1.99", "3.99", "negative"),
        (1, "1.99", "6.0", "negative"),
        (2, None, "9", "equivocal"),
        (1, "2.0", None, "unknown"),
    ],
)
def test_the_groups_of_2018(score, ratio, copies, by_2018):
    """Each end belongs to the higher group; without a ratio the score decides."""
    seen = stain("HER2", score=(score, score), ish=(ratio, copies))

    assert status_of(seen, status_rule("g", "HER2", "HER2 2018")).status == by_2018


def _plasma(early, late, **more):
    """Give the one change between C1D1 and progression."""
    parts = [material("P1", "cfDNA", "C1D1"), material("P2", "cfDNA", "progression")]
    parts += [run("P1", "liquid", *early), run("P2", more.pop("panel", "liquid"), *late, **more)]
    (found,) = changes_of(record("01", *parts), SETTINGS, "cfDNA", "C1D1", "progression")
    return found


def test_a_change_is_told_with_both_readings():
    """Participant, gene and variant; reads, fraction and limit of each time point."""
    found = _plasma([D538G], [])

    assert (found.participant, found.gene, found.variant, found.state) == (
        "01", "ESR1", "ESR1 D538G", "lost")  # fmt: skip
    before, after = found.before, found.after
    assert (before.is_detected, before.alt_reads, before.ref_reads, before.because) == (
        True, 20, 980, "run run-P1")  # fmt: skip
    assert (before.fraction, before.limit) == (Decimal("0.02"), Decimal("0.005"))
    assert (after.is_detected, after.alt_reads, after.ref_reads, after.because) == (
        False, None, None, "run run-P2 covers ESR1")  # fmt: skip
    assert (after.fraction, after.limit) == (None, Decimal("0.005"))


@pytest.mark.parametrize(
    ("late", "more", "because"),
    [
        ([], {"outcome": "failed"}, "no run that passed"),
        ([], {"panel": ""}, "run run-P2: its panel is not described"),
        ([], {"panel": "small"}, "run run-P2: panel small does not cover ESR1"),
        ([], {"panel": "large"}, "run run-P2: no limit of detection is recorded"),
        (
            [], {"limit": "0.03"},
            "run run-P2: its limit of 3.00% is above the fraction seen at the other time point",
        ),
        ([variant("ESR1 D538G", reads="4/1000")], {}, "run run-P2, below its limit"),
    ],
)  # fmt: skip
def test_a_time_point_that_shows_nothing_says_why(late, more, because):
    """Each reason by its run."""
    found = _plasma([D538G], late, **more)

    assert (found.state, found.after.because) == ("undetermined", because)


def test_every_run_of_a_time_point_says_why_it_shows_nothing():
    """Two runs, two reasons."""
    parts = (
        material("P1", "cfDNA", "C1D1"), material("P2", "cfDNA", "progression"),
        run("P1", "liquid", D538G), run("P2", "small", id="one"), run("P2", "", id="two"),
    )  # fmt: skip

    (found,) = changes_of(record("01", *parts), SETTINGS, "cfDNA", "C1D1", "progression")

    assert found.after.because == (
        "run one: panel small does not cover ESR1; run two: its panel is not described"
    )


def test_copies_are_lost_only_where_they_were_counted():
    """A deep deletion, and a panel that counts no copies."""
    parts = (
        material("D1"), material("D2", when="progression"),
        run("D1", "large", variant("PTEN", "deep deletion")), run("D2", "small"),
    )  # fmt: skip

    (found,) = changes_of(record("01", *parts), SETTINGS, "tissue DNA", "archival", "progression")

    assert found.after.because == "run run-D2: copies were not counted"


def _treated(early, late, **more):
    """Give the first specimen of treatment of somebody."""
    parts = [material("P1", "cfDNA", "C1D1"), material("P2", "cfDNA", "on treatment")]
    parts += [run("P1", "liquid", *early), run("P2", "liquid", *late, **more)]
    return first_treated(record("01", *parts), SETTINGS)


@pytest.mark.parametrize(
    ("seen", "rule", "answer", "because", "ends"),
    [
        (
            lambda: _treated([H1047R, D538G], []),
            CLEARANCE,
            "yes",
            "none of 2 variants of C1D1 detected on treatment, limit 0.50%",
            (None, None),
        ),
        (
            lambda: _treated([H1047R, D538G], [D538G, variant("PIK3CA H1047R", reads="9/1000")]),
            CLEARANCE,
            "no",
            "PIK3CA H1047R, ESR1 D538G detected on treatment",
            (None, None),
        ),
        (
            lambda: _treated([H1047R, D538G], [], limit="0.03"),
            CLEARANCE,
            "not evaluable",
            "ESR1 D538G: run run-P2: its limit of 3.00% is above the fraction seen at the other "
            "time point",
            (None, None),
        ),
        (
            lambda: _treated([D538G], [variant("ESR1 D538G", reads="4/1000")]),
            CLEARANCE,
            "not evaluable",
            "ESR1 D538G: run run-P2, below its limit",
            (None, None),
        ),
        (
            lambda: _treated([H1047R], [variant("PIK3CA H1047R", reads="50/1000")]),
            HALVED,
            "yes",
            "mean fraction of 1 of 1 variants of C1D1: 0.5 of it",
            (Decimal("0.5"), Decimal("0.5")),
        ),
        (
            lambda: _treated([H1047R, D538G], [variant("PIK3CA H1047R", reads="56/1000")]),
            HALVED,
            "not evaluable",
            "mean fraction of 2 of 2 variants of C1D1: between 0.467 and 0.508 of it; silent "
            "variants may lie anywhere up to the limit",
            (Decimal("0.056") / Decimal("0.12"), Decimal("0.061") / Decimal("0.12")),
        ),
        (
            lambda: _treated(
                [variant("ESR1 D538G"), H1047R], [variant("PIK3CA H1047R", reads="9/1000")]
            ),
            HALVED,
            "yes",
            "mean fraction of 1 of 2 variants of C1D1: 0.09 of it",
            (Decimal("0.09"), Decimal("0.09")),
        ),
        (
            lambda: _treated([variant("ESR1 D538G")], []),
            HALVED,
            "not evaluable",
            "no fraction is told at C1D1",
            (None, None),
        ),
        (
            lambda: _treated([D538G, H1047R], [variant("ESR1 D538G"), variant("PIK3CA H1047R")]),
            HALVED,
            "not evaluable",
            "the fraction of ESR1 D538G, PIK3CA H1047R is not known on treatment",
            (None, None),
        ),
    ],
)
def test_a_molecular_response_is_told_with_its_bounds(seen, rule, answer, because, ends):
    """Which variants decide, the ratio or its bounds, and what leaves it open."""
    told = molecular_response(seen(), rule)

    assert (told.answer, told.because, told.rule) == (answer, because, rule)
    assert (told.lowest, told.highest) == ends


def test_a_first_specimen_is_told_with_what_it_is():
    """The blood itself, and whether baseline has a result; without any, why."""
    found = _treated([D538G], [])
    none = first_treated(record("01", material("P1", "cfDNA", "C1D1")), SETTINGS)

    assert (found.participant, found.taken.id, found.why_none, found.has_baseline) == (
        "01", "P2", "", True)  # fmt: skip
    assert [each.variant for each in found.detected] == ["ESR1 D538G"]
    assert (none.taken, none.why_none, none.has_baseline) == (
        None, "no blood of treatment is recorded", False)  # fmt: skip


@pytest.mark.parametrize(("most", "is_fall"), [("0", True), ("1", True), ("1.01", False)])
def test_a_rule_of_response_is_a_fall_or_no_rise(most, is_fall):
    """From 0 to 1, both among them; what is none is refused with what to do."""
    if is_fall:
        assert MolecularRule("r", Decimal(most), "r").most == Decimal(most)
        return
    with pytest.raises(Refusal) as refused:
        MolecularRule("r", Decimal(most), "r")

    assert list(refused.value.faults) == [
        Fault("rule.most", most, "from 0 to 1", "Give half as 0.5")
    ]
