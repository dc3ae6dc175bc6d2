"""One transaction on a ledger: the lock, the look at the ground, the append."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.ledger import chain, reading, rows
from trialwright.ledger.commitments import Opening, read_commitments
from trialwright.ledger.envelope import FORMAT, Envelope, check
from trialwright.ledger.receipts import Receipt, sign
from trialwright.ledger.redaction import REDACTED, Target, refuse_target, target_of
from trialwright.ledger.sessions import Session
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse


class Writing:
    """The lock on one chain; made by `RelationalLedger.transaction` alone.

    Attributes
    ----------
    trial : str
        Whose chain is locked.
    receipts : list of Receipt
        Of the appends made so far.
    is_spoiled : bool
        Whether an append stopped half-way, so that nothing of it may be committed.

    Parameters
    ----------
    session : Session
        With the write lock taken.
    trial : str
        Whose chain to append to.
    signing : SigningKey
        Signs the heads.
    salts : callable
        Gives as many random bytes as asked.
    """

    def __init__(
        self,
        session: Session,
        trial: str,
        signing: SigningKey,
        salts: Callable[[int], bytes],
    ) -> None:
        self.trial = trial
        self.receipts: list[Receipt] = []
        self.is_spoiled = False
        self._session = session
        self._signing = signing
        self._salts = salts

    def records(self, after: int = 0) -> Iterator[Recorded]:
        """Give the happenings in order, those of this transaction included.

        Parameters
        ----------
        after : int
            Sequence after which to begin; 0 for all.

        Yields
        ------
        Recorded
            With the payload put together; a redacted leaf reads as null.
        """
        yield from reading.records(self._session, self.trial, after)

    def head_over(self, sequence: int) -> Receipt:
        """Give the signed head of the append that a happening came with.

        Parameters
        ----------
        sequence : int
            The happening.

        Returns
        -------
        Receipt
            As it was handed out then.

        Raises
        ------
        Refusal
            If no head stands over it.
        """
        for head in rows.heads(self._session, self.trial, sequence - 1):
            return head
        raise refuse("sequence", str(sequence), "a happening under a signed head", "Verify it")

    def append(
        self,
        happenings: Sequence[Happening],
        *,
        actor: str,
        role: str,
        site: str,
        source: str | Mapping[str, Json],
        protocol: str,
        software: str,
        entered_at: str,
    ) -> Receipt:
        """Append happenings, carry out redactions among them, and sign the new head.

        Parameters
        ----------
        happenings : sequence of Happening
            At least one.
        actor, role, site, source, protocol, software, entered_at
            As in `LedgerTransaction.append`.

        Returns
        -------
        Receipt
            Good once the transaction has ended without an exception.

        Raises
        ------
        Refusal
            If something cannot be recorded exactly; nothing is appended.
        """
        if not happenings:
            raise refuse("happenings", "none", "at least one", "Append what was decided")
        first = rows.newest(self._session, self.trial) + 1
        envelopes = [
            Envelope(
                format=FORMAT,
                trial=self.trial,
                sequence=first + place,
                entered_at=entered_at,
                happened_on=happening.on.isoformat(),
                actor=actor,
                role=role,
                site=site,
                act=happening.act,
                subject=happening.subject,
                schema=happening.schema,
                protocol=protocol,
                software=software,
            )
            for place, happening in enumerate(happenings)
        ]
        for envelope in envelopes:
            check(envelope)
        fields = [chain.fields_of(happening, source) for happening in happenings]
        targets = self._targets(happenings)
        previous = rows.hash_at(self._session, self.trial, first - 1)
        links = chain.follow(envelopes, previous or chain.NO_HASH, fields, self._salts)
        head = links[-1]
        receipt = sign(
            self._signing, self.trial, first, head.envelope.sequence, head.hash, entered_at
        )
        self._write(links, targets, receipt)
        return receipt

    def _targets(self, happenings: Sequence[Happening]) -> list[Target]:
        """Give the fields to be erased, each looked up."""
        targets: list[Target] = []
        for happening in happenings:
            if happening.act != REDACTED:
                continue
            target = target_of(happening)
            act, opening = rows.field_at(self._session, self.trial, target)
            if target in targets:
                opening = Opening(None, None)
            refusal = refuse_target(target, act, opening)
            if refusal is not None:
                raise refusal
            targets.append(target)
        return targets

    def _write(
        self, links: Sequence[chain.Link], targets: Sequence[Target], receipt: Receipt
    ) -> None:
        """Write links, erase what they redact, and close with the head, in this order."""
        if self.is_spoiled or not self._session.is_in_transaction:
            raise spoiled()
        self.is_spoiled = True
        for link in links:
            rows.put(self._session, link)
        for target in targets:
            rows.erase(self._session, self.trial, target)
        rows.put_head(self._session, receipt)
        self.receipts.append(receipt)
        self.is_spoiled = False


def spoiled() -> Refusal:
    """Say that a transaction cannot go on.

    Returns
    -------
    Refusal
        To be raised by the caller.
    """
    return refuse(
        "ledger",
        "an append that stopped half-way",
        "a transaction in which every append succeeded",
        "Begin a new transaction; nothing was recorded",
    )


def check_ground(
    session: Session,
    trial: str,
    keys: Sequence[VerifyingKey],
    signing: VerifyingKey,
    checkpoint: Receipt | None,
) -> None:
    """Refuse to build on a chain whose end is not what was signed or kept.

    Parameters
    ----------
    session : Session
        With the write lock taken.
    trial : str
        The trial.
    keys : sequence of VerifyingKey
        That were ever the ledger's.
    signing : VerifyingKey
        Public side of the key that shall sign the next head.
    checkpoint : Receipt or None
        The newest receipt kept outside.

    Raises
    ------
    Refusal
        If guards are gone, the newest happening is not under a good head, the chain is behind
        or apart from the checkpoint, or the signing key was replaced by another. The next
        signature would cover it up.
    """
    last = rows.newest(session, trial)
    found = [] if session.guards_stand() else ["tables or triggers were changed"]
    ends = rows.heads(session, trial, last - 1)
    if last and not _is_signed(session, trial, last, next(iter(ends), None), keys):
        found.append(f"happening {last} is not under a head signed by a key handed in")
    is_other_key = bool(ends) and ends[-1].key_id != signing.key_id
    if is_other_key and rows.has_signed(session, trial, signing.key_id):
        found.append("the newest head is signed by another key, after the signing key had signed")
    if any(head.sequence > last for head in ends):
        found.append(f"a head speaks of happenings after {last}, the last one here")
    if checkpoint is not None:
        here = rows.hash_at(session, trial, checkpoint.sequence)
        if here is None:
            found.append(f"the checkpoint shows {checkpoint.sequence} happenings, here are {last}")
        elif here != checkpoint.hash:
            found.append(f"happening {checkpoint.sequence} is not the one of the checkpoint")
    if found:
        advice = "Verify the ledger; append nothing before it is known what happened"
        allowed = "a chain that ends as it was signed and kept"
        raise Refusal(Fault("ledger", why, allowed, advice) for why in found)


def _is_signed(
    session: Session,
    trial: str,
    last: int,
    head: Receipt | None,
    keys: Sequence[VerifyingKey],
) -> bool:
    """Say whether the newest happening fits its own hash and a good head."""
    if head is None:
        return False
    link = next(rows.links(session, trial, last - 1))
    commitments = read_commitments(link.commitments)
    computed = chain.link_hash(link.envelope, link.previous, commitments)
    if not computed == link.hash == head.hash:
        return False
    return any(
        key.key_id == head.key_id and key.fits(head.signature, head.statement) for key in keys
    )
