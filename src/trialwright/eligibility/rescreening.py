"""Participants in screening judged by two versions of a protocol: who flips, and by which criteria.

Each version reads its own casebook, for vocabularies differ from one version to the next.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.overall import OPEN, CriterionVerdict, Overall, reason
from trialwright.eligibility.screening import ScreeningOfArms, screen_arms
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study

Flip = Literal["gains", "loses", ""]
"""Whether a participant becomes eligible for an arm, stops being so, or neither."""


@dataclass(frozen=True, slots=True)
class InScreening:
    """One participant as each version of the protocol reads the record.

    Attributes
    ----------
    old, new : Casebook
        What is known, in the vocabulary of each version.
    anchors : mapping of Anchor to date
        The named days that are known.
    """

    old: Casebook
    new: Casebook
    anchors: Mapping[Anchor, date]


@dataclass(frozen=True, slots=True)
class ArmChange:
    """What an arm comes to by each version.

    Attributes
    ----------
    arm : str
        Its letter.
    before, after : Overall or None
        By the old and by the new version; None for an arm that the version does not have.
    flip : {'gains', 'loses', ''}
        Whether the participant becomes eligible, at once or once approved, or stops being so.
    because : str
        The sentence, with the criteria that decide it by the new version, or decided it by the
        old one.
    """

    arm: str
    before: Overall | None
    after: Overall | None
    flip: Flip
    because: str


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A criterion on which the two versions differ.

    Attributes
    ----------
    old, new : str
        Its id in each version; empty where the version has no such criterion.
    arms : tuple of str
        Arms for which it is so.
    before, after : str
        The verdicts in the words of its list; empty where the version has no such criterion.
    old_because, new_because : str
        Their reasons.
    old_says, new_says : str
        What each version asks.
    """

    old: str
    new: str
    arms: tuple[str, ...]
    before: str
    after: str
    old_because: str
    new_because: str
    old_says: str
    new_says: str

    def __str__(self) -> str:
        """Say the change: `E06 absent, then present: ...`."""
        name = self.new or self.old
        was = f" (before {self.old})" if self.new and self.old not in ("", self.new) else ""
        if not self.new:
            return f"{name} no longer asked; it was {self.before} ({self.old_because})"
        if not self.old:
            return f"{name} newly asked: {self.after} ({self.new_because})"
        told = f"{self.old_because}; now {self.new_because}"
        return f"{name}{was} {self.before}, then {self.after} ({told})"


@dataclass(frozen=True, slots=True)
class Rescreened:
    """One participant judged by both versions.

    Attributes
    ----------
    participant : str
        Who.
    arms : tuple of ArmChange
        Every arm of either version.
    changes : tuple of VerdictChange
        Criteria whose verdict differs, in the order of the new version; then those it dropped.
    because : str
        One sentence: what each arm was and is, and which criteria changed.
    """

    participant: str
    arms: tuple[ArmChange, ...]
    changes: tuple[VerdictChange, ...]
    because: str

    @property
    def flips(self) -> bool:
        """Whether the participant gains or loses an arm."""
        return any(each.flip for each in self.arms)


def rescreen(
    people: Iterable[InScreening],
    old_study: Study,
    new_study: Study,
    as_of: date,
    renamed: Mapping[str, str] | None = None,
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> Iterator[Rescreened]:
    """Judge participants by two versions of a protocol.

    Parameters
    ----------
    people : iterable of InScreening
        Who, with a casebook in the vocabulary of each version.
    old_study, new_study : Study
        The versions.
    as_of : date
        Facts of later days do not count.
    renamed : mapping of str to str, or None
        Id in the new version by id in the old one, for criteria that moved in their list; an
        empty id for one that was dropped. Any other criterion is the one of the same id.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges, for results that carry none.

    Yields
    ------
    Rescreened
        For each participant, changed or not, in the order given.
    """
    pairs = tuple(_pairs(old_study, new_study, renamed or {}))
    for person in people:
        before = screen_arms(old_study, person.old, as_of, person.anchors, laboratory)
        after = screen_arms(new_study, person.new, as_of, person.anchors, laboratory)
        arms = tuple(_arms(before, after))
        changes = tuple(_changes(pairs, before, after))
        yield Rescreened(person.new.participant, arms, changes, _told(arms, changes))


def _pairs(old: Study, new: Study, renamed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pair the criteria of two versions; an empty id stands for none."""
    known = {each.id for each in new.criteria}
    new_of = {each.id: renamed.get(each.id, each.id) for each in old.criteria}
    taken = set(renamed.values())
    for name, now in new_of.items():
        if now not in known or (name not in renamed and now in taken):
            new_of[name] = ""
    old_of = {now: name for name, now in new_of.items() if now}
    for each in new.criteria:
        yield old_of.get(each.id, ""), each.id
    for name, now in new_of.items():
        if not now:
            yield name, ""


def _arms(before: ScreeningOfArms, after: ScreeningOfArms) -> Iterator[ArmChange]:
    """Compare what each arm comes to."""
    was = {each.arm: each for each in before.screenings}
    now = {each.arm: each for each in after.screenings}
    for arm in dict.fromkeys([*was, *now]):
        old, new = was.get(arm), now.get(arm)
        before_of = old.overall if old else None
        after_of = new.overall if new else None
        flip = _flip(before_of, after_of)
        decides = old if flip == "gains" else new
        named = reason(decides) if decides else ""
        told = f"arm {arm}: {before_of or 'no such arm'}, then {after_of or 'no such arm'}"
        yield ArmChange(arm, before_of, after_of, flip, told + (f" ({named})" if named else ""))


def _flip(before: Overall | None, after: Overall | None) -> Flip:
    """Say whether somebody becomes eligible for an arm or stops being so."""
    was, is_now = before in OPEN, after in OPEN
    if was == is_now:
        return ""
    return "gains" if is_now else "loses"


def _changes(
    pairs: Iterable[tuple[str, str]], before: ScreeningOfArms, after: ScreeningOfArms
) -> Iterator[VerdictChange]:
    """Give each criterion whose verdict differs, arms that are alike together."""
    was, now = _verdicts(before), _verdicts(after)
    arms = dict.fromkeys(each.arm for side in (before, after) for each in side.screenings)
    for old, new in pairs:
        alike: dict[tuple[str, str], list[str]] = {}
        for arm in arms:
            one, other = was.get((arm, old)), now.get((arm, new))
            if _answer(one) != _answer(other):
                alike.setdefault((_word(one), _word(other)), []).append(arm)
        for those in alike.values():
            one, other = was.get((those[0], old)), now.get((those[0], new))
            yield _change(old, new, tuple(those), one, other)


def _answer(verdict: CriterionVerdict | None) -> str:
    """Give the answer of a verdict; empty when there is none."""
    return str(verdict.finding.answer) if verdict else ""


def _word(verdict: CriterionVerdict | None) -> str:
    """Give a verdict in the words of its list; empty when there is none."""
    return verdict.word if verdict else ""


def _verdicts(judged: ScreeningOfArms) -> dict[tuple[str, str], CriterionVerdict]:
    """Give each verdict by arm and criterion."""
    return {
        (screening.arm, verdict.criterion): verdict
        for screening in judged.screenings
        for verdict in screening.verdicts
    }


def _change(
    old: str,
    new: str,
    arms: tuple[str, ...],
    one: CriterionVerdict | None,
    other: CriterionVerdict | None,
) -> VerdictChange:
    """Give the change of one criterion."""
    return VerdictChange(
        old if one else "",
        new if other else "",
        arms,
        _word(one),
        _word(other),
        one.finding.because if one else "",
        other.finding.because if other else "",
        one.says if one else "",
        other.says if other else "",
    )


def _told(arms: Iterable[ArmChange], changes: Iterable[VerdictChange]) -> str:
    """Say what became of every arm, and which criteria changed."""
    named = ", ".join(
        f"{each.new or each.old} {each.before or 'not asked'} -> {each.after or 'not asked'}"
        for each in changes
    )
    return "; ".join(each.because for each in arms) + (f". Changed: {named}" if named else "")
