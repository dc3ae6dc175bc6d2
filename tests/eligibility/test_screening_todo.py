"""What would decide the criteria that are open: in words, by whom, and cheapest first."""

from dataclasses import replace

import pytest
from tests.eligibility.casebooks import DAY, MEDICINES, TERMS, book, had, said, seen, took

from trialwright.eligibility.screening import screen, screen_arms
from trialwright.eligibility.todo import CHEAPEST_FIRST, Needed
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.vocabulary import Term

DAYS = {"screening": DAY, "registration": DAY, "consent": DAY}
PI = "principal-investigator"
VOCABULARY = {
    **TERMS,
    "weight": Term(says="Weight", kind="observation", unit="kg", effort="vital"),
    "qtcf": Term(says="QTcF", kind="observation", unit="ms", effort="ecg"),
    "size": Term(says="Size of a lesion", kind="observation", unit="mm", effort="imaging"),
}
COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 3650}


def criterion(name, **rule):
    """Make a criterion of one rule."""
    made = {"id": name, "says": "x", "place": "x", "kind": "rule", "rule": rule}
    return Criterion.model_validate(made)


def bounded(name, fact, unit):
    """Make a criterion on a fact."""
    return criterion(name, kind="observation", fact=fact, unit=unit, at_most=100)


def made_of(study, *criteria, completeness=None):
    """Make a study with medicines."""
    made = study(*criteria, terms=VOCABULARY)
    return made.model_copy(update={"medicines": MEDICINES, "completeness": completeness})


def test_efforts_are_in_the_order_in_which_people_make_them():
    """A question costs least, a biopsy most."""
    assert CHEAPEST_FIRST == ("ask", "chart", "vital", "laboratory", "ecg", "imaging", "biopsy")


def test_what_is_missing_is_listed_cheapest_first(study):
    """Whatever the order of the protocol."""
    made = made_of(
        study,
        criterion("I01", kind="specimen", fact="tissue", accepts=({"form": "block"},)),
        bounded("I02", "size", "mm"),
        bounded("I03", "qtcf", "ms"),
        bounded("I04", "hemoglobin", "g/dL"),
        bounded("I05", "weight", "kg"),
        criterion("E01", kind="condition", fact="hiv", expect="present"),
        criterion("I06", kind="attested", question="candidate"),
    )

    assert [(each.name, each.effort) for each in screen(made, book(), "A", DAY, DAYS).deciding] == [
        ("candidate", "ask"),
        ("hiv", "chart"),
        ("weight", "vital"),
        ("hemoglobin", "laboratory"),
        ("qtcf", "ecg"),
        ("size", "imaging"),
        ("tissue", "biopsy"),
    ]


def test_each_line_says_who_is_asked_what_and_which_criteria_it_serves(study):
    """One line for each fact and role, whatever the number of criteria."""
    made = made_of(
        study,
        bounded("I01", "hemoglobin", "g/dL"),
        bounded("E01", "hemoglobin", "g/dL"),
        criterion("I02", kind="attested", question="candidate", by=PI),
        criterion("I03", kind="approval", question="approval"),
        criterion("I04", kind="age", above=60),
        criterion("I05", kind="sex", expect="female"),
        criterion("E02", kind="treatment", fact="endocrine", when="ever"),
    )

    assert screen(made, book(), "A", DAY, DAYS).deciding == (
        Needed("candidate", "Is the participant a good candidate?", PI, "ask", ("I02",)),
        Needed("approval", "Does the principal investigator approve?", PI, "ask", ("I03",)),
        Needed("age", "Date of birth", "coordinator", "ask", ("I04",)),
        Needed("sex", "Sex as recorded", "coordinator", "ask", ("I05",)),
        Needed("endocrine", "Endocrine therapy", "coordinator", "chart", ("E02",)),
        Needed("hemoglobin", "Hemoglobin", "coordinator", "laboratory", ("I01", "E01")),
    )


def test_of_one_effort_what_serves_most_criteria_comes_first(study):
    """One answer that opens two criteria is worth asking first."""
    made = made_of(
        study,
        criterion("I01", kind="attested", question="candidate"),
        criterion("I02", kind="attested", question="approval"),
        criterion("I03", kind="attested", question="approval"),
        bounded("I04", "hemoglobin", "g/dL"),
        bounded("I05", "hemoglobin", "g/dL"),
        bounded("I06", "hemoglobin", "g/dL"),
    )

    assert screen(made, book(), "A", DAY, DAYS).missing == ("approval", "candidate", "hemoglobin")


def test_one_question_of_two_roles_is_two_lines(study):
    """Neither answers for the other."""
    made = made_of(
        study,
        criterion("I01", kind="attested", question="candidate"),
        criterion("I02", kind="attested", question="candidate", by=PI),
    )

    assert [
        (each.name, each.by, each.criteria)
        for each in screen_arms(made, book(), DAY, DAYS).deciding
    ] == [("candidate", "investigator", ("I01",)), ("candidate", PI, ("I02",))]


def test_a_named_day_that_is_not_known_is_asked_for(study):
    """In words."""
    window = criterion(
        "I01", kind="observation", fact="ecog", unit="{score}", at_most=2, within_days=14
    ).model_copy(update={"anchor": "first_dose"})
    made = made_of(study, window)
    found = screen(made, book(seen("ecog", "1 {score}")), "A", DAY, DAYS)

    assert [(each.name, each.effort) for each in found.deciding] == [("ecog", "laboratory")]
    aged = criterion("I02", kind="age", above=60).model_copy(update={"anchor": "first_dose"})
    [asked] = screen(made_of(study, aged), book(born="1960"), "A", DAY, DAYS).deciding
    assert asked == Needed("first_dose", "Day of first dose", "coordinator", "ask", ("I02",))


def test_what_is_decided_needs_nothing(study):
    """Met, not met and not applicable alike."""
    made = made_of(
        study,
        criterion("I01", kind="attested", question="candidate"),
        criterion("E01", kind="condition", fact="hiv", expect="present"),
    )
    facts = book(said("candidate", "no"), had("hiv", is_present=False))

    assert screen(made, facts, "A", DAY, DAYS).deciding == ()


def test_where_silence_may_be_absence_the_record_is_asked_about(study):
    """One answer serves every criterion that the record is silent about."""
    made = made_of(
        study,
        criterion("E01", kind="condition", fact="hiv", expect="present", **COMPLETE),
        criterion("E02", kind="condition", fact="pregnancy", expect="present"),
        criterion("E03", kind="treatment", fact="endocrine", when="ever", **COMPLETE),
        completeness="complete",
    )

    assert screen(made, book(), "A", DAY, DAYS).deciding[0] == Needed(
        "complete", "Is the record complete?", "investigator", "ask", ("E01", "E03")
    )


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param((had("hiv", "2026-03"),), id="a record that does not decide it"),
        pytest.param((said("complete", "no"),), id="an answer"),
        pytest.param((said("complete", "yes"),), id="another answer"),
    ],
)
def test_the_record_is_not_asked_about_where_that_decides_nothing(study, facts):
    """Something is on record, or somebody has answered."""
    made = made_of(
        study,
        criterion("E01", kind="condition", fact="hiv", expect="present", **COMPLETE),
        completeness="complete",
    )

    assert "complete" not in screen(made, book(*facts), "A", DAY, DAYS).missing


@pytest.mark.parametrize(
    ("facts", "is_asked"),
    [((), True), ((seen("her2", "(in question)"),), False), ((seen("her2", "3 {score}"),), False)],
)
def test_a_test_on_record_that_does_not_decide_is_no_silence(study, facts, is_asked):
    """Whether the record is complete says nothing of what the test found."""
    made = made_of(
        study,
        criterion("E01", kind="finding", fact="her2", among=("positive",), **COMPLETE),
        completeness="complete",
    )
    missing = screen(made, book(*facts), "A", DAY, DAYS).missing

    assert missing == (("complete", "her2") if is_asked else ("her2",))


def test_of_one_effort_the_record_is_asked_about_first(study):
    """Its answer may serve other criteria too."""
    made = made_of(
        study,
        criterion("E01", kind="condition", fact="hiv", expect="present", **COMPLETE),
        completeness="complete",
    )
    asked = VOCABULARY | {"hiv": VOCABULARY["hiv"].model_copy(update={"effort": "ask"})}
    made = made.model_copy(update={"terms": asked})

    assert screen(made, book(), "A", DAY, DAYS).missing == ("complete", "hiv")


def test_what_could_not_be_read_is_no_silence(study):
    """It has to be read, however complete the record is."""
    made = made_of(
        study,
        criterion("E01", kind="condition", fact="hiv", expect="present", **COMPLETE),
        completeness="complete",
    )
    unread = replace(book(), unsettled=frozenset({"hiv"}))

    assert screen(made, unread, "A", DAY, DAYS).missing == ("hiv",)


def test_whether_others_of_a_set_were_given_is_asked_of_the_record(study):
    """One that is too old leaves open what else there was."""
    made = made_of(
        study,
        criterion("E01", kind="treatment", fact="endocrine", when="within", days=14, **COMPLETE),
        completeness="complete",
    )
    facts = book(took("letrozole", "2025-01-01", "2025-06-01"))
    unread = replace(facts, unsettled=frozenset({"tamoxifen"}))

    assert screen(made, facts, "A", DAY, DAYS).missing == ("complete", "endocrine")
    assert screen(made, unread, "A", DAY, DAYS).missing == ("endocrine",)


def test_an_arm_that_is_closed_needs_nothing_any_more(study):
    """The list of all arms holds what decides those that may still open."""
    closed = criterion("E13", kind="condition", fact="pregnancy", expect="present")
    made = made_of(
        study,
        bounded("I01", "hemoglobin", "g/dL").model_copy(update={"arms": ("C",)}),
        criterion("I02", kind="attested", question="candidate").model_copy(
            update={"arms": ("A", "B")}
        ),
        closed.model_copy(update={"arms": ("C",)}),
    )
    found = screen_arms(made, book(had("pregnancy")), DAY, DAYS)

    assert [each.name for each in found.deciding] == ["candidate"]
    assert found.screenings[2].missing == ("hemoglobin",)
