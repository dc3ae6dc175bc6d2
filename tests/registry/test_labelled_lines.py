"""Proposals held against lines that two readers labelled before any rule was written.

Of the records that these lines come from most one-character comparators were lost, so nothing is
carried over. `-k tuned` runs the lines that were shown to whoever wrote the rules, `-k held` the
others.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from trialwright.protocol.proposals import Proposal
from trialwright.registry.proposing.reading import read_limits

pytestmark = pytest.mark.shared

LABELS = Path(__file__).parent / "labels" / "lines.jsonl"

KINDS = {"washout": "wash-out", "lines": "prior-lines", "life": "life-expectancy"}
OPS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
FACTS = {"bilirubin": "total-bilirubin", "qtcf": "qtc", "qtcb": "qtc", "qt": "qtc"}
UNITS = {
    "mmHg": "mm[Hg]",
    "IU/L": "[IU]/L",
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "°C": "Cel",
    "g/24h": "g/(24.h)",
    "mg/24h": "mg/(24.h)",
    "g/day": "g/d",
}
"""Units of the labels in UCUM."""

Atom = tuple[str, ...]


@dataclass
class Score:
    """Counts of one kind of limit."""

    right: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the proposals that readers gave too."""
        given = self.right + len(self.false)
        return self.right / given if given else 1.0

    @property
    def recall(self) -> float:
        """Share of the readers' limits that were proposed."""
        wanted = self.right + len(self.missed)
        return self.right / wanted if wanted else 1.0


def labelled(part: str, shared: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Give each row of a part with the words of its line."""
    records: dict[str, list[str]] = {}
    for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
        if row["part"] != part:
            continue
        trial = row["trial"]
        if trial not in records:
            file = shared / "registry" / "phase1_breast" / f"{trial}.json"
            records[trial] = json.loads(file.read_text(encoding="utf-8"))["Eligibility"]
        words = records[trial][row["line"]].strip()
        digest = sha256(" ".join(words.split()).encode()).hexdigest()[:16]
        assert digest == row["digest"], f"{trial} line {row['line']} is not the line labelled"
        yield row, words


def wanted(atom: dict[str, Any]) -> list[Atom]:
    """Write a label as comparable atoms; a range of scores is two."""
    kind = KINDS.get(atom["kind"], atom["kind"])
    if kind == "sex":
        return [(kind, atom["value"])]
    name = {
        "limit": lambda: (
            FACTS.get(atom["analyte"], atom["analyte"]),
            UNITS.get(atom.get("unit", ""), atom.get("unit", "")),
            atom.get("multiple", ""),
        ),
        "performance": lambda: (atom["scale"],),
        "prior-lines": lambda: (),
    }.get(kind, lambda: (atom["unit"],))()
    if atom["op"] == "in":
        low, high = atom["value"].split("-")
        return [(kind, *name, ">=", _number(low)), (kind, *name, "<=", _number(high))]
    return [(kind, *name, atom["op"], _number(atom["value"]))]


def proposed(proposal: Proposal) -> list[Atom]:
    """Write a proposal as comparable atoms; a range is two."""
    given = proposal.model_dump()
    if proposal.kind == "sex":
        return [("sex", proposal.expect)]
    name = {
        "limit": lambda: (
            FACTS.get(given["fact"], given["fact"]),
            given["unit"],
            given["times"] or "",
        ),
        "performance": lambda: (given["scale"],),
        "prior-lines": lambda: (),
    }.get(proposal.kind, lambda: (given["unit"],))()
    return [
        (proposal.kind, *name, sign, _number(str(given[side])))
        for side, sign in OPS.items()
        if given[side] is not None
    ]


def _number(text: str) -> str:
    """Write a number so that equal ones are equal texts."""
    return f"{Decimal(text).normalize():f}"


def guesses(row: dict[str, Any], proposals: tuple[Proposal, ...]) -> Iterator[str]:
    """Name each proposal on a number whose comparator the readers call lost."""
    for atom in row["agreed"]:
        if atom.get("op") != "lost":
            continue
        start, end = atom["span"]
        for proposal in proposals:
            overlaps = proposal.start < end and start < proposal.end
            numbers = {each[-1] for each in proposed(proposal) if proposal.kind != "sex"}
            if overlaps and _number(atom["value"]) in numbers:
                yield f"{row['trial']} {row['line']}: {proposal.words!r} for {atom}"


def scores(part: str, shared: Path) -> tuple[dict[str, Score], list[str]]:
    """Score every kind on a part of the labels."""
    by_kind: dict[str, Score] = defaultdict(Score)
    guessed: list[str] = []
    for row, words in labelled(part, shared):
        reading = read_limits(words, carry=False)
        guessed += guesses(row, reading.proposals)
        sure: Counter[Atom] = Counter()
        unsure: Counter[Atom] = Counter()
        for atom in row["agreed"]:
            if atom.get("op") != "lost":
                (unsure if atom.get("doubt") else sure).update(wanted(atom))
        given = Counter(each for proposal in reading.proposals for each in proposed(proposal))
        place = f"{row['trial']} {row['line']}"
        for atom, count in given.items():
            right = min(count, sure[atom])
            score = by_kind[atom[0]]
            score.right += right
            score.false += [f"{place}: {atom}"] * max(0, count - right - unsure[atom])
        for atom, count in sure.items():
            by_kind[atom[0]].missed += [f"{place}: {atom}"] * max(0, count - given[atom])
    return by_kind, guessed


def told(part: str, by_kind: dict[str, Score], guessed: list[str]) -> str:
    """Say the scores as lines of text."""
    lines = [f"\n{part}: {len(guessed)} guessed directions", *guessed]
    for kind, score in sorted(by_kind.items()):
        found = score.right + len(score.missed)
        lines.append(
            f"  {kind}: precision {score.precision:.3f}, recall {score.recall:.3f}"
            f" ({score.right} right, {len(score.false)} false, of {found})"
        )
        lines += [f"    false  {each}" for each in score.false]
        lines += [f"    missed {each}" for each in score.missed]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("part", ["tuned", "held out"], ids=["tuned", "held-out"])
def test_proposals_are_what_two_readers_gave(part, shared, capsys):
    """Limits whose comparator stands are found and right, and no lost comparator is guessed."""
    by_kind, guessed = scores(part, shared)

    with capsys.disabled():
        sys.stdout.write(told(part, by_kind, guessed))
    limits = by_kind["limit"]
    assert not guessed
    assert limits.precision >= 0.98
    assert limits.recall >= 0.90
