"""Conditions, procedures and results without a day, which OMOP forbids: judge and hospital."""

from datetime import date
from decimal import Decimal
from itertools import combinations, product
from random import Random

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb, in_postgres
from tests.parity.random_rows import random_rows
from tests.parity.random_trees import LABORATORY, random_study

from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.leaf_rules import FindingRule, ObservationRule
from trialwright.virtual.omop_schema import TABLES

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": AS_OF, "screening": AS_OF, "registration": AS_OF,
           "first_dose": date(2026, 3, 9)}  # fmt: skip
NOT_MET, UNKNOWN, MET = 0, 1, 2
SEEDS = (1, 2, 4)
OF_A_DAY = {
    "measurement": "measurement_date",
    "observation": "observation_date",
    "condition_occurrence": "condition_start_date",
    "procedure_occurrence": "procedure_date",
}

TERMS = ("hiv", "anc", "hiv-test")
CONCEPTS = {"hiv": 9001, "anc": 3013650, "hiv-test": 40760007}
SAYS = {
    "anc": {"value_as_number": 1200.0, "unit_concept_id": 8647},
    "hiv-test": {"value_as_concept_id": 9191},
}
"""1200 /uL, and a positive test."""

SILENCES = {
    "unknown": {},
    "absent": {"not_recorded": "absent"},
    "complete": {"not_recorded": "absent-if-complete", "look_back_days": 365},
}
DAYS = {"none": None, "old": date(2020, 1, 1), "new": date(2026, 3, 1), "ahead": date(2026, 3, 7)}
OVER = date(2020, 2, 1)
TABLES_OF = {
    "hiv": ("condition_occurrence", "procedure_occurrence", "observation"),
    "anc": ("measurement", "observation"),
    "hiv-test": ("measurement", "observation"),
}


def rules():
    """Give rules by name: each kind that reads silence, by what silence means."""
    for silence, policy in SILENCES.items():
        for expect, when in product(("present", "absent"), ("now", "ever", "within")):
            within = {"within_days": 183} if when == "within" else {}
            yield (
                f"hiv-{expect}-{when}-{silence}",
                ConditionRule(kind="condition", fact="hiv", expect=expect, when=when, **within,
                              **policy),
            )  # fmt: skip
        for pick, low in product(("latest", "mean", "worst", "any"), ("", "-low")):
            of = {"of": 2} if pick == "mean" else {}
            yield (
                f"anc-{pick}{low}-{silence}",
                ObservationRule(kind="observation", fact="anc", unit="/mm3", pick=pick,
                                below=Decimal(1000 if low else 1500), **of, **policy),
            )  # fmt: skip
        yield (
            f"test-{silence}",
            FindingRule(kind="finding", fact="hiv-test", among=("positive",), **policy),
        )


def of_rules(study):
    """Give the protocol with a criterion for each rule."""
    one = next(each for each in study.criteria if each.id == "I10")
    criteria = [one.model_copy(update={"id": name, "rule": rule}) for name, rule in rules()]
    return study.model_copy(update={"criteria": tuple(criteria)})


def records():
    """Give what people have on record of one term, at most two rows."""
    people = [()]
    for name in TERMS:
        rows = [
            (name, table, said, until)
            for table in TABLES_OF[name]
            for said in DAYS
            for until in ((None, OVER) if table == "condition_occurrence" else (None,))
        ]
        people += [(one,) for one in rows]
        people += list(combinations(rows, 2))
    return people


def hospital(people):
    """Give tables of people whom a source observed."""
    rows = {name: [] for name in TABLES}
    rows["concept"] = [
        {"concept_id": CONCEPTS["hiv"], "vocabulary_id": "SNOMED", "concept_code": "86406008"},
        {"concept_id": 8647, "vocabulary_id": "UCUM", "concept_code": "/uL"},
        {"concept_id": 9191, "vocabulary_id": "SNOMED", "concept_code": "10828004"},
    ]
    for number, some in enumerate(people, start=1):
        rows["person"].append(
            {"person_id": number, "gender_concept_id": 8532, "year_of_birth": 1990}
        )
        rows["observation_period"].append(
            {"observation_period_id": number, "person_id": number,
             "observation_period_start_date": date(1990, 1, 1),
             "observation_period_end_date": date(2026, 12, 31)}
        )  # fmt: skip
        for name, table, said, until in some:
            prefix = table.removesuffix("_occurrence")
            day = "condition_start_date" if prefix == "condition" else f"{prefix}_date"
            row = {f"{table}_id": len(rows[table]) + 1, "person_id": number,
                   f"{prefix}_concept_id": CONCEPTS[name], day: DAYS[said]}  # fmt: skip
            ended = {"condition_end_date": until} if until else {}
            rows[table].append(row | ended | SAYS.get(name, {}))
    return {name: pa.Table.from_pylist(rows[name], form) for name, form in TABLES.items()}


def answers(study, people, opened):
    """Give the judge's answers by records and criterion, once an engine gave the same."""
    tables, how = hospital(people), Asked(of_rules(study), AS_OF, ANCHORS)
    with opened(tables) as population:
        expected = judged(how, tables, population)
        difference = compared(how, expected, population)

    assert difference.told == []
    assert difference.compared == len(people) * 3 * len(how.study.criteria)
    return {
        (people[person - 1], name): answer
        for (person, arm, name), (answer, _, _) in expected.items()
        if arm == "A"
    }


@pytest.fixture(scope="module")
def found(shipped, tmp_path_factory):
    """Give the answers, alike in DuckDB."""
    folder = tmp_path_factory.mktemp("without-a-day")
    return answers(shipped, records(), lambda tables: in_duckdb(folder, tables))


def test_postgresql_answers_alike(shipped, postgres):
    """Engines put nulls in order apart."""
    found = answers(shipped, records(), lambda tables: in_postgres(postgres, tables))

    assert {UNKNOWN, MET, NOT_MET} <= set(found.values())


@pytest.mark.parametrize("table", TABLES_OF["hiv"])
@pytest.mark.parametrize("silence", SILENCES)
@pytest.mark.parametrize("when", ["now", "ever", "within"])
def test_a_condition_of_an_unknown_day_is_no_silence(found, table, silence, when):
    """Nor is it there for sure: it may have come later than the day judged."""
    undated, ahead = ("hiv", table, "none", None), ("hiv", table, "ahead", None)
    present, absent = f"hiv-present-{when}-{silence}", f"hiv-absent-{when}-{silence}"

    assert found[(undated,), present] == found[(undated,), absent] == UNKNOWN
    assert found[(ahead,), present] == found[(), present]
    assert found[(), present] == (UNKNOWN if silence == "unknown" else NOT_MET)
    assert found[(), absent] == (UNKNOWN if silence == "unknown" else MET)


def test_a_condition_of_an_unknown_day_may_stand_beside_one_that_is_over(found):
    """What stands on a known day stands whatever else is on record."""
    table = "condition_occurrence"
    undated, over = ("hiv", table, "none", None), ("hiv", table, "old", OVER)
    standing = ("hiv", table, "new", None)

    for when in ("now", "within"):
        assert found[(over,), f"hiv-absent-{when}-absent"] == MET
        assert found[(undated, over), f"hiv-absent-{when}-absent"] == UNKNOWN
        assert found[(undated, over), f"hiv-present-{when}-absent"] == UNKNOWN
        assert found[(undated, standing), f"hiv-present-{when}-absent"] == MET
        assert found[(undated, standing), f"hiv-absent-{when}-absent"] == NOT_MET


@pytest.mark.parametrize("table", TABLES_OF["anc"])
@pytest.mark.parametrize("silence", SILENCES)
@pytest.mark.parametrize(
    ("name", "rule"), [("anc", f"anc-{pick}") for pick in ("latest", "mean", "worst", "any")]
    + [("hiv-test", "test")],
)  # fmt: skip
def test_a_result_of_an_unknown_day_is_no_silence(found, table, silence, name, rule):
    """Where nothing is recorded, or what is recorded comes later, silence speaks."""
    rule, quiet = f"{rule}-{silence}", UNKNOWN if silence == "unknown" else NOT_MET

    assert found[((name, table, "none", None),), rule] == UNKNOWN
    assert found[((name, table, "ahead", None),), rule] == found[(), rule] == quiet
    is_one_short = "mean" in rule
    assert found[((name, table, "new", None),), rule] == (UNKNOWN if is_one_short else MET)


@pytest.mark.parametrize("table", TABLES_OF["anc"])
@pytest.mark.parametrize("silence", SILENCES)
def test_a_result_of_an_unknown_day_counts_where_every_result_counts(found, table, silence):
    """Beside one of 1200 /uL, under 1500: every one is no longer sure, any one is."""
    both = (("anc", table, "none", None), ("anc", table, "new", None))

    assert found[both, f"anc-any-{silence}"] == MET
    assert found[both, f"anc-any-low-{silence}"] == UNKNOWN
    assert found[both, f"anc-worst-{silence}"] == UNKNOWN
    assert found[both, f"anc-worst-low-{silence}"] == NOT_MET
    assert found[both[1:], f"anc-any-low-{silence}"] == NOT_MET
    assert found[both[1:], f"anc-worst-{silence}"] == MET


@pytest.mark.parametrize("name", ["anc", "hiv-test"])
@pytest.mark.parametrize("silence", SILENCES)
def test_a_result_of_an_unknown_day_may_be_the_newest(found, name, silence):
    """One that has a day does not decide in its place."""
    for table in TABLES_OF[name]:
        undated, new = (name, table, "none", None), (name, table, "new", None)
        rule = f"anc-latest-{silence}" if name == "anc" else f"test-{silence}"

        assert found[(new,), rule] == MET
        assert found[(undated, new), rule] == UNKNOWN


@pytest.mark.parametrize("seed", SEEDS)
def test_days_left_out_at_random(shipped, seed, tmp_path):
    """Every kind of leaf, over rows of which one in four has no day."""
    asked = Asked(random_study(shipped, seed, 40), AS_OF, ANCHORS, LABORATORY)
    random = Random(seed)  # noqa: S311
    tables = dict(random_rows(asked.study, seed, 60, AS_OF))
    for name, column in OF_A_DAY.items():
        rows = tables[name].to_pylist()
        for row in rows:
            row[column] = row[column] if random.random() < 0.75 else None
        tables[name] = pa.Table.from_pylist(rows, tables[name].schema)
    with in_duckdb(tmp_path, tables) as population:
        expected = judged(asked, tables, population)
        difference = compared(asked, expected, population)

    assert difference.told == []
