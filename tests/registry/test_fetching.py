"""Fetching one study: every way to fail is a sentence. The only server is one of this machine."""

import gzip
import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from trialwright import __version__
from trialwright.assembly.fetching import fetch_record, fetch_to
from trialwright.cli.main import main
from trialwright.registry import fetching
from trialwright.registry.fetching import fetch
from trialwright.terms.errors import Refusal

NCT = "NCT00000000"
JSON = "application/json"
INVENTED = json.dumps(
    {
        "protocolSection": {
            "identificationModule": {"nctId": NCT, "briefTitle": "Testinib \u2265 10\u00a0mg"}
        }
    },
    ensure_ascii=False,
    indent=1,
).encode()


def answer(status=200, body=INVENTED, kind=JSON, **headers):
    """Give what the server does for one request."""

    def do(handler):
        handler.send_response(status)
        if kind is not None:
            handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return do


class Registry:
    """A server that gives its answers in order, the last one for ever."""

    def __init__(self):
        self.answers, self.asked = [answer()], []
        self.over = threading.Event()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                registry.asked.append((self.path, dict(self.headers)))
                do = registry.answers.pop(0) if len(registry.answers) > 1 else registry.answers[0]
                try:
                    do(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    @contextmanager
    def running(self):
        """Serve until the end of the block."""
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.server.shutdown()
            thread.join()
            self.server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Nothing goes through a proxy of the machine that runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def registry():
    """Give a server of this machine."""
    with Registry().running() as served:
        yield served


@pytest.fixture
def client(registry):
    """Give a client of that server."""
    with httpx.Client(base_url=registry.base, timeout=5) as made:
        yield made


def refusal(registry, *, seconds=5.0, nct=NCT):
    """Give the one fault with which fetching ends."""
    with pytest.raises(Refusal) as refused:
        fetch_record(nct, registry.base, seconds)
    (fault,) = refused.value.faults
    assert fault.do.strip()
    return fault


def test_a_record_comes_as_it_was_sent(registry):
    """Not a sign is changed, and the server is asked once, by name."""
    text = fetch_record(NCT, registry.base, 5)

    assert text.encode() == INVENTED
    ((path, headers),) = registry.asked
    assert path == f"/api/v2/studies/{NCT}"
    assert headers["User-Agent"] == f"trialwright/{__version__}"
    assert headers["Accept"] == JSON


def test_a_whole_public_record_comes_as_it_was_sent(registry, shared):
    """A real record with results, one and a half megabytes, packed on the way."""
    packed = (shared / "registry" / "nct02513394-ctgov-v2.json.gz").read_bytes()
    registry.answers = [answer(body=packed, Content_Encoding="gzip")]

    text = fetch_record("NCT02513394", registry.base, 30)

    assert text.encode() == gzip.decompress(packed)


def test_a_byte_order_mark_is_no_part_of_the_record(registry):
    """It is left out; the rest stays."""
    registry.answers = [answer(body=b"\xef\xbb\xbf" + INVENTED, kind="Application/JSON;charset=x")]

    assert fetch_record(NCT, registry.base, 5).encode() == INVENTED


@pytest.mark.parametrize(
    "nct", ["", "NCT1", "nct00000000", "NCT000000000", "NCT0000000\u0661", "NCT00000000\n", "../x"]
)
def test_what_is_no_number_is_not_asked_for(registry, nct):
    """The number is checked before anything is sent."""
    fault = refusal(registry, nct=nct)

    assert fault.where == "NCT number"
    assert registry.asked == []


STATUSES = {
    "unknown": (answer(404, b"not found", "text/plain"), "no such study", "Correct the number"),
    "asked wrongly": (answer(400), "status 400 Bad Request", "Save the record by hand"),
    "forbidden": (answer(403), "status 403", "Save the record by hand"),
    "empty": (answer(204, b""), "status 204", "Save the record by hand"),
    "broken": (answer(500), "cannot answer now (status 500", "Try again later"),
    "busy": (answer(503, Retry_After="120"), "it asks to wait 120 seconds", "Try again later"),
    "too often": (answer(429), "asked too often", "Wait some minutes"),
    "too often, long": (
        answer(429, Retry_After="3600"),
        "it asks to wait 3600 seconds",
        "Wait so long",
    ),
    "too often, until": (
        answer(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"),
        "it asks to wait until Wed, 21 Oct 2026 07:28:00 GMT",
        "Wait so long",
    ),
    "too often, nonsense": (
        answer(429, Retry_After="-1 \u00b9"),
        "it asks to wait until",
        "Wait so long",
    ),
    "moved": (
        answer(302, b"", Location="https://elsewhere.example/x"),
        "sent on to https://elsewhere.example/x (status 302)",
        "Give the address meant with --base",
    ),
    "moved to no address": (
        answer(301, b"", Location="http:x/y"),
        "sent on to an address that is none",
        "Save the record by hand",
    ),
    "moved nowhere": (answer(301, b""), "status 301", "Save the record by hand"),
    "another number": (
        answer(301, b"", Location="/api/v2/studies/NCT00000001"),
        "another number of the study NCT00000001",
        "Fetch NCT00000001",
    ),
    "a page": (answer(kind="text/html", body=b"<html>"), "type text/html", "--base"),
    "no type": (answer(kind=None), "type unknown", "--base"),
    "no JSON": (answer(body=b"{"), "1 bytes that are no JSON", "Try again later"),
    "no text": (answer(body=b"\xff" + INVENTED), "no JSON", "Try again later"),
    "nothing": (answer(body=b""), "0 bytes that are no JSON", "Try again later"),
    "deep": (answer(body=b"[" * 200_000), "no JSON", "Try again later"),
    "a long number": (answer(body=b'{"a": ' + b"1" * 5000 + b"}"), "no JSON", "Try again later"),
    "not packed": (
        answer(Content_Encoding="gzip"),
        "a body that cannot be unpacked",
        "Try again later",
    ),
    "cut off": (
        answer(Content_Length="100000"),
        "an answer that broke off",
        "Try again later",
    ),
    "cut off when packed": (
        answer(body=gzip.compress(INVENTED)[:-12], Content_Encoding="gzip"),
        "",
        "Try again later",
    ),
}


@pytest.mark.parametrize("why", STATUSES)
def test_each_way_to_fail_is_a_sentence(registry, why):
    """It says what came, and what to do; the server is asked once."""
    registry.answers, found, do = [STATUSES[why][0]], *STATUSES[why][1:]

    fault = refusal(registry)

    assert found in fault.found
    assert do in fault.do
    assert len(registry.asked) == 1


FORMS = {
    "a list": [],
    "a text": "NCT00000000",
    "nothing": {},
    "a section of another kind": {"protocolSection": []},
    "a module of another kind": {"protocolSection": {"identificationModule": "x"}},
    "no number": {"protocolSection": {"identificationModule": {"briefTitle": "x"}}},
    "an empty number": {"protocolSection": {"identificationModule": {"nctId": ""}}},
    "a number as number": {"protocolSection": {"identificationModule": {"nctId": 0}}},
    "another place": {"identificationModule": {"nctId": NCT}},
    "the old form": {"FullStudiesResponse": {"NStudiesFound": 1}},
}


@pytest.mark.parametrize("why", FORMS)
def test_a_changed_form_is_told_as_that(registry, why):
    """Without the number in its place nothing is written, whatever else there is."""
    registry.answers = [answer(body=json.dumps(FORMS[why]).encode())]

    fault = refusal(registry)

    assert fault.where == "protocolSection.identificationModule.nctId"
    assert "form of the record has changed" in fault.do


def test_another_study_is_not_taken(registry):
    """Whatever the server means by it."""
    registry.answers = [answer(body=INVENTED.replace(NCT.encode(), b"NCT00000009"))]

    fault = refusal(registry)

    assert (fault.found, fault.allowed) == ("NCT00000009", NCT)


def test_a_short_wait_is_kept_and_the_server_asked_once_more(registry, client):
    """Politeness costs five seconds at most."""
    registry.answers, waited = [answer(429, Retry_After="5"), answer()], []

    text = fetch(NCT, client, wait=waited.append)

    assert text.encode() == INVENTED
    assert waited == [5]
    assert len(registry.asked) == 2


@pytest.mark.parametrize("asked", ["6", "5.5", "", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "\u0661"])
def test_a_longer_wait_is_left_to_people(registry, client, asked):
    """No wait of its own, and no second request."""
    headers = {"Retry_After": asked} if asked.isascii() else {}
    registry.answers, waited = [answer(429, **headers), answer()], []

    with pytest.raises(Refusal):
        fetch(NCT, client, wait=waited.append)

    assert waited == []
    assert len(registry.asked) == 1


def test_the_server_is_never_asked_a_third_time(registry, client):
    """A second refusal is the answer."""
    registry.answers, waited = [answer(429, Retry_After="0")], []

    with pytest.raises(Refusal, match="it asks to wait 0 seconds"):
        fetch(NCT, client, wait=waited.append)

    assert waited == [0]
    assert len(registry.asked) == 2


def test_who_cannot_wait_does_not_ask_again(registry, client):
    """Without a way to wait there is one request."""
    registry.answers = [answer(429, Retry_After="1"), answer()]

    with pytest.raises(Refusal, match="it asks to wait 1 seconds"):
        fetch(NCT, client)

    assert len(registry.asked) == 1


def test_a_server_that_does_not_answer_is_left(registry):
    """After the time allowed."""
    registry.answers = [lambda handler: registry.over.wait(5)]

    began = time.monotonic()
    fault = refusal(registry, seconds=0.2)

    assert "time allowed" in fault.found
    assert "--seconds" in fault.do
    assert time.monotonic() - began < 4


def test_a_server_that_answers_drop_by_drop_is_left(registry):
    """Each drop comes in time, the whole does not."""

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(400):
            if registry.over.wait(0.05):
                return
            handler.wfile.write(b" ")
            handler.wfile.flush()

    registry.answers = [drip]
    began = time.monotonic()

    fault = refusal(registry, seconds=0.5)

    assert "time allowed" in fault.found
    assert time.monotonic() - began < 5


def test_a_huge_body_is_not_taken_whole(registry, monkeypatch):
    """Reading stops at the limit; what was packed counts unpacked."""
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    sent = []

    def pour(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" " * 1_000_000)
            sent.append(1)

    registry.answers = [pour]
    assert "more than 100000 bytes" in refusal(registry).found
    registry.answers = [answer(body=gzip.compress(b" " * 3_000_000), Content_Encoding="gzip")]
    assert "more than 100000 bytes" in refusal(registry).found

    assert len(sent) < 100


def test_nobody_listens(registry):
    """The address is right and the server is not there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    registry.base = f"http://127.0.0.1:{port}"

    fault = refusal(registry)

    assert fault.where == "127.0.0.1"
    assert "refused" in fault.found


def test_a_name_that_is_not_known(registry, monkeypatch):
    """Nobody is asked for it here."""

    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    registry.base = "http://registry.invalid"

    fault = refusal(registry)

    assert fault.where == "registry.invalid"
    assert "DNS" in fault.found


def test_a_network_that_is_not_there(registry, monkeypatch):
    """What has no name of its own is told too."""

    def unreachable(*_, **__):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)

    assert "cannot be reached" in refusal(registry).found


def test_a_server_without_tls(registry):
    """It speaks plainly, and was asked in secret."""
    registry.base = registry.base.replace("http:", "https:")

    assert "TLS" in refusal(registry).found


def test_a_certificate_that_nobody_trusts(registry, tmp_path):
    """As behind a proxy that opens TLS."""
    own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    served = Registry()
    served.server.socket = context.wrap_socket(served.server.socket, server_side=True)
    served.server.handle_error = lambda *_: None
    with served.running():
        served.base = served.base.replace("http:", "https:")

        fault = refusal(served)

    assert "certificate" in fault.found
    assert "SSL_CERT_FILE" in fault.do


def own_certificate(folder):
    """Write a key and a certificate that it signed itself."""
    key, now = generate_private_key(SECP256R1()), datetime.fromtimestamp(time.time_ns() / 1e9, UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "own.pem").write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))


def test_a_proxy_that_lets_nothing_through(registry, monkeypatch):
    """The machine's own settings are named."""
    registry.answers = [answer(403)]
    monkeypatch.setenv("HTTPS_PROXY", registry.base)
    registry.base = "https://registry.invalid"

    served = refusal(registry)

    assert "proxy" in served.found
    assert "HTTPS_PROXY" in served.do


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS_PROXY", "gopher://x"), ("SSL_CERT_FILE", "/nowhere/ca.pem")]
)
def test_settings_that_cannot_be_used(registry, monkeypatch, name, value):
    """A sentence before anything is asked."""
    monkeypatch.setenv(name, value)

    fault = refusal(registry)

    assert name in fault.do
    assert registry.asked == []


@pytest.mark.parametrize(
    "base",
    ["registry", "//x", "ftp://x", "http://", "http://[", "https://x:99999", "https://" + "a" * 70,
     "file:///etc/hostname", "https://a..b", "http://\u2603\u2603.\x00"],
)  # fmt: skip
def test_an_address_that_is_none(registry, base, monkeypatch):
    """It is refused before anything is asked, also of a name server."""
    monkeypatch.setattr(socket, "getaddrinfo", None)
    registry.base = base

    assert refusal(registry).where == "base"


def run(*arguments):
    """Run the command as people call it."""
    return CliRunner().invoke(main, ["registry", "fetch", *arguments])


def test_the_command_writes_a_new_file_and_says_how_to_go_on(registry, tmp_path):
    """The record goes into the file, what is done to standard error."""
    file = tmp_path / "record.json"

    done = run(NCT, "-o", str(file), "--base", registry.base)

    assert done.exit_code == 0
    assert file.read_bytes() == INVENTED
    assert done.stderr == f"fetching {NCT} ...\n"
    assert done.stdout.splitlines()[-1] == f"trialwright registry read {file} -o draft.yaml"


def test_the_command_prints_the_record_alone(registry):
    """So that it can be handed on."""
    done = run(NCT, "--base", registry.base)

    assert done.stdout_bytes == INVENTED + b"\n"


def test_nothing_is_fetched_for_a_file_that_is_there(registry, tmp_path):
    """An old record stays."""
    (tmp_path / "record.json").write_text("old")

    with pytest.raises(Refusal, match="File exists"):
        fetch_to(NCT, tmp_path / "record.json", registry.base, 5)

    assert registry.asked == []
    assert (tmp_path / "record.json").read_text() == "old"


def test_nothing_is_written_when_nothing_came(registry, tmp_path):
    """No empty file is left."""
    registry.answers = [answer(404)]

    with pytest.raises(Refusal):
        fetch_to(NCT, tmp_path / "record.json", registry.base, 5)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "601", "x"])
def test_a_time_that_is_none_is_a_usage_error(seconds):
    """Nothing is asked."""
    done = run(NCT, "--seconds", seconds)

    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)


def test_the_largest_record_is_still_taken(registry, monkeypatch):
    """One byte more is not."""
    monkeypatch.setattr(fetching, "MOST_BYTES", len(INVENTED))
    assert fetch_record(NCT, registry.base, 5).encode() == INVENTED

    monkeypatch.setattr(fetching, "MOST_BYTES", len(INVENTED) - 1)

    assert "bytes" in refusal(registry).found


def test_the_same_number_elsewhere_is_told_by_its_address(registry):
    """It is no other number of the study."""
    registry.answers = [answer(301, b"", Location=f"https://elsewhere.example/studies/{NCT}")]

    assert "sent on to https://elsewhere.example" in refusal(registry).found


def test_a_server_that_cannot_answer_now_is_not_asked_again(registry, client):
    """A short wait is kept for too many requests only."""
    registry.answers, waited = [answer(503, Retry_After="1"), answer()], []

    with pytest.raises(Refusal, match="it asks to wait 1 seconds"):
        fetch(NCT, client, wait=waited.append)

    assert waited == []
