"""Whether signatures stand: what was signed is shown again after each later happening."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from trialwright.conduct.amendment_folding import AMENDED
from trialwright.conduct.folding import apply
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import REDACTED, erased_fields, target_of
from trialwright.conduct.scopes import in_words
from trialwright.conduct.shown import content, differences
from trialwright.conduct.signing_records import Signature
from trialwright.conduct.state import TrialState
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json, canonical, digest
from trialwright.terms.errors import Refusal

_TOLD = 5
"""Most places named of what changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a signature stands.

    Attributes
    ----------
    signature : Signature
        As it was given; it is kept whatever happens.
    state : {'valid', 'void'}
        Valid as long as what is shown is exactly what was signed.
    since : int or None
        Happening that voided it; None while it is valid, or when this software shows it otherwise.
    because : str
        What stands or changed: places, never values.
    """

    signature: Signature
    state: Literal["valid", "void"]
    since: int | None
    because: str

    def __str__(self) -> str:
        """Say it on one line."""
        since = f" since entry {self.since}" if self.since else ""
        return f"{self.signature}: {self.state}{since}: {self.because}"


def standings(study: Study, records: Iterable[Recorded]) -> tuple[Standing, ...]:
    """Say of every signature of a trial whether it stands, and since when it does not.

    Parameters
    ----------
    study : Study
        The protocol in force.
    records : iterable of Recorded
        The whole ledger in order.

    Returns
    -------
    tuple of Standing
        In the order of the signatures. A change that is taken back later has voided it all the
        same; so has an unlocking.

    Raises
    ------
    Refusal
        If a record cannot be read by this software.
    """
    return Watch().standings(study, tuple(records))


@dataclass(slots=True)
class Watch:
    """Signatures followed happening by happening: asked again, it looks at what is new alone.

    Attributes
    ----------
    state : TrialState or None
        Where the trial stood after the last happening that was looked at.
    shown : dict of int to tuple of (Signature, Json)
        Signatures that stand, with what was signed, by their happening.
    told : dict of int to Standing
        Those that are void.
    """

    state: TrialState | None = None
    shown: dict[int, tuple[Signature, Json]] = field(default_factory=dict)
    told: dict[int, Standing] = field(default_factory=dict)
    _study: Study | None = None

    def standings(self, study: Study, records: Sequence[Recorded]) -> tuple[Standing, ...]:
        """Say of every signature of a trial whether it stands, as `standings` does.

        Parameters
        ----------
        study : Study
            The protocol in force.
        records : sequence of Recorded
            The whole ledger in order.

        Returns
        -------
        tuple of Standing
            In the order of the signatures. After a redaction or an amendment, and for another
            protocol, everything is looked at again.

        Raises
        ------
        Refusal
            If a record cannot be read by this software.
        """
        state = self.state
        new = records[state.sequence :] if state else records
        is_anew = any(each.happening.act in (REDACTED, AMENDED) for each in new)
        if state is None or self._study is not study or is_anew:
            self.shown, self.told, self._study, new = {}, {}, study, records
            state = TrialState(study, erased=erased_fields(records))
        self.state = None  # a record that cannot be read leaves nothing half done
        for record in new:
            state = apply(state, record)
            self._follow(state, record, records)
        self.state = state
        because = "what is shown is what was signed"
        valid = {number: Standing(signature, "valid", None, because)
                 for number, (signature, _) in self.shown.items()}  # fmt: skip
        every = {**self.told, **valid}
        return tuple(every[each.sequence] for each in state.oversight.signatures)

    def _follow(self, state: TrialState, record: Recorded, records: Sequence[Recorded]) -> None:
        """Look at what a happening did to the signatures before it, or at the one it gives."""
        for signature, before in tuple(self.shown.values()):
            void = _voided(state, record, signature, before)
            if void is not None:
                self.told[signature.sequence] = void
                del self.shown[signature.sequence]
        if record.happening.act == "signed":
            signature = state.oversight.signatures[-1]
            now = _content(state, signature)
            if digest(canonical(now)) == signature.digest:
                self.shown[signature.sequence] = (signature, now)
            else:
                nct = state.study.identifiers.nct
                self.told[signature.sequence] = _unlike(signature, records, nct)


def _voided(
    state: TrialState, record: Recorded, signature: Signature, before: Json
) -> Standing | None:
    """Say whether a happening voided a signature that stood before it."""
    if record.happening.act == "unlocked":
        now = next(
            each for each in state.oversight.signatures if each.sequence == signature.sequence
        )
        if now.unlocked_by == record.sequence:
            because = "what was signed was unlocked"
            return Standing(signature, "void", record.sequence, because)
    if record.happening.subject != signature.target.subject:
        return None
    places = list(differences(before, _content(state, signature)))
    if not places:
        return None
    named = "; ".join(in_words(each.removeprefix("shown/")) for each in places[:_TOLD])
    more = f" and {len(places) - _TOLD} more" if len(places) > _TOLD else ""
    return Standing(signature, "void", record.sequence, f"{named}{more} changed")


def _unlike(signature: Signature, held: Sequence[Recorded], nct: str) -> Standing:
    """Say why what was signed cannot be shown as it was; the trail of the trial is everybody's."""
    subjects = {each.sequence: each.happening.subject for each in held}
    for record in held:
        if record.happening.act != REDACTED:
            continue
        sequence, path = target_of(record.happening)
        is_of_it = signature.target.subject in (subjects[sequence], nct)
        if is_of_it and sequence < signature.sequence < record.sequence:
            because = f"{in_words(path)} in entry {sequence} was redacted"
            return Standing(signature, "void", record.sequence, because)
    return Standing(signature, "void", None, "this software shows it otherwise than it was signed")


def _content(state: TrialState, signature: Signature) -> Json:
    """Show what was signed; what can be shown no more differs from everything."""
    try:
        return content(state, signature.target)
    except Refusal as refused:
        return {"shown": {"refused": str(refused)}}
