"""What a site's vocabulary tables say of the concepts below and beside those of a protocol.

A concept below one of a condition is one of that condition. A standard concept to which nothing but
the ICD-10-CM codes of a condition is mapped stands for it; one to which others are mapped too may
stand for it. The nearest concept above counts: a metastasis to the lung lies below the cancers of
the lung, and below the metastases as well. Of a condition that a rule dates, what lies below may
tell of another time (an old infarction), so that it may stand for it and does not surely.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from trialwright.protocol.criteria import leaves
from trialwright.protocol.omop_codes import HISTORY_OF, UNMAPPED_PROCEDURE, Meanings, doubts
from trialwright.protocol.study import Study
from trialwright.terms.omop import FAMILY_HISTORY, HISTORY

Names = dict[int, tuple[str, ...]]
"""Conditions by concept."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Rows of a site's vocabulary tables.

    Attributes
    ----------
    below : frozenset of (int, int)
        Ancestor and descendant, of concepts of conditions.
    mapped : mapping of int to frozenset of int
        To which standard concepts a code of a condition is mapped.
    sources : mapping of int to frozenset of int
        Which ICD-10-CM codes are mapped to such a standard concept, of any condition.
    procedures : frozenset of int
        Concepts that are procedures.
    """

    below: frozenset[tuple[int, int]] = frozenset()
    mapped: Mapping[int, frozenset[int]] = field(default_factory=dict)
    sources: Mapping[int, frozenset[int]] = field(default_factory=dict)
    procedures: frozenset[int] = frozenset()


def conditions_of(study: Study, found: Meanings) -> Names:
    """Give the conditions for which concepts stand.

    Parameters
    ----------
    study : Study
        Vocabulary.
    found : Meanings
        By code.

    Returns
    -------
    dict of int to tuple of str
        By concept id.
    """
    named = {
        each: tuple(name for name in names if study.terms[name].kind == "condition")
        for each, names in found.terms.items()
    }
    return {each: names for each, names in named.items() if names}


def mapped_names(study: Study, known: Names, site: Vocabulary) -> tuple[Names, Names]:
    """Say what standard concepts stand for by the codes that are mapped to them.

    Parameters
    ----------
    study : Study
        Vocabulary.
    known : dict of int to tuple of str
        As `conditions_of` gives it.
    site : Vocabulary
        Mappings.

    Returns
    -------
    tuple of dict
        Conditions by concept: those for which it stands, and those for which it may.
    """
    sure: dict[int, list[str]] = {}
    perhaps: dict[int, list[str]] = {}
    for code, targets in site.mapped.items():
        if len(targets) > 1:  # a code of two things is mapped to each of them
            continue
        for target in targets - known.keys() - HISTORY - FAMILY_HISTORY:
            others = site.sources.get(target, ())
            for name in known.get(code, ()):
                is_its_alone = all(name in known.get(each, ()) for each in others)
                held = sure if is_its_alone else perhaps
                held.setdefault(target, []).append(name)
    return _dated_apart(study, sure, perhaps)


def named_below(
    study: Study, known: Names, pairs: Iterable[tuple[int, int]]
) -> tuple[Names, Names]:
    """Say what concepts stand for by those above them.

    Parameters
    ----------
    study : Study
        Vocabulary.
    known : dict of int to tuple of str
        Conditions for which concepts stand.
    pairs : iterable of (int, int)
        Ancestor and descendant.

    Returns
    -------
    tuple of dict
        Conditions by concept: those for which it stands, and those for which it may.
    """
    above: dict[int, set[int]] = {}
    for ancestor, descendant in pairs:
        if ancestor in known and ancestor != descendant:
            above.setdefault(descendant, set()).add(ancestor)
    sure: dict[int, list[str]] = {}
    for each in above.keys() - known.keys():
        farther = {far for near in above[each] for far in above.get(near, ())}
        for nearest in sorted(above[each] - farther):
            sure.setdefault(each, []).extend(known[nearest])
    return _dated_apart(study, sure, {})


def with_vocabulary(study: Study, found: Meanings, site: Vocabulary) -> Meanings:
    """Add what a site's vocabulary tables say.

    Parameters
    ----------
    study : Study
        Vocabulary and rules.
    found : Meanings
        By code.
    site : Vocabulary
        Hierarchy, mappings and procedures.

    Returns
    -------
    Meanings
        With further concepts, and with what rows leave in doubt.
    """
    known = conditions_of(study, found)
    by_code, perhaps = mapped_names(study, known, site)
    above = {**by_code, **known}
    by_place, may = named_below(study, above, site.below)
    further = {**by_place, **by_code}
    perhaps = {
        each: tuple(
            name
            for name in dict.fromkeys((*may.get(each, ()), *perhaps.get(each, ())))
            if name not in further.get(each, ()) and name not in above.get(each, ())
        )
        for each in {*may, *perhaps}
    }
    terms = {**found.terms, **{each: (*found.terms.get(each, ()), *names)
                               for each, names in further.items()}}  # fmt: skip
    by_procedure = tuple(
        dict.fromkeys(
            name for each in sorted(site.procedures & above.keys()) for name in above[each]
        )
    )
    of_procedures = {
        each: found.medicines[each] for each in sorted(site.procedures & found.medicines.keys())
    }
    told = doubts(study, terms, {each: names for each, names in perhaps.items() if names})
    return replace(
        found,
        terms=terms,
        doubts={**told, UNMAPPED_PROCEDURE: by_procedure},
        procedures=of_procedures,
    )


def with_mapped(study: Study, found: Meanings, pairs: Iterable[tuple[int, int]]) -> Meanings:
    """Add concepts that are mapped to such as stand for something: they are no broader than those.

    Parameters
    ----------
    study : Study
        Vocabulary.
    found : Meanings
        Of standard concepts.
    pairs : iterable of (int, int)
        Standard concept, and another that is mapped to it: replaced, or of another vocabulary.

    Returns
    -------
    Meanings
        With the others that stand for no condition, or no medicine, of their own. What such a row
        may stand for, and what a history of it leaves open, it leaves open too.
    """
    known = conditions_of(study, found)
    pairs = tuple(pairs)
    terms: dict[int, list[str]] = {}
    medicines: dict[int, list[str]] = {}
    local = set(found.local_products)
    for target, other in pairs:
        if other not in known:
            terms.setdefault(other, []).extend(known.get(target, ()))
        if other not in found.medicines:
            medicines.setdefault(other, []).extend(found.medicines.get(target, ()))
            local.update({other} if target in local else ())
    further = {each: tuple(dict.fromkeys(names)) for each, names in medicines.items() if names}
    of_procedures = {name for names in found.procedures.values() for name in names}
    return replace(
        found,
        terms={**found.terms, **{each: tuple(dict.fromkeys((*found.terms.get(each, ()), *names)))
                                 for each, names in terms.items() if names}},
        doubts=_also_mapped(found.doubts, pairs),
        medicines={**found.medicines, **further},
        procedures={**found.procedures, **{each: names for each, names in further.items()
                                           if of_procedures.issuperset(names)}},
        local_products=frozenset(local),
    )  # fmt: skip


def _also_mapped(
    doubts: Mapping[int, tuple[str, ...]], pairs: Iterable[tuple[int, int]]
) -> dict[int, tuple[str, ...]]:
    """Add what concepts that are mapped to others leave in doubt, as they are or as a history."""
    more: dict[int, list[str]] = {}
    for target, other in pairs:
        for past in (0, HISTORY_OF):
            more.setdefault(other + past, []).extend(doubts.get(target + past, ()))
    return {
        **doubts,
        **{
            each: tuple(dict.fromkeys((*doubts.get(each, ()), *names)))
            for each, names in more.items()
            if names
        },
    }


def _dated_apart(
    study: Study, sure: Mapping[int, list[str]], perhaps: Mapping[int, list[str]]
) -> tuple[Names, Names]:
    """Take what rules date from what is sure to what may be."""
    dated = {
        leaf.fact
        for criterion in study.criteria
        for leaf in leaves(criterion.rule)
        if leaf.kind == "condition" and leaf.when == "within"
    }
    kept, may = {}, {each: list(names) for each, names in perhaps.items()}
    for each, names in sure.items():
        kept[each] = [name for name in names if name not in dated]
        may.setdefault(each, []).extend(name for name in names if name in dated)
    return (
        {each: tuple(dict.fromkeys(names)) for each, names in kept.items() if names},
        {each: tuple(dict.fromkeys(names)) for each, names in may.items() if names},
    )
