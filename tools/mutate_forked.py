"""Measure mutation scores of modules, each mutant in a fork of one process.

    nice .venv/bin/python tools/mutate_forked.py src/trialwright/terms --tests tests/terms
    nice .venv/bin/python tools/mutate_forked.py src/trialwright/escalation/ladder.py \
        --tests tests/escalation/test_ladder.py --slowest 1

A room stands for all of its modules. The mutants are mutmut's. The modules are mutated in a
temporary copy, the tests are collected and run once to learn which of them call which function,
and then each mutant runs the tests of its function, the quick ones first, until one fails. What
survives is run once more with every fixture made anew and with the slow tests, and its change is
printed.

Exit status: 0 when the mutants ran, whatever the score; 2 when a path is not there, or a test
fails without a mutant.
"""

import argparse
import difflib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if (ROOT.parent / "shared").is_dir():  # the tests run in a copy, which has no such neighbour
    os.environ.setdefault("TRIALWRIGHT_SHARED", str(ROOT.parent / "shared"))
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # threads do not live through a fork


@dataclass
class Mutant:
    """One small fault: where it is, what it changes, and what became of it."""

    module: str
    name: str
    change: str
    outcome: str = "not reached"

    @property
    def function(self) -> str:
        """Give the function that holds the fault, as the trampoline names it."""
        return f"{self.module}.{self.name.rpartition('__mutmut_')[0]}"


@dataclass
class Learned:
    """Which tests call which function, how long each took, and which of them find faults."""

    callers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)
    found: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


def mutate(source: Path, copy: Path) -> list[Mutant]:
    """Write every mutant of a module into its copy."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    within = source.relative_to(ROOT)
    mutated = mutate_file_contents(str(within), source.read_text(encoding="utf-8"))
    (copy / within).write_text(mutated.code, encoding="utf-8")
    module = ".".join(within.with_suffix("").parts[1:])
    lines = mutated.code.splitlines()

    def text(name: str) -> list[str]:
        """Give the lines of a generated function under its own name."""
        span = mutated.line_span_by_function_name[name]
        whole = lines[span.start - 1 : span.end]
        return [line.replace(name, "mutated") for line in whole]

    def change(name: str) -> str:
        """Tell what a mutant changes, as a diff without its head."""
        before = text(f"{name.rpartition('__mutmut_')[0]}__mutmut_orig")
        told = list(difflib.unified_diff(before, text(name), lineterm="", n=1))[2:]
        return "\n".join(line for line in told if not line.startswith("@@"))

    names = [name.rpartition(".")[-1] for name in mutated.mutant_names]
    return [Mutant(module, name, change(name)) for name in names]


def left_by(mutants: list[Mutant], earlier: Path | None) -> list[Mutant]:
    """Keep what an earlier run did not kill; everything without one."""
    if earlier is None:
        return mutants
    told = json.loads(earlier.read_text(encoding="utf-8"))
    left = {
        (each["module"], each["name"])
        for each in told
        if each["outcome"] not in ("killed", "timeout")
    }
    return [each for each in mutants if (each.module, each.name) in left]


def drawn(mutants: list[Mutant], asked: argparse.Namespace) -> list[Mutant]:
    """Draw as many mutants of each module as are asked for, all of a module with fewer."""
    if not asked.sample:
        return mutants
    kept: list[Mutant] = []
    for module in dict.fromkeys(each.module for each in mutants):
        ours = [each for each in mutants if each.module == module]
        lot = random.Random(f"{asked.seed} {module}")  # noqa: S311
        places = sorted(lot.sample(range(len(ours)), min(asked.sample, len(ours))))
        kept += [ours[place] for place in places]
    return kept


def forget(rooms: set[str]) -> None:
    """Empty what functions of the mutated rooms remember."""
    for name, module in list(sys.modules.items()):
        if any(name == room or name.startswith(f"{room}.") for room in rooms):
            for remembered in list(vars(module).values()):
                clear = getattr(remembered, "cache_clear", None)
                if clear is not None:
                    clear()


class Loop:
    """Run every test once, then every mutant in a fork."""

    def __init__(self, mutants: list[Mutant], limits: argparse.Namespace) -> None:
        self.mutants = mutants
        self.limits = limits
        self.learned = Learned()
        self.active = ""
        self.rooms = {each.module.rpartition(".")[0] for each in mutants}
        self.broken: list[str] = []

    @staticmethod
    def pytest_configure() -> None:
        """Let hypothesis look for a failing example, and neither shrink nor keep it."""
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("forked", phases=phases, database=None, deadline=None)
        settings.load_profile("forked")

    def pytest_runtestloop(self, session: Any) -> bool:
        """Replace the loop of pytest."""
        from mutmut.mutation import trampoline

        trampoline.get_mutant_under_test = lambda: self.active
        items = {item.nodeid: item for item in session.items}
        self.learn(list(items.values()))
        if self.broken:
            return True
        for count, mutant in enumerate(self.mutants, 1):
            self.judge(session, items, mutant)
            if mutant.outcome not in ("killed", "timeout"):
                callers = len(self.learned.callers[mutant.function])
                head = f"# {mutant.module}.{mutant.name} {mutant.outcome} ({callers} tests)"
                print(f"{head}\n{mutant.change}\n", file=sys.__stdout__, flush=True)
            if count % 100 == 0:
                print(f"{count} of {len(self.mutants)}", file=sys.__stderr__, flush=True)
        return True

    def learn(self, items: list[Any]) -> None:
        """Run each test and note the functions it calls."""
        from mutmut.mutation import trampoline

        called: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, caller=None: called.add(name)
        self.active = "stats"
        for item, following in zip(items, [*items[1:], *items[:1]], strict=True):
            called.clear()
            forget(self.rooms)
            began = time.process_time()
            if self.fails(item, following):
                self.broken.append(item.nodeid)
            self.learned.seconds[item.nodeid] = time.process_time() - began
            for name in called:
                self.learned.callers[name].add(item.nodeid)
        self.active = ""

    @staticmethod
    def fails(item: Any, following: Any) -> bool:
        """Tell whether a test fails."""
        from _pytest.runner import runtestprotocol

        reports = runtestprotocol(item, log=False, nextitem=following)
        return any(report.failed for report in reports)

    def judge(self, session: Any, items: dict[str, Any], mutant: Mutant) -> None:
        """Find out whether any test fails with a mutant."""
        seconds, found = self.learned.seconds, self.learned.found
        callers = self.learned.callers[mutant.function]
        if not callers:
            return
        order = sorted(callers, key=lambda test: (-found[mutant.function, test], seconds[test]))
        quick = [test for test in order if seconds[test] <= self.limits.slowest]
        mutant.outcome = self.fork(session, [items[test] for test in quick], mutant, anew=False)
        if mutant.outcome == "survived" and self.limits.again:
            slow = [test for test in order if seconds[test] <= self.limits.slowest_again]
            mutant.outcome = self.fork(session, [items[test] for test in slow], mutant, anew=True)
        if mutant.outcome.startswith("tests/"):
            found[mutant.function, mutant.outcome] += 1
            mutant.outcome = "killed"

    def fork(self, session: Any, tests: list[Any], mutant: Mutant, *, anew: bool) -> str:
        """Run tests with a mutant in a process of its own; give the first that fails."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            told = "survived"
            try:
                allowed = int(5 + 10 * sum(self.learned.seconds[each.nodeid] for each in tests))
                resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed))
                signal.alarm(60 + 4 * allowed)
                self.active = f"{mutant.module}.{mutant.name}"
                if anew:
                    session._setupstate.teardown_exact(None)
                forget(self.rooms)
                last = [*tests[1:], *session.items[:1]]
                for item, following in zip(tests, last, strict=True):
                    if self.fails(item, following):
                        told = item.nodeid
                        break
            except BaseException as stopped:  # noqa: BLE001
                told = f"{tests[0].nodeid if tests else stopped}"
            os.write(writer, told.encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            told = answer.read()
        os.waitpid(child, 0)
        return told or "timeout"


def report(mutants: list[Mutant]) -> None:
    """Print the score of each module."""
    for module in sorted({each.module for each in mutants}):
        ours = [each for each in mutants if each.module == module]
        dead = sum(each.outcome in ("killed", "timeout") for each in ours)
        unreached = sum(each.outcome == "not reached" for each in ours)
        print(
            f"{module.removeprefix('trialwright.')}: {dead} of {len(ours)} mutants killed"
            f" ({100 * dead / max(len(ours), 1):.1f} %), {unreached} not reached"
        )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("modules", nargs="+", type=Path, help="rooms or modules")
    parser.add_argument("--tests", nargs="+", required=True, help="their tests")
    parser.add_argument("--slowest", type=float, default=0.3, help="seconds of a test at first")
    parser.add_argument(
        "--slowest-again", type=float, default=1.0, help="seconds of a test for survivors"
    )
    parser.add_argument("--once", dest="again", action="store_false", help="no second run")
    parser.add_argument("--only", default="", help="functions whose name holds this text")
    parser.add_argument(
        "--survivors", type=Path, help="only what an earlier run, written by --json, did not kill"
    )
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each module")
    parser.add_argument("--seed", type=int, default=1, help="by which the sample is drawn")
    parser.add_argument("--json", type=Path, help="also write the outcomes here")
    asked = parser.parse_args()
    named = [*map(str, asked.modules), *(each.partition("::")[0] for each in asked.tests)]
    lacking = [path for path in named if not (ROOT / path).exists()]
    if lacking:
        parser.error(f"{', '.join(lacking)} is not in {ROOT}")
    return asked


def modules_in(path: Path) -> list[Path]:
    """Give the modules of a room, or the module itself."""
    whole = (ROOT / path).resolve()
    if not whole.is_dir():
        return [whole]
    return sorted(each for each in whole.rglob("*.py") if each.name != "__init__.py")


def main() -> int:
    """Measure the modules named on the command line."""
    asked = arguments()
    copy = Path(tempfile.mkdtemp(prefix="trialwright-mutate."))
    try:
        for name in ("src", "tests", "tools"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        sys.dont_write_bytecode = True
        sources = [module for path in asked.modules for module in modules_in(path)]
        mutants = [each for path in sources for each in mutate(path, copy)]
        mutants = left_by(mutants, asked.survivors)
        mutants = drawn([each for each in mutants if asked.only in each.name], asked)
        for kept in ("docs", "README.md", "changelog.d", "benchmarks"):
            (copy / kept).symlink_to(ROOT / kept)
        sys.path.insert(0, str(copy / "src"))
        os.chdir(copy)

        import pytest

        loop = Loop(mutants, asked)
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
        options += ["--capture=sys", *asked.tests]
        pytest.main(options, plugins=[loop])
        if loop.broken:
            print("fail without a mutant:", *loop.broken, sep="\n")
            return 2
        report(mutants)
        if asked.json:
            asked.json.write_text(json.dumps([vars(each) for each in mutants], indent=1))
    finally:
        os.chdir(ROOT)
        shutil.rmtree(copy, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
