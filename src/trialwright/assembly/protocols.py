"""Protocols by name or file: read, and checked by every room that owns a rule of theirs."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from trialwright.assembly import shelf
from trialwright.assembly.files import read_text
from trialwright.eligibility import checks as eligibility_checks
from trialwright.escalation import arm_checks, catalogue, ladder
from trialwright.escalation.ladder import columns_of
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.protocol.reading import ReadProtocol, read_study
from trialwright.protocol.study import Study
from trialwright.safety import checks as safety_checks
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.visits import checks as visit_checks


@cache
def shipped(name: str) -> ReadProtocol:
    """Give a protocol that ships with the package.

    Parameters
    ----------
    name : str
        Its NCT number, in any case.

    Returns
    -------
    ReadProtocol
        The study, its digest and lines.

    Raises
    ------
    Refusal
        If none of that name ships.
    """
    plain = name.strip().lower()
    if plain not in shelf.PROTOCOLS:
        names = ", ".join(shelf.PROTOCOLS)
        raise refuse("protocol", name, f"a file, or one of: {names}", "Correct the name")
    return read_study(shelf.text("protocols", f"{plain}.yaml"), f"{plain}.yaml")


def load(name_or_file: str) -> ReadProtocol:
    """Read a protocol by the name of a shipped one or by its file, and check it.

    Parameters
    ----------
    name_or_file : str
        NCT number, or path of a YAML file.

    Returns
    -------
    ReadProtocol
        A protocol without faults.

    Raises
    ------
    Refusal
        With every fault found.
    """
    path = Path(name_or_file)
    is_file = path.suffix in (".yaml", ".yml") or path.is_file()
    protocol = read_study(read_text(path), path.name) if is_file else shipped(name_or_file)
    faults = check(protocol)
    if faults:
        raise Refusal(faults)
    return protocol


def check(protocol: ReadProtocol) -> tuple[Fault, ...]:
    """Ask every room whether the protocol can work.

    Parameters
    ----------
    protocol : ReadProtocol
        As read.

    Returns
    -------
    tuple of Fault
        With file and line; empty when nothing stands in the way.
    """
    study = protocol.study
    faults = (
        *visit_checks.check(study),
        *_escalation(study),
        *safety_checks.check(study.dlt, shelf.ctcae_terms()),
        *safety_checks.check_agents(study),
        *safety_checks.check_modifications(study, shelf.ctcae_terms()),
        *eligibility_checks.check(study),
    )
    return protocol.place(faults)


def checked_design(data: EscalationDesign, levels: int, where: str) -> tuple[Fault, ...]:
    """Find what is wrong with a design, and with the backfill around it.

    Parameters
    ----------
    data : EscalationDesign
        As the file writes it.
    levels : int
        Number of dose levels of its ladder.
    where : str
        Path of the data in the file.

    Returns
    -------
    tuple of Fault
        Empty when it can be asked.
    """
    faults = catalogue.check(data, levels, where)
    if faults or data.backfill is None:
        return faults
    from trialwright.escalation.backfilling import backfill_from

    try:
        backfill_from(data, levels)
    except Refusal as refused:
        return tuple(replace(each, where=f"{where}.{each.where}") for each in refused.faults)
    return ()


def _escalation(study: Study) -> tuple[Fault, ...]:
    """Ask `escalation` about the design and the ladder of each arm."""
    of_arms = tuple(
        fault
        for place, arm in enumerate(study.arms)
        for fault in (
            *checked_design(arm.escalation, len(arm.ladder.doses), f"arms.{place}.escalation"),
            *ladder.check(arm.ladder, f"arms.{place}.ladder", columns_of(arm.escalation)),
            *arm_checks.check(arm, f"arms.{place}"),
        )
    )
    if of_arms or not study.sharing:  # the model needs NumPy; most protocols share nothing
        return of_arms
    from trialwright.escalation import sharing

    return sharing.check(study)
