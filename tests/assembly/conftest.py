"""A gateway on a ledger of its own, with a protocol of three criteria."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.conduct.acts import Attest, Consent, OpenTrial, RecordFacts, Register
from trialwright.conduct.roles import Actor
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.protocol.reading import ReadProtocol
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

DAY = date(2026, 2, 5)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
INVESTIGATOR = Actor("i.vestigator", "investigator", "mgh")
PERSON = Source("person", "chart")
KEY = SigningKey(bytes(range(32)))
FEW = ("I04", "I18", "E11")


def at_noon() -> str:
    """Read a clock that stands still."""
    return "2026-11-22T12:00:00.000Z"


def small_protocol() -> ReadProtocol:
    """Give the shipped protocol with three of its criteria."""
    read = shipped("nct03959891")
    few = tuple(each for each in read.study.criteria if each.id in FEW)
    return replace(read, study=read.study.model_copy(update={"criteria": few}))


def register(gateway: Gateway, number: str, on: date, chief: Actor, investigator: Actor) -> None:
    """Bring a participant as far as registration in arm A, on one day at one site."""
    day = PartialDate.of(on)
    ecog = Observation("ecog", Quantity(Decimal(1), "{score}"), day, PERSON)
    pregnancy = Condition(
        "pregnancy", is_present=False, since=None, until=None, source=PERSON, recorded=day
    )
    signed = Attestation("informed-consent", "yes", "form 3", "investigator", day, PERSON)
    gateway.execute(Consent(number, on), chief)
    facts = RecordFacts(number, on, observations=(ecog,), conditions=(pregnancy,))
    gateway.execute(facts, chief)
    gateway.execute(Attest(number, signed), investigator)
    gateway.execute(Register(number, "A", on, on), chief)


@dataclass
class Desk:
    """A ledger in a folder and the gateways to it."""

    folder: Path

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "ledger.sqlite"

    def ledger(self) -> SqliteLedger:
        """Open the ledger."""
        checkpoint = CheckpointFile(self.folder / "checkpoint.json")
        return SqliteLedger.open(self.path, signing=KEY, checkpoint=checkpoint)

    def gateway(self, store: object = None) -> Gateway:
        """Open a gateway of its own."""
        return Gateway(store or self.ledger(), small_protocol(), at_noon, "test")

    def open(self) -> Gateway:
        """Open the trial."""
        gateway = self.gateway()
        gateway.execute(OpenTrial(DAY), CHIEF)
        return gateway

    def register(self, gateway: Gateway, number: str) -> None:
        """Bring a participant as far as registration in arm A."""
        register(gateway, number, DAY, CHIEF, INVESTIGATOR)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an empty ledger in a folder."""
    made = Desk(tmp_path)
    SqliteLedger.create(made.path)
    return made
