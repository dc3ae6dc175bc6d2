"""What designs do in words, with the numbers of their settings."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from trialwright.escalation.catalogue import CATALOGUE
from trialwright.protocol.data import frozen
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.reports import design_words
from trialwright.reports.design_words import rule_sentences

READ = TypeAdapter(EscalationDesign)
USUAL = {"target": Decimal("0.3"), "max_n": 24}


def words(**settings):
    """Give the sentences of a design on three levels as one text."""
    return " ".join(rule_sentences(READ.validate_python(frozen(settings)), 3))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"name": "BOIN"}, ["at most 0.2365", "above 0.3585", "up to 24 participants", "0.95"]),
        ({"name": "BOIN", "titration": True}, ["Single participants climb"]),
        ({"name": "BOIN", "extra_safe": True}, ["greater than 0.90 already"]),
        ({"name": "BOIN", "bound_mtd": True}, ["below the de-escalation limit"]),
        ({"name": "BOIN", "stop_at": 9}, ["9 participants were treated"]),
        ({"name": "BOIN", "eliminate": None}, ["Cohorts of 3"]),
        ({"name": "keyboard"}, ["target key 0.25 to 0.35"]),
        ({"name": "mTPI"}, ["mTPI with a target", "0.25 to 0.35"]),
        ({"name": "mTPI-2"}, ["mTPI-2 with a target"]),
        ({"name": "i3+3"}, ["one DLT fewer"]),
        ({"name": "CRM", "skeleton": [Decimal("0.1"), Decimal("0.3"), Decimal("0.5")]},
         ["skeleton 0.1, 0.3, 0.5", "variance 1.34", "No level is skipped", "not escalated after"]),
        ({"name": "decision-table", "rows": [{"evaluable": 3, "decisions": "ESDU"}]},
         ["table below decides"]),
        ({"name": "TITE-BOIN", "window_days": 28, "pending": "imputation"},
         ["TITE-BOIN with a target", "imputed DLTs", "window of 28 days", "more than 0.5"]),
        ({"name": "TITE-CRM", "window_days": 28,
          "skeleton": [Decimal("0.1"), Decimal("0.3"), Decimal("0.5")]},
         ["TITE-CRM with", "linear weights", "recommends at the end"]),
    ],
)  # fmt: skip
def test_a_design_is_told_with_its_numbers(settings, says):
    """Each setting that changes the rule changes the words."""
    text = words(**USUAL, **settings)

    for part in says:
        assert part in text
    counts_neither = "they count neither" in text
    assert counts_neither != settings["name"].startswith("TITE")
    assert "not DLT-evaluable is replaced" in text
    assert text.startswith("The first cohort is treated at dose level 1 of 3.")


def test_what_is_switched_off_is_not_told():
    """No closed levels, no coherence."""
    assert "are closed" not in words(**USUAL, name="BOIN", eliminate=None)
    loose = words(**USUAL, name="CRM", skeleton=[Decimal("0.1"), Decimal("0.2"), Decimal("0.3")],
                  coherent=False, no_skipping=False)  # fmt: skip
    assert "not escalated after" not in loose
    assert "skipped" not in loose


@pytest.mark.parametrize("variant", CATALOGUE["3+3"].variants)
def test_each_3_plus_3_is_told_apart(variant):
    """Three designs, three texts."""
    texts = {words(name="3+3", variant=each) for each in CATALOGUE["3+3"].variants}

    assert len(texts) == 3
    assert "Cohorts of three" in words(name="3+3", variant=variant)


def test_the_blrm_is_told_with_its_interval():
    """Dose control, choice, prior."""
    text = words(
        name="BLRM",
        doses=[Decimal(200), Decimal(300), Decimal(400)],
        reference_dose=Decimal(300),
        prior_mean=[Decimal("-1.4"), Decimal(0)],
        prior_sd=[Decimal(2), Decimal(1)],
        target_low=Decimal("0.16"),
        target_high=Decimal("0.33"),
        max_n=24,
    )

    assert "target interval 0.16 to 0.33 is at most 0.25" in text
    assert "means -1.4 and 0, standard deviations 2 and 1" in text
    assert "greatest probability of the target interval" in text
    assert "up to 24 participants" in text


def test_the_rolling_six_says_when_it_goes_up():
    """While others are pending."""
    text = words(name="rolling-six")

    assert "5/6 or 6/6" in text
    assert "they count neither" not in text


def test_every_design_of_the_catalogue_has_words():
    """None is told by a bare list of its settings."""
    assert set(CATALOGUE) == set(design_words._RULES)
