"""Trees of rules: Kleene's connectives over findings, with the reasons of the parts that decide."""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, TERMS, book, context, had, said, seen, took

from trialwright.eligibility.trees import LEAF_KINDS, at_least, check, judge, say
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    FirstRule,
    IfRule,
    NotRule,
)
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import AgeRule, AttestedRule, Leaf, ObservationRule, SexRule
from trialwright.terms.verdicts import Answer

LEAVES = {
    "hemoglobin": ObservationRule(
        kind="observation", fact="hemoglobin", at_least=Decimal(9), unit="g/dL"
    ),
    "ecog": ObservationRule(kind="observation", fact="ecog", at_most=Decimal(2), unit="{score}"),
    "pregnancy": ConditionRule(kind="condition", fact="pregnancy", expect="present"),
    "candidate": AttestedRule(kind="attested", question="candidate"),
    "age": AgeRule(kind="age", above=Decimal(60)),
    "sex": SexRule(kind="sex", expect="female"),
}
"""One rule of each fact; each fact below is given at most once."""

FACTS = {
    "hemoglobin": [seen("hemoglobin", "9 g/dL"), seen("hemoglobin", "8 g/dL")],
    "ecog": [seen("ecog", "0 {score}"), seen("ecog", "3 {score}")],
    "pregnancy": [had("pregnancy", "2026-01-01"), had("pregnancy", "2026-01-01", is_present=False)],
    "candidate": [said("candidate", "yes"), said("candidate", "no")],
    "age": ["1960-01-01", "1990-01-01"],
    "sex": ["female", "male"],
}
"""For each fact one that meets its rule and one that does not."""


def every(*rules):
    """Make an `all`."""
    return AllRule(kind="all", of=rules)


def one(*rules):
    """Make an `any`."""
    return AnyRule(kind="any", of=rules)


def no(rule):
    """Make a `not`."""
    return NotRule(kind="not", rule=rule)


def some(number, *rules):
    """Make an `at-least`."""
    return AtLeastRule(kind="at-least", number=number, of=rules)


def first(*rules):
    """Make a `first`."""
    return FirstRule(kind="first", of=rules)


def choice(condition, then, otherwise):
    """Make an `if`."""
    return IfRule(kind="if", condition=condition, then=then, otherwise=otherwise)


TREES = st.recursive(
    st.sampled_from([*LEAVES.values()]),
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda rules: every(*rules)),
        st.lists(below, min_size=1, max_size=3).map(lambda rules: one(*rules)),
        below.map(no),
        st.tuples(st.integers(1, 3), st.lists(below, min_size=1, max_size=3)).map(
            lambda made: some(min(made[0], len(made[1])), *made[1])
        ),
        st.tuples(below, below, below).map(lambda made: choice(*made)),
    ),
    max_leaves=8,
)
RECORDS = st.fixed_dictionaries({name: st.sampled_from([None, 0, 1]) for name in FACTS})


def casebook(record):
    """Make the casebook of a record: for each fact the meeting one, the other, or none."""
    given = {name: FACTS[name][which] for name, which in record.items() if which is not None}
    apart = {"age": "born", "sex": "sex"}
    facts = [fact for name, fact in given.items() if name not in apart]
    return book(*facts, **{apart[name]: fact for name, fact in given.items() if name in apart})


def answer(rule, record):
    """Judge a record and give the answer."""
    return str(judge(rule, casebook(record), context()).answer)


MET, NOT_MET, UNKNOWN = "met", "not met", "unknown"
RANK = {NOT_MET: 0, UNKNOWN: 1, MET: 2}
STATES = {MET: 0, NOT_MET: 1, UNKNOWN: None}


@pytest.mark.parametrize("left", STATES)
@pytest.mark.parametrize("right", STATES)
def test_branches_combine_as_kleene_has_it(left, right):
    """One `not met` decides `all`, one `met` decides `any`; else one unknown leaves it open."""
    record = dict.fromkeys(FACTS) | {"hemoglobin": STATES[left], "ecog": STATES[right]}
    pair = LEAVES["hemoglobin"], LEAVES["ecog"]

    assert answer(every(*pair), record) == min(left, right, key=RANK.get)
    assert answer(one(*pair), record) == max(left, right, key=RANK.get)
    assert RANK[answer(no(pair[0]), record)] == 2 - RANK[left]


TRIPLE = LEAVES["hemoglobin"], LEAVES["ecog"], LEAVES["candidate"]
ANSWERS = [*STATES]


def of_triple(answers):
    """Give the record in which three rules have these answers."""
    names = ("hemoglobin", "ecog", "candidate")
    given_states = (STATES[each] for each in answers)
    return dict.fromkeys(FACTS) | dict(zip(names, given_states, strict=True))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("answers", [*product(ANSWERS, repeat=3)])
def test_at_least_so_many_are_met_if_they_are_in_every_world(number, answers):
    """Each unknown may be either; the answer stands only where all worlds give it."""
    met, unknown = answers.count(MET), answers.count(UNKNOWN)
    worlds = {met + more >= number for more in range(unknown + 1)}
    expected = UNKNOWN if len(worlds) == 2 else MET if True in worlds else NOT_MET

    assert answer(some(number, *TRIPLE), of_triple(answers)) == expected


@pytest.mark.parametrize("answers", [*product(ANSWERS, repeat=3)])
def test_at_least_one_is_any_and_at_least_all_is_all(answers):
    """They are the same question."""
    record = of_triple(answers)

    assert answer(some(1, *TRIPLE), record) == answer(one(*TRIPLE), record)
    assert answer(some(3, *TRIPLE), record) == answer(every(*TRIPLE), record)


def test_at_least_leaves_out_what_does_not_apply():
    """It is neither met nor missing."""
    assert at_least(1, [Answer.NOT_APPLICABLE, Answer.MET]) == MET
    assert at_least(2, [Answer.NOT_APPLICABLE, Answer.MET]) == NOT_MET


@pytest.mark.parametrize("answers", [*product(ANSWERS, repeat=3)])
def test_if_gives_the_rule_that_holds_in_every_world(answers):
    """While the condition is unknown, the answer stands only if both rules give it."""
    condition, then, otherwise = answers
    held = {MET: [then], NOT_MET: [otherwise], UNKNOWN: [then, otherwise]}[condition]
    expected = held[0] if len(set(held)) == 1 else UNKNOWN

    assert answer(choice(*TRIPLE), of_triple(answers)) == expected


@pytest.mark.parametrize("answers", [*product(ANSWERS, repeat=3)])
def test_first_gives_the_first_answer_that_is_decided(answers):
    """In the order in which the rules stand."""
    expected = next((each for each in answers if each != UNKNOWN), UNKNOWN)

    assert answer(first(*TRIPLE), of_triple(answers)) == expected


@pytest.mark.parametrize("spoken", ["yes", "no"])
@pytest.mark.parametrize(("amount", "expected"), [("9 g/dL", MET), ("8 g/dL", NOT_MET)])
def test_a_person_never_overrules_the_record(amount, expected, spoken):
    """What the record decides stands, whatever is answered; nor is the answer evidence of it."""
    asked = first(LEAVES["hemoglobin"], LEAVES["candidate"])
    finding = judge(asked, book(seen("hemoglobin", amount), said("candidate", spoken)), context())

    assert finding.answer == expected
    assert [fact.what for fact in finding.evidence] == ["hemoglobin"]


def test_a_person_decides_what_the_record_leaves_open():
    """And only the answer is evidence; while nobody answered, both are missing."""
    asked = first(LEAVES["hemoglobin"], LEAVES["candidate"])
    answered = judge(asked, book(said("candidate", "no")), context())
    open_one = judge(asked, book(), context())

    assert (answered.answer, answered.missing) == (NOT_MET, ())
    assert [fact.what for fact in answered.evidence] == ["candidate"]
    assert open_one.missing == ("hemoglobin", "candidate")


@pytest.mark.parametrize(
    ("answers", "evidence", "missing"),
    [
        # the condition and the rule that holds
        ((MET, NOT_MET, MET), ["hemoglobin", "ecog"], ()),
        ((NOT_MET, MET, NOT_MET), ["hemoglobin", "candidate"], ()),
        ((MET, UNKNOWN, MET), ["hemoglobin"], ("ecog",)),
        # both rules, while the condition does not matter
        ((UNKNOWN, MET, MET), ["ecog", "candidate"], ()),
        # the condition would decide
        ((UNKNOWN, MET, NOT_MET), ["ecog", "candidate"], ("hemoglobin",)),
        # neither rule is known: the condition alone would not help
        ((UNKNOWN, UNKNOWN, UNKNOWN), [], ("ecog", "candidate")),
    ],
)
def test_if_rests_on_the_parts_that_decide(answers, evidence, missing):
    """A rule that does not hold is neither evidence nor missing."""
    finding = judge(choice(*TRIPLE), casebook(of_triple(answers)), context())

    assert [fact.what for fact in finding.evidence] == evidence
    assert finding.missing == missing


@pytest.mark.parametrize(
    ("answers", "evidence", "missing"),
    [
        ((MET, MET, NOT_MET), ["hemoglobin", "ecog"], ()),
        ((MET, NOT_MET, NOT_MET), ["ecog", "candidate"], ()),
        ((MET, UNKNOWN, NOT_MET), [], ("ecog",)),
        ((MET, UNKNOWN, UNKNOWN), [], ("ecog", "candidate")),
    ],
)
def test_at_least_rests_on_the_parts_with_its_own_answer(answers, evidence, missing):
    """Two of three."""
    finding = judge(some(2, *TRIPLE), casebook(of_triple(answers)), context())

    assert [fact.what for fact in finding.evidence] == evidence
    assert finding.missing == missing


def test_a_branch_turns_on_the_days_of_its_parts():
    """In order, each once."""
    washed = TreatmentRule(
        kind="treatment", fact="endocrine", when="within", days=14, not_recorded="absent"
    )
    longer = washed.model_copy(update={"days": 30})
    ended = took("letrozole", None, DAY.isoformat())
    finding = judge(no(every(longer, washed, washed)), book(ended), context())

    assert finding.turns_on == (DAY + timedelta(days=15), DAY + timedelta(days=31))


def test_a_reason_that_two_parts_share_is_said_once():
    """Also where one of them gives it among others."""
    hemoglobin, ecog = LEAVES["hemoglobin"], LEAVES["ecog"]
    record = casebook({"hemoglobin": 0, "ecog": 0, "candidate": 0})
    alone = [judge(each, record, context()).because for each in (hemoglobin, ecog)]

    finding = judge(every(every(hemoglobin, ecog), ecog, LEAVES["candidate"]), record, context())

    asked = judge(LEAVES["candidate"], record, context()).because
    assert finding.because == "; ".join(each.removesuffix(".") for each in (*alone, asked))


@given(TREES, RECORDS)
def test_not_twice_is_as_if_nothing_was_said(rule, record):
    """Not (not x) = x."""
    assert answer(no(no(rule)), record) == answer(rule, record)


@given(st.lists(TREES, min_size=1, max_size=3), RECORDS)
def test_all_and_any_are_each_others_mirror(rules, record):
    """De Morgan: not all = any not, and not any = all not."""
    turned = [no(rule) for rule in rules]

    assert answer(no(every(*rules)), record) == answer(one(*turned), record)
    assert answer(no(one(*rules)), record) == answer(every(*turned), record)


@given(st.lists(TREES, min_size=1, max_size=4), RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_parts_never_changes_the_answer(rules, record, shuffler):
    """Nor what is missing."""
    shuffled = shuffler.sample(rules, len(rules))

    for branch in (every, one):
        before = judge(branch(*rules), casebook(record), context())
        after = judge(branch(*shuffled), casebook(record), context())
        assert (before.answer, set(before.missing)) == (after.answer, set(after.missing))


@given(TREES, RECORDS, st.sampled_from([*FACTS]), st.sampled_from([0, 1]))
def test_a_further_fact_only_settles_what_was_unknown(rule, record, name, which):
    """Information is monotone: with one fact a rule, an answer that stands never turns."""
    before = answer(rule, {**record, name: None})
    after = answer(rule, {**record, name: which})

    assert before in (after, UNKNOWN)


@given(TREES, RECORDS)
def test_an_unknown_answer_names_what_would_decide_it(rule, record):
    """Given every fact that is missing, it is decided; a decided answer misses nothing."""
    finding = judge(rule, casebook(record), context())
    given_all = record | dict.fromkeys(finding.missing, 0)

    assert bool(finding.missing) is (finding.answer == UNKNOWN)
    assert all(record[name] is None for name in finding.missing)
    assert answer(rule, given_all | {name: given_all[name] or 0 for name in FACTS}) != UNKNOWN


@given(TREES, RECORDS)
def test_every_finding_has_a_reason(rule, record):
    """No bare answer, at any depth."""

    def walk(finding):
        yield finding
        for part in finding.parts:
            yield from walk(part)

    assert all(finding.because for finding in walk(judge(rule, casebook(record), context())))


def test_the_reason_is_that_of_the_parts_that_decide():
    """A failing part is named without those that are met."""
    record = dict.fromkeys(FACTS, 0) | {"hemoglobin": 1}
    finding = judge(every(*LEAVES.values()), casebook(record), context())

    assert finding.answer == NOT_MET
    assert finding.because == "Hemoglobin 8 g/dL on 2026-03-02, not at least 9 g/dL"
    assert [fact.what for fact in finding.evidence] == ["hemoglobin"]
    assert len(finding.parts) == len(LEAVES)


def test_sentences_are_joined_without_their_full_stops():
    """Two people answered; the reason is one sentence."""
    asked = [AttestedRule(kind="attested", question=each) for each in ("candidate", "approval")]
    record = book(said("candidate", "yes"), said("approval", "yes"))
    finding = judge(every(*asked), record, context())

    assert finding.because == (
        "Is the participant a good candidate? Yes, investigator, 2026-03-04; "
        "Does the principal investigator approve? Yes, investigator, 2026-03-04"
    )


def test_an_open_branch_names_each_open_part_once():
    """What two parts lack is named once."""
    rule = every(LEAVES["hemoglobin"], LEAVES["hemoglobin"], LEAVES["ecog"])
    finding = judge(rule, casebook(dict.fromkeys(FACTS) | {"ecog": 0}), context())

    assert finding.missing == ("hemoglobin",)
    assert finding.because == "Hemoglobin: not recorded by 2026-03-05"


def test_a_fact_that_two_parts_rest_on_is_evidence_once():
    """The reader sees each fact once."""
    rule = one(LEAVES["hemoglobin"], LEAVES["hemoglobin"])
    finding = judge(rule, casebook(dict.fromkeys(FACTS, 0)), context())

    assert len(finding.evidence) == 1


def test_each_kind_of_leaf_is_known():
    """Every leaf of the protocol can be judged, said and checked."""
    kinds = {get_args(each.model_fields["kind"].annotation)[0] for each in get_args(Leaf)}

    assert set(LEAF_KINDS) == kinds
    assert all(
        hasattr(LEAF_KINDS[kind], name) for kind in kinds for name in ("judge", "say", "check")
    )


def test_a_tree_is_said_as_one_sentence():
    """Brackets show what belongs together."""
    rule = every(LEAVES["sex"], one(LEAVES["age"], no(LEAVES["pregnancy"])))

    assert say(rule, TERMS) == (
        "(recorded sex female and (age above 60 years or not (Pregnancy present)))"
    )


def test_each_branch_is_said():
    """With brackets, and what decides."""
    sex, age = LEAVES["sex"], LEAVES["age"]

    assert (
        say(some(1, sex, age), TERMS) == "at least 1 of (recorded sex female; age above 60 years)"
    )
    assert say(first(sex, age), TERMS) == (
        "(recorded sex female, or while that is unknown, age above 60 years)"
    )
    assert say(choice(sex, age, no(age)), TERMS) == (
        "(if recorded sex female: age above 60 years; otherwise: not (age above 60 years))"
    )


def test_more_than_there_are_is_a_fault():
    """Nobody meets three of two."""
    two = LEAVES["sex"], LEAVES["age"]

    assert list(check(some(2, *two), TERMS, "rule")) == []
    [(where, found, allowed, do)] = check(every(some(3, *two)), TERMS, "rule")
    assert (where, allowed) == ("rule.of.0.number", "1 to 2")
    assert found == "at least 3 of 2, which nobody meets"
    assert do == "Correct the number, or add the rules that are missing"


def test_faults_are_placed_in_the_tree():
    """Each with the path of its leaf."""
    wrong = LEAVES["hemoglobin"].model_copy(update={"unit": "mm[Hg]"})
    rule = every(LEAVES["sex"], one(no(wrong), LEAVES["age"]), wrong)

    assert [where for where, *_ in check(rule, TERMS, "rule")] == [
        "rule.of.1.of.0.rule",
        "rule.of.2",
    ]
    assert list(check(every(*LEAVES.values()), TERMS, "rule")) == []


def test_parts_keep_their_own_findings():
    """What was decided below can be shown below."""
    rule = every(LEAVES["ecog"], no(LEAVES["pregnancy"]))
    finding = judge(rule, casebook(dict.fromkeys(FACTS, 0)), context())

    assert [str(part.answer) for part in finding.parts] == [MET, NOT_MET]
    assert finding.because == finding.parts[1].because


def test_a_negated_branch_keeps_the_findings_below():
    """They are those of what is negated."""
    rule = no(every(LEAVES["ecog"], LEAVES["pregnancy"]))
    finding = judge(rule, casebook(dict.fromkeys(FACTS, 0)), context())

    assert finding.answer == NOT_MET
    assert [str(part.answer) for part in finding.parts] == [MET, MET]
