"""Happenings: what was done in the study, as recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from trialwright.terms.canonical import Json


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing done in the study.

    Attributes
    ----------
    act : str
        What was done, e.g. `registered`.
    subject : str
        Whom or what it concerns: a study number, or a cohort such as `A/1`.
    on : date
        The civil day on which it happened; the ledger adds the time of entry.
    payload : mapping of str to Json
        What else is recorded, by name. Each leaf can be redacted by itself.
    reason : str
        Why a recorded value changed; empty for a first entry.
    schema : int
        Number of the payload's form, counted from 1 for each act.
    """

    act: str
    subject: str
    on: date
    payload: Mapping[str, Json] = field(default_factory=dict)
    reason: str = ""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """A happening as the ledger holds it.

    Attributes
    ----------
    sequence : int
        Place in the trial's chain, counted from 1.
    entered_at : str
        Time of entry in UTC, ISO 8601 with milliseconds and `Z`.
    actor, role, site : str
        Account that acted, its role at that time, its site.
    source : str or mapping of str to Json
        Through which door: `cli`, `page`, `api`, `import <digest>`, `simulation`. A mapping tells
        more by name, e.g. session, address and file; each leaf can be redacted by itself.
    protocol : str
        Digest of the protocol text in force.
    software : str
        Version of the software that decided.
    happening : Happening
        What was done. A redacted leaf of the payload reads as null.
    """

    sequence: int
    entered_at: str
    actor: str
    role: str
    site: str
    source: str | Mapping[str, Json]
    protocol: str
    software: str
    happening: Happening
