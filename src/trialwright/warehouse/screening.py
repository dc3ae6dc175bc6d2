"""A whole hospital against every criterion: verdicts, deciding rows, and what they come to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis

from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.criteria import Anchor, Criterion
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.warehouse.columns import Context, Gathered, Prepared, Staged, row_of
from trialwright.warehouse.exact import MET, NOT_APPLICABLE, verdict
from trialwright.warehouse.staging import Keep, stage
from trialwright.warehouse.trees import (
    BY_PEOPLE,
    NO_ROW,
    branches,
    code_of,
    coded,
    columns_of,
    decoded,
    gather,
    if_people_agree,
    numbered,
    prepare,
    turn,
)


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the criteria say of every person.

    Attributes
    ----------
    criteria : tuple of str
        Ids, in the order of the protocol.
    decidable : tuple of str
        Those of which a record decides something.
    verdicts : ibis table
        person_id; for each criterion its verdict (0 not met, 1 unknown, 2 met, 3 not applicable),
        for an arm to which it applies, and `<id>_record`: the verdict if people answer in the
        participant's favour.
    keyed : ibis table
        person_id; for each criterion its verdict, the key of the row that decides it, its day and
        its value; `evidence` names the row.
    study : Study
        The protocol.
    """

    criteria: tuple[str, ...]
    decidable: tuple[str, ...]
    verdicts: Any
    keyed: Any
    study: Study

    def evidence(self, keep: Keep) -> Any:
        """Give the verdict on each criterion with the row that decides it.

        Parameters
        ----------
        keep : callable (ibis table) -> ibis table
            Makes the engine keep a table.

        Returns
        -------
        ibis table
            person_id; for each criterion its verdict, `<id>_row`, `<id>_on` and `<id>_value`.
        """
        return _with_rows(keep(self.keyed), self.study)


def screened(
    tables: Mapping[str, Any],
    study: Study,
    meanings: Meanings,
    as_of: date,
    anchors: Mapping[Anchor, date],
    keep: Keep,
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> Matrix:
    """Judge every criterion for every person.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name.
    study : Study
        The protocol.
    meanings : Meanings
        What the site's concept ids stand for.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days; one that is not named falls on `as_of`.
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.

    Returns
    -------
    Matrix
        One row a person.
    """
    asked = [each for each in study.criteria if each.rule is not None]
    staged = {}
    contexts = {}
    for criterion in asked:
        anchored = anchors.get(criterion.anchor, as_of)
        day = min(as_of, anchored)
        if day not in staged:
            staged[day] = stage(tables, study, meanings, day, keep)
        contexts[criterion.id] = Context(study, day, anchored, staged[day], keep, laboratory)
    people = next(iter(staged.values())).people
    contexts = _prepared(asked, contexts)
    wide = keep(_gathered(people, asked, contexts))
    leaves = keep(_leaf_columns(wide, asked, contexts))
    leaves = keep(_coded(leaves, asked))
    return _matrix(leaves, study, keep)


def _prepared(asked: list[Criterion], contexts: dict[str, Context]) -> dict[str, Context]:
    """Work out what leaves need of each row, once a staged table and day."""
    by_day: dict[date, list[Prepared]] = {}
    for criterion in asked:
        context = contexts[criterion.id]
        columns = prepare(criterion.rule, criterion.id, context)  # type: ignore[arg-type]
        by_day.setdefault(context.day, []).extend(columns)
    done: dict[date, tuple[Staged, dict[str, str]]] = {}
    for context in contexts.values():
        if context.day not in done:
            done[context.day] = _with_columns(context, by_day[context.day])
    return {
        name: replace(context, staged=done[context.day][0], prepared=done[context.day][1])
        for name, context in contexts.items()
    }


def _with_columns(context: Context, columns: list[Prepared]) -> tuple[Staged, dict[str, str]]:
    """Add prepared columns to the staged tables; those of different terms share a place."""
    places: dict[str, str] = {}
    shared: dict[str, list[tuple[str, Any]]] = {}
    own: dict[str, Any] = {}
    taken: Counter[tuple[str, str]] = Counter()
    for each in columns:
        if each.source == "treatments":
            own[each.name] = each.value.cast(each.kind)
            places[each.name] = each.name
            continue
        number = taken[each.fact, each.kind]
        taken[each.fact, each.kind] += 1
        place = f"prepared_{each.kind}_{number}"
        places[each.name] = place
        shared.setdefault(place, []).append((each.fact, each.value.cast(each.kind)))
    rows, given = context.staged.newest, context.staged.treatments
    added = {
        place: ibis.cases(
            *((rows.term == fact, value) for fact, value in values),
            else_=ibis.null(place.split("_")[1]),
        )
        for place, values in shared.items()
    }
    staged = replace(
        context.staged,
        newest=context.keep(rows.mutate(**added)) if added else rows,
        treatments=context.keep(given.mutate(**own)) if own else given,
    )
    return staged, places


def _gathered(people: Any, asked: list[Criterion], contexts: Mapping[str, Context]) -> Any:
    """Join what all leaves gather, one aggregation a staged table."""
    by_source: dict[tuple[str, date], Gathered] = {}
    for criterion in asked:
        context = contexts[criterion.id]
        for each in gather(criterion.rule, criterion.id, context):  # type: ignore[arg-type]
            key = (each.source, context.day)
            known = by_source.get(key)
            columns = {**(known.columns if known else {}), **each.columns}
            table = known.table if known else each.table
            after = known.after if known and known.after else each.after
            by_source[key] = Gathered(each.source, table, columns, after)
    keep = next(iter(contexts.values())).keep
    wide = people
    for number, ((_, day), each) in enumerate(by_source.items()):
        reduced = each.table.group_by("person_id").agg(**each.columns)
        further = each.after(reduced) if each.after else {}
        names = {_of_day(name, day): name for name in (*each.columns, *further)}
        reduced = keep(reduced.mutate(**further)).rename({f"person_{number}": "person_id", **names})
        wide = wide.left_join(reduced, people.person_id == reduced[f"person_{number}"])
    return wide


def _of_day(name: str, day: date) -> str:
    """Name a column of one day judged: rules of other days gather the same of other facts."""
    return f"{name}@{day.toordinal()}"


class _Row:
    """The row of one person as the rules of one day read it, under the names they gave."""

    def __init__(self, wide: Any, day: date) -> None:
        self._wide, self._day, self._held = wide, day, frozenset(wide.columns)

    def __getitem__(self, name: str) -> Any:
        """Give a column that was gathered for the day, or one of the person."""
        of_day = _of_day(name, self._day)
        return self._wide[of_day if of_day in self._held else name]

    def __getattr__(self, name: str) -> Any:
        """Give a column of the person."""
        return self._wide[name]


def _leaf_columns(wide: Any, asked: list[Criterion], contexts: Mapping[str, Context]) -> Any:
    """Give verdict, row, day and value of every leaf."""
    columns = {}
    rows = {day: _Row(wide, day) for day in {each.day for each in contexts.values()}}
    for criterion in asked:
        context = contexts[criterion.id]
        leaves = numbered(criterion.rule, criterion.id)  # type: ignore[arg-type]
        for name, leaf in leaves:
            found = columns_of(leaf, name, rows[context.day], context)
            columns[f"{name}_verdict"] = found.verdict.cast("int8")
            columns[f"{name}_key"] = found.key.cast("int64")
            columns[f"{name}_on"] = found.on.cast("date")
            columns[f"{name}_value"] = found.value
    return wide.select("person_id", "sex", **columns)


def _coded(leaves: Any, asked: list[Criterion]) -> Any:
    """Code the verdict of every leaf together with its place, both ways."""
    columns = {}
    for criterion in asked:
        named = numbered(criterion.rule, criterion.id)  # type: ignore[arg-type]
        for place, (name, _) in enumerate(named):
            columns[f"{name}_plain"], columns[f"{name}_turned"] = coded(
                leaves[f"{name}_verdict"], leaves[f"{name}_key"], place
            )
    return leaves.mutate(**columns)


def _combined(leaves: Any, ruled: list[Criterion]) -> Any:
    """Work the codes of all branches out, one height after the other."""
    levels: dict[int, dict[str, Any]] = {}
    for criterion in ruled:
        for height, named in branches(criterion.rule, criterion.id).items():  # type: ignore[arg-type]
            levels.setdefault(height, {}).update(named)
    for height in sorted(levels):
        columns = {}
        for name, (rule, inner) in levels[height].items():
            code = code_of(rule, inner, leaves)
            columns[f"{name}_plain"] = code.cast("int16")
            columns[f"{name}_turned"] = turn(code).cast("int16")
        leaves = leaves.mutate(**columns)
    return leaves


def _matrix(leaves: Any, study: Study, keep: Keep) -> Matrix:
    """Combine the leaves of every criterion."""
    ruled = [each for each in study.criteria if each.rule is not None]
    coded_up = _combined(leaves, ruled)
    codes = {}
    for each in ruled:
        agreed = if_people_agree(each.rule, each.id, coded_up, is_good=not each.is_exclusion)  # type: ignore[arg-type]
        codes[f"{each.id}_code"] = coded_up[f"{each.id}_plain"].cast("int16")
        codes[f"{each.id}_agreed"] = agreed.cast("int8")
    facts = [
        each for each in leaves.columns if not each.endswith(("_plain", "_turned", "_verdict"))
    ]
    whole = keep(coded_up.select(*facts, **codes))
    verdicts: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for criterion in study.criteria:
        name = criterion.id
        if criterion.rule is None:
            verdicts[name] = verdicts[f"{name}_record"] = evidence[name] = verdict(MET)
            continue
        found, leaf = decoded(whole[f"{name}_code"])
        of_record = whole[f"{name}_agreed"]
        if criterion.is_exclusion:
            found, of_record = MET - found, MET - of_record
        is_other = _is_other(criterion, whole)
        if is_other is not None:
            found, of_record = (
                ibis.ifelse(is_other, NOT_APPLICABLE, each) for each in (found, of_record)
            )
            leaf = ibis.ifelse(is_other, NO_ROW, leaf)
        verdicts[name] = evidence[name] = found.cast("int8")
        verdicts[f"{name}_record"] = of_record.cast("int8")
        named = list(numbered(criterion.rule, name))
        for field, kind in (("key", "int64"), ("on", "date"), ("value", "string")):
            evidence[f"{name}_{field}"] = ibis.cases(
                *(
                    (leaf == number, whole[f"{each}_{field}"].cast(kind))
                    for number, (each, _) in enumerate(named)
                ),
                else_=ibis.null(kind),
            )
    return Matrix(
        tuple(each.id for each in study.criteria),
        tuple(
            each.id
            for each in ruled
            if any(leaf.kind not in BY_PEOPLE for _, leaf in numbered(each.rule, each.id))  # type: ignore[arg-type]
        ),
        whole.select("person_id", **verdicts),
        whole.select("person_id", **evidence),
        study,
    )


def _with_rows(found: Any, study: Study) -> Any:
    """Name the deciding rows."""
    columns = {"person_id": found.person_id}
    for criterion in study.criteria:
        name = criterion.id
        columns[name] = found[name]
        if criterion.rule is not None:
            columns[f"{name}_row"] = row_of(found[f"{name}_key"])
            columns[f"{name}_on"] = found[f"{name}_on"]
            columns[f"{name}_value"] = found[f"{name}_value"]
    return found.select(**columns)


def _is_other(criterion: Criterion, leaves: Any) -> Any:
    """Say whether a criterion concerns the other sex alone; None for one of everybody."""
    if criterion.sex is None:
        return None
    return leaves.sex.notnull() & (leaves.sex.fill_null("") != criterion.sex)
