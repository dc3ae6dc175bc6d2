"""Screening one participant for one arm: every criterion judged, and what it comes to."""

from decimal import Decimal
from inspect import signature
from itertools import product

import pytest
from tests.eligibility.casebooks import DAY, MEDICINES, TERMS, book, had, said, seen, took

from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.screening import Overall, screen, screen_arms, verdict
from trialwright.protocol.criteria import AllRule, AnyRule, Criterion
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import (
    ApprovalRule,
    AttestedRule,
    MultipleRule,
    ObservationRule,
)
from trialwright.protocol.schedule import Obligation
from trialwright.terms.errors import Refusal

DAYS = {"screening": DAY, "registration": DAY, "consent": DAY, "first_dose": DAY}
ASKED = AttestedRule(kind="attested", question="candidate")
APPROVED = ApprovalRule(kind="approval", question="approval")
ILL = ConditionRule(kind="condition", fact="hiv", expect="present")
WELL = ConditionRule(kind="condition", fact="hiv", expect="absent")


def criterion(name, rule=None, **fields):
    """Make a criterion."""
    kind = fields.pop("kind", "note" if rule is None else "rule")
    return Criterion(id=name, says=f"says {name}", place="x", kind=kind, rule=rule, **fields)


APPROVAL = said("approval", "yes", "principal-investigator")
REFUSAL = said("approval", "no", "principal-investigator")
JUDGED = criterion("I01", ASKED)
EXCLUSION = criterion("E01", ILL)
ONLY_C = criterion("E02", ConditionRule(kind="condition", fact="pregnancy", expect="present"),
                   arms=("C",))  # fmt: skip
NOTE = criterion("I02")
APPROVABLE = criterion(
    "I03",
    AnyRule(kind="any", of=(WELL, AllRule(kind="all", of=(ASKED, APPROVED)))),
    approval="principal-investigator",
)


def screened(made, *facts, arm="A"):
    """Screen a participant for an arm."""
    return screen(made, book(*facts), arm, DAY, DAYS)


def test_every_criterion_met_is_eligible(study):
    """The sentence says so, and the verdicts stand in the order of the protocol."""
    made = study(JUDGED, NOTE, EXCLUSION, terms=TERMS)
    found = screened(made, said("candidate", "yes"), had("hiv", is_present=False))

    assert found.overall == Overall.ELIGIBLE
    assert found.because == "arm A: eligible: every criterion is met"
    assert [(each.criterion, each.word) for each in found.verdicts] == [
        ("I01", "met"),
        ("I02", "met"),
        ("E01", "absent"),
    ]
    assert found.counts == {"met": 3}
    assert found.missing == ()
    assert (found.participant, found.arm, found.as_of) == ("P-1", "A", DAY)


@pytest.mark.parametrize(
    ("facts", "overall", "because"),
    [
        ((), "cannot tell yet", "arm A: cannot tell yet (I01, I03)"),
        ((said("candidate", "no"),), "not eligible", "arm A: not eligible (I01)"),
        (
            (said("candidate", "no"), had("hiv"), REFUSAL),
            "not eligible",
            "arm A: not eligible (I01, I03)",
        ),
        (
            (said("candidate", "yes"), had("hiv")),
            "eligible once approved",
            "arm A: eligible once approved (I03)",
        ),
        (
            (said("candidate", "yes"),),
            "cannot tell yet",
            "arm A: cannot tell yet (I03)",
        ),
        (
            (said("candidate", "yes"), had("hiv"), APPROVAL),
            "eligible",
            "arm A: eligible: every criterion is met",
        ),
        (
            (said("candidate", "yes"), had("hiv"), REFUSAL),
            "not eligible",
            "arm A: not eligible (I03)",
        ),
        (
            (said("candidate", "yes"), had("hiv"), said("approval", "yes", "investigator")),
            "eligible once approved",
            "arm A: eligible once approved (I03)",
        ),
    ],
)  # fmt: skip
def test_verdicts_roll_up_and_the_sentence_names_what_decides(study, facts, overall, because):
    """A failure decides; else what is unknown; else an approval that the protocol allows."""
    found = screened(study(JUDGED, NOTE, APPROVABLE, terms=TERMS), *facts)

    assert (found.overall, found.because) == (overall, because)


def test_an_approval_is_outstanding_only_when_nothing_else_is(study):
    """With another criterion open, nobody can tell yet; the approval is still marked."""
    found = screened(
        study(EXCLUSION, APPROVABLE, terms=TERMS), said("candidate", "yes"), had("hiv")
    )
    open_one = study(
        criterion("E01", ConditionRule(kind="condition", fact="pregnancy", expect="present")),
        APPROVABLE,
        terms=TERMS,
    )
    undecided = screened(open_one, said("candidate", "yes"), had("hiv"))

    assert found.overall == Overall.NOT_ELIGIBLE
    assert undecided.overall == Overall.CANNOT_TELL
    assert undecided.because == "arm A: cannot tell yet (E01)"
    assert [each.awaits_approval for each in undecided.verdicts] == [False, True]


def test_a_question_that_is_no_approval_is_an_open_question(study):
    """Who is asked does not make it an approval: its rule says so."""
    asked = AttestedRule(kind="attested", question="approval", by="principal-investigator")
    open_one = criterion("I03", AnyRule(kind="any", of=(WELL, asked)))
    found = screened(study(open_one, terms=TERMS), had("hiv"))

    assert found.overall == Overall.CANNOT_TELL
    assert found.missing == ("approval",)


@pytest.mark.parametrize(
    ("facts", "word", "answer"),
    [
        ((had("hiv"),), "present", "not met"),
        ((had("hiv", is_present=False),), "absent", "met"),
        ((), "unknown", "unknown"),
    ],
)
def test_an_exclusion_is_negated_once_at_its_root(study, facts, word, answer):
    """Its rule is met when it is present; its verdict is met when it lets the participant in."""
    made = study(EXCLUSION, terms=TERMS)
    found = verdict(EXCLUSION, made, book(*facts), "A", DAY, DAYS)

    assert (found.word, str(found.finding.answer)) == (word, answer)
    assert (found.criterion, found.says, found.is_exclusion) == ("E01", "says E01", True)
    assert len(found.finding.evidence) == len(facts)


def test_the_parts_of_an_exclusion_stand_below_it(study):
    """What was found of each part is kept as found."""
    both = criterion("E03", AllRule(kind="all", of=(ILL, ASKED)))
    facts = had("hiv"), said("candidate", "yes")
    found = verdict(both, study(both, terms=TERMS), book(*facts), "A", DAY, DAYS)

    assert found.word == "present"
    assert [str(part.answer) for part in found.finding.parts] == ["met", "met"]


def test_a_permission_never_restricts(study):
    """It is met whatever is known, and says why."""
    found = verdict(NOTE, study(NOTE, terms=TERMS), book(), "A", DAY, DAYS)

    assert found.word == "met"
    assert found.finding.because == "a permission: it never restricts"


@pytest.mark.parametrize(
    ("arm", "word", "overall"),
    [("A", "not applicable", "eligible"), ("B", "not applicable", "eligible"),
     ("C", "present", "not eligible")],
)  # fmt: skip
def test_a_criterion_of_one_arm_is_asked_for_that_arm_only(study, arm, word, overall):
    """Somebody can be eligible for arms A and B, and not for C."""
    found = screened(study(ONLY_C, terms=TERMS), had("pregnancy", "2026-01-01"), arm=arm)

    assert found.verdicts[0].word == word
    assert found.overall == overall


def test_one_criterion_is_judged_for_the_arm_asked(study):
    """Of arm C alone it is decided there, and does not apply elsewhere."""
    made, well = study(ONLY_C, terms=TERMS), book(had("pregnancy", is_present=False))

    assert verdict(ONLY_C, made, well, "C", DAY, DAYS).word == "absent"
    assert verdict(ONLY_C, made, well, "A", DAY, DAYS).word == "not applicable"


def test_what_is_decided_awaits_no_approval(study):
    """Nor does what an approval would not decide."""
    made = study(JUDGED, APPROVABLE, terms=TERMS)
    decided = screened(made, said("candidate", "yes"), had("hiv", is_present=False)).verdicts
    waiting = screened(made, said("candidate", "yes"), had("hiv")).verdicts

    assert [each.awaits_approval for each in decided] == [False, False]
    assert [each.awaits_approval for each in waiting] == [False, True]


def test_not_applicable_is_decided_before_any_fact_is_asked(study):
    """The reason names the arms; nothing is missing."""
    found = screened(study(ONLY_C, terms=TERMS))

    assert found.verdicts[0].finding.because == "asked for arm C only, not for arm A"
    both = ONLY_C.model_copy(update={"arms": ("B", "C")})
    assert screened(study(both, terms=TERMS)).verdicts[0].finding.because == (
        "asked for arm B, C only, not for arm A"
    )
    assert found.missing == ()
    assert found.counts == {"not applicable": 1}


@pytest.mark.parametrize(
    ("sex", "answer", "because"),
    [
        ("male", "not applicable", "asked of female participants only; recorded sex male"),
        ("female", "not met", "HIV infection: present [fhir Condition/1]"),
        (None, "not met", "HIV infection: present [fhir Condition/1]"),
    ],
)
def test_a_criterion_of_one_sex_is_not_applicable_to_the_other(study, sex, answer, because):
    """Before any fact is asked; a sex that is not recorded is not the other one."""
    hers = criterion("E01", ILL, sex="female")
    found = verdict(hers, study(hers, terms=TERMS), book(had("hiv"), sex=sex), "A", DAY, DAYS)

    assert (str(found.finding.answer), found.finding.because) == (answer, because)


def test_the_institution_s_table_gives_a_limit_that_a_result_does_not_carry(study):
    """Handed on to every rule."""
    high = criterion(
        "I01", MultipleRule(kind="multiple", fact="hemoglobin", times="ULN", below=Decimal(2))
    )
    made = study(high, terms=TERMS)
    table = (LaboratoryRange("hemoglobin", None, Decimal(6), "g/dL"),)
    facts = book(seen("hemoglobin", "12 g/dL"))

    assert screen(made, facts, "A", DAY, DAYS).verdicts[0].word == "unknown"
    assert screen(made, facts, "A", DAY, DAYS, table).verdicts[0].word == "not met"
    assert screen_arms(made, facts, DAY, DAYS, table).screenings[0].verdicts[0].word == "not met"
    assert verdict(high, made, facts, "A", DAY, DAYS, table).word == "not met"


def test_medicines_and_completeness_reach_the_rules(study):
    """A set knows its members, and silence is absence in a complete record."""
    treated = criterion(
        "E01",
        TreatmentRule(
            kind="treatment",
            fact="endocrine",
            when="ever",
            not_recorded="absent-if-complete",
            look_back_days=3650,
        ),
    )
    made = study(treated, terms=TERMS).model_copy(
        update={"medicines": MEDICINES, "completeness": "complete"}
    )

    def word(*facts):
        return screen(made, book(*facts), "A", DAY, DAYS).verdicts[0].word

    assert word() == "unknown"
    assert word(said("complete", "yes")) == "absent"
    assert word(took("letrozole", "2025-01-01", is_ongoing=True)) == "present"


def test_the_duties_that_follow_from_a_criterion_stand_beside_it(shipped):
    """Contraception, the GnRH agonist and counselling; none where it is not applicable."""
    woman = screen(shipped, book(sex="female"), "A", DAY, DAYS)
    man = screen(shipped, book(sex="male"), "A", DAY, DAYS)
    duties = {each.criterion: each.duties for each in woman.verdicts if each.duties}

    assert set(duties) == {each.criterion for each in shipped.obligations} == {"E12", "I02", "E04"}
    assert duties["E12"] == (
        "Highly effective contraception, from registration until 8 weeks after the last dose",
    )
    [counselling] = duties["E04"]
    assert counselling.endswith("herbal products, from consent")
    left = {each.criterion for each in man.verdicts if each.duties}
    assert left == {
        each.criterion
        for each in man.verdicts
        if each.criterion in duties and each.word != "not applicable"
    }


def test_a_duty_may_begin_with_the_first_dose(study):
    """Told in words."""
    diary = Obligation(id="diary", says="A diary of the drug", criterion="I01", starts="first_dose")
    made = study(JUDGED, terms=TERMS).model_copy(update={"obligations": (diary,)})

    assert screened(made).verdicts[0].duties == ("A diary of the drug, from first dose",)


def test_an_arm_that_the_study_does_not_have_is_refused(study):
    """Nobody is eligible for an arm that does not exist."""
    made = study(ONLY_C, terms=TERMS)

    with pytest.raises(Refusal, match=r"arm D.*A, B, C"):
        screen(made, book(), "D", DAY, DAYS)
    with pytest.raises(Refusal, match=r"arm D.*A, B, C"):
        verdict(ONLY_C, made, book(), "D", DAY, DAYS)


def test_a_study_without_criteria_makes_everybody_eligible(study):
    """Nothing stands against it."""
    assert screened(study(terms=TERMS)).overall == Overall.ELIGIBLE


def test_each_missing_fact_is_named_once(study):
    """Cheapest first: a person is asked before blood is drawn."""
    low = ObservationRule(kind="observation", fact="ecog", at_most=2, unit="{score}")
    made = study(JUDGED, criterion("I04", low), criterion("E03", ASKED), terms=TERMS)

    assert screened(made).missing == ("candidate", "ecog")
    assert screened(made, seen("ecog", "0 {score}")).missing == ("candidate",)


STATES = {"met": ("yes", "met"), "not met": ("no", "not met"), "unknown": (None, "unknown")}


@pytest.mark.parametrize("answers", [*product(STATES, repeat=2)])
def test_the_roll_up_of_two_inclusions_is_their_least_answer(study, answers):
    """Not met before unknown before met."""
    second = AttestedRule(kind="attested", question="approval", by="principal-investigator")
    made = study(JUDGED, criterion("I02", second), terms=TERMS)
    roles = {"candidate": "investigator", "approval": "principal-investigator"}
    facts = [
        said(question, STATES[answer][0], roles[question])
        for question, answer in zip(roles, answers, strict=True)
        if STATES[answer][0]
    ]
    expected = (
        "not eligible" if "not met" in answers
        else "cannot tell yet" if "unknown" in answers
        else "eligible"
    )  # fmt: skip

    assert screened(made, *facts).overall == expected


# --- no waiver ------------------------------------------------------------------------------------

FAILED = criterion(
    "I04", ObservationRule(kind="observation", fact="ecog", at_most=2, unit="{score}")
)
PI = "principal-investigator"
WAIVERS = [
    pytest.param(said("candidate", "yes", PI), id="an answer to another question"),
    pytest.param(said("approval", "yes", PI), id="an approval that it does not ask for"),
    pytest.param(said("ecog", "yes", PI), id="an answer in the name of the fact"),
    pytest.param(said("I04", "yes", PI), id="an answer in the name of the criterion"),
    pytest.param(said("waiver", "yes", PI), id="a waiver"),
    pytest.param(said("complete", "yes"), id="a complete record"),
]


@pytest.mark.parametrize("waiver", WAIVERS)
def test_nothing_that_a_person_says_makes_a_failed_criterion_met(study, waiver):
    """A waiver is an exception on record, never a verdict."""
    made = study(FAILED, APPROVABLE, terms=TERMS)
    facts = (seen("ecog", "3 {score}"), had("hiv", is_present=False))
    before, after = (
        screen_arms(made, book(*each), DAY, DAYS) for each in (facts, (*facts, waiver))
    )

    assert [each.overall for each in after.screenings] == ["not eligible"] * 3
    assert after.because == before.because == "Not eligible for arms A, B and C (I04)."
    assert [each.verdicts[0] for each in after.screenings] == [
        each.verdicts[0] for each in before.screenings
    ]


def test_an_approval_meets_only_the_criterion_that_asks_for_it(study):
    """Beside it, what has failed stays so."""
    made = study(FAILED, APPROVABLE, terms=TERMS)
    facts = (seen("ecog", "3 {score}"), had("hiv"), said("candidate", "yes"), APPROVAL)

    assert [each.word for each in screened(made, *facts).verdicts] == ["not met", "met"]


@pytest.mark.parametrize("judge", [verdict, screen, screen_arms])
def test_no_function_takes_a_waiver(judge):
    """What may be handed in are study, facts, arm, days and the table of ranges."""
    taken = set(signature(judge).parameters)

    assert taken <= {"criterion", "study", "casebook", "arm", "as_of", "anchors", "laboratory"}
