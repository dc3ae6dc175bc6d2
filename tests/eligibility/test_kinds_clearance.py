"""Creatinine clearance by Cockcroft and Gault, in the form that the protocol states."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import book
from tests.eligibility.laboratory import LABORATORY, context, result, term

from trialwright.eligibility.kinds.clearance import check, judge, say
from trialwright.protocol.leaf_rules import ClearanceRule


def rule(within_days=None, **sides):
    """Make a rule: at least 30 mL/min unless said otherwise."""
    sides = {name: Decimal(str(bound)) for name, bound in (sides or {"at_least": 30}).items()}
    return ClearanceRule(
        kind="clearance", creatinine="creatinine", weight="weight", within_days=within_days, **sides
    )


def woman(*facts, born="1943-06-01", sex="female"):
    """Make a casebook of a woman of 82 years."""
    return book(*facts, born=born, sex=sex)


def of(creatinine="1.095 mg/dL", weight="48 kg", **fields):
    """Make a creatinine and a weight."""
    return result("creatinine", creatinine, **fields), result("weight", weight, place="9")


def answer(*facts, asked=None, **person):
    """Judge facts and give the answer."""
    return str(judge(asked or rule(), woman(*facts, **person), context()).answer)


def test_the_form_in_mg_dl_decides():
    """30.02 mL/min is at least 30; the umol/L form would give 29.90 and refuse her."""
    finding = judge(rule(), woman(*of()), context())

    assert finding.answer == "met"
    assert finding.because == (
        "creatinine clearance 30.02 mL/min from Creatinine 1.095 mg/dL on 2026-03-02, "
        "Weight 48 kg on 2026-03-02 and age 82, at least 30 mL/min"
    )


def test_creatinine_weight_and_age_are_the_evidence():
    """The age, never the birth date."""
    finding = judge(rule(), woman(*of()), context())

    assert [(fact.what, fact.value) for fact in finding.evidence] == [
        ("creatinine", "1.095 mg/dL"),
        ("weight", "48 kg"),
        ("age", "82 a"),
    ]
    assert "1943" not in f"{finding}"


@pytest.mark.parametrize(
    ("creatinine", "expected"),
    [
        ("1.09555 mg/dL", "met"),
        ("1.09556 mg/dL", "not met"),
        ("96.86 umol/L", "met"),
        ("96.87 umol/L", "not met"),
        ("<1 mg/dL", "met"),  # less creatinine is more clearance
        ("<1.2 mg/dL", "unknown"),
        (">1.2 mg/dL", "not met"),
        (">1 mg/dL", "unknown"),
        ("(in question)", "unknown"),
        ("96.82 mg/dL", "unknown"),  # can hardly be true: was umol/L meant?
    ],
)
def test_creatinine_decides_exactly_and_its_comparator_is_an_interval(creatinine, expected):
    """58 x 48 x 0.85 / (72 x 30) is 1.095555... mg/dL, or 96.869 umol/L."""
    finding = judge(rule(), woman(*of(creatinine)), context())

    assert finding.answer == expected
    assert finding.missing == (("creatinine",) if expected == "unknown" else ())


def test_exactly_the_bound_is_at_least_and_not_above_it():
    """60 years, 72 kg, 1 mg/dL: 68 mL/min to the last digit."""
    facts = of("1 mg/dL", "72 kg")

    assert answer(*facts, born="1965-06-01", asked=rule(at_least=68)) == "met"
    assert answer(*facts, born="1965-06-01", asked=rule(above=68)) == "not met"


def test_a_clearance_just_under_its_bound_is_not_told_as_the_bound():
    """29.99988 rounds to 30, and `30, not at least 30` could not be read."""
    finding = judge(rule(), woman(*of("1.09556 mg/dL")), context())

    assert "creatinine clearance 29.9999 mL/min" in finding.because


def test_a_woman_is_given_less_than_a_man():
    """0.85 of it: without the sex nothing is decided."""
    facts = of("1.2 mg/dL")

    assert answer(*facts) == "not met"
    assert answer(*facts, sex="male") == "met"
    assert answer(*facts, sex=None) == "unknown"


@pytest.mark.parametrize(
    ("born", "expected", "shown"),
    [("1943", "unknown", "30.02 or 29.5"), ("1950", "met", "33.64 or 33.12")],
)
def test_a_partial_birth_date_is_an_interval_of_ages(born, expected, shown):
    """Two ages that answer alike decide; two that do not ask for the birth date."""
    finding = judge(rule(), woman(*of(), born=born), context())

    assert finding.answer == expected
    assert finding.missing == (("age",) if expected == "unknown" else ())
    assert shown in finding.because


def test_everything_that_is_missing_is_named():
    """A coordinator asks once."""
    finding = judge(rule(), book(), context(anchor="first_dose"))

    assert (finding.answer, finding.missing) == (
        "unknown",
        ("age", "sex", "first_dose", "creatinine", "weight"),
    )
    assert finding.because == (
        "creatinine clearance: age, sex, the day of first dose, Creatinine, Weight not known"
    )


def test_a_creatinine_alone_is_missing():
    """The weight is known."""
    finding = judge(rule(), woman(result("weight", "48 kg")), context())

    assert (finding.answer, finding.missing) == ("unknown", ("creatinine",))
    assert finding.because == "Creatinine: not recorded by 2026-03-05"


@pytest.mark.parametrize(
    ("weights", "missing"),
    [
        (("106 [lb_av]",), ()),
        (("<48 kg",), ("weight",)),
        (("480 kg",), ("weight",)),
        (("48 kg", "48.0 kg"), ()),
        (("48 kg", "49 kg"), ("weight",)),
        (("48 cm",), ("weight",)),
    ],
)
def test_the_weight_is_one_exact_number(weights, missing):
    """Pounds convert; a limit, a slip, two weights of one day and a height are none."""
    taken = [result("weight", each, place=str(place)) for place, each in enumerate(weights)]
    finding = judge(rule(), woman(result("creatinine", "1 mg/dL"), *taken), context())

    assert finding.answer == ("unknown" if missing else "met")
    assert finding.missing == missing


@pytest.mark.parametrize(
    ("weights", "told", "shown"),
    [
        (("<48 kg",), "Weight <48 kg on 2026-03-02 is no exact weight", ["<48 kg"]),
        (
            ("48 kg", "49 kg"),
            "weights of one day differ: Weight 48 kg on 2026-03-02; Weight 49 kg on 2026-03-02",
            ["48 kg", "49 kg"],
        ),
    ],
)
def test_the_reason_says_what_is_wrong_with_the_weight(weights, told, shown):
    """With every weight as evidence."""
    taken = [result("weight", each, place=str(place)) for place, each in enumerate(weights)]
    finding = judge(rule(), woman(result("creatinine", "1 mg/dL"), *taken), context())

    assert finding.because == told
    assert [fact.value for fact in finding.evidence] == shown


def test_a_weight_alone_is_missing():
    """The creatinine is known, and not asked for again."""
    finding = judge(rule(), woman(result("creatinine", "1 mg/dL")), context())

    assert (finding.answer, finding.missing) == ("unknown", ("weight",))
    assert finding.because == "creatinine clearance: Weight not known"


WITHOUT_WINDOWS = LABORATORY | {
    "creatinine": term("Creatinine", "mg/dL", "creatinine"),
    "weight": term("Weight", "kg"),
}
"""Terms whose values are held to nothing."""


@pytest.mark.parametrize(
    ("creatinine", "weight", "told", "missing"),
    [
        ("0 mg/dL", "48 kg", "Creatinine 0 mg/dL on 2026-03-02 is no creatinine to divide by",
         "creatinine"),
        ("-1 mg/dL", "48 kg", "Creatinine -1 mg/dL on 2026-03-02 is no creatinine to divide by",
         "creatinine"),
        ("1 mg/dL", "0 kg", "Weight 0 kg on 2026-03-02 is no exact weight", "weight"),
    ],
)  # fmt: skip
def test_nothing_is_divided_by_nothing(creatinine, weight, told, missing):
    """A zero is a fault of the record; half a kilogram is a number all the same."""
    made = replace(context(), terms=WITHOUT_WINDOWS)
    finding = judge(rule(), woman(*of(creatinine, weight)), made)

    assert (finding.answer, finding.because, finding.missing) == ("unknown", told, (missing,))
    assert [fact.what for fact in finding.evidence] == [missing]
    assert judge(rule(), woman(*of("0.01 mg/dL", "0.5 kg")), made).answer == "met"


def test_age_is_missing_while_a_birth_date_leaves_it_open():
    """Not the creatinine, which is exact."""
    finding = judge(rule(), woman(*of(), born="1943"), context())

    assert (finding.answer, finding.missing) == ("unknown", ("age",))
    assert " and age 82 or 83, perhaps at least 30 mL/min" in finding.because


def test_an_infant_has_an_age_too():
    """Of 0 years, 140 x 4 kg / 72: the formula asks nobody how old it may be used for."""
    made = replace(context(), terms=WITHOUT_WINDOWS)
    finding = judge(rule(at_least=7), woman(*of("1 mg/dL", "4 kg"), born="2026-01-01"), made)

    assert (finding.answer, finding.turns_on[:1]) == ("not met", ())
    assert finding.because.startswith("creatinine clearance 6.611 mL/min")


def test_a_converted_weight_shows_both():
    """The evidence has the pounds, and the kilograms of the formula."""
    facts = (result("creatinine", "88.42 umol/L"), result("weight", "110 [lb_av]"))
    finding = judge(rule(), woman(*facts), context())

    assert [fact.converted for fact in finding.evidence] == ["1 mg/dL", "49.8951607 kg", ""]


def test_the_window_is_of_creatinine():
    """An old weight serves, an old creatinine does not."""
    weight = result("weight", "48 kg", "2025-01-01")
    old, new = result("creatinine", "1 mg/dL", "2026-02-01"), result("creatinine", "1 mg/dL")
    asked = rule(within_days=14)

    assert answer(weight, old, asked=asked) == "unknown"
    assert answer(weight, new, asked=asked) == "met"


def test_the_birthday_on_which_the_clearance_crosses_its_bound():
    """Met at 82; at 83 it is 29.50, so that it turns on 1 June; the window ends before."""
    without = judge(rule(), woman(*of()), context())
    windowed = judge(rule(within_days=14), woman(*of()), context())
    far = judge(rule(at_least=20), woman(*of()), context())

    assert without.turns_on == (date(2026, 6, 1),)
    assert windowed.turns_on == (date(2026, 3, 17), date(2026, 6, 1))
    assert far.turns_on == (date(2045, 6, 1),)


@pytest.mark.parametrize(
    ("sides", "turns"),
    [({"above": 34}, [date(2026, 6, 1)]), ({"at_least": 34}, [date(2027, 6, 1)])],
)
def test_a_bound_that_a_birthday_meets_exactly(sides, turns):
    """72 kg and 1 mg/dL are 34 mL/min at 100 years to the last digit: not above it, at least it."""
    finding = judge(rule(**sides), woman(*of("1 mg/dL", "72 kg"), born="1926-06-01"), context())

    assert (finding.answer, list(finding.turns_on)) == ("met", turns)


def test_a_partial_birth_date_may_cross_on_two_days():
    """First it may have, then it has."""
    finding = judge(rule(), woman(*of(), born="1943-06"), context())

    assert finding.turns_on == (date(2026, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize("creatinine", ["0.1 mg/dL", "30 mg/dL"])
def test_extremes_of_what_is_plausible_are_decided(creatinine):
    """As any other value."""
    assert answer(*of(creatinine)) == ("met" if creatinine == "0.1 mg/dL" else "not met")


def test_a_rule_is_said_in_words():
    """With bounds and window."""
    assert say(rule(within_days=14), LABORATORY) == (
        "creatinine clearance by Cockcroft and Gault at least 30 mL/min within 14 days"
    )
    assert say(rule(), LABORATORY) == (
        "creatinine clearance by Cockcroft and Gault at least 30 mL/min"
    )


@pytest.mark.parametrize(
    ("sides", "terms", "found"),
    [
        ({"at_least": 30}, {}, []),
        (
            {"at_least": 60, "below": 50},
            {},
            ["creatinine clearance at least 60 and below 50, which"],
        ),
        ({"at_least": 3000}, {}, ["creatinine clearance at least 3000 mL/min"]),
        ({"at_most": 300}, {}, []),
        ({"above": "0.5"}, {}, []),
        ({"above": 0}, {}, ["above 0 mL/min"]),
        ({"at_least": 30}, {"weight": term("Weight", "cm")}, ["weight recorded in cm"]),
        (
            {"at_least": 30},
            {"creatinine": term("Creatinine", "umol/L")},
            ["creatinine recorded in umol/L"],
        ),
    ],
)
def test_a_rule_that_can_never_be_right_is_one_fault(sides, terms, found):
    """Bounds that cross or that nobody has, terms that do not convert to the formula."""
    faults = list(check(rule(**sides), LABORATORY | terms))

    assert len(faults) == len(found)
    assert all(words in fault[0] for words, fault in zip(found, faults, strict=True))
    assert all(allowed and do for _, allowed, do in faults)


def test_what_to_do_about_a_fault_is_said():
    """The bound, or the term."""
    terms = LABORATORY | {"creatinine": term("Creatinine", "umol/L")}
    [bound] = check(rule(at_least=3000), LABORATORY)
    [unit] = check(rule(), terms)

    assert bound[1:] == ("a clearance above 0, up to 300 mL/min", "Correct the bound")
    assert unit == (
        "creatinine recorded in umol/L",
        "a unit that converts to mg/dL",
        "Correct the unit of the term, or name its substance",
    )
    named = LABORATORY | {"creatinine": term("Creatinine", "umol/L", "creatinine")}
    assert list(check(rule(), named)) == []
