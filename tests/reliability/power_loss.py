"""A disk that forgets: system calls of a writer, recorded by strace, and what a power loss leaves.

The disk keeps for certain only what was synced. Data written to a file is certain once the file
was synced; names (a file made, removed, renamed) are certain once their folder was synced. What
is not certain is dropped, kept, kept in part and in any order, or torn within a write at sectors of
512 bytes; of the names a beginning is kept, as by a file system that journals them.
"""

import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
MODES = ("dropped", "kept", "any of it", "torn")
TRACED = (
    "openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,"
    "renameat2,link,linkat"
)
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One call that changed something: name, numbers, texts and what it gave."""

    name: str
    numbers: tuple[int, ...]
    texts: tuple[bytes, ...]
    flags: str
    gave: int


def record(command: Sequence[str], folder: Path, **options: object) -> list[Call]:
    """Run a command under strace, and give its calls that succeeded."""
    log = folder / "calls"
    traced = ["strace", "-f", "-xx", "-s", "2000000", "-e", f"trace={TRACED}", "-o", str(log)]
    subprocess.run([*traced, *command], check=True, capture_output=True, **options)
    return list(_calls(log.read_text("ascii")))


def _calls(text: str) -> Iterator[Call]:
    """Read the lines of a record."""
    for line in text.splitlines():
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        rest = _TEXT.sub("", found[2])
        texts = tuple(bytes.fromhex(one.replace("\\x", "")) for one in _TEXT.findall(found[2]))
        numbers = tuple(int(one) for one in re.findall(r"(?<![\w.])-?\d+(?![\w.])", rest))
        yield Call(found[1], numbers, texts, rest, int(found[3]))


@dataclass(eq=False)
class File:
    """What a file holds for certain, and what was written to it since it was synced."""

    certain: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    end: int = 0

    def sync(self) -> None:
        """Make everything certain."""
        self.certain, self.pending = self.left(lambda data: [(0, data)]), []

    def left(self, survives: Callable[[bytes | None], list[tuple[int, bytes | None]]]) -> bytes:
        """Give the bytes after a power loss; `survives` gives the parts left of each write."""
        data = bytearray(self.certain)
        for offset, written in self.pending:
            for start, part in survives(written):
                if part is None:
                    data = data[:offset].ljust(offset, b"\0")
                else:
                    begin = offset + start
                    data = data.ljust(begin, b"\0")
                    data[begin : begin + len(part)] = part
        return bytes(data)


class Disk:
    """The files below a folder, as the calls leave them."""

    def __init__(self, folder: Path) -> None:
        self.acknowledged: list[str] = []
        self.names: dict[str, File] = {}
        self._folder = str(folder)
        self._now: dict[str, File] = {}
        self._changes: list[tuple[str, str, File | None]] = []
        self._open: dict[int, File | str] = {}

    def play(self, call: Call) -> bool:
        """Carry out a call; say whether it concerned the disk or an acknowledgement."""
        act = getattr(self, f"_{call.name}", None)
        return bool(act and act(call))

    def _openat(self, call: Call) -> bool:
        path = call.texts[0].decode()
        if not path.startswith(self._folder):
            self._open.pop(call.gave, None)
            return False
        if Path(path).is_dir() or path == self._folder:
            self._open[call.gave] = path
            return False
        if path not in self._now:
            self._now[path] = File()
            self._changes.append(("made", path, self._now[path]))
        self._open[call.gave] = self._now[path]
        return True

    def _close(self, call: Call) -> bool:
        self._open.pop(call.numbers[0], None)
        return False

    def _pwrite64(self, call: Call) -> bool:
        return self._put(call.numbers[0], call.numbers[-1], call.texts[0][: call.gave])

    def _write(self, call: Call) -> bool:
        if call.numbers[0] == 1:
            self.acknowledged.append(call.texts[0].decode().strip())
            return True
        file = self._open.get(call.numbers[0])
        if not isinstance(file, File):
            return False
        file.end += call.gave
        return self._put(call.numbers[0], file.end - call.gave, call.texts[0][: call.gave])

    def _put(self, number: int, offset: int, data: bytes) -> bool:
        file = self._open.get(number)
        if isinstance(file, File):
            file.pending.append((offset, data))
        return isinstance(file, File)

    def _ftruncate(self, call: Call) -> bool:
        file = self._open.get(call.numbers[0])
        if isinstance(file, File):
            file.pending.append((call.numbers[1], None))
        return isinstance(file, File)

    def _fsync(self, call: Call) -> bool:
        synced = self._open.get(call.numbers[0])
        if isinstance(synced, File):
            synced.sync()
        elif synced is not None:
            here = [each for each in self._changes if str(Path(each[1]).parent) == synced]
            self.names = _after(self.names, here)
            self._changes = [each for each in self._changes if each not in here]
        return synced is not None

    _fdatasync = _fsync

    def _unlink(self, call: Call) -> bool:
        path = call.texts[0].decode()
        if self._now.pop(path, None) is None:
            return False
        self._changes.append(("removed", path, None))
        return True

    _unlinkat = _unlink

    def _rename(self, call: Call) -> bool:
        old, new = (each.decode() for each in call.texts)
        if old not in self._now:
            return False
        self._now[new] = self._now.pop(old)
        self._changes.append((old, new, self._now[new]))
        return True

    _renameat = _renameat2 = _rename

    def _link(self, call: Call) -> bool:
        old, new = (each.decode() for each in call.texts)
        if old not in self._now:
            return False
        self._now[new] = self._now[old]
        self._changes.append(("linked", new, self._now[new]))
        return True

    _linkat = _link

    def lose_power(self, mode: str, chance: random.Random) -> dict[str, bytes]:
        """Give what is left of each file, by path."""
        kept = {"dropped": 0, "kept": len(self._changes)}.get(
            mode, chance.randint(0, len(self._changes))
        )
        survives = _SURVIVES[mode]
        names = _after(self.names, self._changes[:kept])
        return {
            path: file.left(lambda data: survives(data, chance)) for path, file in names.items()
        }


def _after(names: dict[str, File], changes: Sequence[tuple[str, str, File | None]]):
    """Give names to files once changes of names have been carried out."""
    names = dict(names)
    for what, path, file in changes:
        names.pop(what, None)  # the old name of what was renamed
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file
    return names


def _torn(data: bytes | None, chance: random.Random) -> list[tuple[int, bytes | None]]:
    """Keep some sectors of a write."""
    if data is None:
        return [(0, data)] * chance.randint(0, 1)
    starts = range(0, len(data), SECTOR)
    return [(at, data[at : at + SECTOR]) for at in starts if chance.random() < 0.5]


_SURVIVES: dict[str, Callable[..., list[tuple[int, bytes | None]]]] = {
    "dropped": lambda data, chance: [],
    "kept": lambda data, chance: [(0, data)],
    "any of it": lambda data, chance: [(0, data)] * chance.randint(0, 1),
    "torn": _torn,
}


def disks(calls: Sequence[Call], folder: Path, points: Sequence[int]) -> Iterator[Disk]:
    """Give the disk after each number of calls in `points`, which are in order."""
    disk, played = Disk(folder), 0
    for point in points:
        while played < point:
            disk.play(calls[played])
            played += 1
        yield disk
