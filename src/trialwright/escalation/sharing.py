"""Dose decisions of arms that share information: each arm's BLRM with the data of all of them.

Every arm decides by the rule of `blrm_rule`: EWOC and the probability of the target interval. Its
posterior is that of `exchangeable_model`, given its own counts and those of the other arms. Whoever
is pending in another arm is not waited for, and counts once the outcome is known.

References
----------
.. [1] Neuenschwander B, Wandel S, Roychoudhury S, Bailey S. Robust exchangeability designs for
   early phase clinical trials with multiple strata. Pharm Stat 2016;15(2):123-134.
   doi:10.1002/pst.1730
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation.blrm_grid import Chances
from trialwright.escalation.blrm_rule import SURE, Weighed
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.exchangeable_model import ArmPosterior, Exchange, ExchangeableModel
from trialwright.escalation.states import Counts
from trialwright.protocol.arms import Arm
from trialwright.protocol.escalation_models import BlrmDesign
from trialwright.protocol.sharing import ExchangePrior, Sharing
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal, refuse

SHOWN, FINER, FINEST = 5e-5, 10.0, 1e-7
"""Change of a probability at which it is shown with four decimals; how much smaller it is asked for
while a decision is not settled; and where that is given up."""

Tally = tuple[tuple[int, ...], tuple[int, ...]]
"""Evaluable participants and DLTs of an arm, by dose level."""


@dataclass(frozen=True, kw_only=True)
class SharingArm(Blrm):
    """The BLRM of one arm, given what was seen in the others.

    Attributes
    ----------
    shared : ExchangeableModel
        Of all sharing arms.
    arms : tuple of str
        Their ids, in the order of the model.
    arm : str
        Which of them decides.
    others : tuple of Tally
        What was seen in the others, in that order.
    """

    shared: ExchangeableModel
    arms: tuple[str, ...]
    arm: str
    others: tuple[Tally, ...]

    @property
    def name(self) -> str:
        """Name of the BLRM, with the arms it learns from."""
        told = ", ".join(each for each in self.arms if each != self.arm)
        return f"{super().name} sharing with {told}"

    def weighed(
        self,
        evaluable: Counts,
        dlts: Counts,
        is_candidate: NDArray[np.bool_],
        within: float = math.inf,
    ) -> Weighed:
        """Ask the model of all arms, until no finer quadrature changes a decision.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts of this arm by dose level.
        is_candidate : ndarray of bool, shape (states, levels)
            The levels to choose from.
        within : float
            Not looked at: probabilities are exact to the decimals shown.

        Returns
        -------
        Weighed
            Levels, probabilities, and the smallest distance to another decision.

        Raises
        ------
        Refusal
            If the finest quadrature does not settle a state.
        """
        rows = zip(evaluable.tolist(), dlts.tolist(), is_candidate, strict=True)
        found = [self._settled((tuple(n), tuple(y)), may[None]) for n, y, may in rows]
        chances = Chances(
            *(np.concatenate(part) for part in zip(*(c for c, _ in found), strict=True))
        )
        gap = np.array([gap for _, gap in found])
        return Weighed(self._level(chances, is_candidate), chances, gap)

    def posterior(self, own: Tally, within: float = SHOWN) -> ArmPosterior:
        """Give what follows for this arm from the counts of all.

        Parameters
        ----------
        own : Tally
            Evaluable participants and DLTs of this arm.
        within : float
            Change, when the quadrature is made finer, at which it is fine enough.

        Returns
        -------
        ArmPosterior
            DLT rates, and the probability that the arm is exchangeable with the others.

        Raises
        ------
        Refusal
            If the finest quadrature does not settle it.
        """
        place = self.arms.index(self.arm)
        seen = (*self.others[:place], own, *self.others[place:])
        return _posterior(self.shared, seen, within)[place]

    def _settled(self, own: Tally, may: NDArray[np.bool_]) -> tuple[Chances, float]:
        """Give the probabilities of one state, settled, and the distance to another decision."""
        within = SHOWN
        while True:
            rates = self.posterior(own, within).rates
            found = Chances(rates.intervals[None, :, 1], rates.intervals[None, :, 2])
            gap = float(self._gaps(found, np.zeros(1, dtype=np.int64), may)[0])
            if gap >= SURE * rates.change:
                return found, gap
            within /= FINER
            if within < FINEST:
                do = "Take priors with less variance, or decide by people"
                raise refuse(self.name, f"a decision that hangs on {gap:.1e}",
                             "a posterior that quadrature settles", do)  # fmt: skip

    def _decided(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide after a complete cohort, and say what the other arms brought."""
        decided = super()._decided(seen, at)
        own = tuple(each.evaluable for each in seen), tuple(each.dlts for each in seen)
        told = ", ".join(
            f"arm {arm} {sum(dlts)}/{sum(evaluable)} DLT"
            for arm, (evaluable, dlts) in zip(
                (each for each in self.arms if each != self.arm), self.others, strict=True
            )
        )
        chance = self.posterior(own).exchangeable
        says = f"arm {self.arm} is exchangeable with probability {chance:.4f}"
        return replace(decided, because=f"{decided.because}; {told}; {says}")


@lru_cache(maxsize=1000)
def _posterior(
    model: ExchangeableModel, seen: tuple[Tally, ...], within: float
) -> tuple[ArmPosterior, ...]:
    """Give the posterior of every arm, and remember it."""
    evaluable, dlts = ([np.array(each[part], np.int16) for each in seen] for part in (0, 1))
    return model.posterior(evaluable, dlts, within)


def group_of(study: Study, arm: str) -> Sharing | None:
    """Give what an arm shares.

    Parameters
    ----------
    study : Study
        The protocol.
    arm : str
        Arm id.

    Returns
    -------
    Sharing or None
        None for an arm that decides by itself.
    """
    return next((each for each in study.sharing if arm in each.arms), None)


def sharing_arm(study: Study, arm: str, seen: Mapping[str, Sequence[LevelCount]]) -> SharingArm:
    """Make the design of an arm, given what was seen in the arms it shares with.

    Parameters
    ----------
    study : Study
        The protocol, checked.
    arm : str
        Arm id.
    seen : mapping of str to sequence of LevelCount
        Counts by dose level of each other arm of the group; whoever is pending is not counted.

    Returns
    -------
    SharingArm
        Ready to decide.

    Raises
    ------
    Refusal
        If the arm shares nothing, the counts of an arm are missing or for another ladder, or a
        setting is none.
    """
    group = group_of(study, arm)
    if group is None:
        raise refuse(
            f"arm {arm}", "shares nothing", "an arm of a sharing group", "Ask it by itself"
        )
    faults = tuple(_count_faults(study, group, arm, seen))
    if faults:
        raise Refusal(faults)
    designs = {each: _blrm(study.required_arm(each)) for each in group.arms}
    own = designs[arm]
    tallies = tuple(
        (tuple(one.evaluable for one in seen[each]), tuple(one.dlts for one in seen[each]))
        for each in group.arms
        if each != arm
    )
    settings = {each.name: getattr(own, each.name) for each in fields(Blrm)}
    model = _model(group, tuple(designs.values()))
    return SharingArm(**settings, shared=model, arms=group.arms, arm=arm, others=tallies)


def check(study: Study) -> tuple[Fault, ...]:
    """Find what is wrong with the sharing groups of a protocol.

    Parameters
    ----------
    study : Study
        The protocol; its designs by themselves are checked elsewhere.

    Returns
    -------
    tuple of Fault
        Empty when every arm is there, in one group once, with a BLRM, and the settings fit.
    """
    return tuple(
        fault
        for place, group in enumerate(study.sharing)
        for fault in _group_faults(study, group, f"sharing.{place}")
    )


def _group_faults(study: Study, group: Sharing, where: str) -> Iterator[Fault]:
    """Find what is wrong with one group."""
    known = {arm.id: arm for arm in study.arms}
    faults = []
    for place, arm in enumerate(group.arms):
        groups = sum(each.arms.count(arm) for each in study.sharing)
        if arm not in known:
            found, allowed, do = f"the arm {arm!r}", ", ".join(known), "Correct the arm"
        elif groups > 1:
            found, allowed, do = f"arm {arm} {groups} times", "each arm once", "Name it once"
        elif not isinstance(known[arm].escalation, BlrmDesign):
            found = f"arm {arm} with {known[arm].escalation.title}"
            allowed, do = "arms with a BLRM", "Give the arm a BLRM, or leave it out"
        else:
            continue
        faults.append(Fault(f"{where}.arms.{place}", found, allowed, do))
    yield from faults
    if not faults:
        try:
            _model(group, tuple(_blrm(known[arm]) for arm in group.arms))
        except Refusal as refused:
            yield from (replace(each, where=f"{where}.{each.where}") for each in refused.faults)


def _count_faults(
    study: Study, group: Sharing, arm: str, seen: Mapping[str, Sequence[LevelCount]]
) -> Iterator[Fault]:
    """Find arms whose counts are missing, or for another ladder."""
    others = [each for each in group.arms if each != arm]
    for each in others:
        levels = len(study.required_arm(each).ladder.doses)
        if each not in seen or len(seen[each]) != levels:
            found = f"counts for {len(seen[each])} dose levels" if each in seen else "no counts"
            do = "Give what was seen there; 0 where nobody was treated"
            yield Fault(f"arm {each}", found, f"counts for {levels} dose levels", do)
    for each in seen:
        if each not in others:
            do = "Leave it out"
            yield Fault(f"arm {each}", "counts", f"counts of {', '.join(others)} alone", do)


def _blrm(arm: Arm) -> Blrm:
    """Make the BLRM of an arm by itself."""
    made = design_from(arm.escalation, len(arm.ladder.doses))
    if not isinstance(made, Blrm):
        raise refuse(f"arm {arm.id}", made.name, "a BLRM", "Give the arm a BLRM")
    return made


def _model(group: Sharing, designs: tuple[Blrm, ...]) -> ExchangeableModel:
    """Make the model of all arms of a group."""
    return ExchangeableModel(
        arms=tuple(each.model for each in designs),
        intercept=_prior(group.intercept),
        log_slope=_prior(group.log_slope),
        weights=tuple(float(each) for each in group.weights),
    )


def _prior(written: ExchangePrior) -> Exchange:
    """Give a prior as the model takes it."""
    return Exchange(
        mean=float(written.mean),
        sd=float(written.sd),
        spread=float(written.spread),
        spread_log_sd=float(written.spread_log_sd),
    )
