"""Secrets planted where people type or send them: in no log line, no address and no refusal.

There is no export that calls itself de-identified yet; what records of a participant bring into
the casebook is searched in its place.
"""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from tests.reliability.importers import MAPPING, TABLE, patient
from tests.sizes import sized

# fixtures of the pages
from tests.web.conftest import pages, signed_in, trial  # noqa: F401

from trialwright.assembly.protocols import shipped
from trialwright.assembly.records_in import read_named
from trialwright.assembly.tables_in import read_table_file
from trialwright.terms.errors import Refusal
from trialwright.web.logs import LOGGING, Lines

TYPED = sized(full=150, default=48)
RECORDED = sized(full=150, default=48)

_ANSWER = "/participants/MGH-015/eligibility/answer/"
FORMS = (
    ("/account/sign-in/", {"login": "x{}", "password": "{}"}),
    ("/account/sign-in/", {"login": "the-coordinator", "password": "{}"}),
    ("/participants/", {"number": "{}", "on": "2026-11-28"}),
    ("/participants/", {"number": "MGH-001", "on": "{}"}),
    ("/participants/MGH-015/eligibility/register/", {"arm": "{}", "on": "2026-11-28"}),
    (_ANSWER, {"question": "{}", "answer": "{}", "reason": "{}"}),
    ("/safety/B/", {"cutoff": "{}", "on": "2026-11-28"}),
    ("/statuses/", {"move": "suspend", "site": "mgh", "on": "2026-11-28x", "reason": "{}"}),
    ("/statuses/", {"move": "{}", "site": "{}", "on": "2026-11-28", "reason": "{}"}),
    ("/participants/{}/eligibility/screen/", {"arm": "A"}),
    ("/invitation/{}/", {"username": "{}", "password1": "{}", "password2": "{}"}),
    ("/account/password/", {"oldpassword": "{}", "password1": "{}", "password2": "{}"}),
)  # fmt: skip


def canary(number: int) -> str:
    """Give a secret that stands nowhere else."""
    return f"Canary{number:04}Q"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the logs of the pages write, by their own formatter."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines())
    loggers = [logging.getLogger(name) for name in LOGGING["loggers"]]
    for each in loggers:
        each.addHandler(handler)
    yield written
    for each in loggers:
        each.removeHandler(handler)


@pytest.mark.sized
def test_nothing_that_was_typed_is_in_a_log_or_an_address(signed_in, log, tell):  # noqa: F811
    """Passwords, names and numbers in the wrong fields, signed in and not."""
    from django.test import Client

    inside, outside = signed_in("principal-investigator"), Client()
    inside.raise_request_exception = outside.raise_request_exception = False
    leaks, statuses = [], set()
    for number in range(TYPED):
        address, fields = FORMS[number % len(FORMS)]
        secret = canary(number)
        form = {name: value.format(secret) for name, value in fields.items()}
        client = outside if number // len(FORMS) % 2 else inside
        answer = client.post(address.format(secret), form)
        statuses.add(answer.status_code)
        is_asked = "{}" in address  # who writes a name into an address is led on with it
        if secret in answer.headers.get("Location", "") and not is_asked:
            leaks.append((address, "address"))
        if secret in log.getvalue():
            leaks.append((address, "log"))
            log.truncate(0)

    lines = log.getvalue().splitlines()
    tell("canaries typed into forms", planted=TYPED, log_lines=len(lines), leaks=len(leaks),
         statuses=sorted(statuses))  # fmt: skip
    assert leaks == []
    assert len(lines) >= TYPED
    assert all(json.loads(line) for line in lines)
    assert max(statuses) < 500


def with_secrets(bundle: dict, secret: str, number: int) -> dict:
    """Plant a secret in a part of a patient that names the person."""
    changed = json.loads(json.dumps(bundle))
    person = next(
        each["resource"]
        for each in changed["entry"]
        if each["resource"]["resourceType"] == "Patient"
    )
    planted = [
        ("name", [{"family": secret, "given": [secret]}]),
        ("identifier", [{"system": "urn:mrn", "value": secret}]),
        ("telecom", [{"system": "phone", "value": secret}]),
        ("address", [{"line": [secret], "city": secret}]),
        ("contact", [{"name": {"text": secret}}]),
        ("text", {"status": "generated", "div": f"<div>{secret}</div>"}),
    ]
    name, value = planted[number % len(planted)]
    person[name] = value
    if number // len(planted) % 3 == 1:
        person["birthDate"] = secret
    if number // len(planted) % 3 == 2:
        person["gender"] = secret
    return changed


@pytest.mark.sized
def test_nothing_that_names_a_person_is_in_a_casebook_or_a_refusal(tmp_path, tell):
    """Names, numbers and birth dates of records, sound and broken, and cells of tables."""
    study, bundle = shipped("nct03959891").study, patient()
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, "utf-8")
    leaks, answers = [], {"read": 0, "refused": 0}
    for number in range(RECORDED):
        secret = canary(number)
        if number % 4 == 3:
            path = tmp_path / "table.csv"
            cells = ["1970-01-31", "11.8", "g/dL", "2026-03-02"]
            path.write_text(TABLE.replace(cells[number // 4 % len(cells)], secret, 1), "utf-8")
        else:
            path = tmp_path / "bundle.json"
            text = json.dumps(with_secrets(bundle, secret, number))
            path.write_text(text[:-3] if number % 4 == 2 else text, "utf-8")
        try:
            if path.suffix == ".csv":
                said = str(read_table_file(path, mapping, study))
            else:
                said = str(read_named(path, study, "P-1"))
            answers["read"] += 1
        except Refusal as refused:
            said = str(refused)
            answers["refused"] += 1
        if secret in said:
            leaks.append((number, said[max(0, said.index(secret) - 80) :][:160]))

    tell("canaries in records", planted=RECORDED, leaks=len(leaks), answers=answers)
    assert leaks == []
    assert min(answers.values()) > 0


def test_a_log_that_quotes_is_caught(log, tell):
    """The negative control: the formatter of the library writes what the one here leaves out."""
    plain = io.StringIO()
    handler = logging.StreamHandler(plain)
    logging.getLogger("django").addHandler(handler)
    try:
        logging.getLogger("django").warning("Not Found: %s", f"/participants/{canary(1)}/")
    finally:
        logging.getLogger("django").removeHandler(handler)

    tell("canaries, control: plain formatter", leaks=plain.getvalue().count(canary(1)))
    assert canary(1) in plain.getvalue()
    assert canary(1) not in log.getvalue()
    assert log.getvalue()
