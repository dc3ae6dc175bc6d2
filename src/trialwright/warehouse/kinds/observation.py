"""Observations within bounds, of every person: the latest, a mean, every one or any."""

from collections.abc import Iterator

from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import columns
from trialwright.warehouse.averaging import averaged, gather_mean, of_newest_day
from trialwright.warehouse.columns import (
    MET,
    NAMES,
    NO_NUMBER,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Shape,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    together,
)
from trialwright.warehouse.latest import decided
from trialwright.warehouse.silence import (
    gather_silence,
    gather_unread,
    silent,
    unless_unread,
    unread,
)
from trialwright.warehouse.thresholds import (
    Steps,
    all_of_them,
    may_be_zero,
    plausible_of,
    within,
)


def turns(rule: ObservationRule, shape: Shape, context: Context) -> Steps:
    """Give the answers of results of one shape along their numbers.

    Parameters
    ----------
    rule : ObservationRule
        Bounds, unit and methods: no table of OMOP says by which method a result was found, so
        that one within the bounds may have been found by another.
    shape : Shape
        How results are recorded.
    context : Context
        Vocabulary.

    Returns
    -------
    Steps
        All unknown for what is no amount, and for a unit that does not convert.
    """
    found = within(bounds_of(rule), rule.unit, shape, context.terms[rule.fact])
    if found is None:
        return all_of_them(UNKNOWN)
    if not rule.methods:
        return found
    answers = found.below, found.between, found.beyond
    return Steps(found.first, found.second, *(UNKNOWN if each == MET else each for each in answers))


def gather(rule: ObservationRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather what decides the rule.

    Parameters
    ----------
    rule : ObservationRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Gathered
        By staged table.
    """
    undated = gather_unread(rule.fact, staged, context)
    spans = together(gather_silence(rule, staged, context), undated)
    if rule.pick == "mean":
        own = of_newest_day(rule.fact, rule.unit, rule.of or 1, staged, context)
        return together(spans, {f"own:{name}": gather_mean(own, name)})
    if rule.pick == "latest":
        return spans
    return together(spans, {"measurements": dict(_several(rule, name, staged, context))})


def _several(
    rule: ObservationRule, name: str, staged: Staged, context: Context
) -> Iterator[tuple[str, Value]]:
    """Gather each answer that some result in the window gives, and the first that gives it."""
    table = staged.measurements
    answer = _answers(rule, staged, context)
    is_its = table.term == staged.numbers[rule.fact]
    if rule.within_days is not None and context.anchored_on is not None:
        first = days_after(context.anchored_on, -rule.within_days)
        is_its = is_its & (table.on >= day_literal(first))
    elif rule.within_days is not None:
        answer = columns.verdict(UNKNOWN)
    for number, word in NAMES.items():
        is_it = is_its & (answer == number)
        yield f"{name}_{word}", is_it
        told = {
            "row": table.code,
            "on": table.on,
            "micro": table.micro.fill_null(NO_NUMBER),
            "shape": table["shape"],
        }
        for part, column in told.items():
            yield f"{name}_{word}_{part}", column.argmin(table.order, where=is_it)


def _answers(rule: ObservationRule, staged: Staged, context: Context) -> Value:
    """Give the answer of each result."""
    table, term, cases = staged.measurements, context.terms[rule.fact], []
    for number, shape in staged.shapes_of(rule.fact):
        found, (least, greatest) = turns(rule, shape, context), plausible_of(term, shape)
        strange = (table.micro < least) | (table.micro > greatest)
        if may_be_zero(term, shape):
            strange &= table.micro != 0
        inner = choose(
            (strange, columns.verdict(UNKNOWN)),
            (table.micro < found.first, columns.verdict(found.below)),
            (table.micro <= found.second, columns.verdict(found.between)),
            otherwise=columns.verdict(found.beyond),
        )
        cases.append((among(table["shape"], [number]) & table.micro.notnull(), inner))
    return choose(*cases, otherwise=columns.verdict(UNKNOWN))


def verdict(rule: ObservationRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.observation` judges one.

    Parameters
    ----------
    rule : ObservationRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days and vocabulary.

    Returns
    -------
    LeafColumns
        With the record that decides it.
    """
    silence = silent(rule, wide, context)
    if rule.pick == "latest":
        newest = decided(rule.fact, name, wide, context, silence)
        return unless_unread(newest, (rule.fact,), wide)
    if rule.pick == "mean":
        mean = averaged(rule, rule.of or 1, rule.within_days, name, wide, context, silence)
        return unless_unread(mean, (rule.fact,), wide)
    order = (MET, UNKNOWN, NOT_MET) if rule.pick == "any" else (NOT_MET, UNKNOWN, MET)
    cases = [(wide[f"{name}_{NAMES[each]}"], each) for each in order]
    of_least: Value = columns.verdict(order[-1])
    if unread(rule.fact) in wide.columns:
        is_unread = wide[unread(rule.fact)]
        of_least = choose((is_unread, columns.verdict(UNKNOWN)), otherwise=of_least)
    holding = [
        (holds, of_least if each == order[-1] else columns.verdict(each)) for holds, each in cases
    ]
    answer = choose(*holding, otherwise=silence.verdict)
    told = [(holds, wide.place(f"{name}_{NAMES[each]}")) for holds, each in cases]
    return LeafColumns(answer, chosen(*told, otherwise=silence.record))
