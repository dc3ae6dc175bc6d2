"""The number of lines of therapy, judged against bounds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import TERMS, book, context, covers, had, said, took

from trialwright.eligibility.kinds.lines import check, judge, say
from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.vocabulary import Term

SETS = {
    **TERMS,
    "chemotherapy": Term(
        says="Chemotherapy", kind="treatment", members=("capecitabine", "fluorouracil")
    ),
    "metastasis": Term(says="Metastasis", kind="condition"),
}
RELAPSE = {"relapse": "metastasis", "relapse_after": "endocrine", "relapse_days": 365}


def rule(**fields):
    """Make a rule that at most two lines meet, unless other bounds are given."""
    sides = {"at_least", "above", "at_most", "below"} & set(fields)
    numbers = {side: Decimal(fields.pop(side)) for side in sides} or {"at_most": Decimal(2)}
    return LinesRule(kind="lines", fact="chemotherapy", **fields, **numbers)


def found(asked, *facts, **circumstances):
    """Judge facts."""
    return judge(asked, book(*facts), context(terms=SETS, **circumstances))


def line(year, intent="metastatic", stopped_for="progression", medicine="capecitabine", **fields):
    """Make chemotherapy of one summer."""
    dates = f"{year}-06-01", f"{year}-09-01"
    return took(medicine, *dates, intent=intent, stopped_for=stopped_for, **fields)


@pytest.mark.parametrize(
    ("years", "expected"),
    [((2020,), "met"), ((2020, 2021), "met"), ((2020, 2021, 2022), "not met")],
)
def test_the_number_of_lines_decides(years, expected):
    """The treatments are the evidence."""
    finding = found(rule(), *(line(year) for year in years))

    assert finding.answer == expected
    assert len(finding.evidence) == len(years)
    assert f"Chemotherapy: {len(years)} counted lines of {len(years)}" in finding.because


@pytest.mark.parametrize(
    ("since", "turns"),
    [
        ("2026-02-23", ["2026-03-15"]),
        ("2026-02-13", []),
        ("2026-02-14", ["2026-03-06"]),
        ("2026-02", ["2026-03-20"]),
        (None, []),
    ],
)
def test_a_treatment_that_goes_on_turns_when_it_has_lasted(since, turns):
    """Its first and its twenty-first day are counted; of a month, the last day it may begin on."""
    going_on = took("capecitabine", since, is_ongoing=True, intent="metastatic")
    finding = found(rule(at_most=0, least_days=21), going_on)

    assert [day.isoformat() for day in finding.turns_on] == turns
    assert found(rule(at_most=0), going_on).turns_on == ()


def test_an_interval_that_straddles_the_bound_is_unknown():
    """Two lines and one without a setting; a fourth that surely counts decides it."""
    three = [line(2020), line(2021), line(2022, intent=None)]
    finding = found(rule(), *three)

    assert (finding.answer, finding.missing) == ("unknown", ("chemotherapy",))
    assert "2 to 3 counted lines of 3, perhaps at most 2" in finding.because
    assert found(rule(), *three, line(2023)).answer == "not met"
    assert found(rule(), *three[1:]).answer == "met"


def test_chemotherapy_stopped_for_toxicity_is_no_line():
    """Only what ended for progression counts."""
    facts = [line(2020, stopped_for="toxicity"), line(2021)]
    asked = rule(at_least=1, at_most=1, stopped_for=("progression",))

    assert found(asked, *facts).answer == "met"
    assert found(rule(at_most=0, stopped_for=("progression",)), facts[0]).answer == "met"


def test_what_is_applied_locally_is_no_treatment_of_a_line():
    """Fluorouracil as a cream leaves the record without chemotherapy."""
    cream = line(2020, medicine="fluorouracil", is_local=True)
    finding = found(rule(), cream)

    assert finding.answer == "unknown"
    assert finding.because == "Chemotherapy: no treatment recorded"


def test_no_treatment_on_record_is_unknown():
    """A span of a source is not enough to say that there was none."""
    finding = found(rule(), covers("1950-01-01", "2026-03-05"))

    assert (finding.answer, finding.missing) == ("unknown", ("chemotherapy",))


@pytest.mark.parametrize(
    ("given", "on", "expected"),
    [
        ("yes", "2026-03-04", "met"),
        ("no", "2026-03-04", "unknown"),
        ("yes", "2026-03", "unknown"),
        ("yes", "2026-03-06", "unknown"),
    ],
)
def test_a_record_said_to_be_complete_has_no_lines(given, on, expected):
    """By an answer that is certainly given; it is the evidence."""
    finding = found(rule(), said("complete", given, on=on))

    assert finding.answer == expected
    assert [each.what for each in finding.evidence] == (["complete"] if expected == "met" else [])


def test_a_treatment_left_unread_is_no_silence():
    """It may have been a line."""
    record = replace(book(said("complete", "yes")), unsettled=frozenset({"capecitabine"}))

    assert judge(rule(), record, context(terms=SETS)).answer == "unknown"


@pytest.mark.parametrize("unread", ["capecitabine", "chemotherapy"])
def test_a_treatment_left_unread_may_be_a_further_line(unread):
    """Two lines and a record of capecitabine without a usable date may be three lines."""
    facts, made = (line(2020), line(2021)), context(terms=SETS)
    record = replace(book(*facts), unsettled=frozenset({unread}))
    finding = judge(rule(), record, made)

    assert (finding.answer, finding.missing) == ("unknown", ("chemotherapy",))
    assert finding.because == (
        "Chemotherapy: 2 or more counted lines of 2, and something on record could not be read, "
        "perhaps at most 2"
    )
    assert judge(rule(at_least=2), record, made).answer == "met"
    assert judge(rule(at_most=1), record, made).answer == "not met"
    elsewhere = replace(record, unsettled=frozenset({"letrozole"}))
    assert judge(rule(), elsewhere, made).answer == "met"


def test_relapse_soon_after_adjuvant_endocrine_treatment_counts_as_one():
    """Within 12 months of its last dose; the reason says so."""
    endocrine = took("letrozole", "2018-01-01", "2023-01-01", intent="adjuvant")
    asked = rule(at_least=2, **RELAPSE)
    finding = found(asked, line(2024), endocrine, had("metastasis", "2023-12-01"))

    assert finding.answer == "met"
    assert "2 counted lines of 1, relapse after adjuvant treatment counted" in finding.because
    known = (line(2024), endocrine, said("complete", "yes"))
    assert found(asked, *known, had("metastasis", "2024-02-01")).answer == "not met"
    assert found(asked, *known).answer == "not met"
    assert found(asked, line(2024), endocrine, had("metastasis", "2023")).answer == "met"
    assert found(asked, line(2024), endocrine, had("metastasis", "2024")).answer == "unknown"


def test_a_relapse_left_unread_may_be_one_more():
    """One line of at most one, and perhaps the relapse; none is counted without a treatment."""
    asked, made = rule(at_most=1, **RELAPSE), context(terms=SETS)
    endocrine = took("letrozole", "2018-01-01", "2023-01-01", intent="adjuvant")

    def unread(*facts):
        record = replace(book(*facts, said("complete", "yes")), unsettled=frozenset({"metastasis"}))
        return judge(asked, record, made).answer

    assert judge(asked, book(line(2020), endocrine, said("complete", "yes")), made).answer == "met"
    assert unread(line(2020), endocrine) == "unknown"
    assert unread(line(2020)) == "met"


def test_a_relapse_adds_one_to_every_number_that_may_be_true():
    """Two lines, one that may count, and a relapse: 3 or 4 of at most 3."""
    endocrine = took("letrozole", "2018-01-01", "2019-01-01", intent="adjuvant")
    facts = [line(2020), line(2021), line(2022, intent=None), endocrine]
    finding = found(rule(at_most=3, **RELAPSE), *facts, had("metastasis", "2019-06-01"))

    assert finding.answer == "unknown"
    assert "3 to 4 counted lines of 3, relapse after" in finding.because


def test_a_record_left_unread_is_not_complete_whatever_a_person_says():
    """Nothing else is on record: the reason says what is."""
    unread = replace(book(said("complete", "yes")), unsettled=frozenset({"capecitabine"}))
    finding = judge(rule(at_least=0), unread, context(terms=SETS))

    assert (finding.answer, finding.missing) == ("unknown", ("chemotherapy",))
    assert finding.because == "Chemotherapy: something on record could not be read"
    assert finding.evidence == ()


def test_a_decided_number_misses_nothing_and_rests_on_its_treatments():
    """The word of a person that the record is complete is evidence where nothing else is."""
    finding = found(rule(), line(2020), said("complete", "yes"))

    assert (finding.answer, finding.missing) == ("met", ())
    assert [each.what for each in finding.evidence] == ["capecitabine"]


def test_a_treatment_that_goes_on_is_as_long_as_it_lasted_by_the_day_judged():
    """Begun 20 days ago it has not lasted a cycle; tomorrow it will have."""
    going = took("capecitabine", "2026-02-14", is_ongoing=True, intent="metastatic")
    asked = rule(at_least=1, least_days=21)

    assert found(asked, going, said("complete", "yes")).answer == "not met"
    assert found(asked, going, as_of=date(2026, 3, 6)).answer == "met"


def test_too_few_lines_are_not_too_few_while_others_may_not_be_on_record():
    """One adjuvant treatment says nothing of what was given elsewhere; too many stay too many."""
    adjuvant = took("capecitabine", "2018-01-01", "2019-01-01", intent="adjuvant")
    asked = rule(at_least=1)
    finding = found(asked, adjuvant)

    assert (finding.answer, finding.missing) == ("unknown", ("chemotherapy",))
    assert ", and the record is not known to be complete, perhaps" in finding.because
    assert found(asked, adjuvant, said("complete", "yes")).answer == "not met"
    assert found(rule(at_most=1), line(2020), line(2021)).answer == "not met"
    assert found(rule(at_most=2), line(2020), line(2021)).answer == "met"


def test_a_rule_is_said_in_words():
    """With everything that counts."""
    asked = rule(stopped_for=("progression",), least_days=21, **RELAPSE)

    early = rule(intents=("adjuvant", "neoadjuvant"), stopped_for=("toxicity", "refused"))

    assert say(rule(), SETS) == "at most 2 lines of Chemotherapy (metastatic)"
    assert say(early, SETS) == (
        "at most 2 lines of Chemotherapy (adjuvant or neoadjuvant, stopped for toxicity or refused)"
    )
    assert say(asked, SETS) == (
        "at most 2 lines of Chemotherapy (metastatic, stopped for progression, for at least 21 "
        "days, or relapse within 365 days of adjuvant Endocrine therapy)"
    )


@pytest.mark.parametrize(
    ("sides", "faults"),
    [
        ({"at_most": 0}, []),
        ({"at_least": 0}, []),
        ({"below": 1}, []),
        ({"at_most": -1}, ["at most -1 lines"]),
        ({"at_least": -1}, ["at least -1 lines"]),
        ({"below": 0}, ["below 0 lines"]),
        (
            {"at_least": 3, "at_most": 2},
            ["lines of chemotherapy at least 3 and at most 2, which nothing can be"],
        ),
    ],
)
def test_a_number_of_lines_that_nobody_has_is_a_fault(sides, faults):
    """Negative, or between bounds that nothing lies between."""
    assert [found for found, _, _ in check(rule(**sides), SETS)] == faults
