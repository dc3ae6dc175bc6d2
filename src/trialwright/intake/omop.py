"""Rows of OMOP CDM 5.4 to casebooks: every row is used, in question, or left aside by name.

Rows come as mappings of column to value, those of one person together. Why a medicine was given is
told by the episode of treatment to which it belongs; what the tables cannot say (where a result was
read by eye) stays unknown. A row of a result that
says something which cannot be read is in question on its day, so that no older result takes its
place; one that says nothing at all gives no fact, as an Observation without a value does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from types import MappingProxyType
from typing import Any, cast

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.intake.omop_cells import Row, day, limits, not_before
from trialwright.intake.omop_conditions import (
    condition,
    histories,
    in_doubt,
    is_denied,
    of_past,
    of_relatives,
)
from trialwright.intake.omop_episodes import Rows, intents_of, modified_episode
from trialwright.intake.omop_person import born, coverage, person_of, sex
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms import omop
from trialwright.terms.answers import IN_QUESTION, SCORED, scored
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.intents import Intent
from trialwright.terms.quantities import Quantity, is_score
from trialwright.terms.sources import Source

Fact = Observation | Condition | Treatment
"""What a row may give."""


@dataclass(frozen=True, slots=True)
class OmopIntake:
    """What the rows of one person gave.

    Every row has one fate: `rows == used + questioned + sum(ignored)`.

    Attributes
    ----------
    casebook : Casebook
        The facts, in the order of `terms.omop.ORIGINS`, then of the row ids.
    rows : int
        Rows that were read.
    used : int
        Rows that gave facts, none of them in question.
    questioned : int
        Rows whose number, coded answer or text cannot be read, and rows of a term that have no day.
    ignored : mapping of str to int
        Rows left aside, by table and reason, e.g. `measurement: no value`.
    """

    casebook: Casebook
    rows: int
    used: int
    questioned: int
    ignored: Mapping[str, int]


def read_person(
    rows: Rows, study: Study, meanings: Meanings, participant: str, as_of: date | None = None
) -> OmopIntake:
    """Read the rows of one person.

    Parameters
    ----------
    rows : mapping of str to sequence of mapping
        Table to rows, in any order; exactly one of `person`. `episode` and `episode_event` tell for
        which setting a medicine was given.
    study : Study
        Whose vocabulary decides which facts are read.
    meanings : Meanings
        What the site's concept ids stand for.
    participant : str
        Study number.
    as_of : date or None
        What later rows leave in doubt is no doubt yet; None: every row counts. Facts carry their
        days, and are all read.

    Returns
    -------
    OmopIntake
        Casebook and counts.

    Raises
    ------
    Refusal
        If there is no row of `person`, or more than one, or its birth date is no date.
    """
    return _read(rows, participant, _Reader(study, meanings, _scored_terms(study), as_of))


def _read(rows: Rows, participant: str, reader: "_Reader") -> OmopIntake:
    """Read the rows of one person with a reader that is used once."""
    person = person_of(rows)
    reader.learn_intents(rows)
    observations: list[Observation] = []
    conditions: list[Condition] = []
    treatments: list[Treatment] = []
    for table in omop.ORIGINS:
        for row in sorted(rows.get(table, ()), key=itemgetter(f"{table}_id")):
            facts = reader.facts(table, row)
            observations += [fact for fact in facts if isinstance(fact, Observation)]
            conditions += [fact for fact in facts if isinstance(fact, Condition)]
            treatments += [fact for fact in facts if isinstance(fact, Treatment)]
    casebook = Casebook(
        participant,
        born(person),
        sex(person),
        None,
        tuple(observations),
        tuple(conditions),
        treatments=tuple(treatments),
        coverage=coverage(rows),
        unsettled=frozenset(reader.unsettled),
        person=Source("omop", f"person/{person['person_id']}"),
    )
    total = sum(len(rows.get(table, ())) for table in omop.ORIGINS)
    return OmopIntake(
        casebook, total, reader.used, reader.questioned, MappingProxyType(dict(reader.ignored))
    )


def read_persons(
    persons: Iterable[Rows], study: Study, meanings: Meanings, as_of: date | None = None
) -> Iterator[tuple[int, Casebook]]:
    """Read many persons, one after another.

    Parameters
    ----------
    persons : iterable of mapping
        As `read_person`.
    study : Study
        Whose vocabulary decides which facts are read.
    meanings : Meanings
        What the site's concept ids stand for.
    as_of : date or None
        As `read_person`.

    Yields
    ------
    int
        person_id.
    Casebook
        Under that number.

    Raises
    ------
    Refusal
        As `read_person`.
    """
    scored_terms = _scored_terms(study)
    for rows in persons:
        person_id = int(person_of(rows)["person_id"])
        reader = _Reader(study, meanings, scored_terms, as_of)
        yield person_id, _read(rows, str(person_id), reader).casebook


def _scored_terms(study: Study) -> frozenset[str]:
    """Give the findings whose answers carry a score."""
    return frozenset(name for name, term in study.terms.items() if SCORED.intersection(term.coded))


class _Reader:
    """Reads rows and counts their fates."""

    def __init__(
        self,
        study: Study,
        meanings: Meanings,
        scored_terms: frozenset[str],
        as_of: date | None = None,
    ) -> None:
        self._study, self._meanings, self._scored = study, meanings, scored_terms
        self._as_of = as_of
        self.used = self.questioned = 0
        self.ignored: Counter[str] = Counter()
        self.unsettled: set[str] = set()
        self._intents: Mapping[int, Intent | None] = {}

    def learn_intents(self, rows: Rows) -> None:
        """Learn for which setting each exposure was given."""
        self._intents = intents_of(rows, self._meanings)

    def facts(self, table: str, row: Row) -> Sequence[Fact]:
        """Give the facts of a row, and count its fate."""
        prefix, on = _COLUMNS[table]
        ids = [row.get(f"{prefix}_concept_id"), row.get(f"{prefix}_source_concept_id")]
        terms = [name for name in _named(ids, self._meanings.terms) if self._holds(table, name)]
        medicines = _named(ids, self._meanings.medicines) if table in _TREATMENTS else ()
        relatives = of_relatives(table, row, self._meanings)
        past = self._conditions_among(of_past(table, row, self._meanings))
        if table == "measurement" and modified_episode(row, self._meanings) is not None:
            self.used += 1
            return ()
        began = day(row, on)
        is_later = began is not None and self._as_of is not None and began.earliest > self._as_of
        doubted = () if is_later else self._doubted(table, row, ids)
        self.unsettled.update(doubted)
        if not terms and not medicines and not relatives and not past:
            if doubted:
                self.questioned += 1
            else:
                self.ignored[f"{table}: not in the vocabulary"] += 1
            return ()
        if began is None:
            self.unsettled.update(terms, medicines, relatives, past)
            self.questioned += 1
            return ()
        source = Source("omop", f"{table}/{row[f'{table}_id']}")
        if is_denied(table, row, self._meanings):
            denied = self._conditions_among(terms)
            self.unsettled.update(() if is_later else denied)
            terms = [name for name in terms if name not in denied]
            doubted = doubted or denied
        read = [self._of_term(table, row, name, source) for name in terms]
        read += [condition(table, row, name, source) for name in relatives]
        facts: list[Fact] = [fact for fact in read if fact is not None]
        facts += histories(row, past, source)
        facts += [self._treatment(table, row, name, source) for name in medicines]
        is_asked = bool(doubted) or any(_is_in_question(each) for each in facts)
        self.questioned += is_asked
        self.used += bool(facts) and not is_asked
        if not facts and not is_asked:
            self.ignored[f"{table}: no value"] += 1
        return facts

    def _conditions_among(self, names: Iterable[str]) -> list[str]:
        """Give the conditions among terms."""
        return [name for name in names if self._study.terms[name].kind == "condition"]

    def _doubted(self, table: str, row: Row, ids: Sequence[int | None]) -> Sequence[str]:
        """Give the conditions, medicines and treatments that a row leaves in doubt."""
        meanings = self._meanings
        if table == "drug_exposure":
            is_nameless = not ids[0] or not meanings.has_products
            is_any = is_nameless and not _named(ids, meanings.medicines)
            return tuple(self._study.medicines) if is_any else ()
        doubted = in_doubt(table, row, meanings)
        is_known = meanings.is_named(ids[1] or 0)
        if table == "procedure_occurrence" and not ids[0] and not is_known:
            of_procedures = (name for names in meanings.procedures.values() for name in names)
            return (*doubted, *of_procedures)
        return doubted

    def _holds(self, table: str, name: str) -> bool:
        """Say whether a table can hold a term."""
        kind = self._study.terms[name].kind
        return table in (_CONDITIONS if kind == "condition" else _RESULTS.get(kind, ()))

    def _of_term(
        self, table: str, row: Row, name: str, source: Source
    ) -> Observation | Condition | None:
        """Give the fact of a row for one term; None for a result without a value."""
        if self._study.terms[name].kind == "condition":
            return condition(table, row, name, source)
        value = self._value(row, name)
        return None if value is None else self._result(table, row, name, value, source)

    def _value(self, row: Row, name: str) -> Quantity | str | None:
        """Give the value of a row, or that it is in question; None when it says nothing."""
        term = self._study.terms[name]
        stored = row.get("value_as_number")
        if term.kind == "observation" and stored is not None:
            return self._amount(row, stored, term.unit)
        concept = row.get("value_as_concept_id") or 0
        if is_score(term.unit) and concept in self._meanings.scores:
            return Quantity(Decimal(self._meanings.scores[concept]), term.unit)
        answer = self._meanings.answers.get(concept, "")
        if term.kind == "finding" and name in self._scored:
            answer = scored(answer, [str(row.get("value_source_value") or "")])
        return answer or (IN_QUESTION if _says_something(row) else None)

    def _amount(self, row: Row, stored: Any, unit: str) -> Quantity | str:
        """Give an amount, or that it is in question."""
        comparator = omop.OPERATORS.get(row.get("operator_concept_id") or 0)
        concept, written = row.get("unit_concept_id") or 0, row.get("unit_source_value") or ""
        given = self._meanings.unit(concept, str(written))
        given = given or (unit if unit.startswith("{") else "")
        if comparator is None or not given:
            return IN_QUESTION
        try:
            return Quantity(omop.number(stored), given, comparator)
        except Refusal:
            return IN_QUESTION

    def _result(
        self, table: str, row: Row, name: str, value: Quantity | str, source: Source
    ) -> Observation:
        """Make a result."""
        about: tuple[str, ...] = ()
        if row.get("meas_event_field_concept_id") == omop.CONDITION_FIELD:
            about = (f"condition_occurrence/{row['measurement_event_id']}",)
        instant, (low, high) = row.get(f"{table}_datetime"), limits(row)
        on = cast("PartialDate", day(row, f"{table}_date"))  # rows without a day are left unread
        return Observation(
            name,
            value,
            on,
            source,
            low,
            high,
            at=instant.isoformat() if isinstance(instant, datetime) else "",
            about=about,
        )

    def _treatment(self, table: str, row: Row, medicine: str, source: Source) -> Treatment:
        """Make a treatment."""
        if table == "procedure_occurrence":
            since = day(row, "procedure_date")
            until = not_before(day(row, "procedure_end_date"), since) or since
            return Treatment(medicine, since, until, is_ongoing=False, source=source)
        stop = str(row.get("stop_reason") or "").strip(omop.BLANKS).lower()
        since = day(row, "drug_exposure_start_date")
        ended = day(row, "drug_exposure_end_date") or day(row, "verbatim_end_date")
        ended = not_before(ended, since)
        held = {row.get("drug_concept_id"), row.get("drug_source_concept_id")}
        is_local = (row.get("route_concept_id") or 0) in self._meanings.local_routes
        return Treatment(
            medicine,
            since,
            ended,
            is_ongoing=None if ended is None else False,
            source=source,
            intent=self._intents.get(row["drug_exposure_id"]),
            stopped_for=omop.STOP_WORDS.get(stop),
            is_local=is_local or not held.isdisjoint(self._meanings.local_products),
        )


_COLUMNS = {
    "measurement": ("measurement", "measurement_date"),
    "condition_occurrence": ("condition", "condition_start_date"),
    "procedure_occurrence": ("procedure", "procedure_date"),
    "drug_exposure": ("drug", "drug_exposure_start_date"),
    "observation": ("observation", "observation_date"),
}
"""Table to how the columns of its concepts begin, and to the column of its day."""

_TEXTS = ("value_as_string", "value_source_value")
"""Columns of a result that hold words."""

_TREATMENTS = ("drug_exposure", "procedure_occurrence")
_RESULTS = dict.fromkeys(("observation", "finding"), ("measurement", "observation"))
_CONDITIONS = ("measurement", "condition_occurrence", "procedure_occurrence", "observation")


def _named(ids: Sequence[int | None], named: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Give what concept ids stand for, each once."""
    found = (name for each in ids if each for name in named.get(each, ()))
    return tuple(dict.fromkeys(found))


def _is_in_question(fact: Fact) -> bool:
    """Say whether a person must settle a fact first."""
    return isinstance(fact, Observation) and fact.value == IN_QUESTION


def _says_something(row: Row) -> bool:
    """Say whether a result says anything; concept 0 stands for none."""
    texts = (str(row.get(column) or "").strip(omop.BLANKS) for column in _TEXTS)
    is_coded = bool(row.get("value_as_concept_id"))
    return is_coded or row.get("value_as_number") is not None or any(texts)
