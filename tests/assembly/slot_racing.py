"""Racers for the places of many cohorts at once, each in a process with a gateway of its own."""

import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.assembly.conftest import CHIEF, KEY, at_noon

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.conduct.acts import Assign, Consent, OpenTrial, Register
from trialwright.conduct.deciding import decide
from trialwright.conduct.slot_acts import RequestSlot, ReserveSlot
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.protocol.slot_settings import SlotSettings
from trialwright.terms.errors import Refusal

DAY = date(2026, 2, 5)
RACERS, ARMS = 8, string.ascii_uppercase[:24]
SETTINGS = SlotSettings(policy="sponsor-choice", reservation_days=14)


def racing_protocol(arms: Sequence[str] = ARMS):
    """Give a protocol without criteria, with one cohort of three in each arm."""
    read = shipped("nct03959891")
    first = read.study.arms[0]
    named = tuple(first.model_copy(update={"id": arm}) for arm in arms)
    changed = {"criteria": (), "arms": named, "slots": SETTINGS}
    return replace(read, study=read.study.model_copy(update=changed))


def gateway(folder: Path) -> Gateway:
    """Open a gateway of its own on the ledger of a folder; the first one makes the ledger."""
    if not (folder / "ledger.sqlite").exists():
        SqliteLedger.create(folder / "ledger.sqlite")
    ledger = SqliteLedger.open(
        folder / "ledger.sqlite",
        signing=KEY,
        checkpoint=CheckpointFile(folder / "checkpoint.json"),
    )
    return Gateway(ledger, racing_protocol(), at_noon, "test")


def last_act(arm: int, racer: int):
    """Give what a racer does in an arm: hold a place in every other one, take one in the rest."""
    number = arm * RACERS + racer + 1
    return ReserveSlot(f"request-{number}", DAY, "race") if arm % 2 else Assign(f"P-{number}", DAY)


def prepare_race(folder: Path, arms: int = len(ARMS)) -> Gateway:
    """Bring every racer to the start: a request that waits, or a registered participant."""
    made = gateway(folder)
    made.execute(OpenTrial(DAY), CHIEF)
    for arm in range(arms):
        for racer in range(RACERS):
            number = arm * RACERS + racer + 1
            if arm % 2:
                acts = [RequestSlot(f"request-{number}", ARMS[arm], "mgh", DAY)]
            else:
                who = f"P-{number}"
                acts = [Consent(who, DAY), Register(who, ARMS[arm], DAY, DAY)]
            made.execute_all(acts, CHIEF)
    return made


def race(folder: Path, racer: int, start) -> None:
    """Go for one place of each cohort, all racers at once; being too late is an answer."""
    mine = gateway(folder)
    for arm in range(len(ARMS)):
        start.wait()
        try:
            mine.execute(last_act(arm, racer), CHIEF)
        except Refusal as refused:
            if "no place is" not in str(refused):
                raise


def count_then_insert(mine: Gateway, act, start) -> None:
    """Decide on a state read before the lock, as a program without the gateway would."""
    happenings = decide(mine.state(), act, CHIEF)
    start.wait()
    with mine.store.transaction(mine.trial) as chain:
        chain.append(
            happenings, actor="p.chief", role="principal-investigator", site="mgh",
            source="test", protocol=mine.protocol.digest, software="test",
            entered_at=at_noon(),
        )  # fmt: skip
