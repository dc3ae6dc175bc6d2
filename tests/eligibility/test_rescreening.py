"""Two versions of a protocol judge the people in screening: who flips, and by which criteria."""

from decimal import Decimal

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, had, said, seen

from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.rescreening import InScreening, VerdictChange, rescreen
from trialwright.protocol.criteria import Criterion

DAYS = {"consent": DAY, "screening": DAY, "registration": DAY}
PI = "principal-investigator"


def criterion(name, says="x", arms=(), **rule):
    """Make a criterion of one rule."""
    sides = ("at_least", "above", "at_most", "below")
    exact = {key: Decimal(each) if key in sides else each for key, each in rule.items()}
    made = {"id": name, "says": says, "place": "x", "kind": "rule", "arms": arms, "rule": exact}
    return Criterion.model_validate(made)


def low(name, bound, **fields):
    """Make a criterion on hemoglobin."""
    return criterion(
        name, kind="observation", fact="hemoglobin", unit="g/dL", at_least=bound, **fields
    )


ASKED = criterion("I18", kind="attested", question="candidate")
ILL = {"kind": "condition", "fact": "hiv", "expect": "present"}
YES = said("candidate", "yes")


@pytest.fixture
def again(study):
    """Give what two versions make of one participant."""

    def judged(old, new, *facts, renamed=None, terms=TERMS, new_facts=None, **options):
        person = InScreening(book(*facts), book(*(facts if new_facts is None else new_facts)), DAYS)
        versions = study(*old, terms=TERMS), study(*new, terms=terms)
        [found] = rescreen([person], *versions, DAY, renamed, **options)
        return found

    return judged


def test_a_stricter_limit_loses_a_participant(again):
    """Every arm, with the old and the new reason."""
    found = again((low("I11", 9, says="At least 9"),), (low("I11", 10, says="At least 10"),),
                  seen("hemoglobin", "9.5 g/dL"))  # fmt: skip

    assert found.flips
    assert [(each.arm, each.before, each.after, each.flip) for each in found.arms] == [
        (arm, "eligible", "not eligible", "loses") for arm in "ABC"
    ]
    assert found.changes == (
        VerdictChange(
            "I11",
            "I11",
            ("A", "B", "C"),
            "met",
            "not met",
            "Hemoglobin 9.5 g/dL on 2026-03-02, at least 9 g/dL",
            "Hemoglobin 9.5 g/dL on 2026-03-02, not at least 10 g/dL",
            "At least 9",
            "At least 10",
        ),
    )
    assert str(found.changes[0]) == (
        "I11 met, then not met (Hemoglobin 9.5 g/dL on 2026-03-02, at least 9 g/dL; "
        "now Hemoglobin 9.5 g/dL on 2026-03-02, not at least 10 g/dL)"
    )
    assert found.because == (
        "arm A: eligible, then not eligible (I11); arm B: eligible, then not eligible (I11); "
        "arm C: eligible, then not eligible (I11). Changed: I11 met -> not met"
    )


def test_a_wider_limit_gains_a_participant(again):
    """The criterion that stood in the way is named."""
    found = again((low("I11", 10),), (low("I11", 9),), seen("hemoglobin", "9.5 g/dL"))

    assert [each.flip for each in found.arms] == ["gains"] * 3
    assert found.arms[0].because == "arm A: not eligible, then eligible (I11)"


@pytest.mark.parametrize(
    ("value", "before", "after"),
    [("12 g/dL", "met", "met"), ("8 g/dL", "not met", "not met"), (None, "unknown", "unknown")],
)
def test_who_is_judged_alike_does_not_flip(again, value, before, after):
    """A limit that moved past nobody changes no verdict."""
    facts = [seen("hemoglobin", value)] if value else []
    found = again((low("I11", 9),), (low("I11", 10),), *facts)

    assert not found.flips
    assert found.changes == ()
    assert found.because == "; ".join(each.because for each in found.arms)


def test_a_verdict_may_change_where_the_arm_does_not(again):
    """Another criterion keeps the participant out by both versions."""
    found = again((low("I11", 9), ASKED), (low("I11", 10), ASKED),
                  seen("hemoglobin", "9.5 g/dL"), said("candidate", "no"))  # fmt: skip

    assert not found.flips
    assert [each.new for each in found.changes] == ["I11"]
    assert found.arms[0].because == "arm A: not eligible, then not eligible (I11, I18)"


def test_a_criterion_that_is_new_or_dropped_has_no_partner(again):
    """Its verdict stands alone."""
    found = again((ASKED, low("I11", 9)), (ASKED, criterion("E09", **ILL)), YES,
                  seen("hemoglobin", "8 g/dL"), had("hiv"))  # fmt: skip

    assert [(each.old, each.new, each.before, each.after) for each in found.changes] == [
        ("", "E09", "", "present"),
        ("I11", "", "not met", ""),
    ]
    assert found.changes[0] == VerdictChange(
        "", "E09", ("A", "B", "C"), "", "present", "",
        "HIV infection: present [fhir Condition/1]", "", "x",
    )  # fmt: skip
    assert found.changes[1] == VerdictChange(
        "I11", "", ("A", "B", "C"), "not met", "",
        "Hemoglobin 8 g/dL on 2026-03-02, not at least 9 g/dL", "", "x", "",
    )  # fmt: skip
    assert found.because.endswith(". Changed: E09 not asked -> present, I11 not met -> not asked")
    assert [str(each) for each in found.changes] == [
        "E09 newly asked: present (HIV infection: present [fhir Condition/1])",
        "I11 no longer asked; it was not met "
        "(Hemoglobin 8 g/dL on 2026-03-02, not at least 9 g/dL)",
    ]


def test_a_criterion_that_moved_in_its_list_is_the_same(again):
    """One put in before it takes its number."""
    old, new = (low("I11", 9),), (ASKED.model_copy(update={"id": "I11"}), low("I12", 10))
    facts = YES, seen("hemoglobin", "9.5 g/dL")
    found = again(old, new, *facts, renamed={"I11": "I12"})

    assert [(each.old, each.new, each.before, each.after) for each in found.changes] == [
        ("", "I11", "", "met"),
        ("I11", "I12", "met", "not met"),
    ]
    assert str(found.changes[1]).startswith("I12 (before I11) met, then not met (")


def test_a_criterion_whose_number_another_one_took_was_dropped(again):
    """Nothing is compared with what it is not."""
    old, new = (low("I11", 9), ASKED), (ASKED.model_copy(update={"id": "I11"}),)
    found = again(old, new, YES, seen("hemoglobin", "8 g/dL"), renamed={"I18": "I11"})

    assert [(each.old, each.new, each.before, each.after) for each in found.changes] == [
        ("I11", "", "not met", ""),
    ]


def test_a_criterion_may_be_said_to_be_dropped(again):
    """An empty new id, though the number is in use."""
    found = again((low("I11", 9),), (low("I11", 9),), seen("hemoglobin", "9 g/dL"),
                  renamed={"I11": ""})  # fmt: skip

    assert [(each.old, each.new, each.before, each.after) for each in found.changes] == [
        ("", "I11", "", "met"),
        ("I11", "", "met", ""),
    ]


def test_an_inclusion_that_became_an_exclusion_lets_in_alike(again):
    """Met and absent are one answer."""
    inclusion = criterion("I09", kind="condition", fact="hiv", expect="absent")
    found = again((inclusion,), (criterion("E09", **ILL),), had("hiv", is_present=False),
                  renamed={"I09": "E09"})  # fmt: skip

    assert found.changes == ()


def test_arms_that_change_alike_are_told_together(again):
    """Arm C alone loses what a criterion of arm C asks."""
    old = low("I11", 9)
    found = again((old,), (old, low("I12", 10, arms=("B", "C"))), seen("hemoglobin", "9.5 g/dL"))

    assert [(each.new, each.arms, each.before, each.after) for each in found.changes] == [
        ("I12", ("A",), "", "not applicable"),
        ("I12", ("B", "C"), "", "not met"),
    ]
    assert [each.flip for each in found.arms] == ["", "loses", "loses"]


def test_an_approval_that_is_outstanding_is_no_loss(again):
    """Eligible once approved is still open."""
    approval = criterion("I20", kind="approval", question="approval").model_copy(
        update={"approval": PI}
    )
    found = again((ASKED,), (ASKED, approval), YES)

    assert not found.flips
    assert found.arms[0].because == "arm A: eligible, then eligible once approved (I20)"


def test_an_arm_that_one_version_does_not_have_is_told(study):
    """It is gained or lost as a whole."""
    both = study(ASKED, terms=TERMS)
    fewer = both.model_copy(update={"arms": both.arms[:2]})
    person = InScreening(book(YES), book(YES), DAYS)
    [dropped] = rescreen([person], both, fewer, DAY)
    [added] = rescreen([person], fewer, both, DAY)

    assert [each.flip for each in dropped.arms] == ["", "", "loses"]
    assert dropped.arms[2].because == "arm C: eligible, then no such arm"
    assert [each.flip for each in added.arms] == ["", "", "gains"]
    assert added.arms[2].because == "arm C: no such arm, then eligible"


def test_each_version_reads_the_record_in_its_own_vocabulary(again):
    """A term that was renamed is read under its new name."""
    terms = {**TERMS, "hb": TERMS["hemoglobin"]}
    new = criterion("I11", kind="observation", fact="hb", unit="g/dL", at_least=9)
    found = again((low("I11", 9),), (new,), seen("hemoglobin", "9 g/dL"), terms=terms,
                  new_facts=[seen("hb", "9 g/dL")])  # fmt: skip

    assert not found.flips
    assert found.changes == ()


def test_the_institution_s_table_is_for_both_versions(again):
    """And decides what a result leaves open."""

    def times(below):
        return criterion("I14", kind="multiple", fact="hemoglobin", times="ULN", below=below)

    table = (LaboratoryRange("hemoglobin", None, Decimal(6), "g/dL"),)
    facts = seen("hemoglobin", "12 g/dL")

    assert not again((times(3),), (times(2),), facts).flips
    found = again((times(3),), (times(2),), facts, laboratory=table)
    assert (found.changes[0].before, found.changes[0].after) == ("met", "not met")


def test_everybody_is_told_in_the_order_given(study):
    """Changed or not."""
    old, new = study(low("I11", 9), terms=TERMS), study(low("I11", 10), terms=TERMS)
    books = [book(seen("hemoglobin", value)) for value in ("9.5 g/dL", "12 g/dL")]
    found = [*rescreen([InScreening(each, each, DAYS) for each in books], old, new, DAY)]

    assert [each.flips for each in found] == [True, False]
    assert [each.participant for each in found] == ["P-1", "P-1"]


def test_a_version_against_itself_changes_nothing(shipped):
    """All 35 criteria."""
    person = InScreening(book(YES), book(YES), DAYS)
    [found] = rescreen([person], shipped, shipped, DAY)

    assert (found.flips, found.changes) == (False, ())


def test_arms_that_differed_before_are_told_apart(again):
    """A criterion of arm A alone that is asked of all: the others were not asked it."""
    found = again((low("I11", 9, arms=("A",)),), (low("I11", 10),), seen("hemoglobin", "9.5 g/dL"))

    assert [(each.arms, each.before, each.after) for each in found.changes] == [
        (("A",), "met", "not met"),
        (("B", "C"), "not applicable", "not met"),
    ]


def test_an_arm_that_one_version_lacks_has_no_verdict_there(study):
    """Its criteria are newly asked there, or no longer."""
    facts = book(seen("hemoglobin", "9.5 g/dL"))
    person = InScreening(facts, facts, DAYS)
    whole = study(low("I11", 9), terms=TERMS)
    few = whole.model_copy(update={"arms": whole.arms[:2]})

    [opened] = rescreen([person], few, whole, DAY)
    [closed] = rescreen([person], whole, few, DAY)

    assert [
        (each.old, each.new, each.arms, each.before, each.after) for each in opened.changes
    ] == [("", "I11", ("C",), "", "met")]
    assert [
        (each.old, each.new, each.arms, each.before, each.after) for each in closed.changes
    ] == [("I11", "", ("C",), "met", "")]
    assert str(opened.changes[0]).startswith("I11 newly asked: met (")
    assert str(closed.changes[0]).startswith("I11 no longer asked; it was met (")
