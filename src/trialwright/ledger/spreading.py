"""Looking at a long ledger in several processes, each at spans of it.

Each happening is looked at by itself; one walk, in the process that asks, holds it against the one
before, and so finds the same at the same place as a look from the beginning.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from trialwright.ledger import rows
from trialwright.ledger.chain import Link
from trialwright.ledger.findings import Discovery, Tampering, discover
from trialwright.ledger.looking import Page, Stretch, looked_at
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.sessions import Session
from trialwright.terms.errors import Refusal, shorten

Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""As `map`: asks a function of many things, and gives the answers in their order."""

FEW = 10_000
"""A ledger with fewer happenings is looked at where somebody asks."""

_PAGES = 8
"""Pages of a span: long enough that sending it costs little, short enough that nobody waits for
the last one."""


class Span(NamedTuple):
    """Happenings that one process looks at.

    Attributes
    ----------
    after, through : int
        Sequence before the first, and that of the last.
    """

    after: int
    through: int


class Readable(Protocol):
    """A ledger that can be sent to another process and read there."""

    def with_rows(self, use: Callable[[Session], None]) -> None:
        """Let somebody read the rows as they stand at one moment.

        Parameters
        ----------
        use : callable
            Gets a session that writes nothing.
        """
        ...


class Spread:
    """A ledger that several processes look at.

    Attributes
    ----------
    heads : list of Receipt
        Signed heads, as stored.
    trials : tuple of str
        Trials of the ledger.
    is_fit : bool
        Whether it can be looked at so: it is long, and numbered by whole numbers.

    Parameters
    ----------
    ledger : Readable
        Without keys.
    trial : str
        The trial.
    run : Run
        Of the processes.
    """

    def __init__(self, ledger: Readable, trial: str, run: Run) -> None:
        self.heads: list[Receipt] = []
        self.trials: tuple[str, ...] = ()
        self.is_fit = False
        self._ledger, self._trial, self._run = ledger, trial, run
        self._sequences: list[Any] = []
        self._fields: int | None = None
        self._read = 0
        self._is_read = False
        ledger.with_rows(self._begin)

    def _begin(self, session: Session) -> None:
        """See how long the chain is, and how it is signed."""
        self._sequences = rows.sequences(session, self._trial)
        self.is_fit = len(self._sequences) >= FEW and set(map(type, self._sequences)) == {int}
        if self.is_fit:
            self.heads, self.trials = rows.heads(session, self._trial), rows.trials(session)
            if self._reads_all:
                self._fields = session.fields()

    @property
    def _reads_all(self) -> bool:
        """Whether all fields are read, so that the look at their index is spared."""
        return self.trials in ((), (self._trial,))

    def found(self) -> Iterator[Stretch | Link]:
        """Give the happenings in order, as they were looked at.

        Yields
        ------
        Stretch or Link
            It ends early where the database could not be read, or finds itself damaged.
        """
        parts = [None, *spans(self._sequences)]  # the look for damage takes longest: it is first
        look = partial(_look, self._ledger, self._trial, spares=self._reads_all)
        answers = iter(self._run(look, parts))
        if next(answers) != []:
            return
        for found in answers:
            if found is None:
                return
            self._read += found.fields
            yield from found.found
        self._is_read = True

    @property
    def holds(self) -> bool:
        """Whether everything was read, of a sound database, and nothing redacted meanwhile."""
        if not self._is_read:
            return False
        doubts: list[object] = []

        def use(session: Session) -> None:
            """Gather what speaks against it."""
            doubts.append(rows.has_redacted(session, self._trial, self._sequences[-1]))
            if self._fields not in (None, self._read):  # there are fields of no happening
                doubts.append(session.damage())

        self._ledger.with_rows(use)
        return not any(doubts)


def wrong_with(session: Session, *, besides_fields: bool = False) -> list[Discovery]:
    """Look for damage that the database itself sees, and for changed guards.

    Parameters
    ----------
    session : Session
        To a ledger.
    besides_fields : bool
        As `Session.damage` takes it.

    Returns
    -------
    list of Discovery
        At most two.

    Raises
    ------
    Refusal
        If the database cannot be read.
    """
    found, told = [], session.damage(besides_fields=besides_fields)
    if told:
        found.append(discover(Tampering.DAMAGED, 0, shorten(told)))
    if not session.guards_stand():
        why = "tables or triggers are not those that this software made"
        found.append(discover(Tampering.GUARD_REMOVED, 0, why))
    return found


def spans(sequences: Sequence[int]) -> list[Span]:
    """Part a chain where who reads it from its beginning page by page begins a page.

    Parameters
    ----------
    sequences : sequence of int
        Of every happening, in order.

    Returns
    -------
    list of Span
        In order; each begins where the one before ends.
    """
    ends: list[int] = []
    place = 0
    while place < len(sequences):
        ends.append(sequences[min(place + rows.PAGE, len(sequences)) - 1])
        place = bisect_right(sequences, ends[-1])
    last = [*ends[_PAGES - 1 : -1 : _PAGES], *ends[-1:]]
    return [Span(after, through) for after, through in pairwise([0, *last])]


def _look(
    ledger: Readable, trial: str, span: Span | None, *, spares: bool
) -> Page | list[Discovery] | None:
    """Look at a span, or without one at the database itself; None where it cannot be read."""
    found: list[Page | list[Discovery]] = []

    def use(session: Session) -> None:
        """Look in one session."""
        if span is None:
            found.append(wrong_with(session, besides_fields=spares))
        else:
            found.append(_joined(looked_at(session, trial, *span)))

    try:
        ledger.with_rows(use)
    except Refusal:
        return None
    return found[0]


def _joined(pages: Iterable[Page]) -> Page:
    """Make one page of several."""
    every = list(pages)
    return Page([each for page in every for each in page.found], sum(each.fields for each in every))
