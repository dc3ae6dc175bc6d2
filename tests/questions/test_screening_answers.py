"""Screening and rescreening asked in JSON."""

from dataclasses import replace

import pytest

from trialwright.questions.asking import ask
from trialwright.questions.library import Library
from trialwright.terms.errors import Refusal

AS_OF = "2026-03-05"


def screened(library, given, **fields):
    """Screen somebody by facts."""
    return ask("screen", {"as_of": AS_OF, "given": given, **fields}, library)


def of(answer, criterion):
    """Give the lines of one criterion."""
    return [each for each in answer["criteria"] if each["criterion"] == criterion]


def test_one_sentence_names_every_arm(library):
    """And every criterion stands once for the arms that are alike."""
    found = screened(library, {"ecog": 3, "cdk46-intolerance": "yes"})

    assert found["because"] == (
        "Not eligible for arms A and B (I04); not eligible for arm C (I04, E13)."
    )
    assert [each["overall"] for each in found["arms"]] == ["not eligible"] * 3
    assert [(each["arms"], each["verdict"]) for each in of(found, "E13")] == [
        (["A", "B"], "not applicable"),
        (["C"], "present"),
    ]
    [ecog] = of(found, "I04")
    assert (ecog["arms"], ecog["answer"]) == (["A", "B", "C"], "not met")
    assert ecog["because"].startswith("ECOG performance status 3 on 2026-03-05")


def test_a_criterion_of_women_is_not_applicable_to_a_man_by_its_guard(library):
    """What the protocol guards by sex is not asked of the other one."""
    answers = {each["criterion"]: each["answer"] for each in
               screened(library, {"sex": "male"})["criteria"]}  # fmt: skip
    guarded = [each.id for each in library.study("nct03959891").criteria if each.sex == "female"]

    assert {answers[each] for each in guarded} <= {"not applicable"}


def test_what_is_missing_is_listed_for_the_arms_that_may_open(library):
    """Nothing is asked about somebody who is out."""
    assert screened(library, {"ecog": 3})["deciding"] == []
    efforts = [each["effort"] for each in screened(library, {})["deciding"]]
    assert efforts == sorted(
        efforts,
        key=["ask", "chart", "vital", "laboratory", "ecg", "imaging", "biopsy"].index,
    )


def test_the_institution_s_table_is_read(library):
    """AST of 120 U/L is three times its ULN of 40."""
    table = [{"term": name, "high": 40, "unit": "U/L"} for name in ("ast", "alt")]
    facts = {"ast": "120 U/L", "alt": "20 U/L", "hepatic-metastasis": "absent"}

    [alone] = of(screened(library, facts), "I14")
    [read] = of(screened(library, facts, laboratory=table), "I14")
    assert (alone["answer"], read["answer"]) == ("unknown", "not met")


def test_days_ahead_are_told(library):
    """A study of one wash-out: the day after its end."""
    shipped = library.study("nct03959891")
    criteria = tuple(each for each in shipped.criteria if each.id == "I10")
    short = replace(library, study=lambda _: shipped.model_copy(update={"criteria": criteria}))
    found = screened(short, {"anc": 1000})

    assert found["arms"][0]["first_eligible_on"] == AS_OF
    assert found["arms"][0]["ahead"].startswith("arm A: eligible")


@pytest.mark.parametrize("question", ["screen", "rescreen"])
@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"given": {}, "bundle": {}}, "case"),
        ({}, "case"),
        ({"given": {"hemoglobin": "Jane Doe"}}, "hemoglobin"),
        ({"given": {"pregnancy": "Jane Doe, ongoing"}}, "pregnancy"),
        ({"given": {"letrozole": "Jane Doe " * 20}}, "letrozole"),
        ({"given": {"Jane": 1}}, "Jane"),
    ],
)
def test_facts_that_cannot_be_read_are_refused_without_their_text(library, question, facts, where):
    """A text may be a name."""
    versions = {"old": "nct03959891", "new": "nct03959891"} if question == "rescreen" else {}
    with pytest.raises(Refusal) as caught:
        ask(question, {"as_of": AS_OF, **versions, **facts}, library)

    assert [fault.where for fault in caught.value.faults] == [where]
    assert "Jane" not in caught.value.faults[0].found


@pytest.fixture
def versions(library):
    """Give a library of two versions: the second asks for a hemoglobin of 10 under a new name."""
    old = library.study("nct03959891")
    [one] = [each for each in old.criteria if each.id == "I11"]
    rule = one.rule.model_copy(update={"fact": "hb", "at_least": one.rule.at_least + 1})
    new = old.model_copy(
        update={
            "criteria": (one.model_copy(update={"rule": rule, "id": "I12"}),),
            "terms": {**old.terms, "hb": old.terms["hemoglobin"]},
        }
    )
    old = old.model_copy(update={"criteria": (one,)})
    return Library({"old": old, "new": new}.__getitem__, library.lab_rules, library.read_bundle)


def test_a_participant_who_loses_an_arm_is_told_why(versions):
    """With the words and reasons of both versions."""
    case = {"old": "old", "new": "new", "as_of": AS_OF, "renamed": {"I11": "I12"},
            "given": {"hemoglobin": "9.5 g/dL", "hb": "9.5 g/dL"}}  # fmt: skip
    found = ask("rescreen", case, versions)
    [change] = found["changes"]

    assert found["flips"] is True
    assert [each["flip"] for each in found["arms"]] == ["loses"] * 3
    assert (change["old"], change["before"]) == ("I11", "met")
    assert (change["new"], change["after"]) == ("I12", "not met")
    assert "at least 9" in change["old_because"]
    assert "not at least 10" in change["new_because"]


def test_each_version_reads_the_facts_that_it_knows(versions):
    """A name that one version lacks is left out there; one that both lack is refused."""
    case = {"old": "old", "new": "new", "as_of": AS_OF, "renamed": {"I11": "I12"}}
    found = ask("rescreen", {**case, "given": {"hb": "12 g/dL"}}, versions)

    assert [each["before"] for each in found["changes"]] == ["unknown"]
    with pytest.raises(Refusal) as caught:
        ask("rescreen", {**case, "given": {"x": 1, "sex": "x", "hb": "?"}}, versions)
    assert [fault.where for fault in caught.value.faults] == ["sex", "x", "hb"]


def test_a_bundle_is_read_by_each_version(versions):
    """An empty one decides nothing in either."""
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}],
    }
    case = {"old": "old", "new": "new", "as_of": AS_OF, "bundle": bundle}
    found = ask("rescreen", {**case, "renamed": {"I11": "I12"}}, versions)

    assert (found["flips"], found["changes"]) == (False, [])
