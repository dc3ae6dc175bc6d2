"""Screening one participant for one arm: every criterion judged, and what it comes to."""

from itertools import product

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, had, said, seen

from trialwright.eligibility.screening import Overall, screen, verdict
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AttestedRule,
    ConditionRule,
    Criterion,
    ObservationRule,
)
from trialwright.terms.errors import Refusal

DAYS = {"screening": DAY, "registration": DAY, "consent": DAY}
ASKED = AttestedRule(kind="attested", question="candidate")
APPROVED = AttestedRule(kind="attested", question="approval", by="principal-investigator")
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


def test_an_approval_that_the_criterion_does_not_allow_is_an_open_question(study):
    """Only the criterion itself may say that somebody approves."""
    closed = APPROVABLE.model_copy(update={"approval": None})
    found = screened(study(closed, terms=TERMS), said("candidate", "yes"), had("hiv"))

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
    """In the order of the protocol."""
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
