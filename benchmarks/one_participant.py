"""How long one participant takes, from the record to every verdict, against reading plain JSON.

    .venv/bin/python benchmarks/one_participant.py [--facts 1500] [--megabytes 4] [--rounds 15]

The participant is generated: one person with breast cancer whose results come again week after
week, and whose lesions are measured every eighth week. The casebook that is judged has as many
facts as asked. The bundle has a fifth of them and between them the daily routine of a hospital,
which no criterion asks for, until it is as large as asked; a second bundle has all of them. The
plain work is `json.load` of the same bundle in the same round. Median of all rounds in time of the
processor, which other work on the machine disturbs least.
"""

import argparse
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, cycle, islice
from statistics import median

from trialwright.assembly.generating import Order, blocks
from trialwright.assembly.protocols import load
from trialwright.assembly.records_in import read_records
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.screening import screen_arms
from trialwright.protocol.study import Study
from trialwright.virtual.concepts import CONCEPTS, LOINC
from trialwright.virtual.fhir_bundle import fhir_bundle
from trialwright.virtual.measured_codes import ROUTINE
from trialwright.virtual.patients import Patient, Result, patients_of

DAY = date(2026, 3, 5)
ANCHORS = dict.fromkeys(("consent", "screening", "registration", "first_dose"), DAY)
JUDGE_MS, RECORD_MS = 5, 150
"""Targets of 1,500 facts and of 4 MB, milliseconds."""

SIZES = frozenset({"21889-1", "33728-7"})
"""LOINC codes of the size of a lesion."""


def person() -> Patient:
    """Draw people with breast cancer, and give the one with most results."""
    drawn = [each for block in blocks(Order(40, 1, DAY, 1.0)) for each in patients_of(block)]
    return max(drawn, key=lambda each: len(each.results))


def again(results: tuple[Result, ...]) -> Iterator[Result]:
    """Give the results of a person, and the same ones each week before; lesions, each eighth."""
    for week in count():
        for place, each in enumerate(results):
            if week % 8 and each.code.code in SIZES:
                continue
            source = f"measurement/{week * 1000 + place}"
            yield replace(each, source=source, on=each.on - timedelta(weeks=week))


def routine(like: Result) -> Iterator[Result]:
    """Give results that no criterion asks for, one kind after the other."""
    kinds = cycle((CONCEPTS[LOINC[code]], unit, mean) for code, _, unit, mean, *_ in ROUTINE)
    for number, (concept, unit, mean) in enumerate(kinds):
        yield replace(
            like,
            source=f"measurement/{900_000_000 + number}",
            code=concept,
            on=DAY - timedelta(days=number % 900),
            value=Decimal(str(mean)),
            unit=unit,
        )


def written(someone: Patient) -> bytes:
    """Write the bundle of a person."""
    return json.dumps(fhir_bundle(someone)).encode()


def facts_of(casebook: Casebook) -> int:
    """Count the facts of a casebook."""
    return len(casebook.observations) + len(casebook.conditions) + len(casebook.treatments)


def bundle_of(study: Study, facts: int, size: int) -> bytes:
    """Write a participant with so many facts in so many bytes, as nearly as whole entries allow."""
    someone = person()
    once = read(study, written(someone))
    more = max(0, facts - facts_of(once)) / len(once.observations)
    asked = tuple(islice(again(someone.results), round(len(someone.results) * (1 + more))))
    plain = next(each for each in someone.results if each.value is not None and each.low)
    others = tuple(islice(routine(plain), 100))
    bare, with_others = (
        len(written(replace(someone, results=results))) for results in (asked, (*asked, *others))
    )
    missing = max(0, (size - bare) * len(others) // (with_others - bare))
    return written(replace(someone, results=(*asked, *islice(routine(plain), missing))))


def read(study: Study, text: bytes) -> Casebook:
    """Read a bundle into a casebook."""
    return read_records(io.BytesIO(text), study, "A-001").casebook


def milliseconds(work: Callable[[], object]) -> float:
    """Time one piece of work."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def reasons(study: Study, casebook: Casebook) -> list[str]:
    """Judge every criterion for every arm, and give every reason."""
    found = screen_arms(study, casebook, DAY, ANCHORS)
    return [each.finding.because for screening in found.screenings for each in screening.verdicts]


def main() -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=1500)
    asked.add_argument("--megabytes", type=float, default=4)
    asked.add_argument("--rounds", type=int, default=15)
    given = asked.parse_args()
    study = load("nct03959891").study
    size = round(given.megabytes * 1e6)
    few, many = bundle_of(study, given.facts // 5, size), bundle_of(study, given.facts, size)
    casebook = read(study, many)
    works: dict[str, Callable[[], object]] = {
        "json.load of the bundle": lambda: json.load(io.BytesIO(few)),
        f"every verdict, {facts_of(casebook):,} facts": lambda: reasons(study, casebook),
        "bundle to casebook": lambda: read(study, few),
        "bundle to every verdict": lambda: reasons(study, read(study, few)),
        "bundle with all facts to every verdict": lambda: reasons(study, read(study, many)),
    }
    rounds = [[milliseconds(work) for work in works.values()] for _ in range(given.rounds)]
    taken = [median(each) for each in zip(*rounds, strict=True)]
    print(
        f"{len(study.criteria)} criteria, {len(study.arms)} arms; bundles of {len(few) / 1e6:.2f} "
        f"and {len(many) / 1e6:.2f} MB with {facts_of(read(study, few)):,} and "
        f"{facts_of(casebook):,} facts"
    )
    print(f"{'':<44}{'median':>11}{'target':>11}{'ratio':>8}")
    targets = ("", f"{JUDGE_MS} ms", "", f"{RECORD_MS} ms", "")
    for what, one, target in zip(works, taken, targets, strict=True):
        print(f"{what:<44}{one:>8.1f} ms{target:>11}{one / taken[0]:>8.2f}")


if __name__ == "__main__":
    main()
