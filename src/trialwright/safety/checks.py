"""Design-time checks of the DLT definition: terms given twice, and terms that CTCAE lacks.

That a window has a day, and each rule a grade, is held by the types of `protocol`.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations

from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.safety.dlt import plain
from trialwright.terms.errors import Fault, shorten


def check(definition: DltDefinition, known_terms: frozenset[str]) -> tuple[Fault, ...]:
    """Find faults in a DLT definition.

    Two rules may name one term when neither makes the other superfluous: grade 3 for 72 hours,
    or grade 4 at once.

    Parameters
    ----------
    definition : DltDefinition
        As read.
    known_terms : frozenset of str
        CTCAE terms of the version the study grades by.

    Returns
    -------
    tuple of Fault
        In the order of the file; empty when each term is known and no rule is superfluous.
    """
    known = {plain(term): term for term in sorted(known_terms)}
    return (
        *_unknown(definition, known),
        *_twice_in_a_rule(definition),
        *_superfluous(definition),
    )


def _unknown(definition: DltDefinition, known: dict[str, str]) -> Iterator[Fault]:
    """Find terms that CTCAE does not have."""
    places = [(f"dlt.graded_by.{term}", term) for term in definition.graded_by]
    for place, rule in enumerate(definition.rules):
        places += [
            (f"dlt.rules.{place}.terms.{number}", term) for number, term in enumerate(rule.terms)
        ]
    for where, term in places:
        if plain(term) not in known:
            close = [known[each] for each in get_close_matches(plain(term), known, n=3)]
            yield Fault(
                where,
                f"{shorten(term)!r} is no CTCAE term",
                f"a term of CTCAE, perhaps {' or '.join(close)}" if close else "a term of CTCAE",
                "Correct the spelling",
            )


def _twice_in_a_rule(definition: DltDefinition) -> Iterator[Fault]:
    """Find a term that one rule names twice."""
    for place, rule in enumerate(definition.rules):
        seen: set[str] = set()
        for number, term in enumerate(rule.terms):
            if plain(term) in seen:
                yield Fault(
                    f"dlt.rules.{place}.terms.{number}",
                    f"{shorten(term)!r} a second time in rule {rule.id}",
                    "each term once",
                    "Remove one of them",
                )
            seen.add(plain(term))


def _superfluous(definition: DltDefinition) -> Iterator[Fault]:
    """Find a term for which one of two rules can never decide."""
    for (first, rule), (second, other) in combinations(enumerate(definition.rules), 2):
        for number, term in _shared(rule, other):
            if _implies(rule, other) or _implies(other, rule):
                where = f"dlt.rules.{second}.terms"
                yield Fault(
                    where if number is None else f"{where}.{number}",
                    f"{term} stands in rule {first} ({rule.id}) too, and one rule holds whenever "
                    "the other does",
                    "one rule for each term, or rules of which neither covers the other",
                    "Remove the term from one of the rules",
                )


def _shared(rule: DltRule, other: DltRule) -> Iterator[tuple[int | None, str]]:
    """Give the terms that two rules share, with their place in the second."""
    if not rule.terms and not other.terms:
        yield None, "every other term"
    named = {plain(term) for term in rule.terms}
    for number, term in enumerate(other.terms):
        if plain(term) in named:
            yield number, shorten(term)


def _implies(rule: DltRule, other: DltRule) -> bool:
    """Say whether the first rule never holds without the second."""
    return rule.least_grade >= other.least_grade and (rule.least_hours or 0) >= (
        other.least_hours or 0
    )
