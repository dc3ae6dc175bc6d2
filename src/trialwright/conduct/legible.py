"""What redactions left of a recorded happening.

A redacted leaf reads as null, and null often means something else: not recorded, going on, nobody
looked. So a fact of which a part was redacted is not read at all, and what was lost is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, cast

from trialwright.casebook.facts import Attestation
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.overseen import OVERSEEN
from trialwright.conduct.records import read
from trialwright.conduct.state import Lost, ParticipantState, TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse

Record = TypeVar("Record")

REDACTED = "redacted"
"""Act of the happening that erases a field; the ledger knows it by this word."""

RESTS_ON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "facts_recorded": ("payload",),
        "attested": ("payload",),
        "exception_recorded": ("payload",),
        "screened": ("payload/arm",),
        "registered": ("payload/arm", "payload/first_dose_on"),
        "assigned": ("payload/arm", "payload/dose_level", "payload/choice"),
        "doses_recorded": ("payload",),
        "adverse_event_recorded": ("payload",),
        "tumour_baseline_recorded": ("payload",),
        "tumour_assessed": ("payload",),
        "central_baseline_recorded": ("payload",),
        "central_assessed": ("payload",),
        "adjudicated": ("payload",),
        "redaction_settled": ("payload",),
        **OVERSEEN,
        "corrected": ("payload/sequence", "payload/field", "payload/new"),
        **dict.fromkeys(
            (
                "form_recorded",
                "materials_recorded",
                "sequencing_recorded",
                "stain_recorded",
                "screen_failed",
                "visit_recorded",
                "medicine_recorded",
                "drug_counted",
                "progression_recorded",
                "therapy_recorded",
                "survival_contacted",
                "pregnancy_recorded",
                "treatment_ended",
                "study_ended",
                "died",
                "cycle_delayed",
            ),
            ("payload",),
        ),
        "slot_requested": ("payload",),
        "slot_reserved": ("payload",),
        "slot_passed_over": ("payload",),
        "slot_linked": ("payload",),
        "cohort_opened": ("payload",),
        "cohort_held": ("payload",),
        "cohort_resumed": ("payload",),
        "cohort_closed": ("payload",),
        "backfilled": ("payload/arm", "payload/dose_level", "payload/choice"),
    }
)
"""Act to the fields on which the state rests; any other field can go without changing it."""


@dataclass(frozen=True, slots=True)
class Legible:
    """A recorded happening, read as far as redactions left it.

    Attributes
    ----------
    record : Recorded
        As the ledger holds it.
    erased : frozenset of str
        Paths of its fields that were redacted.
    """

    record: Recorded
    erased: frozenset[str] = frozenset()

    @property
    def happening(self) -> Happening:
        """What was done."""
        return self.record.happening

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The redacted fields on which the state would have rested."""
        if not self.erased:
            return ()
        here = self.record
        places = RESTS_ON.get(here.happening.act, ())
        return tuple(
            Lost(here.sequence, here.happening.act, path)
            for path in sorted(self.erased)
            if any(overlap(path, place) for place in places)
        )

    def is_whole(self, *names: str | int) -> bool:
        """Say whether nothing was redacted of a part of the payload.

        Parameters
        ----------
        *names : str or int
            Names on the way to it, and places in lists; none: the whole payload.

        Returns
        -------
        bool
            False also when what it stood in was redacted.
        """
        if not self.erased:
            return True
        path = "/".join(("payload", *(_part(name) for name in names)))
        return not any(overlap(path, each) for each in self.erased)

    def value(self, name: str) -> Json:
        """Give a value of the payload.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        Json
            None when a part of it was redacted.
        """
        return self.happening.payload[name] if self.is_whole(name) else None

    def fact(self, kind: type[Record], name: str) -> Record | None:
        """Read a fact of the payload.

        Parameters
        ----------
        kind : type
            The record's type.
        name : str
            Its name.

        Returns
        -------
        Record or None
            None when a part of it was redacted.

        Raises
        ------
        Refusal
            If nothing of it was redacted and it is no such record.
        """
        return self._read(kind, self.happening.payload[name]) if self.is_whole(name) else None

    def facts(self, kind: type[Record], name: str) -> tuple[Record, ...]:
        """Read a list of facts of the payload.

        Parameters
        ----------
        kind : type
            The records' type.
        name : str
            Name of the list.

        Returns
        -------
        tuple of Record
            Those of which nothing was redacted.

        Raises
        ------
        Refusal
            If one of them is no such record.
        """
        listed = cast("list[Json]", self.happening.payload.get(name) or [])
        return tuple(
            self._read(kind, value)
            for place, value in enumerate(listed)
            if self.is_whole(name, place)
        )

    def attestation(self) -> Attestation | None:
        """Read an answer; its reason stands beside the payload and may be redacted alone.

        Returns
        -------
        Attestation or None
            None when a part of the answer itself was redacted.

        Raises
        ------
        Refusal
            If nothing was redacted and it is no answer.
        """
        if not self.is_whole():
            return None
        said = {**self.happening.payload, "reason": self.happening.reason}
        return self._read(Attestation, said)

    def _read(self, kind: type[Record], value: Json) -> Record:
        """Read a recorded value, and name the happening when it cannot be read."""
        try:
            return read(kind, value)
        except Refusal as refused:
            raise Refusal(
                Fault(f"happening {self.record.sequence}: {each.where}", each.found, each.allowed,
                      "Read this ledger with the version that wrote it, or a later one")
                for each in refused.faults
            ) from None  # fmt: skip


def subject_of(state: TrialState, seen: Legible) -> ParticipantState:
    """Give the participant whom a happening concerns.

    Parameters
    ----------
    state : TrialState
        Before the happening.
    seen : Legible
        The happening.

    Returns
    -------
    ParticipantState
        Where the participant stood before it.

    Raises
    ------
    Refusal
        If nobody consented under that number: a part of the ledger is missing.
    """
    here = state.participants.get(seen.happening.subject)
    if here is None:
        raise refuse(
            f"happening {seen.record.sequence}",
            f"{seen.happening.act} of {seen.happening.subject}, who has not consented",
            "a participant who has consented",
            "Fold the ledger from its beginning",
        )
    return here


def erased_fields(records: Iterable[Recorded]) -> dict[int, frozenset[str]]:
    """Find what redactions erased.

    Parameters
    ----------
    records : iterable of Recorded
        The whole ledger: a redaction stands after what it erased.

    Returns
    -------
    dict of int to frozenset of str
        Paths of erased fields by happening.
    """
    erased: dict[int, frozenset[str]] = {}
    for record in records:
        if record.happening.act == REDACTED:
            sequence, path = target_of(record.happening)
            erased[sequence] = erased.get(sequence, frozenset()) | {path}
    return erased


def target_of(happening: Happening) -> tuple[int, str]:
    """Give what a redaction erased.

    Parameters
    ----------
    happening : Happening
        With the act `redacted`.

    Returns
    -------
    tuple of int and str
        Sequence of the happening, and path of the field.
    """
    payload: Mapping[str, Any] = happening.payload
    return payload["sequence"], payload["field"]


def overlap(one: str, other: str) -> bool:
    """Say whether a path is, holds, or lies in another.

    Parameters
    ----------
    one, other : str
        Paths of fields.

    Returns
    -------
    bool
        The same for both orders.
    """
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _part(name: str | int) -> str:
    """Write one step of a path as the ledger does: places in lists are marked."""
    return f"#{name}" if isinstance(name, int) else name
