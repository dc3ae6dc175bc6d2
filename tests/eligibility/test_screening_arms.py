"""Screening one participant for every arm: one sentence, and each criterion judged once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, had, said

from trialwright.eligibility import screening as module
from trialwright.eligibility.screening import screen, screen_arms
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.terms.dates import PartialDate

DAYS = {"screening": DAY, "registration": DAY, "consent": DAY, "first_dose": DAY}
PI = "principal-investigator"


def ago(days):
    """Give the day so many days before the day judged, as text."""
    return (DAY - timedelta(days=days)).isoformat()


def criterion(name, rule, **fields):
    """Make a criterion."""
    return Criterion(id=name, says=f"says {name}", place="x", kind="rule", rule=rule, **fields)


JUDGED = criterion("I01", AttestedRule(kind="attested", question="candidate"))
PREGNANT = ConditionRule(kind="condition", fact="pregnancy", expect="present")
ONLY_C = criterion("E13", PREGNANT, arms=("C",))
B_AND_C = criterion("E14", PREGNANT, arms=("B", "C"))
APPROVED_B = criterion(
    "I02", ApprovalRule(kind="approval", question="approval"), arms=("B",), approval=PI
)
YES, ABSENT = said("candidate", "yes"), had("pregnancy", recorded="2026-03-01", is_present=False)


@pytest.mark.parametrize(
    ("criteria", "facts", "because"),
    [
        ((JUDGED,), (YES,), "Eligible for arms A, B and C."),
        (
            (JUDGED, ONLY_C),
            (YES, had("pregnancy")),
            "Eligible for arms A and B; not eligible for arm C (E13).",
        ),
        (
            (JUDGED, ONLY_C, B_AND_C),
            (YES, had("pregnancy")),
            "Eligible for arm A; not eligible for arm B (E14); not eligible for arm C (E13, E14).",
        ),
        (
            (JUDGED, APPROVED_B, ONLY_C),
            (YES,),
            "Eligible for arm A; eligible once approved for arm B (I02); "
            "cannot tell yet for arm C (E13).",
        ),
        ((JUDGED, ONLY_C), (), "Cannot tell yet for arms A and B (I01); "
         "cannot tell yet for arm C (I01, E13)."),
    ],
)  # fmt: skip
def test_one_sentence_names_every_arm(study, criteria, facts, because):
    """Arms that are decided by the same criteria are named together."""
    found = screen_arms(study(*criteria, terms=TERMS), book(*facts), DAY, DAYS)

    assert found.because == because
    assert (found.participant, found.as_of) == ("P-1", DAY)


@pytest.mark.parametrize(
    ("died", "facts", "because"),
    [
        (ago(1), (YES,), "Not eligible for arms A, B and C (death on record: 2026-03-04)."),
        (ago(0), (YES,), "Not eligible for arms A, B and C (death on record: 2026-03-05)."),
        (ago(-1), (YES,), "Eligible for arms A, B and C."),
        ("2026", (YES,), "Cannot tell yet for arms A, B and C (death on record: 2026)."),
        ("2026", (said("candidate", "no"),), "Not eligible for arms A, B and C (death on record: "
         "2026)."),
    ],
)  # fmt: skip
def test_nobody_is_eligible_after_death(study, died, facts, because):
    """Whatever the criteria say; the day may be known in part."""
    asked, dead = study(JUDGED, terms=TERMS), replace(book(*facts), died=PartialDate.parse(died))
    found = screen_arms(asked, dead, DAY, DAYS)

    assert found.because == because
    alive = screen_arms(asked, book(*facts), DAY, DAYS)
    assert [each.verdicts for each in found.screenings] == [
        each.verdicts for each in alive.screenings
    ]


def test_the_open_arms_are_those_that_let_the_participant_in(study):
    """At once, or once approved."""
    made = study(JUDGED, APPROVED_B, ONLY_C, terms=TERMS)

    assert screen_arms(made, book(YES), DAY, DAYS).open_arms == ("A", "B")
    assert screen_arms(made, book(YES, had("pregnancy")), DAY, DAYS).open_arms == ("A", "B")
    assert screen_arms(made, book(YES, ABSENT), DAY, DAYS).open_arms == ("A", "B", "C")


@pytest.mark.parametrize(
    "facts",
    [(), (YES,), (YES, had("pregnancy")), (YES, ABSENT), (said("candidate", "no"),)],
)
def test_each_arm_is_judged_as_alone(study, facts):
    """What is judged once gives the same screening."""
    made = study(JUDGED, APPROVED_B, ONLY_C, B_AND_C, terms=TERMS)
    found = screen_arms(made, book(*facts), DAY, DAYS)

    assert found.screenings == tuple(screen(made, book(*facts), arm, DAY, DAYS) for arm in "ABC")


def test_the_shipped_protocol_is_judged_alike_arm_by_arm(shipped):
    """All 35 criteria, from an empty casebook and from one of a man."""
    for casebook in (book(), book(had("hiv"), sex="male", born="1970")):
        found = screen_arms(shipped, casebook, DAY, DAYS)
        alone = tuple(screen(shipped, casebook, arm, DAY, DAYS) for arm in "ABC")

        assert found.screenings == alone


def test_a_criterion_is_judged_once_for_the_arms_it_asks_about(study, monkeypatch):
    """However many arms there are."""
    judged = []
    judge = module.judge

    def counted(rule, casebook, context):
        judged.append(rule)
        return judge(rule, casebook, context)

    monkeypatch.setattr(module, "judge", counted)
    made = study(JUDGED, ONLY_C, B_AND_C, terms=TERMS)
    screen_arms(made, book(), DAY, DAYS)

    assert judged == [JUDGED.rule, ONLY_C.rule, B_AND_C.rule]
