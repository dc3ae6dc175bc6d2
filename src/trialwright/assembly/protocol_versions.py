"""Versions of a protocol that the gateway takes: on record, and workable by every room."""

from trialwright.assembly.protocols import check
from trialwright.conduct.amendment_acts import AmendProtocol
from trialwright.conduct.amendment_folding import version_read
from trialwright.conduct.state import TrialState
from trialwright.protocol.reading import ReadProtocol
from trialwright.terms.errors import Refusal, refuse


def require_version(state: TrialState, protocol: ReadProtocol) -> None:
    """Refuse to write under a protocol that is no version of an amended trial.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    protocol : ReadProtocol
        What was handed in.

    Raises
    ------
    Refusal
        Naming the versions there are.
    """
    versions = state.amendments.versions
    if versions and protocol.digest not in {each.digest for each in versions}:
        listed = ", ".join(f"{each.number} ({each.study.version})" for each in versions)
        raise refuse("protocol", f"{protocol.study.version}, digest {protocol.digest[:16]}",
                     f"a version of this ledger: {listed}",
                     "Take a version from the ledger, or record an amendment")  # fmt: skip


def require_workable(act: AmendProtocol) -> None:
    """Refuse an amendment in which a room finds a fault.

    Parameters
    ----------
    act : AmendProtocol
        With the new text.

    Raises
    ------
    Refusal
        With every fault of the text.
    """
    faults = check(version_read(act.text))
    if faults:
        raise Refusal(faults)
