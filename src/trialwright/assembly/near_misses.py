"""People of a hospital who are one fact away: which fact, and why it is missing.

Each is judged by her own rows, read back out of the tables, as one participant is judged. So each
is also a proof that judge and warehouse agree; where they do not, it is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trialwright.assembly.hospital_orders import Order
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.lacking import Lack, count_missing, lacking
from trialwright.intake.omop import read_persons
from trialwright.protocol.criteria import leaves
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.leaves import facts
from trialwright.warehouse.person_rows import IsRead, rows_of_people
from trialwright.warehouse.rollup import Feasibility

Near = tuple[int, str]
"""person_id, and the one criterion that is open."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What one person lacks.

    Attributes
    ----------
    lacks : tuple of Lack
        The facts that would decide the criterion: one, or several.
    because : str
        What the judge says of the criterion.
    answer : Answer
        What the judge answers: unknown, where judge and warehouse agree.
    """

    lacks: tuple[Lack, ...]
    because: str
    answer: Answer


def missing_of(
    tables: Mapping[str, object],
    near: Iterable[Near],
    study: Study,
    meanings: Meanings,
    order: Order,
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> dict[Near, Missing]:
    """Say what people who are one fact away lack.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP by name, of everybody.
    near : iterable of (int, str)
        People, each with the criterion that is open; one who is near in several arms may have
        several.
    study : Study
        The protocol.
    meanings : Meanings
        What the site's concept ids stand for.
    order : Order
        Arms and days.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.

    Returns
    -------
    dict of (int, str) to Missing
        By person and criterion.
    """
    asked: dict[int, list[str]] = {}
    for person, name in sorted(set(near)):
        asked.setdefault(person, []).append(name)
    criteria = {each.id: each for each in study.criteria}
    anchors = {"consent": order.as_of, **order.anchors}
    read = rows_of_people(tables, asked, _needed(asked, study, meanings))
    persons = read_persons((rows for _, rows in read), study, meanings, order.as_of)
    found = {}
    for person, casebook in persons:
        for name in asked[person]:
            each = lacking(criteria[name], study, casebook, order.as_of, anchors, laboratory)
            told = each.finding
            found[person, name] = Missing(each.lacks, told.because, told.answer)
    return found


def with_missing(
    found: Feasibility, near: Sequence[Near], missing: Mapping[Near, Missing]
) -> Feasibility:
    """Add to what the criteria of an arm leave what those lack who are one fact away.

    Parameters
    ----------
    found : Feasibility
        Counts of the arm.
    near : sequence of (int, str)
        Who is near in it, each with the criterion that is open.
    missing : mapping of (int, str) to Missing
        What they lack.

    Returns
    -------
    Feasibility
        With the facts that are missing, and with a sentence for each person on whom judge and
        warehouse differ.
    """
    lacks = [missing[each].lacks for each in near if each in missing]
    return replace(
        found,
        missing=count_missing(lacks),
        several=sum(len(each) > 1 for each in lacks),
        differing=tuple(_differing(near, missing)),
    )


def _differing(near: Sequence[Near], missing: Mapping[Near, Missing]) -> Iterator[str]:
    """Tell of whom judge and warehouse differ."""
    for person, criterion in near:
        found = missing.get((person, criterion))
        if found is None:
            yield f"person {person}: no row of table person when read again"
        elif found.answer is not Answer.UNKNOWN:
            yield (
                f"person {person}, {criterion}: unknown by the screening of everybody, "
                f"{found.answer} when judged alone ({found.because})"
            )


def _needed(asked: Mapping[int, Sequence[str]], study: Study, meanings: Meanings) -> IsRead:
    """Say which rows bear on what is asked of a person: all but those that name other facts."""
    criteria = {each.id: each for each in study.criteria}
    ids_of = _by_fact(meanings)
    everything = frozenset().union(*ids_of.values()) if ids_of else frozenset()
    settings = frozenset(meanings.intents)
    concerned: dict[tuple[str, ...], tuple[frozenset[int], frozenset[int]]] = {}
    of_person = {}
    for person, names in asked.items():
        key = tuple(names)
        if key not in concerned:
            rules = [leaf for name in key for leaf in leaves(criteria[name].rule)]
            named = {fact for leaf in rules for fact in facts(leaf)}
            named |= {member for fact in named for member in study.terms[fact].members}
            mine = settings.union(*(ids_of.get(each, frozenset()) for each in named))
            concerned[key] = mine - _NONE, everything - mine - _NONE
        of_person[person] = concerned[key]

    def is_read(person: int, concept: int, source: int) -> bool:
        mine, others = of_person[person]
        names_another = concept in others or source in others
        return not names_another or concept in mine or source in mine

    return is_read


_NONE = frozenset({0})
"""No concept, which says nothing against what another one names."""


def _by_fact(meanings: Meanings) -> dict[str, frozenset[int]]:
    """Give the concepts that name, or may name, each term and medicine."""
    found: dict[str, set[int]] = {}
    for named in (meanings.terms, meanings.medicines, meanings.doubts):
        for concept, names in named.items():
            for each in names:
                found.setdefault(each, set()).add(concept)
    return {name: frozenset(ids) for name, ids in found.items()}
