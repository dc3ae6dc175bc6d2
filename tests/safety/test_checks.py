"""Design-time checks of the DLT definition: each seeded error gives exactly one fault."""

import pytest

from trialwright.assembly.protocols import load
from trialwright.assembly.shelf import ctcae_terms
from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.protocol.safety_settings import LabGrading
from trialwright.safety.checks import check, check_agents, check_modifications
from trialwright.terms.errors import Fault

KNOWN = frozenset({"Anemia", "Diarrhea", "Fatigue", "Hyperglycemia", "Nausea"})


def defined(*rules, **fields):
    """Make a definition of rules given as (terms, least grade, least hours)."""
    return DltDefinition(
        ctcae="5.0",
        must_be_related=True,
        rules=tuple(
            DltRule(
                id=f"rule-{number}",
                says="words",
                terms=terms,
                least_grade=grade,
                least_hours=hours,
            )
            for number, (terms, grade, hours) in enumerate(rules)
        ),
        **fields,
    )


def test_a_sound_definition_has_no_fault(definition):
    """Each term is known and stands in one rule."""
    assert check(definition, KNOWN) == ()


@pytest.mark.parametrize("term", ["diarrhea", "DIARRHEA", " Diarrhea"])
def test_capitals_do_not_make_another_term(term):
    """A term is known whatever its capitals."""
    assert check(defined(((term,), 3, None)), KNOWN) == ()


def test_a_misspelt_term():
    """A term that CTCAE lacks is found, with the nearest spelling."""
    found = check(defined((("Anemia",), 4, None), (("Fatigue", "Diarrhoea"), 3, None)), KNOWN)

    assert found == (
        Fault(
            "dlt.rules.1.terms.1",
            "'Diarrhoea' is no CTCAE term",
            "a term of CTCAE, perhaps Diarrhea",
            "Correct the spelling",
        ),
    )


def test_no_more_than_three_spellings_are_suggested():
    """The nearest first."""
    near = frozenset({"Rash one", "Rash two", "Rash three", "Rash four"})

    (fault,) = check(defined((("Rash ones",), 3, None)), near)

    suggested = fault.allowed.removeprefix("a term of CTCAE, perhaps ").split(" or ")
    assert suggested[0] == "Rash one"
    assert len(suggested) == 3
    assert set(suggested) < near


def test_a_term_like_no_other():
    """Where nothing is near, nothing is suggested."""
    found = check(defined((("Zzz",), 3, None)), KNOWN)

    assert [fault.allowed for fault in found] == ["a term of CTCAE"]


def test_a_misspelt_term_of_another_version():
    """Terms graded by another version are looked up as well."""
    found = check(defined(((), 3, None), graded_by={"Hyperglycaemia": "4.03"}), KNOWN)

    assert [fault.where for fault in found] == ["dlt.graded_by.Hyperglycaemia"]


def test_a_term_twice_in_one_rule():
    """A rule names a term once."""
    found = check(defined((("Nausea", "Fatigue", "nausea"), 3, None)), KNOWN)

    assert found == (
        Fault(
            "dlt.rules.0.terms.2",
            "'nausea' a second time in rule rule-0",
            "each term once",
            "Remove one of them",
        ),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((3, None), (3, None)),
        ((3, None), (4, None)),
        ((4, None), (3, None)),
        ((3, 48), (3, 72)),
        ((3, 72), (3, None)),
        ((4, 72), (3, 48)),
        ((3, None), (3, 1)),
    ],
)
def test_a_rule_that_another_covers(first, second):
    """One of two rules for a term is superfluous when it asks at least as much."""
    found = check(defined((("Anemia", "Nausea"), *first), (("Nausea",), *second)), KNOWN)

    assert found == (
        Fault(
            "dlt.rules.1.terms.0",
            "Nausea stands in rule 0 (rule-0) too, and one rule holds whenever the other does",
            "one rule for each term, or rules of which neither covers the other",
            "Remove the term from one of the rules",
        ),
    )


@pytest.mark.parametrize(
    ("first", "second"), [((3, 72), (4, None)), ((4, 24), (3, 48)), ((4, None), (3, 1))]
)
def test_alternatives_are_no_fault(first, second):
    """Grade 3 for 72 hours, or grade 4 at once: each may hold without the other."""
    assert check(defined((("Nausea",), *first), (("Nausea",), *second)), KNOWN) == ()


def test_two_rules_for_the_rest():
    """Two rules without terms concern the same events."""
    found = check(defined((("Anemia",), 4, None), ((), 3, None), ((), 4, None)), KNOWN)

    assert [(fault.where, fault.found.split(" stands")[0]) for fault in found] == [
        ("dlt.rules.2.terms", "every other term")
    ]


@pytest.fixture(scope="module")
def study():
    """Give the shipped protocol, whose safety rules have no fault."""
    return load("nct03959891").study


def test_the_shipped_safety_rules_have_no_fault(study):
    """Agents, terms and ids."""
    assert check_agents(study) == ()
    assert check_modifications(study, ctcae_terms()) == ()


def test_agents_that_the_study_does_not_have_are_found(study):
    """In the definition, in a modification and in a window of an arm that does not take it."""
    wrong = study.safety.modifications[0].model_copy(update={"agents": ("aspirin",)})
    window = study.arms[0].dlt_window.model_copy(update={"least_percent_of": {"palbociclib": 75}})
    arm = study.arms[0].model_copy(update={"dlt_window": window})
    changed = study.model_copy(
        update={
            "dlt": study.dlt.model_copy(update={"attributed_to": ("ibuprofen",)}),
            "safety": study.safety.model_copy(update={"modifications": (wrong,)}),
            "arms": (arm, *study.arms[1:]),
        }
    )

    of_study = ", ".join(sorted(study.agents))
    taken = sorted({dose.agent for line in arm.dosing for dose in line.choices})
    do = "Name one of these agents"
    assert check_agents(changed) == (
        Fault("dlt.attributed_to.0", "ibuprofen", of_study, do),
        Fault("safety.modifications.0.agents.0", "aspirin", of_study, do),
        Fault(
            "arms.0.dlt_window.least_percent_of.palbociclib", "palbociclib", ", ".join(taken), do
        ),
    )


def test_unknown_terms_and_ids_given_twice_are_found(study):
    """Each with its place in the file."""
    rules = study.safety.modifications
    wrong = rules[0].model_copy(update={"terms": ("Diarhea",)})
    safety = study.safety.model_copy(
        update={"modifications": (wrong, rules[0]), "clocks": study.safety.clocks[:1] * 2}
    )

    found = check_modifications(study.model_copy(update={"safety": safety}), ctcae_terms())

    assert [fault.where for fault in found] == [
        "safety.modifications.0.terms.0",
        "safety.modifications.1.id",
        "safety.clocks.1.id",
    ]
    assert "Diarrhea" in found[0].allowed
    assert [(each.found, each.allowed, each.do) for each in found[1:]] == [
        (f"{rules[0].id!r} a second time", "each id once", "Name one of them otherwise"),
        (f"{study.safety.clocks[0].id!r} a second time", "each id once",
         "Name one of them otherwise"),
    ]  # fmt: skip


def test_graded_facts_must_be_measured_and_their_terms_known(study):
    """A question is no measurement, and there is no such term."""
    graded = (
        LabGrading(fact="anc", terms=("Neutropenia low",)),
        LabGrading(fact="informed-consent", terms=("Anemia",)),
        LabGrading(fact="nothing", terms=("Anemia",)),
    )
    safety = study.safety.model_copy(update={"laboratory": graded})

    found = check_modifications(study.model_copy(update={"safety": safety}), ctcae_terms())

    assert [fault.where for fault in found] == [
        "safety.laboratory.0.terms.0",
        "safety.laboratory.1.fact",
        "safety.laboratory.2.fact",
    ]
    assert [(each.found, each.allowed, each.do) for each in found[1:]] == [
        (name, "a term of the vocabulary that is measured", "Name one")
        for name in ("informed-consent", "nothing")
    ]
