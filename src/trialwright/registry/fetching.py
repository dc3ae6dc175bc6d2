"""One study over the ClinicalTrials.gov API v2, as JSON text; every way to fail is a sentence.

The client, with its address and its patience, is handed in; nothing here reads a clock or waits by
itself.
"""

import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator

import httpx

from trialwright.terms.errors import Fault, Refusal, refuse, shorten

MOST_BYTES = 20_000_000
"""Largest record taken, bytes after unpacking."""

POLITE_SECONDS = 5
"""Longest wait that a server may ask for and is asked a second time after, seconds."""

_NCT = re.compile(r"NCT[0-9]{8}")
_LATER = "Try again later, or save the record by hand and read that file"
_BY_HAND = "Save the record by hand in a browser and read that file"


def fetch(
    nct: str,
    client: httpx.Client,
    *,
    wait: Callable[[float], None] | None = None,
    is_late: Callable[[], bool] = lambda: False,
) -> str:
    """Get the record of one study.

    Parameters
    ----------
    nct : str
        Its NCT number.
    client : httpx.Client
        With the address of the server as its base; it follows no redirect.
    wait : callable or None
        Waits so many seconds. A server that is asked too often and names a wait of up to
        `POLITE_SECONDS` is asked once more after it; None: it is not.
    is_late : callable
        Says whether the whole time allowed is over; asked with each piece that arrives.

    Returns
    -------
    str
        The record as JSON text, as it was sent.

    Raises
    ------
    Refusal
        If the number is none, the server cannot be reached or gives no such record, or what it
        gives is not the record of that study in the form known here.
    """
    if not _NCT.fullmatch(nct):
        raise refuse("NCT number", shorten(nct), "NCT and eight digits, e.g. NCT02513394",
                     "Correct the number")  # fmt: skip
    try:
        raw = _asked(nct, client, wait, is_late)
    except httpx.HTTPError as failed:
        raise Refusal([_broken(client.base_url.host, failed)]) from None
    except httpx.InvalidURL:  # of a redirect that is not followed, and read all the same
        raise refuse(client.base_url.host, "sent on to an address that is none",
                     "an address that answers itself", _BY_HAND) from None  # fmt: skip
    return _record(nct, client.base_url.host, raw)


def _asked(
    nct: str,
    client: httpx.Client,
    wait: Callable[[float], None] | None,
    is_late: Callable[[], bool],
) -> bytes:
    """Ask the server, and once more when it names a short wait."""
    path, host = f"/api/v2/studies/{nct}", client.base_url.host
    with client.stream("GET", path) as answer:
        seconds = _short_wait(answer)
        if wait is None or seconds is None:
            return _taken(nct, host, answer, is_late)
    wait(seconds)
    with client.stream("GET", path) as answer:
        return _taken(nct, host, answer, is_late)


def _short_wait(answer: httpx.Response) -> int | None:
    """Give the seconds that a server which is asked too often wants, when they are few."""
    asked = answer.headers.get("retry-after", "")
    is_short = answer.status_code == httpx.codes.TOO_MANY_REQUESTS and re.fullmatch(
        r"[0-9]", asked.strip()
    )
    return int(asked) if is_short and int(asked) <= POLITE_SECONDS else None


def _taken(nct: str, host: str, answer: httpx.Response, is_late: Callable[[], bool]) -> bytes:
    """Take the body of a good answer, up to the largest size."""
    if answer.status_code != httpx.codes.OK:
        raise Refusal([_no_record(nct, host, answer)])
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise refuse(host, f"a body of type {shorten(kind) or 'unknown'}", "application/json",
                     f"Correct the address given with --base, or {_lower(_BY_HAND)}")  # fmt: skip
    return b"".join(_pieces(host, answer, is_late))


def _pieces(host: str, answer: httpx.Response, is_late: Callable[[], bool]) -> Iterator[bytes]:
    """Give the body piece by piece, and stop when it grows too large or takes too long."""
    size = 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > MOST_BYTES:
            raise refuse(host, f"more than {MOST_BYTES} bytes", "the record of one study",
                         "Correct the address given with --base")  # fmt: skip
        if is_late():
            raise _too_slow(host)
        yield piece


def _no_record(nct: str, host: str, answer: httpx.Response) -> Fault:
    """Say why there is no record, by the status of the answer."""
    status = answer.status_code
    said = f"status {status}{_reason(answer)}"
    if answer.has_redirect_location:
        return _moved(nct, host, answer)
    if status == httpx.codes.NOT_FOUND:
        return Fault(nct, f"no such study at {host} ({said})", "a registered study",
                     "Correct the number; a study not yet public cannot be fetched")  # fmt: skip
    if status == httpx.codes.TOO_MANY_REQUESTS:
        until = _until(answer)
        do = f"Wait {'so long' if until else 'some minutes'}, then fetch again"
        return Fault(host, f"asked too often ({said}){until}", "few requests a minute", do)
    if answer.is_server_error:
        return Fault(host, f"a server that cannot answer now ({said}){_until(answer)}",
                     "the record", _LATER)  # fmt: skip
    return Fault(host, f"a request that was not taken ({said})", "the record", _BY_HAND)


def _moved(nct: str, host: str, answer: httpx.Response) -> Fault:
    """Say where a study is now; another number of it is named, nothing is followed."""
    place = answer.headers["location"]
    other = next((each for each in _NCT.findall(place.upper()) if each != nct), None)
    if other:
        return Fault(nct, f"another number of the study {other}", "the study's own number",
                     f"Fetch {other}")  # fmt: skip
    return Fault(host, f"sent on to {shorten(place)} (status {answer.status_code})",
                 "an address that answers itself",
                 "Give the address meant with --base, if you trust it")  # fmt: skip


def _until(answer: httpx.Response) -> str:
    """Say in words how long the server asks to wait."""
    asked = answer.headers.get("retry-after", "").strip()
    if not asked:
        return ""
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return f"; it asks to wait {int(asked)} seconds"
    return f"; it asks to wait until {shorten(asked)}"


def _reason(answer: httpx.Response) -> str:
    """Give the server's word for its status."""
    word = answer.reason_phrase
    return f" {shorten(word, 40)}" if word else ""


def _broken(host: str, failed: httpx.HTTPError) -> Fault:
    """Say why no whole answer came."""
    whys = tuple(_causes(failed))
    if isinstance(failed, httpx.TimeoutException):
        return _too_slow(host).faults[0]
    if isinstance(failed, httpx.ProxyError):
        return Fault(host, "a proxy that does not let this through", "a way to the server",
                     "Correct the settings of this machine: HTTPS_PROXY, NO_PROXY")  # fmt: skip
    if isinstance(failed, httpx.DecodingError):
        return Fault(host, "a body that cannot be unpacked", "the record", _LATER)
    for kind, found, do in _UNREACHED:
        if any(isinstance(why, kind) for why in whys):
            return Fault(host, found, "a server that answers", do)
    if isinstance(failed, httpx.ConnectError):
        return Fault(host, "cannot be reached", "a server that answers",
                     f"Look to the network of this machine, or {_lower(_BY_HAND)}")  # fmt: skip
    return Fault(host, "an answer that broke off", "the whole record", _LATER)


_UNREACHED: tuple[tuple[type[Exception], str, str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "a certificate that this machine does not trust",
        "Ask whoever runs the network; a proxy that opens TLS has its certificate in SSL_CERT_FILE",
    ),
    (
        ssl.SSLError,
        "no secure connection (TLS)",
        "Correct the address given with --base (http or https), or ask whoever runs the network",
    ),
    (
        socket.gaierror,
        "a name that cannot be found (DNS)",
        "Correct the address given with --base, or look to the network of this machine",
    ),
    (
        ConnectionRefusedError,
        "a connection that was refused",
        "Correct the address given with --base, or try again later",
    ),
)
"""Cause of a failed connection, what is said of it, and what to do; the first that fits."""


def _causes(failed: BaseException | None) -> Iterator[BaseException]:
    """Give an exception and what it came of."""
    while failed is not None:
        yield failed
        failed = failed.__cause__ or failed.__context__


def _too_slow(host: str) -> Refusal:
    """Say that the time allowed is over."""
    return refuse(host, "no whole answer in the time allowed", "an answer in time",
                  "Try again later, or allow more time with --seconds")  # fmt: skip


def _record(nct: str, host: str, raw: bytes) -> str:
    """Check that a body is the record of the study asked for."""
    try:
        text = raw.decode("utf-8-sig")
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise refuse(host, f"{len(raw)} bytes that are no JSON", "the record as JSON",
                     _LATER) from None  # fmt: skip
    found = _number(plain)
    where = "protocolSection.identificationModule.nctId"
    if not isinstance(found, str) or not found:
        raise refuse(where, "not there", "the number of the study, as in API v2 of "
                     "ClinicalTrials.gov", "The form of the record has changed: look for a newer "
                     "trialwright, or read another shape of the record")  # fmt: skip
    if found != nct:
        raise refuse(where, shorten(found), nct, "Fetch again; if it stays so, read the record "
                     "from a browser")  # fmt: skip
    return text


def _number(plain: object) -> object:
    """Give the number that a record says is its own; None when it has none in its place."""
    for name in ("protocolSection", "identificationModule", "nctId"):
        plain = plain.get(name) if isinstance(plain, dict) else None
    return plain


def _lower(sentence: str) -> str:
    """Let a sentence go on from another."""
    return sentence[0].lower() + sentence[1:]
