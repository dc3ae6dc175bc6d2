"""Which facts of a record would decide a criterion, and why each does not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, had, said, seen, took

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.by_record import OF_PEOPLE, finding_by_record
from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.eligibility.lacking import Lack, Why, count_missing, lacking
from trialwright.protocol.criteria import AllRule, AnyRule, Criterion, FirstRule, IfRule, NotRule
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import (
    AgeRule,
    ApprovalRule,
    AttestedRule,
    ClearanceRule,
    MultipleRule,
    ObservationRule,
)
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.trees import LEAF_KINDS

ANCHORS = {"registration": DAY}
HEMOGLOBIN = ObservationRule(
    kind="observation", fact="hemoglobin", at_least=Decimal(9), unit="g/dL", within_days=14
)
CANDIDATE = AttestedRule(kind="attested", question="candidate")
PREGNANCY = ConditionRule(
    kind="condition", fact="pregnancy", expect="present", not_recorded="absent-if-complete",
    look_back_days=30,
)  # fmt: skip


@pytest.fixture(scope="module")
def study():
    """Give the first protocol with the vocabulary of these casebooks."""
    whole = shipped("nct03959891").study
    return whole.model_copy(update={"terms": {**whole.terms, **TERMS}, "obligations": ()})


def asked(rule, name="I01"):
    """Make a criterion."""
    return Criterion(id=name, says="Asked.", place="nowhere", kind="rule", rule=rule)


def found(study, rule, casebook, name="I01", laboratory=()):
    """Say what lacks, as pairs of name and reason."""
    told = lacking(asked(rule, name), study, casebook, DAY, ANCHORS, laboratory)
    return told.finding.answer, [(each.name, each.why) for each in told.lacks]


@pytest.mark.parametrize(
    ("casebook", "why"),
    [
        (book(), Why.NOTHING),
        (book(seen("hemoglobin", "12 g/dL", "2026-01-02")), Why.TOO_OLD),
        (book(seen("hemoglobin", f"({IN_QUESTION})")), Why.UNREADABLE),
        (book(seen("hemoglobin", "12 mmol/mol")), Why.UNREADABLE),
        (book(seen("hemoglobin", "120 g/dL")), Why.UNREADABLE),
        (book(seen("hemoglobin", "<12 g/dL")), Why.OPEN),
        (book(seen("hemoglobin", "12 g/dL"), seen("hemoglobin", "8 g/dL")), Why.OPEN),
        (book(seen("hemoglobin", "12 g/dL", "2026")), Why.OPEN),
        (replace(book(), unsettled=frozenset({"hemoglobin"})), Why.UNREADABLE),
    ],
)
def test_a_result_that_does_not_decide_says_why(study, casebook, why):
    """Nothing recorded, too old, unreadable, or recorded without deciding."""
    assert found(study, HEMOGLOBIN, casebook) == (Answer.UNKNOWN, [("hemoglobin", why)])


def test_nothing_lacks_where_a_record_decides(study):
    """Met and not met alike."""
    for value, answer in (("12 g/dL", Answer.MET), ("8 g/dL", Answer.NOT_MET)):
        assert found(study, HEMOGLOBIN, book(seen("hemoglobin", value))) == (answer, [])


@pytest.mark.parametrize(
    ("facts", "person", "lacks"),
    [
        ((), {}, [("age", Why.NOTHING), ("sex", Why.NOTHING), ("creatinine", Why.NOTHING),
                  ("body-weight", Why.NOTHING)]),
        ((seen("creatinine", "1 mg/dL"),), {"born": "1970", "sex": "female"},
         [("body-weight", Why.NOTHING)]),
        ((seen("body-weight", "60 kg", "2020-01-01"),), {"born": "1970", "sex": "female"},
         [("creatinine", Why.NOTHING)]),
        ((seen("creatinine", "1 mg/dL", "2025-01-01"), seen("body-weight", "60 kg")),
         {"born": "1970", "sex": "female"}, [("creatinine", Why.TOO_OLD)]),
        ((seen("creatinine", "1 mg/dL"), seen("body-weight", "60 mL")),
         {"born": "1970", "sex": "female"}, [("body-weight", Why.UNREADABLE)]),
        ((seen("creatinine", "1 mg/dL"), seen("body-weight", "<60 kg", "2020-01-01")),
         {"born": "1970", "sex": "female"}, [("body-weight", Why.OPEN)]),
    ],
)  # fmt: skip
def test_of_a_clearance_the_fact_is_named(study, facts, person, lacks):
    """Creatinine, weight, age or sex; all that is not there, and a weight of any day counts."""
    rule = ClearanceRule(
        kind="clearance", creatinine="creatinine", weight="body-weight", at_least=Decimal(30),
        within_days=14,
    )  # fmt: skip

    answer, told = found(study, rule, book(*facts, **person))

    assert answer is Answer.UNKNOWN
    assert sorted(told) == sorted(lacks)


def test_a_multiple_lacks_its_range(study):
    """The result is there; where the institution's table has the limit, nothing lacks."""
    rule = MultipleRule(kind="multiple", fact="potassium", times="ULN", below=Decimal(2))
    line = LaboratoryRange("potassium", None, Decimal(5), "mmol/L")
    casebook = book(seen("potassium", "4 mmol/L"))

    assert found(study, rule, casebook) == (Answer.UNKNOWN, [("potassium", Why.NO_RANGE)])
    assert found(study, rule, casebook, laboratory=(line,)) == (Answer.MET, [])


@pytest.mark.parametrize(
    ("rule", "casebook", "lack"),
    [
        (PREGNANCY, book(), ("pregnancy", Why.INCOMPLETE)),
        (PREGNANCY.model_copy(update={"not_recorded": "unknown", "look_back_days": None}), book(),
         ("pregnancy", Why.NOTHING)),
        (PREGNANCY, book(had("pregnancy", "2026", "2026")), ("pregnancy", Why.OPEN)),
        (PREGNANCY, replace(book(), unsettled=frozenset({"pregnancy"})),
         ("pregnancy", Why.UNREADABLE)),
        (TreatmentRule(kind="treatment", fact="endocrine", when="ever"), book(),
         ("endocrine", Why.NOTHING)),
        (TreatmentRule(kind="treatment", fact="endocrine", when="now"),
         book(took("letrozole", "2026-01-01")), ("endocrine", Why.OPEN)),
        (TreatmentRule(kind="treatment", fact="endocrine", when="ever"),
         replace(book(), unsettled=frozenset({"tamoxifen"})), ("endocrine", Why.UNREADABLE)),
        (AgeRule(kind="age", at_least=Decimal(18)), book(), ("age", Why.NOTHING)),
        (AgeRule(kind="age", at_least=Decimal(18)), book(born="2008"), ("age", Why.OPEN)),
    ],
)  # fmt: skip
def test_what_is_not_measured_says_why_too(study, rule, casebook, lack):
    """Conditions and treatments by what silence means, and the person by what is known."""
    assert found(study, rule, casebook) == (Answer.UNKNOWN, [lack])


@pytest.mark.parametrize("name", ["I01", "E01"])
@pytest.mark.parametrize("answer", [None, "yes", "no"])
def test_what_people_answer_is_no_fact_of_a_record(study, name, answer):
    """In the participant's favour, given or not; a record decides the rest."""
    rule = (AllRule if name == "I01" else AnyRule)(kind=("all", "any")[name == "E01"],
                                                    of=(CANDIDATE, HEMOGLOBIN))  # fmt: skip
    given = () if answer is None else (said("candidate", answer),)

    assert found(study, rule, book(*given), name)[1] == [("hemoglobin", Why.NOTHING)]
    low, high = (book(*given, seen("hemoglobin", each)) for each in ("8 g/dL", "12 g/dL"))
    good, bad = (high, low) if name == "I01" else (low, high)
    assert found(study, rule, good, name) == (Answer.MET, [])
    assert found(study, rule, bad, name) == (Answer.NOT_MET, [])


def test_people_who_choose_between_rules_leave_the_better_one(study):
    """What is missing is of the rule that lets in sooner, or of both while neither does."""
    other = HEMOGLOBIN.model_copy(update={"fact": "ecog", "unit": "{score}", "at_least": 1})
    rule = IfRule(kind="if", condition=CANDIDATE, then=HEMOGLOBIN, otherwise=other)

    both = found(study, rule, book())
    one = found(study, rule, book(seen("hemoglobin", "8 g/dL")))

    assert [name for name, _ in both[1]] == ["hemoglobin", "ecog"]
    assert one == (Answer.UNKNOWN, [("ecog", Why.NOTHING)])
    assert found(study, rule, book(seen("hemoglobin", "12 g/dL"))) == (Answer.MET, [])


def test_people_who_are_asked_next_are_left_out(study):
    """Beside a record, unless there is nothing else to ask; and a `not` turns what is good."""
    first = FirstRule(kind="first", of=(HEMOGLOBIN, CANDIDATE))
    alone = FirstRule(kind="first", of=(CANDIDATE,))
    no = NotRule(kind="not", rule=CANDIDATE)

    assert found(study, first, book()) == (Answer.UNKNOWN, [("hemoglobin", Why.NOTHING)])
    assert found(study, alone, book()) == (Answer.MET, [])
    assert found(study, no, book()) == found(study, no, book(), "E01") == (Answer.MET, [])


def test_whom_a_criterion_does_not_concern_lacks_nothing(study):
    """A permission restricts nobody, and one of the other sex is not asked."""
    context = Context("", DAY, ANCHORS, "registration", study.terms)
    note = Criterion(id="I01", says="May.", place="nowhere", kind="note")
    hers = asked(HEMOGLOBIN).model_copy(update={"sex": "female"})

    assert finding_by_record(note, book(), context)[0].answer is Answer.MET
    told = finding_by_record(hers, book(sex="male"), context)[0]
    assert (told.answer, told.because) == (
        Answer.NOT_APPLICABLE, "asked of female participants only; recorded sex male",
    )  # fmt: skip
    assert finding_by_record(hers, book(), context)[0].answer is Answer.UNKNOWN


def test_both_engines_leave_the_same_kinds_to_people():
    """What no record decides is said by the warehouse kind by kind."""
    kinds = {kind for kind, each in LEAF_KINDS.items() if getattr(each, "NEEDS_PERSON", False)}

    assert kinds == {each.model_fields["kind"].annotation.__args__[0] for each in OF_PEOPLE}
    assert ApprovalRule in OF_PEOPLE


def test_facts_are_counted_with_everybody_who_lacks_them():
    """Most first; alone where nothing else is missing; reasons in their order."""
    weight = [Lack("w", "Weight", why) for why in (Why.TOO_OLD, Why.NOTHING)]
    height = Lack("h", "Height", Why.OPEN)

    told = count_missing([[weight[0]], [weight[1], height], [], [weight[1]]])

    assert [(each.says, each.people, each.alone) for each in told] == [
        ("Weight", 3, 2), ("Height", 1, 0),
    ]  # fmt: skip
    assert told[0].why == ((Why.NOTHING, 2), (Why.TOO_OLD, 1))
    assert count_missing([]) == ()
