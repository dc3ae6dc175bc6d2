"""How results are recorded: concept, unit, comparator and coded answer, read once for all rows.

In step with `intake.omop`, which reads the rows of one person: what a row is, but for its number,
follows from a handful of its columns, of which few combinations occur.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.answers import IN_QUESTION, SCORED, scored
from trialwright.terms.omop import OPERATORS
from trialwright.terms.quantities import is_score
from trialwright.warehouse.columns import Shape
from trialwright.warehouse.recorded import NOTHING, NUMBER

Combination = Mapping[str, Any]
"""Columns of `recorded.KEYS`."""


@dataclass(frozen=True, slots=True)
class Read:
    """One combination as a result of one term.

    Attributes
    ----------
    combination : Combination
        The columns.
    shape : Shape
        What it says.
    score : int or None
        The number that its coded answer says; None: none but the one recorded.
    """

    combination: Combination
    shape: Shape
    score: int | None = None


def named(ids: Sequence[int], meanings: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Give what concept ids stand for, each once.

    Parameters
    ----------
    ids : sequence of int
        Standard and source concept; 0 is none.
    meanings : mapping of int to tuple of str
        Names by concept.

    Returns
    -------
    tuple of str
        Terms or medicines.
    """
    found = (name for each in ids if each for name in meanings.get(each, ()))
    return tuple(dict.fromkeys(found))


def read(
    combinations: Sequence[Combination], study: Study, meanings: Meanings, wanted: frozenset[str]
) -> list[Read]:
    """Read the combinations that occur.

    Parameters
    ----------
    combinations : sequence of Combination
        Each once.
    study : Study
        Vocabulary.
    meanings : Meanings
        What the site's concept ids stand for.
    wanted : frozenset of str
        Terms that rules ask for.

    Returns
    -------
    list of Read
        One for each term; none for a combination that says nothing.
    """
    return [
        told
        for each in combinations
        for name in named([each["concept"], each["source_concept"]], meanings.terms)
        if name in wanted
        for told in _told(each, name, study, meanings)
    ]


def _told(each: Combination, name: str, study: Study, meanings: Meanings) -> Iterator[Read]:
    """Give what a combination says of a term."""
    term = study.terms[name]
    if term.kind == "observation" and each["content"] == NUMBER:
        comparator = OPERATORS.get(each["operator"])
        unit = meanings.unit(each["unit_concept"], each["unit"])
        unit = unit or (term.unit if term.unit.startswith("{") else "")
        if comparator is None or not unit:
            yield Read(each, Shape(name, word=IN_QUESTION))
        else:
            yield Read(each, Shape(name, unit, comparator))
    elif is_score(term.unit) and each["answer_concept"] in meanings.scores:
        yield Read(each, Shape(name, term.unit), meanings.scores[each["answer_concept"]])
    elif term.kind in ("observation", "finding"):
        word = meanings.answers.get(each["answer_concept"], "")
        if term.kind == "finding" and SCORED.intersection(term.coded):
            word = scored(word, [each["words"]])
        if not word and (each["answer_concept"] or each["content"] != NOTHING):
            word = IN_QUESTION
        if word:
            yield Read(each, Shape(name, word=word))
