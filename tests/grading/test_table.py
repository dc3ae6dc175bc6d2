"""The strict reader of the machine-readable criteria."""

import json
from fractions import Fraction

import pytest

from trialwright.grading.criteria import american
from trialwright.grading.table import read_table
from trialwright.terms.errors import Refusal


def small(**changed):
    """Make a table of one criterion, with some fields changed."""
    limb = {"grade": 1, "above": "ULN", "says": ">ULN"}
    row = {
        "term": "LDH",
        "version": "5.0",
        "soc": "Investigations",
        "side": "high",
        "tests": ["ldh"],
        "limbs": [limb],
    }
    row |= {name: value for name, value in changed.items() if name in row or name in ("unit", "x")}
    limb |= changed.get("limb", {})
    return {"form": 1, "sources": {"5.0": "NCI"}, "criteria": [row]} | changed.get("table", {})


def places(table):
    """Give the places of the faults that a table is refused for."""
    with pytest.raises(Refusal) as refused:
        read_table(json.dumps(table))
    return [fault.where for fault in refused.value.faults]


def test_a_criterion_is_read_as_written():
    """Names, limits and source come out of the text."""
    (rule,) = read_table(json.dumps(small())).criteria

    assert (rule.term, rule.tests, rule.source, rule.side) == ("LDH", ("LDH",), "NCI", "high")
    assert rule.limbs[0].limits["above"].of == "ULN"


@pytest.mark.parametrize(
    ("text", "of", "factor", "amounts"),
    [
        ("ULN", "ULN", 1, []),
        ("3.0 x ULN", "ULN", 3, []),
        ("0.75 x LLN", "LLN", Fraction(3, 4), []),
        ("1.5 x baseline", "baseline", Fraction(3, 2), []),
        ("baseline + 60 ms", "baseline", 1, ["60 ms"]),
        ("10.0 g/dL | 6.2 mmol/L", "", 0, ["10.0 g/dL", "6.2 mmol/L"]),
        ("7.3", "", 0, ["7.3 1"]),
        (7.3, "", 0, ["7.3 1"]),  # a bare number of JSON is read as it is written
    ],
)
def test_a_limit_is_read_in_the_words_of_ctcae(text, of, factor, amounts):
    """Multiples, sums, and one number for each unit family."""
    (rule,) = read_table(json.dumps(small(limb={"above": text}))).criteria

    limit = rule.limbs[0].limits["above"]

    assert (limit.of, limit.factor) == (of, factor)
    assert [str(amount) for amount in limit.amounts] == amounts


@pytest.mark.parametrize(
    ("table", "where"),
    [
        (small(side="up"), "criteria.0.side"),
        (small(version="7"), "criteria.0.version"),
        (small(x=1), "criteria.0.x"),
        (small(tests="LDH"), "criteria.0"),
        (small(limbs=[]), "criteria.0"),
        (small(limbs=[3]), "criteria.0.limbs.0"),
        (small(limb={"grade": 6}), "criteria.0.limbs.0.grade"),
        (small(limb={"grade": True}), "criteria.0.limbs.0.grade"),
        (small(limb={"above": "three times ULN"}), "criteria.0.limbs.0.above"),
        (small(limb={"above": "5 bananas"}), "criteria.0.limbs.0.above"),
        (small(limb={"above": 5}), "criteria.0.limbs.0.above"),
        (small(limb={"when": {"happy": True}}), "criteria.0.limbs.0.when.happy"),
        (small(limb={"when": {"symptomatic": "no"}}), "criteria.0.limbs.0.when.symptomatic"),
        (small(limb={"when": [1]}), "criteria.0.limbs.0.when"),
        (small(limbs=[{"grade": 1, "says": "-"}]), "criteria.0.limbs.0"),
        (small(limbs=[{"grade": 1, "above": "ULN"}]), "criteria.0.limbs.0.says"),
        (small(table={"form": 2}), "form"),
        (small(table={"criteria": []}), "criteria"),
        (small(table={"criteria": [7]}), "criteria.0"),
        ([], "form"),
    ],
)
def test_a_fault_in_the_table_is_named_by_its_place(table, where):
    """Nothing in the table is skipped."""
    assert places(table) == [where]


def test_all_faults_of_a_table_are_named_at_once():
    """Every limb is read before the table is refused."""
    limbs = [{"grade": 9, "above": "ULN", "says": "a"}, {"grade": 1, "above": "x", "says": "b"}]

    assert places(small(limbs=limbs)) == ["criteria.0.limbs.0.grade", "criteria.0.limbs.1.above"]


def test_a_criterion_given_twice_is_refused():
    """Two rows for one term and version would hide one of them."""
    row = small()["criteria"][0]

    assert places(small(table={"criteria": [row, row]})) == ["criteria.LDH"]


def test_text_that_is_no_json_is_refused_with_its_line():
    """The line of the first mistake is named."""
    with pytest.raises(Refusal) as refused:
        read_table('{\n "form": 1,\n oops')

    assert refused.value.faults[0].line == 3


def test_the_shipped_table_holds_both_versions(rules):
    """5.0 for every term, 4.03 for fasting glucose."""
    older = [rule.term for rule in rules.criteria if rule.version == "4.03"]

    assert rules.versions == ("5.0", "4.03")
    assert older == ["Hyperglycemia"]


def test_every_term_of_the_shipped_table_is_found_by_its_name(rules):
    """No two terms share a spelling."""
    found = [rules.find(rule.term, rule.version) for rule in rules.criteria]

    assert found == list(rules.criteria)


@pytest.mark.parametrize(
    ("british", "spelled"),
    [
        ("Hypokalaemia", "hypokalemia"),
        ("Leucocytosis", "leukocytosis"),
        ("Diarrhoea", "diarrhea"),
        ("Anaemia", "anemia"),
        ("Hyperglycaemia", "hyperglycemia"),
        ("Dyspnoea", "dyspnea"),
        ("Oedema limbs", "edema limbs"),
        ("Paraesthesia", "paresthesia"),
        ("Tumour pain", "tumor pain"),
        ("  Febrile\tNEUTROPENIA ", "febrile neutropenia"),
        ("INR  increased", None),
    ],
)
def test_british_spelling_is_brought_to_the_spelling_of_ctcae(british, spelled):
    """CTCAE prints American spelling."""
    assert american(british) == (spelled or "inr increased")


@pytest.mark.parametrize("version", ["4", "4.0", "4.03", "v4.03", "CTCAE v 4.0"])
def test_the_last_of_the_fourth_series_is_meant_by_its_names(rules, version):
    """4.0 and 4.03 print the same laboratory limits."""
    assert rules.find("Hyperglycemia", version).version == "4.03"
