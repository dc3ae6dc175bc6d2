"""Corrections beside what stands elsewhere: no conflict is made, and none keeps another one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from tests.conduct import clinical_story as story
from tests.conduct.conftest import CHIEF

from trialwright.casebook.course import ClinicalProgression, SubsequentTherapy
from trialwright.casebook.course_ends import OffTreatment
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.tumours import (
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import Act, RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordStain
from trialwright.conduct.clinical_acts import (
    Correct,
    EndTreatment,
    RecordProgression,
    RecordSubsequentTherapy,
)
from trialwright.conduct.corrections import CORRECTED
from trialwright.conduct.data_checks import data_checks
from trialwright.conduct.happenings import Happening
from trialwright.conduct.records import write
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal

ON, CHART = story.ENTRY, story.CHART
ASSESSED = date(2026, 4, 1)


def partial(text: str) -> PartialDate:
    """Give a day, a month or a year."""
    return PartialDate.parse(text)


def held(payload: Mapping) -> object:
    """Give the first dose as held."""
    return {**payload["doses"][0], "status": "held", "reason": "forgotten", "amount": None}


@dataclass(frozen=True)
class Pair:
    """Two entries that lean on one another.

    `first` and `second` are recorded in this order; then `path` of the first becomes `wrong`, and
    `says` is told of the second. `kept` is a field of the second that has nothing to do with it;
    `leaning` one that has, with a value that is as wrong and one that mends it.
    """

    first: Act | None
    second: Act
    path: str
    wrong: str | Callable[[Mapping], object]
    says: str
    kept: str
    leaning: str
    worse: object
    mended: object


PAIRS = {
    "a later therapy and the last dose": Pair(
        EndTreatment("P-1", ON, OffTreatment(date(2026, 3, 20), "progression", date(2026, 3, 8),
                                             CHART)),
        RecordSubsequentTherapy("P-1", ON, SubsequentTherapy(
            "capecitabine", partial("2026-03-10"), None, CHART)),
        "payload/entry/last_dose", "2026-03-15", "entry.since 2026-03-10, before last dose",
        "payload/entry/source/place", "payload/entry/since", write(partial("2026-03-09")),
        write(partial("2026-03-16")),
    ),
    "a progression and the first dose": Pair(
        None,
        RecordProgression("P-1", ON, ClinicalProgression(partial("2026-02-09"), CHART)),
        "payload/doses/#0", held, "entry.on 2026-02-09, before first dose on 2026-02-10",
        "payload/entry/source/place", "payload/entry/on", write(partial("2026-02-08")),
        write(partial("2026-02-11")),
    ),
    "a delay and the delay before it": Pair(
        story.delay("P-1"), story.delay("P-1", 3, date(2026, 4, 13)),
        "payload/entry/begins_on", "2026-03-23", "entry.begins_on 2026-04-13, before the end of",
        "payload/entry/source/place", "payload/entry/begins_on", "2026-04-12", "2026-04-20",
    ),
    "an assessment and the baseline": Pair(
        RecordTumourBaseline("P-1", TumourBaseline(
            date(2026, 2, 4), (TargetLesion("T1", "LIVER", is_node=False, mm=Decimal(20)),),
            (NonTargetLesion("N1", "BONE", is_node=False),), CHART)),
        RecordTumourAssessment("P-1", TumourAssessment(
            ASSESSED, {"T1": Decimal(18)}, {"N1": NonTargetWord.PRESENT}, (), CHART)),
        "payload/baseline/on", "2026-04-02", "assessment an assessment on 2026-04-01, baseline on",
        "payload/assessment/source/place", "payload/assessment/on", "2026-03-31", "2026-04-03",
    ),
    "a stain and its material": Pair(
        RecordMaterials("P-1", ON, (Material("B1", "block", "", "archival", partial("2026-02-03"),
                                             "adequate", CHART),)),
        RecordStain("P-1", ON, Stain("B1", "ER", "read", partial("2026-02-12"), CHART,
                                     allred=7)),
        "payload/materials/#0/on", "2026-02-20", "stain.material a result of 2026-02-12, of what",
        "payload/stain/source/place", "payload/stain/on", write(partial("2026-02-11")),
        write(partial("2026-02-21")),
    ),
}  # fmt: skip


@pytest.fixture(params=PAIRS.values(), ids=PAIRS.keys())
def recorded(request, trial):
    """Give a trial with both entries, the pair, and the correction of the first."""
    pair = request.param
    trial.complete("P-1")
    doses = len(trial.records)
    while trial.records[doses - 1].happening.act != "doses_recorded":
        doses -= 1
    if pair.first is not None:
        trial.do(pair.first)
    first = len(trial.records) if pair.first is not None else doses
    trial.do(pair.second)
    payload = trial.records[first - 1].happening.payload
    old = value(payload, pair.path)
    wrong = pair.wrong
    if callable(wrong):
        new = wrong(payload)
    else:
        new = write(partial(wrong)) if isinstance(old, dict) else wrong
    return (
        trial,
        pair,
        Correct("P-1", ON, first, pair.path, old, new, "misread"),
        len(trial.records),
    )


def value(payload, path):
    """Give the value at a path."""
    for part in path.split("/")[1:]:
        payload = payload[int(part[1:])] if part.startswith("#") else payload[part]
    return payload


def of(trial, sequence, path, new):
    """Correct a field of a happening that has not been corrected."""
    old = value(trial.records[sequence - 1].happening.payload, path)
    return Correct("P-1", ON, sequence, path, old, new, "misread")


def checks(trial):
    """Give the data checks of P-1."""
    here = trial.live.participants["P-1"]
    return " ".join(each.says for each in data_checks(trial.live, here, ON))


def test_a_correction_that_makes_a_conflict_is_refused(recorded):
    """It says which entry would contradict it, and that this is to be corrected first."""
    trial, pair, wrong, second = recorded

    with pytest.raises(Refusal) as refused:
        trial.do(wrong)

    told = str(refused.value)
    assert f"with it happening {second} cannot be true: {pair.says}" in told
    assert f"Correct happening {second} first" in told
    assert "one of them is wrong" not in checks(trial)


def test_the_other_entry_corrected_first_lets_it_through(recorded):
    """What is told to do next does it; the two can always be brought to the truth in an order."""
    trial, pair, wrong, second = recorded

    trial.do(of(trial, second, pair.leaning, pair.mended))
    trial.do(wrong)

    assert "one of them is wrong" not in checks(trial)


@pytest.fixture
def standing(recorded):
    """Give a trial whose ledger holds the conflict already, as one of another version may."""
    trial, pair, wrong, second = recorded
    payload = {"sequence": wrong.sequence, "field": wrong.field, "old": wrong.old,
               "new": wrong.new, "says": []}  # fmt: skip
    trial.append(Happening(CORRECTED, "P-1", ON, payload, "misread"), CHIEF)
    return trial, pair, wrong, second


def test_a_conflict_that_stood_keeps_no_other_field(standing):
    """The record becomes truer and nothing worse; the conflict is told, and asked about."""
    trial, pair, _, second = standing

    (done,) = trial.do(of(trial, second, pair.kept, "chart p. 9"))

    assert any("it stood before" in each for each in done.payload["says"])
    asked = "not after the baseline" if "baseline" in pair.says else f": {pair.says}"
    assert asked in checks(trial)


def test_a_field_of_the_first_entry_is_kept_by_it_neither(standing):
    """What is corrected there leaves the conflict as it is."""
    trial, _, wrong, _ = standing
    above = (
        "payload/doses/#1" if wrong.field == "payload/doses/#0" else wrong.field.rpartition("/")[0]
    )
    place = f"{above}/source/place"
    old = value(trial.records[wrong.sequence - 1].happening.payload, place)
    trial.do(Correct("P-1", ON, wrong.sequence, place, old, "chart p. 9", "misread"))


def test_a_day_that_leans_on_the_conflict_is_asked_in_full(standing):
    """As wrong as before is refused, also where it is another day; the true one is taken."""
    trial, pair, _, second = standing

    with pytest.raises(Refusal):
        trial.do(of(trial, second, pair.leaning, pair.worse))
    trial.do(of(trial, second, pair.leaning, pair.mended))

    assert "one of them is wrong" not in checks(trial)
