"""Arms of two versions: matched by their agents, compared in days, routes and cycles."""

from dataclasses import replace

import pytest
from tests.registry.amending_versions import only, version

from trialwright.protocol.arms import DayRange
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version, VersionArm, VersionDosing

REPEAT = " Cycles repeat every 28 days in the absence of disease progression."
TESTINIB = "Patients receive testinib PO QD on days 1-21." + REPEAT
BOTH = "Patients receive testinib PO QD on days 1-21 and partnerib PO BID on days 1-28." + REPEAT
WITH_INHIBITOR = "Patients receive testinib PO QD and letrozole PO QD on days 1-28." + REPEAT


def arm(label: str, *agents: str, title: str = "") -> VersionArm:
    """Give an arm by its agents, each on days 1-21."""
    days = (DayRange(first=1, last=21),)
    dosing = tuple(VersionDosing((agent,), days=days) for agent in agents)
    return VersionArm(label, title, agents, dosing)


def changed(*arms: str) -> Version:
    """Give a version with the words of its arms."""
    return version(["Signed informed consent"], [], arms)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("on days 1-21", "on days 8-28", "testinib: days 1-21 of every cycle before, days 8-28"),
        ("PO QD", "PO BID", "testinib, doses a day: once daily before, twice daily now"),
        ("PO", "IV", "testinib, route: PO before, IV now"),
        ("every 28 days", "every 21 days", "cycle length: 28 days before, 21 days now"),
    ],
)
def test_what_changes_in_an_arm_is_one_sentence(old, new, says):
    """It changes the treatment, and nobody's eligibility."""
    change = only(differences(changed(TESTINIB), changed(TESTINIB.replace(old, new, 1))))

    assert says in change.says
    assert (change.section, change.effect, change.flips) == ("treatment", "none", ())
    assert change.arms == ("A",)


def test_an_arm_that_is_new_can_be_entered():
    """Who meets its criteria alone can enter now."""
    change = only(differences(changed(TESTINIB), changed(TESTINIB, BOTH)))

    assert (change.topic, change.effect, change.flips[0].turn) == ("arm B", "looser", "in")


def test_an_arm_that_is_gone_is_entered_no_more():
    """Its letter is the older one."""
    change = only(differences(changed(TESTINIB, BOTH), changed(TESTINIB)))

    assert (change.topic, change.effect, change.flips[0].turn) == ("arm B", "tighter", "out")


def test_arms_are_matched_by_agents_though_lettered_otherwise():
    """The order of arms is no change; a criterion for one arm keeps its arm."""
    old = version([], ["For Arm A only: prior testinib"], [TESTINIB, BOTH])
    new = version([], ["For Arm B only: prior testinib"], [BOTH, TESTINIB])

    amendment = differences(old, new)

    assert amendment.changes == ()


def test_a_criterion_that_kept_its_letter_and_not_its_arm_is_told():
    """Arm A is another arm now, so the same words hold for other participants."""
    old = version([], ["For Arm A only: prior testinib"], [TESTINIB, BOTH])
    new = version([], ["For Arm A only: prior testinib"], [BOTH, TESTINIB])
    change = only(differences(old, new))

    assert change.effect == "either way"
    assert "for arm B before, for arm A now" in change.says


def test_a_class_and_its_members_are_one_agent():
    """An aromatase inhibitor is letrozole, anastrozole or exemestane."""
    named = Version(arms=(arm("1", "testinib", "Aromatase Inhibitor"),))
    chosen = Version(arms=(arm("A", "Testinib", "letrozole"),))

    assert differences(named, chosen).changes == ()


def test_an_arm_that_only_has_a_title_is_matched_by_it():
    """`X + Y` names two agents."""
    titled = Version(arms=(VersionArm("2", "Testinib + Partnerib"), VersionArm("1", "Testinib")))
    lettered = Version(arms=(arm("A", "testinib"), arm("B", "testinib", "partnerib")))

    amendment = differences(titled, lettered)

    assert amendment.changes == ()
    assert len(amendment.not_compared) == 3


def test_an_agent_that_joins_an_arm_is_told():
    """The arm is the same, one agent more."""
    change = only(differences(changed(TESTINIB), changed(BOTH)))

    assert "Arm A, partnerib: not given before, given now" in change.says


def test_days_that_only_one_version_states_are_no_change():
    """They are told as not compared."""
    bare = replace(arm("A", "testinib"), dosing=(VersionDosing(("testinib",)),))
    amendment = differences(Version(arms=(bare,)), Version(arms=(arm("A", "testinib"),)))

    assert amendment.changes == ()
    assert "the older version states no days" in amendment.not_compared[0]


def test_a_version_without_arms_is_not_compared_in_them():
    """A copy that lists no arms has not lost them."""
    amendment = differences(changed(), changed(TESTINIB))

    assert amendment.changes == ()
    assert any("arms" in each for each in amendment.not_compared)


def test_the_other_arms_are_named_where_they_are_known():
    """A criterion for one arm of three frees the two others by their letters."""
    arms = [TESTINIB, BOTH, WITH_INHIBITOR]
    change = only(
        differences(
            version([], ["QTc > 470 ms"], arms),
            version([], ["For Arm C only: QTc > 470 ms"], arms),
        )
    )

    assert "for arms A and B" in change.flips[0].says
