"""Many things asked of a function at once, on all cores or on a cluster."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from trialwright.assembly.collecting import end_at_once
from trialwright.ledger.spreading import Run
from trialwright.terms.errors import refuse, shorten


@contextmanager
def workers(
    number: int, cluster: str = "", begin: Callable[[], None] | None = None
) -> Iterator[Run]:
    """Give what asks a function of many things, e.g. of designs.

    Parameters
    ----------
    number : int
        Processes; 0: one a core; 1: this one.
    cluster : str
        Address of the scheduler of a Dask cluster, e.g. `tcp://host:8786`; empty: none.
    begin : callable () -> None, or None
        Called in each process before it is asked anything; not on a cluster.

    Yields
    ------
    Run
        As `map`; answers come in the order asked.

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
    if count == 1 and begin is None:
        yield map
        return
    with ProcessPoolExecutor(count, get_context("spawn"), partial(_begin, begin)) as pool:
        yield pool.map


def _begin(begin: Callable[[], None] | None) -> None:
    """Begin a process: the one that asks waits for its end."""
    end_at_once()
    if begin is not None:
        begin()


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
        yield lambda ask, things: (
            future.result() for future in client.map(ask, list(things), pure=False)
        )
    finally:
        client.close()  # type: ignore[no-untyped-call]
