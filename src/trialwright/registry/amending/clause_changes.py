"""What changes in a clause that both versions have: its sense, its numbers, its words."""

from trialwright.registry.amending.amendment import Change, Effect, Flip, Turn, Wording
from trialwright.registry.amending.clauses import Clause, without_open
from trialwright.registry.amending.compared import NO_LONGER, NOW, Compared, by_scope
from trialwright.registry.amending.inline import inline, short
from trialwright.registry.amending.limit_pairs import same_limits
from trialwright.registry.amending.mention_changes import MentionChange, mention_changes
from trialwright.registry.amending.naming import clause_topic
from trialwright.registry.amending.pairing import Pair
from trialwright.registry.amending.saying import capital, effect_says, listed
from trialwright.registry.amending.scope import ArmNames, arms_say
from trialwright.registry.amending.topics import fact_key
from trialwright.registry.amending.word_changes import (
    Run,
    WordChange,
    definition_in,
    word_change,
)

_SENSES = {
    "required": "asked for",
    "excluded": "a reason to keep out",
    "allowed": "allowed",
    "defined": "a definition",
    "explained": "an explanation",
}
_TURNS: dict[str, Turn] = {"looser": "in", "tighter": "out"}
_TURNED = {"in": NO_LONGER, "out": NOW, "either": "may flip"}


def compared_clause(pair: Pair, arms: ArmNames, settled: frozenset[str] = frozenset()) -> Compared:
    """Compare a clause that both versions have.

    Parameters
    ----------
    pair : Pair
        The clause in each version.
    arms : ArmNames
        The older version's arms in the newer.
    settled : frozenset of str
        Words that say nothing here, for both versions state the same elsewhere.

    Returns
    -------
    Compared
        Empty when nothing differs but white space.
    """
    old, new = pair.old, pair.new
    if old.plain == new.plain and (old.sense == new.sense or old.limits):
        return Compared(_by_arms(pair, arms))
    if not (old.criterion.is_record_words and new.criterion.is_record_words):
        return Compared(_by_arms(pair, arms), (_wording(pair, own_words=True),))
    changes = [*_by_arms(pair, arms)]
    if old.sense != new.sense and not (old.limits and new.limits):  # limits tell it themselves
        changes.append(_by_sense(pair, arms))
        return Compared(tuple(changes))
    old, new = without_open(old, _measured(new)), without_open(new, _measured(old))
    numbers = mention_changes(old, new)
    lone = frozenset(each for one in numbers for each in one.lone)
    words = word_change(old, new, lone, settled)
    changes += [_by_number(one, pair, arms) for one in numbers if not words.told & set(one.lone)]
    if words.effect != "none":
        changes.append(_by_words(words, pair, arms))
    elif not changes:
        return Compared((), _worded(pair))
    return Compared(tuple(changes))


def _measured(clause: Clause) -> frozenset[str]:
    """Give the facts that a clause limits."""
    return frozenset(fact_key(each.subject) for each in clause.limits if each.kind == "limit")


def _by_arms(pair: Pair, arms: ArmNames) -> tuple[Change, ...]:
    """Compare the arms for which a criterion holds, once a criterion, if no limit tells it."""
    old, new = pair.old, pair.new
    before, now = arms.mapped(old.criterion.arms), tuple(sorted(new.criterion.arms))
    if before == now or not new.is_head or (old.limits and new.limits):
        return ()
    who = f"A participant {_whom(new)}"
    effect, flips = by_scope(before, now, who, arms, "words")
    says = (
        f"{capital(clause_topic(new))}: for {arms_say(before)} before, for {arms_say(now)} now:"
        f" {effect_says(effect)}."
    )
    return (_change(pair, says, effect, flips, ()),)


def by_part(pair: Pair, arms: ArmNames) -> tuple[Change, ...]:
    """Compare the part of the trial for which a clause is, where both versions name parts.

    Parameters
    ----------
    pair : Pair
        The clause in each version.
    arms : ArmNames
        The older version's arms in the newer.

    Returns
    -------
    tuple of Change
        One, or none where the label is the same.
    """
    old, new = pair.old, pair.new
    if old.part.casefold() == new.part.casefold():
        return ()
    before, now = (f"`{each}`" if each else "no part named" for each in (old.part, new.part))
    says = (
        f"{capital(clause_topic(new))}: for {before} before, for {now} now:"
        f" {effect_says('unclear')}."
    )
    flip = Flip("words", "either", f"A participant {_whom(new)} may flip.")
    return (_change(pair, says, "unclear", (flip,), _scope(pair, arms)),)


def _whom(clause: Clause) -> str:
    """Say whom a clause keeps out."""
    words = short(clause.shown)
    return f"who does not meet `{words}`" if clause.sense == "required" else f"with `{words}`"


def _by_sense(pair: Pair, arms: ArmNames) -> Change:
    """Say that a clause does something else."""
    old, new = pair.old, pair.new
    is_opposite = {old.sense, new.sense} == {"required", "excluded"}
    effect: Effect = "either way" if is_opposite and old.keys == new.keys else "unclear"
    says = (
        f"{capital(clause_topic(new))}: {_SENSES[old.sense]} before, {_SENSES[new.sense]} now:"
        f" {effect_says(effect)}. In words: {inline(old.shown, new.shown)}"
    )
    flip = Flip("words", "either", f"A participant with `{short(new.shown)}` may flip.")
    return _change(pair, says, effect, (flip,), _scope(pair, arms))


def _by_number(change: MentionChange, pair: Pair, arms: ArmNames) -> Change:
    """Say that a number of a clause differs."""
    topic = clause_topic(pair.new)
    says = (
        f"{capital(topic)}: {change.before} before, {change.now} now:"
        f" {effect_says(change.effect)}. In words: {inline(pair.old.shown, pair.new.shown)}"
    )
    flips: tuple[Flip, ...] = ()
    if change.effect != "none":
        turn = _TURNS.get(change.effect, "either")
        flips = (Flip("words", turn, f"{_who_by_number(change, pair)} {_TURNED[turn]}."),)
    return _change(pair, says, change.effect, flips, _scope(pair, arms))


def _who_by_number(change: MentionChange, pair: Pair) -> str:
    """Say who flips by a number."""
    old, new = short(pair.old.shown), short(pair.new.shown)
    if change.old is None or change.new is None:
        wide, bound = (old, change.now) if change.old is None else (new, change.before)
        return f"A participant of whom `{wide}` is true, but not `{bound}`,"
    wide, narrow = change.before, change.now
    is_up_to = change.new.bounds == "up to"
    if (change.new.number < change.old.number) != is_up_to:
        wide, narrow = narrow, wide
    return f"A participant of whom `{wide}` is true, but not `{narrow}`,"


def _by_words(words: WordChange, pair: Pair, arms: ArmNames) -> Change:
    """Say that the words of a clause differ in what they mean."""
    topic = clause_topic(pair.new)
    parts = []
    if words.new:
        parts.append(f"{_runs_say(words.new)} {'are' if len(words.new) > 1 else 'is'} new")
    if words.gone:
        parts.append(f"{_runs_say(words.gone)} {'are' if len(words.gone) > 1 else 'is'} gone")
    what = listed(parts) or "`and` and `or` are not where they were"
    defined = _defined(pair)
    if defined is not None:
        what = f"what it means is {defined[0]} stated, `{short(defined[2], 160)}`"
    says = (
        f"{capital(topic)}: {what}: {effect_says(words.effect)}. In words:"
        f" {inline(pair.old.shown, pair.new.shown)}"
    )
    flips = _flips_by_definition(pair, *defined[1:]) if defined else _flips_by_words(words, pair)
    return _change(pair, says, words.effect, flips, _scope(pair, arms))


def _defined(pair: Pair) -> tuple[str, str, str] | None:
    """Give the definition that only one version makes, with the other's words; None for none."""
    before, now = definition_in(pair.old.text), definition_in(pair.new.text)
    if bool(before) == bool(now):
        return None
    return ("now", pair.old.shown, now) if now else ("no longer", pair.new.shown, before)


def _flips_by_definition(pair: Pair, plain: str, meant: str) -> tuple[Flip, ...]:
    """Say who flips when what a clause means is stated, or no longer."""
    is_new = bool(definition_in(pair.new.text))
    is_looser = is_new == (pair.new.sense == "excluded")
    first: Turn = "in" if is_looser else "out"
    second: Turn = "out" if is_looser else "in"
    word, meaning = short(plain), short(meant)
    return (
        Flip(
            "words",
            first,
            f"A participant of whom `{word}` is true, but not `{meaning}`, {_TURNED[first]}.",
        ),
        Flip(
            "words",
            second,
            f"A participant of whom `{meaning}` is true, but not `{word}`, {_TURNED[second]}.",
        ),
    )


def _runs_say(runs: tuple[Run, ...]) -> str:
    """Say runs of words."""
    return listed([f"`{short(run.text, 80)}`" for run in runs])


def _flips_by_words(words: WordChange, pair: Pair) -> tuple[Flip, ...]:
    """Say who flips by words."""
    old, new = short(pair.old.shown), short(pair.new.shown)
    match words.effect:
        case "looser":
            return (Flip("words", "in", _only(pair, is_looser=True)),)
        case "tighter":
            return (Flip("words", "out", _only(pair, is_looser=False)),)
        case _:
            who = f"A participant whom `{old}` and `{new}` do not both describe may flip."
            return (Flip("words", "either", who),)


def _only(pair: Pair, *, is_looser: bool) -> str:
    """Say whom only one of two wordings describes."""
    old, new = short(pair.old.shown), short(pair.new.shown)
    is_out = pair.new.sense == "excluded"
    meets, misses = (old, new) if is_out == is_looser else (new, old)
    turned = _TURNED["in" if is_looser else "out"]
    return f"A participant of whom `{meets}` is true, but not `{misses}`, {turned}."


def _scope(pair: Pair, arms: ArmNames) -> tuple[str, ...]:
    """Give the arms of a clause."""
    before, now = arms.mapped(pair.old.criterion.arms), pair.new.criterion.arms
    return tuple(sorted({*before, *now})) if before and now else ()


def _change(
    pair: Pair, says: str, effect: Effect, flips: tuple[Flip, ...], arms: tuple[str, ...]
) -> Change:
    """Put a change together."""
    old, new = pair.old, pair.new
    return Change(
        clause_topic(new),
        says,
        old.shown,
        new.shown,
        old.criterion.where,
        new.criterion.where,
        arms,
        effect,
        flips,
    )


def _worded(pair: Pair) -> tuple[Wording, ...]:
    """Say that only the words differ; nothing where they do not, or where limits tell it."""
    old, new = pair.old, pair.new
    if old.limits or new.limits:
        is_plain = [word.plain for word in old.words] == [word.plain for word in new.words]
        if is_plain or not same_limits(old.limits, new.limits):
            return ()
    return (_wording(pair),)


def _wording(pair: Pair, *, own_words: bool = False) -> Wording:
    """Say that only the words differ."""
    old, new = pair.old, pair.new
    if own_words:
        says = "one version has the protocol's own words, so words were not compared"
    elif new.limits:
        says = f"the words differ, the limits do not: {inline(old.shown, new.shown)}"
    else:
        says = f"the words differ, nothing else: {inline(old.shown, new.shown)}"
    topic = clause_topic(new)
    return Wording(
        topic,
        f"{capital(topic)}: {says}",
        old.shown,
        new.shown,
        old.criterion.where,
        new.criterion.where,
    )
