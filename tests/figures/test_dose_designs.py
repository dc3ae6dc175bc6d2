"""Pictures of dose designs: every number in them is one of the design's."""

import re

import pytest

from trialwright.escalation.behaviour import Measure
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.rule_table import RuleRow
from trialwright.figures.attrition import svg
from trialwright.figures.dose_designs import (
    CurvePoint,
    decision_map,
    selection_bars,
    toxicity_curve,
)
from trialwright.figures.dose_paths import level_colour, path_tree, trial_streams

DESIGN = DoseEscalation(Boin(levels=3, target=0.3, max_n=12), ("200 mg", "300 mg", "400 mg"))
TRUTH = Scenario("as hoped", (0.1, 0.3, 0.5))


def words(figure):
    """Give the texts of a picture."""
    return [re.sub("<[^>]*>", "", each) for each in re.findall(r"<text.*?</text>", svg(figure))]


def test_a_decision_map_has_a_field_for_each_tally():
    """Each with its letter."""
    rows = DESIGN.decision_table()

    shown = words(decision_map(rows, "Decisions"))

    for letter in "ESDU":
        assert shown.count(letter) == sum(row.says == letter for row in rows)
    assert "Decisions" in shown


def test_selection_bars_have_the_exact_numbers():
    """Selection with three digits, participants with two, none beside."""
    (found,) = DESIGN.exact_oc([TRUTH])

    shown = words(selection_bars([TRUTH.name], [found], DESIGN.doses, "BOIN"))

    for each in (*found.p_select, found.p_no_mtd):
        assert f"{each.value:.3f}" in shown
    for each in found.expected_n:
        assert f"{each.value:.2f}" in shown
    assert {"as hoped", "none", "200 mg", "0.5"} <= set(shown)


def test_a_tree_shows_results_moves_and_probabilities():
    """0/3 at level 1 with .729, then level 2."""
    nodes = DESIGN.paths(cohorts=1, true_rates=TRUTH.rates)

    shown = words(path_tree(nodes, "Next cohort"))

    assert "1NNN: level 2 next, p = 0.729" in shown
    assert "1TTT: stop, MTD none, p = 0.001" in shown
    assert "now: level 1 next" in shown


def test_a_tree_too_large_to_read_is_not_drawn():
    """256 leaves."""
    with pytest.raises(ValueError, match="leaves"):
        path_tree(DESIGN.paths(cohorts=4), "Too much")


def test_streams_show_the_share_at_each_level():
    """All in the first cohort, .729 at level 2 in the second, and all stopped at the end."""
    shown = words(trial_streams(DESIGN.flows(TRUTH.rates), 3, DESIGN.doses, "Streams"))

    assert shown.count("1.00") >= 1
    assert "0.73" in shown
    assert {"stopped", "200 mg", "300 mg", "400 mg"} <= set(shown)


def test_a_curve_shows_estimates_tallies_and_the_target():
    """A level nobody was treated at has its name alone."""
    points = [
        CurvePoint("200 mg", 0.17, 0.004, 0.64, "1/6"),
        CurvePoint("300 mg", None, None, None),
    ]

    shown = words(toxicity_curve(points, 0.3, "DLT rates"))

    assert {"0.17", "1/6", "target 0.3", "300 mg"} <= set(shown)


def test_pictures_are_the_same_each_time():
    """Nothing of the day or the process."""
    rows = [RuleRow(3, 0, "E"), RuleRow(3, 1, "E/S")]

    assert svg(decision_map(rows, "X")) == svg(decision_map(rows, "X"))


def test_simulated_bars_show_their_errors():
    """Lines of two standard errors; exact ones have none."""
    (exact,) = DESIGN.exact_oc([TRUTH])
    simulated = type(exact)(
        **{
            **{name: getattr(exact, name) for name in exact.__dataclass_fields__},
            "p_select": tuple(Measure(each.value, 0.02) for each in exact.p_select),
        }
    )

    with_errors = svg(selection_bars(["x"], [simulated], DESIGN.doses, "BOIN"))

    assert "LineCollection" in with_errors
    assert "LineCollection" not in svg(selection_bars(["x"], [exact], DESIGN.doses, "BOIN"))


def test_levels_have_colours_of_their_own():
    """Eight levels, and the stop."""
    assert len({level_colour(level) for level in (None, *range(1, 9))}) == 9


def test_a_decision_map_tells_what_its_letters_mean():
    """Only of the letters in it; pale where other levels decide as well."""
    plain = words(decision_map([RuleRow(3, 0, "E"), RuleRow(3, 1, "S")], "Decisions"))
    mixed = words(decision_map([RuleRow(3, 0, "E/S"), RuleRow(6, 0, "stop")], "Decisions"))

    assert "E escalate   S stay" in plain
    assert "E escalate   S stay   stop: no next cohort   pale: other levels decide too" in mixed
