"""The units of results at a site, by number, and columns as words."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import ibis

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.errors import Refusal
from trialwright.terms.units import ucum


class Units:
    """The units that occur at a site, by number.

    Attributes
    ----------
    written : tuple of str
        UCUM units by their number.
    """

    def __init__(self, study: Study, meanings: Meanings) -> None:
        scores = {
            term.unit: name for name, term in study.terms.items() if term.unit.startswith("{")
        }
        self._study = study
        self._of_concept = dict(meanings.units)
        self._written = [*dict.fromkeys([*meanings.units.values(), *scores])]

    @property
    def written(self) -> tuple[str, ...]:
        """UCUM units by their number."""
        return tuple(self._written)

    def _number(self, unit: str) -> int:
        """Give the number of a unit, new or not."""
        if unit not in self._written:
            self._written.append(unit)
        return self._written.index(unit)

    def of(self, rows: Any) -> Any:
        """Give the unit of each row: by its concept, else by its text.

        Parameters
        ----------
        rows : ibis table
            Rows of measurements or observations, named by what they stand for.

        Returns
        -------
        ibis value
            Its number; -1 for none.
        """
        by_concept = {concept: self._number(unit) for concept, unit in self._of_concept.items()}
        found = placed(by_concept, or_null(rows, "unit_concept_id", "int64"), "int16")
        parts = [found]
        if "unit_source_value" in rows.columns:
            seen = rows.filter(found.isnull() & rows.unit_source_value.notnull())
            texts = seen.select("unit_source_value").distinct().to_pyarrow().to_pylist()
            by_text: dict[str, int] = {}
            for each in texts:
                with suppress(Refusal):
                    unit = ucum(each["unit_source_value"])
                    if unit:
                        by_text[each["unit_source_value"]] = self._number(unit)
            parts.append(placed(by_text, rows.unit_source_value, "int16"))
        of_scores = {
            name: self._number(term.unit)
            for name, term in self._study.terms.items()
            if term.unit.startswith("{")
        }
        parts.append(placed(of_scores, rows.named, "int16"))
        return ibis.coalesce(*parts, ibis.literal(-1, "int16"))


def placed(words: Mapping[Any, Any], column: Any, kind: str = "string") -> Any:
    """Give the word of each value of a column; null for a value without one.

    Parameters
    ----------
    words : mapping
        Value to word.
    column : ibis value
        The column.
    kind : str
        Type of the words.

    Returns
    -------
    ibis value
        One case a word.
    """
    if not words:
        return ibis.null(kind)
    groups: dict[Any, list[Any]] = {}
    for value, word in words.items():
        groups.setdefault(word, []).append(value)
    return ibis.cases(
        *((column.isin(values), ibis.literal(word, kind)) for word, values in groups.items()),
        else_=ibis.null(kind),
    )


def or_null(rows: Any, column: str, kind: str) -> Any:
    """Give a column, or nulls where the table has none.

    Parameters
    ----------
    rows : ibis table
        The table.
    column : str
        Its name.
    kind : str
        Its type.

    Returns
    -------
    ibis value
        Of that type.
    """
    return rows[column].cast(kind) if column in rows.columns else ibis.null(kind)
