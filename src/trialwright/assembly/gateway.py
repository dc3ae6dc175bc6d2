"""The one gateway: every write is an act, decided on the state under the trial's lock."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from threading import Lock
from typing import Any

from trialwright import __version__
from trialwright.assembly.collecting import collecting_later, set_aside
from trialwright.assembly.data_points import require_recorded
from trialwright.assembly.protocol_versions import require_version, require_workable
from trialwright.assembly.requests import Request, Requests
from trialwright.conduct.account_changes import ACCOUNT_CHANGED
from trialwright.conduct.acts import Act
from trialwright.conduct.amendment_acts import AmendProtocol
from trialwright.conduct.amendment_folding import AMENDED
from trialwright.conduct.amendment_records import ProtocolVersion
from trialwright.conduct.deciding import decide
from trialwright.conduct.delegating import require_delegated
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.entry_day import require_done
from trialwright.conduct.folding import apply, fold
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.legible import REDACTED
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_holding import fallen_due
from trialwright.conduct.state import TrialState
from trialwright.conduct.versions import version_for
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.stores import LedgerStore, LedgerTransaction
from trialwright.protocol.reading import ReadProtocol
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse

SYSTEM = Actor("system", "system", "system")
"""Who is recorded for what falls due without anybody's act."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done.

    Attributes
    ----------
    happenings : tuple of Happening
        What was recorded of it.
    receipt : Receipt
        The signed head of the chain, to be kept by whoever acted.
    due : tuple of Happening
        What had fallen due and was recorded before it, by the actor `system`.
    is_repeated : bool
        Whether it had been done before under the same number of a request, and was not again.
    """

    happenings: tuple[Happening, ...]
    receipt: Receipt
    due: tuple[Happening, ...] = ()
    is_repeated: bool = False

    @property
    def receipt_said(self) -> str:
        """The receipt in a line, for whoever keeps it."""
        return f"receipt: happening {self.receipt.sequence}, head {self.receipt.hash[:16]}"


@dataclass(frozen=True, slots=True)
class Step:
    """One act of several that are done together.

    Attributes
    ----------
    act : Act
        What is asked; no act on places of a cohort, which something may fall due before.
    source : mapping of str to Json
        Door, file and line.
    file : str
        Name of the file, for faults.
    line : int
        Line in it.
    headings : mapping of str to str
        Where a fault of the act stands to the heading of its column; others keep their place.
    """

    act: Act
    source: Mapping[str, Json]
    file: str
    line: int
    headings: Mapping[str, str] = field(default_factory=dict)


class _TakenBackError(Exception):
    """Ends a rehearsal, so that its transaction is rolled back."""


@dataclass(slots=True)
class Gateway:
    """The way into one trial.

    Attributes
    ----------
    store : LedgerStore
        Where happenings are kept.
    protocol : ReadProtocol
        The protocol with which the trial began, or any version that its ledger holds.
    clock : callable () -> str
        Gives the time of entry.
    source : str
        Door of this gateway: `cli`, `page`, `api`, `simulation`.
    """

    store: LedgerStore
    protocol: ReadProtocol
    clock: Callable[[], str]
    source: str
    _held: TrialState = field(init=False)
    _requests: Requests = field(default_factory=Requests)
    _folding: Any = field(init=False, default_factory=Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Begin with nothing folded."""
        self._held = TrialState(self.protocol.study)

    @property
    def trial(self) -> str:
        """The trial's NCT number, the name of its chain."""
        return self.protocol.study.identifiers.nct

    def execute(self, act: Act, actor: Actor, request: Request | None = None) -> Done:
        """Do an act: lock, state, what fell due, authority, decision, record, commit.

        Parameters
        ----------
        act : Act
            What is asked.
        actor : Actor
            Who asks.
        request : Request or None
            Which request it comes by, so that it is done once however often it is sent.

        Returns
        -------
        Done
            What was recorded, with its receipt.

        Raises
        ------
        Refusal
            If the act is refused; nothing is recorded then. With a delegation log, the actor must
            hold the task on the day of entry as well as on that of the act. A request whose number
            was used for something else is refused, and so is an act dated after its entry.
        """
        with self.store.transaction(self.trial) as chain:
            before = self._requests.done(chain, request) if request else ()
            if before:
                return Done(tuple(each.happening for each in before),
                            chain.head_over(before[-1].sequence), is_repeated=True)  # fmt: skip
            state, entered_at = self._brought_up(chain.records, self._held), self.clock()
            entered_on = date.fromisoformat(entered_at[:10])
            require_done(act, entered_on)
            require_version(state, self.protocol)
            if isinstance(act, AmendProtocol):
                require_workable(act)
            due = fallen_due(state, act)
            if due:
                whole = state.amendments.at(EVERY_SITE, act.on)
                door = request.door if request else ""
                self._append(chain, due, SYSTEM, entered_at, whole, door)
                state = self._brought_up(chain.records, state)
            happenings = decide(state, act, actor)
            require_delegated(state, act, actor, entered_on)
            require_recorded(chain.records, act)
            version = version_for(state, act, actor)
            source = request.source if request else ""
            receipt = self._append(chain, happenings, actor, entered_at, version, source)
        self._held = state
        return Done(happenings, receipt, due)

    def execute_whole(
        self, steps: Sequence[Step], actor: Actor, *, is_rehearsal: bool = False
    ) -> tuple[Done, ...]:
        """Do several acts in one transaction: all of them, or none.

        Parameters
        ----------
        steps : sequence of Step
            In order; each is decided on the state that those before it leave.
        actor : Actor
            Who asks.
        is_rehearsal : bool
            Whether nothing is kept: everything is decided and recorded, and then taken back.

        Returns
        -------
        tuple of Done
            One for each; of a rehearsal, with receipts that are good for nothing.

        Raises
        ------
        Refusal
            With the faults of every step that is refused, each with its line; nothing is recorded.
            Steps from a file from which something was recorded before are refused whole.
        """
        done: list[Done] = []
        faults: list[Fault] = []
        try:
            with self.store.transaction(self.trial) as chain:
                state, entered_at = self._brought_up(chain.records, self._held), self.clock()
                entered_on = date.fromisoformat(entered_at[:10])
                require_version(state, self.protocol)
                self._requests.require_new(chain, _files(steps).items())
                for step in steps:
                    try:
                        require_done(step.act, entered_on)
                        happenings = decide(state, step.act, actor)
                        require_delegated(state, step.act, actor, entered_on)
                    except Refusal as refused:
                        faults += [replace(each, where=step.headings.get(each.where, each.where),
                                           file=step.file, line=each.line or step.line)
                                   for each in refused.faults]  # fmt: skip
                        continue
                    version = version_for(state, step.act, actor)
                    receipt = self._append(
                        chain, happenings, actor, entered_at, version, step.source
                    )
                    done.append(Done(happenings, receipt))
                    state = self._brought_up(chain.records, state)
                if faults:
                    raise Refusal(faults)
                if is_rehearsal:
                    raise _TakenBackError
        except _TakenBackError:
            return tuple(done)
        self._held = state
        return tuple(done)

    def note(self, happening: Happening, actor: Actor, source: str = "") -> Receipt:
        """Record what is no act: nothing of the trial is decided by it.

        Parameters
        ----------
        happening : Happening
            A change of an account.
        actor : Actor
            Who did it.
        source : str
            Through which door; empty: that of this gateway.

        Returns
        -------
        Receipt
            The signed head of the chain.

        Raises
        ------
        Refusal
            If the happening is of another kind, its day has not come, or the ledger cannot be
            written.
        """
        if happening.act != ACCOUNT_CHANGED:
            raise refuse("act", happening.act, ACCOUNT_CHANGED, "Do it as an act of the trial")
        with self.store.transaction(self.trial) as chain:
            state, entered_at = self._brought_up(chain.records, self._held), self.clock()
            require_done(happening, date.fromisoformat(entered_at[:10]))
            whole = state.amendments.at(EVERY_SITE, happening.on)
            return self._append(chain, (happening,), actor, entered_at, whole, source)

    def execute_all(self, acts: Sequence[Act], actor: Actor) -> tuple[Done, ...]:
        """Do several acts in order; the first that is refused ends it.

        Parameters
        ----------
        acts : sequence of Act
            What is asked.
        actor : Actor
            Who asks.

        Returns
        -------
        tuple of Done
            One for each act.

        Raises
        ------
        Refusal
            As `execute`; acts before the refused one stay done.
        """
        return tuple(self.execute(act, actor) for act in acts)

    def state(self) -> TrialState:
        """Give the state of the trial, with every happening so far.

        Returns
        -------
        TrialState
            The state held, brought up to date by one thread at a time: folding a whole ledger takes
            seconds, and who waited finds it done. Reading needs no other lock of this process.
        """
        with self._folding:
            state = self._held = self._brought_up(
                lambda after=0: self.store.records(self.trial, after), self._held
            )
        return state

    def take_up(self, records: Sequence[Recorded]) -> None:
        """Bring the state up to date from what was read of the ledger already.

        Parameters
        ----------
        records : sequence of Recorded
            Every happening of the trial, in ledger order.
        """

        def read(after: int = 0) -> Iterator[Recorded]:
            """Give those that are new."""
            return (each for each in records if each.sequence > after)

        with self._folding:
            self._held = self._brought_up(read, self._held)
            self._requests.take_up(records)

    def state_at(self, as_of: date | None = None, known_at: int | None = None) -> TrialState:
        """Give the state of the trial as it was.

        Parameters
        ----------
        as_of : date or None
            What happened later is left out.
        known_at : int or None
            What was entered after this sequence number is left out.

        Returns
        -------
        TrialState
            Folded anew from the beginning.
        """
        with collecting_later():
            return fold(self.protocol.study, self.store.records(self.trial), as_of, known_at)

    def _brought_up(
        self, records: Callable[..., Iterator[Recorded]], held: TrialState
    ) -> TrialState:
        """Add what is new to a state; a redaction or an amendment makes it fold everything anew."""
        if held.sequence:
            new = tuple(records(after=held.sequence))
            if not any(record.happening.act in (REDACTED, AMENDED) for record in new):
                return reduce(apply, new, held)
        with collecting_later():
            folded = fold(self.protocol.study, records())
            set_aside(folded.sequence)
        return folded

    def _append(
        self,
        chain: LedgerTransaction,
        happenings: Sequence[Happening],
        actor: Actor,
        entered_at: str,
        version: ProtocolVersion | None = None,
        source: str | Mapping[str, Json] = "",
    ) -> Receipt:
        """Record happenings under the lock, with who did it and by which rules."""
        return chain.append(
            happenings,
            actor=actor.account,
            role=actor.role,
            site=actor.site,
            source=source or self.source,
            protocol=version.digest if version else self.protocol.digest,
            software=f"trialwright {__version__}",
            entered_at=entered_at,
        )


def _files(steps: Sequence[Step]) -> Mapping[str, str]:
    """Give the files that steps came from: digest to name."""
    return {str(each.source["file"]): each.file for each in steps if each.source.get("file")}
