"""What changes in limits without a number: sex, and the conditions and answers of a rule."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from trialwright.protocol.criteria import Rule
from trialwright.protocol.leaf_rules import AttestedRule
from trialwright.registry.amending.amendment import Change, Effect, Flip, Turn
from trialwright.registry.amending.compared import NO_LONGER, NOW
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.saying import capital, effect_says, name_of
from trialwright.registry.amending.scope import ArmNames
from trialwright.registry.amending.version import VersionCriterion

_OTHER = {"female": "male", "male": "female", "present": "absent", "absent": "present",
          "yes": "no", "no": "yes"}  # fmt: skip
_WHOM = {"female": "A woman", "male": "A man"}


def compared_sex(old: Iterable[Limit], new: Iterable[Limit]) -> tuple[Change, ...]:
    """Compare whose sex may enter.

    Parameters
    ----------
    old, new : iterable of Limit
        All limits of each version.

    Returns
    -------
    tuple of Change
        Empty when both let in the same.
    """
    mine, theirs = _sex(old), _sex(new)
    before, now = (each.expect if each else "all" for each in (mine, theirs))
    if before == now:
        return ()
    flips = []
    for sex in ("female", "male"):
        was_in, is_in = before in (sex, "all"), now in (sex, "all")
        if was_in != is_in:
            turn: Turn = "in" if is_in else "out"
            flips.append(Flip("value", turn, f"{_WHOM[sex]} {NO_LONGER if is_in else NOW}."))
    effect: Effect = "either way"
    if len(flips) == 1:
        effect = "looser" if flips[0].turn == "in" else "tighter"
    says = f"Sex: {_sex_says(before)} before, {_sex_says(now)} now: {effect_says(effect)}."
    return (
        Change(
            "sex",
            says,
            _sex_says(before) if mine else "",
            _sex_says(now) if theirs else "",
            mine.place if mine else "",
            theirs.place if theirs else "",
            (),
            effect,
            tuple(flips),
        ),
    )


def settled_words(old: Iterable[Limit], new: Iterable[Limit]) -> frozenset[str]:
    """Give the words on sex that decide nothing, for both versions let in the same one.

    Parameters
    ----------
    old, new : iterable of Limit
        All limits of each version.

    Returns
    -------
    frozenset of str
        Empty where they differ, or where none is named.
    """
    mine, theirs = _sex(old), _sex(new)
    if mine is None or theirs is None or mine.expect != theirs.expect:
        return frozenset()
    return frozenset({mine.expect})


def _sex(limits: Iterable[Limit]) -> Limit | None:
    """Give the limit that names one sex; None when none does, or both are named."""
    named: dict[str, Limit] = {}
    for limit in limits:
        if limit.kind == "sex" and limit.expect != "all" and not limit.is_alternative:
            expect = limit.expect if limit.sense == "required" else _OTHER[limit.expect]
            named.setdefault(expect, replace(limit, expect=expect, sense="required"))
    return next(iter(named.values())) if len(named) == 1 else None


def _sex_says(sex: str) -> str:
    """Say whose sex may enter."""
    return {"female": "women only", "male": "men only"}.get(sex, "no limit stated")


def compared_rules(
    old: VersionCriterion, new: VersionCriterion, arms: ArmNames
) -> Iterator[Change]:
    """Compare the conditions and answers that two rules of one criterion ask for.

    Parameters
    ----------
    old, new : VersionCriterion
        The criterion in two protocols.
    arms : ArmNames
        The older version's arms in the newer.

    Yields
    ------
    Change
        One for each condition or answer that differs; one for a rule that is put together in
        another way where nothing else differs.
    """
    mine, theirs = _stated(old), _stated(new)
    found = []
    for key in dict.fromkeys((*theirs, *mine)):
        change = _one(mine.get(key), theirs.get(key), arms)
        if change is not None:
            found.append(change)
    yield from found
    if old.judged != new.judged:
        yield _judged(old, new, old.judged, new.judged, "how it is judged")
    is_numbers_same = _numbers(old) == _numbers(new)
    if not found and is_numbers_same and not _same_rule(old.rule, new.rule):
        yield _judged(old, new, "one rule", "another rule", "how its rule is put together")


def _stated(criterion: VersionCriterion) -> dict[tuple[str, str], Limit]:
    """Give the conditions and answers of a rule by what they are about."""
    is_asked_whole = isinstance(criterion.rule, AttestedRule)
    return {
        (each.kind, "" if is_asked_whole else each.subject): each
        for each in criterion.limits
        if each.kind in ("condition", "attested")
    }


def _same_rule(old: Rule | None, new: Rule | None) -> bool:
    """Say whether two rules are the same, whatever a question for a whole criterion is called."""
    if isinstance(old, AttestedRule) and isinstance(new, AttestedRule):
        return (old.expect, old.by) == (new.expect, new.by)
    return old == new


def _numbers(criterion: VersionCriterion) -> list[object]:
    """Give what a rule says of numbers."""
    return [
        (
            each.kind,
            each.subject,
            each.at_least,
            each.above,
            each.at_most,
            each.below,
            each.unit,
            each.expect,
        )
        for each in criterion.limits
        if each.kind not in ("condition", "attested") and not each.end
    ]


def _asks(limit: Limit) -> str:
    """Say what lets in."""
    expect = limit.expect if limit.sense == "required" else _OTHER[limit.expect]
    silent = ", not recorded counts as absent" if limit.silence == "passes" else ""
    beside = ", or what stands beside it" if limit.is_alternative else ""
    what = "answer " if limit.kind == "attested" else ""
    return f"{what}{expect} required{silent}{beside}"


def _one(old: Limit | None, new: Limit | None, arms: ArmNames) -> Change | None:
    """Compare one condition or answer."""
    before, now = (_asks(each) if each else "" for each in (old, new))
    if before == now:
        return None
    effect: Effect = "either way"
    if old is None or new is None:
        only = old or new
        is_choice = only is not None and only.is_alternative
        effect = "tighter" if (old is None) != is_choice else "looser"
    elif before.split(",")[0] == now.split(",")[0]:
        is_looser = (old.is_alternative, old.silence == "passes") < (
            new.is_alternative,
            new.silence == "passes",
        )
        effect = "looser" if is_looser else "tighter"
    name = name_of(new or old or Limit("condition", ""))
    says = (
        f"{capital(name)}: {before or 'not asked'} before, {now or 'not asked'} now:"
        f" {effect_says(effect)}."
    )
    turn: Turn = {"looser": "in", "tighter": "out"}.get(effect, "either")  # type: ignore[assignment]
    turned = {"looser": NO_LONGER, "tighter": NOW}.get(effect, "may flip")
    only_silence = bool(old and new and old.silence != new.silence)
    kind = "missing facts" if only_silence else "words"
    flip = Flip(kind, turn, f"A participant whom `{name}` keeps out {turned}.")  # type: ignore[arg-type]
    places = (old.place if old else "", new.place if new else "")
    scope = new.arms if new else arms.mapped(old.arms) if old else ()
    return Change(name, says, before, now, *places, scope, effect, (flip,))


def _judged(
    old: VersionCriterion, new: VersionCriterion, before: str, now: str, what: str
) -> Change:
    """Say that a criterion is judged in another way."""
    says = f"{new.id}, {what}: {before} before, {now} now: {effect_says('unclear')}."
    flip = Flip("words", "either", f"A participant judged by {new.id} may flip.")
    return Change(what, says, before, now, old.where, new.where, new.arms, "unclear", (flip,))
