"""Markers of treatment: only specimens that are known to be taken by the landmark count."""

from datetime import date

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, variant

from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.predictors.basis import counted_for_time
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Cohort, Times
from trialwright.protocol.biomarker_settings import Marker

DAY_1 = date(2026, 3, 2)
LANDMARK = 29  # 30 March 2026
MARKER = Marker(
    id="esr1-on-treatment",
    says="ESR1 in plasma on treatment",
    family="cfDNA",
    rule="esr1-lbd",
    time_points=("on treatment",),
    landmark_day=LANDMARK,
)
AT_LANDMARK = SETTINGS.model_copy(update={"markers": (MARKER,)})


def tube(name, on=None):
    """Make a tube on treatment and the cell-free DNA made of it, sequenced later."""
    taken = {} if on is None else {"on": on}
    return (
        material(name, "tube", "on treatment", **taken),
        material(f"{name}-cf", "cfDNA", None, made_of=name, on="2026-06-01"),
    )


def cell(*parts, first_days=None):
    """Give the one cell of one participant."""
    began = {"01": DAY_1} if first_days is None else first_days
    records = {"01": record("01", *parts)}
    return tabulate(("01",), records, prespecified(AT_LANDMARK), AT_LANDMARK, began).cells[0][0]


@pytest.mark.parametrize(
    ("on", "state", "because", "lacking"),
    [
        ("2026-03-30", "altered", "E380Q", ""),
        ("2026-03-31", "not assayed", "T-cf: taken 2026-03-31, after the landmark, day 29",
         "specimen taken after the landmark"),
        ("2026-03", "not assayed", "perhaps after the landmark, day 29 (2026-03-30)",
         "specimen taken perhaps after the landmark"),
        ("2026-04", "not assayed", "after the landmark, day 29 (2026-03-30)",
         "specimen taken after the landmark"),
        (None, "not assayed", "its day is not recorded", "day of the specimen not recorded"),
    ],
)  # fmt: skip
def test_the_day_on_which_the_blood_was_drawn_decides(on, state, because, lacking):
    """The day of the laboratory does not; a month that straddles the landmark is too late."""
    found = cell(*tube("T", on), run("T-cf", "liquid", variant("ESR1 E380Q", reads="20/1000")))

    assert found.state == state
    assert because in found.because
    assert found.lacking == lacking


def test_who_has_no_specimen_in_time_is_counted_by_that_reason():
    """A list of those left out that said `not assayed` alone would hide a landmark."""
    records = {
        number: record(number, *tube(f"T{number}", on), run(f"T{number}-cf", "liquid"))
        for number, on in (("01", "2026-03-16"), ("02", "2026-04-20"), ("03", "2026-04-21"))
    }
    people = (*records, "04")
    began = dict.fromkeys(people, DAY_1)
    table = tabulate(people, records, prespecified(AT_LANDMARK), AT_LANDMARK, began)
    cohort = Cohort("safety", people, ("A",) * 4)
    times = Times("progression-free survival", (90, 91, 92, 93), (True,) * 4)

    (marker,) = markers_of(table, people)
    found = counted_for_time(marker, cohort, times).basis

    assert found.participants == 1
    assert found.excluded_by_reason == (
        ("esr1-on-treatment not assayed (specimen taken after the landmark)", 2),
        ("esr1-on-treatment not assayed", 1),
    )


def test_an_earlier_specimen_counts_beside_a_late_one():
    """What was found after the landmark is not known at it."""
    found = cell(
        *tube("A", "2026-03-16"),
        *tube("B", "2026-05-11"),
        run("A-cf", "liquid"),
        run("B-cf", "liquid", variant("ESR1 E380Q", reads="20/1000")),
    )

    assert (found.state, found.specimen) == ("not altered", "A-cf")


def test_without_day_1_no_specimen_is_at_the_landmark():
    """Nobody can say on which study day it was taken."""
    found = cell(*tube("T", "2026-03-16"), run("T-cf", "liquid"), first_days={})

    assert found.state == "not assayed"
    assert "day 1 of treatment is not recorded" in found.because


def test_a_marker_without_landmark_takes_every_day():
    """Its time starts on day 1."""
    free = SETTINGS.model_copy(
        update={"markers": (MARKER.model_copy(update={"landmark_day": None}),)}
    )
    records = {"01": record("01", *tube("T", "2026-05-11"), run("T-cf", "liquid"))}

    found = tabulate(("01",), records, prespecified(free), free, {"01": DAY_1})

    assert found.cells[0][0].state == "not altered"
