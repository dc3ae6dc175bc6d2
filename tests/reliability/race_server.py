"""The pages on a trial with many cohorts, in a process of its own that prints its port.

`python -m tests.reliability.race_server FOLDER [naive]`
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase

from tests.assembly.slot_racing import racing_protocol

from trialwright.assembly.clock import entered_at
from trialwright.assembly.gateway import Done, Gateway
from trialwright.assembly.serving import open_desk
from trialwright.conduct.deciding import decide
from trialwright.web import starting
from trialwright.web.settings import Door

ARMS = tuple(f"{letter}{number}" for letter in ascii_uppercase[:21] for number in range(1, 7))
"""Arms of a ledger, with one cohort each. A protocol names its arms by one letter; the race has
more of them, for two servers take as long to start as twenty cohorts to race."""

RACER, PASSWORD = "racer", "a long enough pass phrase"
THINKING = 0.05
"""How long the broken variant holds what it counted, seconds."""


def open_race(folder: Path):
    """Open the trial of a folder with the protocol of the race."""
    desk = open_desk(folder, "nct03959891")
    read = racing_protocol(ARMS)
    return replace(desk, gateway=Gateway(desk.gateway.store, read, entered_at, "page"))


def count_then_insert(self, act, actor, request=None):
    """Decide on a state read before the lock: what a program without the gateway would do."""
    happenings = decide(self.state(), act, actor)
    time.sleep(THINKING)
    with self.store.transaction(self.trial) as chain:
        return Done(happenings, self._append(chain, happenings, actor, self.clock(), None))


def main(folder: str, variant: str = "") -> None:
    """Serve until stopped."""
    desk = open_race(Path(folder))
    starting.prepare(desk, Door())
    if starting.first_link(desk):  # nobody has an account yet
        from trialwright.web.accounts import make_account

        make_account(RACER, PASSWORD, "person")
    if variant == "naive":
        Gateway.execute = count_then_insert
    taken = starting.listen("127.0.0.1", 0)
    print(taken.getsockname()[1], flush=True)  # noqa: T201 - who started it reads it
    starting.serve(taken)


if __name__ == "__main__":
    main(*sys.argv[1:])
