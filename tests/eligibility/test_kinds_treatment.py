"""Treatments of a set: wash-outs are counted from the last dose, never from the first."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, TERMS, book, context, covers, said, took, when

from trialwright.eligibility.kinds.treatment import check, judge, say, washout_days
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.protocol.vocabulary import Medicine, Term

MEDICINES = {
    "letrozole": Medicine(says="Letrozole", half_life_hours=Decimal(48)),
    "enzalutamide": Medicine(says="Enzalutamide", half_life_hours=Decimal("139.2")),
    "ketoconazole": Medicine(says="Ketoconazole", half_life_hours=Decimal(8)),
    "mitotane": Medicine(says="Mitotane"),
    "phenytoin": Medicine(
        says="Phenytoin", half_life_hours=Decimal(1), unverified=("half_life_hours",)
    ),
    "goserelin": Medicine(says="Goserelin"),
}
SETS = {
    **TERMS,
    "cyp3a": Term(
        says="Strong CYP3A inhibitor",
        kind="treatment",
        members=("enzalutamide", "ketoconazole", "mitotane", "phenytoin"),
    ),
    "cleared": Term(
        says="Cleared", kind="treatment", members=("mitotane",), cleared_after_days=100
    ),
    "brief": Term(says="Brief", kind="treatment", members=("mitotane",), cleared_after_days=1),
    "anticancer": Term(says="Anti-cancer therapy", kind="treatment", members=("letrozole",)),
}
COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 30}
YES = said("complete", "yes")


def rule(fact="cyp3a", when="within", **fields):
    """Make a rule; a wash-out is of 14 days unless another is given."""
    if when == "within":
        fields = {"days": 14} | fields
    return TreatmentRule(kind="treatment", fact=fact, when=when, **fields)


def found(asked, *facts, **circumstances):
    """Judge facts in a context that knows the medicines."""
    made = context(terms=SETS, **circumstances)
    return judge(asked, book(*facts), replace(made, medicines=MEDICINES))


def answer(asked, *facts, **circumstances):
    """Judge facts and give the answer."""
    return str(found(asked, *facts, **circumstances).answer)


def ago(days):
    """Give the day so many days before the day judged, as text."""
    return (DAY - timedelta(days=days)).isoformat()


def after(days):
    """Give the day so many days after the day judged."""
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(("days", "expected"), [(0, "met"), (14, "met"), (15, "not met")])
def test_a_wash_out_is_counted_from_the_last_dose(days, expected):
    """A treatment that began years ago and ended 14 days ago has not washed out."""
    fact = took("ketoconazole", "2019-01-01", ago(days))

    assert answer(rule(**COMPLETE), fact, YES) == expected


def test_a_long_exposure_is_not_washed_out_because_it_began_long_ago():
    """Judged by its first day alone it would be; judged by its last dose it is not."""
    fact = took("ketoconazole", ago(4000), ago(1))
    finding = found(rule(**COMPLETE), fact, YES)

    assert finding.answer == "met"
    assert ", 1 days before registration 2026-03-05 (within 14 days)" in finding.because


@pytest.mark.parametrize(
    ("days", "expected"), [(15, "met"), (28, "met"), (29, "met"), (30, "not met")]
)
def test_enzalutamide_washes_out_after_five_half_lives(days, expected):
    """5 x 5.8 days are 29 days, which is longer than 14."""
    fact = took("enzalutamide", "2024-01-01", ago(days))

    assert answer(rule(half_lives=Decimal(5), **COMPLETE), fact, YES) == expected


def test_half_lives_are_exact():
    """No float turns 29 days into a little less, and the longer of both binds."""
    made = replace(context(terms=SETS), medicines=MEDICINES)
    asked = rule(half_lives=Decimal(5))

    assert washout_days(asked, MEDICINES["enzalutamide"], made) == (Fraction(29), Fraction(29))
    assert washout_days(asked, MEDICINES["ketoconazole"], made) == (Fraction(14), Fraction(14))
    assert washout_days(rule(), MEDICINES["mitotane"], made) == (Fraction(14), Fraction(14))


@pytest.mark.parametrize("medicine", ["mitotane", "phenytoin"])
@pytest.mark.parametrize(("days", "expected"), [(14, "met"), (15, "unknown"), (900, "unknown")])
def test_a_half_life_that_nobody_knows_or_verified_decides_nothing(medicine, days, expected):
    """Within the days it is certain; after them nobody can tell."""
    finding = found(rule(half_lives=Decimal(5), **COMPLETE), took(medicine, None, ago(days)), YES)

    assert finding.answer == expected
    assert finding.missing == (("cyp3a",) if expected == "unknown" else ())
    assert "its half-life is not known" in finding.because


@pytest.mark.parametrize(
    ("days", "expected"), [(14, "met"), (15, "unknown"), (100, "unknown"), (101, "not met")]
)
def test_after_the_clearance_of_a_set_no_half_life_matters(days, expected):
    """It ends what a missing half-life leaves open."""
    asked = rule("cleared", half_lives=Decimal(5), **COMPLETE)

    assert answer(asked, took("mitotane", None, ago(days)), YES) == expected


@pytest.mark.parametrize(
    ("since", "is_ongoing", "recorded", "expected"),
    [
        # active: goes on, however long ago it began
        ("2019-01-01", True, None, "met"),
        # the record does not say
        ("2019-01-01", None, None, "unknown"),
        (None, None, None, "unknown"),
        # completed on an unknown day
        ("2019-01-01", False, None, "unknown"),
        ("2019-01-01", False, "2026-02-18", "not met"),
        ("2019-01-01", False, "2026-02-19", "unknown"),
        # begun so lately that every possible last dose lies within
        ("2026-02-19", None, None, "met"),
        ("2026-02-19", False, None, "met"),
        ("2026-02-18", None, None, "unknown"),
    ],
)
def test_an_open_ended_exposure(since, is_ongoing, recorded, expected):
    """Going on, ended some day, or not said: three answers."""
    fact = took("ketoconazole", since, is_ongoing=is_ongoing, recorded=when(recorded))

    assert answer(rule(**COMPLETE), fact, YES) == expected


def test_treatment_that_goes_on_is_not_washed_out_before_a_first_dose_far_ahead():
    """Whoever takes it today may take it up to that day; one that ended today may be washed out."""
    circumstances = {"anchor": "first_dose", "first_dose": after(20)}
    goes_on = took("ketoconazole", "2025-01-01", is_ongoing=True)
    ended = took("ketoconazole", "2025-01-01", ago(0))

    assert answer(rule(**COMPLETE), goes_on, YES, **circumstances) == "unknown"
    assert answer(rule(**COMPLETE), ended, YES, **circumstances) == "not met"


@pytest.mark.parametrize(("gap", "expected"), [(3, "met"), (4, "not met")])
def test_a_wash_out_is_counted_to_the_anchor_and_not_to_the_day_judged(gap, expected):
    """11 days before registration are 15 before a first dose planned four days later."""
    fact = took("ketoconazole", "2025-01-01", ago(11))
    circumstances = {"anchor": "first_dose", "first_dose": after(gap)}

    assert answer(rule(**COMPLETE), fact, YES, **circumstances) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-02", "unknown"), ("2026-01", "not met"), ("2026-03", "met"), ("2026", "unknown")],
)
def test_a_last_dose_known_to_the_month(until, expected):
    """A month that straddles the start of the wash-out decides nothing."""
    assert answer(rule(**COMPLETE), took("ketoconazole", "2025-01-01", until), YES) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [("2026-03-06", None, "unknown"), ("2026-03", None, "unknown"), ("2026", ago(1), "met")],
)
def test_treatment_from_the_future_never_counts(since, until, expected):
    """Nor one that may be; what has ended had begun."""
    fact = took("ketoconazole", since, until, is_ongoing=True)

    assert answer(rule(when="ever"), fact) == expected


def test_a_gonadotropin_agonist_outside_the_set_is_no_anticancer_therapy():
    """Only members of the set count."""
    facts = [took("goserelin", "2025-01-01", is_ongoing=True), YES]

    assert answer(rule("anticancer", **COMPLETE), *facts) == "not met"
    assert answer(rule("anticancer", "ever"), *facts) == "unknown"


def test_what_is_applied_locally_never_counts():
    """Ketoconazole shampoo is no strong CYP3A inhibitor, and leaves the record silent."""
    shampoo = took("ketoconazole", ago(3), is_ongoing=True, is_local=True)
    tablet = took("ketoconazole", ago(3), is_ongoing=True)

    assert answer(rule(**COMPLETE), shampoo, YES) == "not met"
    assert answer(rule(), shampoo) == "unknown"
    assert answer(rule(when="now"), shampoo, tablet) == "met"


def test_old_records_leave_silence_about_any_other():
    """Not met only where silence is absence; the reason tells both."""
    old = took("ketoconazole", "2020-01-01", "2020-02-01")
    open_one = found(rule(), old)
    closed = found(rule(**COMPLETE), old, YES)

    assert (open_one.answer, open_one.missing) == ("unknown", ("cyp3a",))
    assert open_one.because.endswith("Strong CYP3A inhibitor beside these: nothing recorded")
    assert closed.answer == "not met"
    assert [each.what for each in closed.evidence] == ["ketoconazole", "complete"]
    assert closed.because.endswith("nothing recorded in a record known to be complete")


def test_no_record_at_all_is_silence():
    """By the policy of the rule."""
    assert answer(rule()) == "unknown"
    assert answer(rule(not_recorded="absent")) == "not met"
    assert answer(rule(**COMPLETE)) == "unknown"
    assert answer(rule(**COMPLETE), covers("2025-01-01", "2026-03-05")) == "not met"


def test_one_record_that_counts_decides_and_is_the_only_evidence():
    """Old and undecided ones beside it are not told."""
    facts = [
        took("enzalutamide", "2020-01-01", "2020-02-01", place="old"),
        took("mitotane", "2020-01-01", place="open"),
        took("ketoconazole", "2020-01-01", ago(2), place="recent"),
    ]
    finding = found(rule(half_lives=Decimal(5)), *facts)

    assert finding.answer == "met"
    assert [each.source.place for each in finding.evidence] == ["MedicationStatement/recent"]
    assert "Enzalutamide" not in finding.because


@pytest.mark.parametrize(
    ("until", "is_ongoing", "now"),
    [
        (None, True, "met"),
        (None, False, "not met"),
        (None, None, "unknown"),
        (ago(0), None, "met"),
        (ago(1), None, "not met"),
        ("2026-03", None, "unknown"),
    ],
)
def test_treatment_that_goes_on_now(until, is_ongoing, now):
    """A dose on the day judged goes on; an open end that is not said to go on decides nothing."""
    fact = took("ketoconazole", "2025-01-01", until, is_ongoing=is_ongoing)

    assert answer(rule(when="now", **COMPLETE), fact, YES) == now
    assert answer(rule(when="ever"), fact) == "met"


@pytest.mark.parametrize(
    ("since", "changed", "is_ongoing", "expected"),
    [
        (ago(13), None, True, "met"),
        (ago(14), None, True, "not met"),
        (ago(400), ago(13), True, "met"),
        (ago(400), ago(14), True, "not met"),
        (ago(400), ago(0), True, "met"),
        (ago(400), after(1).isoformat(), True, "not met"),
        (None, ago(13), True, "met"),
        (None, None, True, "unknown"),
        ("2026-02", None, True, "unknown"),
        (ago(5), None, False, "not met"),
        (None, None, False, "not met"),
        (ago(5), None, None, "unknown"),
        (ago(400), None, None, "not met"),
    ],
)
def test_treatment_begun_or_changed_within_days(since, changed, is_ongoing, expected):
    """It must go on; its last change of dose up to the day judged counts."""
    fact = took("ketoconazole", since, is_ongoing=is_ongoing, changed=when(changed))
    asked = rule(when="started-within", days=13, **COMPLETE)

    assert answer(asked, fact, YES) == expected


@pytest.mark.parametrize(("days", "expected"), [(4, "not met"), (5, "unknown"), (32, "met")])
def test_a_beginning_known_to_the_month_may_lie_within_days(days, expected):
    """The 28th of February is 5 days before, the first 32."""
    fact = took("ketoconazole", "2026-02", is_ongoing=True)

    assert answer(rule(when="started-within", days=days, **COMPLETE), fact, YES) == expected


def test_what_ended_was_not_begun_within_days():
    """Only a treatment that goes on is asked for."""
    asked = rule(when="started-within", days=13, not_recorded="absent")

    assert answer(asked, took("ketoconazole", ago(5), ago(1))) == "not met"
    assert answer(asked, took("ketoconazole", ago(5), ago(0))) == "met"


@pytest.mark.parametrize(
    ("stopped_for", "is_ongoing", "until", "expected"),
    [
        ("progression", None, "2024-02-01", "met"),
        ("toxicity", None, "2024-02-01", "not met"),
        (None, None, "2024-02-01", "unknown"),
        (None, True, None, "not met"),
        (None, None, None, "unknown"),
    ],
)
def test_only_treatment_that_ended_for_a_reason_asked_counts(
    stopped_for, is_ongoing, until, expected
):
    """What goes on has not ended; a reason that nobody recorded decides nothing."""
    fact = took("letrozole", "2024-01-01", until, is_ongoing=is_ongoing, stopped_for=stopped_for)
    asked = rule("anticancer", "ever", stopped_for=("progression",), **COMPLETE)

    assert answer(asked, fact, YES) == expected


def test_the_end_of_a_wash_out_is_told():
    """The first day of the anchor on which nothing of it is left, for both ends of a month."""
    exact = found(rule(half_lives=Decimal(5)), took("enzalutamide", None, ago(3)))
    month = found(rule(), took("ketoconazole", None, "2026-03"))
    over = found(rule(), took("ketoconazole", None, ago(300)))

    assert exact.turns_on == (after(27),)
    assert month.turns_on == (date(2026, 3, 16), date(2026, 3, 20))
    assert over.turns_on == ()


@pytest.mark.parametrize(
    ("asked", "fact", "told"),
    [
        (
            rule(),
            took("ketoconazole", None, ago(3)),
            "Ketoconazole last dose 2026-03-02, 3 days before registration 2026-03-05 "
            "(within 14 days)",
        ),
        (
            rule(),
            took("ketoconazole", ago(40), is_ongoing=True),
            "Ketoconazole since 2026-01-24, going on, 0 days before registration 2026-03-05 "
            "(within 14 days)",
        ),
        (
            rule(half_lives=Decimal(5)),
            took("mitotane", ago(40)),
            "Mitotane since 2026-01-24, end not recorded, 0 or more days before registration "
            "2026-03-05 (its half-life is not known, so that more than 14 days may count)",
        ),
        (
            rule(half_lives=Decimal(5)),
            took("mitotane", None, ago(3)),
            "Mitotane last dose 2026-03-02, 3 days before registration 2026-03-05 "
            "(within 14 days; its half-life is not known)",
        ),
        (
            rule(when="now"),
            took("ketoconazole", ago(40), is_ongoing=True),
            "Ketoconazole since 2026-01-24, going on, taken on 2026-03-05",
        ),
        (
            rule(when="now"),
            took("ketoconazole", ago(40), ago(1)),
            "Ketoconazole since 2026-01-24, last dose 2026-03-04, over on 2026-03-05; Strong CYP3A "
            "inhibitor beside these: nothing recorded",
        ),
        (
            rule(when="now"),
            took("ketoconazole", ago(40), "2026-03"),
            "Ketoconazole since 2026-01-24, last dose 2026-03, perhaps taken on 2026-03-05",
        ),
        (
            rule(when="ever"),
            took("ketoconazole", "2020-01-01", "2020-02-01", stopped_for="toxicity"),
            "Ketoconazole since 2020-01-01, last dose 2020-02-01",
        ),
        (
            rule(when="ever", stopped_for=("toxicity",)),
            took("ketoconazole", "2020-01-01", "2020-02-01", stopped_for="toxicity"),
            "Ketoconazole since 2020-01-01, last dose 2020-02-01, stopped for toxicity",
        ),
        (
            rule(when="ever", stopped_for=("toxicity",)),
            took("ketoconazole", "2020-01-01", "2020-02-01"),
            "Ketoconazole since 2020-01-01, last dose 2020-02-01, stopped for a reason not "
            "recorded",
        ),
        (
            rule(when="started-within", days=13),
            took("ketoconazole", ago(5), is_ongoing=True),
            "Ketoconazole since 2026-02-28, going on, on this dose for 5 days before 2026-03-05",
        ),
        (
            rule(when="started-within", days=13),
            took("ketoconazole", None, is_ongoing=True),
            "Ketoconazole going on, first dose not recorded",
        ),
    ],
)
def test_the_reason_says_medicine_doses_and_time(asked, fact, told):
    """As somebody would read it aloud from the record."""
    assert found(asked, fact).because == told


def test_the_reason_names_the_anchor_and_every_record_that_decides():
    """Two that count stand beside each other; one that does not, before the silence."""
    facts = [took("ketoconazole", None, ago(days)) for days in (3, 4)]
    both = found(rule(), *facts, anchor="first_dose", first_dose=after(5))
    old = [took("ketoconazole", None, ago(days)) for days in (300, 301)]
    silent = found(rule(**COMPLETE), *old, YES)

    assert both.because == (
        "Ketoconazole last dose 2026-03-02, 8 days before first dose 2026-03-10 (within 14 days); "
        "Ketoconazole last dose 2026-03-01, 9 days before first dose 2026-03-10 (within 14 days)"
    )
    assert silent.because == (
        "Ketoconazole last dose 2025-05-09, 300 days before registration 2026-03-05 "
        "(not within 14 days); Ketoconazole last dose 2025-05-08, 301 days before registration "
        "2026-03-05 (not within 14 days); Strong CYP3A inhibitor beside these: nothing recorded in "
        "a record known to be complete"
    )
    assert found(rule()).because == "Strong CYP3A inhibitor: nothing recorded"


@pytest.mark.parametrize(
    ("last", "first_dose", "turns"),
    [
        # 14 days end on the 15th: on the anchor itself they are over
        (15, None, []),
        (14, None, [1]),
        # nothing lies ahead of a first dose that the wash-out does not reach
        (9, 10, []),
        (3, 10, [12]),
    ],
)
def test_what_turns_lies_after_the_anchor(last, first_dose, turns):
    """A wash-out that is over by then turns nothing more."""
    anchors = {"anchor": "first_dose", "first_dose": after(first_dose)} if first_dose else {}
    finding = found(rule(), took("ketoconazole", None, ago(last)), **anchors)

    assert finding.turns_on == tuple(after(days) for days in turns)


def test_treatment_with_a_last_dose_ahead_goes_on_until_the_day_after():
    """A planned end is an end."""
    fact = took("ketoconazole", ago(40), after(5).isoformat())
    finding = found(rule(when="now"), fact)

    assert (finding.answer, finding.turns_on) == ("met", (after(6),))
    assert answer(rule(when="now", **COMPLETE), fact, YES, as_of=after(5)) == "met"
    assert answer(rule(when="now", not_recorded="absent"), fact, as_of=after(6)) == "not met"


def test_a_change_of_dose_is_counted_to_the_anchor():
    """Begun 10 days ago is 15 days before a first dose in 5 days."""
    fact = took("ketoconazole", ago(10), is_ongoing=True)
    asked = rule(when="started-within", days=13, not_recorded="absent")

    assert answer(asked, fact) == "met"
    assert answer(asked, fact, anchor="first_dose", first_dose=after(5)) == "not met"


def test_nothing_turns_beyond_the_calendar():
    """The last days of the year 9999 have no day after."""
    fact = took("ketoconazole", None, "9999-12-17")
    finding = found(rule(), fact, as_of=date(9999, 12, 20))

    assert (finding.answer, finding.turns_on) == ("met", ())


def test_treatment_that_goes_on_to_the_last_day_of_the_calendar_never_ends():
    """As some records write that there is no end."""
    finding = found(rule(when="now"), took("ketoconazole", ago(40), "9999-12-31"))

    assert (finding.answer, finding.turns_on) == ("met", ())


@pytest.mark.parametrize(("last", "expected"), [(0, "met"), (1, "unknown")])
def test_half_lives_alone_are_a_wash_out_too(last, expected):
    """Of 0 days and 5 half-lives, the day of the dose itself is certainly within."""
    asked = rule(days=0, half_lives=Decimal(5), **COMPLETE)

    assert answer(asked, took("mitotane", None, ago(last)), YES) == expected


@given(
    days=st.integers(1, 60),
    hours=st.integers(1, 2000),
    half_lives=st.integers(1, 9),
    last=st.integers(0, 1200),
)
def test_a_wash_out_turns_on_the_day_it_tells(days, hours, half_lives, last):
    """Judged the day before it still counts, and on that day no longer."""
    known = {"ketoconazole": Medicine(says="K", half_life_hours=Decimal(hours))}
    asked = rule(days=days, half_lives=Decimal(half_lives), not_recorded="absent")
    fact = took("ketoconazole", None, ago(last))

    def at(day):
        made = replace(context(as_of=day, terms=SETS), medicines={**MEDICINES, **known})
        return judge(asked, book(fact), made)

    is_over = Fraction(last) > max(Fraction(days), Fraction(half_lives * hours, 24))
    now = at(DAY)

    assert now.answer == ("not met" if is_over else "met")
    assert len(now.turns_on) == (0 if is_over else 1)
    for turn in now.turns_on:
        assert at(turn - timedelta(days=1)).answer == "met"
        assert at(turn).answer == "not met"


def test_an_anchor_that_is_not_known_is_missing():
    """Nothing can be counted to it."""
    finding = found(rule(), took("ketoconazole", None, ago(1)), anchor="first_dose")

    assert (finding.answer, finding.missing) == ("unknown", ("first_dose",))
    assert finding.because == "Strong CYP3A inhibitor: the day of first dose is not known"


def test_something_unread_on_record_is_no_silence():
    """A medicine whose record could not be read may be the one asked for."""
    record = replace(book(YES), unsettled=frozenset({"ketoconazole"}))
    made = replace(context(terms=SETS), medicines=MEDICINES)

    assert judge(rule(**COMPLETE), record, made).answer == "unknown"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (rule(), "Strong CYP3A inhibitor with its last dose within 14 days"),
        (
            rule(half_lives=Decimal(5)),
            "Strong CYP3A inhibitor with its last dose within 14 days or 5 half-lives, "
            "whichever is longer",
        ),
        (rule(when="ever"), "Strong CYP3A inhibitor at any time"),
        (rule(when="now"), "Strong CYP3A inhibitor going on"),
        (
            rule(when="started-within", days=13, stopped_for=("toxicity", "refused")),
            "Strong CYP3A inhibitor going on, begun or changed within 13 days (what follows within "
            "30 days may go on unchanged), stopped for toxicity or refused",
        ),
    ],
)
def test_a_rule_is_said_in_words(asked, told):
    """With its time and reasons."""
    assert say(asked, SETS) == told


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        (rule(), []),
        (rule(days=0), ["cyp3a within 0 days"]),
        (rule(when="started-within", days=0), ["cyp3a started-within 0 days"]),
        (rule(days=0, half_lives=Decimal(5)), []),
        (rule(half_lives=Decimal(0)), ["0 half-lives"]),
        (rule(half_lives=Decimal("0.5")), []),
        (rule("cleared", days=99, half_lives=Decimal(5)), []),
        (
            rule("cleared", days=100, half_lives=Decimal(5)),
            ["cleared cleared after 100 days, with a wash-out of 100"],
        ),
        (rule("brief", days=0, half_lives=Decimal(5)), []),
    ],
)
def test_a_wash_out_that_can_never_be_right_is_a_fault(asked, faults):
    """No days, no half-lives, or a set cleared before its wash-out."""
    assert [told for told, _, _ in check(asked, SETS)] == faults
