"""A protocol is read whole, or every fault is named with file, line, path and what to do."""

import json
from decimal import Decimal

import pytest

from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import MOST_FAULTS
from trialwright.protocol.study import Study
from trialwright.terms.canonical import digest
from trialwright.terms.errors import Fault, Refusal


def faults(text):
    """Give the faults of a text."""
    with pytest.raises(Refusal) as caught:
        read_study(text, "trial.yaml")
    return caught.value.faults


def line_of(text, passage):
    """Give the line of the first place of a passage."""
    return text[: text.index(passage)].count("\n") + 1


def test_the_shipped_protocol_is_read(shipped_text):
    """The study, its digest and the line of each value are given."""
    protocol = read_study(shipped_text, "trial.yaml")

    assert protocol.study.identifiers.nct == "NCT03959891"
    assert [arm.id for arm in protocol.study.arms] == ["A", "B", "C"]
    assert len(protocol.study.criteria) == 35
    assert (protocol.digest, protocol.file) == (digest(shipped_text), "trial.yaml")
    assert protocol.lines["criteria", 9, "id"] == line_of(shipped_text, "- id: I10")


ECOG = 'fact: ecog, at_least: 0, at_most: 2, unit: "{score}"'


EVERY_KIND = (
    "observation, multiple, range, finding, clearance, qtcf, condition, stable, "
    "treatment, lines, specimen, age, sex, attested, approval, all, any, not, at-least, if, first"
)


@pytest.mark.parametrize(
    ("old", "new", "where", "found", "allowed", "do"),
    [
        ("phase: Ib\n", "", "phase", "no 'phase'", "a value for 'phase'", "Add it"),
        (
            "    name: Massachusetts General Hospital Cancer Center\n", "",
            "sites.0.name", "no 'name'", "a value for 'name'", "Add it",
        ),
        (
            "phase: Ib", "phaze: Ib\nphase: Ib",
            "phaze", "the unknown name 'phaze'", "format, version, dated,",
            "Correct the name, perhaps to phase",
        ),
        (
            "    contact: Aditya", "    address: x\n    contact: Aditya",
            "sites.0.address", "the unknown name 'address'", "id, name, status, contact, phone",
            "Correct the name or remove it",
        ),
        (
            "at_most: 2, unit", "at_mots: 2, unit",
            "criteria.3.rule.at_mots", "the unknown name 'at_mots'",
            "at_least, above, at_most, below, kind, fact, unit, pick, of, methods, within_days",
            "Correct the name, perhaps to at_most",
        ),
        ("fact: pr-percent, at_least: 1", "fact: pr-percent, at_leats: 1",
         "criteria.0.rule.of.1.of.0.of.1.condition.of.0.at_leats", "the unknown name 'at_leats'",
         "at_least, above, at_most, below, kind, fact, unit, pick, of, methods, within_days",
         "Correct the name, perhaps to at_least"),
        ("phase: Ib", "phase: IV", "phase", "'IV'",
         "'early I', 'I', 'Ia', 'Ib', 'I/Ib', 'Ib/II' or 'I/II'", "Correct the value"),
        ("cycle_days: 28", "cycle_days: 0", "cycle_days", "0", "greater than or equal to 1", "C"),
        ("cycle_days: 28", "cycle_days: 28.0", "cycle_days", "28.0", "a whole number", "Correct"),
        ("cycle_days: 28", 'cycle_days: "28"', "cycle_days", "'28'", "a whole number", "Correct"),
        ("cycle_days: 28", "cycle_days: true", "cycle_days", "true", "a whole number", "Correct"),
        ("cycle_days: 28", "cycle_days: null", "cycle_days", "null", "a whole number", "Correct"),
        ('version: "1"', "version: 1", "version", "1", "text", "Put it in quotes"),
        ('version: "1"', "version: 1.10", "version", "1.10", "text", "Put it in quotes"),
        ('version: "1"', "version: null", "version", "null", "text", "Correct the value"),
        ('version: "1"', "version: [1]", "version", "a list", "text", "Correct the value"),
        ('version: "1"', "version: {a: b}", "version", "a mapping", "text", "Correct the value"),
        ("    kind: rule\n    rule: {kind: observation, fact: ecog",
         "    kind: attested\n    rule: {kind: observation, fact: ecog", "criteria.3",
         "is attested, and its rule reads facts", "the kind rule", "Correct it"),
        ('version: "1"', 'version: ""', "version", "''", "at least 1 character", "Correct"),
        ("at_most: 2, unit", 'at_most: "2", unit', "criteria.3.rule.at_most", "'2'",
         "a number", "Correct the value"),
        ("at_most: 2, unit", "at_most: true, unit", "criteria.3.rule.at_most", "true",
         "a number", "Correct the value"),
        ("must_be_related: true", 'must_be_related: "yes"', "dlt.must_be_related", "'yes'",
         "true or false", "Correct the value"),
        ("must_be_related: true", "must_be_related: 1", "dlt.must_be_related", "1",
         "true or false", "Correct the value"),
        ("dated: 2026-11-22", "dated: 2026-02-30", "dated", "is no day of the calendar",
         "year-month-day", "Correct it"),
        ("dated: 2026-11-22", 'dated: "1577836800"', "dated", "is no day of the calendar",
         "year-month-day", "Correct it"),
        ("dated: 2026-11-22", "dated: 2026-11-22T00:00:00", "dated", "is no day of the calendar",
         "year-month-day", "Correct it"),
        ("dated: 2026-11-22", "dated: 20261122", "dated", "20261122", "a valid date", "Correct"),
        ("doses: [200, 300, 400]", "doses: [200, 0, 400]", "arms.0.ladder.doses.1", "0",
         "greater than 0", "Correct the value"),
        ("doses: [200, 300, 400]", "doses: []", "arms.0.ladder.doses", "an empty list",
         "at least 1 item", "Correct the value"),
        ("doses: [200, 300, 400]", "doses: 200", "arms.0.ladder.doses", "200", "a list", "Correct"),
        ("nct: NCT03959891", "nct: NCT0395989", "identifiers.nct", "'NCT0395989'", "[0-9]{8}", "C"),
        ("nct: NCT03959891", "nct: NCT٠٣٩٥٩٨٩١", "identifiers.nct", "'NCT٠٣٩٥٩٨٩١'",
         "[0-9]{8}", "Correct the value"),
        ("identifiers: {nct: NCT03959891, nci: NCI-2019-03872, local: 19-086}", "identifiers: x",
         "identifiers", "'x'", "a mapping of names to values", "Correct the value"),
        ("  ipatasertib:\n    says: Ipatasertib\n", "  Ipatasertib:\n    says: Ipatasertib\n",
         "agents.Ipatasertib", "'Ipatasertib'", "[a-z]", "Correct the value"),
        ("kind: observation, fact: ecog", "kind: observatio, fact: ecog", "criteria.3.rule",
         "the kind 'observatio'", EVERY_KIND,
         "Choose one of them"),
        ("{kind: observation, fact: ecog", "{fact: ecog", "criteria.3.rule", "no 'kind'",
         EVERY_KIND, "Say which kind of rule"),
        ("at_least: 0, at_most: 2", "above: 0, at_least: 0", "criteria.3.rule",
         "has two lower bounds", "keep at_least or above", "Correct it"),
        ("at_least: 0, at_most: 2", "at_most: 2, below: 3", "criteria.3.rule",
         "has two upper bounds", "keep at_most or below", "Correct it"),
        ("at_least: 0, at_most: 2, ", "", "criteria.3.rule", "has no bound",
         "give at_least, above, at_most or below", "Correct it"),
        ("{given: {ecog: 0}, answer: met}", "{given: {ecog: 0}, answer: present}", "criteria.3",
         "has an example answered 'present'", "met, not met, unknown", "Correct it"),
        ("{given: {ecog: 0}, answer: met}", "{given: {ecog: [0]}, answer: met}",
         "criteria.3.examples.0.given.ecog", "a list", "text or a whole number or a number", "C"),
        ("place: inclusion 7\n", "place: inclusion 7\n    rule: {kind: age, above: 3}\n",
         "criteria.6", "is a note", "a note has no rule", "Correct it"),
        ("question: prior-lines, expect: \"yes\", by: investigator}",
         "question: prior-lines, expect: \"yes\", by: coordinator}",
         "criteria.2.rule.of.1.by", "'coordinator'",
         "'investigator' or 'principal-investigator'", "C"),
        ("every_weeks: 8", "every_weeks: 8\n    days: [1]", "assessments.3",
         "has two timings, or none", "either days or every_weeks", "Correct it"),
        ("days: [{first: 1, last: 21}]", "days: [{first: 21, last: 1}]", "arms.2.dosing.2.days.0",
         "ends on day 1 and begins on day 21", "a last day not before", "Correct it"),
        ("title: >-\n  Ipatasertib", 'title: "a\\x07b"\nsummary2: >-\n  I', "title",
         "holds the sign U+0007", "text without invisible signs", "Correct it"),
        ("says: ECOG performance status\n", 'says: "ECOG\\u202e performance"\n', "terms.ecog.says",
         "holds the sign U+202E", "text without invisible signs", "Correct it"),
        ("says: ECOG performance status\n", 'says: "\\ud83d\\ude00"\n', "terms.ecog.says",
         "", "a valid string", "Correct"),
        ("    synonyms: [GDC-0068, RG7440]", '    synonyms: [GDC-0068, "RG\\t7440"]',
         "agents.ipatasertib.synonyms", "holds the sign U+0009", "text without", "Correct it"),
        ("graded_by: {Hyperglycemia:", 'graded_by: {"Hyper\\bglycemia":', "dlt.graded_by",
         "holds the sign U+0008", "text without", "Correct it"),
    ],
)  # fmt: skip
def test_each_fault_says_where_what_and_what_to_do(spoiled, old, new, where, found, allowed, do):
    """Missing, unknown and wrong values alike are named with file, line and path."""
    text = spoiled((old, new))
    [fault] = [each for each in faults(text) if each.where == where]

    assert fault.found.startswith(found)
    assert allowed in fault.allowed
    assert fault.do.startswith(do)
    assert fault.file == "trial.yaml"
    assert fault.line > 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("phase: Ib", "phase: IV",
         "trial.yaml:18: phase: 'IV'. Allowed: 'early I', 'I', 'Ia', 'Ib', 'I/Ib', 'Ib/II' or"
         " 'I/II'. Correct the value."),
        ("cycle_days: 28", "cycle_days: 401",
         "trial.yaml:69: cycle_days: 401. Allowed: less than or equal to 400. Correct the value."),
        ("at_least: 0, at_most: 2", "at_most: 2, below: 3",
         "trial.yaml:720: criteria.3.rule: has two upper bounds. Allowed: keep at_most or below. "
         "Correct it."),
        ("{given: {ecog: 0}, answer: met}", "{given: {ecog: [0]}, answer: met}",
         "trial.yaml:722: criteria.3.examples.0.given.ecog: a list. Allowed: text or a whole "
         "number or a number. Correct the value."),
        ("doses: [200, 300, 400]", "doses: []",
         "trial.yaml:1: arms.0.ladder.doses: an empty list. Allowed: at least 1 item. "
         "Correct the value."),
        ('version: "1"', 'version: ""',
         "trial.yaml:1: version: ''. Allowed: text of at least 1 character. Correct the value."),
        ("nct: NCT03959891", "nct: NCT0395989",
         "trial.yaml:1: identifiers.nct: 'NCT0395989'. Allowed: text of the pattern "
         "'^NCT[0-9]{8}$'. Correct the value."),
    ],
)  # fmt: skip
def test_each_fault_is_told_in_full(spoiled, old, new, told):
    """On one line, as it is printed."""
    [fault] = faults(spoiled((old, new)))

    assert str(fault).partition(": ")[2] == told.partition(": ")[2]
    assert str(fault).startswith("trial.yaml:")


def test_a_list_of_nothing_but_wrong_values_is_not_called_empty_too(spoiled):
    """Each value is told once, and the list is long enough."""
    text = spoiled(("doses: [200, 300, 400]", "doses: [200 mg, 300 mg, 400 mg]"))

    assert [(each.where, each.allowed) for each in faults(text)] == [
        (f"arms.0.ladder.doses.{place}", "a number") for place in range(3)
    ]


def test_a_fault_has_the_line_of_its_value(spoiled):
    """The line is that of the value, of the record when the value is missing."""
    text = spoiled(
        ("cycle_days: 28", "cycle_days: 0"),
        ("    name: Massachusetts General Hospital Cancer Center\n", ""),
        (ECOG, 'fact: ecog, at_least: "0", unit: "{score}"'),
    )

    assert [(each.where, each.line) for each in faults(text)] == [
        ("sites.0.name", line_of(text, "  - id: mgh")),
        ("cycle_days", line_of(text, "cycle_days: 0")),
        ("criteria.3.rule.at_least", line_of(text, 'fact: ecog, at_least: "0"')),
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(spoiled):
    """What YAML readers take differently and what the model refuses are told together."""
    text = spoiled(
        ("phase: Ib", "phase: NO"),
        ("cycle_days: 28", "cycle_days: 012"),
        ("route: PO", "route: by mouth"),
        ("sample_size:\n", "sample_size:\n  participants: 5\n"),
        ("follow_up: {first_after_days: 30,", "follow_up: {"),
        ('fact: anc, at_least: 1000, unit: /mm3}', 'fact: anc, at_least: "1000", unti: /mm3}'),
        ("  - id: E15\n", "  - id: E٣5\n"),
    )  # fmt: skip
    found = faults(text)

    assert [each.where for each in found] == [
        "phase",
        "cycle_days",
        "agents.ipatasertib.route",
        "sample_size.participants",
        "follow_up.first_after_days",
        "criteria.9.rule.at_least",
        "criteria.9.rule.unit",
        "criteria.9.rule.unti",
        "criteria.34.id",
    ]
    assert all(str(each).startswith(f"trial.yaml:{each.line}: {each.where}: ") for each in found)


def test_an_ambiguous_value_is_told_once(spoiled):
    """That `NO` is no phase need not be said when it is not clear what it means."""
    assert [each.found for each in faults(spoiled(("phase: Ib", "phase: NO")))] == ["'NO'"]


@pytest.mark.parametrize("text", ["", "# words\n", "[1]\n", "just words\n", "7\n"])
def test_a_text_that_is_no_protocol_is_refused(text):
    """One fault says that names and values are wanted."""
    [fault] = faults(text)

    assert fault.allowed == "a mapping of names to values"
    assert fault.file == "trial.yaml"


def test_names_that_refer_to_nothing_are_told_with_their_line(spoiled):
    """Once every value has its form, the names are looked at."""
    text = spoiled(("ladder:\n      agent: ipatasertib", "ladder:\n      agent: ipatasertip"))
    [fault] = faults(text)

    assert fault.where == "arms.0.ladder.agent"
    assert fault.line == line_of(text, "agent: ipatasertip")


def test_no_more_faults_are_told_than_people_read(spoiled):
    """The rest is counted."""
    strangers = "".join(
        f"  unused-{number}: {{says: x, kind: question}}\n" for number in range(300)
    )
    found = faults(spoiled(("terms:\n", "terms:\n" + strangers)))

    assert len(found) == MOST_FAULTS + 1
    assert found[-1].found == f"{300 - MOST_FAULTS} more faults"


def numbers(value):
    """Give every number inside a plain value."""
    match value:
        case dict():
            return [each for inner in value.values() for each in numbers(inner)]
        case list() | tuple():
            return [each for inner in value for each in numbers(inner)]
        case float() | Decimal():
            return [value]
        case _:
            return []


def test_no_binary_float_ever_stands_in_a_study(spoiled):
    """1.10 keeps its digits, and 0.1 is a tenth."""
    text = spoiled(
        ("below: 1.5, unit: mg/dL", "below: 1.10, unit: mg/dL"),
        ("amount: 2.5,", "amount: 0.100000000000000005,"),
    )
    study = read_study(text).study
    rule = study.criterion("I13").rule

    assert isinstance(rule, ObservationRule)
    assert str(rule.below) == "1.10"
    assert study.arms[1].dosing[0].choices[0].dose.amount == Decimal("0.100000000000000005")
    assert {type(number) for number in numbers(study.model_dump())} == {Decimal}


@pytest.mark.parametrize(
    "amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+19"), Decimal("1E-19"), 1.5, "500"]
)
def test_numbers_that_no_file_holds_are_refused(shipped_text, amount):
    """What could not be written and read back is no number of a study."""
    dose = read_study(shipped_text).study.arms[0].dosing[0].choices[0].dose

    with pytest.raises(ValueError, match="amount"):
        type(dose).model_validate({"amount": amount})


def test_a_study_survives_its_json(shipped_text):
    """Printed as JSON, numbers are text, so that no reader rounds them."""
    study = read_study(shipped_text).study
    text = json.dumps(study.model_dump(mode="json"))

    assert Study.model_validate_json(text, strict=True) == study


def test_values_the_page_does_not_state_carry_their_label(shipped_text):
    """What people must replace and sign says so; what the page states says nothing."""
    study = read_study(shipped_text).study

    assert study.arms[2].ladder.label == ILLUSTRATIVE
    assert study.sample_size.label == ILLUSTRATIVE
    assert study.follow_up.label == ""


def test_faults_found_later_are_given_file_and_line(shipped_text):
    """Rooms name a dotted path; the reader knows where it stands."""
    protocol = read_study(shipped_text, "trial.yaml")
    paths = ("arms.2.ladder.doses.1", "criteria.9.nowhere", "dlt.graded_by.A.²", "nowhere", "")

    placed = protocol.place(tuple(Fault(path, "found", "allowed", "do") for path in paths))

    assert [fault.line for fault in placed] == [
        protocol.lines["arms", 2, "ladder", "doses", 1],
        protocol.lines["criteria", 9],
        protocol.lines["dlt", "graded_by"],
        protocol.lines[()],
        protocol.lines[()],
    ]
    assert {fault.file for fault in placed} == {"trial.yaml"}


def test_an_arm_and_a_criterion_are_given_by_name(shipped_text):
    """What is not there is None, or refused by those who need it."""
    study = read_study(shipped_text).study

    assert study.required_arm("C") == study.arm("C") == study.arms[2]
    assert study.arm("D") is None
    assert study.criterion("E13") == study.criteria[32]
    assert study.criterion("E16") is None
    with pytest.raises(Refusal, match=r"arm D.*A, B, C"):
        study.required_arm("D")
