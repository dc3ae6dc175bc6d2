"""Limits proposed from real records that stand in the data folder."""

import csv
import json
from pathlib import Path

import pytest

from trialwright.registry.proposing.analytes import ANALYTES
from trialwright.registry.proposing.reading import read_limits

pytestmark = pytest.mark.shared

LABELS = Path(__file__).parent / "labels" / "lines.jsonl"


def tuned_lines(shared: Path) -> list[str]:
    """Give every line of the records that were shown to whoever wrote the rules."""
    rows = map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())
    trials = sorted({row["trial"] for row in rows if row["part"] == "tuned"})
    folder = shared / "registry" / "phase1_breast"
    return [
        line
        for trial in trials
        for line in json.loads((folder / f"{trial}.json").read_text("utf-8"))["Eligibility"]
    ]


def test_every_line_of_real_records_is_read_with_exact_places(shared):
    """The words of every proposal and open limit stand where they are said to stand."""
    lines = tuned_lines(shared)
    readings = [read_limits(line, carry=carry) for line in lines for carry in (True, False)]
    misplaced = [
        each
        for line, reading in zip((one for one in lines for _ in "12"), readings, strict=True)
        for each in (*reading.proposals, *reading.open)
        if line[each.start : each.end] != each.words
    ]

    assert misplaced == []
    assert sum(len(each.proposals) for each in readings) > 300


def test_nothing_is_carried_unless_asked(shared):
    """Without carrying, no proposal of a real record takes the comparator of another limit."""
    carried = [
        proposal.words
        for line in tuned_lines(shared)
        for proposal in read_limits(line, carry=False).proposals
        if proposal.because.startswith("the comparator is that of the limit")
    ]

    assert carried == []


def test_the_first_protocols_page_is_read(shared):
    """The laboratory, vital and ECG limits of the first protocol's page, and no other."""
    page = (shared / "registry" / "nct03959891.txt").read_text("utf-8")
    eligibility = page[page.index("Inclusion Criteria") : page.index("Massachusetts General")]
    bullets = [line.strip() for line in eligibility.splitlines() if "•" in line]
    facts = [
        (each.fact, each.times or each.unit)
        for bullet in bullets
        for each in read_limits(bullet).proposals
        if each.kind == "limit"
    ]

    assert facts == [
        ("anc", "/mm3"),
        ("hemoglobin", "g/dL"),
        ("platelets", "/mm3"),
        ("total-bilirubin", "mg/dL"),
        ("ast", "ULN"),
        ("alt", "ULN"),
        ("ast", "ULN"),
        ("alt", "ULN"),
        ("creatinine-clearance", "mL/min"),
        ("fasting-glucose", "mg/dL"),
        ("hba1c", ""),
        ("lvef", "%"),
        ("systolic-pressure", "mm[Hg]"),
        ("systolic-pressure", "mm[Hg]"),
        ("heart-rate", ""),
        ("qtcf", ""),
    ]


def test_the_codes_of_analytes_are_verified_ones(shared):
    """Each LOINC code of the table stands in the guide with two sources behind it."""
    with (shared / "guides" / "codes.csv").open(encoding="utf-8", newline="") as file:
        verified = {
            f"LOINC {row['code']}"
            for row in csv.DictReader(file)
            if row["system"] == "LOINC" and row["status"] == "verified"
        }

    assert {code for each in ANALYTES for code in each.codes} <= verified
