"""Two who import the same file at once: it is asked under the trial's lock whether it came."""

import threading
from datetime import date, timedelta

import pytest
from tests.assembly.conftest import CHIEF, DAY, KEY, at_noon, small_protocol
from tests.assembly.test_importing import VISITS
from tests.servers import fresh_database
from tests.sizes import sized

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.planned_imports import Given, plan
from trialwright.conduct.acts import Consent, OpenTrial
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.terms.errors import Refusal

ENTRY = date(2026, 3, 30)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def gateways(request, tmp_path):
    """Give a maker of gateways to one trial, each with a connection of its own."""
    if request.param == "sqlite":
        desk = request.getfixturevalue("desk")
        yield desk.gateway
        return
    from trialwright.ledger.postgres import PostgresLedger

    with fresh_database(request.getfixturevalue("postgres")) as address:
        PostgresLedger.create(address)

        def gateway() -> Gateway:
            """Open one."""
            kept = CheckpointFile(tmp_path / "checkpoint.json")
            store = PostgresLedger.open(address, signing=KEY, checkpoint=kept)
            return Gateway(store, small_protocol(), at_noon, "test")

        yield gateway


@pytest.fixture
def opened(gateways):
    """Open the trial, with one participant."""
    first = gateways()
    first.execute(OpenTrial(DAY), CHIEF)
    first.execute(Consent("P-1", DAY), CHIEF)
    return first


def table(folder, number: int = 0) -> Given:
    """Write a table of one visit, on a day of its own for each number."""
    file, mapping = folder / f"visit-{number}.csv", folder / "mapping.yaml"
    day = (DAY + timedelta(days=number % 40)).strftime("%d/%m/%Y")
    file.write_text(
        f"Subject,Visit,Date,Status,No\nP-1,UNSCHEDULED,{day},Y,{number}\n", encoding="utf-8"
    )
    mapping.write_text(VISITS, encoding="utf-8")
    return Given(file, "visits", mapping, "", ENTRY)


def test_a_file_that_came_after_it_was_planned_is_refused(gateways, opened, tmp_path):
    """Both planned it while it was new; the second is told where it stands, and adds nothing."""
    given = table(tmp_path)
    one, other = gateways(), gateways()
    plans = [plan(each, given) for each in (one, other)]
    (done,) = one.execute_whole(plans[0].steps, CHIEF)
    sequence = done.receipt.sequence

    with pytest.raises(Refusal) as refused:
        other.execute_whole(plans[1].steps, CHIEF)

    (fault,) = refused.value.faults
    assert fault.found == f"imported before, as entries {sequence} to {sequence}"
    assert fault.file == "visit-0.csv"
    assert opened.state().sequence == sequence
    assert len(opened.state().participants["P-1"].course.visits) == 1


def test_a_rehearsal_does_not_make_a_file_imported(gateways, opened, tmp_path):
    """What was taken back came from nowhere."""
    given, one = table(tmp_path), gateways()
    planned = plan(one, given)
    one.execute_whole(planned.steps, CHIEF, is_rehearsal=True)

    done = one.execute_whole(planned.steps, CHIEF)

    assert len(done) == 1


def test_of_two_at_once_one_imports(gateways, opened, tmp_path):
    """Two threads that planned the same file go off together, again and again."""
    rounds = sized(40, 4)
    tables = [table(tmp_path, number) for number in range(rounds)]
    racers = (gateways(), gateways())
    start, came = threading.Barrier(2), {number: [] for number in range(rounds)}

    def race(mine: Gateway) -> None:
        """Import each file that the other one imports too."""
        for number in range(rounds):
            planned = plan(mine, tables[number])
            start.wait()
            try:
                mine.execute_whole(planned.steps, CHIEF)
                came[number].append("recorded")
            except Refusal as refused:
                came[number].append(str(refused.faults[0].found))
            start.wait()

    threads = [threading.Thread(target=race, args=(each,)) for each in racers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert {len(each) for each in came.values()} == {2}
    assert all(each.count("recorded") == 1 for each in came.values())
    assert all("imported before" in " ".join(each) for each in came.values())
    assert len(opened.state().participants["P-1"].course.visits) == rounds
