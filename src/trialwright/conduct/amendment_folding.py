"""Folding amendments: versions read from the ledger itself, and where each is in force."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

from trialwright.conduct.amendment_records import (
    Activation,
    Amendments,
    ProtocolVersion,
    Reconsent,
)
from trialwright.conduct.cohort_folding import with_first_cohorts
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import TrialState, changed
from trialwright.protocol.reading import ReadProtocol, read_study
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json

AMENDED = "protocol_amended"
"""Act of the happening that holds the text of a version."""

_READ_BEFORE = 32
"""Texts that are kept read; a trial has fewer versions, and reading one takes half a second."""


@lru_cache(_READ_BEFORE)
def version_read(text: str) -> ReadProtocol:
    """Read a version of the protocol.

    Parameters
    ----------
    text : str
        As written.

    Returns
    -------
    ReadProtocol
        Read once for the same text.

    Raises
    ------
    Refusal
        As `read_study`.
    """
    return read_study(text)


def first_study(records: Iterable[Recorded]) -> Study | None:
    """Give the version with which a trial began, as its ledger holds it.

    Parameters
    ----------
    records : iterable of Recorded
        The whole ledger.

    Returns
    -------
    Study or None
        None when the protocol was never amended: then the ledger holds no version.
    """
    for record in records:
        if record.happening.act == AMENDED:
            text = record.happening.payload["first"]
            return version_read(text).study if isinstance(text, str) else None
    return None


_REDACTED = "(the reason was redacted)"


def _amended(state: TrialState, seen: Legible) -> TrialState:
    """Add a version, and before the first amendment the version with which the trial began.

    A text that cannot be read changes nothing: the version before it goes on, and what was lost is
    named.
    """
    versions, sequence = state.amendments.versions, seen.record.sequence
    if not versions:
        begun = _text(seen, "first")
        digest, study = (begun.digest, begun.study) if begun else ("", state.study)
        versions = (ProtocolVersion(0, digest, study, sequence=sequence),)
    read = _text(seen, "text")
    version = ProtocolVersion(
        number=len(versions),
        digest=str(seen.value("digest") or ""),
        study=read.study if read else versions[-1].study,
        on=seen.happening.on,
        reason=_REDACTED if "reason" in seen.erased else seen.happening.reason,
        changes=tuple(str(each) for each in cast("Sequence[Json]", seen.value("changes") or ())),
        consent_within=cast("int | None", seen.value("consent_within")),
        sequence=sequence,
    )
    return _noted(state, seen, replace(state.amendments, versions=(*versions, version)))


def _text(seen: Legible, name: str) -> ReadProtocol | None:
    """Read the text of a version; None when it was redacted."""
    text = seen.value(name)
    return version_read(text) if isinstance(text, str) else None


def _activated(state: TrialState, seen: Legible) -> TrialState:
    """Let a version be in force; with one for the trial as a whole new arms open their cohorts."""
    done, site, number = seen.happening, seen.value("site"), seen.value("version")
    if not isinstance(site, str) or not isinstance(number, int):  # it was redacted
        return _noted(state, seen, state.amendments)
    activation = Activation(number, done.on, seen.record.sequence)
    state = _noted(state, seen, state.amendments.with_activation(site, activation))
    if site != EVERY_SITE or state.opened_on is None:
        return state
    study = state.amendments.versions[number].study
    return with_first_cohorts(state, study, done.on, "first cohort of an arm that was added")


def _reconsented(state: TrialState, seen: Legible) -> TrialState:
    """Note a consent to an amended version; one that cannot be read is none."""
    version = seen.value("version")
    if version is None:
        return state
    done = seen.happening
    reconsent = Reconsent(cast(int, version), done.on, seen.record.sequence)
    return changed(state, amendments=state.amendments.with_reconsent(done.subject, reconsent))


def _noted(state: TrialState, seen: Legible, amendments: Amendments) -> TrialState:
    """Put the versions into the state, and the happening among those of the trial."""
    done = seen.happening
    oversight = state.oversight.with_entry(done.subject, seen.record.sequence, done.act)
    return changed(state, amendments=amendments, oversight=oversight)


AMENDMENT_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {
    AMENDED: _amended,
    "amendment_activated": _activated,
    "reconsented": _reconsented,
}
"""Act of a happening to the function that adds it."""
