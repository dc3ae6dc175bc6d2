"""Files made to exhaust a reader: too large, too deep, packed tight, or multiplying."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.reliability.importers import TABLE, workbook
from tests.reliability.sequencing_readers import MAF, VCF

LARGE = 3_000_000_000
MILLION = 1_000_000


def sparse(path: Path) -> None:
    """Make a file of 3 GB that takes no room."""
    with path.open("wb") as file:
        file.truncate(LARGE)


def of(*parts: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    """Give the maker of a file from parts, some of them many times."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            for part in parts:
                what, times = part if isinstance(part, tuple) else (part, 1)
                file.write(what * times)

    return make


def squeezed(what: bytes, times: int, head: bytes = b"") -> Callable[[Path], None]:
    """Give the maker of a compressed file that unpacks to something very large."""

    def make(path: Path) -> None:
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(head)
            for _ in range(times):
                file.write(what)

    return make


def book_with(
    part: str, content: bytes, times: int, end: bytes = b"", begin: bytes = b""
) -> Callable[[Path], None]:
    """Give the maker of a workbook with one part put in place of its own."""

    def make(path: Path) -> None:
        with ZipFile(io.BytesIO(workbook())) as sound, ZipFile(path, "w", ZIP_DEFLATED) as pack:
            for each in sound.namelist():
                if each != part:
                    pack.writestr(each, sound.read(each).replace(b"</Types>", NAMED + b"</Types>"))
            with pack.open(part, "w", force_zip64=True) as file:
                file.write(begin)
                for _ in range(times):
                    file.write(content)
                file.write(end)

    return make


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NAMED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
SST = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + b"".join(
        f'<!ENTITY {name} "{"".join(f"&{before};" for _ in range(10))}">'.encode()
        for before, name in zip("bcdefgh", "cdefghi", strict=True)
    )
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData>"
    b"</worksheet>"
)
ALIASES = b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n".encode() for n in range(1, 10)
)

BEGINNINGS = {
    ".maf": MAF.encode(), ".vcf": VCF.encode(), ".tab": b"PATIENT_ID\tSAMPLE_ID\tHugo_Symbol\n"
}  # fmt: skip
"""Sound beginnings of files, to which rows are added."""


def for_suffix(suffix: str) -> Iterator[tuple[str, Callable[[Path], None], str]]:
    """Give what is hostile to readers of a kind of file: name, maker, ending of the file."""
    yield "3 GB of nothing", sparse, suffix
    if suffix in (".json", ".jsonl", ".ndjson"):
        yield "200,000 lists in one another", of((b"[", 200_000)), suffix
        yield "200,000 mappings in one another", of((b'{"a":', 200_000)), suffix
        yield "a number of 5 million digits", of(b'{"a": ', (b"9", 5 * MILLION), b"}"), suffix
        yield "a text of 60 MB", of(b'{"a": "', (b"x", 60 * MILLION), b'"}'), suffix
        yield "a key 300,000 times", of(b"{", (b'"a":1,', 300_000), b'"b":1}'), suffix
    if suffix in (".json", ".ndjson", ".csv"):
        yield "1 GB of blanks in a small file", squeezed(b" " * MILLION, 1000, b"{"), f"{suffix}.gz"
    if suffix == ".yaml":
        yield "aliases of aliases", of(ALIASES), suffix
        yield "100,000 lists in one another", of(b"a: ", (b"[", 100_000)), suffix
        yield "7 MB of one text", of(b"a: ", (b"x", 7 * MILLION), b"\n"), suffix
        yield "400,000 keys", of(*(f"k{n}: 1\n".encode() for n in range(400_000))), suffix
    if suffix == ".csv":
        yield "a cell of 60 MB", of(TABLE.encode(), (b"x", 60 * MILLION)), suffix
        yield "a quote that never ends", of(TABLE.encode(), b'"', (b"x\n", 3 * MILLION)), suffix
        yield "2 million commas", of(TABLE.encode(), (b",", 2 * MILLION)), suffix
    if suffix in (".maf", ".vcf", ".tab"):
        yield "1 GB of blanks in a small file", squeezed(b" " * MILLION, 1000), f"{suffix}.gz"
        yield "a cell of 7 MB", of(b"PATIENT_ID\t", (b"x", 7 * MILLION), b"\n"), suffix
        yield "3 million tabs", of(b"PATIENT_ID", (b"\t", 3 * MILLION), b"\nx\n"), suffix
        yield "3 million short lines", of(BEGINNINGS[suffix], (b"x\n", 3 * MILLION)), suffix
        yield "a row without end", of(BEGINNINGS[suffix], (b"x\t", 3 * MILLION)), suffix
    if suffix == ".vcf":
        head, _, rest = VCF.encode().partition(b'="x"')
        yield "a sum in a heading", of(head, b'="x"+', (b"-", 100_000), b'"y"', rest), suffix
        head, _, rest = VCF.encode().partition(b"C\tT")
        yield "a million alleles", of(head, b"C\tT", (b",T", MILLION), rest), suffix
    if suffix == ".xlsx":
        yield "a sheet of 2 GB of blanks", book_with(SHEET, b" " * MILLION, 2000), suffix
        yield "entities of entities", book_with(SHEET, LAUGHS, 1), suffix
        strings = b"<si><t>a</t></si>" * 60_000
        yield "900 MB of texts", book_with(STRINGS, strings, 880, b"</sst>", SST), suffix


HER = {"reference": "Patient/p1"}
BUNDLE = b'{"resourceType":"Bundle","type":"collection","entry":['
SHE = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-01-01"}
RECORDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "visits and observations of other terms": lambda n: {
        "resourceType": "Observation" if n % 20 else "Encounter", "id": f"o{n}",
        "status": "final", "subject": HER, "code": {"text": "x" * 800},
    },
    "results of one term": lambda n: {
        "resourceType": "Observation", "id": f"o{n}", "status": "final", "subject": HER,
        "code": {"coding": [{"system": "http://loinc.org", "code": "89247-1"}]},
        "effectiveDateTime": "2026-01-01", "valueInteger": 1,
    },
    "reports of 200 results": lambda n: {
        "resourceType": "DiagnosticReport", "id": f"o{n}", "status": "final", "subject": HER,
        "result": [{"reference": f"Observation/{each}"} for each in range(200)],
    },
    "visits of 20,000 values": lambda n: {
        "resourceType": "Encounter", "id": f"o{n}", "subject": HER, "participant": [{}] * 20_000,
    },
    "observations without a code": lambda n: {"resourceType": "Observation", "id": f"o{n}"},
    "orders of medications that are not there": lambda n: {
        "resourceType": "MedicationRequest", "id": f"o{n}", "status": "active", "subject": HER,
        "medicationReference": {"reference": f"Medication/{n}"},
    },
    "patients": lambda n: {"resourceType": "Patient", "id": f"p{n}"},
    "observations of a wrong form": lambda n: {"resourceType": "Observation", "code": n},
    "entries of nothing": lambda n: {},
}  # fmt: skip
"""Large records of one participant, by what they hold much of."""


def record_of(make: Callable[[int], dict[str, Any]], size: int) -> Callable[[Path], None]:
    """Give the maker of a bundle of a size, of resources made by their number."""

    def made(path: Path) -> None:
        with path.open("wb") as file:
            file.write(BUNDLE + json.dumps({"resource": SHE}).encode())
            written = number = 0
            while written < size:
                piece = b"," + json.dumps({"resource": make(number)}).encode()
                written, number = written + file.write(piece), number + 1
            file.write(b"]}")

    return made
