"""Settings that are none, told in whole: where, what was found, what is allowed, what to do.

A statistician who reads only the message must be able to mend the protocol.
"""

import pytest

from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.designs.tite_crm import TiteCrm
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.terms.errors import Refusal

LADDER = {"levels": 2, "target": 0.3, "max_n": 12}
MODEL = {**LADDER, "skeleton": (0.2, 0.4)}
SOUND = {
    Boin: LADDER,
    Keyboard: LADDER,
    I3Plus3: LADDER,
    Crm: MODEL,
    TiteCrm: {**MODEL, "window_days": 28},
    TiteBoin: {**LADDER, "window_days": 28, "pending": "imputation"},
    UploadedTable: {**LADDER, "max_n": 9, "rows": ((3, "ESDU"), (6, "EESDDUU"))},
    RollingSix: {"levels": 2},
    Blrm: {
        "levels": 2,
        "doses": (25.0, 50.0),
        "reference_dose": 50.0,
        "prior_mean": (-0.85, 1.0),
        "prior_sd": (1.0, 1.0),
        "target_low": 0.2,
        "target_high": 0.35,
        "max_n": 12,
    },
}
PEOPLE = "Allowed: a whole number from 1. Count participants."
CHANCE = "Allowed: a probability above 0 and below 1"
PERCENT = "Write 25 % as 0.25."
NARROW = "Take a narrower interval."


@pytest.mark.parametrize("design", SOUND)
def test_sound_settings_are_taken(design):
    """Else the cases below would show nothing."""
    assert design(**SOUND[design]).levels == 2


@pytest.mark.parametrize(
    ("design", "settings", "says"),
    [
        (
            Boin,
            {"levels": 0},
            ["levels: 0 dose levels. Allowed: a whole number from 1. Count the dose levels."],
        ),
        (
            Boin,
            {"levels": True},
            ["levels: True dose levels. Allowed: a whole number from 1. Count the dose levels."],
        ),
        (
            RollingSix,
            {"starting_level": 3},
            ["starting_level: dose level 3. Allowed: 1-2. Start at a level of the ladder."],
        ),
        (
            RollingSix,
            {"starting_level": 0},
            ["starting_level: dose level 0. Allowed: 1-2. Start at a level of the ladder."],
        ),
        (Boin, {"max_n": 0}, [f"max_n: 0. {PEOPLE}"]),
        (Boin, {"max_n": 12.0}, [f"max_n: 12.0. {PEOPLE}"]),
        (Boin, {"cohort_size": 0}, [f"cohort_size: 0. {PEOPLE}"]),
        (Boin, {"cohort_size": True}, [f"cohort_size: True. {PEOPLE}"]),
        (Boin, {"stop_at": 0}, [f"stop_at: 0. {PEOPLE}"]),
        (Boin, {"eliminate_from": 0}, [f"eliminate_from: 0. {PEOPLE}"]),
        (
            Boin,
            {"max_n": 0, "cohort_size": -1, "stop_at": 1.5},
            [f"max_n: 0. {PEOPLE}", f"cohort_size: -1. {PEOPLE}", f"stop_at: 1.5. {PEOPLE}"],
        ),
        (
            Boin,
            {"target": 30},
            [
                "target: 30. Allowed: target is a probability above 0 and below 1; "
                f"did you mean 0.3?. {PERCENT}"
            ],
        ),
        (
            Boin,
            {"target": 1},
            [f"target: 1. Allowed: target is a probability above 0 and below 1. {PERCENT}"],
        ),
        (
            Boin,
            {"target": 0},
            [f"target: 0. Allowed: target is a probability above 0 and below 1. {PERCENT}"],
        ),
        (Boin, {"eliminate": 2}, [f"eliminate: 2. {CHANCE}. {PERCENT}"]),
        (Boin, {"eliminate": 2.5}, [f"eliminate: 2.5. {CHANCE}; did you mean 0.025?. {PERCENT}"]),
        (Boin, {"eliminate": 100}, [f"eliminate: 100. {CHANCE}. {PERCENT}"]),
        (Boin, {"eliminate": "0.9"}, [f"eliminate: 0.9. {CHANCE}. {PERCENT}"]),
        (Boin, {"offset": True}, [f"offset: True. {CHANCE}. {PERCENT}"]),
        (Boin, {"p_saf": 18}, [f"p_saf: 18. {CHANCE}; did you mean 0.18?. {PERCENT}"]),
        (Boin, {"p_tox": 42}, [f"p_tox: 42. {CHANCE}; did you mean 0.42?. {PERCENT}"]),
        (
            Boin,
            {"p_saf": 0.3},
            ["p_saf: 0.3. Allowed: below the target 0.3. Take a rate that is too low."],
        ),
        (
            Boin,
            {"p_tox": 0.3},
            [
                "p_tox: 0.3. Allowed: above the target 0.3 and below 1. Take a "
                "rate that is too high."
            ],
        ),
        (
            Boin,
            {"target": 0.8},
            [
                "p_tox: 1.12. Allowed: above the target 0.8 and below 1. Take a "
                "rate that is too high."
            ],
        ),
        (
            Boin,
            {"target": 5 / 7},
            [
                "p_tox: 1. Allowed: above the target 0.714286 and below 1. Take "
                "a rate that is too high."
            ],
        ),
        (
            Keyboard,
            {"margin_left": 0.3},
            [f"margin_left: 0.3. Allowed: less than the target 0.3. {NARROW}"],
        ),
        (Keyboard, {"margin_right": 0.7}, [f"margin_right: 0.7. Allowed: less than 0.7. {NARROW}"]),
        (
            I3Plus3,
            {"epsilon_1": 0.4, "epsilon_2": 0.8},
            [
                f"epsilon_1: 0.4. Allowed: less than the target 0.3. {NARROW}",
                f"epsilon_2: 0.8. Allowed: less than 0.7. {NARROW}",
            ],
        ),
        (I3Plus3, {"epsilon_2": 5}, [f"epsilon_2: 5. {CHANCE}; did you mean 0.05?. {PERCENT}"]),
        (
            Crm,
            {"skeleton": (0.2,)},
            [
                "skeleton: 1 prior guesses for 2 dose levels. Allowed: 2 "
                "probabilities. Give one prior guess for each dose level."
            ],
        ),
        (
            Crm,
            {"skeleton": (0.4, 0.4)},
            [
                "skeleton.1: 0.4 after 0.4. Allowed: a probability above "
                "0.4. List the prior guesses from the lowest dose level "
                "to the highest."
            ],
        ),
        (Crm, {"skeleton": (0.2, 40)}, [f"skeleton.1: 40. {CHANCE}; did you mean 0.4?. {PERCENT}"]),
        (
            Crm,
            {"prior_variance": 0},
            ["prior_variance: 0. Allowed: a number above 0. Give the variance of the prior."],
        ),
        (
            Crm,
            {"prior_variance": float("inf")},
            ["prior_variance: inf. Allowed: a number above 0. Give the variance of the prior."],
        ),
        (
            Crm,
            {"prior_variance": "1"},
            ["prior_variance: 1. Allowed: a number above 0. Give the variance of the prior."],
        ),
        (
            Crm,
            {"model": "logistic", "intercept": -1.0},
            [
                "intercept: -1. Allowed: above the logit of every prior guess and of the target. "
                "Take a larger intercept."
            ],
        ),
        (
            Crm,
            {"model": "probit"},
            ["model: 'probit'. Allowed: power, logistic. Choose one of them."],
        ),
        (
            Crm,
            {"estimate": "median"},
            ["estimate: 'median'. Allowed: plug-in, posterior-mean. Choose one of them."],
        ),
        (Crm, {"safety_stop": 1.0}, [f"safety_stop: 1.0. {CHANCE}. {PERCENT}"]),
        (TiteCrm, {"window_days": 0}, [f"window_days: 0. {PEOPLE}"]),
        (
            TiteCrm,
            {"weights": "stepwise"},
            ["weights: 'stepwise'. Allowed: linear, adaptive. Choose one of them."],
        ),
        (
            TiteCrm,
            {"most_pending": 50},
            [f"most_pending: 50. {CHANCE}; did you mean 0.5?. {PERCENT}"],
        ),
        (
            TiteCrm,
            {"estimate": "posterior-mean"},
            [
                "estimate: 'posterior-mean'. Allowed: plug-in. Take the rate at the posterior "
                "mean of the parameter."
            ],
        ),
        (TiteBoin, {"window_days": 0}, [f"window_days: 0. {PEOPLE}"]),
        (
            TiteBoin,
            {"pending": "ignored"},
            ["pending: 'ignored'. Allowed: imputation, effective-number. Choose one of them."],
        ),
        (
            TiteBoin,
            {"most_pending": 50},
            [f"most_pending: 50. {CHANCE}; did you mean 0.5?. {PERCENT}"],
        ),
        (
            TiteBoin,
            {"titration": True},
            [
                "titration: true. Allowed: false: the design is defined "
                "for cohorts. Begin with cohorts."
            ],
        ),
        (
            UploadedTable,
            {"eliminate": 0.95},
            ["eliminate: 0.95. Allowed: none. Write U where the table closes a level."],
        ),
        (
            UploadedTable,
            {"rows": ((3, "ESDX"), (6, "EESDDUU"))},
            ["rows.0.decisions: the letter 'X'. Allowed: E, S, D, U. Write one of the letters."],
        ),
        (
            UploadedTable,
            {"rows": ((3, "ESD"), (6, "EESDDUU"))},
            [
                "rows.0.decisions: 3 letters for 3 evaluable participants. Allowed: 4 letters. "
                "Give one letter for 0, 1, 2 ... DLTs."
            ],
        ),
        (
            UploadedTable,
            {"rows": ((3, "SEDU"), (6, "EESDDUU"))},
            [
                "rows.0.decisions: SEDU. Allowed: no milder letter for more DLTs (E, then S, then "
                "D, then U). Correct the order of the letters."
            ],
        ),
        (
            UploadedTable,
            {"rows": ((3, "ESDU"), (3, "ESDU"), (6, "EESDDUU"))},
            [
                "rows.1: a second row for 3 evaluable participants. Allowed: one row for each "
                "number. Remove one."
            ],
        ),
        (
            UploadedTable,
            {"rows": ((3, "ESDU"),)},
            [
                "rows: no row for 6 evaluable participants. Allowed: a row for every complete "
                "cohort. Add the row."
            ],
        ),
        (
            UploadedTable,
            {"rows": ((0, "E"), (3, "ESDU"), (6, "EESDDUU"))},
            [f"rows.0.evaluable: 0. {PEOPLE}"],
        ),
        (UploadedTable, {"cohort_size": 0}, [f"cohort_size: 0. {PEOPLE}"]),
        (
            Blrm,
            {"doses": (25.0,)},
            [
                "doses: 1 doses for 2 dose levels. Allowed: 2 doses. Give one "
                "dose for each dose level."
            ],
        ),
        (
            Blrm,
            {"choose": "lowest"},
            ["choose: 'lowest'. Allowed: target-probability, highest. Choose one of them."],
        ),
        (
            Blrm,
            {"prior_correlation": 1.0},
            ["prior_correlation: 1.0. Allowed: a number above -1 and below 1. Give a correlation."],
        ),
        (
            Blrm,
            {"prior_correlation": -1.0},
            [
                "prior_correlation: -1.0. Allowed: a number above -1 "
                "and below 1. Give a correlation."
            ],
        ),
        (
            Blrm,
            {"prior_sd": (1.0, 0.0)},
            ["prior_sd: (1.0, 0.0). Allowed: numbers above 0. Give standard deviations."],
        ),
        (
            Blrm,
            {"prior_mean": (1.0,)},
            [
                "prior_mean: (1.0,). Allowed: two numbers. Give one for "
                "the intercept and one for the logarithm of the slope."
            ],
        ),
        (Blrm, {"ewoc": 25}, [f"ewoc: 25. {CHANCE}; did you mean 0.25?. {PERCENT}"]),
        (Blrm, {"stop_from": 0}, [f"stop_from: 0. {PEOPLE}"]),
        (Blrm, {"stop_at": 0}, [f"stop_at: 0. {PEOPLE}"]),
        (Blrm, {"stop_probability": 1.5}, [f"stop_probability: 1.5. {CHANCE}. {PERCENT}"]),
        (Blrm, {"target_high": 35}, [f"target_high: 35. {CHANCE}; did you mean 0.35?. {PERCENT}"]),
    ],
)
def test_what_is_refused_is_told_in_whole_sentences(design, settings, says):
    """Every fault, at once, and no other."""
    with pytest.raises(Refusal) as refusal:
        design(**{**SOUND[design], **settings})

    assert [str(fault) for fault in refusal.value.faults] == says
