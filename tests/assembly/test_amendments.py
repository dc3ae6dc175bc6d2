"""Amendments through the gateway, on both databases: text, activation, consent, replay."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.assembly.conftest import CHIEF, FEW, INVESTIGATOR, KEY, at_noon, register
from tests.conduct.amending_history import amended, with_arm, with_few_criteria, written
from tests.servers import fresh_database

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.casebook.course import Visit
from trialwright.conduct.acts import Assign, Consent, OpenTrial
from trialwright.conduct.amending import reconsents_due
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.clinical_acts import Correct, RecordVisit
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import Actor
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import file_from_export
from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.protocol.reading import read_study
from trialwright.protocol.study import Site
from trialwright.terms.canonical import digest
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

DAY = date(2026, 2, 2)
THERE = Actor("c.there", "principal-investigator", "elsewhere")
THEIR = Actor("i.there", "investigator", "elsewhere")
STUDY = with_few_criteria(shipped("nct03959891").study, FEW)
STUDY = STUDY.model_copy(
    update={"sites": (*STUDY.sites, Site(id="elsewhere", name="Invented", status="active"))}
)
FIRST, SECOND = written(STUDY), amended(STUDY, "2", cycle_days=35)
THIRD = amended(STUDY, "3", cycle_days=42)
AMENDMENT = AmendProtocol(SECOND, DAY, "longer cycles", ("cycles of 35 days",), 28, FIRST)


ARM_D = STUDY.arms[2].model_copy(update={"id": "D"})
BEGUN = 11
"""Happenings before the amendment."""


def later(days: int) -> date:
    """Give a day after the opening."""
    return DAY + timedelta(days=days)


def visit(number: str, days: int, day_of_cycle: int = 30) -> RecordVisit:
    """Give a visit on a day of the cycle that only longer cycles have."""
    source = Source("person", "chart")
    return RecordVisit(
        number, later(days), Visit(f"C1D{day_of_cycle}", "not applicable", None, source)
    )


def sqlite_store(folder: Path, request):
    """Open a ledger in a SQLite file."""
    path = folder / "ledger.sqlite"
    if not path.exists():
        SqliteLedger.create(path)
    return SqliteLedger.open(
        path, signing=KEY, checkpoint=CheckpointFile(folder / "checkpoint.json")
    )


def postgres_store(folder: Path, request):
    """Open a ledger in PostgreSQL."""
    address = request.getfixturevalue("database")
    PostgresLedger.create(address)
    checkpoint = CheckpointFile(folder / "checkpoint.json")
    return PostgresLedger.open(address, signing=KEY, checkpoint=checkpoint)


@pytest.fixture
def database(postgres):
    """Give the address of an empty database."""
    with fresh_database(postgres) as address:
        yield address


@pytest.fixture(params=[sqlite_store, postgres_store], ids=["sqlite", "postgres"])
def gateway(request, tmp_path):
    """Give a gateway to an open trial with a participant at each of two sites."""
    return begun(request.param(tmp_path, request))


@pytest.fixture
def in_a_file(request, tmp_path):
    """Give the same in a SQLite file alone."""
    return begun(sqlite_store(tmp_path, request))


def begun(store) -> Gateway:
    """Open the trial and assign a participant at each site."""
    made = Gateway(store, read_study(FIRST), at_noon, "test")
    made.execute(OpenTrial(DAY), CHIEF)
    for number, chief, investigator in (("P-1", CHIEF, INVESTIGATOR), ("P-2", THERE, THEIR)):
        register(made, number, DAY, chief, investigator)
        made.execute(Assign(number, DAY), chief)
    return made


def amend(gateway: Gateway, *sites: str, days: int = 10) -> None:
    """Amend, and activate for the trial and at sites."""
    gateway.execute(AMENDMENT, CHIEF)
    for site in (EVERY_SITE, *sites):
        gateway.execute(ActivateAmendment(1, site, later(days)), CHIEF)


def test_each_site_goes_by_the_version_in_force_there_on_the_day(gateway):
    """Day 30 of a cycle is none of 28 days and one of 35; the envelope names the version."""
    amend(gateway, "mgh")

    gateway.execute(visit("P-1", 10), CHIEF)
    for act, actor in ((visit("P-1", 9), CHIEF), (visit("P-2", 10), THERE)):
        with pytest.raises(Refusal, match="cycles of 28 days"):
            gateway.execute(act, actor)
    gateway.execute(visit("P-2", 10, 28), THERE)

    records = list(gateway.store.records(gateway.trial))
    assert [(each.happening.act, each.protocol) for each in records[BEGUN:]] == [
        ("protocol_amended", digest(FIRST)),
        ("amendment_activated", digest(FIRST)),
        ("amendment_activated", digest(FIRST)),
        ("visit_recorded", digest(SECOND)),
        ("visit_recorded", digest(FIRST)),
    ]
    assert gateway.store.verify(gateway.trial).is_intact


def test_whoever_holds_any_version_sees_the_same_trial(gateway):
    """Folded live, anew, by the first file, and by the amended one."""
    amend(gateway, "mgh")
    gateway.execute(visit("P-1", 10), CHIEF)

    by_second = Gateway(gateway.store, read_study(SECOND), at_noon, "test")
    states = [gateway.state(), gateway.state_at(), by_second.state(), by_second.state_at()]

    assert all(each == states[0] for each in states)
    assert {each.study.cycle_days for each in states} == {35}
    assert [each.study for each in states[2].amendments.versions] == [
        read_study(FIRST).study,
        read_study(SECOND).study,
    ]


def test_an_earlier_day_is_asked_under_the_version_of_that_day(gateway):
    """As of the day before, and known before the activation, cycles have 28 days."""
    amend(gateway, "mgh")
    gateway.execute(visit("P-1", 10), CHIEF)

    for asked in ({"as_of": later(9)}, {"known_at": BEGUN + 1}):
        was = gateway.state_at(**asked)
        assert was.study.cycle_days == was.as_at("mgh").study.cycle_days == 28
    now = gateway.state_at(as_of=later(10))
    assert now.as_at("mgh").study.cycle_days == now.study.cycle_days == 35
    assert now.as_at("elsewhere").study.cycle_days == 28
    assert now.as_at("mgh", later(9)).study.cycle_days == 28


def test_an_export_holds_every_text_and_imports_to_an_equal_trial(gateway, tmp_path):
    """The copy is read with the newest file alone, and gives the same states and texts."""
    amend(gateway, "mgh")
    gateway.execute(visit("P-1", 10), CHIEF)
    lines = list(gateway.store.export_lines(gateway.trial))

    copy = tmp_path / "copy.sqlite"
    file_from_export(lines, copy)
    store = SqliteLedger.open(copy, keys=[KEY.verifying])
    again = Gateway(store, read_study(SECOND), at_noon, "test")

    assert again.state() == gateway.state()
    assert again.state_at(known_at=BEGUN) == gateway.state_at(known_at=BEGUN)
    texts = [each.happening.payload for each in store.records(gateway.trial)][BEGUN]
    assert (texts["first"], texts["text"]) == (FIRST, SECOND)


def test_a_correction_goes_by_the_version_of_the_record(in_a_file):
    """A visit recorded in cycles of 28 days is not moved to a day that only later cycles have."""
    recorded = in_a_file.execute(visit("P-1", 1, 28), CHIEF).receipt.sequence
    amend(in_a_file, "mgh")

    fix = ["P-1", later(12), recorded, "payload/entry/code", "C1D28"]
    with pytest.raises(Refusal, match="cycles of 28 days"):
        in_a_file.execute(Correct(*fix, "C1D30", "typed wrong"), CHIEF)
    in_a_file.execute(Correct(*fix, "C1D27", "typed wrong"), CHIEF)

    assert in_a_file.state() == in_a_file.state_at()


def test_participants_consent_again_where_the_amendment_is_in_force(in_a_file):
    """Due within 28 days of the activation, only at that site, only of who consented before it."""
    amend(in_a_file, "mgh")
    in_a_file.execute(Consent("P-3", later(10)), CHIEF)

    (due,) = reconsents_due(in_a_file.state(), later(38))
    assert (due.participant, due.version, due.since, due.until, due.standing) == (
        "P-1", 1, later(10), later(38), "due",
    )  # fmt: skip
    assert reconsents_due(in_a_file.state(), later(39))[0].standing == "overdue"
    for act, actor, said in (
        (RecordReconsent("P-1", 1, later(9)), CHIEF, "in force at the site"),
        (RecordReconsent("P-2", 1, later(11)), THERE, "in force at the site"),
        (RecordReconsent("P-3", 1, later(11)), CHIEF, "consented to version 1"),
        (RecordReconsent("P-1", 2, later(11)), CHIEF, "Record the amendment first"),
    ):
        with pytest.raises(Refusal, match=said):
            in_a_file.execute(act, actor)

    in_a_file.execute(RecordReconsent("P-1", 1, later(11)), CHIEF)
    assert reconsents_due(in_a_file.state(), later(39)) == ()
    assert in_a_file.state() == in_a_file.state_at()


def test_a_site_does_not_go_ahead_of_the_trial_nor_back(in_a_file):
    """First the trial as a whole; then each site, forward only."""
    in_a_file.execute(AMENDMENT, CHIEF)
    with pytest.raises(Refusal, match="Activate it at all-sites first"):
        in_a_file.execute(ActivateAmendment(1, "mgh", later(10)), CHIEF)
    in_a_file.execute(ActivateAmendment(1, EVERY_SITE, later(10)), CHIEF)
    for act, said in (
        (ActivateAmendment(1, EVERY_SITE, later(11)), "a later version"),
        (ActivateAmendment(1, "mgh", later(9)), "Activate it at all-sites first"),
        (ActivateAmendment(2, "mgh", later(11)), "Record the amendment first"),
        (ActivateAmendment(0, "mgh", later(11)), "Record the amendment first"),
        (ActivateAmendment(1, "nowhere", later(11)), "Name a site"),
    ):
        with pytest.raises(Refusal, match=said):
            in_a_file.execute(act, CHIEF)

    third = AmendProtocol(THIRD, later(10), "longer still")
    in_a_file.execute(third, CHIEF)
    in_a_file.execute(ActivateAmendment(2, EVERY_SITE, later(20)), CHIEF)
    in_a_file.execute(ActivateAmendment(2, "mgh", later(21)), CHIEF)  # version 1 was never in force
    held = in_a_file.state().amendments
    assert [held.at("mgh", later(day)).number for day in (20, 21)] == [0, 2]
    assert [held.at(EVERY_SITE, later(day)).number for day in (9, 10, 19, 20)] == [0, 1, 1, 2]


def arms_with(**changed):
    """Give the arms with another ladder in arm A."""
    ladder = STUDY.required_arm("A").ladder.model_copy(update=changed)
    return with_arm(STUDY, "A", ladder=ladder)


@pytest.mark.parametrize(
    ("text", "changed", "said"),
    [
        (FIRST, {}, "which is on record"),
        (SECOND, {"first": ""}, "the version with which the trial began"),
        (SECOND, {"first": THIRD}, "another protocol than the one in force"),
        (SECOND, {"reason": " "}, "Say why"),
        (SECOND, {"on": DAY - timedelta(days=1)}, "Correct the day"),
        (SECOND, {"consent_within": -1}, "Correct the time"),
        (amended(STUDY, sites=STUDY.sites[:1]), {}, "without elsewhere"),
        (amended(STUDY, arms=(*STUDY.arms[:2], ARM_D)), {}, "without C"),
        (amended(STUDY, arms=arms_with(doses=(Decimal(100), Decimal(300)))), {}, "other doses"),
        ("no protocol", {}, "Allowed"),
    ],
    ids=["same", "no first", "other first", "no reason", "day", "time", "site", "arm", "dose",
         "unreadable"],
)  # fmt: skip
def test_an_amendment_takes_nothing_away_and_leaves_nothing_when_refused(
    in_a_file, text, changed, said
):
    """Each refusal names its fault, and the ledger stays as it was."""
    head = in_a_file.store.head(in_a_file.trial)
    told = {"text": text, "on": DAY, "reason": "why", "first": FIRST} | changed

    with pytest.raises(Refusal, match=said):
        in_a_file.execute(AmendProtocol(**told), CHIEF)

    assert in_a_file.store.head(in_a_file.trial) == head


def test_an_arm_that_an_amendment_adds_opens_its_first_cohort_on_that_day(in_a_file):
    """At its starting level, when the version comes into force for the trial as a whole."""
    text = amended(STUDY, arms=(*STUDY.arms, ARM_D))
    in_a_file.execute(AmendProtocol(text, DAY, "arm D", first=FIRST), CHIEF)
    assert "D" not in in_a_file.state().cohorts

    in_a_file.execute(ActivateAmendment(1, EVERY_SITE, later(5)), CHIEF)

    cohort = in_a_file.state().cohorts["D"]
    assert (cohort.level, cohort.opened_on) == (ARM_D.escalation.starting_level, later(5))
    assert in_a_file.state() == in_a_file.state_at()


def test_nobody_writes_under_a_protocol_that_is_no_version(in_a_file):
    """A file edited by hand is refused once the ledger holds versions; looking is not."""
    amend(in_a_file, "mgh")
    edited = Gateway(in_a_file.store, read_study(THIRD), at_noon, "test")

    with pytest.raises(Refusal, match=r"a version of this ledger: 0 \(1\), 1 \(2\)"):
        edited.execute(Consent("P-9", later(12)), CHIEF)

    assert edited.state() == in_a_file.state()
