"""Many designs at once: every combination, and the same numbers wherever they are worked out."""

from decimal import Decimal

import pytest

from trialwright.assembly.designs import design_of, seeded
from trialwright.assembly.processes import workers
from trialwright.assembly.sweeping import variations
from trialwright.escalation.comparing import compare
from trialwright.escalation.evaluating import Effort, Scenario
from trialwright.terms.errors import Refusal

SCENARIOS = (Scenario("middle", (0.1, 0.3, 0.5)), Scenario("toxic", (0.4, 0.6, 0.8)))
VARIED = {"target": (Decimal("0.25"), Decimal("0.3")), "cohort_size": (2, 3)}


@pytest.fixture
def named(tmp_path):
    """Give a design of a file."""
    path = tmp_path / "boin.yaml"
    path.write_text("levels: 3\nescalation:\n  name: BOIN\n  target: 0.3\n  max_n: 12\n")
    return design_of(str(path))


def swept(named, run, effort=None):
    """Judge every combination."""
    told = []
    found = compare(
        variations(named, VARIED),
        SCENARIOS,
        0.3,
        seeded(7),
        effort,
        lambda done, of: told.append((done, of)),
        run,
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    return found


def test_every_combination_is_a_design_of_its_own(named):
    """Settings that are not varied stay."""
    found = variations(named, VARIED)
    assert [each.name for each in found] == [
        "target 0.25, cohort_size 2",
        "target 0.25, cohort_size 3",
        "target 0.3, cohort_size 2",
        "target 0.3, cohort_size 3",
    ]
    assert [(each.design.target, each.design.cohort_size) for each in found] == [
        (0.25, 2),
        (0.25, 3),
        (0.3, 2),
        (0.3, 3),
    ]
    assert {each.design.max_n for each in found} == {12}
    assert len({each.digest for each in found}) == 4


@pytest.mark.parametrize("effort", [Effort(), Effort("monte-carlo", trials=300)])
def test_other_processes_find_the_same_numbers(named, effort):
    """Exact ones, and simulated ones by their seed."""
    with workers(1) as run:
        here = swept(named, run, effort)
    with workers(2) as run:
        there = swept(named, run, effort)
    assert there == here


def test_a_cluster_finds_the_same_numbers(named):
    """A scheduler and two workers on this machine."""
    distributed = pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'trialwright[cluster]'"
    )
    effort = Effort("monte-carlo", trials=300)
    with workers(1) as run:
        here = swept(named, run, effort)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp://"
        ) as cluster,
        workers(0, cluster.scheduler_address) as run,
    ):
        there = swept(named, run, effort)
    assert there == here


def test_a_combination_that_is_no_design_is_told(named):
    """By its settings."""
    with pytest.raises(Refusal, match=r"target 0\.3, cohort_size 0"):
        variations(named, {"target": (Decimal("0.3"),), "cohort_size": (3, 0)})


def test_a_cluster_that_does_not_answer_is_told():
    """No traceback, and what to do."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    with pytest.raises(Refusal, match="Start a scheduler"), workers(0, "tcp://127.0.0.1:1"):
        pytest.fail("no cluster is there")


def test_a_cluster_without_dask_is_told(monkeypatch):
    """It is an extra of its own."""
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(Refusal, match=r"trialwright\[cluster\]"), workers(0, "tcp://127.0.0.1:1"):
        pytest.fail("Dask is not there")
