"""What changes in the arms: which there are, and for each its agents, days, routes and cycles."""

from collections.abc import Iterator, Sequence

from trialwright.protocol.arms import CycleRange
from trialwright.registry.amending.amendment import Change, Effect, Flip, Turn
from trialwright.registry.amending.arm_matching import ArmPair, agents_of
from trialwright.registry.amending.saying import capital, effect_says, listed
from trialwright.registry.amending.treatments import drug_class
from trialwright.registry.amending.version import VersionArm, VersionDosing
from trialwright.registry.draft_arms import cycles_say, days_say

_OFTEN = {1: "once daily", 2: "twice daily", 3: "three times daily"}


def arm_changes(pair: ArmPair) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Compare one arm that both versions have.

    Parameters
    ----------
    pair : ArmPair
        The arm in each version.

    Returns
    -------
    tuple of (tuple of Change, tuple of str)
        What changes; and what only one version states, as sentences.
    """
    changes: list[Change] = []
    open_points: list[str] = []
    ours, theirs = agents_of(pair.old), agents_of(pair.new)
    for agent in dict.fromkeys((*_in_order(pair.new), *_in_order(pair.old))):
        if agent in ours and agent in theirs:
            for found in _agent(agent, pair):
                (changes if isinstance(found, Change) else open_points).append(found)  # type: ignore[arg-type]
        elif ours and theirs:
            lacking = pair.old if agent in theirs else pair.new
            if _is_named(agent, lacking):
                open_points.append(f"Arm {pair.new.label}, {agent}: named in both, read in one.")
            else:
                changes.append(_only_in_one(agent, pair, is_new=agent in theirs))
    changes += _cycles(pair)
    if pair.old.unread != pair.new.unread:
        open_points.append(_unread(pair))
    return tuple(changes), tuple(open_points)


def arm_added(arm: VersionArm) -> Change:
    """Say that an arm is new.

    Parameters
    ----------
    arm : VersionArm
        Of the newer version.

    Returns
    -------
    Change
        It lets participants in.
    """
    return _whole(arm, is_new=True)


def arm_removed(arm: VersionArm) -> Change:
    """Say that an arm is gone.

    Parameters
    ----------
    arm : VersionArm
        Of the older version.

    Returns
    -------
    Change
        It lets participants in no more.
    """
    return _whole(arm, is_new=False)


def _whole(arm: VersionArm, *, is_new: bool) -> Change:
    """Tell an arm that only one version has."""
    effect: Effect = "looser" if is_new else "tighter"
    turn: Turn = "in" if is_new else "out"
    named = listed(arm.agents) or arm.title or "no agent named"
    says = (
        f"Arm {arm.label} ({named}) is {'new' if is_new else 'gone'}:"
        f" {'it may be entered now' if is_new else 'nobody enters it any more'}."
    )
    who = f"A participant who meets the criteria of arm {arm.label} and of no other arm"
    turned = "can enter now and could not" if is_new else "could enter and no longer can"
    flip = Flip("words", turn, f"{who} {turned}.")
    old, new = ("", named) if is_new else (named, "")
    place_old, place_new = ("", arm.place) if is_new else (arm.place, "")
    return Change(
        f"arm {arm.label}", says, old, new, place_old, place_new, (arm.label,), effect, (flip,),
        "treatment",
    )  # fmt: skip


def _is_named(agent: str, arm: VersionArm) -> bool:
    """Say whether the words of an arm name an agent that was not read from them."""
    words = " ".join((arm.title, arm.words, *arm.unread)).casefold().replace("-", " ")
    plain = words.replace(",", " ").replace("+", " ").split()
    return agent in " ".join(plain) or any(drug_class(each) == agent for each in plain)


def _in_order(arm: VersionArm) -> list[str]:
    """Give the agents of an arm in their order."""
    return [drug_class(agent) for agent in arm.agents] or sorted(agents_of(arm))


def _lines(arm: VersionArm, agent: str) -> list[VersionDosing]:
    """Give the lines of an arm for an agent or a class."""
    return [
        line
        for line in arm.dosing
        if agent in {drug_class(each) for each in (*line.agents, line.drug_class)}
    ]


def _agent(agent: str, pair: ArmPair) -> Iterator[Change | str]:
    """Compare one agent that both versions give."""
    mine, theirs = _lines(pair.old, agent), _lines(pair.new, agent)
    name = f"arm {pair.new.label}, {agent}"
    if _days_stated(mine) and _days_stated(theirs):
        if not _same_days(mine, theirs):
            yield _told(name, _days(mine), _days(theirs), pair)
    elif _days_stated(mine) or _days_stated(theirs):
        which, stated = ("older", _days(theirs)) if theirs and _days_stated(theirs) else (
            "newer", _days(mine),
        )  # fmt: skip
        yield (
            f"{capital(name)}: the {which} version states no days of a cycle that were understood;"
            f" the other states {stated}."
        )
    for what, before, now in (
        ("route", _routes(mine), _routes(theirs)),
        ("doses a day", _often(mine), _often(theirs)),
        ("dose", _doses(mine), _doses(theirs)),
        ("choice of agents", _choices(mine), _choices(theirs)),
    ):
        if before and now and before != now:
            yield _told(f"{name}, {what}", before, now, pair)


def _days_stated(lines: Sequence[VersionDosing]) -> bool:
    """Say whether days are stated in each line."""
    return bool(lines) and all(line.days for line in lines)


def _same_days(mine: Sequence[VersionDosing], theirs: Sequence[VersionDosing]) -> bool:
    """Say whether two groups of lines give the same days in every cycle."""
    bounds = {
        cycle
        for line in (*mine, *theirs)
        for cycle in (1, line.cycles.first, (line.cycles.last or 0) + 1)
    }  # between two of these cycles nothing changes
    return all(_given(mine, cycle) == _given(theirs, cycle) for cycle in bounds)


def _given(lines: Sequence[VersionDosing], cycle: int) -> set[int]:
    """Give the dosing days of one cycle."""
    return {
        day
        for line in lines
        if line.cycles.holds(cycle)
        for days in line.days
        for day in range(days.first, days.last + 1)
    }


def _days(lines: Sequence[VersionDosing]) -> str:
    """Say the days of lines."""
    return "; ".join(
        f"{days_say(line.days)} of {_cycles_say(line.cycles)}" for line in lines if line.days
    )


def _cycles_say(cycles: CycleRange) -> str:
    """Say cycles."""
    return cycles_say(cycles)


def _routes(lines: Sequence[VersionDosing]) -> str:
    """Say the routes of lines; empty when one is not stated."""
    return _one_each([line.route for line in lines])


def _often(lines: Sequence[VersionDosing]) -> str:
    """Say how often a day; empty when it is not stated."""
    return _one_each(
        [_OFTEN.get(line.times_a_day or 0, str(line.times_a_day or "")) for line in lines]
    )


def _doses(lines: Sequence[VersionDosing]) -> str:
    """Say the doses; empty when one is not stated."""
    return _one_each([" ".join(line.dose.lower().split()) for line in lines])


def _choices(lines: Sequence[VersionDosing]) -> str:
    """Say which agents may be chosen; empty when only their class is named."""
    members = [sorted(each.lower() for each in line.agents) for line in lines if line.drug_class]
    return _one_each([listed(each, "or") for each in members])


def _one_each(stated: Sequence[str]) -> str:
    """Join what each line states; empty when one states nothing."""
    return listed(sorted(set(stated))) if stated and all(stated) else ""


def _cycles(pair: ArmPair) -> Iterator[Change]:
    """Compare the length and the number of cycles."""
    old, new = pair.old, pair.new
    if old.cycle_days and new.cycle_days and old.cycle_days != new.cycle_days:
        yield _told(
            f"arm {new.label}, cycle length",
            f"{old.cycle_days} days",
            f"{new.cycle_days} days",
            pair,
        )
    if old.most_cycles != new.most_cycles:
        before, now = (
            f"at most {each} cycles" if each else "no greatest number of cycles stated"
            for each in (old.most_cycles, new.most_cycles)
        )
        yield _told(f"arm {new.label}, number of cycles", before, now, pair)


def _only_in_one(agent: str, pair: ArmPair, *, is_new: bool) -> Change:
    """Say that an agent is given in one version only."""
    before, now = ("not given", "given") if is_new else ("given", "not given")
    return _told(f"arm {pair.new.label}, {agent}", before, now, pair)


def _told(topic: str, before: str, now: str, pair: ArmPair) -> Change:
    """Put a change of treatment together."""
    says = f"{capital(topic)}: {before} before, {now} now; {effect_says('none')}."
    return Change(
        topic, says, before, now, pair.old.place, pair.new.place, (pair.new.label,), "none", (),
        "treatment",
    )  # fmt: skip


def _unread(pair: ArmPair) -> str:
    """Say how many sentences of an arm were not understood."""
    counts = [
        f"{len(arm.unread)} of the {which} version"
        for arm, which in ((pair.old, "older"), (pair.new, "newer"))
        if arm.unread
    ]
    return f"Arm {pair.new.label}: sentences not understood, so not compared: {listed(counts)}."
