"""Breaking files: signs, lines, values, cells and packed parts, by a generator handed in."""

import copy
import io
import json
import random
from collections.abc import Iterator
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

TOKENS = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"null", b"NaN", b"-Infinity", b"1e999",
    b"\\ud800", b"\\u0000", b"\xef\xbb\xbf", b"\x00", b"\xff\xfe", b"\r", b"\n", b"\r\n", b"\t",
    b"-", b"* ", b"true", b"0", b'""', b"{}", b'"a":1,', b"&a ", b"*a", b"<<: *a", b"!!python/x ",
    b"---\n", b"...\n", b"%YAML 9.9\n", b"| ", b"# ", b"'", b"=1+1", b"9" * 5000, b"1e-400",
    b"\xe2\x80\xa8", b"\xc2\x85", b"\xcc\x81", b"\xe2\x80\xae", b"2026-02-30", b"29/02/2025",
    b"NO", b"012", b"12:30", b"<", b"</c>", b"<!DOCTYPE x>", b"&lt;", b" " * 300, b"[" * 400,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1e308, float("nan"), float("inf"), 1e-320, "",
    " ", "x" * 3000,
    "\x00", "\ud800", "NO", "=1+1", "2026-02-30", "0000-00-00", [], {}, [[]], [None], {"": None},
    {"id": {}}, "9" * 400,
)  # fmt: skip
_BETWEEN = {".csv": b",", ".maf": b"\t", ".vcf": b"\t", ".tab": b"\t"}
"""What stands between the cells of a table, by the ending of its file."""


def broken(seed: bytes, suffix: str, chance: random.Random) -> bytes:
    """Break a file in one to four places, in a way that fits its kind."""
    if suffix == ".xlsx" and chance.random() < 0.8:
        return _packed(seed, chance)
    if suffix in (".json", ".jsonl", ".ndjson") and chance.random() < 0.5:
        return _values(seed, chance)
    if suffix in _BETWEEN and chance.random() < 0.5:
        return _cells(seed, chance, _BETWEEN[suffix])
    return _signs(seed, chance)


def _signs(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, put in, repeat and exchange bytes and lines."""
    for _ in range(chance.randint(1, 4)):
        here, there = sorted(chance.randint(0, len(data)) for _ in range(2))
        lines = data.split(b"\n")
        one, other = (chance.randrange(len(lines)) for _ in range(2))
        match chance.randrange(8):
            case 0 if data:
                place = chance.randrange(len(data))
                flipped = data[place] ^ (1 << chance.randrange(8))
                data = data[:place] + bytes([flipped]) + data[place + 1 :]
            case 1:
                data = data[:here] + data[min(there, here + 60) :]
            case 2:
                data = data[:here] + chance.choice(TOKENS) + data[here:]
            case 3:
                data = data[:there] + data[here : here + 400] + data[there:]
            case 4:
                data = b"\n".join(lines[:one] + lines[one + 1 :])
            case 5:
                lines[one], lines[other] = lines[other], lines[one]
                data = b"\n".join(lines)
            case 6:
                data = b"\n".join([*lines[:one], lines[other], *lines[one:]])
            case _ if chance.random() < 0.2:
                data = data[:there]
    return data


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of each part of a value."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))


def _grafted(value: Any, chance: random.Random) -> Any:
    """Put in, delete, wrap, rename, double and move parts of a value."""
    root = {"": copy.deepcopy(value)}
    for _ in range(chance.randint(1, 3)):
        paths = list(_places(root))
        *above, last = chance.choice(paths)
        holder: Any = root
        for key in above:
            holder = holder[key]
        match chance.randrange(6):
            case 0 if above:
                del holder[last]
            case 1:
                holder[last] = [holder[last]] if chance.random() < 0.5 else {"x": holder[last]}
            case 2 if isinstance(holder, dict) and above:
                holder[chance.choice(["", "x", f"{last} ", str(last).upper()])] = holder.pop(last)
            case 3 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case 4:
                part: Any = root
                for key in chance.choice(paths):
                    part = part[key]
                holder[last] = copy.deepcopy(part)
            case _:
                holder[last] = copy.deepcopy(chance.choice(VALUES))
    return root[""]


def _values(data: bytes, chance: random.Random) -> bytes:
    """Break the values of JSON, or of one line of it."""
    try:
        return json.dumps(_grafted(json.loads(data), chance)).encode()
    except ValueError:
        lines = data.splitlines()
    at = chance.randrange(len(lines))
    lines[at] = json.dumps(_grafted(json.loads(lines[at]), chance)).encode()
    return b"\n".join(lines) + b"\n"


def _cells(data: bytes, chance: random.Random, between: bytes) -> bytes:
    """Break the cells of a table."""
    rows = [line.split(between) for line in data.split(b"\n")]
    for _ in range(chance.randint(1, 3)):
        row = chance.choice(rows)
        at = chance.randrange(len(row))
        match chance.randrange(4):
            case 0:
                row[at] = str(chance.choice(VALUES)).encode("utf-8", "replace")
            case 1:
                del row[at]
                row.extend([b""] * (not row))
            case 2:
                row.insert(at, chance.choice(TOKENS))
            case _:
                row[at] = chance.choice(chance.choice(rows))
    return b"\n".join(between.join(row) for row in rows)


def _packed(data: bytes, chance: random.Random) -> bytes:
    """Break one part of a packed file, so that the packing itself is sound."""
    parts = dict(unpacked(data))
    name = chance.choice(sorted(parts))
    kept = chance.random() < 0.9
    parts = {each: held for each, held in parts.items() if kept or each != name}
    if kept:
        parts[name] = _signs(parts[name], chance)
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as pack:
        for each, held in parts.items():
            pack.writestr(each, held)
    return written.getvalue()


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the parts of a packed file by name."""
    try:
        with ZipFile(io.BytesIO(data)) as pack:
            for each in pack.namelist():
                yield each, pack.read(each)
    except BadZipFile:
        yield "", data
