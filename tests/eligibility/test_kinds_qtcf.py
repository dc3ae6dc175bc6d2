"""The mean of several QTcF of one day: recorded, else from QT and RR of one instant."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.eligibility.casebooks import book
from tests.eligibility.laboratory import LABORATORY, context, result, term

from trialwright.eligibility.derived import qtcf
from trialwright.eligibility.kinds.qtcf import check, judge, say
from trialwright.protocol.leaf_rules import QtcfRule


def rule(number=3, within_days=None, **sides):
    """Make a rule: mean of 3 above 470 ms unless said otherwise."""
    sides = {name: Decimal(str(bound)) for name, bound in (sides or {"above": 470}).items()}
    named = {"fact": "qtcf", "qt": "qt", "rr": "rr"}
    return QtcfRule(kind="qtcf", of=number, within_days=within_days, **named, **sides)


def ecgs(*values, name="qtcf", on="2026-03-02", hour=9):
    """Make tracings of one day, five minutes apart in the order given."""
    return [
        result(
            name,
            each if isinstance(each, str) else f"{each} ms",
            on,
            place=f"{name}-{on}-{hour}-{number}",
            at=f"{on}T{hour:02d}:{5 * number:02d}:00",
        )
        for number, each in enumerate(values)
    ]


def pairs(*numbers, on="2026-03-02", hour=9):
    """Make QT and RR of one instant each."""
    qts, rrs = zip(*numbers, strict=True)
    return ecgs(*qts, name="qt", on=on, hour=hour) + ecgs(*rrs, name="rr", on=on, hour=hour)


def answer(*facts, asked=None):
    """Judge facts and give the answer."""
    return str(judge(asked or rule(), book(*facts), context()).answer)


MEAN_460 = ((440, 780), (520, 980), (340, 730))
"""QT and RR whose mean QTcF is 459.70, while the QTcF of their means is 461.10."""


def test_the_mean_of_three_decides():
    """465, 470 and 475 are 470 exactly, which is not above 470."""
    finding = judge(rule(), book(*ecgs(465, 470, 475)), context())

    assert finding.answer == "not met"
    assert finding.because == (
        "mean of 3, QTcF on 2026-03-02: 470 (465, 470, 475), not above 470 ms"
    )
    assert len(finding.evidence) == 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((465, 470, "475.000001 ms"), "met"),
        ((465, 470, "474.999999 ms"), "not met"),
        ((400, 400, 611), "met"),  # two of three are low: the mean counts, no majority
        ((470, 471), "unknown"),
        ((471,), "unknown"),
        ((), "unknown"),
    ],
)
def test_fewer_than_asked_decide_nothing(values, expected):
    """And the mean is exact to the last digit."""
    assert answer(*ecgs(*values)) == expected


def test_a_mean_just_over_its_bound_is_not_told_as_the_bound():
    """`470, above 470` could not be read."""
    finding = judge(rule(), book(*ecgs(465, 470, "475.0003 ms")), context())

    assert ": 470.0001 (465, 470, 475)" in finding.because


def test_the_mean_of_qtcf_is_not_the_qtcf_of_means():
    """459.7 by the protocol, 461.1 by the mean QT and mean RR: the verdict would turn."""
    exact = [(Fraction(qt), Fraction(rr)) for qt, rr in MEAN_460]
    of_means = qtcf(sum(qt for qt, _ in exact) / 3, sum(rr for _, rr in exact) / 3)
    finding = judge(rule(above=460), book(*pairs(*MEAN_460)), context())

    assert f"{float(of_means):.1f}" == "461.1"
    assert "mean of 3, QTcF from QT and RR on 2026-03-02: 459.704" in finding.because
    assert finding.answer == "not met"


def test_qt_and_rr_are_both_evidence():
    """Each pair in its order, as recorded."""
    finding = judge(rule(), book(*pairs(*MEAN_460)), context())

    assert [f"{fact.what} {fact.value}" for fact in finding.evidence] == [
        "qt 440 ms",
        "rr 780 ms",
        "qt 520 ms",
        "rr 980 ms",
        "qt 340 ms",
        "rr 730 ms",
    ]


def test_recorded_qtcf_go_before_calculated_ones():
    """Three recorded decide; two give way to three pairs."""
    calculated = pairs((500, 1000), (500, 1000), (500, 1000))

    assert answer(*calculated, *ecgs(400, 400, 400)) == "not met"
    assert answer(*calculated, *ecgs(400, 400)) == "met"


@pytest.mark.parametrize("order", [1, -1])
def test_of_more_than_asked_the_newest_count(order):
    """The last three of four by their instant, in whatever order they came in."""
    four = ecgs(600, 460, 460, 460)[::order]

    assert answer(*four) == "not met"
    assert answer(*four, asked=rule(4)) == "met"


def test_instants_of_two_time_zones_compare():
    """09:30 at +02:00 is before 08:00 at UTC, though it is written later."""
    early = result("qtcf", "600 ms", at="2026-03-02T09:30:00+02:00")
    late = [result("qtcf", "460 ms", at=f"2026-03-02T08:{each}:00Z") for each in ("00", "10", "20")]

    assert answer(*late, early) == "not met"


def test_without_instants_the_order_of_arrival_counts():
    """The last three that came in."""
    four = [result("qtcf", f"{each} ms") for each in (600, 460, 460, 460)]

    assert answer(*four) == "not met"
    assert answer(*four[::-1]) == "met"


def test_qt_and_rr_pair_by_instant_alone():
    """One instant, however it is written; QT without RR, or without an instant, gives nothing."""
    qts = [result("qt", "500 ms", at=f"2026-03-02T09:0{each}:00Z") for each in range(3)]
    rrs = [result("rr", "1000 ms", at=f"2026-03-02T10:0{each}:00.000+01:00") for each in range(3)]
    dated = [result(name, f"{each} ms") for name, each in (("qt", 500), ("rr", 1000))]

    assert answer(*qts, *rrs) == "met"
    assert answer(*qts, *rrs[:2], *dated) == "unknown"


def test_the_newest_day_with_pairs_counts():
    """QT of a later day without RR are no pairs; later pairs that are too few are."""
    whole = pairs((500, 1000), (500, 1000), (500, 1000))
    later = pairs((400, 1000), (400, 1000), on="2026-03-03")

    assert answer(*whole, *later[:2]) == "met"
    assert answer(*whole, *later) == "unknown"
    assert answer(*later, *pairs((500, 1000), (500, 1000), (500, 1000), on="2026-03-04")) == "met"


def test_one_day_alone_counts():
    """Two of one day and one of the day before are no three."""
    finding = judge(
        rule(), book(*ecgs(480, on="2026-03-01"), *ecgs(480, 480, on="2026-03-02")), context()
    )

    assert finding.answer == "unknown"
    assert finding.because == "QTcF: 2 of 3 ECGs on 2026-03-02"


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        (">475 ms", "met"),
        (">=475 ms", "unknown"),
        (">400 ms", "unknown"),
        ("<475 ms", "not met"),
        ("<=475 ms", "not met"),
        ("<480 ms", "unknown"),
    ],
)
def test_a_comparator_makes_the_mean_an_interval(third, expected):
    """Unknown unless the whole interval lies on one side."""
    assert answer(*ecgs(465, 470, third)) == expected


def test_comparators_of_both_sides_decide_nothing():
    """One may be far less, another far more."""
    assert answer(*ecgs("<300 ms", ">700 ms", 470)) == "unknown"


def test_a_calculated_qtcf_needs_exact_numbers():
    """A limit of QT or RR gives none, nor what can hardly be true."""
    exact = pairs((500, 1000), (500, 1000))

    assert answer(*exact, *pairs((">500 ms", 1000), hour=10)) == "unknown"
    assert answer(*exact, *pairs((500, "<1000 ms"), hour=10)) == "unknown"
    assert answer(*exact, *pairs((500, 60), hour=10)) == "unknown"


def test_the_reason_names_the_number_that_is_none():
    """An RR of 60 is a heart rate; QT and RR of that ECG are the evidence."""
    finding = judge(rule(1), book(*pairs((500, 60))), context())

    assert finding.because == ("RR 60 ms on 2026-03-02 can hardly be true (is the unit right?)")
    assert [fact.what for fact in finding.evidence] == ["qt", "rr"]


@pytest.mark.parametrize(
    ("qt", "rr", "told"),
    [
        (">500 ms", 1000, "QT >500 ms on 2026-03-02 with RR 1000 ms on 2026-03-02 gives no QTcF"),
        (500, "<1000 ms", "QT 500 ms on 2026-03-02 with RR <1000 ms on 2026-03-02 gives no QTcF"),
        (100, 1000, "QT 100 ms on 2026-03-02 can hardly be true (is the unit right?)"),
        (100, 60, "QT 100 ms on 2026-03-02 can hardly be true (is the unit right?)"),
    ],
)
def test_an_ecg_that_gives_no_qtcf_is_shown_with_what_is_missing(qt, rr, told):
    """QT and RR are both evidence; a new QT would decide."""
    finding = judge(rule(1), book(*pairs((qt, rr))), context())

    assert (finding.answer, finding.because, finding.missing) == ("unknown", told, ("qt",))
    assert [fact.what for fact in finding.evidence] == ["qt", "rr"]


@pytest.mark.parametrize(("rr", "expected"), [("0 ms", "unknown"), ("1 ms", "met")])
def test_an_rr_of_nothing_divides_nothing(rr, expected):
    """Where the term has no window, a zero is still none; any number above it is one."""
    made = replace(context(), terms=LABORATORY | {"rr": term("RR", "ms")})

    assert judge(rule(1), book(*pairs((400, rr))), made).answer == expected


def test_pairs_of_the_newest_day_are_counted():
    """Two ECGs of 2 March are too few; one of 1 March does not make them three."""
    facts = [*pairs((400, 1000), on="2026-03-01"), *pairs((400, 1000), (400, 1000))]
    finding = judge(rule(), book(*facts), context())

    assert (finding.answer, finding.missing) == ("unknown", ("qtcf",))
    assert finding.because == "QTcF: 2 of 3 ECGs on 2026-03-02"


def test_a_single_ecg_suffices_where_one_is_asked():
    """Recorded or calculated; it turns when it leaves the window."""
    asked = rule(1, within_days=14)
    recorded = judge(asked, book(*ecgs(480)), context())
    calculated = judge(asked, book(*pairs((480, 1000))), context())

    assert (recorded.answer, recorded.turns_on) == ("met", (date(2026, 3, 17),))
    assert recorded.because.startswith("mean of 1, QTcF on 2026-03-02: ")
    assert (calculated.answer, calculated.turns_on) == ("met", (date(2026, 3, 17),))
    assert calculated.because.startswith("mean of 1, QTcF from QT and RR on 2026-03-02: ")


def test_an_open_mean_names_qtcf_and_shows_every_ecg():
    """A limit leaves it open; so does a day that is not sure."""
    limited = judge(rule(), book(*ecgs(465, 470, "<480 ms")), context())
    unsure = judge(rule(), book(*(result("qtcf", "480 ms", "2026-02") for _ in "123")), context())

    assert (limited.answer, limited.missing, len(limited.evidence)) == ("unknown", ("qtcf",), 3)
    assert (unsure.answer, unsure.missing, len(unsure.evidence)) == ("unknown", ("qtcf",), 3)


def test_what_cannot_be_true_is_asked_about():
    """0.47 is a QTcF in seconds: the unit is questioned and never guessed."""
    finding = judge(rule(), book(*ecgs(465, 470, "0.475 ms")), context())

    assert finding.answer == "unknown"
    assert "can hardly be true (is the unit right?)" in finding.because


def test_seconds_convert():
    """And the evidence shows both."""
    seconds = judge(rule(), book(*ecgs("0.465 s", "0.47 s", "0.476 s")), context())

    assert seconds.answer == "met"
    assert [fact.converted for fact in seconds.evidence] == ["465 ms", "470 ms", "476 ms"]


def test_an_older_day_leaves_the_window():
    """Three ECGs of 2 March count for 14 days."""
    found = ecgs(480, 480, 480)
    fresh = judge(rule(within_days=14), book(*found), context())
    old = judge(rule(within_days=2), book(*found), context())

    assert (fresh.answer, fresh.turns_on) == ("met", (date(2026, 3, 17),))
    assert (old.answer, old.missing) == ("unknown", ("qtcf",))
    assert old.because == "QTcF: is older than 2 days"


@pytest.mark.parametrize("on", ["2026-03", "2026-02"])
def test_a_day_that_is_not_sure_decides_nothing(on):
    """ECGs of some day of a month may be of several days."""
    partial = [result("qtcf", "480 ms", on) for _ in range(3)]

    assert answer(*partial) == "unknown"


def test_an_ecg_that_may_be_of_the_same_day_decides_nothing():
    """Of 28 February two are sure, and one of some day of that month."""
    finding = judge(
        rule(),
        book(*ecgs(480, 480, on="2026-02-28"), result("qtcf", "480 ms", "2026-02")),
        context(),
    )

    assert finding.answer == "unknown"
    assert finding.because == "QTcF: a day that is not sure"


def test_nothing_recorded_is_unknown():
    """It names QTcF; a QT alone says how many ECGs there are."""
    nothing = judge(rule(), book(), context())
    alone = judge(rule(), book(*ecgs(400, name="qt")), context())

    assert (nothing.because, nothing.missing) == ("QTcF: not recorded by 2026-03-05", ("qtcf",))
    assert (alone.because, alone.missing) == ("QTcF: 0 of 3 ECGs on 2026-03-02", ("qtcf",))


def test_a_rule_is_said_in_words():
    """With number and window."""
    assert (
        say(rule(within_days=28), LABORATORY) == "mean QTcF of 3 ECGs above 470 ms within 28 days"
    )
    assert say(rule(), LABORATORY) == "mean QTcF of 3 ECGs above 470 ms"


@pytest.mark.parametrize(
    ("sides", "terms", "found"),
    [
        ({"above": 470}, {}, []),
        ({"above": 470, "below": 450}, {}, ["QTcF above 470 and below 450, which nothing can be"]),
        ({"above": "0.47"}, {}, ["QTcF above 0.47 ms"]),
        ({"above": 470}, {"rr": term("Heart rate", "/min")}, ["rr recorded in /min"]),
        ({"above": 470}, {"qtcf": term("QTcF", "mm")}, ["qtcf recorded in mm"]),
    ],
)
def test_a_rule_that_can_never_be_right_is_one_fault(sides, terms, found):
    """Bounds that cross or lie where no QTcF is, and terms that are no time."""
    faults = list(check(rule(**sides), LABORATORY | terms))

    assert [what for what, _, _ in faults] == found
    assert all(allowed and do for _, allowed, do in faults)
