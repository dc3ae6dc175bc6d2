"""Who may do what and what is vouched for, as one part of the trial's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trialwright.conduct.delegation_records import Delegation
from trialwright.conduct.dose_decision_records import ChosenRp2d, DoseDecision
from trialwright.conduct.locking_records import Hold
from trialwright.conduct.query_records import Query
from trialwright.conduct.scopes import Scope
from trialwright.conduct.signing_records import Signature
from trialwright.terms.layered import Layered


@dataclass(frozen=True)
class Oversight:
    """Delegations, signatures, queries, holds, verified data points and dose decisions.

    Attributes
    ----------
    delegations : tuple of Delegation
        The delegation log; empty: roles are taken as said.
    signatures : tuple of Signature
        In ledger order, void ones too.
    queries : Layered of int to Query
        By number.
    holds : mapping of Scope to Hold
        What is frozen or locked now.
    verified : Layered of str to frozenset of (int, str)
        Data points compared with their source, by participant: happening and path.
    decisions : tuple of DoseDecision
        In ledger order.
    rp2d : mapping of str to ChosenRp2d
        By arm: the last one chosen.
    entries : Layered of str to tuple of (int, str)
        Sequence and act of happenings about arms, delegations and the trial, by their subject.
    """

    delegations: tuple[Delegation, ...] = ()
    signatures: tuple[Signature, ...] = ()
    queries: Layered[int, Query] = field(default_factory=Layered)
    holds: Mapping[Scope, Hold] = field(default_factory=dict)
    verified: Layered[str, frozenset[tuple[int, str]]] = field(default_factory=Layered)
    decisions: tuple[DoseDecision, ...] = ()
    rp2d: Mapping[str, ChosenRp2d] = field(default_factory=dict)
    entries: Layered[str, tuple[tuple[int, str], ...]] = field(default_factory=Layered)

    def last_decision(self, arm: str) -> DoseDecision | None:
        """Give the last dose decision of an arm.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        DoseDecision or None
            None before the first.
        """
        found = [each for each in self.decisions if each.arm == arm]
        return found[-1] if found else None

    def with_entry(self, subject: str, sequence: int, act: str) -> "Oversight":
        """Note a happening about an arm, a delegation or the trial.

        Parameters
        ----------
        subject : str
            Subject of the happening.
        sequence : int
            Its place.
        act : str
            What was done.

        Returns
        -------
        Oversight
            A new one; this one is unchanged.
        """
        noted = (*self.entries.get(subject, ()), (sequence, act))
        return replace(self, entries=self.entries.with_entry(subject, noted))
