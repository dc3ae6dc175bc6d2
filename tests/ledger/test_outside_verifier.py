"""The verifier for outsiders, which knows the reference page and nothing of this software."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import verify_ledger

from trialwright.ledger.receipts import sign
from trialwright.ledger.signing import SigningKey

TRIAL = "NCT00000001"
TOOL = Path(verify_ledger.__file__)
FOREIGN = SigningKey(b"\x07" * 32)
PAGE = TOOL.parent.parent / "docs" / "reference" / "ledger-format.md"


@pytest.fixture
def rows(filled, say_observed, say_redaction):
    """Give an export by line: twelve happenings; the eleventh redacts a field of the third.

    Line 0 is the line `ledger`, so that `rows[n]` is happening n.
    """
    filled.append(say_redaction(3, "payload/value"))
    filled.append(say_observed(12))
    return [json.loads(line) for line in filled.ledger.export_lines(TRIAL)]


def told(bench, rows, *known):
    """Let the verifier look at rows, with the checkpoint; give what it says."""
    pem = "".join(key.verifying.text for key in known or [bench.key])
    receipts = json.loads(bench.checkpoint.path.read_text(encoding="utf-8"))["receipts"]
    lines = [verify_ledger.canonical(row) for row in rows]
    return list(verify_ledger.export_wrong(lines, verify_ledger.public_keys(pem), receipts))


def heads(rows):
    """Give the heads, to be changed in place."""
    return [row for row in rows if row["row"] == "head"]


def drop(rows, *gone):
    """Take lines out and let the last one count what is left."""
    rows[:] = [row for row in rows if not any(row is one for one in gone)]
    rows[-1]["happenings"] = sum(row["row"] == "happening" for row in rows)
    rows[-1]["heads"] = len(heads(rows))


def rechain(rows, number, key=None):
    """Commit anew to all values of a happening, and hash anew from there; sign, if asked."""
    for path, field in rows[number]["fields"].items():
        opened = ["trialwright field 1", field["salt"], path, field["value"]]
        rows[number]["commitments"][path] = verify_ledger.digest(opened)
    happenings = [row for row in rows[number:] if row["row"] == "happening"]
    for row, before in zip(happenings, rows[number - 1 :], strict=False):
        row["previous"] = before["hash"]
        hashed = {name: row[name] for name in ("envelope", "commitments", "previous")}
        row["hash"] = verify_ledger.digest({"context": "trialwright happening 1", **hashed})
    for head in heads(rows) if key else []:
        last = head["sequence"]
        if last >= number:
            signed = sign(key, TRIAL, head["first"], last, rows[last]["hash"], head["signed_at"])
            head.update(signed.as_mapping())


def forged(number, path, value, key=None):
    """Make a tampering that edits a value and forges all history from there on."""

    def tamper(rows):
        rows[number]["fields"][path]["value"] = value
        rechain(rows, number, key)

    return tamper


def exchanged(rows):
    """Exchange two fields of one happening, salts included."""
    fields = rows[4]["fields"]
    fields["payload/fact"], fields["payload/unit"] = fields["payload/unit"], fields["payload/fact"]


def restored(rows):
    """Put a redacted value back, as an old copy still has it."""
    field = {"salt": "ab" * 32, "value": '"93"'}
    rows[3]["fields"]["payload/value"] = field
    opened = ["trialwright field 1", field["salt"], "payload/value", field["value"]]
    rows[3]["commitments"]["payload/value"] = verify_ledger.digest(opened)


def swapped(rows):
    """Exchange two happenings."""
    rows[3], rows[4] = rows[4], rows[3]


def appended(rows):
    """Append a happening without a head."""
    more = json.loads(json.dumps(rows[12]))
    more["envelope"]["sequence"] = 13
    rows.insert(13, more)
    rechain(rows, 13)
    drop(rows)


EDITED = "envelope, commitments, previous hash or hash was edited"
UNFIT = "value, salt and commitment do not belong together"
OTHER_HASH = "another hash was signed: history was rewritten"
FORKED = "checkpoint at 12: another hash: history was rewritten or forked"
TAMPERINGS = {
    "value edited": (
        lambda rows: rows[4]["fields"]["payload/value"].update(value='"200"'),
        [f"happening 4 (line 5): payload/value: {UNFIT}"],
    ),
    "value moved": (
        exchanged,
        [f"happening 4 (line 5): payload/{name}: {UNFIT}" for name in ("fact", "unit")],
    ),
    "value erased": (
        lambda rows: rows[4]["fields"]["payload/value"].update(salt=None, value=None),
        ["happening 4: payload/value: erased without a redaction"],
    ),
    "field taken out": (
        lambda rows: rows[4]["fields"].pop("payload/value"),
        ["happening 4: payload/value: erased without a redaction"],
    ),
    "value added": (
        lambda rows: rows[4]["fields"].update(more={"salt": "0" * 64, "value": "1"}),
        ["happening 4 (line 5): more: added; no commitment names it"],
    ),
    "redaction undone": (
        restored,
        [
            f"happening 3 (line 4): {EDITED}",
            "happening 3: payload/value: redacted by 11, still there",
        ],
    ),
    "redaction without a reason": (
        forged(11, "reason", '" "', FOREIGN),
        ["happening 11: a redaction without a reason"],
    ),
    "redaction of nothing": (
        forged(11, "payload/field", '"payload/none"', FOREIGN),
        ["happening 11: redacts payload/none of 3, which is no earlier field"],
    ),
    "redaction without a field": (
        forged(11, "payload/sequence", '"3"', FOREIGN),
        ["happening 11: redacts payload/value of 3, which is no earlier field"],
    ),
    "commitment edited": (
        lambda rows: rows[4]["commitments"].update({"payload/value": "0" * 64}),
        [f"happening 4 (line 5): {EDITED}", f"happening 4 (line 5): payload/value: {UNFIT}"],
    ),
    "envelope edited": (
        lambda rows: rows[4]["envelope"].update(actor="mallory"),
        [f"happening 4 (line 5): {EDITED}"],
    ),
    "number for a text": (
        lambda rows: rows[4]["envelope"].update(sequence="4"),
        ["happening 4 (line 5): stands where 4 should", EDITED],
    ),
    "entry added to the envelope": (
        lambda rows: rows[4]["envelope"].update(note="x"),
        [f"happening 4 (line 5): {EDITED}"],
    ),
    "renumbered": (
        lambda rows: rows[4]["envelope"].update(sequence=5),
        ["happening 5 (line 5): stands where 4 should", EDITED],
    ),
    "deleted": (
        lambda rows: drop(rows, rows[4]),
        [
            "happening 5 (line 5): stands where 4 should",
            "happening 5 (line 5): does not follow the happening before it",
            "head of 4-4: there is no happening 4",
        ],
    ),
    "swapped": (swapped, ["happening 4 (line 4): stands where 3 should", "does not follow"]),
    "hash and chain forged anew": (
        forged(5, "payload/fact", '"creatinine"'),
        [f"head of 5-7: {OTHER_HASH}", FORKED],
    ),
    "signed anew by a foreign key": (
        forged(5, "payload/fact", '"creatinine"', FOREIGN),
        ["head of 5-7: signed by an unknown key", FORKED],
    ),
    "signed anew by the right key": (
        forged(5, "payload/fact", '"creatinine"', SigningKey(bytes(range(32)))),
        [FORKED],
    ),
    "appended without a head": (appended, ["the happenings after 12 are under no signed head"]),
    "head removed": (
        lambda rows: drop(rows, heads(rows)[2]),
        ["head of 4-4: should begin with 3: heads or happenings removed or added"],
    ),
    "newest head removed": (
        lambda rows: drop(rows, heads(rows)[-1]),
        [
            "the happenings after 11 are under no signed head",
            "checkpoint at 12: its head is not in the export",
        ],
    ),
    "signature of another head": (
        lambda rows: heads(rows)[2].update(signature=heads(rows)[1]["signature"]),
        ["head of 3-3: the signature does not fit"],
    ),
    "head stretched over a removed one": (
        lambda rows: (heads(rows)[3].update(first=3), drop(rows, heads(rows)[2])),
        ["head of 3-4: the signature does not fit"],
    ),
    "head with another time": (
        lambda rows: heads(rows)[2].update(signed_at="2026-03-14T10:00:00.000Z"),
        [
            "head of 3-3: the signature does not fit",
            "head of 3-3: its time is not that of happening 3",
        ],
    ),
    "tail cut off": (
        lambda rows: drop(rows, rows[12], heads(rows)[-1]),
        ["checkpoint at 12: the export ends before it: tail cut off, or an old copy"],
    ),
    "another trial's name": (
        lambda rows: rows[0].update(trial="NCT00000002"),
        ["happening 1 (line 2): belongs to trial NCT00000001", "checkpoint: says nothing of trial"],
    ),
    "another record format": (
        lambda rows: rows[4]["envelope"].update(format=2),
        ["happening 4 (line 5): record format 2 is not known here", EDITED],
    ),
    "another form of export": (
        lambda rows: rows[0].update(format=2),
        ["line 1: no line `ledger` of format 1"],
    ),
    "last line gone": (
        lambda rows: rows.pop(),
        ["the last line, `end`, is missing or counts other lines"],
    ),
    "line of another kind": (
        lambda rows: rows.insert(3, {"row": "note"}),
        ["line 4: no line of an export"],
    ),
    "entry added to a line": (
        lambda rows: rows[4].update(note="x"),
        ["line 5: no line of an export"],
    ),
    "damaged": (lambda rows: rows[4].update(fields=None), ["line 5: damaged"]),
}


@pytest.mark.parametrize("case", TAMPERINGS.values(), ids=TAMPERINGS)
def test_each_tampering_is_named_with_its_place(filled, rows, case):
    """The first thing that is said names the place; nothing passes as sound."""
    tamper, expected = case
    assert told(filled, rows) == []

    tamper(rows)

    said = told(filled, rows)
    assert expected[0] in said[0]
    assert [fragment for fragment in expected if fragment not in "\n".join(said)] == []


@pytest.mark.parametrize("name", ["signed anew by the right key", "tail cut off"])
def test_some_are_seen_from_outside_alone(filled, rows, name):
    """Negative control: without the checkpoint these two pass, and `main` says that it is so."""
    TAMPERINGS[name][0](rows)
    lines = [verify_ledger.canonical(row) for row in rows]
    keys = verify_ledger.public_keys(filled.key.verifying.text)

    assert list(verify_ledger.export_wrong(lines, keys)) == []


def test_an_intact_export_with_a_redacted_field_verifies(filled, rows):
    """A redacted field stands there as null for both, and nothing is wrong."""
    assert rows[3]["fields"]["payload/value"] == {"salt": None, "value": None}
    assert told(filled, rows) == []


def test_the_head_of_a_replaced_key_is_named(filled, say_observed):
    """An old key that signs again after a new one is found, though both are known."""
    new = SigningKey(b"\x09" * 32)
    opened = type(filled.ledger).open(filled.path, signing=new, keys=[filled.key.verifying])
    filled.append(say_observed(11), say_observed(12), ledger=opened)
    rows = [json.loads(line) for line in filled.ledger.export_lines(TRIAL)]
    filled.checkpoint.keep(filled.receipts[-1])
    assert told(filled, rows, filled.key, new) == []

    heads(rows)[4].update(
        sign(new, TRIAL, 5, 7, rows[7]["hash"], heads(rows)[4]["signed_at"]).as_mapping()
    )

    assert told(filled, rows, filled.key, new)[0] == (
        "head of 8-8: signed by a key that another had replaced"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"commitments"', '{"hash":"0","commitments"'),
        ('"sequence":4', '"sequence":4.0'),
        ('"sequence":4', '"sequence": 4'),
        ('"m.chen"', '"\\u006d.chen"'),
        ('"m.chen"', '"\\ud800"'),
    ],
)
def test_another_spelling_is_refused(filled, rows, old, new):
    """Readers of JSON differ in what they make of these; so none of them is taken."""
    lines = [verify_ledger.canonical(row) for row in rows]
    lines[4] = lines[4].replace(old, new, 1)

    said = list(
        verify_ledger.export_wrong(lines, verify_ledger.public_keys(filled.key.verifying.text))
    )

    assert "(line 5)" in said[0] or said[0].startswith("line 5:")


def test_the_verifier_uses_the_standard_library_alone():
    """Whoever checks us need not install us; only signatures need a package."""
    tree = list(ast.walk(ast.parse(TOOL.read_text(encoding="utf-8"))))
    names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in tree if isinstance(node, ast.ImportFrom)}

    roots = {name.split(".")[0] for name in names}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def run(folder, export, *more, isolated=()):
    """Run the verifier as an outsider does, in a folder of its own."""
    done = subprocess.run(
        [sys.executable, *isolated, TOOL, export, "--key", "public.pem", *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def outside(filled, say_observed, tmp_path):
    """Give a folder with what an outsider is handed."""
    text = "Zeile\u2028Absatz\x85 \x00 é 😀"  # U+2028 and U+0085 end lines for some readers
    filled.append(say_observed(11), source=text)
    folder = tmp_path / "handed"
    folder.mkdir()
    lines = "".join(f"{line}\n" for line in filled.ledger.export_lines(TRIAL))
    (folder / "trial.jsonl").write_text(lines, encoding="utf-8")
    (folder / "cut.jsonl").write_text(lines[:-5], encoding="utf-8")
    (folder / "public.pem").write_text(filled.key.verifying.text, encoding="ascii")
    (folder / "checkpoint.json").write_bytes(filled.checkpoint.path.read_bytes())
    return folder


def test_an_outsider_runs_it_on_files(outside):
    """Exit status 0 and a line that says how much was looked at."""
    sound = run(outside, "trial.jsonl", "--checkpoint", "checkpoint.json")

    assert sound == (0, "nothing is wrong with these 22 lines\n")


def test_what_was_not_checked_is_said(outside):
    """Without a checkpoint, and without the package for signatures (-S leaves packages out)."""
    status, said = run(outside, "trial.jsonl", isolated=("-S",))

    assert status == 0
    assert "NOT CHECKED: signatures" in said
    assert "NOT CHECKED: a tail cut off" in said


def test_a_cut_file_is_named(outside):
    """Exit status 1."""
    status, said = run(outside, "cut.jsonl", "--checkpoint", "checkpoint.json")

    assert (status, said.splitlines()[0][:8]) == (1, "line 22:")


@pytest.mark.parametrize("export", ["none.jsonl", "."])
def test_a_file_that_cannot_be_read_is_told(outside, export):
    """Exit status 2, no traceback."""
    status, said = run(outside, export)

    assert status == 2
    assert said.startswith("cannot be read: ")


def test_a_file_without_a_key_is_told(outside):
    """A private key or any other text is no public key."""
    (outside / "public.pem").write_text("-----BEGIN PRIVATE KEY-----", encoding="ascii")

    assert run(outside, "trial.jsonl") == (
        2,
        "cannot be read: no Ed25519 public key in PEM form\n",
    )


def test_the_export_of_the_reference_page_verifies(outside):
    """The page's own example is sound under the page's own key."""
    page = PAGE.read_text(encoding="utf-8")
    lines = page.partition("```jsonl\n")[2].partition("```")[0]
    begin, end = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
    pem = begin + page.partition(begin)[2].partition(end)[0] + end
    (outside / "page.jsonl").write_text(lines, encoding="utf-8")
    (outside / "public.pem").write_text(pem, encoding="ascii")

    status, said = run(outside, "page.jsonl")

    assert (status, said.splitlines()[0]) == (0, "nothing is wrong with these 4 lines")
