"""TITE-CRM: what it decides while participants are pending, and what is refused."""

import json

import pytest

from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.tite_crm import TiteCrm
from trialwright.escalation.follow_up import complete, decide_followed
from trialwright.escalation.participants import Treated
from trialwright.escalation.tite_model import tite_estimate
from trialwright.terms.errors import Refusal

SKELETON = skeleton_around(0.05, 0.3, 3, 5)


def made(**settings):
    """Make a TITE-CRM for five levels and a window of 28 days."""
    return TiteCrm(
        **{
            "levels": 5,
            "target": 0.3,
            "skeleton": SKELETON,
            "max_n": 30,
            "window_days": 28,
            **settings,
        }
    )


def people(*cohorts):
    """Give participants: level, then N, T7 (a DLT on day 7) or P14 (14 days so far)."""
    found = []
    for number, (level, *fates) in enumerate(cohorts, start=1):
        for fate in fates:
            days = int(fate[1:] or 0)
            found.append(
                Treated(
                    participant=f"P{len(found) + 1}",
                    cohort=number,
                    level=level,
                    standing="pending" if fate[0] == "P" else "evaluable",
                    has_dlt=fate[0] == "T",
                    dlt_day=days if fate[0] == "T" else None,
                    followed=days if fate[0] == "P" else None,
                )
            )
    return found


@pytest.mark.parametrize(
    ("settings", "cohorts", "expected"),
    [
        ({}, [], ("stay", 1, "incomplete-cohort")),
        ({}, [(1, "N", "P3")], ("stay", 1, "incomplete-cohort")),
        ({}, [(1, "N", "N", "P3")], ("escalate", 2, "no-skipping")),
        ({}, [(1, "P1", "P1", "P1")], ("escalate", 2, "no-skipping")),
        ({"most_pending": 0.5}, [(1, "P1", "P1", "P1")], ("wait", 1, "too-many-pending")),
        (
            {},
            [(1, "N", "N", "N"), (2, "N", "N", "N"), (3, "T2", "N", "P27")],
            ("stay", 3, "coherent"),
        ),
        ({}, [(1, "N", "N", "N"), (2, "T2", "T3", "P4")], ("de-escalate", 1, "nearest-to-target")),
        (
            {"most_pending": 0.1},
            [(1, "N", "N", "N"), (2, "T2", "T3", "P4")],
            ("de-escalate", 1, "nearest-to-target"),
        ),
        ({"safety_stop": 0.9}, [(1, "T1", "T2", "T3")], ("stop", None, "safety-stop")),
        ({"max_n": 3}, [(1, "N", "N", "P3")], ("wait", 1, "pending")),
        ({"max_n": 3}, [(1, "N", "N", "N")], ("stop", None, "max-n")),
        ({"stop_at": 3}, [(1, "T4", "T5", "P3")], ("wait", 1, "pending")),
        ({"stop_at": 3}, [(1, "T4", "T5", "N")], ("stop", None, "enough-at-level")),
    ],
)
def test_each_situation_gives_its_level(settings, cohorts, expected):
    """Held back, waiting, stopped."""
    decision = decide_followed(made(**settings), people(*cohorts))

    assert (decision.act, decision.level, decision.rule) == expected


def test_follow_up_moves_the_estimates():
    """The same participants with less of their window behind them: higher estimated rates."""
    early, late = (
        decide_followed(made(), people((1, "N", "N", "N"), (2, "T5", f"P{day}", f"P{day}")))
        for day in (2, 27)
    )

    rates = [
        [float(each) for each in decision.because.split("rates ")[1].split(", dose")[0].split(", ")]
        for decision in (early, late)
    ]
    assert all(before > after for before, after in zip(*rates, strict=True))
    assert early.because.startswith("1/1 DLT at dose level 2, 2 still in the DLT window, estimated")


@pytest.mark.parametrize("weights", ["linear", "adaptive"])
@pytest.mark.parametrize("dlts", [(0, 0), (0, 1), (1, 2), (0, 3)])
def test_with_nobody_pending_it_is_the_crm(weights, dlts):
    """Complete follow-up gives the decision of the CRM, estimates included."""
    seen = [LevelCount(3, dlts[0]), LevelCount(3, dlts[1]), *[LevelCount(0, 0)] * 3]
    crm = Crm(levels=5, target=0.3, skeleton=SKELETON, max_n=30)
    fates = [[f"T{day}" for day in range(1, each + 1)] + ["N"] * (3 - each) for each in dlts]

    found = decide_followed(made(weights=weights), people((1, *fates[0]), (2, *fates[1])))

    expected = crm.next_dose(seen, 2, seen[1])
    assert (found.act, found.level, found.rule) == (expected.act, expected.level, expected.rule)
    assert found.because.partition(" (")[0] == expected.because.partition(" (")[0]


def test_counts_are_participants_with_the_whole_window():
    """The estimate from counts is that of the CRM."""
    seen = [LevelCount(3, 0), LevelCount(6, 2), *[LevelCount(0, 0)] * 3]
    design = made()

    found = tite_estimate(design.curve, complete(seen, 28), 28)

    assert found.weights == (1.0,) * 9
    assert f"{found.rates[1]:.4f}" in design.estimate_mtd(seen).because


@pytest.mark.shared
def test_levels_are_those_of_dfcrm(shared):
    """Next dose of every case of `titecrm`, asked participant by participant."""
    parsed = json.loads((shared / "reference/escalation/dfcrm_titecrm.json").read_text())

    for case in parsed["cases"]:
        skeleton = tuple(parsed["skeletons"][case["skeleton"]])
        window = case["obswin"]
        design = made(
            levels=len(skeleton),
            target=case["target"],
            skeleton=skeleton,
            model="power" if case["model"] == "empiric" else "logistic",
            window_days=window,
            weights=case["scheme"],
            cohort_size=1,
            no_skipping=False,
            coherent=False,
        )
        given = [
            Treated(
                participant=f"P{place}",
                cohort=place,
                level=level,
                standing="evaluable" if toxic or days >= window else "pending",
                has_dlt=bool(toxic),
                dlt_day=max(1, days) if toxic else None,
                followed=None if toxic or days >= window else days,
            )
            for place, (level, toxic, days) in enumerate(
                zip(case["level"], case["tox"], case["followup"], strict=True), start=1
            )
        ]
        assert decide_followed(design, given).level == case["next_dose"]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"window_days": 0}, "window_days"),
        ({"weights": "stepwise"}, "weights"),
        ({"most_pending": 50}, "most_pending"),
        ({"estimate": "posterior-mean"}, "estimate"),
        ({"skeleton": (0.1, 0.2)}, "skeleton"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """Each at its place."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_too_many_participants_are_refused():
    """Four of three."""
    with pytest.raises(Refusal, match="seen: 4 participants"):
        decide_followed(made(max_n=3), people((1, "N", "N", "N"), (1, "P3")))


def test_without_follow_up_those_pending_are_waited_for():
    """Counts alone say nothing of days."""
    seen = [LevelCount(2, 0, 1), *[LevelCount(0, 0)] * 4]

    assert made().next_dose(seen, 1).act == "wait"
