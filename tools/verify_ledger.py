"""Check an exported ledger without Trialwright.

Written from docs/reference/ledger-format.md alone, with nothing but Python 3.9 or newer.
Signatures are checked if the package `cryptography` is installed; if not, that is said.

    python verify_ledger.py EXPORT --key PUBLIC.pem [--checkpoint CHECKPOINT]

Exit status: 0 nothing is wrong, 1 something is wrong, 2 a file cannot be read.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # everything but the signatures can still be checked
    Ed25519PublicKey = None

LEDGER, END = {"format", "trial"}, {"happenings", "heads"}  # entries of each kind of line
HAPPENING = {"envelope", "previous", "hash", "commitments", "fields"}
HEAD = {"trial", "first", "sequence", "hash", "signed_at", "key_id", "signature"}
KINDS = {"ledger": LEDGER, "happening": HAPPENING, "head": HEAD, "end": END}
DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: precedes the 32 bytes of a public key
DAMAGE = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


def canonical(value):
    """Write canonical JSON: RFC 8785, for all that occurs in a ledger."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text):
    """Read canonical JSON; blanks, a key that is there twice and other spellings are refused."""
    value = json.loads(text)
    if canonical(value) != text:
        raise ValueError("not canonical JSON")
    return value


def digest(value):
    """Return the SHA-256 of the canonical JSON of a value."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def public_keys(pem):
    """Return the 32 bytes of each public key in a PEM text, by their SHA-256."""
    blocks = re.findall("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", pem, re.DOTALL)
    ders = [base64.b64decode("".join(block.split()), validate=True) for block in blocks]
    if not ders or any(len(der) != 44 or not der.startswith(DER) for der in ders):
        raise ValueError("no Ed25519 public key in PEM form")
    return {hashlib.sha256(der[12:]).hexdigest(): der[12:] for der in ders}


def field_wrong(path, field, commitment):
    """Say what is wrong with one field, or nothing. Whether it may be erased is told elsewhere."""
    if commitment is None:
        return f"{path}: added; no commitment names it"
    if field == {"salt": None, "value": None}:
        return None
    commits = digest(["trialwright field 1", field["salt"], path, field["value"]])
    if field.keys() != {"salt", "value"} or commits != commitment:
        return f"{path}: value, salt and commitment do not belong together"
    read(field["value"])
    return None


def happening_wrong(row, trial, place, before):
    """Yield what is wrong with one happening that should be number `place` of its trial."""
    envelope, commitments, fields = row["envelope"], row["commitments"], row["fields"]
    if envelope["format"] != 1:
        yield f"record format {envelope['format']} is not known here"
    if envelope["trial"] != trial:
        yield f"belongs to trial {envelope['trial']}"
    if envelope["sequence"] != place:
        yield f"stands where {place} should: deleted, added, moved or renumbered"
    if row["previous"] != before:
        yield "does not follow the happening before it (previous hash)"
    hashed = {name: row[name] for name in ("envelope", "commitments", "previous")}
    if digest({"context": "trialwright happening 1", **hashed}) != row["hash"]:
        yield "envelope, commitments, previous hash or hash was edited"
    for path in sorted({*commitments, *fields}):
        field = fields.get(path, {"salt": None, "value": None})
        said = field_wrong(path, field, commitments.get(path))
        if said:
            yield said


def redactions_wrong(rows):
    """Yield what is erased and should not be, and what is redacted and still there."""
    named = {}
    for number, row in rows.items():
        if row["envelope"]["act"] != "redacted":
            continue
        fields = {path: field["value"] for path, field in row["fields"].items()}
        try:
            target, path = read(fields["payload/sequence"]), read(fields["payload/field"])
            if fields["reason"] is not None and not read(fields["reason"]).strip():
                yield f"happening {number}: a redaction without a reason"
        except DAMAGE:
            yield f"happening {number}: a redaction that does not say of which field"
            continue
        if not (target in rows and target < number and path in rows[target]["commitments"]):
            yield f"happening {number}: redacts {path} of {target}, which is no earlier field"
        named[target, path] = number
    for number, row in rows.items():
        for path in sorted(row["commitments"]):
            is_gone = row["fields"].get(path, {"value": None})["value"] is None
            if is_gone and (number, path) not in named:
                yield f"happening {number}: {path}: erased without a redaction"
            if not is_gone and (number, path) in named:
                yield f"happening {number}: {path}: redacted by {named[number, path]}, still there"


def signature_wrong(head, trial, keys):
    """Say what is wrong with a signed head by itself, or nothing."""
    if head["trial"] != trial:
        return f"belongs to trial {head['trial']}"
    if head["key_id"] not in keys:
        return f"signed by an unknown key, {head['key_id']}"
    if Ed25519PublicKey is not None:
        said = {name: head[name] for name in HEAD if name != "signature"}
        text = canonical({"context": "trialwright head 1", **said})
        key = Ed25519PublicKey.from_public_bytes(keys[head["key_id"]])
        try:
            key.verify(bytes.fromhex(head["signature"]), text.encode())
        except InvalidSignature:
            return "the signature does not fit"
    return None


def heads_wrong(heads, rows, trial, keys):
    """Yield what is wrong with the signed heads, which must lie edge to edge."""
    end, used = 0, []
    for head in heads:
        first, last, key = head["first"], head["sequence"], head["key_id"]
        name = f"head of {first}-{last}"
        said = signature_wrong(head, trial, keys)
        if said:
            yield f"{name}: {said}"
        if key in used[:-1]:
            yield f"{name}: signed by a key that another had replaced"
        if not end + 1 == first <= last:
            yield f"{name}: should begin with {end + 1}: heads or happenings removed or added"
        if last not in rows:
            yield f"{name}: there is no happening {last}"
        elif rows[last]["hash"] != head["hash"]:
            yield f"{name}: another hash was signed: history was rewritten"
        elif rows[last]["envelope"]["entered_at"] != head["signed_at"]:
            yield f"{name}: its time is not that of happening {last}"
        end, used = last, used if key in used else [*used, key]
    if end != max(rows, default=0):
        yield f"the happenings after {end} are under no signed head"


def checkpoint_wrong(receipts, rows, heads, trial, keys):
    """Yield what the receipts of a checkpoint show and the export does not."""
    mine = [receipt for receipt in receipts if receipt["trial"] == trial]
    if not mine:
        yield f"checkpoint: says nothing of trial {trial}"
    for receipt in mine:
        name = f"checkpoint at {receipt['sequence']}"
        said = signature_wrong(receipt, trial, keys)
        if said:
            yield f"{name}: {said}"
        elif receipt["sequence"] not in rows:
            yield f"{name}: the export ends before it: tail cut off, or an old copy"
        elif rows[receipt["sequence"]]["hash"] != receipt["hash"]:
            yield f"{name}: another hash: history was rewritten or forked"
        elif receipt not in heads:
            yield f"{name}: its head is not in the export: removed or replaced"


def sort_lines(lines):
    """Sort the lines of an export by kind, with their numbers; name those that are none."""
    kinds, wrong = {kind: [] for kind in KINDS}, []
    for number, line in enumerate(lines, start=1):
        try:
            row = read(line)
            kind = row.pop("row")
            if row.keys() != KINDS[kind]:
                raise ValueError("entries are missing or too many")
            kinds[kind].append((number, row))
        except DAMAGE as fault:
            wrong.append(f"line {number}: no line of an export: {fault!r}")
    return kinds, wrong


def export_wrong(lines, keys, receipts=None):
    """Yield all that is wrong with the lines of an export, and where."""
    kinds, wrong = sort_lines(lines)
    yield from wrong
    heads = [head for _, head in kinds["head"]]
    if [(number, row["format"]) for number, row in kinds["ledger"]] != [(1, 1)]:
        yield "line 1: no line `ledger` of format 1, or there are several"
        return
    counted = {"happenings": len(kinds["happening"]), "heads": len(heads)}
    if kinds["end"] != [(len(lines), counted)]:
        yield "the last line, `end`, is missing or counts other lines: the file is cut or edited"
    trial, before, rows = kinds["ledger"][0][1]["trial"], "0" * 64, {}
    for place, (number, row) in enumerate(kinds["happening"], start=1):
        try:
            sequence = row["envelope"]["sequence"]
            for said in happening_wrong(row, trial, place, before):
                yield f"happening {sequence} (line {number}): {said}"
            rows[sequence], before = row, row["hash"]
        except DAMAGE as fault:
            yield f"line {number}: damaged: {fault!r}"
    try:
        yield from redactions_wrong(rows)
        yield from heads_wrong(heads, rows, trial, keys)
        if receipts is not None:
            yield from checkpoint_wrong(receipts, rows, heads, trial, keys)
    except DAMAGE as fault:
        yield f"a head, redaction or receipt is damaged: {fault!r}"


def main():
    """Read the files, print what is wrong and what could not be checked."""
    asked = argparse.ArgumentParser(description="Check an exported ledger without Trialwright.")
    asked.add_argument("export", type=Path, help="JSON Lines of `trialwright ledger export`")
    asked.add_argument("--key", type=Path, required=True, help="public key, or several, PEM")
    asked.add_argument("--checkpoint", type=Path, help="checkpoint file kept elsewhere")
    given = asked.parse_args()
    try:
        keys = public_keys(given.key.read_text(encoding="ascii"))
        lines = given.export.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        kept = given.checkpoint and read(given.checkpoint.read_text(encoding="utf-8").strip())
        receipts = kept["receipts"] if kept else None
    except (OSError, *DAMAGE) as fault:
        print(f"cannot be read: {fault}")
        return 2
    wrong = list(export_wrong(lines, keys, receipts))
    print("\n".join(wrong) or f"nothing is wrong with these {len(lines)} lines")
    if Ed25519PublicKey is None:
        print("NOT CHECKED: signatures. Install the package `cryptography` to check them.")
    if receipts is None:
        print("NOT CHECKED: a tail cut off, or an old copy. That needs a checkpoint.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
