"""Tissue against plasma, and baseline against progression."""

import math

import pytest
from scipy.stats import beta

from trialwright.predictors.agreement import agreement, agreement_of, paired_change
from trialwright.predictors.markers import Cohort, Marker
from trialwright.terms.errors import Refusal


def _marker(family, carriers):
    """Give a marker by ones and noughts; a point is not assayed, an x failed."""
    calls = {"1": "altered", "0": "not altered", ".": "not assayed", "x": "failed"}
    return Marker("ESR1", family, tuple(map(calls.get, carriers)))


def _cohort(size):
    """Give participants of one arm."""
    return Cohort("treated", tuple(f"P{place}" for place in range(size)), ("A",) * size)


def test_capitello_291_agrees_as_reported():
    """207 both, 63 tissue alone, 30 plasma alone, 257 neither: 76.7 % and 83.3 %."""
    found = agreement_of(207, 63, 30, 257, names=("tissue", "plasma"))

    assert str(found.positive).startswith("positive percent agreement 207/270 = 76.7 % (")
    assert str(found.overall).startswith("overall percent agreement 464/557 = 83.3 % (")
    assert (found.negative.agreeing, found.negative.of) == (257, 287)
    assert found.positive.lower == pytest.approx(beta.ppf(0.025, 207, 64), rel=1e-9)
    assert found.positive.upper == pytest.approx(beta.ppf(0.975, 208, 63), rel=1e-9)
    assert "plasma against tissue" in found.because
    low, high = (100 * each for each in (found.positive.lower, found.positive.upper))
    assert str(found.positive).endswith(f"76.7 % ({low:.1f} % to {high:.1f} %)")


def test_a_share_of_nobody_is_not_estimable():
    """No altered participant by the reference: no positive agreement, and no limits."""
    found = agreement_of(0, 0, 3, 7)

    assert str(found.positive) == "positive percent agreement not estimable, of nobody"
    assert (found.positive.lower, found.positive.upper) == (None, None)


def test_agreement_is_said_in_one_sentence_with_its_level():
    """All three shares by name, kappa or that there is none, and the level of the limits."""
    found = agreement_of(0, 0, 0, 9, names=("tissue", "plasma"), conf_level=0.9)

    assert found.conf_level == 0.9
    assert (
        "positive percent agreement not estimable, of nobody; negative percent agreement 9/9"
        in (found.because)
    )
    assert "; kappa not estimable" in found.because
    assert "; 90 % limits, of shares" in found.because


def test_negative_counts_are_refused_in_whole():
    """Where, what, what is allowed, and what to do."""
    with pytest.raises(Refusal) as refused:
        agreement_of(1, -2, 3, 4)

    (fault,) = refused.value.faults
    assert (fault.where, fault.found) == ("counts", "(1, -2, 3, 4)")
    assert (fault.allowed, fault.do) == ("0 or more each", "Correct the counts")


def test_the_level_of_the_limits_is_handed_on():
    """Of markers as of counts: limits of 80 % lie within those of 95 %."""
    both = _marker("tissue", "1110001010"), _marker("cfDNA", "1010001011")

    narrow = agreement(*both, _cohort(10), conf_level=0.8)
    wide = agreement(*both, _cohort(10))

    assert (narrow.conf_level, wide.conf_level) == (0.8, 0.95)
    assert wide.overall.lower < narrow.overall.lower < narrow.overall.upper < wide.overall.upper


def test_kappa_and_its_error_by_the_delta_method():
    """A second implementation: kappa of the shares, differentiated cell by cell."""
    counts = (20, 5, 10, 15)

    def kappa(shares):
        """Give kappa of four shares."""
        a, b, c, d = shares
        chance = (a + b) * (a + c) + (c + d) * (b + d)
        return (a + d - chance) / (1 - chance)

    shares = [each / 50 for each in counts]
    slope = []
    for place in range(4):
        up, down = list(shares), list(shares)
        up[place] += 1e-6
        down[place] -= 1e-6
        slope.append((kappa(up) - kappa(down)) / 2e-6)
    mean = sum(s * p for s, p in zip(slope, shares, strict=True))
    variance = sum(p * (s - mean) ** 2 for s, p in zip(slope, shares, strict=True)) / 50

    found = agreement_of(*counts)

    assert found.kappa == pytest.approx(0.4, abs=1e-12)
    assert found.kappa_lower == pytest.approx(0.4 - 1.959964 * math.sqrt(variance), abs=1e-6)
    assert found.kappa_upper == pytest.approx(0.4 + 1.959964 * math.sqrt(variance), abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [((10, 0, 0, 0), None), ((0, 0, 0, 7), None), ((0, 0, 0, 0), None), ((5, 0, 0, 5), 1.0)],
)
def test_assays_that_say_one_thing_have_no_kappa(counts, kappa):
    """Chance alone would agree everywhere; a share of nobody is not estimable either."""
    found = agreement_of(*counts)

    assert found.kappa == kappa
    assert ("kappa not estimable" in found.because) == (kappa is None)
    assert (found.positive.estimate is None) == (counts[0] + counts[1] == 0)
    assert ("positive percent agreement not estimable, of nobody" in found.because) == (
        counts[0] + counts[1] == 0
    )


def test_only_who_is_assayed_by_both_is_compared():
    """Tissue is the reference; a failed plasma assay is no negative one."""
    tissue, plasma = _marker("tissue DNA", "1100.1"), _marker("cell-free DNA", "10011x")

    found = agreement(tissue, plasma, _cohort(6))

    cells = (found.both, found.reference_only, found.compared_only, found.neither)
    assert cells == (1, 1, 1, 1)
    assert found.excluded == {"P4": "tissue DNA not assayed", "P5": "cell-free DNA failed"}
    assert "ESR1 (cell-free DNA) against ESR1 (tissue DNA)" in found.because
    assert "left out: 1 cell-free DNA failed, 1 tissue DNA not assayed" in found.because


def test_who_is_left_out_is_said_by_how_many():
    """Most people first, then by their reason."""
    tissue, plasma = _marker("tissue DNA", "1..1"), _marker("cell-free DNA", "111x")

    found = agreement(tissue, plasma, _cohort(4))

    said = "left out: 2 tissue DNA not assayed, 1 cell-free DNA failed"
    assert said in found.because


def test_six_gained_and_none_lost_is_two_to_the_minus_five():
    """ESR1 after endocrine therapy, 25 pairs: emergent 6, lost 0, both 1: exact p = 0.031."""
    before = _marker("primary", "000000" + "1" + "0" * 18)
    after = _marker("metastasis", "111111" + "1" + "0" * 18)

    found = paired_change(before, after, _cohort(25))

    assert (found.emergent, found.lost, found.persistent, found.never) == (6, 0, 1, 18)
    assert found.p == pytest.approx(2**-5)
    assert found.floor == found.p
    assert "exact McNemar p = 0.03125" in found.because


def test_losses_and_gains_are_told_apart():
    """One gained, three lost: p = 10 / 16, and the floor is 2 / 16."""
    found = paired_change(_marker("baseline", "0111000."), _marker("progression", "10000001"),
                          _cohort(8))  # fmt: skip

    assert (found.emergent, found.lost, found.persistent, found.never) == (1, 3, 0, 3)
    assert found.p == pytest.approx(10 / 16)
    assert found.floor == pytest.approx(2 / 16)
    assert found.excluded == {"P7": "baseline not assayed"}


def test_without_a_change_nothing_is_tested():
    """Neither p nor floor is below 1."""
    found = paired_change(_marker("baseline", "10"), _marker("progression", "10"), _cohort(2))

    assert (found.p, found.floor) == (1, 1)


def test_counts_below_nought_and_other_lengths_are_refused():
    """Each says where."""
    with pytest.raises(Refusal, match="counts"):
        agreement_of(1, -1, 0, 0)
    with pytest.raises(Refusal, match="calls"):
        agreement(_marker("tissue", "10"), _marker("plasma", "101"), _cohort(2))
