"""Response of circulating tumour DNA: one that is there decides, and silence has a limit."""

from decimal import Decimal

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, variant

from trialwright.biomarkers.molecular_response import (
    CLEARANCE,
    HALVED,
    MolecularRule,
    first_treated,
    molecular_response,
)
from trialwright.terms.errors import Refusal

H1047R = variant("PIK3CA H1047R", reads="100/1000")
D538G = variant("ESR1 D538G", reads="20/1000")


def seen(name, reads):
    """Make a variant with its reads."""
    return variant(name, reads=reads)


def treated(early, *late, panel="liquid", **more):
    """Give somebody's first specimen of treatment; calls of each, None for no run."""
    parts = [material("P1", "cfDNA", "C1D1"), material("P2", "cfDNA", "on treatment")]
    if early is not None:
        parts.append(run("P1", "liquid", *early))
    for each in late:
        parts.append(run("P2", panel, *each, **more))
    return first_treated(record("01", *parts), SETTINGS)


def answers(found):
    """Give the answers of both rules."""
    return [molecular_response(found, rule).answer for rule in (CLEARANCE, HALVED)]


@pytest.mark.parametrize(
    ("late", "cleared", "halved"),
    [
        ([seen("PIK3CA H1047R", "50/1000")], "no", "yes"),  # (50 + 0 to 5) of 120
        ([seen("PIK3CA H1047R", "56/1000")], "no", "not evaluable"),  # 56 to 61 of 120
        ([seen("PIK3CA H1047R", "61/1000")], "no", "no"),  # above 60 whatever ESR1 is
        ([seen("PIK3CA H1047R", "55/1000")], "no", "yes"),  # 60 of 120 at the most
        ([], "yes", "yes"),  # at most 5 + 5 of 120
        ([seen("PIK3CA H1047R", "0/1000"), seen("ESR1 D538G", "0/1000")], "yes", "yes"),
        ([seen("ESR1 Y537S", "300/1000")], "yes", "yes"),  # emergent: not of baseline
    ],
)
def test_what_is_silent_lies_anywhere_up_to_the_limit(late, cleared, halved):
    """Baseline 10 % and 2 %; the limit is 0.5 %."""
    assert answers(treated([H1047R, D538G], late)) == [cleared, halved]


@pytest.mark.parametrize(
    ("late", "more", "why"),
    [
        ([seen("ESR1 D538G", "4/1000")], {}, "below its limit"),
        ([], {"limit": "0.03"}, "limit of 3.00%"),
        ([], {"panel": "small"}, "does not cover ESR1"),
        ([], {"panel": "large"}, "no limit of detection"),
        ([], {"outcome": "failed"}, "no run that passed"),
    ],
)
def test_a_specimen_that_could_not_show_the_variant_clears_nothing(late, more, why):
    """ESR1 D538G was at 2 %: below the limit, above it, not covered, no limit, failed."""
    found = molecular_response(treated([D538G], late, **more), CLEARANCE)

    assert found.answer == "not evaluable"
    assert why in found.because


def test_a_variant_below_the_limit_is_no_more_than_the_limit():
    """4 of 1,000 reads at a limit of 0.5 %, from 2 %: at most a quarter."""
    found = molecular_response(treated([D538G], [seen("ESR1 D538G", "4/1000")]), HALVED)

    assert (found.answer, found.lowest, found.highest) == ("yes", 0, Decimal("0.25"))
    assert "between 0 and 0.25 of it" in found.because


def test_one_that_is_there_decides_though_another_is_open():
    """ESR1 is not covered by the small panel; PIK3CA is there, so nothing is cleared."""
    found = molecular_response(
        treated([H1047R, D538G], [seen("PIK3CA H1047R", "10/1000")], panel="small"), CLEARANCE
    )

    assert (found.answer, found.because) == ("no", "PIK3CA H1047R detected on treatment")


@pytest.mark.parametrize(
    ("early", "late", "why"),
    [
        (None, [[]], "no result of cell-free DNA of C1D1"),
        ([], [[]], "no variant was detected at C1D1"),
        ([seen("PIK3CA H1047R", "4/1000")], [[]], "no variant was detected at C1D1"),
        ([variant("TET2 R882H", reads="100/1000")], [[]], "no variant was detected at C1D1"),
        ([D538G], [], "ESR1 D538G: no run that passed"),
    ],
)
def test_without_a_variant_of_baseline_nothing_can_be_said(early, late, why):
    """No result, nothing found, below the limit, of blood cells, no result of treatment."""
    found = molecular_response(treated(early, *late), CLEARANCE)

    assert (found.answer, found.because) == ("not evaluable", why)


def test_a_fraction_that_is_not_told_is_not_half_of_anything():
    """Detected without reads: not cleared, and no ratio."""
    found = treated([D538G], [variant("ESR1 D538G")])

    assert answers(found) == ["no", "not evaluable"]
    assert "ESR1 D538G is not known" in molecular_response(found, HALVED).because


def blood(*drawn):
    """Give somebody with D538G at C1D1 and several tubes: label, day, calls."""
    parts = [material("P1", "cfDNA", "C1D1"), run("P1", "liquid", D538G)]
    for name, on, calls in drawn:
        day = {"on": on} if on else {}
        parts.append(material(name, "tube", "on treatment", **day))
        parts.append(material(f"{name}-cf", "cfDNA", None, made_of=name))
        parts.append(run(f"{name}-cf", "liquid", *calls))
    return first_treated(record("01", *parts), SETTINGS)


def test_the_first_blood_of_treatment_is_asked():
    """Cleared in March, back in May: the day of the blood decides, and not the order of entry."""
    found = blood(("T2", "2026-05-04", [D538G]), ("T1", "2026-03-09", []))

    assert found.taken.id == "T1"
    assert molecular_response(found, CLEARANCE).answer == "yes"


@pytest.mark.parametrize("days", [("2026-03-09", None), ("2026-03", "2026-03-20")])
def test_where_it_is_open_which_came_first_nothing_is_said(days):
    """One has no day, or its month holds the other's."""
    found = blood(("T1", days[0], []), ("T2", days[1], []))

    assert found.taken is None
    because = molecular_response(found, CLEARANCE).because
    assert because == "which blood of treatment was drawn first is not recorded"


def test_a_rise_is_no_response():
    """A rule allows a fall."""
    with pytest.raises(Refusal):
        MolecularRule("grown", Decimal("1.2"), "nowhere")
