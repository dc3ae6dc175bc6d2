"""Broken and hostile files for every reader: an answer or a refusal, never a traceback.

Nothing is written by halves, nothing takes more than two seconds of a processor or 512 MB, and
what is too large is refused before it is read.
"""

import json
import os
import random
import resource
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from tests.reliability.hostile import RECORDS, for_suffix, record_of, sparse
from tests.reliability.importers import importers
from tests.reliability.mutating import broken
from tests.sizes import sized

from trialwright.terms.errors import Refusal

FILES = sized(full=50_000, default=150)
MOST_SECONDS, MOST_KIB = 2.0, 512 * 1024
SEED = 20260314


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Give every reader."""
    return importers(tmp_path_factory.mktemp("readers"))


def outcome(read, path):
    """Read a file; say what came of it, and how long that took."""
    began = time.process_time()
    try:
        read(path)
        what = "read"
    except Refusal as refused:
        what = "refused"
        if not all(fault.do and (fault.where or fault.file) for fault in refused.faults):
            what = "refused without place or advice"
    except Exception as failed:  # noqa: BLE001 - any other exception is what is looked for
        what = f"{type(failed).__name__}: {failed}"[:200]
    return what, time.process_time() - began


def fed(reader, count, folder):
    """Feed broken files to a reader; count what came of them."""
    chance = random.Random(f"{SEED} {reader.name} {reader.suffix}")  # noqa: S311
    answers, slow, wrong, left = Counter(), 0.0, [], 0
    path = folder / f"broken{reader.suffix}"
    for number in range(count):
        data = broken(chance.choice(reader.seeds), reader.suffix, chance)
        path.write_bytes(data)
        what, seconds = outcome(reader.read, path)
        slow = max(slow, seconds)
        left += list(folder.iterdir()) != [path]
        is_answer = what in ("read", "refused")
        answers[what if is_answer else "neither"] += 1
        if not is_answer or seconds > MOST_SECONDS:
            wrong.append((reader.name, number, what, round(seconds, 2), data[:80]))
    return answers, slow, wrong, left


@pytest.mark.sized
def test_no_broken_file_gives_a_traceback(readers, tmp_path, tell):
    """Files that were sound but for one to four changes, shared among all readers."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers, slowest, wrong, left = Counter(), 0.0, [], 0
    for place, reader in enumerate(readers):
        folder = tmp_path / f"{place}"
        folder.mkdir()
        found = fed(reader, max(1, FILES * reader.share // 100), folder)
        answers += found[0]
        slowest = max(slowest, found[1])
        wrong += found[2]
        left += found[3]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    tell("malformed files", readers=len(readers), files=sum(answers.values()),
         answers=dict(answers), left_behind=left, slowest_seconds=f"{slowest:.2f}",
         memory_grown_mb=grown // 1024, seed=SEED)  # fmt: skip
    assert wrong == []
    assert left == 0
    assert grown <= MOST_KIB
    assert answers["read"] > 0
    assert answers["refused"] > answers["read"] // 4


@pytest.mark.sized
def test_every_reader_reads_what_is_sound(readers, tmp_path):
    """The other side of it: refusing everything would be easy."""
    for reader in readers:
        for data in reader.seeds:
            path = tmp_path / f"sound{reader.suffix}"
            path.write_bytes(data)
            assert outcome(reader.read, path)[0] == "read", reader.name


@pytest.mark.parametrize("data", [b"", b"\n", b" ", b"\xef\xbb\xbf"])
def test_a_file_of_nothing_is_answered_by_every_reader(readers, tmp_path, data):
    """Empty, a line, a blank, the mark of UTF-8 alone: read as nothing, or refused with a place."""
    for reader in readers:
        path = tmp_path / f"nothing{reader.suffix}"
        path.write_bytes(data)
        assert outcome(reader.read, path)[0] in ("read", "refused"), reader.name


def alone(read, path):
    """Read a file in a process that may take 512 MB more than it has; give outcome and seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            most = has + 1024 * MOST_KIB
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
            what, seconds = outcome(read, path)
            os.write(writing, f"{seconds:.2f} {what}".encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read().decode() or "60 ended without an answer"
    os.waitpid(child, 0)
    seconds, _, what = said.partition(" ")
    return what, float(seconds)


IMPORTED = ("import of FHIR", ".json")
KINDS = [".yaml", ".csv", ".json", ".jsonl", ".ndjson", ".xlsx", ".txt", ".ledger", ".maf", ".vcf",
         ".tab"]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("suffix", KINDS)
def test_a_hostile_file_is_refused_within_bounds(suffix, readers, tmp_path, tell):
    """By every reader of such files; each in a process of its own, with its memory bounded."""
    wrong, tried = [], 0
    for name, make, ending in for_suffix(suffix):
        path = tmp_path / f"hostile{ending}"
        make(path)
        for reader in readers:
            if reader.suffix == suffix:
                what, seconds = alone(reader.read, path)
                tried += 1
                if what not in ("read", "refused") or seconds > MOST_SECONDS:
                    wrong.append((reader.name, name, what, seconds))
        path.unlink()

    tell(f"hostile files, {suffix}", files=tried, wrong=len(wrong))
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("much", RECORDS)
def test_a_record_of_171_megabytes_is_imported_or_refused(much, readers, tmp_path, tell):
    """Streamed: in 512 MB whatever it holds much of, and never by halves."""
    path = tmp_path / "record.json"
    record_of(RECORDS[much], 171_000_000)(path)
    [read] = [each.read for each in readers if (each.name, each.suffix) == IMPORTED]

    what, seconds = alone(read, path)

    tell(f"171 MB of {much}", outcome=what, seconds=f"{seconds:.0f}")
    assert what in ("read", "refused")


def test_a_reader_without_bounds_is_caught(tmp_path, tell):
    """The negative control: a reader that loads the whole file, and one that lets errors out."""
    path = tmp_path / "hostile.json"
    sparse(path)
    whole, _ = alone(lambda given: given.read_bytes(), path)
    path.write_text("[" * 200_000)
    deep, _ = alone(lambda given: json.loads(given.read_text()), path)

    tell("malformed files, control: reader without bounds", caught=2)
    assert whole.startswith("MemoryError")
    assert deep.startswith("RecursionError")
