"""The network: one client, made for one study of the public registry."""

import time
from pathlib import Path

import httpx

from trialwright import __version__
from trialwright.assembly.files import write_new
from trialwright.registry.fetching import fetch
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

CLINICAL_TRIALS = "https://clinicaltrials.gov"
"""Address of the public registry."""


def fetch_record(nct: str, base: str | None, seconds: float) -> str:
    """Fetch the record of one study.

    Parameters
    ----------
    nct : str
        Its NCT number.
    base : str or None
        Address of the server; None: ClinicalTrials.gov.
    seconds : float
        Time allowed, for connecting, for each piece, and for the whole after its last piece.

    Returns
    -------
    str
        The record as JSON text, as it was sent.

    Raises
    ------
    Refusal
        If the address is none, the server cannot be reached, or it gives no such record.
    """
    address = _address(base or CLINICAL_TRIALS)
    over = time.monotonic() + seconds
    try:
        client = httpx.Client(
            base_url=address,
            timeout=seconds,
            headers={"User-Agent": f"trialwright/{__version__}", "Accept": "application/json"},
            follow_redirects=False,
        )
    except (ValueError, OSError, httpx.InvalidURL) as failed:
        raise refuse("network settings of this machine", shorten(failed),
                     "a proxy and certificates that can be used",
                     "Correct HTTPS_PROXY, ALL_PROXY or SSL_CERT_FILE") from None  # fmt: skip
    with client:
        return fetch(nct, client, wait=time.sleep, is_late=lambda: time.monotonic() > over)


def fetch_to(nct: str, output: Path, base: str | None, seconds: float) -> None:
    """Fetch the record of one study into a new file.

    Parameters
    ----------
    nct : str
        Its NCT number.
    output : Path
        The new file.
    base : str or None
        As in `fetch_record`.
    seconds : float
        As in `fetch_record`.

    Raises
    ------
    Refusal
        As `fetch_record`; and before anything is fetched if there is such a file.
    """
    if output.exists():
        raise Refusal([Fault("", "File exists", "a new file in a folder that can be written",
                             "Choose another name", output.name)])  # fmt: skip
    write_new(output, fetch_record(nct, base, seconds))


def _address(base: str) -> httpx.URL:
    """Read the address of a server."""
    try:
        address = httpx.URL(base)
        address.host.encode("idna")  # as the system does before it asks for a name
        is_host = bool(address.host) and "%" not in address.host
        is_port = address.port is None or 0 < address.port < 65536
        is_whole = address.scheme in ("http", "https") and is_host and is_port
    except (httpx.InvalidURL, ValueError):
        is_whole = False
    if not is_whole:
        raise refuse("base", shorten(base), "an address such as https://clinicaltrials.gov",
                     "Correct the address")  # fmt: skip
    return address
