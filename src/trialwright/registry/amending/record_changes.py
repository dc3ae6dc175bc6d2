"""What changes in the record beside criteria and treatment; no participant flips by it."""

import re
from collections.abc import Iterator, Sequence

from trialwright.registry.amending.amendment import Change, Section
from trialwright.registry.amending.inline import short
from trialwright.registry.amending.saying import capital, listed
from trialwright.registry.amending.version import Member, Setting, Version
from trialwright.registry.amending.words import keys_of, words_of

_WORDED = frozenset({"objective", "endpoint"})
_LEAST_SHARED = 1 / 3
_DEGREES = frozenset({"md", "phd", "do", "mph", "mbbs", "ms", "msc", "rn", "pharmd", "facp"})


def record_changes(old: Version, new: Version) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Compare title, numbers, people, sites, objectives, endpoints, cycles, follow-up, settings.

    Parameters
    ----------
    old, new : Version
        Two versions of one trial.

    Returns
    -------
    tuple of (tuple of Change, tuple of str)
        What changes; and what only one version states, as sentences.
    """
    changes = [*_facts(old, new)]
    only: dict[str, list[str]] = {"older": [], "newer": []}
    for kind, mine, theirs in (
        ("person", old.people, new.people),
        ("site", old.sites, new.sites),
        ("objective", old.objectives, new.objectives),
        ("endpoint", old.endpoints, new.endpoints),
    ):
        if mine and theirs:
            changes += _members(kind, mine, theirs)
        elif mine or theirs:
            only["older" if mine else "newer"].append(f"{kind}s".replace("persons", "people"))
    _only_facts(old, new, only)
    changes += _settings(old.settings, new.settings)
    stated = tuple(
        f"Only the {which} version states: {', '.join(topics)}; not compared."
        for which, topics in only.items()
        if topics
    )
    return tuple(changes), stated


def _facts(old: Version, new: Version) -> Iterator[Change]:
    """Compare what has one value."""
    mine, theirs = _single(old), _single(new)
    for topic, now in theirs.items():
        before = mine.get(topic, "")
        if before and before.casefold() != now.casefold():
            section: Section = "treatment" if topic in ("cycle length", "follow-up") else (
                "registration"
            )  # fmt: skip
            yield _told(topic, before, now, section)


def _single(version: Version) -> dict[str, str]:
    """Give what a version states once."""
    stated = dict(version.facts)
    if version.follow_up:
        stated["follow-up"] = version.follow_up
    if version.cycle_days and not version.arms:
        stated["cycle length"] = f"{version.cycle_days} days"
    return stated


def _only_facts(old: Version, new: Version, only: dict[str, list[str]]) -> None:
    """Note what one version states and the other does not."""
    mine, theirs = _single(old), _single(new)
    only["older"] += [topic for topic in mine if topic not in theirs]
    only["newer"] += [topic for topic in theirs if topic not in mine]
    if bool(old.arms) != bool(new.arms):
        only["older" if old.arms else "newer"].append("arms")
    if bool(old.settings) != bool(new.settings):
        only["older" if old.settings else "newer"].append("dose levels, designs and settings")


def _members(kind: str, mine: Sequence[Member], theirs: Sequence[Member]) -> Iterator[Change]:
    """Compare people, sites, objectives or endpoints, known by name."""
    gone = [member for member in mine if member not in theirs]
    fresh = []
    for member in [each for each in theirs if each not in mine]:
        before = next((each for each in gone if _plain(each.name) == _plain(member.name)), None)
        if before is None:
            fresh.append(member)
        else:
            gone.remove(before)
            yield from _details(kind, before, member)
    for member in fresh:
        before = _reworded(member, gone) if kind in _WORDED else None
        if before is None:
            yield _told(kind, "", member.name, "registration")
        else:
            gone.remove(before)
            yield _told(f"{kind} in other words", before.name, member.name, "registration")
            yield from _details(kind, before, member)
    for member in gone:
        yield _told(kind, member.name, "", "registration")


def _details(kind: str, before: Member, member: Member) -> Iterator[Change]:
    """Compare what is stated of a member."""
    stated = dict(before.details)
    for topic, now in member.details:
        then = stated.get(topic, "")
        if then and _plain(then) != _plain(now):
            yield _told(f"{kind} {short(member.name, 60)}, {topic}", then, now, "registration")


def _reworded(member: Member, others: Sequence[Member]) -> Member | None:
    """Find the member that shares most words with one, at least a third of them."""
    mine = set(keys_of(words_of(member.name)))
    shares = [(_share(mine, set(keys_of(words_of(each.name)))), each) for each in others]
    best = max(shares, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] >= _LEAST_SHARED else None


def _share(mine: set[str], theirs: set[str]) -> float:
    """Give the share of words in both among those in either."""
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def _plain(name: str) -> str:
    """Give a name without stops, degrees, white space and capitals that differ between copies."""
    words = re.sub(r"[.,_-]", " ", name).casefold().split()
    return " ".join(word for word in words if word not in _DEGREES) or name.casefold()


def _told(topic: str, before: str, now: str, section: Section) -> Change:
    """Put a change together."""
    if before and now:
        says = f"{capital(topic)}: {before} before, {now} now."
    elif now:
        says = f"{capital(topic)}: {now} is new."
    else:
        says = f"{capital(topic)}: {before} is no longer listed."
    return Change(topic, says, before, now, "", "", (), "none", (), section)


def _settings(old: Sequence[Setting], new: Sequence[Setting]) -> Iterator[Change]:
    """Compare the settings of two protocols."""
    if not old or not new:
        return
    mine = {each.path: each for each in old}
    for each in new:
        before = mine.pop(each.path, None)
        if before is None or before.value != each.value:
            yield _setting(before, each)
    for each in mine.values():
        yield _setting(each, None)


def _setting(old: Setting | None, new: Setting | None) -> Change:
    """Say that a setting differs, with its label."""
    found = [each for each in (new, old) if each is not None]
    labels = listed(sorted({each.label for each in found if each.label}))
    before, now = (each.value if each else "" for each in (old, new))
    shown_before, shown_now = before or "not set", now or "not set"
    label = f" [{labels}]" if labels else ""
    path = found[0].path
    says = f"{path}: {shown_before} before, {shown_now} now{label}."
    return Change(path, says, before, now, path if old else "", path if new else "", (), "none", (),
                  "settings")  # fmt: skip
