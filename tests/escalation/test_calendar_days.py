"""Many trials in calendar time at once: every level is the one that the dose meeting gives."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from trialwright.escalation.asking import AskedEach, AskedOnce, AskedTogether, asked_of
from trialwright.escalation.calendar_days import (
    BLOCK,
    Chance,
    Trials,
    uniform_onset,
    weibull_onset,
)
from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.designs.tite_crm import TiteCrm
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.follow_up import followed_up
from trialwright.escalation.known import Known
from trialwright.escalation.tite_many import weights_in
from trialwright.escalation.tite_model import weights_of
from trialwright.terms.errors import Refusal

WINDOW = 28
RATES = (0.1, 0.25, 0.4, 0.6)
CRM = TiteCrm(
    levels=4,
    target=0.3,
    skeleton=skeleton_around(0.05, 0.3, 2, 4),
    max_n=18,
    cohort_size=1,
    window_days=WINDOW,
)
LOGISTIC = replace(CRM, model="logistic", skeleton=skeleton_around(0.05, 0.3, 2, 4, "logistic"))
BOIN = TiteBoin(levels=4, target=0.3, max_n=15, window_days=WINDOW, pending="imputation")
WEIGHING = {
    "CRM linear": CRM,
    "CRM adaptive": replace(CRM, weights="adaptive"),
    "CRM logistic": replace(LOGISTIC, weights="adaptive", starting_level=2),
    "CRM by threes": replace(CRM, cohort_size=3, max_n=17, safety_stop=0.7, mtd_tried=False),
    "CRM waiting": replace(CRM, cohort_size=2, most_pending=0.5, stop_at=6, coherent=False),
    "CRM skipping": replace(LOGISTIC, no_skipping=False, most_pending=0.3, safety_stop=0.6),
    "BOIN imputation": BOIN,
    "BOIN effective": replace(BOIN, pending="effective-number", stop_at=6, starting_level=2),
    "BOIN patient": replace(BOIN, leaves_early=False, most_pending=0.7, cohort_size=2, max_n=13),
    "BOIN by ones": replace(BOIN, pending="effective-number", cohort_size=1, most_pending=0.9),
}
COUNTING = {
    "3+3": ThreePlusThree(4, "six-at-mtd"),
    "rolling six": RollingSix(4, 2),
    "BOIN": Boin(levels=4, target=0.3, max_n=15, titration=True),
    "keyboard": Keyboard(levels=4, target=0.3, max_n=12, stop_at=6),
    "mTPI": Mtpi(levels=4, target=0.3, max_n=12, cohort_size=2),
    "mTPI-2": Mtpi2(levels=4, target=0.3, max_n=12, extra_safe=True),
    "i3+3": I3Plus3(levels=4, target=0.3, max_n=12),
    "table": UploadedTable(
        levels=4, target=0.3, max_n=6, cohort_size=3, rows=((3, "ESDU"), (6, "EESDDUU"))
    ),
    "CRM": Crm(levels=4, target=0.3, skeleton=CRM.skeleton, max_n=12, cohort_size=2),
    "BLRM": Blrm(
        levels=4,
        doses=(1.0, 2.0, 4.0, 6.0),
        reference_dose=2.0,
        prior_mean=(-1.1, 0.0),
        prior_sd=(1.0, 0.5),
        target_low=0.2,
        target_high=0.35,
        max_n=9,
    ),
}
DESIGNS = WEIGHING | COUNTING


@st.composite
def trial_on_a_day(draw, design):
    """Draw a trial with random follow-up: levels rise by one at most, from the starting level."""
    participants = draw(st.integers(0, design.max_n))
    levels, cohorts, starts, dlts, day = [], [], [], [], 0.0
    for number in range(participants):
        last = levels[-1] if levels else design.starting_level
        joins = number > 0 and draw(st.booleans())
        top = min(design.levels, last + 1) if levels else last
        levels.append(last if joins else draw(st.integers(1 if levels else last, top)))
        cohorts.append(cohorts[-1] + (not joins) if cohorts else 1)
        starts.append(day)
        dlts.append(draw(st.one_of(st.just(math.inf), st.floats(0, WINDOW))))
        day += draw(st.one_of(st.just(0.0), st.floats(0, 3 * WINDOW)))
    day += draw(st.integers(0, WINDOW))
    rows = [np.array([each]) for each in (starts, dlts)]
    kept = [np.array([each], dtype=np.int16).reshape(1, -1) for each in (levels, cohorts)]
    return Known(design.levels, WINDOW, np.array([day]), *kept, *rows, np.zeros((1, 0)))


def met(asked, known):
    """Give the answers of one trial as numbers."""
    return [int(part[0]) for part in asked.answers(known)]


@pytest.mark.parametrize("design", WEIGHING.values(), ids=WEIGHING)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_many_trials_are_decided_as_at_the_meeting(design, data):
    """Random follow-up; what the meeting refuses cannot come up in a trial."""
    known = data.draw(trial_on_a_day(design))
    try:
        expected = met(AskedEach(design, WINDOW), known)
    except Refusal:
        reject()

    assert met(AskedTogether(design, WINDOW), known) == expected


@pytest.mark.parametrize("design", WEIGHING.values(), ids=WEIGHING)
def test_most_trials_are_settled_together(design):
    """Else nothing was compared: fewer than one in a hundred is left to the meeting."""
    trials = Trials(4, WINDOW, 200, chance_of(5)).run(asked_of(design, WINDOW))

    settled = []
    for days_ago in range(0, 140, 7):
        day = trials.day - days_ago
        started = trials.start <= day[:, None]
        level = np.where(started, trials.level, 0).astype(np.int16)
        start = np.where(started, trials.start, np.inf)
        cohort = np.where(started, trials.cohort, 0).astype(np.int16)
        known = Known(4, WINDOW, day, level, cohort, start, trials.dlt_after, trials.other)
        settled.append(design.answers_followed(known)[1])

    assert np.mean(settled) > 0.99


def chance_of(seed, onset=uniform_onset, rates=RATES):
    """Give arrivals every five days on average."""
    return Chance(5, "poisson", onset(rates, WINDOW), np.random.default_rng(seed))


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize("onset", [uniform_onset, weibull_onset])
def test_trials_run_together_are_those_run_one_at_a_time(design, onset):
    """The same arrivals and outcomes: every level, cohort, day and MTD is the same."""
    together, each = (
        Trials(4, WINDOW, 8, chance_of(11, onset)).run(asked)
        for asked in (asked_of(design, WINDOW), AskedEach(design, WINDOW))
    )

    for name in ("level", "cohort", "start", "dlt_after", "day", "mtd"):
        assert np.array_equal(getattr(together, name), getattr(each, name)), name
    assert together.level.any(axis=1).all()


def test_designs_are_asked_in_the_way_that_they_have():
    """Together, once for each combination of counts, or one by one."""

    class Plain(TiteBoin):
        """TITE-BOIN that decides one trial at a time."""

        answers_followed = property()

    plain = Plain(levels=4, target=0.3, max_n=12, window_days=WINDOW, pending="imputation")

    assert isinstance(asked_of(CRM, WINDOW), AskedTogether)
    assert isinstance(asked_of(COUNTING["BOIN"], WINDOW), AskedOnce)
    assert isinstance(asked_of(plain, WINDOW), AskedEach)


def test_near_a_limit_the_meeting_decides():
    """Two levels that are equally near to the target but for 1e-12."""
    design = replace(CRM, levels=2, skeleton=(0.3 - 1e-12, 0.3 + 1e-12), starting_level=2)
    nobody = (np.array([[np.inf]]), np.zeros((1, 0)))
    one = np.ones((1, 1), dtype=np.int16)
    known = Known(2, WINDOW, np.array([0.0]), 2 * one, one, np.zeros((1, 1)), *nobody)

    _, is_settled = design.answers_followed(known)

    assert not is_settled[0]
    assert met(asked_of(design, WINDOW), known) == met(AskedEach(design, WINDOW), known)


@pytest.mark.parametrize("scheme", ["linear", "adaptive"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_weights_are_those_of_one_trial(scheme, data):
    """Of whoever is pending; everybody else counts in full."""
    known = data.draw(trial_on_a_day(CRM))
    watched = followed_up(known.participants(0), 4, WINDOW, 1).watched

    found = weights_in(known, scheme)[0]

    assert found.tolist() == list(weights_of(watched, WINDOW, scheme))


@pytest.mark.parametrize("onset", [uniform_onset, weibull_onset])
def test_dlts_come_at_their_rates_and_times(onset):
    """Uniform: in each quarter of the window a quarter. Weibull: half in the first half."""
    chances = (np.arange(100_000) + 0.5) / 100_000

    for level, rate in enumerate(RATES, start=1):
        days = onset(RATES, WINDOW)(chances, np.full(len(chances), level))
        inside = days[np.isfinite(days)]
        assert len(inside) == pytest.approx(100_000 * rate, abs=1)
        assert inside.max() <= WINDOW
        first_half = (inside <= WINDOW / 2).mean()
        if onset is uniform_onset:
            assert first_half == pytest.approx(0.5, abs=1e-3)
            assert (inside <= WINDOW / 4).mean() == pytest.approx(0.25, abs=1e-3)
        else:  # P(DLT in the first half) = rate / 2
            assert first_half == pytest.approx(0.5, abs=1e-3)


def test_more_participants_than_places_and_more_arrivals_than_drawn():
    """Places and arrivals are added as they are needed."""
    long = replace(CRM, max_n=BLOCK + 5)
    trials = Trials(4, WINDOW, 3, chance_of(1)).run(asked_of(long, WINDOW))

    assert (trials.level > 0).sum(axis=1).tolist() == [BLOCK + 5] * 3
    assert (np.diff(trials.start[:, : BLOCK + 5]) > 0).all()
