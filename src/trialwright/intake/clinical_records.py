"""Adverse events and visits of one participant from FHIR R4 records.

An AdverseEvent is read as the profile for CTCAE writes it [1]_. Its term is a coded one: what
stands in words may tell of the participant. FHIR tells an agent by reference or by words, so
attribution is left for a person, as is a grade that is not told. An Encounter is a visit of the
protocol when its type or identifier is the code of one; any other is care beside the trial.

References
----------
.. [1] HL7. Common Terminology Criteria (CTC) Adverse Events, release 1, draft:
       http://hl7.org/fhir/us/ctcae/StructureDefinition/ctc-adverse-event. The day of resolution
       also by http://hl7.org/fhir/uv/ae-research-backport-ig.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import VISIT_CODE, Visit
from trialwright.intake.codings import plain_codes
from trialwright.intake.elements import Element, at
from trialwright.intake.enclosed import modifiers
from trialwright.intake.fhir_dates import civil
from trialwright.intake.own_records import Record, TooMuch, Waiting, note_somebody, why_aside
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.people import People
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.sources import Source

KINDS = ("AdverseEvent", "Encounter")
"""Kinds of resource read here."""

_CTCAE = "http://hl7.org/fhir/us/ctcae/StructureDefinition/"
_GRADE, _EXPECTED = f"{_CTCAE}ctcae-grade", f"{_CTCAE}adverse-event-expectation"
_RESOLVED = (f"{_CTCAE}adverse-event-resolved-date",
             "http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/resolve-date",
             )  # fmt: skip
_TERMINOLOGY = re.compile(
    r"meddra|/mdr|evs/thesaurus\.owl|2\.16\.840\.1\.113883\.6\.163", re.IGNORECASE
)
"""Systems whose displays are terms: MedDRA, and the NCI Thesaurus, which has those of CTCAE."""

_TERM = re.compile(r"[A-Za-z][A-Za-z0-9 ,()/'-]{1,99}")
_SERIOUS = {"C41335": True, "serious": True, "C41336": False, "non-serious": False}
_EXPECTATION = {"C41333": True, "C41334": False}
"""Codes of the NCI Thesaurus and of FHIR."""

_DO_ASK = "Ask where the record comes from, and correct it there"


@dataclass(frozen=True, slots=True)
class ClinicalRead:
    """What the records gave; each resource has one fate: `resources == used + sum(ignored)`.

    Attributes
    ----------
    events : tuple of AdverseEvent
        Without attribution.
    visits : tuple of Visit
        Done, of a code of the protocol's visits.
    resources : int
        Adverse events and encounters, of whomever.
    ignored : mapping of str to int
        Those left aside, by kind and reason.
    """

    events: tuple[AdverseEvent, ...]
    visits: tuple[Visit, ...]
    resources: int
    ignored: Mapping[str, int]

    @property
    def used(self) -> int:
        """Resources that gave an entry."""
        return len(self.events) + len(self.visits)


class ClinicalReader:
    """Reads the adverse events and visits of the one patient of a record, as resources pass."""

    def __init__(self) -> None:
        self._people = People()
        self._kept = Waiting()

    def take(self, record: Record) -> None:
        """Note a resource that may matter; what has another form is asked about with the facts.

        Parameters
        ----------
        record : Record
            Any resource.

        Raises
        ------
        Refusal
            When more is to be kept than any record of one participant holds.
        """
        try:
            kind = record.resource.text("resourceType")
            if not note_somebody(record, kind, self._people) and kind in KINDS:
                self._kept.keep(record)
        except TooMuch:
            raise
        except Refusal:
            return

    def finish(self) -> ClinicalRead:
        """Read what was noted, now that every patient is known.

        Returns
        -------
        ClinicalRead
            Of that patient alone; what is of others is counted and left aside.

        Raises
        ------
        PartlyReadError
            With every fault of a resource that would count, and what the others give.
        Refusal
            If there is not exactly one patient.
        """
        chosen = self._people.choose("")
        faults: list[Fault] = []
        ignored: Counter[str] = Counter()
        events: list[AdverseEvent] = []
        visits: list[Visit] = []
        seen: dict[str, Record] = {}
        for each in self._kept:
            kind = each.resource.text("resourceType")
            try:
                aside = why_aside(each, self._people, chosen, seen)
                aside = aside or _unusable(each.resource, kind)
                if aside:
                    ignored[f"{kind}: {aside}"] += 1
                elif doubts := [*each.faults, *modifiers(each.resource)]:
                    faults += doubts
                elif kind == "AdverseEvent":
                    events.append(_event(each.resource))
                else:
                    visits.append(_visit(each.resource))
            except Refusal as refused:
                faults += refused.faults
        aside_by = MappingProxyType(dict(sorted(ignored.items())))
        read = ClinicalRead(tuple(events), tuple(visits), len(self._kept), aside_by)
        if faults:
            raise PartlyReadError(faults, read)
        return read


def _unusable(resource: Element, kind: str) -> str:
    """Say why a resource of the participant tells no entry; empty where it does."""
    if kind == "AdverseEvent":
        if resource.text("actuality") == "potential":
            return "potential: it did not happen"
        return "grade 0: it was looked for and not found" if "0" in _grades(resource) else ""
    status = resource.text("status")
    if status != "finished":
        known = ("planned", "arrived", "triaged", "in-progress", "onleave", "cancelled",
                 "entered-in-error")  # fmt: skip
        return f"its status is {status if status in known else 'not known'}, and not finished"
    return "" if _visit_codes(resource) else "it names no visit of the protocol"


def _event(resource: Element) -> AdverseEvent:
    """Read an adverse event."""
    grades, started, ended = _grades(resource), civil(resource, "date"), _resolved(resource)
    if len(grades) > 1 or not grades <= {"1", "2", "3", "4", "5"}:
        raise refuse(resource.path("extension"), "another grade, or several", "one of 1 to 5",
                     _DO_ASK)  # fmt: skip
    term, serious = _term(resource), plain_codes(resource.inner("seriousness"))
    with at(resource.where):
        return AdverseEvent(
            term, int(next(iter(grades))) if grades else None, started, ended,
            _told(serious, _SERIOUS), None, Source("fhir", resource.where),
            is_expected=_told(_extended(resource, _EXPECTED), _EXPECTATION),
        )  # fmt: skip


def _term(resource: Element) -> str:
    """Give the term of an event by its coding; its words may tell of the participant."""
    event = resource.inner("event")
    terms = [each.text("display") for each in event.inners("coding")
             if _TERMINOLOGY.search(each.text("system"))] if event else []  # fmt: skip
    fitting = [each for each in terms if _TERM.fullmatch(each)]
    if not fitting:
        raise refuse(resource.path("event"), "no term of MedDRA or of the NCI Thesaurus in words",
                     "a coding with the display of its term",
                     "Record the event by hand, or ask for its coding")  # fmt: skip
    return fitting[0]


def _visit(resource: Element) -> Visit:
    """Read a visit."""
    codes, period = _visit_codes(resource), resource.inner("period")
    if len(codes) > 1:
        raise refuse(resource.path("type"), ", ".join(sorted(codes)), "one visit", _DO_ASK)
    day = civil(period, "start") if period else None
    end = civil(period, "end") if period else None
    if day is None or not day.is_complete or (end is not None and end != day):
        raise refuse(resource.path("period"), "no whole day, or several days",
                     "the one day of the visit", "Record the visit by hand")  # fmt: skip
    with at(resource.where):
        return Visit(next(iter(codes)), "done", day.latest, Source("fhir", resource.where))


def _visit_codes(resource: Element) -> frozenset[str]:
    """Give the codes of visits that an encounter names."""
    said = [coding.text("code") for each in resource.inners("type")
            for coding in each.inners("coding")]  # fmt: skip
    said += [each.text("text") for each in resource.inners("type")]
    said += [each.text("value") for each in resource.inners("identifier")]
    return frozenset(each for each in said if VISIT_CODE.fullmatch(each))


def _grades(resource: Element) -> frozenset[str]:
    """Give the codes of the grade; none where it is not told."""
    return _extended(resource, _GRADE)


def _resolved(resource: Element) -> PartialDate | None:
    """Give the day of resolution."""
    days = [day for each in resource.inners("extension") if each.text("url") in _RESOLVED
            if (day := civil(each, "valueDateTime"))]  # fmt: skip
    if len(set(days)) > 1:
        raise refuse(resource.path("extension"), "several days of resolution", "one", _DO_ASK)
    return days[0] if days else None


def _extended(resource: Element, url: str) -> frozenset[str]:
    """Give the codes of an extension."""
    return frozenset(_coded(resource, url))


def _coded(resource: Element, url: str) -> Iterator[str]:
    """Give the codes under an address."""
    for each in resource.inners("extension"):
        if each.text("url") == url:
            yield from plain_codes(each.inner("valueCodeableConcept"))


def _told(codes: frozenset[str], words: Mapping[str, bool]) -> bool | None:
    """Read yes or no; unknown where the codes say neither, or both."""
    said = {words[each] for each in codes if each in words}
    return said.pop() if len(said) == 1 else None
