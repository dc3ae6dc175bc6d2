"""Broken files and bodies sent to the pages and by programs: answered, and nothing is recorded."""

import json
import random
from collections import Counter

import pytest
from tests.reliability.importers import EVENT_ROWS, TABLE, VISIT_ROWS, beside_facts, patient
from tests.reliability.mutating import broken
from tests.sizes import sized

SEED = 20261129
FILES = sized(full=400, default=12)
"""Files of each kind."""

BODIES = {
    "200,000 lists in one another": b"[" * 200_000,
    "200,000 mappings in one another": b'{"a":' * 200_000,
    "a number of 2 million digits": b'{"participant": ' + b"9" * 2_000_000 + b"}",
    "a name 200,000 times": b"{" + b'"on":1,' * 200_000 + b'"on":2}',
    "a name twice": b'{"participant": "MGH-090", "participant": "MGH-091", "on": "2026-11-28"}',
    "no number": b'{"participant": "MGH-090", "on": NaN}',
    "a text for a mapping": b'"MGH-090"',
    "a list for a text": b'{"participant": ["MGH-090"], "on": {"day": "2026-11-28"}}',
    "half a sign": b'{"participant": "\\ud800", "on": "2026-11-28"}',
    "no UTF-8": b'{"participant": "\xff", "on": "2026-11-28"}',
    "nothing": b"",
}


def kinds():
    """Give a sound file of each kind, by its name and kind."""
    bundle, lines = beside_facts(patient())
    return {
        ("visits", "a.csv"): VISIT_ROWS.replace("P-", "MGH-01").encode(),
        ("adverse-events", "a.csv"): EVENT_ROWS.replace("P-", "MGH-01").encode(),
        ("facts", "a.csv"): TABLE.replace("P-", "MGH-01").encode(),
        ("fhir", "a.json"): bundle,
        ("fhir", "a.ndjson"): lines,
    }


def sent(client, kind, name, content):
    """Send a file and look at what the page makes of it; give the status of each answer."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    whose = "MGH-010" if kind == "fhir" else ""
    file = SimpleUploadedFile(name, content)
    asked = {"step": "send", "kind": kind, "file": file, "participant": whose}
    took = client.post("/import/", asked)
    return took.status_code, client.get("/import/").status_code


@pytest.mark.sized
def test_a_broken_file_is_answered_and_records_nothing(signed_in, trial, tell):
    """The client of these tests raises whatever a page raises."""
    client, before = signed_in("coordinator"), trial.gateway.state().sequence
    answers = Counter()
    for (kind, name), sound in kinds().items():
        chance = random.Random(f"{SEED} {kind} {name}")  # noqa: S311
        for _ in range(FILES):
            answers.update([sent(client, kind, name, broken(sound, f".{name[2:]}", chance))])

    tell("broken files sent to the page", files=sum(answers.values()), answers=dict(answers))
    assert {status for each in answers for status in each} <= {200, 302, 422}
    assert len(answers) > 1
    assert trial.gateway.state().sequence == before


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_body_is_refused_with_its_faults(what, token, trial):
    """By an act and by a question alike."""
    client, before = token("coordinator"), trial.gateway.state().sequence
    for address in ("/api/acts/Consent", "/api/questions/screen"):
        answer = client.post(address, BODIES[what], content_type="application/json",
                             headers={"Idempotency-Key": "a-key-of-a-test"})  # fmt: skip

        assert answer.status_code in (409, 422, 400)
        assert all(each["do"] for each in json.loads(answer.content)["faults"])
    assert trial.gateway.state().sequence == before
