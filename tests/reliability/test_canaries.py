"""Secrets planted in records: in no casebook and in no refusal.

Those typed into forms are looked for in `tests/web/test_canaries.py`. There is no export that
calls itself de-identified yet; what a record brings into the casebook is searched in its place.
"""

import json

import pytest
from tests.reliability.importers import MAPPING, TABLE, patient
from tests.sizes import sized

from trialwright.assembly.protocols import shipped
from trialwright.assembly.records_in import read_named
from trialwright.assembly.tables_in import read_table_file
from trialwright.terms.errors import Refusal

RECORDED = sized(full=150, default=24)


def canary(number: int) -> str:
    """Give a secret that stands nowhere else."""
    return f"Canary{number:04}Q"


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


def test_a_secret_in_a_field_that_is_read_is_found(tmp_path, tell):
    """The negative control: a study number goes into the casebook, and the search sees it there."""
    mapping, path = tmp_path / "mapping.yaml", tmp_path / "table.csv"
    mapping.write_text(MAPPING, "utf-8")
    path.write_text(TABLE.replace("P-2", canary(1)), "utf-8")

    said = str(read_table_file(path, mapping, shipped("nct03959891").study))

    tell("canaries in records, control: in a field that is kept", leaks=said.count(canary(1)))
    assert canary(1) in said
