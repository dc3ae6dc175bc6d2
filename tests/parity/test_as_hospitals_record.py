"""One fact of one person each, as hospitals write it by the conventions of OMOP CDM 5.4.

The expected answers were written from the model's documentation before anything was run.
"""

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb, in_postgres

from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import FindingRule, MultipleRule, ObservationRule
from trialwright.virtual.omop_schema import TABLES

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": AS_OF, "screening": AS_OF, "registration": AS_OF, "first_dose": AS_OF}
ANSWERS = {0: "no", 1: "unknown", 2: "yes"}
COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 365}

MORE = {
    "person": [("birth_datetime", pa.timestamp("us"))],
    "condition_occurrence": [
        ("condition_start_datetime", pa.timestamp("us")),
        ("condition_status_source_value", pa.string()),
    ],
    "drug_exposure": [
        ("drug_exposure_start_datetime", pa.timestamp("us")),
        ("drug_exposure_end_datetime", pa.timestamp("us")),
        ("verbatim_end_date", pa.date32()), ("drug_source_value", pa.string()),
    ],
    "procedure_occurrence": [("procedure_datetime", pa.timestamp("us"))],
}  # fmt: skip
"""Columns that hospitals fill and the generator does not."""


def schema(name):
    """Give the columns of a table."""
    return pa.schema([*TABLES[name], *MORE.get(name, ())])


CONCEPTS = {
    "I50.9": ("ICD10CM", "I50.9", "Condition"), "HF": ("SNOMED", "84114007", "Condition"),
    "CHF": ("SNOMED", "42343007", "Condition"), "systolic HF": ("SNOMED", "417996009", "Condition"),
    "MI": ("SNOMED", "22298006", "Condition"), "old MI": ("SNOMED", "1755008", "Condition"),
    "flu": ("SNOMED", "6142004", "Condition"), "HIV": ("SNOMED", "86406008", "Condition"),
    "AIDS": ("SNOMED", "62479008", "Condition"), "ulcer": ("SNOMED", "95345008", "Condition"),
    "428.0": ("ICD9CM", "428.0", "Condition"), "CHF of old": ("SNOMED", "11", "Condition"),
    "00310-0751": ("NDC", "00310075139", "Drug"), "product": ("RxNorm", "12", "Drug"),
    "old MI of old": ("SNOMED", "13", "Condition"),
    "J10.1": ("ICD10CM", "J10.1", "Condition"), "Read": ("Read", "G58..", "Condition"),
    "E10.621": ("ICD10CM", "E10.621", "Condition"), "T1D": ("SNOMED", "46635009", "Condition"),
    "lung cancer": ("SNOMED", "363358000", "Condition"),
    "lung M": ("SNOMED", "94391008", "Condition"),
    "right lung M": ("SNOMED", "1", "Condition"), "any M": ("SNOMED", "128462008", "Condition"),
    "melanoma": ("SNOMED", "372244006", "Condition"), "LQTS": ("SNOMED", "9651007", "Condition"),
    "BSO": ("SNOMED", "76876009", "Procedure"), "laparoscopic BSO": ("SNOMED", "2", "Procedure"),
    "radiotherapy": ("SNOMED", "108290001", "Procedure"), "IMRT": ("SNOMED", "3", "Procedure"),
    "letrozole": ("RxNorm", "72965", "Drug"), "letrozole tablet": ("RxNorm", "4", "Drug"),
    "darunavir": ("RxNorm", "5", "Drug"), "darunavir tablet": ("RxNorm", "6", "Drug"),
    "capivasertib": ("RxNorm", "2670297", "Drug"), "MK-2206": ("HemOnc", "7", "Drug"),
    "aspirin": ("RxNorm", "8", "Drug"), "Ibrance": ("RxNorm", "9", "Drug"),
    "ketoconazole": ("RxNorm", "6135", "Drug"),
    "ketoconazole 20 MG/ML Medicated Shampoo": ("RxNorm", "10", "Drug"),
    "palbociclib": ("RxNorm", "1601374", "Drug"),
    "ANC": ("LOINC", "751-8", "Measurement"), "AST": ("LOINC", "1920-8", "Measurement"),
    "ALT": ("LOINC", "1742-6", "Measurement"), "HIV test": ("LOINC", "56888-1", "Measurement"),
    "/uL": ("UCUM", "/uL", "Unit"), "U/L": ("UCUM", "U/L", "Unit"),
    "Z51.11": ("ICD10CM", "Z51.11", "Procedure"),
    "negative": ("SNOMED", "260385009", "Meas Value"),
    "absent": ("SNOMED", "2667000", "Meas Value"),
    "reactive": ("LOINC", "LA15255-5", "Meas Value"),
    "not detected": ("LOINC", "LA11883-8", "Meas Value"),
}  # fmt: skip
"""Vocabulary, code and domain by name."""

K = {name: 7_000_000 + number for number, name in enumerate(CONCEPTS)}
HISTORY, FAMILY, METASTASIS_TO_BRAIN = 1340204, 4210989, 36768862
BELOW = (
    ("CHF", "systolic HF"), ("HF", "CHF"), ("HF", "systolic HF"), ("MI", "old MI"), ("HIV", "AIDS"),
    ("lung cancer", "lung M"), ("lung cancer", "right lung M"), ("lung M", "right lung M"),
    ("any M", "lung M"), ("any M", "right lung M"), ("BSO", "laparoscopic BSO"),
    ("radiotherapy", "IMRT"), ("letrozole", "letrozole tablet"), ("darunavir", "darunavir tablet"),
    ("capivasertib", "product"), ("ketoconazole", "ketoconazole 20 MG/ML Medicated Shampoo"),
)  # fmt: skip
MAPPED = (
    ("428.0", "CHF"),
    ("CHF of old", "CHF"),
    ("old MI of old", "old MI"),
    ("00310-0751", "product"),
    ("I50.9", "HF"),
    ("E10.621", "ulcer"),
    ("E10.621", "T1D"),
)


def lasting(fact, when="ever", silence=COMPLETE, **more):
    """Ask for a condition; silence is absence in a complete record, unless it says else."""
    asked = {"expect": "present", "when": when, **silence, **more}
    return ConditionRule(kind="condition", fact=fact, **asked)


def given(fact, when, **more):
    """Ask for a treatment; silence is absence in a complete record."""
    return TreatmentRule(kind="treatment", fact=fact, when=when, **COMPLETE, **more)


RULES = {
    "heart failure": lasting("heart-failure"),
    "coronary event": lasting("coronary-event", "within", within_days=183),
    "hiv": lasting("hiv"),
    "type 1": lasting("type-1-diabetes"),
    "second cancer": lasting("second-malignancy"),
    "metastasis": lasting("metastasis"),
    "brain": lasting("cns-metastasis", "now"),
    "family": lasting("family-sudden-death", silence={"not_recorded": "absent"}),
    "oophorectomy": lasting("bilateral-oophorectomy"),
    "akt": given("akt-inhibitor", "ever"),
    "cyp3a": given("cyp3a-strong", "within", days=14),
    "therapy": given("anticancer-therapy", "within", days=14),
    "intolerance": given("cdk46-inhibitor", "ever", stopped_for=("toxicity",)),
    "anc": ObservationRule(kind="observation", fact="anc", unit="/mm3", at_least=1000),
    "ast": MultipleRule(kind="multiple", fact="ast", below=3, times="ULN"),
    "hiv test": FindingRule(
        kind="finding", fact="hiv-test", among=("positive",), not_recorded="absent"
    ),
}  # fmt: skip


def before(days):
    """Give the day so many days before the day judged."""
    return AS_OF - timedelta(days)


def row(table, concept, days, **columns):
    """Give a row; its concept by name or id, `source` by name."""
    named = {"status": "condition_status_concept_id", "answer": "value_as_concept_id",
             "words": "condition_status_source_value"}  # fmt: skip
    columns = {named.get(name, name): value for name, value in columns.items()}
    prefix = table.removesuffix("_occurrence").removesuffix("_exposure")
    first = {"condition": "condition_start_date", "drug": "drug_exposure_start_date"}
    source = columns.pop("source", None)
    told = {f"{prefix}_source_concept_id": K[source]} if source else {}
    return table, {
        f"{prefix}_concept_id": K.get(concept, concept),
        first.get(prefix, f"{prefix}_date"): None if days is None else before(days),
        **told, **columns,
    }  # fmt: skip


def condition(concept, days=100, **columns):
    """Give a diagnosis."""
    return row("condition_occurrence", concept, days, **columns)


def drug(concept, days=100, until=None, **columns):
    """Give an exposure of one day, unless it ends on another, or on none (`...`)."""
    end = None if until is ... else before(days if until is None else until)
    return row("drug_exposure", concept, days, **{"drug_exposure_end_date": end, **columns})


def seen(concept, **columns):
    """Give an observation."""
    return row("observation", concept, 50, **columns)


def done(concept, days=5, **columns):
    """Give a procedure."""
    return row("procedure_occurrence", concept, days, **columns)


def measured(concept, value=None, unit="/uL", days=3, **columns):
    """Give a result."""
    return row(
        "measurement", concept, days, value_as_number=value, unit_concept_id=K[unit], **columns
    )


AT = datetime(2026, 3, 1, 9)  # noqa: DTZ001

CASES = [
    # nobody can tell what a row without a concept is
    ("no row", "heart failure", "no", []),
    ("another diagnosis", "heart failure", "no", [condition("flu")]),
    ("diagnosis without a concept", "heart failure", "unknown", [condition(0)]),
    ("diagnosis with a null concept", "brain", "unknown", [condition(None)]),
    ("diagnosis told by its source", "heart failure", "yes", [condition(0, source="I50.9")]),
    ("diagnosis told by its source is no other", "hiv", "no", [condition(0, source="I50.9")]),
    ("another diagnosis told by its source", "heart failure", "no", [condition(0, source="J10.1")]),
    ("source of a vocabulary nobody reads", "heart failure", "unknown",
     [condition(0, source="Read")]),
    ("diagnosis without a concept, later", "heart failure", "no", [condition(0, -1)]),
    ("exposure without a concept", "akt", "unknown", [drug(0, drug_source_value="KIT 7")]),
    ("exposure with a null concept", "cyp3a", "unknown", [drug(None, 5)]),
    ("exposure to another medicine", "akt", "no", [drug("aspirin")]),
    ("exposure told by its source", "akt", "yes", [drug(0, source="capivasertib")]),
    ("procedure without a concept", "oophorectomy", "unknown", [done(0)]),
    ("procedure without a concept may be a treatment", "therapy", "unknown", [done(0)]),
    ("procedure without a concept is no diagnosis", "heart failure", "no", [done(0)]),
    ("observation without a concept", "heart failure", "no", [seen(0)]),
    # concepts below and beside those of the protocol
    ("standard concept of the codes alone", "heart failure", "yes", [condition("HF")]),
    ("standard concept below", "heart failure", "yes", [condition("systolic HF")]),
    ("below, of a rule that asks for a time", "coronary event", "unknown",
     [condition("old MI", 30)]),
    ("the same, with itself for its source", "coronary event", "unknown",
     [condition("old MI", 30, source="old MI")]),
    ("the same, from a vocabulary nobody names", "coronary event", "unknown",
     [condition("old MI", 30, source="Read")]),
    ("the same, with a code that says another thing", "coronary event", "no",
     [condition("old MI", 30, source="J10.1")]),
    ("the same rule, by its own concept", "coronary event", "yes", [condition("MI", 30)]),
    ("below another condition", "hiv", "yes", [condition("AIDS")]),
    ("one half of a code of two things", "type 1", "no", [condition("ulcer")]),
    ("metastasis to an organ", "second cancer", "no", [condition("lung M")]),
    ("metastasis below an organ's", "second cancer", "no", [condition("right lung M")]),
    ("metastasis below an organ's, as one", "metastasis", "yes", [condition("right lung M")]),
    ("cancer of the organ", "second cancer", "yes", [condition("lung cancer")]),
    ("procedure below", "oophorectomy", "yes", [done("laparoscopic BSO")]),
    ("encounter for chemotherapy by its source", "therapy", "yes", [done(0, source="Z51.11")]),
    ("radiotherapy below", "therapy", "yes", [done("IMRT")]),
    ("cancer modifier", "brain", "yes", [row("measurement", METASTASIS_TO_BRAIN, 30)]),
    ("cancer modifier that is not there", "brain", "unknown",
     [row("measurement", METASTASIS_TO_BRAIN, 30, answer=K["absent"])]),
    # concepts that are mapped to others
    ("code of another vocabulary", "heart failure", "yes", [condition(0, source="428.0")]),
    ("the same where a standard concept belongs", "heart failure", "yes", [condition("428.0")]),
    ("replaced concept", "heart failure", "yes", [condition("CHF of old")]),
    ("package that is mapped to a product", "akt", "yes", [drug(0, source="00310-0751")]),
    ("the same where a standard concept belongs", "akt", "yes", [drug("00310-0751")]),
    # medicines that the protocol knows by name
    ("ingredient by name", "cyp3a", "yes", [drug("darunavir", 5)]),
    ("product of it", "cyp3a", "yes", [drug("darunavir tablet", 5)]),
    ("study drug by name", "akt", "yes", [drug("MK-2206", 200)]),
    ("brand by name", "therapy", "yes", [drug("Ibrance", 5)]),
    ("product applied locally", "cyp3a", "no",
     [drug("ketoconazole 20 MG/ML Medicated Shampoo", 5)]),
    ("its ingredient", "cyp3a", "yes", [drug("ketoconazole", 5)]),
    # ends
    ("end recorded", "therapy", "no", [drug("letrozole tablet", 200, 100)]),
    ("no end", "therapy", "unknown", [drug("letrozole tablet", 200, ...)]),
    ("end of the source alone", "therapy", "no",
     [drug("letrozole tablet", 200, ..., verbatim_end_date=before(100))]),
    ("instant of the end alone", "therapy", "yes",
     [drug("letrozole tablet", 200, ..., drug_exposure_end_datetime=AT)]),
    ("end before the beginning", "therapy", "yes", [drug("letrozole tablet", 5, 300)]),
    ("words of the stop nobody knows", "intolerance", "unknown",
     [drug("palbociclib", 300, 250, stop_reason="neutropenia G4, cannot tolerate")]),
    ("words of the stop", "intolerance", "yes",
     [drug("palbociclib", 300, stop_reason="Side effects")]),
    ("another reason of the stop", "intolerance", "no",
     [drug("palbociclib", 300, stop_reason="PD")]),
    # states of a diagnosis
    ("preliminary", "heart failure", "unknown", [condition("CHF", status=32899)]),
    ("preliminary of old", "heart failure", "unknown",
     [condition("CHF", status=4033240)]),
    ("preliminary, of the last months", "coronary event", "unknown",
     [condition("MI", 30, status=32899)]),
    ("preliminary, of years ago", "coronary event", "no", [condition("MI", 800, status=32899)]),
    ("admission diagnosis", "heart failure", "yes", [condition("CHF", status=32890)]),
    ("refuted in words", "heart failure", "unknown",
     [condition("CHF", words=" Refuted ")]),
    ("active in words", "heart failure", "yes", [condition("CHF", words="active")]),
    ("resolved, ever", "heart failure", "yes", [condition("CHF", status=32906)]),
    ("resolved, now", "brain", "no",
     [row("condition_occurrence", METASTASIS_TO_BRAIN, 90, status=32906)]),
    ("end before its beginning", "brain", "yes",
     [row("condition_occurrence", METASTASIS_TO_BRAIN, 90, condition_end_date=before(300))]),
    ("answered with no", "heart failure", "unknown", [seen("CHF", answer=K["negative"])]),
    # what was, and what a relative has
    ("history of it", "heart failure", "yes", [seen(HISTORY, answer=K["HF"])]),
    ("history of it, told later", "heart failure", "no",
     [row("observation", HISTORY, -1, answer=K["HF"])]),
    ("history of it, of a row that says another thing", "heart failure", "no",
     [seen(HISTORY, answer=K["HF"], source="J10.1")]),
    ("history of what is asked now", "brain", "unknown",
     [seen(HISTORY, answer=METASTASIS_TO_BRAIN)]),
    ("the same beside one that is over", "brain", "unknown",
     [seen(HISTORY, answer=METASTASIS_TO_BRAIN),
      row("condition_occurrence", METASTASIS_TO_BRAIN, 90, status=32906)]),
    ("history of what is asked of some days", "coronary event", "unknown",
     [seen(HISTORY, answer=K["MI"])]),
    ("history of it by a replaced concept", "heart failure", "yes",
     [seen(HISTORY, answer=K["CHF of old"])]),
    ("replaced concept of one that may be it", "coronary event", "unknown",
     [condition("old MI of old", 30)]),
    ("history of that", "coronary event", "unknown",
     [seen(HISTORY, answer=K["old MI of old"])]),
    ("history of something else", "heart failure", "no", [seen(HISTORY, answer=K["flu"])]),
    ("history of nobody knows what", "heart failure", "unknown", [seen(HISTORY, answer=0)]),
    ("history of a cancer", "second cancer", "yes", [seen(HISTORY, answer=K["melanoma"])]),
    ("of a relative", "family", "yes", [seen(FAMILY, answer=K["LQTS"])]),
    ("of a relative, unsaid", "family", "unknown", [seen(FAMILY, answer=0)]),
    ("of a relative, not hers", "heart failure", "no", [seen(FAMILY, answer=K["CHF"])]),
    # instants instead of days
    ("diagnosis at an instant", "heart failure", "yes",
     [condition("CHF", None, condition_start_datetime=AT)]),
    ("exposure at an instant", "akt", "yes",
     [row("drug_exposure", "capivasertib", None, drug_exposure_start_datetime=AT)]),
    ("procedure at an instant", "therapy", "yes",
     [done("radiotherapy", None, procedure_datetime=AT)]),
    ("result at an instant is the newest", "anc", "no",
     [measured("ANC", 1500, days=9), measured("ANC", 500, days=None, measurement_datetime=AT)]),
    # results
    ("range from above to below", "ast", "unknown",
     [measured("AST", 20, "U/L", range_low=40, range_high=5)]),
    ("range", "ast", "yes", [measured("AST", 20, "U/L", range_low=5, range_high=40)]),
    ("reactive", "hiv test", "yes", [measured("HIV test", answer=K["reactive"])]),
    ("not detected", "hiv test", "no", [measured("HIV test", answer=K["not detected"])]),
]  # fmt: skip


def tables_of(cases):
    """Give the tables of a hospital in which each case is a person."""
    rows = {name: [] for name in TABLES}
    rows["concept"] = [
        {"concept_id": K[name], "concept_name": name, "vocabulary_id": vocabulary,
         "concept_code": code, "domain_id": domain}
        for name, (vocabulary, code, domain) in CONCEPTS.items()
    ]  # fmt: skip
    rows["concept_ancestor"] = [
        {"ancestor_concept_id": K[above], "descendant_concept_id": K[below]}
        for above, below in BELOW
    ]
    rows["concept_relationship"] = [
        {"concept_id_1": K[code], "concept_id_2": K[target], "relationship_id": "Maps to"}
        for code, target in MAPPED
    ]
    for number, (*_, some) in enumerate(cases, start=1):
        rows["person"].append(
            {"person_id": number, "gender_concept_id": 8532, "year_of_birth": 1960}
        )
        rows["observation_period"].append(
            {"observation_period_id": number, "person_id": number,
             "observation_period_start_date": date(2010, 1, 1),
             "observation_period_end_date": date(2026, 12, 31)}
        )  # fmt: skip
        for table, each in some:
            told = {f"{table}_id": len(rows[table]) + 1, "person_id": number}
            rows[table].append({**each, **told})
    return {name: pa.Table.from_pylist(rows[name], schema(name)) for name in TABLES}


def asked_of(study):
    """Give the protocol with a criterion for each rule."""
    one = next(each for each in study.criteria if each.id == "I10")
    criteria = [one.model_copy(update={"id": name, "rule": rule}) for name, rule in RULES.items()]
    return Asked(study.model_copy(update={"criteria": tuple(criteria)}), AS_OF, ANCHORS)


def answers(study, population, tables):
    """Give the judge's answers by person and rule, once the hospital gave the same."""
    how = asked_of(study)
    expected = judged(how, tables, population)
    difference = compared(how, expected, population)

    assert difference.told == []
    return {
        (person, name): ANSWERS[answer]
        for (person, arm, name), (answer, _, _) in expected.items()
        if arm == "A"
    }


@pytest.fixture(scope="module")
def found(shipped, tmp_path_factory):
    """Give the answers, alike in DuckDB."""
    tables = tables_of(CASES)
    with in_duckdb(tmp_path_factory.mktemp("conventions"), tables) as population:
        return answers(shipped, population, tables)


@pytest.mark.parametrize("case", range(len(CASES)), ids=[name for name, *_ in CASES])
def test_a_fact_is_read_as_it_was_meant(found, case):
    """By the judge of one participant and in a whole hospital alike."""
    _, rule, expected, _ = CASES[case]

    assert found[case + 1, rule] == expected


def test_postgresql_answers_alike(shipped, postgres):
    """It casts and joins by its own rules."""
    tables = tables_of(CASES)
    with in_postgres(postgres, tables) as population:
        told = answers(shipped, population, tables)

    assert {told[number, rule] for number, (_, rule, *_) in enumerate(CASES, start=1)} == {
        "yes", "no", "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(("left_out", "says"), [("concept_ancestor", "unknown"), ("", "no")])
def test_products_that_no_table_explains_are_no_silence(shipped, tmp_path, left_out, says):
    """Where the site has no hierarchy, nobody knows what is in a tablet."""
    tables = tables_of([("a product", "akt", says, [drug("letrozole tablet")])])
    held = {name: rows for name, rows in tables.items() if name != left_out}
    with in_duckdb(tmp_path, held) as population:
        told = answers(shipped, population, tables)

    assert told[1, "akt"] == says


@pytest.mark.parametrize(
    ("rule", "replaced", "says"),
    [("heart failure", "CHF of old", "yes"), ("coronary event", "old MI of old", "unknown")],
)
def test_a_history_of_what_was_replaced_is_one(shipped, tmp_path, rule, replaced, says):
    """Also where no other row has that concept."""
    tables = tables_of([("history", rule, says, [seen(HISTORY, answer=K[replaced])])])
    with in_duckdb(tmp_path, tables) as population:
        told = answers(shipped, population, tables)

    assert told[1, rule] == says
