"""OMOP tables to staged facts: one pass over each table, only the protocol's terms, up to a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms import omop
from trialwright.terms.answers import IN_QUESTION, SCORED, scored
from trialwright.warehouse.columns import FIRST_OF_MEMBER, FIRST_OF_ORIGIN, Staged
from trialwright.warehouse.exact import MILLION
from trialwright.warehouse.units import Units, or_null, placed

Keep = Callable[[Any], Any]
"""Makes the engine work a table out once and keep it."""

_GREATEST = 9_000_000_000_000
"""Numbers beyond this are no results, and would not fit as millionths."""


def stage(
    tables: Mapping[str, Any], study: Study, meanings: Meanings, day: date, keep: Keep
) -> Staged:
    """Stage the facts that a protocol asks for.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name; one that is missing is empty.
    study : Study
        Vocabulary and medicines.
    meanings : Meanings
        What the site's concept ids stand for.
    day : date
        Facts of later days do not count.
    keep : callable (ibis table) -> ibis table
        Makes the engine keep a table.

    Returns
    -------
    Staged
        Facts, one row each.
    """
    reader = _Stage(tables, study, meanings, day)
    measurements, units = reader.results()
    measurements = keep(measurements)
    newest_on = measurements.on.max().over(
        ibis.window(group_by=[measurements.person_id, measurements.term])
    )
    marked = measurements.mutate(newest_on=newest_on)
    newest = keep(marked.filter(marked.on == marked.newest_on).drop("newest_on"))
    return Staged(
        reader.people(),
        measurements,
        newest,
        keep(reader.conditions()),
        keep(reader.treatments()),
        reader.periods(),
        units,
    )


class _Stage:
    """Stages the tables of one site for one day."""

    def __init__(
        self, tables: Mapping[str, Any], study: Study, meanings: Meanings, day: date
    ) -> None:
        self._tables, self._study, self._meanings, self._day = tables, study, meanings, day

    def people(self) -> Any:
        """Give each person with sex and birth date."""
        rows = self._tables["person"]
        sex = ibis.cases(
            (rows.gender_concept_id == omop.FEMALE, "female"),
            (rows.gender_concept_id == omop.MALE, "male"),
            else_=ibis.null("string"),
        )
        return rows.select(
            person_id=rows.person_id.cast("int64"),
            sex=sex,
            year=rows.year_of_birth.cast("int64"),
            month=or_null(rows, "month_of_birth", "int64"),
            day=or_null(rows, "day_of_birth", "int64"),
        )

    def periods(self) -> Any:
        """Give the spans over which the source observed each person."""
        if "observation_period" not in self._tables:
            return _empty(period_id="int64", since="date", until="date")
        rows = self._tables["observation_period"]
        return rows.select(
            person_id=rows.person_id.cast("int64"),
            period_id=rows.observation_period_id.cast("int64"),
            since=rows.observation_period_start_date.cast("date"),
            until=rows.observation_period_end_date.cast("date"),
        )

    def conditions(self) -> Any:
        """Give the records of conditions, from three tables."""
        kinds = self._of_kind("condition")
        parts = [
            self._events(table, prefix, f"{prefix}{start}", end, kinds)
            for table, prefix, start, end in (
                ("condition_occurrence", "condition", "_start_date", "condition_end_date"),
                ("procedure_occurrence", "procedure", "_date", ""),
                ("observation", "observation", "_date", ""),
            )
            if table in self._tables
        ]
        empty = _empty(
            term="string", since="date", until="date", is_confirmed="boolean", key="int64"
        )
        return ibis.union(*parts) if len(parts) > 1 else (parts or [empty])[0]

    def _events(
        self, table: str, prefix: str, start: str, end: str, kinds: Mapping[int, Sequence[str]]
    ) -> Any:
        """Give the records of one table that stand for conditions."""
        rows = _named(self._tables[table], prefix, kinds)
        since = rows[start].cast("date")
        is_sure = ibis.literal(True)  # noqa: FBT003
        if "condition_status_concept_id" in rows.columns:
            status = rows.condition_status_concept_id.fill_null(0)
            is_sure = status != omop.PRELIMINARY
        until = rows[end].cast("date") if end else ibis.null("date")
        found = rows.select(
            person_id=rows.person_id.cast("int64"),
            term=rows.named,
            since=since,
            until=until,
            is_confirmed=is_sure,
            key=_key(table, rows),
        )
        return found.filter(found.since <= self._day)

    def treatments(self) -> Any:
        """Give the records of medicines and treatments, from two tables."""
        named = self._meanings.medicines
        parts = []
        if "drug_exposure" in self._tables:
            rows = _named(self._tables["drug_exposure"], "drug", named)
            routes = sorted(self._meanings.local_routes) or [-1]
            route = or_null(rows, "route_concept_id", "int64").fill_null(0)
            parts.append(
                rows.select(
                    person_id=rows.person_id.cast("int64"),
                    medicine=rows.named,
                    since=rows.drug_exposure_start_date.cast("date"),
                    until=rows.drug_exposure_end_date.cast("date"),
                    is_local=route.isin(routes),
                    stopped_for=_stop(rows),
                    key=_key("drug_exposure", rows),
                )
            )
        if "procedure_occurrence" in self._tables:
            rows = _named(self._tables["procedure_occurrence"], "procedure", named)
            since = rows.procedure_date.cast("date")
            parts.append(
                rows.select(
                    person_id=rows.person_id.cast("int64"),
                    medicine=rows.named,
                    since=since,
                    until=ibis.coalesce(or_null(rows, "procedure_end_date", "date"), since),
                    is_local=ibis.literal(False),  # noqa: FBT003
                    stopped_for=ibis.null("string"),
                    key=_key("procedure_occurrence", rows),
                )
            )
        empty = _empty(
            medicine="string",
            since="date",
            until="date",
            is_local="boolean",
            stopped_for="string",
            key="int64",
        )
        found = ibis.union(*parts) if len(parts) > 1 else (parts or [empty])[0]
        return found.filter(found.since <= self._day)

    def results(self) -> tuple[Any, tuple[str, ...]]:
        """Give the results of measurements and observations, and the units that occur."""
        units = Units(self._study, self._meanings)
        parts = [
            self._results_of(table, units)
            for table in ("measurement", "observation")
            if table in self._tables
        ]
        found = ibis.union(*parts) if len(parts) > 1 else parts[0]
        days = found.on.year() * 372 + found.on.month() * 31 + found.on.day()
        arrival = days.cast("int64") * FIRST_OF_MEMBER + found.key
        return found.mutate(arrival=arrival), units.written

    def _results_of(self, table: str, units: Units) -> Any:
        """Give the results of one table."""
        rows = _named(
            self._tables[table], table, self._of_kind("observation") | self._of_kind("finding")
        )
        rows = rows.filter(rows[f"{table}_date"].cast("date") <= self._day)
        measured = rows.named.isin(self._names("observation"))
        stored = rows.value_as_number.cast("float64")
        is_number = stored.notnull() & measured
        is_amount = is_number & (stored.abs() < _GREATEST)
        comparator = _comparator(rows)
        unit = units.of(rows)
        is_read = is_amount & (comparator >= 0) & (unit >= 0)
        answer = ibis.ifelse(is_number, ibis.null("string"), self._answer(rows))
        answer = ibis.ifelse(is_number & ~is_read, ibis.literal(IN_QUESTION), answer)
        found = rows.select(
            person_id=rows.person_id.cast("int64"),
            term=rows.named,
            on=rows[f"{table}_date"].cast("date"),
            at=or_null(rows, f"{table}_datetime", "timestamp"),
            key=_key(table, rows),
            micro=_micro(stored, is_read),
            comparator=comparator,
            unit=unit,
            answer=answer,
            low=_millionths(rows, "range_low"),
            high=_millionths(rows, "range_high"),
            about=_about(rows),
        )
        return found.filter(found.micro.notnull() | found.answer.notnull())

    def _answer(self, rows: Any) -> Any:
        """Give coded answers as words; scores of immunohistochemistry by their own text."""
        words = placed(self._meanings.answers, rows.value_as_concept_id)
        names = [
            name
            for name, term in self._study.terms.items()
            if term.kind == "finding" and SCORED.intersection(term.coded)
        ]
        if "value_source_value" not in rows.columns or not names:
            return words
        text = rows.value_source_value.fill_null("")
        seen = (
            rows.filter(rows.named.isin(names))
            .select(word=words.fill_null(""), text=text)
            .distinct()
        )
        pairs = [
            (each["word"], each["text"], scored(each["word"], [each["text"]]))
            for each in seen.to_pyarrow().to_pylist()
        ]
        told = [
            ((words.fill_null("") == word) & (text == written), score)
            for word, written, score in pairs
            if score and score != word
        ]
        if not told:
            return words
        return ibis.ifelse(rows.named.isin(names), ibis.cases(*told, else_=words), words)

    def _of_kind(self, kind: str) -> dict[int, tuple[str, ...]]:
        """Give the concept ids that stand for terms of a kind."""
        wanted = set(self._names(kind))
        found = {
            concept: tuple(name for name in names if name in wanted)
            for concept, names in self._meanings.terms.items()
        }
        return {concept: names for concept, names in found.items() if names}

    def _names(self, kind: str) -> list[str]:
        """Give the terms of a kind."""
        return [name for name, term in self._study.terms.items() if term.kind == kind]


def _named(rows: Any, prefix: str, named: Mapping[int, Sequence[str]]) -> Any:
    """Join the rows of a table with what they stand for, by standard and by source concept."""
    pairs = [(concept, name) for concept, names in sorted(named.items()) for name in names]
    meaning = ibis.memtable(
        pa.table(
            {
                "concept": pa.array([concept for concept, _ in pairs], pa.int64()),
                "named": pa.array([name for _, name in pairs], pa.string()),
            }
        )
    )
    standard, source = f"{prefix}_concept_id", f"{prefix}_source_concept_id"
    by_standard = rows.inner_join(meaning, rows[standard] == meaning.concept).drop("concept")
    if source not in rows.columns:
        return by_standard
    again = meaning.view()
    by_source = rows.filter(rows[source].fill_null(0) > 0)
    by_source = by_source.inner_join(meaning, by_source[source] == meaning.concept).drop("concept")
    by_source = by_source.anti_join(
        again,
        [by_source[standard] == again.concept, by_source.named == again.named],
    )
    return by_standard.union(by_source)


def _key(table: str, rows: Any) -> Any:
    """Give the order in which rows come in."""
    return rows[f"{table}_id"].cast("int64") + omop.ORIGINS.index(table) * FIRST_OF_ORIGIN


def _stop(rows: Any) -> Any:
    """Give why a medicine ended, in our words; null where nothing is recorded."""
    if "stop_reason" not in rows.columns:
        return ibis.null("string")
    written = rows.stop_reason.strip().lower()
    told = placed(dict(omop.STOP_WORDS), written)
    none = rows.stop_reason.isnull() | (rows.stop_reason == "")
    return ibis.ifelse(none, ibis.null("string"), ibis.coalesce(told, ibis.literal("other")))


def _comparator(rows: Any) -> Any:
    """Give the number of the comparator; -1 for one that is not known."""
    if "operator_concept_id" not in rows.columns:
        return ibis.literal(0, "int16")
    signs = ("", "<", "<=", ">=", ">")
    numbers = {operator: signs.index(sign) for operator, sign in omop.OPERATORS.items()}
    found = placed(numbers, rows.operator_concept_id.fill_null(0), "int16")
    return ibis.coalesce(found, ibis.literal(-1, "int16"))


def _micro(stored: Any, is_read: Any) -> Any:
    """Give a number as whole millionths, as `terms.omop.number` reads it: engines round apart."""
    read = ibis.ifelse(is_read, stored, ibis.null("float64"))
    whole = read.floor().cast("int64")
    rest = (read - whole.cast("float64")) * float(MILLION)
    down = rest.floor().cast("int64")
    up = ibis.ifelse(rest - down.cast("float64") >= 0.5, 1, 0).cast("int64")
    return whole * MILLION + down + up


def _millionths(rows: Any, column: str) -> Any:
    """Give an end of a reference range as whole millionths."""
    if column not in rows.columns:
        return ibis.null("int64")
    stored = rows[column].cast("float64")
    return _micro(stored, stored.abs() < _GREATEST)


def _about(rows: Any) -> Any:
    """Give the condition of which a result speaks."""
    if "meas_event_field_concept_id" not in rows.columns:
        return ibis.null("int64")
    is_condition = rows.meas_event_field_concept_id == omop.CONDITION_FIELD
    return ibis.ifelse(is_condition, rows.measurement_event_id.cast("int64"), ibis.null("int64"))


def _empty(**columns: str) -> Any:
    """Give a table of people without rows."""
    return ibis.memtable([], schema={"person_id": "int64", **columns})
