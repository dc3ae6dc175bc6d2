"""Which observations count: a mean, every one or any; by which method; and what silence means."""

from dataclasses import replace
from datetime import date

import pytest
from tests.eligibility.casebooks import book, covers, said
from tests.eligibility.laboratory import LABORATORY, context, observing, result

from trialwright.eligibility.kinds.observation import judge, say


def answer(asked, *facts, **circumstances):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context(**circumstances)).answer)


def sizes(*found, **fields):
    """Make sizes of lesions, each with its method: `(21, "ct")`."""
    return [
        result("size", f"{size} mm", place=str(number), method=method, **fields)
        for number, (size, method) in enumerate(found)
    ]


SIZE = {"fact": "size", "unit": "mm", "at_least": 10}
LVEF = {"fact": "lvef", "unit": "%", "below": 50}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("25.65 umol/L", "not met"),  # 1.5 mg/dL exactly
        ("25.649999 umol/L", "met"),
        ("1.5 mg/dL", "not met"),
        ("1.499999 mg/dL", "met"),
        ("15 mg/L", "not met"),
        ("<0.3 mg/dL", "met"),
        ("<1.5 mg/dL", "met"),
        ("<=1.5 mg/dL", "unknown"),
        ("<2 mg/dL", "unknown"),
        (">0.3 mg/dL", "unknown"),
    ],
)
def test_trap_bilirubin_at_its_bound(value, expected):
    """Strict: 1.5 mg/dL is not below it, in whatever unit; `<0.3` is."""
    asked = observing("bilirubin", "mg/dL", below="1.5")

    assert answer(asked, result("bilirubin", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.0 K/uL", "met"),
        ("0.999 K/uL", "not met"),
        ("1 10*9/L", "met"),
        ("1.0 x10^9/L", "met"),
        ("1000 /uL", "met"),
        ("1000 cells/mm3", "met"),
        ("1 G/L", "met"),
        ("1000 10*3/uL", "unknown"),  # a million a microlitre: the unit is asked about
    ],
)
def test_trap_counts_in_every_spelling(value, expected):
    """K/uL is thousands, not kelvin."""
    asked = observing("anc", "/mm3", at_least=1000)

    assert answer(asked, result("anc", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("139 mg/dL", "met"),
        ("140 mg/dL", "not met"),
        ("7.77 mmol/L", "met"),
        ("7.78 mmol/L", "not met"),
        ("7.7 mg/dL", "unknown"),  # can hardly be true: were mmol/L meant?
        ("139 mmol/L", "unknown"),
    ],
)
def test_trap_glucose_in_mmol_or_mg(value, expected):
    """18.016 mg/dL to the mmol/L; a number of the other unit is asked about, not converted."""
    asked = observing("glucose", "mg/dL", below=140)

    assert answer(asked, result("glucose", value)) == expected


def test_trap_a_doubtful_unit_is_a_question():
    """In words, and with nothing converted."""
    asked = observing("glucose", "mg/dL", below=140)
    finding = judge(asked, book(result("glucose", "7.7 mg/dL")), context())

    assert finding.because == (
        "Fasting glucose 7.7 mg/dL on 2026-03-02 can hardly be true (is the unit right?)"
    )
    assert finding.evidence[0].converted == ""


@pytest.mark.parametrize(("value", "expected"), [("0", "met"), ("2", "met"), ("3", "not met")])
def test_trap_ecog_0_is_the_fittest(value, expected):
    """Zero is a value, and no missing one."""
    asked = observing("ecog", "{score}", at_least=0, at_most=2)

    assert answer(asked, result("ecog", f"{value} {{score}}")) == expected


@pytest.mark.parametrize(
    ("value", "converted"),
    [("90 g/L", "9 g/dL"), ("9 g/dL", ""), ("<90 g/L", "<9 g/dL"), ("5.6 mmol/L", "9.02384 g/dL")],
)
def test_evidence_shows_the_value_in_the_unit_of_the_rule(value, converted):
    """Where that is another one."""
    finding = judge(observing(), book(result("hemoglobin", value)), context())

    assert [(fact.value, fact.converted) for fact in finding.evidence] == [(value, converted)]


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("2026-03-02", ["2026-03-17"]),
        ("2026-02-19", ["2026-03-06"]),
        ("2026-02-18", []),  # it has left
    ],
)
def test_turning_the_latest_result(on, days):
    """14 days count, the day of the result and the anchor's included."""
    facts = book(result("hemoglobin", "12 g/dL", on))
    finding = judge(observing(within_days=14), facts, context())

    assert [day.isoformat() for day in finding.turns_on] == days


def test_turning_without_a_window_nothing_turns():
    """Time alone changes nothing."""
    finding = judge(observing(), book(result("hemoglobin", "12 g/dL")), context())

    assert finding.turns_on == ()


@pytest.mark.parametrize("pick", ["latest", "mean", "any", "worst"])
def test_turning_judged_on_the_day_it_turns_the_answer_is_another(pick):
    """And on the day before it is not."""
    of = {"of": 2} if pick == "mean" else {}
    asked = observing(within_days=14, pick=pick, **of)
    facts = book(result("hemoglobin", "12 g/dL"), result("hemoglobin", "13 g/dL"))
    [turns] = judge(asked, facts, context()).turns_on

    on = [
        judge(asked, facts, context(as_of=day)).answer
        for day in (date(2026, 3, 16), date(2026, 3, 17))
    ]
    assert turns == date(2026, 3, 17)
    assert on == ["met", "unknown"]


def test_turning_several_results_leave_one_after_the_other():
    """Days that have passed are not told."""
    facts = [
        result("hemoglobin", "12 g/dL", on) for on in ("2026-03-02", "2026-02-20", "2026-02-01")
    ]
    finding = judge(observing(within_days=14, pick="worst"), book(*facts), context())

    assert finding.turns_on == (date(2026, 3, 7), date(2026, 3, 17))


def test_turning_of_a_result_that_may_be_too_old():
    """A result of February may have left a window of 28 days, and has on 29 March."""
    facts = book(result("hemoglobin", "12 g/dL", "2026-02"))
    finding = judge(observing(within_days=28, pick="any"), facts, context())

    assert (finding.answer, finding.turns_on) == ("unknown", (date(2026, 3, 29),))


def test_turning_a_partial_date_leaves_piecemeal():
    """Of 45 days: a result of February may have left on 19 March, and has on 15 April."""
    facts = book(result("hemoglobin", "12 g/dL", "2026-02"))
    finding = judge(observing(within_days=45, pick="any"), facts, context())

    assert (finding.answer, finding.turns_on) == (
        "met",
        (date(2026, 3, 19), date(2026, 4, 15)),
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("8 g/dL", "9 g/dL", "10 g/dL"), "met"),
        (("8 g/dL", "9 g/dL", "9.999999 g/dL"), "not met"),
        (("80 g/L", "9 g/dL", "100 g/L"), "met"),
        (("8 g/dL", "10 g/dL"), "unknown"),
        (("8 g/dL", "9 g/dL", "(in question)"), "unknown"),
        (("8 g/dL", "9 g/dL", "100 g/dL"), "unknown"),
        (("8 g/dL", "9 g/dL", ">10 g/dL"), "met"),
        (("8 g/dL", "9 g/dL", "<11 g/dL"), "unknown"),
        ((), "unknown"),
    ],
)
def test_mean_of_three(values, expected):
    """Exact; with fewer, or with one that is no number, nothing is decided."""
    asked = observing(pick="mean", of=3)

    assert answer(asked, *(result("hemoglobin", each) for each in values)) == expected


def test_mean_thirds_are_exact():
    """Three times 1/3 of 27.1 is no float that happens to be near."""
    values = [result("hemoglobin", f"{each} g/dL") for each in ("9.1", "9.1", "8.9")]

    assert answer(observing(pick="mean", of=3, at_most="9.0333333333"), *values) == "not met"
    assert answer(observing(pick="mean", of=3, at_most="9.0333333334"), *values) == "met"


def test_mean_of_the_newest_day_alone():
    """Two of today and one of yesterday are no three."""
    facts = [result("hemoglobin", "12 g/dL", f"2026-03-0{day}") for day in (1, 2, 2)]

    assert answer(observing(pick="mean", of=3), *facts) == "unknown"
    assert answer(observing(pick="mean", of=2), *facts) == "met"


def test_mean_with_a_result_that_may_be_of_the_same_day():
    """Of some day of February, beside two of its last: nobody knows which are the newest."""
    facts = [result("hemoglobin", "12 g/dL", on) for on in ("2026-02-28", "2026-02-28", "2026-02")]

    assert answer(observing(pick="mean", of=2), *facts) == "unknown"


def test_mean_the_newest_of_the_day_by_instant():
    """Then by order of arrival."""
    early = result("hemoglobin", "2 g/dL", at="2026-03-02T08:00:00", place="1")
    late = [
        result("hemoglobin", "12 g/dL", at=f"2026-03-02T{hour:02d}:00:00", place=str(hour))
        for hour in (10, 9)
    ]
    finding = judge(observing(pick="mean", of=2), book(*late, early), context())

    assert finding.answer == "met"
    assert [fact.source.place for fact in finding.evidence] == [
        "Observation/9",
        "Observation/10",
    ]


def test_mean_the_reason_says_every_number():
    """And their mean."""
    facts = [result("hemoglobin", f"{each} g/dL") for each in (8, 9)]
    finding = judge(observing(pick="mean", of=2), book(*facts), context())

    assert finding.because == (
        "mean of 2, Hemoglobin on 2026-03-02: 8.5 (8, 9), not at least 9 g/dL"
    )
    assert [fact.value for fact in finding.evidence] == ["8 g/dL", "9 g/dL"]
    assert finding.missing == ()


@pytest.mark.parametrize("values", [("8 g/dL",), ("8 g/dL", "9 g/dL")])
def test_mean_of_too_few_says_how_many_there_are(values):
    """One ECG of three decides nothing; it is shown, and what is missing named."""
    facts = [result("hemoglobin", each) for each in values]
    finding = judge(observing(pick="mean", of=3), book(*facts), context())

    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))
    assert finding.because == f"Hemoglobin: {len(values)} of 3 results on 2026-03-02"
    assert len(finding.evidence) == len(values)


def test_mean_of_a_single_result_with_a_comparator_names_what_is_missing():
    """`<11` may pull the mean to either side of the bound."""
    facts = [result("hemoglobin", each) for each in ("8 g/dL", "<11 g/dL")]
    finding = judge(observing(pick="mean", of=2), book(*facts), context())

    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("2026-02", "a day that is not sure"),
        ("2026-03", "may be later than 2026-03-05"),
    ],
)
def test_mean_the_reason_says_what_is_doubtful_about_the_day(on, reason):
    """A month that has passed, or one that has not."""
    facts = [result("hemoglobin", "12 g/dL", on) for _ in range(2)]
    finding = judge(observing(pick="mean", of=2), book(*facts), context())

    assert finding.because == f"Hemoglobin: {reason}"


@pytest.mark.parametrize("on", ["2026-02", "2026-03", "2026-02-01"])
def test_mean_of_a_day_that_is_not_sure_or_too_old(on):
    """Nothing is decided, and every result is shown."""
    facts = [result("hemoglobin", "12 g/dL", on) for _ in range(2)]
    finding = judge(observing(pick="mean", of=2, within_days=28), book(*facts), context())

    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))
    assert len(finding.evidence) == 2


@pytest.mark.parametrize(
    ("values", "every", "some"),
    [
        (("12 g/dL", "9 g/dL"), "met", "met"),
        (("12 g/dL", "8 g/dL"), "not met", "met"),
        (("7 g/dL", "8 g/dL"), "not met", "not met"),
        (("12 g/dL", "(in question)"), "unknown", "met"),
        (("8 g/dL", "(in question)"), "not met", "unknown"),
        (("(in question)",), "unknown", "unknown"),
        ((), "unknown", "unknown"),
    ],
)
def test_every_and_any_by_three_values(values, every, some):
    """One that fails decides `every`, one that holds decides `any`."""
    facts = [result("hemoglobin", each) for each in values]

    assert answer(observing(pick="worst"), *facts) == every
    assert answer(observing(pick="any"), *facts) == some


def test_every_and_any_results_before_the_window_do_not_count():
    """Nor do those of the future; one that may lie before it leaves `every` open."""
    fine, old = result("hemoglobin", "12 g/dL"), result("hemoglobin", "3 g/dL", "2026-02-04")
    ahead = result("hemoglobin", "3 g/dL", "2026-03-06")
    partial = result("hemoglobin", "3 g/dL", "2026-02")
    asked = observing(pick="worst", within_days=28)

    assert answer(asked, fine, old, ahead) == "met"
    assert answer(asked, fine, partial) == "unknown"
    assert answer(observing(pick="any", within_days=28), partial) == "unknown"


def test_every_and_any_nothing_in_the_window_is_silence():
    """Old results are not what the rule asks about."""
    old = result("hemoglobin", "12 g/dL", "2026-02-04")

    assert answer(observing(pick="any", within_days=28), old) == "unknown"
    assert answer(observing(pick="any", within_days=28, not_recorded="absent"), old) == "not met"


def test_every_and_any_the_results_that_decide_are_the_reason():
    """Two of three fail: they are named in order, the third is not."""
    facts = [result("hemoglobin", f"{value} g/dL", place=str(value)) for value in (12, 8, 7)]
    finding = judge(observing(pick="worst"), book(*facts), context())

    assert [fact.source.place for fact in finding.evidence] == [
        "Observation/8",
        "Observation/7",
    ]
    assert finding.because == (
        "Hemoglobin 8 g/dL on 2026-03-02, not at least 9 g/dL; "
        "Hemoglobin 7 g/dL on 2026-03-02, not at least 9 g/dL"
    )


@pytest.mark.parametrize("pick", ["worst", "any"])
def test_every_and_any_name_the_fact_that_would_decide(pick):
    """Only while it is open."""
    high, low, unread = (
        result("hemoglobin", each) for each in ("12 g/dL", "8 g/dL", "(in question)")
    )
    some = low if pick == "any" else high
    still_open = judge(observing(pick=pick), book(some, unread), context())
    decided = judge(observing(pick=pick), book(some), context())
    undated = result("hemoglobin", "12 g/dL", "2026-03")
    doubtful = judge(observing(pick=pick), book(undated), context())

    assert (still_open.answer, still_open.missing) == ("unknown", ("hemoglobin",))
    assert decided.missing == ()
    assert (doubtful.answer, doubtful.missing) == ("unknown", ("hemoglobin",))
    assert doubtful.evidence == (undated.evidence,)


def test_every_and_any_a_window_without_its_anchor_is_unknown():
    """No other day stands in for the first dose."""
    asked = observing(pick="any", within_days=28)

    assert answer(asked, result("hemoglobin", "12 g/dL"), anchor="first_dose") == "unknown"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([(15, "mri")], "met"),
        ([(15, "spiral-ct")], "met"),
        ([(15, "conventional-ct")], "not met"),
        ([(15, "")], "unknown"),
        ([(9, "")], "not met"),
        ([(9, "mri")], "not met"),
        ([(15, "conventional-ct"), (12, "mri")], "met"),
        ([(15, ""), (9, "mri")], "unknown"),
    ],
)
def test_methods_any_lesion_by_a_method_that_counts(found, expected):
    """By another it does not count; by an unknown one it may, unless its size fails anyway."""
    asked = observing(pick="any", methods=("spiral-ct", "mri"), **SIZE)

    assert answer(asked, *sizes(*found)) == expected


def test_methods_the_reason_names_the_method():
    """That which was used, and those that count."""
    asked = observing(methods=("spiral-ct", "mri"), **SIZE)
    other = judge(asked, book(*sizes((15, "conventional-ct"))), context())
    silent = judge(asked, book(*sizes((15, ""))), context())

    assert other.because == (
        "Tumour size 15 mm on 2026-03-02, by conventional-ct, not by spiral-ct or mri"
    )
    assert silent.because == (
        "Tumour size 15 mm on 2026-03-02, by a method not recorded, perhaps by spiral-ct or mri"
    )
    assert silent.missing == ("size",)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), "not met"),
        ((result("lvef", "49 %"),), "met"),
        ((result("lvef", "50 %"),), "not met"),
        ((result("lvef", "(in question)"),), "unknown"),
        ((result("lvef", "49 %", "2026-03-06"),), "not met"),
        ((result("lvef", "49 %", "2026-03"),), "unknown"),
    ],
)
def test_silence_absent(facts, expected):
    """Nothing recorded is no known LVEF below 50 %; one in question is no silence."""
    asked = observing(not_recorded="absent", **LVEF)

    assert answer(asked, *facts) == expected


def test_silence_is_told_by_the_name_of_what_nothing_is_recorded_of():
    """And how it was read."""
    finding = judge(observing(not_recorded="absent"), book(), context())

    assert finding.because == ("Hemoglobin: nothing recorded, which the protocol reads as absent")


def test_silence_what_could_not_be_read_is_no_silence():
    """Neither by the policy nor without one."""
    unread = replace(book(), unsettled=frozenset({"lvef"}))
    found = [
        judge(observing(not_recorded=policy, **LVEF), unread, context())
        for policy in ("absent", "unknown")
    ]

    assert [each.answer for each in found] == ["unknown", "unknown"]
    assert all("could not be read" in each.because for each in found)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), "unknown"),
        ((said("complete", "yes"),), "not met"),
        ((said("complete", "no"),), "unknown"),
        ((covers("2025-03-05", "2026-03-05"),), "not met"),
        ((covers("2025-03-06", "2026-03-05"),), "unknown"),
        ((covers("2025-03-05", "2026-03-04"),), "unknown"),
        ((said("complete", "yes"), result("lvef", "49 %")), "met"),
    ],
)
@pytest.mark.parametrize("pick", ["latest", "any"])
def test_silence_absent_if_the_record_is_complete(facts, expected, pick):
    """By a person's word, or by a span of the source over the whole look-back."""
    policy = {"not_recorded": "absent-if-complete", "look_back_days": 365}
    asked = observing(pick=pick, **policy, **LVEF)

    assert answer(asked, *facts) == expected


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (observing(pick="mean", of=3), "mean of 3 Hemoglobin at least 9 g/dL"),
        (observing(pick="worst", within_days=7), "every Hemoglobin at least 9 g/dL within 7 days"),
        (
            observing(pick="any", methods=("spiral-ct", "mri"), **SIZE),
            "any Tumour size at least 10 mm by spiral-ct or mri",
        ),
        (observing("ecog", "{score}", at_most=2), "latest ECOG performance status at most 2"),
    ],
)
def test_a_rule_is_said_in_words(asked, words):
    """Which results count, the bounds, the method and the window."""
    assert say(asked, LABORATORY) == words


@pytest.mark.parametrize(
    ("pick", "limit", "expected"),
    [("any", 9, "met"), ("any", 13, "unknown"), ("worst", 9, "unknown"), ("worst", 13, "not met")],
)
def test_a_result_left_unread_counts_where_every_result_counts(pick, limit, expected):
    """Beside 12 g/dL: it may be the one that decides."""
    read = book(result("hemoglobin", "12 g/dL"))
    record = replace(read, unsettled=frozenset({"hemoglobin"}))
    finding = judge(observing(pick=pick, at_least=limit), record, context())

    assert finding.answer == expected
    told = finding.because.endswith("; another result on record could not be read")
    assert told == (expected == "unknown")
