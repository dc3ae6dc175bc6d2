"""Design-time checks of the DLT definition and of dose modifications.

Terms given twice, terms that CTCAE lacks, agents that the study or an arm does not have.

That a window has a day, and each rule a grade, is held by the types of `protocol`.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import combinations

from trialwright.grading.criteria import american
from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.protocol.study import Study
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
    known = {_as_printed(term): term for term in sorted(known_terms)}
    return (
        *_unknown(definition, known),
        *_twice_in_a_rule(definition),
        *_superfluous(definition),
    )


def check_agents(study: Study) -> tuple[Fault, ...]:
    """Find agents that safety rules name and the study or the arm does not have.

    Parameters
    ----------
    study : Study
        As read.

    Returns
    -------
    tuple of Fault
        Empty when each agent is known where it is named.
    """
    places = [(f"dlt.attributed_to.{n}", each) for n, each in enumerate(study.dlt.attributed_to)]
    for place, rule in enumerate(study.safety.modifications):
        places += [
            (f"safety.modifications.{place}.agents.{n}", each) for n, each in enumerate(rule.agents)
        ]
    faults = [_foreign(where, each, study.agents) for where, each in places
              if each not in study.agents]  # fmt: skip
    for place, arm in enumerate(study.arms):
        taken = {dose.agent for line in arm.dosing for dose in line.choices}
        faults += [
            _foreign(f"arms.{place}.dlt_window.least_percent_of.{agent}", agent, taken)
            for agent in arm.dlt_window.least_percent_of
            if agent not in taken
        ]
    return tuple(faults)


def check_modifications(study: Study, known_terms: frozenset[str]) -> tuple[Fault, ...]:
    """Find terms that CTCAE does not have, graded facts that are none, and ids given twice.

    Parameters
    ----------
    study : Study
        As read.
    known_terms : frozenset of str
        CTCAE terms of the version the study grades by.

    Returns
    -------
    tuple of Fault
        In the order of the file.
    """
    known = {_as_printed(term): term for term in sorted(known_terms)}
    rules = study.safety.modifications
    faults = [
        _no_term(f"safety.modifications.{place}.terms.{number}", term, known)
        for place, rule in enumerate(rules)
        for number, term in enumerate(rule.terms)
        if _as_printed(term) not in known
    ]
    for place, graded in enumerate(study.safety.laboratory):
        where = f"safety.laboratory.{place}"
        faults += [
            _no_term(f"{where}.terms.{number}", term, known)
            for number, term in enumerate(graded.terms)
            if _as_printed(term) not in known
        ]
        fact = study.terms.get(graded.fact)
        if fact is None or fact.kind != "observation":
            allowed = "a term of the vocabulary that is measured"
            faults.append(Fault(f"{where}.fact", shorten(graded.fact), allowed, "Name one"))
    for kind, ids in (
        ("modifications", [each.id for each in rules]),
        ("clocks", [each.id for each in study.safety.clocks]),
    ):
        faults += [
            Fault(f"safety.{kind}.{place}.id", f"{name!r} a second time", "each id once",
                  "Name one of them otherwise")
            for place, name in enumerate(ids) if name in ids[:place]
        ]  # fmt: skip
    return tuple(faults)


def _foreign(where: str, agent: str, known: Iterable[str]) -> Fault:
    """Make the fault of an agent that is not known where it is named."""
    return Fault(where, shorten(agent), ", ".join(sorted(known)), "Name one of these agents")


def _unknown(definition: DltDefinition, known: dict[str, str]) -> Iterator[Fault]:
    """Find terms that CTCAE does not have."""
    places = [(f"dlt.graded_by.{term}", term) for term in definition.graded_by]
    for place, rule in enumerate(definition.rules):
        places += [
            (f"dlt.rules.{place}.terms.{number}", term) for number, term in enumerate(rule.terms)
        ]
    for where, term in places:
        if _as_printed(term) not in known:
            yield _no_term(where, term, known)


def _as_printed(term: str) -> str:
    """Leave capitals and superfluous spaces out: a protocol names a term as CTCAE spells it."""
    return " ".join(term.split()).casefold()


def _no_term(where: str, term: str, known: dict[str, str]) -> Fault:
    """Make the fault of a term that CTCAE does not have."""
    close = [known[each] for each in get_close_matches(_as_printed(term), known, n=3)]
    return Fault(
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
            if american(term) in seen:
                yield Fault(
                    f"dlt.rules.{place}.terms.{number}",
                    f"{shorten(term)!r} a second time in rule {rule.id}",
                    "each term once",
                    "Remove one of them",
                )
            seen.add(american(term))


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
    named = {american(term) for term in rule.terms}
    for number, term in enumerate(other.terms):
        if american(term) in named:
            yield number, shorten(term)


def _implies(rule: DltRule, other: DltRule) -> bool:
    """Say whether the first rule never holds without the second."""
    return rule.least_grade >= other.least_grade and (rule.least_hours or 0) >= (
        other.least_hours or 0
    )
