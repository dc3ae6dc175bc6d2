"""Limits of two versions, compared as allowed values wherever they stand."""

import pytest
from tests.registry.amending_versions import compared, only


@pytest.mark.parametrize(
    ("old", "new", "effect", "says", "who"),
    [
        (
            "Platelets >= 100,000/mm3",
            "Platelets >= 75,000/mm3",
            "looser",
            "Platelets: at least 100,000 /mm3 required before, at least 75,000 /mm3 required now",
            "at least 75,000 and below 100,000 /mm3 was kept out and no longer is",
        ),
        (
            "Hemoglobin >= 9 g/dL",
            "Hemoglobin > 9 g/dL",
            "tighter",
            "at least 9 g/dL required before, above 9 g/dL required now",
            "of exactly 9 g/dL was not kept out by it and is now",
        ),
        (
            "Platelets >= 100,000/mm3",
            "Platelets >= 75 x 10^9/L",
            "looser",
            "at least 75 x 10^9/L required now",
            "at least 75 and below 100 x 10^9/L",
        ),
        (
            "Total bilirubin <= 1.5 x ULN",
            "Total bilirubin <= 2 x ULN",
            "looser",
            "at most 1.5 x ULN allowed before, at most 2 x ULN allowed now",
            "above 1.5 and up to 2 x ULN",
        ),
        (
            "ECOG performance status 0-2",
            "ECOG performance status 0-1",
            "tighter",
            "at most 2 allowed before, at most 1 allowed now",
            "ECOG performance status of 2 was not kept out",
        ),
        (
            "Age >= 18 years",
            "Age >= 16 years",
            "looser",
            "Age: at least 18 years required before, at least 16 years required now",
            "aged at least 16 and below 18 years",
        ),
        (
            "Life expectancy of at least 12 weeks",
            "Life expectancy of at least 6 months",
            "tighter",
            "at least 12 weeks required before, at least 6 months required now",
            "was not kept out",
        ),
        (
            "0-2 prior lines of chemotherapy for metastatic disease",
            "0-1 prior lines of chemotherapy for metastatic disease",
            "tighter",
            "at most 2 allowed before, at most 1 allowed now",
            "with 2 prior lines of chemotherapy for metastatic disease",
        ),
    ],
)
def test_a_limit_that_moved_says_whom_it_flips(old, new, effect, says, who):
    """The values between the old and the new bound are those that flip."""
    change = only(compared(([old], []), ([new], [])))

    assert change.effect == effect
    assert says in change.says
    assert who in change.flips[0].says
    assert change.flips[0].turn == ("in" if effect == "looser" else "out")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Platelets >= 100,000/mm3", "Platelets >= 100 x 10^9/L"),
        ("Platelets >= 100,000/mm3", "Platelet count at least 100,000/uL"),
        ("Hemoglobin >= 9 g/dL", "Hemoglobin >= 90 g/L"),
        ("Fasting glucose <= 180.16 mg/dL", "Fasting glucose <= 10 mmol/L"),
        ("ECOG performance status 0-2", "ECOG performance status <= 2"),
        ("ECOG performance status 0-2", "ECOG performance status of 0, 1 or 2"),
        ("No chemotherapy within 4 weeks before registration",
         "No chemotherapy within 28 days before registration"),
        ("Age >= 18 years", "Age 18 years or older"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_one_limit_are_no_change(old, new):
    """Units, signs and words of comparison are compared by what they allow."""
    assert compared(([old], []), ([new], [])).changes == ()


def test_a_limit_turned_round_allows_the_same():
    """An inclusion from 50 % and an exclusion below 50 % are one limit, told as wording."""
    amendment = compared((["LVEF >= 50%"], []), ([], ["LVEF < 50%"]))

    assert amendment.changes == ()
    assert "allows the same values" in amendment.wording[0].says


def test_a_limit_turned_round_with_the_other_strictness_flips_one_value():
    """An exclusion at or below 50 % keeps out 50 %, which the inclusion allowed."""
    change = only(compared((["LVEF >= 50%"], []), ([], ["LVEF <= 50%"])))

    assert change.effect == "tighter"
    assert "of exactly 50 %" in change.flips[0].says


def test_known_makes_a_missing_value_harmless():
    """Who has no value passes where only a known one counts."""
    change = only(compared((["LVEF >= 50%"], []), ([], ["Known LVEF < 50%"])))

    assert change.effect == "looser"
    assert [(each.kind, each.turn) for each in change.flips] == [("missing facts", "in")]
    assert "LVEF is not known could not be cleared before and passes now" in change.flips[0].says


def test_a_value_that_cannot_be_had_may_keep_out():
    """`unreadable` beside a limit keeps out whoever has no value."""
    change = only(
        compared(
            ([], ["QTc > 470 ms"]),
            ([], ["QTc > 470 ms or unreadable QTc on the screening ECG"]),
        )
    )

    assert change.effect == "tighter"
    assert change.flips[0].kind == "missing facts"


def test_a_unit_that_is_not_stated_is_not_supplied():
    """A number without a unit is said to have none; against one with a unit nothing is decided."""
    change = only(compared(([], ["QTc > 450 ms"]), ([], ["QTc > 470"])))

    assert change.effect == "unclear"
    assert "excluded above 470 (no unit stated) now" in change.says


def test_a_multiple_and_an_amount_are_not_compared():
    """Whether 1.5 x ULN is more than 2 mg/dL depends on the laboratory."""
    change = only(
        compared((["Total bilirubin <= 2 mg/dL"], []), (["Total bilirubin <= 1.5 x ULN"], []))
    )

    assert change.effect == "unclear"


def test_a_limit_that_is_gone_frees_those_without_a_value_too():
    """Nobody needs the value any more."""
    amendment = compared((["Albumin >= 3 g/dL", "Signed consent"], []), (["Signed consent"], []))
    change = only(amendment)

    assert change.section == "removed criterion"
    assert change.effect == "looser"
    assert [each.kind for each in change.flips] == ["value", "missing facts"]


def test_a_new_limit_is_told_as_a_new_criterion():
    """Its limit is the whole of the criterion, so it is told once."""
    change = only(compared((["Signed consent"], []), (["Signed consent", "Albumin >= 3 g/dL"], [])))

    assert (change.section, change.effect) == ("new criterion", "tighter")
    assert change.place_new.startswith("I02")
    assert "Albumin: no limit stated before, at least 3 g/dL required now" in change.says


def test_one_bullet_that_became_three_is_no_change():
    """Limits are found again across the whole list."""
    amendment = compared(
        (["Adequate bone marrow function: ANC >= 1000/mm3, hemoglobin >= 9 g/dL, and platelets"
          " >= 100,000/mm3"], []),
        (["ANC >= 1000/mm3", "Hemoglobin >= 9 g/dL", "Platelets >= 100,000/mm3"], []),
    )  # fmt: skip

    assert amendment.changes == ()


def test_two_facts_with_one_limit_are_told_in_one_sentence():
    """AST and ALT move together."""
    change = only(compared((["AST and ALT <= 3 x ULN"], []), (["AST and ALT <= 2.5 x ULN"], [])))

    assert change.says.startswith("AST and ALT: at most 3 x ULN allowed before")


def test_a_circumstance_that_loses_its_own_limit_falls_under_the_general_one():
    """Five times the limit with liver metastases, gone, is three times."""
    change = only(
        compared(
            (["ALT <= 3 x ULN (<= 5 x ULN with liver metastases)"], []),
            (["ALT <= 3 x ULN"], []),
        )
    )

    assert change.effect == "tighter"
    assert "no limit of its own now, so at most 3 x ULN" in change.says
    assert "above 3 and up to 5 x ULN" in change.flips[0].says


def test_a_limit_that_holds_for_one_arm_only_frees_the_others():
    """The other arms are named."""
    amendment = compared(([], ["QTc > 470 ms"]), ([], ["For Arm C only: QTc > 470 ms"]))
    change = only(amendment)

    assert change.effect == "looser"
    assert "for every arm before" in change.says
    assert "for arm C now" in change.says
    assert "every arm but C" in change.flips[0].says


def test_one_more_way_to_meet_a_criterion_is_looser():
    """A second value that may stand in the place of the first lets in more."""
    amendment = compared(
        (["Creatinine <= 1.5 mg/dL"], []),
        (["Creatinine <= 1.5 mg/dL or creatinine clearance >= 60 mL/min"], []),
    )

    assert {each.effect for each in amendment.changes} == {"looser"}
    assert any("one more way to meet I01" in each.says for each in amendment.changes)


def test_a_limit_whose_other_side_stays_needs_its_value_still():
    """Who has no value is not cleared in either version, so only those above the bound flip."""
    change = only(compared((["Potassium 3.5 - 5.0 mmol/L"], []), (["Potassium >= 3.5 mmol/L"], [])))

    assert [each.kind for each in change.flips] == ["value"]


def test_a_limit_that_lost_its_sign_is_not_called_gone():
    """A copy without the comparator states it still: which way it moved is for people to say."""
    change = only(compared((["Hemoglobin >= 9 g/dL"], []), (["Hemoglobin 10 g/dL"], [])))

    assert change.effect == "unclear"
    assert "`Hemoglobin 10 g/dL`, which was not understood, now" in change.says
    assert change.place_new.startswith("I01")


def test_a_circumstance_that_gets_its_own_limit_is_compared_with_the_general_one():
    """Five times the limit for some, where three held for all."""
    change = only(
        compared(
            (["ALT <= 3 x ULN"], []),
            (["ALT <= 3 x ULN (<= 5 x ULN with liver metastases)"], []),
        )
    )

    assert change.effect == "looser"
    assert "no limit of its own before, so at most 3 x ULN" in change.says
    assert "given liver metastases" in change.flips[0].says


def test_a_limit_with_an_arm_of_its_own_is_told_with_it():
    """A new limit for one arm is told for that arm."""
    change = only(
        compared(
            ([], ["Active infection"]), ([], ["Active infection", "For Arm B only: QTc > 470 ms"])
        )
    )

    assert "excluded above 470 ms for arm B now: tighter" in change.says
    assert change.arms == ("B",)


def test_six_weeks_in_brackets_hold_for_what_they_name():
    """`within 4 weeks (6 weeks for X)` is four for the one and six for the other."""
    amendment = compared(
        ([], ["Chemotherapy within 4 weeks (6 weeks for mitomycin C)"]),
        ([], ["Chemotherapy within 4 weeks"]),
    )
    change = only(amendment)

    assert change.topic == "wash-out after mitomycin C"
    assert "at least 6 weeks required before, at least 4 weeks required now: looser" in change.says
