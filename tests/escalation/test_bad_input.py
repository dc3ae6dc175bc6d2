"""Bad input is refused, naming the field and, where it is about one, the participant."""

import numpy as np
import pytest

from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.exact import operating_characteristics, walk
from trialwright.escalation.observed import observed
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Refusal

WINDOW = 28
BOIN = Boin(levels=3, target=0.3, max_n=24)
TRUTH = Scenario("truth", (0.1, 0.3, 0.5))


def one(**settings):
    """Give a participant followed through the window without a DLT, but for what is said."""
    usual = {"participant": "01-007", "cohort": 1, "level": 1, "standing": "evaluable",
             "has_dlt": False}  # fmt: skip
    return Treated(**{**usual, **settings})


PARTICIPANTS = [
    ({"level": 0}, "level", "dose level 0. Allowed: 1-3"),
    ({"level": 1.7}, "level", "dose level 1.7. Allowed: 1-3"),
    ({"level": 4}, "level", "dose level 4. Allowed: 1-3"),
    ({"level": True}, "level", "dose level True. Allowed: 1-3"),
    ({"has_dlt": 2}, "has_dlt", "2. Allowed: true or false"),
    ({"has_dlt": -1}, "has_dlt", "-1. Allowed: true or false"),
    ({"has_dlt": None}, "has_dlt", "None. Allowed: true or false"),
    ({"cohort": 0}, "cohort", "0. Allowed: a whole number from 1"),
    ({"standing": "fine"}, "standing", "'fine'. Allowed: evaluable, pending, replaced"),
    ({"standing": "pending", "has_dlt": True}, "standing", "pending, with a DLT"),
    ({"standing": "replaced", "has_dlt": True}, "standing", "replaced, with a DLT"),
    ({"standing": "not evaluable", "has_dlt": True}, "standing", "not evaluable, with a DLT"),
    ({"followed": 12}, "standing", "evaluable without a DLT after 12 of 28 days"),
    ({"standing": "pending", "followed": 28}, "standing", "pending after all 28 days"),
    (
        {"has_dlt": True, "dlt_day": 29},
        "dlt_day",
        "day 29, after the DLT window. Allowed: day 1-28",
    ),
    ({"has_dlt": True, "dlt_day": 0}, "dlt_day", "day 0. Allowed: a whole number from 1"),
    ({"has_dlt": True, "dlt_day": 2.5}, "dlt_day", "day 2.5. Allowed: a whole number from 1"),
    ({"dlt_day": 3}, "dlt_day", "day 3, without a DLT. Allowed: no day"),
    (
        {"standing": "pending", "followed": -1},
        "followed",
        "-1 days. Allowed: a whole number from 0",
    ),
    ({"followed": 30}, "followed", "30 days. Allowed: 0-28"),
    ({"given": 2}, "given", "dose level 2, assigned 1. Allowed: the dose level assigned"),
    ({"given": 9, "deviation": "pharmacy error"}, "given", "dose level 9. Allowed: 1-3"),
]


@pytest.mark.parametrize(("settings", "field", "says"), PARTICIPANTS)
def test_what_is_wrong_with_a_participant_is_named_by_participant_and_field(settings, field, says):
    """One row of the list each; nothing else is said."""
    with pytest.raises(Refusal) as refusal:
        observed([one(**settings)], 3, 1, WINDOW)

    (fault,) = refusal.value.faults
    assert fault.where == f"01-007, {field}"
    assert says in str(fault)


def test_everything_wrong_with_everybody_is_told_at_once():
    """Each fault of each participant, and who is listed twice."""
    wrong = [one(level=9, dlt_day=3), one(participant="01-008", followed=-2), one()]

    with pytest.raises(Refusal) as refusal:
        observed(wrong, 3, 1, WINDOW)

    assert [fault.where for fault in refusal.value.faults] == [
        "01-007, participant",
        "01-007, level",
        "01-007, dlt_day",
        "01-008, followed",
    ]


def test_one_cohort_stands_at_one_level():
    """Participants of one cohort were assigned together."""
    with pytest.raises(Refusal, match="cohort 1: assigned to dose levels 1, 2"):
        observed([one(), one(participant="01-008", level=2)], 3, 1, WINDOW)


SETTINGS = [
    (lambda: Boin(levels=3, target=25, max_n=24), "target", "did you mean 0.25?"),
    (lambda: Boin(levels=3, target=1.5, max_n=24), "target", "target is a probability"),
    (lambda: Crm(levels=2, target=0.3, max_n=9, skeleton=(0.4, 0.3)), "skeleton.1",
     "0.3 after 0.4"),
    (lambda: Crm(levels=2, target=0.3, max_n=9, skeleton=(0.2, 1.2)), "skeleton.1", "1.2"),
    (lambda: Crm(levels=3, target=0.3, max_n=9, skeleton=(0.2, 0.3)), "skeleton",
     "2 prior guesses"),
    (lambda: skeleton_around(0.05, 0.3, 7, 5), "prior_mtd", "dose level 7"),
    (lambda: skeleton_around(0.3, 0.3, 3, 5), "halfwidth", "0.3"),
    (lambda: LevelCount(3, 0.5), "dlts", "0.5 of type float"),
    (lambda: LevelCount(2, 3), "dlts", "3 DLTs in 2 evaluable participants"),
    (lambda: LevelCount(3, -1), "dlts", "-1"),
    (lambda: ThreePlusThree(3, "six-at-mtd").next_dose([LevelCount(3, 0)], 1), "seen", "1 dose"),
    (lambda: operating_characteristics(ThreePlusThree(2, "six-at-mtd"), [0.1, 1.4]),
     "true_rates, dose level 2", "1.4"),
    (lambda: operating_characteristics(ThreePlusThree(2, "six-at-mtd"), [-0.1, 0.4]),
     "true_rates, dose level 1", "-0.1"),
    (lambda: operating_characteristics(ThreePlusThree(2, "six-at-mtd"), [0.1]), "true_rates",
     "1 rate"),
    (lambda: observed("0NNN", 3, 1), "position 1", "dose level 0"),
    (lambda: observed("4NNN", 3, 1), "position 1", "dose level 4"),
    (lambda: observed("1NXN", 3, 1), "position 3", "'X'"),
    (lambda: observed("1NNN 0.5/3", 3, 1), "position 6", "the tally '0.5/3'"),
    (lambda: observed("4/3", 3, 1), "position 1", "the tally '4/3'"),
    (lambda: observed([3, 0, 0], 3, 1), "data", "a value of type list"),
    (lambda: observed([(3, 0), (3, 1)], 3, 1), "data", "counts as Observed(seen, at)"),
    (lambda: observed([one(), "01-008"], 3, 1), "data", "a value of type list"),
    (lambda: observed({1: (3, 0)}, 3, 1), "data", "a value of type dict"),
    (lambda: observed(3, 3, 1), "data", "a value of type int"),
    (lambda: DoseEscalation(BOIN, window_days=0), "window_days", "0"),
    (lambda: DoseEscalation(BOIN, window_days=2.5), "window_days", "2.5"),
    (lambda: DoseEscalation(BOIN).exact_oc([(0.1, 0.3, 0.5)]), "scenarios",
     "Scenario(name, rates)"),
    (lambda: DoseEscalation(BOIN).exact_oc(TRUTH), "scenarios", "a list of Scenario"),
    (lambda: DoseEscalation(BOIN).simulate([TRUTH], 10, np.random.default_rng(1)), "random",
     "a generator"),
    (lambda: CrmModel((0.1, 0.3), 0.3).mle(np.array([3, 0]), np.array([0, 0])), "dlts",
     "nobody had a DLT"),
    (lambda: CrmModel((0.1, 0.3), 0.3).mle(np.array([3, 0]), np.array([3, 0])), "dlts",
     "everybody had a DLT"),
    (lambda: DoseEscalation(BOIN).decide("1NNN 2TTT").overridden(2, "why", "committee"), "level",
     "dose level 2. Allowed: 1"),
    (lambda: DoseEscalation(BOIN).decide("1NNN").overridden(1, " ", "committee"), "reason",
     "nothing"),
    (lambda: DoseEscalation(BOIN).decide("1NNN").overridden(1, "why", ""), "role", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "where", "says"), SETTINGS)
def test_what_is_wrong_with_settings_and_scenarios_is_named_by_its_field(ask, where, says):
    """Designs, skeletons, counts, scenarios and the notation."""
    with pytest.raises(Refusal) as refusal:
        ask()

    assert where in [fault.where for fault in refusal.value.faults]
    assert says in str(refusal.value)


@pytest.mark.parametrize("outcomes", ["3NNN", "1NN 2NNN", "1NNN 3NNN", "1NNT 2NNN", "1NNNNNNN"])
def test_3_plus_3_off_its_protocol_is_refused(outcomes):
    """Levels skipped, two in a cohort, a level not cleared, seven at a level."""
    data = observed(outcomes, 3, 1)

    with pytest.raises(Refusal, match=r"dose level [123]"):
        ThreePlusThree(3, "six-at-mtd").next_dose(data.seen, data.at)


def test_a_high_target_with_extra_safety_has_its_table():
    """Where the R package BOIN knows no object `stopneed`."""
    design = Boin(levels=2, target=0.6, max_n=12, extra_safe=True)

    assert walk(design).under([0.5, 0.6]).total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("target", "stop_at"), [(0.3, 6), (0.04, None)])
def test_an_early_stop_or_a_low_target_gives_an_answer_of_keyboard(target, stop_at):
    """Where the R package Keyboard gives nothing."""
    margins = {"margin_left": 0.02, "margin_right": 0.02}
    design = Keyboard(levels=2, target=target, max_n=12, stop_at=stop_at, **margins)

    assert walk(design).under([0.1, 0.3]).total == pytest.approx(1, abs=1e-12)


def test_every_fault_of_a_skeleton_is_told_at_once():
    """One that falls and one that is no probability."""
    with pytest.raises(Refusal) as refused:
        Crm(levels=5, target=0.25, max_n=30, skeleton=(0.1, 0.3, 0.2, 0.4, 1.2))

    assert [each.where for each in refused.value.faults] == ["skeleton.4", "skeleton.2"]


CURVE = {
    "levels": 2,
    "max_n": 6,
    "reference_dose": 50.0,
    "target_low": 0.2,
    "target_high": 0.35,
}


@pytest.mark.parametrize(
    ("lists", "tuples"),
    [
        (
            lambda: Crm(levels=3, target=0.3, max_n=9, skeleton=np.array([0.1, 0.2, 0.3])),
            lambda: Crm(levels=3, target=0.3, max_n=9, skeleton=(0.1, 0.2, 0.3)),
        ),
        (
            lambda: Blrm(**CURVE, doses=[25.0, 50.0], prior_mean=[-0.85, 1.0], prior_sd=[1.0, 1.0]),
            lambda: Blrm(**CURVE, doses=(25.0, 50.0), prior_mean=(-0.85, 1.0), prior_sd=(1.0, 1.0)),
        ),
        (
            lambda: UploadedTable(levels=2, target=0.3, max_n=3, rows=[[3, "ESDU"]]),
            lambda: UploadedTable(levels=2, target=0.3, max_n=3, rows=((3, "ESDU"),)),
        ),
    ],
)
def test_settings_in_lists_and_arrays_are_those_in_tuples(lists, tuples):
    """One value, one digest, and every number of it can be worked out."""
    assert lists() == tuples()
    assert DoseEscalation(lists()).digest == DoseEscalation(tuples()).digest
    rates = [0.1, 0.2, 0.3][: lists().levels]
    assert walk(lists()).under(rates).total == pytest.approx(1, abs=1e-12)
