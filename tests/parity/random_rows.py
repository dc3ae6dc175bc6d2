"""OMOP rows drawn to break a compiled criterion: every trap of the tables, at every bound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import pyarrow as pa

from trialwright.protocol.criteria import leaves
from trialwright.protocol.study import Study
from trialwright.terms.codes import Code
from trialwright.terms.errors import Refusal
from trialwright.terms.intents import INTENTS
from trialwright.terms.omop import (
    CONDITION_FIELD,
    DRUG_FIELD,
    EPISODE_FIELD,
    LOCAL_ROUTES,
    METASTATIC_DISEASE,
    OPERATORS,
    PRELIMINARY,
    VOCABULARIES,
)
from trialwright.terms.quantities import Quantity, comparable
from trialwright.virtual.measured_codes import ANSWERS, UNITS
from trialwright.virtual.omop_schema import TABLES

Rows = dict[str, list[dict[str, Any]]]

_FIRST_ID = 2_000_000_001
_USUAL = (0, 1, 2, 5, 40, 400, 4000)
_STOPS = (
    None, None, "", "progression", "PD", " Disease progression ", "toxicity", "AE", "completed",
    "refused", "moved away",
)  # fmt: skip
_SPELLINGS = (None, "mg/dl", "g/dl", "10^3/uL", "K/uL", "furlongs", "%", "msec", "U/L", "ng/mL", "")
_WORDED = (None, "3+", "IHC 2+", "score 0", "1+ and 3+", "see note", "0")
_OPERATORS = (*OPERATORS, 4_000_000)


@dataclass(frozen=True)
class Site:
    """A site's vocabulary, and what its rows are drawn from.

    Attributes
    ----------
    vocabulary : mapping of str to list of mapping
        Rows of `concept` and `concept_ancestor`.
    terms : mapping of str to list of (int, bool)
        Concept ids of each term, and whether a row holds it as its source concept alone.
    medicines : mapping of str to list of int
        Concept ids of each medicine, products among them.
    answers, units, routes, settings : list of int
        Concept ids.
    amounts : mapping of str to list of (float, str)
        Numbers at, and just beside, every bound of a term, in every unit that converts.
    days : tuple of int
        Days before the anchor at, and just beside, the edge of every window.
    """

    vocabulary: Mapping[str, list[dict[str, Any]]]
    terms: Mapping[str, list[tuple[int, bool]]]
    medicines: Mapping[str, list[int]]
    answers: list[int]
    units: Mapping[str, int]
    routes: list[int]
    settings: list[int]
    amounts: Mapping[str, list[tuple[float, str]]]
    days: tuple[int, ...]


def site_of(study: Study) -> Site:
    """Give a site whose vocabulary holds every code of a protocol, and some that mean nothing."""
    theirs = {ours: vocabulary for vocabulary, ours in VOCABULARIES.items()}
    concepts: dict[Code, int] = {}

    def numbered(code: Code) -> int:
        return concepts.setdefault(code, _FIRST_ID + len(concepts))

    terms: dict[str, list[tuple[int, bool]]] = {}
    for name, term in study.terms.items():
        held = terms.setdefault(name, [(each, False) for each in term.omop])
        for code in term.coded:
            if code.system == "ICD10CM":
                held += [(numbered(each), True) for each in _below(code)]
            else:
                held += [(numbered(code), False), (numbered(code), True)]
    medicines: dict[str, list[int]] = {}
    pairs: list[dict[str, Any]] = []
    for place, (name, medicine) in enumerate(study.medicines.items()):
        held_ids = medicines.setdefault(name, [*medicine.omop])
        held_ids += [numbered(code) for code in medicine.coded]
        for ancestor in tuple(held_ids):
            product = numbered(Code("RXNORM", f"product-{place}"))
            held_ids.append(product)
            pairs += [
                {"ancestor_concept_id": ancestor, "descendant_concept_id": each}
                for each in (ancestor, product)
            ]
    answers = [numbered(Code(system, code)) for system, code, _ in ANSWERS]
    units = {unit: numbered(Code("UCUM", unit)) for unit in UNITS}
    routes = [numbered(Code("SNOMEDCT", each)) for each in sorted(LOCAL_ROUTES)]
    answers += [numbered(Code("SNOMEDCT", "no-answer"))]
    settings = [numbered(each) for each in (*INTENTS, Code("SNOMEDCT", "373808002"))]
    routes += [numbered(Code("SNOMEDCT", "by-mouth"))]
    concept = [
        {"concept_id": number, "concept_name": code.code, "vocabulary_id": theirs[code.system],
         "concept_code": code.code}
        for code, number in concepts.items()
    ]  # fmt: skip
    return Site(
        {"concept": concept, "concept_ancestor": pairs, "concept_relationship": []},
        {name: held for name, held in terms.items() if held},
        {name: held for name, held in medicines.items() if held},
        answers,
        units,
        routes,
        settings,
        {name: _amounts(name, study) for name, term in study.terms.items() if term.unit},
        _edges(study),
    )


def _below(code: Code) -> list[Code]:
    """Give an ICD-10-CM code, two below it, and one that only looks like it."""
    dotted = code.code if "." in code.code else f"{code.code}."
    return [code, Code("ICD10CM", f"{dotted}9"), Code("ICD10CM", f"{dotted}11".replace(".", ""))]


def _edges(study: Study) -> tuple[int, ...]:
    """Give the days at and beside the edge of every window of a protocol."""
    fields = ("within_days", "days", "look_back_days", "for_days", "relapse_days", "least_days",
              "refill_gap_days")  # fmt: skip
    found = set(_USUAL)
    for criterion in study.criteria:
        for leaf in leaves(criterion.rule):
            edges = {getattr(leaf, name, None) for name in fields} - {None}
            edges |= set(_half_lives(leaf, study))
            edges |= {28} if leaf.kind == "lines" else set()
            found |= {edge + step for edge in edges for step in (-1, 0, 1)}
    return tuple(sorted(found | {-1, -3}))


def _half_lives(leaf: Any, study: Study) -> Iterator[int]:
    """Give the wash-outs of a rule that are counted in half-lives, in whole days."""
    if getattr(leaf, "half_lives", None) is None:
        return
    term = study.terms[leaf.fact]
    yield term.cleared_after_days or 0
    for member in term.members:
        hours = study.medicines[member].half_life_hours
        if hours is not None:
            yield floor(Fraction(leaf.half_lives) * Fraction(hours) / 24)


def _amounts(name: str, study: Study) -> list[tuple[float, str]]:
    """Give numbers at and beside every bound of a term, in every unit that converts."""
    term = study.terms[name]
    bounds = {(Fraction(edge), term.unit) for edge in (0, 1)}
    window = term.plausible
    if window:
        bounds |= {(Fraction(each), term.unit) for each in (window.at_least, window.at_most)}
        middle = (Fraction(window.at_least) + Fraction(window.at_most)) / 7
        bounds |= {(middle, term.unit)}
    for criterion in study.criteria:
        for leaf in leaves(criterion.rule):
            if name not in {getattr(leaf, each, None) for each in ("fact", "qt", "rr")}:
                continue
            for bound in ("at_least", "above", "at_most", "below"):
                edge = getattr(leaf, bound, None)
                if edge is not None:
                    bounds.add((Fraction(edge), getattr(leaf, "unit", term.unit)))
    found = []
    for edge, unit in sorted(bounds):
        for given in (term.unit, *UNITS):
            if not comparable(given, term.unit, term.substance):
                continue
            with_edge = _in_unit(edge, unit, given, term.substance)
            found += [(float(with_edge + step), given) for step in _STEPS]
    return [*found, (7.0, "Cel"), (1e15, term.unit), (-4.0, term.unit)]


_STEPS = (0, Fraction(1, 10**6), Fraction(-1, 10**6), Fraction(1, 3), -1, 1)


def _in_unit(edge: Fraction, unit: str, given: str, substance: str) -> Fraction:
    """Convert a bound."""
    written = Decimal(edge.numerator) / Decimal(edge.denominator)
    try:
        return Quantity(written, unit).exact_in(given, substance)
    except Refusal:
        return edge


def random_rows(study: Study, seed: int, people: int, anchor: date) -> Mapping[str, pa.Table]:
    """Draw the rows of some people; the same seed gives the same rows."""
    site = site_of(study)
    drawn = _Drawn(study, site, Random(seed), anchor)  # noqa: S311
    for number in range(1, people + 1):
        drawn.person(seed % 1000 * 10**6 + number)
    rows: Rows = {**drawn.rows, **{name: list(each) for name, each in site.vocabulary.items()}}
    return {
        name: pa.Table.from_pylist(rows.get(name, []), schema) for name, schema in TABLES.items()
    }


class _Drawn:
    """Rows drawn so far."""

    def __init__(self, study: Study, site: Site, random: Random, anchor: date) -> None:
        self.study, self.site, self.random, self.anchor = study, site, random, anchor
        self.rows: Rows = {}
        self.kinds = {
            kind: [name for name, term in study.terms.items() if term.kind == kind]
            for kind in ("condition", "observation", "finding")
        }

    def person(self, person_id: int) -> None:
        """Draw one person with all rows."""
        random = self.random
        year = random.choice([None, *range(1940, 2012, 3), 2007, 2008, 2008])
        month = random.choice([None, 2, 3, 3, 12])
        day = None if month is None else random.choice([None, 1, 2, 3, 28])
        if year == 2008 and month == 2:
            day = 29
        sex = random.choice([8532, 8532, 8507, 0, 8521])
        self._add("person", person_id, gender_concept_id=sex, year_of_birth=year,
                  month_of_birth=month, day_of_birth=day)  # fmt: skip
        for _ in range(random.choice([0, 1, 1, 2])):
            begin, end = self._day() - timedelta(random.choice([0, 400])), self._day()
            self._add("observation_period", person_id, observation_period_start_date=begin,
                      observation_period_end_date=end)  # fmt: skip
        conditions = [self._condition(person_id) for _ in range(random.choice([0, 2, 4, 8]))]
        for _ in range(random.choice([0, 0, 1, 3])):
            self._procedure(person_id)
        for _ in range(random.choice([0, 2, 5, 9])):
            self._exposure(person_id)
        busy = random.choice([0.1, 0.6, 1.5])
        for kind in ("observation", "finding"):
            for name in self.kinds[kind]:
                for _ in range(int(busy + random.random())):
                    self._result(person_id, name, conditions)

    def _add(self, table: str, person_id: int, **columns: Any) -> int:
        """Add a row; ids grow with the rows of a person, and start elsewhere in each table."""
        held = self.rows.setdefault(table, [])
        row_id = person_id * 1000 + len(held) % 997 if table == "person" else 10 + 3 * len(held)
        row_id = person_id if table == "person" else row_id
        held.append({f"{table}_id": row_id, "person_id": person_id, **columns})
        return row_id

    def _day(self) -> date:
        """Draw a day at the edge of a window, or any other."""
        random = self.random
        back = random.choice(self.site.days) if random.random() < 0.8 else random.randint(-20, 900)
        return self.anchor - timedelta(back)

    def _end(self, since: date) -> date | None:
        """Draw an end: none, at the edge of a window, far off, or before the start."""
        random = self.random
        drawn = random.choice(["none", "none", "edge", "edge", "edge", "same", "far", "before"])
        match drawn:
            case "none":
                return None
            case "edge":
                return max(since, self._day())
            case "same":
                return since
            case "far":
                return date(2099, 12, 31)
            case _:
                return since - timedelta(random.choice([1, 30]))

    def _coded(self, held: Sequence[tuple[int, bool]]) -> tuple[int, int | None]:
        """Draw the standard and the source concept of a row."""
        concept, is_source = self.random.choice(held)
        if is_source:
            return 0, concept
        other = self.random.choice([None, 0, concept, self.random.choice(held)[0]])
        return concept, other

    def _named(self, kind: str) -> str | None:
        """Draw a term that some concept stands for."""
        names = [name for name in self.kinds[kind] if name in self.site.terms]
        return self.random.choice(names) if names else None

    def _condition(self, person_id: int) -> int:
        """Draw a condition."""
        name = self._named("condition")
        if name is None:
            return 1
        concept, source = self._coded(self.site.terms[name])
        since = self._day()
        if self.random.random() < 0.15:
            return self._add("observation", person_id, observation_concept_id=concept,
                             observation_date=since,
                             observation_source_concept_id=source)  # fmt: skip
        status = self.random.choice([None, None, 0, 32893, PRELIMINARY])
        return self._add("condition_occurrence", person_id, condition_concept_id=concept,
                         condition_start_date=since, condition_end_date=self._end(since),
                         condition_status_concept_id=status,
                         condition_source_concept_id=source)  # fmt: skip

    def _procedure(self, person_id: int) -> None:
        """Draw a procedure: one that leaves a condition behind, or a treatment."""
        name = self._named("condition")
        if name is None or self.random.random() < 0.5:
            concept, source = self.random.choice(self._medicines()), None
        else:
            concept, source = self._coded(self.site.terms[name])
        since = self._day()
        self._add("procedure_occurrence", person_id, procedure_concept_id=concept,
                  procedure_date=since, procedure_end_date=self._end(since),
                  procedure_source_concept_id=source)  # fmt: skip

    def _medicines(self) -> list[int]:
        """Draw a medicine, and give its concepts."""
        names = sorted(self.site.medicines)
        return self.site.medicines[self.random.choice(names)] if names else [1]

    def _episode(self, person_id: int, exposure: int, since: date) -> None:
        """Draw an episode that holds an exposure, with or without a setting, or several."""
        random = self.random
        concept = random.choice([METASTATIC_DISEASE, METASTATIC_DISEASE, 32528])
        parent = self._add("episode", person_id, episode_concept_id=concept,
                           episode_start_date=since)  # fmt: skip
        number = self._add("episode", person_id, episode_concept_id=32531, episode_start_date=since,
                           episode_parent_id=random.choice([None, None, parent, 1]))  # fmt: skip
        self.rows.setdefault("episode_event", []).append({
            "episode_id": number, "event_id": exposure,
            "episode_event_field_concept_id": random.choice([DRUG_FIELD] * 5 + [CONDITION_FIELD]),
        })  # fmt: skip
        for _ in range(random.choice([0, 0, 1, 1, 2])):
            self._add("measurement", person_id,
                      measurement_concept_id=random.choice(self.site.settings),
                      measurement_date=since, measurement_event_id=number,
                      meas_event_field_concept_id=random.choice(
                          [EPISODE_FIELD] * 5 + [CONDITION_FIELD]))  # fmt: skip

    def _exposure(self, person_id: int) -> None:
        """Draw a medicine given."""
        concepts, since = self._medicines(), self._day()
        concept = self.random.choice(concepts)
        source = self.random.choice([None, 0, concept, self.random.choice(concepts)])
        if self.random.random() < 0.1:
            concept, source = 0, concept
        row_id = self._add("drug_exposure", person_id, drug_concept_id=concept,
                  drug_exposure_start_date=since, drug_exposure_end_date=self._end(since),
                  stop_reason=self.random.choice(_STOPS), drug_source_concept_id=source,
                  route_concept_id=self.random.choice([None, 0, *self.site.routes]))  # fmt: skip
        for _ in range(self.random.choice([0, 1, 1, 1, 2])):
            self._episode(person_id, row_id, since)
        if self.random.random() < 0.1:  # the same again, under another id
            again = dict(self.rows["drug_exposure"][-1])
            again["drug_exposure_id"] += 1
            self.rows["drug_exposure"].append(again)

    def _result(self, person_id: int, name: str, conditions: Sequence[int]) -> None:
        """Draw a result of a term."""
        random, held = self.random, self.site.terms.get(name)
        if not held:
            return
        concept, source = self._coded(held)
        day, is_amount = self._day(), self.study.terms[name].kind == "observation"
        if random.random() < 0.3 and self.rows.get("measurement"):
            day = self.rows["measurement"][-1]["measurement_date"]
        columns: dict[str, Any] = {
            "value_as_concept_id": random.choice([None, None, 0, *self.site.answers]),
        }
        if is_amount and random.random() < 0.92:
            number, unit = random.choice(self.site.amounts[name])
            columns["value_as_number"] = number
            columns |= self._unit(unit)
        if random.random() < 0.12:
            self._add("observation", person_id, observation_concept_id=concept,
                      observation_date=day, observation_source_concept_id=source,
                      **columns)  # fmt: skip
            return
        if not is_amount and random.random() < 0.85:
            columns["value_as_concept_id"] = random.choice(self.site.answers)
        if conditions and random.random() < 0.7:
            columns["measurement_event_id"] = random.choice([*conditions, 1])
            field = random.choice([CONDITION_FIELD, CONDITION_FIELD, CONDITION_FIELD, None, 7])
            columns["meas_event_field_concept_id"] = field
        low, high = sorted(random.choice([None, 0.0, 0.3, 1.0, 40.0, 1.25]) or 0.5 for _ in "ab")
        self._add(
            "measurement", person_id, measurement_concept_id=concept, measurement_date=day,
            measurement_datetime=random.choice([None, *(
                datetime.combine(day, time(hour, 30)) for hour in (8, 8, 9, 23))]),
            operator_concept_id=random.choice([None] * 8 + [*_OPERATORS]),
            measurement_source_concept_id=source,
            value_source_value=None if is_amount else random.choice(_WORDED),
            range_low=random.choice([None, low]), range_high=random.choice([None, high]),
            **columns,
        )  # fmt: skip

    def _unit(self, unit: str) -> dict[str, Any]:
        """Write a unit: by its concept, in words, in other words, or not at all."""
        match self.random.choice(["concept"] * 6 + ["words"] * 3 + ["other", "none", "both"]):
            case "concept":
                return {"unit_concept_id": self.site.units.get(unit, 0)}
            case "words":
                return {"unit_source_value": unit, "unit_concept_id": self.random.choice([0, None])}
            case "other":
                return {"unit_source_value": self.random.choice(_SPELLINGS)}
            case "both":
                return {"unit_concept_id": self.site.units.get(unit), "unit_source_value": "mg/dl"}
            case _:
                return {}
