"""Many designs in many scenarios: variations of one design, on all cores or on a cluster."""

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from pydantic import ValidationError

from trialwright.assembly.designs import NamedDesign
from trialwright.escalation import catalogue
from trialwright.escalation.comparing import Run
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.protocol.data import frozen
from trialwright.protocol.faults import told
from trialwright.protocol.strict_yaml import PlainText, read_yaml
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

MOST_DESIGNS = 100_000
"""More variations are refused before any is made."""


def variations(
    named: NamedDesign, varied: Mapping[str, Sequence[str]]
) -> tuple[DoseEscalation, ...]:
    """Make every combination of settings of a design.

    Parameters
    ----------
    named : NamedDesign
        The design whose settings are varied.
    varied : mapping of str to sequence of str
        For a setting, as the protocol file names it, its values as written there.

    Returns
    -------
    tuple of DoseEscalation
        Each labelled with its settings, e.g. `target 0.25, cohort_size 2`.

    Raises
    ------
    Refusal
        With every combination that is no design, each named by its settings.
    """
    _require_settings(named, varied)
    written = {name: getattr(named.data, name) for name in type(named.data).model_fields}
    read = {name: [_read(name, value) for value in values] for name, values in varied.items()}
    faults, found = [], []
    for values in itertools.product(*read.values()):
        changed = dict(zip(varied, values, strict=True))
        label = ", ".join(f"{name} {value}" for name, value in changed.items())
        try:
            found.append(_varied(named, written | changed, label))
        except Refusal as refused:
            faults += [replace(fault, where=f"{label}: {fault.where}") for fault in refused.faults]
    if faults:
        raise Refusal(faults)
    return tuple(found)


def _require_settings(named: NamedDesign, varied: Mapping[str, Sequence[str]]) -> None:
    """Refuse what is no setting, and more combinations than can be judged."""
    known = [
        name for name in type(named.data).model_fields if name not in ("name", "note", "origin")
    ]
    faults = [
        Fault("--vary", shorten(name), ", ".join(known), "Name a setting of the design")
        for name in varied
        if name not in known
    ]
    number = 1
    for values in varied.values():
        number *= len(values)
    if number > MOST_DESIGNS:
        do = "Vary fewer settings, or in several runs"
        faults.append(Fault("--vary", f"{number:,} designs", f"at most {MOST_DESIGNS:,}", do))
    if faults:
        raise Refusal(faults)


def _read(name: str, value: str) -> Any:
    """Read a value as the protocol file is read."""
    plain = read_yaml(f"value: {value}", "--vary").value
    if not isinstance(plain, dict):
        raise refuse(f"--vary {name}", shorten(value), "one value", "Write it as in the file")
    return plain["value"]


def _varied(named: NamedDesign, data: dict[str, Any], label: str) -> DoseEscalation:
    """Make one variation."""
    model = type(named.data)
    try:
        read = model.model_validate(frozen(data), strict=True)
    except ValidationError as invalid:
        raise Refusal(told(invalid, PlainText(dict(data), {}), "", model)) from None
    design = catalogue.design_from(read, named.escalation.levels)
    return replace(named.escalation, design=design, label=label)


@contextmanager
def workers(number: int, cluster: str = "") -> Iterator[Run]:
    """Give what asks a function of many designs.

    Parameters
    ----------
    number : int
        Processes; 0: one a core; 1: this one.
    cluster : str
        Address of the scheduler of a Dask cluster, e.g. `tcp://host:8786`; empty: none.

    Yields
    ------
    Run
        As `map`; answers come in the order of the designs.

    Raises
    ------
    Refusal
        If the cluster cannot be reached, or Dask is not installed.
    """
    if cluster:
        with _on_cluster(cluster) as run:
            yield run
        return
    count = number or os.cpu_count() or 1
    if count == 1:
        yield map
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool.map


@contextmanager
def _on_cluster(address: str) -> Iterator[Run]:
    """Ask on a Dask cluster."""
    try:
        from distributed import Client
    except ImportError:
        do = "Install it: pip install 'trialwright[cluster]'"
        raise refuse("--dask", "Dask is not installed", "the package distributed", do) from None
    try:
        client = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as wrong:
        do = "Start a scheduler, or correct the address"
        raise refuse("--dask", shorten(str(wrong)), "a scheduler that answers", do) from None
    try:
        yield lambda judge, designs: (
            future.result() for future in client.map(judge, designs, pure=False)
        )
    finally:
        client.close()  # type: ignore[no-untyped-call]
