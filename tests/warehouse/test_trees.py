"""Trees of a whole hospital: the answer and the deciding record that the judge of one gives."""

from decimal import Decimal
from itertools import product
from types import SimpleNamespace

import ibis
import numpy as np
import pytest

from trialwright.eligibility import trees as judging
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
)
from trialwright.protocol.event_rules import SpecimenForm, SpecimenRule
from trialwright.protocol.leaf_rules import AgeRule, ApprovalRule, AttestedRule
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding
from trialwright.warehouse.algebra import Column
from trialwright.warehouse.columns import MET, NOT_MET, UNKNOWN, LeafColumns, verdict
from trialwright.warehouse.programs import Program
from trialwright.warehouse.trees import compiled, concerned, if_people_agree, needs_person

ANSWERS = {NOT_MET: Answer.NOT_MET, UNKNOWN: Answer.UNKNOWN, MET: Answer.MET}
NUMBERS = {answer: number for number, answer in ANSWERS.items()}

ONE, TWO, THREE = (AgeRule(kind="age", at_least=Decimal(each)) for each in (1, 2, 3))
ASKED, ALSO = (AttestedRule(kind="attested", question=each) for each in ("asked", "also"))
NUMBERED = {ONE: 0, TWO: 1, THREE: 2, ASKED: 3, ALSO: 4}

HELD = tuple(product(product((NOT_MET, UNKNOWN, MET), (False, True)), repeat=3))
"""Of three rules: each answer, with a record and without, beside each of the others."""


def every(*rules):
    """All of some rules."""
    return AllRule(kind="all", of=rules)


def either(*rules):
    """Any of some rules."""
    return AnyRule(kind="any", of=rules)


def least(number, *rules):
    """So many of some rules."""
    return AtLeastRule(kind="at-least", number=number, of=rules)


def first(*rules):
    """Give the first decided of some rules."""
    return FirstRule(kind="first", of=rules)


def inverse(rule):
    """Turn a rule around."""
    return NotRule(kind="not", rule=rule)


def which(condition, then, otherwise):
    """Give one rule or another."""
    return IfRule(kind="if", condition=condition, then=then, otherwise=otherwise)


TREES = {
    "leaf": ONE,
    "all": every(ONE, TWO, THREE),
    "all of one": every(TWO),
    "any": either(ONE, TWO, THREE),
    "any of one": either(TWO),
    "not": inverse(ONE),
    "first": first(ONE, TWO, THREE),
    "first of one": first(THREE),
    "if": which(ONE, TWO, THREE),
    **{f"at least {number}": least(number, ONE, TWO, THREE) for number in (1, 2, 3, 4)},
    "at least of not": least(2, inverse(ONE), TWO, inverse(THREE)),
    "all of any": every(either(ONE, TWO), inverse(THREE)),
    "any of first": either(first(ONE, TWO), THREE),
    "first of if": first(which(ONE, TWO, THREE), THREE),
    "if of first": which(first(ONE, TWO), inverse(THREE), every(TWO, THREE)),
    "not of at least": inverse(least(2, ONE, TWO, THREE)),
    "a question": ASKED,
    "all with a question": every(ONE, ASKED, TWO),
    "any with a question": either(ASKED, ONE),
    "at least with a question": least(2, ONE, ASKED, TWO),
    "first with a question": first(ASKED, ONE, TWO),
    "if a question": which(ASKED, ONE, TWO),
}
"""Every branch alone, and some within each other; what people answer has no record."""


@pytest.fixture
def by_judge(monkeypatch):
    """Give what the judge of one says of a tree: the answer, and the record that decides it."""
    source = Source("person", "report 1")

    def stub(rule, casebook, context):
        """Answer a leaf as it is given, with a record of its own or without."""
        number, has_record = casebook.get(rule, (UNKNOWN, False))
        name = str(NUMBERED[rule])
        evidence = (Evidence(name, "1", "", source),) if has_record else ()
        return Finding(ANSWERS[number], name, evidence)

    for kind in ("age", "attested"):
        monkeypatch.setitem(judging.LEAF_KINDS, kind, SimpleNamespace(judge=stub))

    def judge(rule, given):
        """Judge a tree over answers of its leaves."""
        found = judging.judge(rule, given, None)
        places = [int(each.what) + 1 for each in found.evidence]
        return NUMBERS[found.answer], places[0] if places else None

    return judge


def worked_out(columns):
    """Work columns out over every combination of what is held."""
    verdicts = {
        f"v{part}": Column(np.array([each[part][0] for each in HELD], np.int8)) for part in range(3)
    }
    places = {
        f"p{part}": Column(
            np.full(len(HELD), part + 1, np.int16), np.array([each[part][1] for each in HELD])
        )
        for part in range(3)
    }
    found = Program(columns).run(verdicts | places, len(HELD))
    return {
        name: np.where(np.broadcast_to(each.known_all(), len(HELD)), each.values, None).tolist()
        for name, each in found.items()
    }


NOTED = {f"v{part}": "!int8" for part in range(3)} | {f"p{part}": "int16" for part in range(3)}


def leaf_columns():
    """Give columns of leaves: those of records as they are held, those of people open."""
    noted = ibis.table(NOTED, name="noted")
    given = {part: LeafColumns(noted[f"v{part}"], noted[f"p{part}"]) for part in range(3)}
    return given | dict.fromkeys((3, 4), LeafColumns(verdict(UNKNOWN)))


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_a_tree_answers_as_for_one_participant(tree, by_judge):
    """The same answer, by the same record, whatever its parts say."""
    branch = compiled(tree, leaf_columns(), NUMBERED)

    found = worked_out({"verdict": branch.verdict, "pick": branch.pick})

    expected = [by_judge(tree, dict(zip((ONE, TWO, THREE), each, strict=True))) for each in HELD]
    assert [*zip(found["verdict"], found["pick"], strict=True)] == expected


OF_PEOPLE = {
    "a question": ASKED,
    "not a question": inverse(ASKED),
    "a record and a question": every(ONE, ASKED),
    "a record or a question": either(ONE, ASKED),
    "a record and no question": every(ONE, inverse(ASKED)),
    "a record or no question": either(ONE, inverse(ASKED)),
    "neither": inverse(either(ONE, ASKED)),
    "not not": inverse(inverse(every(ASKED, ONE))),
    "two of three": least(2, ONE, ASKED, TWO),
    "two questions": least(2, ONE, ASKED, inverse(ALSO), TWO),
    "people say which": which(ASKED, ONE, TWO),
    "people say not which": which(inverse(ASKED), ONE, TWO),
    "people and a record say which": which(every(THREE, ASKED), ONE, TWO),
    "people or a record say which": which(either(THREE, ASKED), ONE, TWO),
    "not what people say": inverse(which(ASKED, ONE, inverse(TWO))),
    "a record says which people answer": which(ONE, ASKED, TWO),
    "both": which(ASKED, ALSO, ONE),
}
"""Trees in which people have a say."""


@pytest.mark.parametrize("is_good", [True, False])
@pytest.mark.parametrize("tree", OF_PEOPLE.values(), ids=OF_PEOPLE)
def test_people_answer_in_the_favour_of_the_participant(tree, is_good, by_judge):
    """As the best of all that they may answer; of an exclusion, as what excludes least."""
    columns = {"found": if_people_agree(tree, leaf_columns(), NUMBERED, is_good=is_good)}

    found = worked_out(columns)["found"]

    best = max if is_good else min
    told = [(NOT_MET, False), (MET, False)]
    expected = [
        best(
            by_judge(tree, {ONE: one, TWO: two, THREE: three, ASKED: asked, ALSO: also})[0]
            for asked, also in product(told, told)
        )
        for one, two, three in HELD
    ]
    assert found == expected


@pytest.mark.parametrize("is_good", [True, False])
def test_a_person_asked_next_leaves_open_what_a_record_would_decide(is_good):
    """Their answer counts where no record is asked before or after."""
    asked = {
        "next": first(ONE, ASKED),
        "before": first(ASKED, ONE),
        "both": first(ONE, either(ASKED, ALSO), TWO),
        "mixed": first(every(ONE, ASKED), TWO),
        "alone": first(ASKED, ALSO),
    }

    found = worked_out(
        {
            name: if_people_agree(rule, leaf_columns(), NUMBERED, is_good=is_good)
            for name, rule in asked.items()
        }
    )

    good = MET if is_good else NOT_MET
    ones, twos = ([each[part][0] for each in HELD] for part in (0, 1))
    decided = [two if one == UNKNOWN else one for one, two in zip(ones, twos, strict=True)]
    mixed = [min(one, good) for one in ones]
    after = [two if one == UNKNOWN else one for one, two in zip(mixed, twos, strict=True)]
    assert found == {"next": ones, "before": ones, "both": decided, "mixed": after,
                     "alone": [good] * len(HELD)}  # fmt: skip


def test_questions_approvals_and_specimens_need_a_person():
    """No record decides them; one decides an age."""
    forms = (SpecimenForm(form="block"),)
    of_people = (
        ASKED,
        ApprovalRule(kind="approval", question="asked"),
        SpecimenRule(kind="specimen", fact="tissue", accepts=forms),
    )

    assert [needs_person(each) for each in (*of_people, ONE)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("sex", "expected"), [(None, [1, 1, 1]), ("female", [1, 3, 1]), ("male", [3, 1, 1])]
)
def test_a_criterion_concerns_whoever_may_be_of_its_sex(sex, expected):
    """A woman, a man, and somebody whose sex is not recorded."""
    criterion = Criterion(id="I01", says="Asked.", place="nowhere", kind="rule", sex=sex, rule=ONE)
    noted = ibis.table({"sex": "string"}, name="noted")
    program = Program({"found": concerned(criterion, noted.sex, verdict(1), verdict(3))})

    sexes = np.array(["female", "male", ""], object)
    found = program.run({"sex": Column(sexes, np.array([True, True, False]))}, 3)["found"]

    assert found.values.tolist() == expected
