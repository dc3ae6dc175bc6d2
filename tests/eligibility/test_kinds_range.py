"""A result in the laboratory's own range for a group of people."""

from datetime import date

import pytest
from tests.eligibility.casebooks import book
from tests.eligibility.laboratory import LABORATORY, context, line, result

from trialwright.eligibility.kinds.range import check, judge, say
from trialwright.protocol.leaf_rules import RangeRule

POST = (25, 135, "postmenopausal")


def rule(within_days=None, fact="fsh"):
    """Make a rule: FSH in the postmenopausal range."""
    return RangeRule(kind="range", fact=fact, group="postmenopausal", within_days=within_days)


def answer(*facts, lines=()):
    """Judge facts and give the answer."""
    return str(judge(rule(), book(*facts), context(*lines)).answer)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("25 [IU]/L", "met"),
        ("135 [IU]/L", "met"),
        ("24.999 [IU]/L", "not met"),
        ("135.001 [IU]/L", "not met"),
        (">100 [IU]/L", "unknown"),
        ("<25 [IU]/L", "not met"),
        (">135 [IU]/L", "not met"),
    ],
)
def test_the_ends_of_the_own_range_are_included(value, expected):
    """A comparator that straddles an end leaves it open, and the fact is asked for again."""
    finding = judge(rule(), book(result("fsh", value, groups=[POST])), context())

    assert finding.answer == expected
    assert finding.missing == (("fsh",) if expected == "unknown" else ())


@pytest.mark.parametrize(
    ("ends", "value", "expected"),
    [
        ((25, None), "400 [IU]/L", "met"),
        ((25, None), ">30 [IU]/L", "met"),
        ((25, None), "24 [IU]/L", "not met"),
        ((None, 135), "0 [IU]/L", "met"),
        ((None, 135), "<30 [IU]/L", "met"),
        ((None, 135), "<200 [IU]/L", "unknown"),
        ((None, 135), "136 [IU]/L", "not met"),
        ((None, None), "60 [IU]/L", "unknown"),
    ],
)
def test_a_range_may_be_open_on_one_side(ends, value, expected):
    """Open on both sides it would hold everything, and says nothing."""
    found = result("fsh", value, groups=[(*ends, "postmenopausal")])
    finding = judge(rule(), book(found), context())
    told = {(25, None): "range from 25 [IU]/L (", (None, 135): "range to 135 [IU]/L ("}

    assert finding.answer == expected
    assert told.get(ends, "no postmenopausal range") in finding.because


@pytest.mark.parametrize(
    ("low", "value", "expected"),
    [
        (0, "<5 [IU]/L", "met"),
        (-1, "<=5 [IU]/L", "met"),
        (0, "<200 [IU]/L", "unknown"),
        (1, "<5 [IU]/L", "unknown"),
        (0, "-1 [IU]/L", "unknown"),
    ],
)
def test_no_value_lies_under_a_range_that_begins_where_values_do(low, value, expected):
    """A hormone is not under 0, whatever the comparator leaves open."""
    found = result("fsh", value, groups=[(low, 135, "postmenopausal")])

    assert answer(found) == expected


def test_the_reason_names_the_range_and_where_it_stands():
    """Read aloud it says whether it is right."""
    finding = judge(rule(), book(result("fsh", "60 [IU]/L", groups=[POST])), context())

    assert finding.because == (
        "FSH 60 [IU]/L on 2026-03-02, in the postmenopausal range from 25 to 135 [IU]/L (own range)"
    )


def test_a_range_of_another_group_or_of_everybody_does_not_serve():
    """The follicular range and the general range say nothing of the menopause."""
    finding = judge(
        rule(),
        book(result("fsh", "60 [IU]/L", low=1, high=200, groups=[(1, 200, "follicular")])),
        context(),
    )

    assert (finding.answer, finding.missing) == ("unknown", ("fsh",))
    assert finding.because == (
        "FSH 60 [IU]/L on 2026-03-02: no postmenopausal range of its laboratory is recorded"
    )


def test_the_table_of_the_institution_serves_where_the_result_has_no_such_range():
    """The own range of the group goes before it; a line of another group does not serve."""
    lines = (
        line("fsh", "[IU]/L", 1, 200, "follicular"),
        line("fsh", "[IU]/L", None, None, "postmenopausal"),
        line("fsh", "m[IU]/mL", 70, 135, "postmenopausal"),
    )

    assert answer(result("fsh", "60 [IU]/L"), lines=lines) == "not met"
    assert answer(result("fsh", "70 [IU]/L"), lines=lines) == "met"
    assert answer(result("fsh", "60 [IU]/L", groups=[POST]), lines=lines) == "met"
    assert answer(result("fsh", "60 [IU]/L"), lines=lines[:2]) == "unknown"
    assert answer(result("fsh", "135 [IU]/L"), lines=lines) == "met"
    assert answer(result("fsh", "136 [IU]/L"), lines=lines) == "not met"
    told = judge(rule(), book(result("fsh", "70 [IU]/L")), context(*lines)).because
    assert told.endswith("range from 70 to 135 [IU]/L (institution's table page 1)")


def test_the_range_converts_with_its_result():
    """mIU/mL is IU/L by another name; the evidence shows the converted value."""
    finding = judge(
        rule(),
        book(result("fsh", "25000 m[IU]/L", groups=[(25000, None, "postmenopausal")])),
        context(),
    )

    assert finding.answer == "met"
    assert finding.evidence[0].converted == "25 [IU]/L"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("36 pmol/L", "met"), ("9.9 pg/mL", "met"), ("37 pmol/L", "not met"), ("10 pg/mL", "not met")],
)
@pytest.mark.parametrize("is_own", [True, False])
def test_mass_and_amount_of_estradiol_convert(value, expected, is_own):
    """Under 36.7 pmol/L, 9.996346 pg/mL at 272.38 g/mol; in the result's own range or the table."""
    in_mass = value.endswith("pg/mL")
    end = "9.996346" if in_mass and is_own else "36.7"
    groups = [(None, end, "postmenopausal")] if is_own else []
    lines = () if is_own else (line("estradiol", "pmol/L", None, "36.7", "postmenopausal"),)
    facts = book(result("estradiol", value, groups=groups))
    finding = judge(rule(fact="estradiol"), facts, context(*lines))

    assert finding.answer == expected
    assert "range to 9.99635 pg/mL (" in finding.because


def test_both_ends_of_a_converted_range_are_told_with_six_digits():
    """18.35 pmol/L are 4.998173 pg/mL."""
    lines = (line("estradiol", "pmol/L", "18.35", "36.7", "postmenopausal"),)
    finding = judge(rule(fact="estradiol"), book(result("estradiol", "8 pg/mL")), context(*lines))

    assert finding.answer == "met"
    assert "range from 4.99817 to 9.99635 pg/mL (" in finding.because


def test_the_newest_result_counts_and_leaves_its_window():
    """An older one inside the range does not take its place."""
    older = result("fsh", "60 [IU]/L", "2026-02-01", groups=[POST])
    newer = result("fsh", "10 [IU]/L", "2026-03-01", groups=[POST])

    assert answer(newer, older) == "not met"
    finding = judge(rule(within_days=28), book(older, newer), context())
    assert finding.turns_on == (date(2026, 3, 30),)


def test_nothing_recorded_is_unknown():
    """It names the fact."""
    finding = judge(rule(), book(), context())

    assert (finding.answer, finding.missing) == ("unknown", ("fsh",))


def test_a_rule_is_said_in_words():
    """And there is nothing to find wrong at design time."""
    said = "latest FSH in the laboratory's own postmenopausal range within 28 days"

    assert say(rule(within_days=28), LABORATORY) == said
    assert say(rule(), LABORATORY) == said.removesuffix(" within 28 days")
    assert list(check(rule(), LABORATORY)) == []
