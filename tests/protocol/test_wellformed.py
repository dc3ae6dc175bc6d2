"""Names that refer to nothing, terms that nothing uses, ids given twice: one fault each."""

import pytest
from hypothesis import HealthCheck, given, settings
from tests.protocol.studies import studies

from trialwright.protocol.reading import read_study
from trialwright.protocol.wellformed import faults_of
from trialwright.terms.errors import Refusal


def only_fault(text):
    """Give the one fault of a text."""
    with pytest.raises(Refusal) as caught:
        read_study(text, "trial.yaml")
    [fault] = caught.value.faults
    return fault


ECOG_EXAMPLE = "{given: {ecog: 0}, answer: met}"


@pytest.mark.parametrize(
    ("old", "new", "where", "found", "allowed"),
    [
        ("cycle 1\n        choices:\n          - agent: fulvestrant",
         "cycle 1\n        choices:\n          - agent: fulvestran",
         "arms.0.dosing.0.choices.0.agent", "the agent 'fulvestran'",
         "anastrozole, exemestane, fulvestrant, ipatasertib, letrozole, palbociclib"),
        ("    ladder:\n      agent: ipatasertib", "    ladder:\n      agent: ipatasertip",
         "arms.0.ladder.agent", "the agent 'ipatasertip'", "ipatasertib"),
        ("anchor_agent: ipatasertib", "anchor_agent: ipatasertip",
         "arms.0.dlt_window.anchor_agent", "the agent 'ipatasertip'", "ipatasertib"),
        ("fact: ecog,", "fact: ecock,", "criteria.3.rule.fact", "'ecock'",
         "a term of kind observation"),
        ("{kind: condition, fact: breast-cancer,", "{kind: condition, fact: anc,",
         "criteria.0.rule.of.0.fact", "'anc', which is a term of kind observation",
         "a term of kind condition"),
        ("          rule: {kind: attested, question: effective-contraception,",
         "          rule: {kind: attested, question: pregnancy,",
         "criteria.31.rule.of.2.rule.question", "'pregnancy', which is a term of kind condition",
         "a term of kind question"),
        ("    arms: [C]\n", "    arms: [C, D]\n", "criteria.32.arms.1", "the arm 'D'", "A, B, C"),
        ("answer: not applicable, arm: A}", "answer: not applicable, arm: Z}",
         "criteria.32.examples.5.arm", "the arm 'Z'", "A, B, C"),
        ("          fact: cyp3a-strong\n", "          fact: long-qt\n",
         "criteria.23.rule.of.0.fact", "'long-qt', which is a term of kind condition",
         "a term of kind treatment"),
        ("              fact: systemic-therapy\n", "              fact: prior-lines\n",
         "criteria.2.rule.of.0.of.0.fact", "'prior-lines', which is a term of kind question",
         "a term of kind treatment"),
        ("              relapse: metastasis\n", "              relapse: metastases\n",
         "criteria.2.rule.of.0.of.0.relapse", "'metastases'", "a term of kind condition"),
        ("relapse_after: endocrine-therapy", "relapse_after: metastasis",
         "criteria.2.rule.of.0.of.0.relapse_after",
         "'metastasis', which is a term of kind condition", "a term of kind treatment"),
        ("{kind: stable, fact: cns-metastasis,", "{kind: stable, fact: disease-status,",
         "criteria.20.rule.of.1.rule.of.0.of.0.fact",
         "'disease-status', which is a term of kind finding", "a term of kind condition"),
        ("status: disease-status,", "status: cns-metastasis,",
         "criteria.20.rule.of.1.rule.of.0.of.0.status",
         "'cns-metastasis', which is a term of kind condition", "a term of kind finding"),
        ("{kind: approval, question: tissue-approval,", "{kind: approval, question: tissue,",
         "criteria.19.rule.of.1.question", "'tissue', which is a term of kind specimen",
         "a term of kind question"),
        ("members: [goserelin, leuprolide, triptorelin]",
         "members: [goserelin, leuprolide, triptorelin, degarelix]",
         "terms.gnrh-agonist.members.3", "the medicine 'degarelix'", "a name under medicines"),
        ("    primary: breast-cancer\n", "    primary: disease-status\n",
         "terms.metastasis.primary", "'disease-status', which is a term of kind finding",
         "a term of kind condition"),
        ("medicines:\n", "medicines:\n  metastasis: {says: Metastasis}\n", "medicines.metastasis",
         "a name that is a term too", "names that are told apart"),
        ("medicines:\n", "medicines:\n  aspirin: {says: Aspirin}\n", "medicines.aspirin",
         "a medicine that no set names", "members of terms of kind treatment"),
        ("          fact: cyp3a-strong\n", "          fact: gnrh-agonist\n",
         "criteria.23.rule.of.0.half_lives",
         "half-lives of 'gnrh-agonist', of which no member has one",
         "a set in which a half-life is known"),
        (ECOG_EXAMPLE, "{given: {ekog: 0}, answer: met}", "criteria.3.examples.0.given.ekog",
         "the fact 'ekog'",
         "facts of this criterion: ecog, record-complete"),
        (ECOG_EXAMPLE, "{given: {ecog: 0, age: 70}, answer: met}",
         "criteria.3.examples.0.given.age", "the fact 'age'",
         "facts of this criterion: ecog, record-complete"),
        ("      - {given: {}, answer: met}", "      - {given: {sex: male}, answer: met}",
         "criteria.6.examples.0.given.sex", "the fact 'sex'",
         "facts of this criterion: record-complete"),
        ("objective: efficacy}", "objective: survival}", "endpoints.1.objective", "'survival'",
         "efficacy, predictors, safety"),
        ("warned_medicines: [cyp3a-strong]", "warned_medicines: [anc]",
         "course.warned_medicines.0", "'anc', which is a term of kind observation",
         "a term of kind treatment"),
        ("late_cycle: later cycles move\n",
         "late_cycle: later cycles move\n  holds_move_cycles: {held_days_of: [alpelisib]}\n",
         "course.holds_move_cycles.held_days_of.0", "'alpelisib'", "ipatasertib"),
        ("subgroups: [cdk46-inhibitor]", "subgroups: [anc]", "endpoint_settings.subgroups.0",
         "'anc', which is a term of kind observation", "a term of kind treatment"),
        ("    criterion: E12", "    criterion: E16", "obligations.0.criterion", "E16", "E01, E02"),
        ("    every_weeks: 8\n", "    every_weeks: 8\n    arms: [A, E]\n", "assessments.3.arms.1",
         "the arm 'E'", "A, B, C"),
        ("terms:\n", "terms:\n  troponin: {says: Troponin, kind: observation, unit: ng/L}\n",
         "terms.troponin", "a term that no criterion uses", "a note"),
        ("terms:\n", "terms:\n  age: {says: Age, kind: observation, unit: a, note: x}\n",
         "terms.age", "a term named age", "the rule of kind age"),
        ("agents:\n",
         "agents:\n  alpelisib: {says: Alpelisib, agent_class: PI3K, route: PO, dose_unit: mg}\n",
         "agents.alpelisib", "an agent that no arm gives", "agents in use"),
        ("  - id: I03\n", "  - id: I02\n", "criteria.2.id", "I02 a second time", "each id once"),
        ("  - id: B\n", "  - id: A\n", "arms.1.id", "A a second time", "each id once"),
        ("      - id: fulvestrant-later\n", "      - id: fulvestrant-cycle-1\n",
         "arms.0.dosing.1.id", "fulvestrant-cycle-1 a second time", "each id once"),
        ("    - id: neutropenia\n", "    - id: febrile-neutropenia\n", "dlt.rules.1.id",
         "febrile-neutropenia a second time", "each id once"),
        ("  - {id: toxicity, says", "  - {id: progression, says", "stop_rules.1.id",
         "progression a second time", "each id once"),
        ("  - id: fasting-glucose\n", "  - id: blood-counts\n", "assessments.2.id",
         "blood-counts a second time", "each id once"),
        ("  - {id: cbr,", "  - {id: orr,", "endpoints.2.id", "orr a second time", "each id once"),
        ("  - id: cyp3a-counselling\n", "  - id: contraception\n", "obligations.2.id",
         "contraception a second time", "each id once"),
        ("  - {id: tissue-ngs,",
         "  - {id: tissue-ihc, says: x, specimen: tissue, method: IHC}\n  - {id: tissue-ngs,",
         "assays.1.id", "tissue-ihc a second time", "each id once"),
        ("      assay: tissue-ngs\n", "      assay: tissue\n", "biomarkers.panels.0.assay",
         "'tissue'", "tissue-ngs"),
        ("    phone: 617-643-2208\n",
         "    phone: 617-643-2208\n  - {id: mgh, name: x, status: active}\n", "sites.1.id",
         "mgh a second time", "each id once"),
        ("objectives:\n", "objectives:\n  - {id: predictors, rank: primary, says: x}\n",
         "objectives.3.id", "predictors a second time", "each id once"),
    ],
)  # fmt: skip
def test_each_name_that_is_not_at_home_is_one_fault(spoiled, old, new, where, found, allowed):
    """The fault names the place, the name, and the names there are."""
    text = spoiled((old, new))
    fault = only_fault(text)

    assert (fault.where, fault.found) == (where, found)
    assert allowed in fault.allowed
    assert fault.do
    assert fault.file == "trial.yaml"
    assert fault.line > 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("anchor_agent: ipatasertib", "anchor_agent: x",
         "the agent 'x'. Allowed: anastrozole, exemestane, fulvestrant, ipatasertib, letrozole, "
         "palbociclib. Correct the name or describe the agent."),
        ("            - kind: specimen\n              fact: tissue\n",
         "            - kind: specimen\n              fact: x\n",
         "'x'. Allowed: a term of kind specimen: tissue. Correct the name or add the term."),
        ("    arms: [C]\n", "    arms: [D]\n", "the arm 'D'. Allowed: A, B, C. Correct it."),
        (ECOG_EXAMPLE, "{given: {x: 0}, answer: met}",
         "the fact 'x'. Allowed: a medicine, or facts of this criterion: ecog, record-complete. "
         "Correct the name."),
        ("objective: safety\n", "objective: x\n",
         "'x'. Allowed: efficacy, predictors, safety. Correct the name."),
        ("terms:\n", "terms:\n  x: {says: x, kind: question}\n",
         "a term that no criterion uses. Allowed: terms in use, or a note saying what it is kept "
         "for. Remove it or add the note."),
        ("terms:\n", "terms:\n  sex: {says: Sex, kind: question}\n",
         "a term named sex. Allowed: the rule of kind sex. "
         "Remove the term: the participant's record holds it."),
        ("agents:\n", "agents:\n  x: {says: x, agent_class: x, route: PO, dose_unit: mg}\n",
         "an agent that no arm gives. Allowed: agents in use. Remove it or give it in an arm."),
        ("  - {id: cbr,", "  - {id: orr,",
         "orr a second time. Allowed: each id once. Rename one of them."),
    ],
)  # fmt: skip
def test_each_fault_is_told_in_full(spoiled, old, new, told):
    """What was found, what is allowed and what to do."""
    assert str(only_fault(spoiled((old, new)))).endswith(f": {told}")


def test_a_duty_that_follows_from_no_criterion_is_told_in_full(spoiled):
    """With the criteria there are."""
    fault = only_fault(spoiled(("    criterion: E12", "    criterion: E16")))

    assert fault.allowed.startswith("E01, E02, E03")
    assert fault.allowed.endswith("I19, I20")
    assert fault.do == "Name the criterion it follows from"


ESR1 = "rule: esr1-ligand-binding, time_points: [C1D1]}"


@pytest.mark.parametrize(
    ("written", "place", "found"),
    [
        ("time_points: [on treatment]}", "landmark_day", "none"),
        ("time_points: [C1D1], landmark_day: 57}", "landmark_day", "57"),
        ("time_points: [C1D1, progression]}", "time_points", "progression"),
    ],
)
def test_a_marker_of_treatment_has_a_landmark_and_no_other_has(spoiled, written, place, found):
    """Followed from day 1, those who live to be measured would seem to live longer for it."""
    fault = only_fault(spoiled((ESR1, f"rule: esr1-ligand-binding, {written}")))

    assert fault.where.startswith("biomarkers.markers.")
    assert (fault.where.rpartition(".")[2], fault.found) == (place, found)


def test_a_marker_of_treatment_with_a_landmark_is_taken(spoiled):
    """Day 57 is C3D1."""
    told = "rule: esr1-ligand-binding, time_points: [on treatment], landmark_day: 57}"

    study = read_study(spoiled((ESR1, told))).study

    assert 57 in {each.landmark_day for each in study.biomarkers.markers}


def test_an_id_given_three_times_is_told_twice(spoiled):
    """Each repetition is named where it stands."""
    text = spoiled(("  - {id: cbr,", "  - {id: orr,"), ("  - {id: pfs,", "  - {id: orr,"))

    with pytest.raises(Refusal) as caught:
        read_study(text)

    assert [fault.where for fault in caught.value.faults] == ["endpoints.2.id", "endpoints.3.id"]


def test_a_term_kept_for_another_use_says_so(spoiled):
    """A note makes an unused term a kept one."""
    kept = "  troponin: {says: Troponin, kind: observation, unit: ng/L, note: Shown beside E06.}\n"

    assert "troponin" in read_study(spoiled(("terms:\n", "terms:\n" + kept))).study.terms


def test_all_names_that_are_not_at_home_are_told_at_once(spoiled):
    """One reading names the agent, the fact, the arm and the criterion."""
    text = spoiled(
        ("anchor_agent: ipatasertib", "anchor_agent: x"),
        ("fact: ecog,", "fact: ekog,"),
        ("    arms: [C]\n", "    arms: [D]\n"),
        ("    criterion: E12", "    criterion: E99"),
    )

    with pytest.raises(Refusal) as caught:
        read_study(text)

    assert [fault.where for fault in caught.value.faults] == [
        "arms.0.dlt_window.anchor_agent",
        "obligations.0.criterion",
        "criteria.3.rule.fact",
        "criteria.32.arms.0",
    ]


def test_a_record_is_said_to_be_complete_by_a_question(spoiled):
    """Anything else is one fault; examples that give the old name are others."""
    with pytest.raises(Refusal) as caught:
        read_study(spoiled(("completeness: record-complete", "completeness: tissue")))

    [fault] = [each for each in caught.value.faults if each.where == "completeness"]
    assert fault.found == "'tissue', which is a term of kind specimen"
    assert fault.allowed.startswith("a term of kind question: ")


def test_medicines_may_be_facts_of_any_example(spoiled):
    """What no set of the criterion holds shows that it does not count."""
    text = spoiled((ECOG_EXAMPLE, "{given: {ecog: 0, letrozole: ongoing}, answer: met}"))

    assert len(read_study(text).study.criteria) == 35


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(studies())
def test_a_study_without_strangers_has_no_fault(study):
    """What is generated with every name at home is found at home."""
    assert faults_of(study) == ()
