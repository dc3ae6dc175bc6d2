"""The treatment of 20 records against labels that a reader made before any rule was written."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from trialwright.registry.lines import Stretch
from trialwright.registry.treatments.agents import mentions, names_with
from trialwright.registry.treatments.arms import ArmText, arm_texts_of_line_list, read_treatments

LABELS = Path(__file__).parent / "labels" / "arms.jsonl"

LEAST_PRECISION = 0.95

LEAST_RECALL = {"days": 0.92, "cycle": 0.99, "agents": 0.99}
"""What is reached, rounded down: 25 of 27, 25 of 25, 73 of 73."""

UNTUNED = 12
"""Records, in the order of the file, whose errors were looked at; the rest stayed unseen."""


def agent_key(name: str) -> str:
    """Give one name to an agent that has several."""
    found = mentions(name, names_with([]))
    if found:
        return found[0].key
    return re.sub("[^a-z0-9]", "", name.lower()) if re.search(r"\d", name) else name.lower()


def stretches(text: str, field: str) -> Iterator[Stretch]:
    """Cut a value into its lines with words."""
    for number, whole in enumerate(text.split("\n"), start=1):
        if words := whole.strip():
            yield Stretch(words, number, len(whole) - len(whole.lstrip()), field)


def arms_of_resource(resource: dict) -> Iterator[ArmText]:
    """Give the arms of a FHIR ResearchStudy, the name read as the title."""
    for place, arm in enumerate(resource.get("arm", [])):
        lines = (
            *stretches(arm["name"], f"arm[{place}].name"),
            *stretches(arm.get("description") or "", f"arm[{place}].description"),
        )
        yield ArmText(str(place + 1), arm["name"], "", 1, lines)


def arm_texts(shared: Path, record: str) -> Sequence[ArmText]:
    """Find a record in the data folder."""
    path = shared / "registry" / "phase1_breast" / f"{record}.json"
    if path.exists():
        lines = json.loads(path.read_text(encoding="utf-8"))["Intervention"]
        return arm_texts_of_line_list(lines, "Intervention")
    bundle = json.loads((shared / "registry" / "researchstudies-2022-fhir.json").read_text("utf-8"))
    resources = (entry["resource"] for entry in bundle["entry"])
    return tuple(
        arm
        for resource in resources
        if record in (resource.get("id", ""), *(i["value"] for i in resource["identifier"]))
        for arm in arms_of_resource(resource)
    )


def compared(shared: Path, labelled: dict) -> Counter:
    """Count what was found rightly, found wrongly and missed in one record."""
    counts: Counter = Counter()
    read = {arm.label: arm for arm, _ in read_treatments(arm_texts(shared, labelled["record"]))}
    for label in labelled["arms"]:
        arm = read[label["label"]]
        doubted = {agent_key(each["agent"]) for each in label["agents"] if "doubt" in each}
        wanted = {
            (agent_key(each["agent"]), tuple(map(tuple, each["days"])))
            for each in label["agents"]
            if each["days"]
        }
        found = {
            (agent_key(choice), tuple((days.first, days.last) for days in line.days))
            for line in arm.dosing
            for choice in line.choices
        }
        tally(
            counts,
            "days",
            *({each for each in s if each[0] not in doubted} for s in (wanted, found)),
        )
        if "doubt" not in label:
            tally(counts, "cycle", {label["cycle_days"]} - {None}, {arm.cycle_days} - {None})
        named = {agent_key(each["agent"]) for each in label["agents"]}
        tally(counts, "agents", named, {agent_key(each) for each in arm.agents})
    return counts


def tally(counts: Counter, what: str, wanted: set, found: set) -> None:
    """Add up."""
    counts[what, "right"] += len(found & wanted)
    counts[what, "wrong"] += len(found - wanted)
    counts[what, "missed"] += len(wanted - found)


@pytest.fixture(scope="module")
def counts(shared) -> list[Counter]:
    """Give the counts of each record, in the order of the file."""
    labels = LABELS.read_text(encoding="utf-8").splitlines()
    return [compared(shared, json.loads(line)) for line in labels]


@pytest.mark.parametrize("what", ["days", "cycle", "agents"])
@pytest.mark.parametrize("part", ["all", "untuned"])
def test_what_is_read_is_what_a_reader_labelled(counts, what, part, record_property):
    """Precision is at least 0.95; recall does not fall below what was reached."""
    total: Counter = sum(counts[UNTUNED if part == "untuned" else 0 :], Counter())
    right, wrong, missed = (total[what, each] for each in ("right", "wrong", "missed"))
    precision, recall = right / (right + wrong), right / (right + missed)
    told = f"{what}, {part}: precision {right}/{right + wrong}, recall {right}/{right + missed}"
    record_property("measured", told)
    sys.stdout.write(f"\n{told}\n")

    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL[what]
