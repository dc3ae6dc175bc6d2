"""Exports: enough for an outsider to verify everything again."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trialwright.ledger.envelope import COLUMNS
from trialwright.ledger.export import read_lines
from trialwright.ledger.findings import Tampering
from trialwright.ledger.signing import VerifyingKey
from trialwright.ledger.verify import verify
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"


def sha256(value):
    """Hash canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def outsider(lines, public):
    """Verify an export with the standard library, following the reference page alone."""
    rows = [json.loads(line) for line in lines]
    hashes, previous = {}, "0" * 64
    for number, row in enumerate((row for row in rows if row["row"] == "happening"), start=1):
        for path, promised in row["commitments"].items():
            salt, value = (row["fields"][path][name] for name in ("salt", "value"))
            if salt is not None:
                assert sha256(["trialwright field 1", salt, path, value]) == promised
        hashed = {name: row[name] for name in ("commitments", "envelope", "previous")}
        assert row["envelope"]["sequence"] == number
        assert row["previous"] == previous
        assert row["hash"] == sha256({**hashed, "context": "trialwright happening 1"})
        previous = hashes[number] = row["hash"]
    covered = 0
    for row in (row for row in rows if row["row"] == "head"):
        said = {name: row[name] for name in row.keys() - {"row", "signature"}}
        text = {**said, "context": "trialwright head 1"}
        signed = json.dumps(text, sort_keys=True, separators=(",", ":"))
        public.verify(bytes.fromhex(row["signature"]), signed.encode())
        assert row["first"] == covered + 1
        assert row["hash"] == hashes[row["sequence"]]
        covered = row["sequence"]
    return covered


def test_an_outsider_verifies_an_export_without_this_software(filled, say_redaction):
    """json, hashlib and one Ed25519 function suffice, after a redaction, too."""
    filled.append(say_redaction(3, "payload/value"))
    public = Ed25519PublicKey.from_public_bytes(filled.key.verifying.raw)

    assert outsider(filled.ledger.export_lines(TRIAL), public) == 11


@pytest.mark.parametrize(
    ("old", "new"),
    [('"m.chen"', '"mallory"'), ('\\"93\\"', '\\"94\\"'), ('"first":5', '"first":6')],
)
def test_an_outsider_sees_a_change(filled, old, new):
    """Negative control for the outsider's verifier."""
    public = Ed25519PublicKey.from_public_bytes(filled.key.verifying.raw)
    lines = list(filled.ledger.export_lines(TRIAL))
    changed = [line.replace(old, new) for line in lines]

    assert changed != lines
    with pytest.raises((AssertionError, InvalidSignature)):
        outsider(changed, public)


def test_an_export_comes_back_whole(filled, say_redaction):
    """What is read from it verifies as the ledger itself does."""
    filled.append(say_redaction(3, "payload/value"))

    export = read_lines(filled.ledger.export_lines(TRIAL))

    report = verify(
        export.trial,
        export.links,
        export.heads,
        [filled.key.verifying],
        filled.receipts,
        every_signature=True,
    )
    assert report.discoveries == ()
    assert (report.happenings, report.signatures) == (11, 9)


def test_a_changed_export_is_found(filled):
    """The same verification serves files."""
    lines = [
        line.replace('"m.chen"', '"mallory"') if '"sequence":4' in line else line
        for line in filled.ledger.export_lines(TRIAL)
    ]

    export = read_lines(lines)

    report = verify(export.trial, export.links, export.heads, [filled.key.verifying])
    found = [(one.kind, one.sequence) for one in report.broken]
    assert found == [(Tampering.ENVELOPE_EDITED, 4)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[1:],
        lambda lines: [*lines[:3], *lines[4:]],
        lambda lines: [*lines, lines[1]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, lines[-2]],
        lambda lines: [lines[0], *lines],
        lambda lines: ["{", *lines],
        lambda lines: [lines[0], "[]", *lines[1:]],
        lambda lines: [lines[0], '{"row":"other"}', *lines[1:]],
        lambda lines: [lines[0], '{"row":"happening"}', *lines[1:]],
        lambda lines: [lines[0], '{"row":"head"}', *lines[1:]],
        lambda lines: [lines[0], lines[1].replace(":", ": "), *lines[2:]],
        lambda lines: [lines[0], lines[1].replace("{", '{"hash":"0",', 1), *lines[2:]],
        lambda lines: [lines[0].replace('"format":1', '"format":2'), *lines[1:]],
        lambda lines: [line.replace('"salt"', '"pepper"') for line in lines],
        lambda lines: [line.replace('"site"', '"place"') for line in lines],
        lambda lines: [],
    ],
)
def test_a_spoiled_export_is_refused(filled, spoil):
    """A cut, doubled or foreign line is told, not skipped."""
    lines = list(filled.ledger.export_lines(TRIAL))

    with pytest.raises(Refusal):
        read_lines(spoil(lines))


def test_an_export_of_nothing_is_an_export(bench):
    """A trial without happenings has a head line and an end."""
    lines = list(bench.ledger.export_lines(TRIAL))

    assert len(lines) == 2
    assert read_lines(lines).links == ()


REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ledger-format.md"


def fenced(text, kind):
    """Give the blocks of a page, of one kind."""
    return [block.split("```")[0].strip() for block in text.split(f"```{kind}\n")[1:]]


def test_the_export_on_the_reference_page_verifies():
    """The page's example is a real one, under the key printed below it."""
    page = REFERENCE.read_text(encoding="utf-8")
    (lines,) = fenced(page, "jsonl")
    key = next(VerifyingKey.read(block) for block in fenced(page, "text") if "BEGIN" in block)

    assert outsider(lines.splitlines(), Ed25519PublicKey.from_public_bytes(key.raw)) == 1
    export = read_lines(lines.splitlines())
    report = verify(export.trial, export.links, export.heads, [key], export.heads)
    assert report.discoveries == ()


def test_the_reference_page_names_every_kind_of_tampering():
    """A kind that is not explained is not finished."""
    page = REFERENCE.read_text(encoding="utf-8")

    assert [kind for kind in Tampering if f"| {kind} |" not in page] == []


@pytest.mark.parametrize("name", COLUMNS)
def test_the_reference_page_names_every_entry_of_the_envelope(name):
    """With its form."""
    assert f"| `{name}` |" in REFERENCE.read_text(encoding="utf-8")
