"""How fast the state of a trial is folded, cold and warm, beside other work in the same run.

    .venv/bin/python benchmarks/fold.py [--happenings 100000] [--participants 200] [--in-memory]
    .venv/bin/python benchmarks/fold.py --postgres ADDRESS-OF-AN-EMPTY-DATABASE

The happenings are invented: participants who are consented, registered and assigned, then the day's
work of a site in the shares of `MIX`. Beside the fold stand one look at each happening of the same
list (what any loop over it costs) and the reading of the same rows out of the database.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.processes import workers
from trialwright.assembly.protocols import shipped
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import ConcomitantMedicine, DrugCount, Visit
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Observation
from trialwright.conduct.folding import fold
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.records import write
from trialwright.conduct.state import TrialState
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.relational import RelationalLedger
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

TRIAL = "nct03959891"
OPENED = date(2026, 1, 5)
CHART = Source("person", "chart p. 7")
MIX = (
    "form_recorded", "visit_recorded", "doses_recorded", "form_recorded", "adverse_event_recorded",
    "form_recorded", "medicine_recorded", "visit_recorded", "form_recorded", "query_raised",
    "query_answered", "doses_recorded", "form_recorded", "source_verified", "visit_recorded",
    "form_recorded", "drug_counted", "query_closed", "form_recorded", "doses_recorded",
)  # fmt: skip
"""What is done of a participant, over and over: laboratory forms above all."""


def history(count: int, participants: int) -> Iterator[Happening]:
    """Give happenings of an invented trial, each of a participant in turn."""
    yield Happening("trial_opened", TRIAL.upper(), OPENED, {"was": "not yet active"})
    numbers = [f"MGH-{number:03}" for number in range(1, participants + 1)]
    begun = 1
    for act in ("consented", "registered", "assigned"):
        for number in numbers:
            yield Happening(act, number, OPENED, _BEGINNING[act])
            begun += 1
    for place in range(count - begun):
        turn, who = divmod(place, participants)
        on = OPENED + timedelta(days=1 + turn)
        query = (turn // len(MIX)) * participants + who + 1
        yield _work(MIX[turn % len(MIX)], numbers[who], on, query)


_BEGINNING: dict[str, Any] = {
    "consented": {},
    "registered": {"arm": "A", "first_dose_on": "2026-01-12"},
    "assigned": {"arm": "A", "dose_level": 1, "choice": {"letrozole": "letrozole"}},
}


def _work(act: str, number: str, on: date, query: int) -> Happening:
    """Give one piece of a site's work."""
    day = PartialDate.of(on)
    if act.startswith("query_"):
        raised = {"part": "", "sequence": 0, "field": "", "state": "Open", "kind": "Manual"}
        told = raised if act == "query_raised" else {}
        return Happening(act, number, on, {"query": query, **told}, "a question")
    match act:
        case "form_recorded":
            seen = tuple(
                Observation(term, Quantity(Decimal(value), unit), day, CHART)
                for term, value, unit in (
                    ("hemoglobin", "11.2", "g/dL"), ("platelets", "180", "10*9/L"),
                    ("neutrophils", "2.1", "10*9/L"),
                )
            )  # fmt: skip
            told = {"form": "laboratory", "visit": "C1D8", "observations": write(seen)}
            empty = {name: [] for name in ("conditions", "treatments", "specimens", "others")}
            return Happening(act, number, on, told | empty)
        case "visit_recorded":
            return Happening(act, number, on, _entry(Visit("C1D8", "done", on, CHART), windows=[]))
        case "doses_recorded":
            amount = Quantity(Decimal(200), "mg")
            doses = tuple(
                DoseGiven(agent, on, amount, "given", CHART)
                for agent in ("ipatasertib", "letrozole")
            )
            return Happening(act, number, on, {"doses": write(doses)})
        case "adverse_event_recorded":
            event = AdverseEvent("Diarrhea", 1, day, None, None, None, CHART)
            return Happening(act, number, on, {"event": write(event)})
        case "medicine_recorded":
            taken = ConcomitantMedicine("Loperamide", day, None, True, CHART)  # noqa: FBT003
            return Happening(act, number, on, _entry(taken, medicine=None, says=[]))
        case "drug_counted":
            counted = DrugCount("ipatasertib", OPENED, 35, on, 7, 28, CHART)
            return Happening(act, number, on, _entry(counted))
    points = [{"sequence": 1, "field": "payload/entry/code"}]
    return Happening(act, number, on, {"points": points})


def _entry(record: object, **beside: Any) -> dict[str, Any]:
    """Write an entry of the course."""
    return {"entry": write(record), **beside}


def recorded(happenings: Iterator[Happening]) -> list[Recorded]:
    """Put happenings into envelopes, without a ledger."""
    return [
        Recorded(place, "2026-01-05T09:00:00.000Z", "m.chen", "coordinator", "mgh", "page",
                 "0" * 64, "trialwright", happening)
        for place, happening in enumerate(happenings, start=1)
    ]  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Time one piece of work in processor seconds, those of processes that it started included."""
    begun = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - begun


_LOOKS = 20
"""How often the list is looked at, for once is below the least time that the system tells."""


def look(records: list[Recorded]) -> int:
    """Look at each happening once."""
    return sum(record.happening.on > OPENED for record in records)


def looked_at(state: TrialState) -> int:
    """Look at the doses of everybody, so that whatever was filed is folded."""
    return sum(len(here.doses) for here in state.participants.values())


def told(what: str, taken: float, base: float) -> None:
    """Print a time, and how many times a look at the same list it is."""
    print(f"{what:<44}{taken:>9.3f} s{taken / base:>9.1f}")


def empty_ledger(folder: Path, address: str) -> RelationalLedger:
    """Make a ledger in a file, or in a database of PostgreSQL."""
    key, kept = SigningKey.create(folder / "signing.key"), CheckpointFile(folder / "checkpoint")
    if not address:
        SqliteLedger.create(folder / "ledger.sqlite")
        return SqliteLedger.open(folder / "ledger.sqlite", signing=key, checkpoint=kept)
    postgres = ledgers.postgres_store()
    postgres.create(address)
    return postgres.open(address, signing=key, checkpoint=kept)


def by_processes(store: RelationalLedger, trial: str) -> None:
    """Verify with one process a core, and print how long it took by the clock."""
    begun = time.perf_counter()
    with workers(0) as run:
        store.verify(trial, run=cast(Any, run))
    print(f"{'  by the clock':<44}{time.perf_counter() - begun:>9.3f} s")


def in_a_ledger(
    folder: Path, count: int, participants: int, base: float, address: str = ""
) -> None:
    """Print how long a gateway takes, cold and warm, on a ledger in a file or in PostgreSQL."""
    store = empty_ledger(folder, address)
    protocol = shipped(TRIAL)
    entry = {
        "actor": "m.chen", "role": "coordinator", "site": "mgh", "source": "page",
        "protocol": protocol.digest, "software": "trialwright", "entered_at": entered_at(),
    }  # fmt: skip
    whole = list(history(count + 1, participants))
    with store.transaction(TRIAL.upper()) as chain:
        for start in range(0, count, 100):
            chain.append(whole[start : min(start + 100, count)], **entry)
    gateway = Gateway(store, protocol, entered_at, "page")
    told("read out of the database", seconds(lambda: list(store.records(gateway.trial))), base)
    told("state, cold (read and folded)", seconds(gateway.state), base)
    told("state, warm, directly after it", seconds(gateway.state), base)
    with store.transaction(TRIAL.upper()) as chain:
        chain.append(whole[count:], **entry)
    told("state, warm (one happening more)", seconds(gateway.state), base)
    told("verify", seconds(lambda: store.verify(gateway.trial)), base)
    told("verify, a process a core", seconds(lambda: by_processes(store, gateway.trial)), base)
    every = seconds(lambda: store.verify(gateway.trial, every_signature=True))
    told("verify, every signature", every, base)


def main() -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--happenings", type=int, default=100_000)
    asked.add_argument("--participants", type=int, default=200)
    asked.add_argument("--in-memory", action="store_true", help="without a ledger in a file")
    asked.add_argument("--postgres", default="", help="address of an empty database")
    given = asked.parse_args()
    study = shipped(TRIAL).study
    records = recorded(history(given.happenings, given.participants))
    print(f"{given.happenings:,} happenings of {given.participants} participants")
    base = seconds(lambda: [look(records) for _ in range(_LOOKS)]) / _LOOKS
    told("a look at each happening", base, base)
    with collecting_later():
        told("fold", seconds(lambda: fold(study, records)), base)
        whole = fold(study, records)
        told("a look at every participant after it", seconds(lambda: looked_at(whole)), base)
    if not given.in_memory:
        with tempfile.TemporaryDirectory() as name:
            in_a_ledger(Path(name), given.happenings, given.participants, base, given.postgres)


if __name__ == "__main__":
    main()
