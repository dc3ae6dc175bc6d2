"""Elements of FHIR made from one part of a record each."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, TypeAlias

from trialwright.registry.record import RecordAgent, RecordEndpoint, RecordObjective
from trialwright.registry.writing.arm_words import one_line

Plain: TypeAlias = "dict[str, Any]"

TERMS = "http://terminology.hl7.org/CodeSystem/"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy."
"""Begins the extension by which R4 holds an element of R5's ResearchStudy."""

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
STATUSES: Mapping[str, str] = {
    "active": "active",
    "not yet active": "approved",
    "suspended": "temporarily-closed-to-accrual",
    "closed": "closed-to-accrual",
    "completed": "completed",
    "terminated": "administratively-completed",
    "withdrawn": "withdrawn",
}
"""FHIR's code for each status of a trial."""

PHASES: Mapping[str, tuple[str, str]] = {
    "early I": ("early-phase-1", "Early Phase 1"),
    "I": ("phase-1", "Phase 1"),
    "Ia": ("phase-1", "Phase 1"),
    "Ib": ("phase-1", "Phase 1"),
    "I/Ib": ("phase-1", "Phase 1"),
    "I/II": ("phase-1-phase-2", "Phase 1/Phase 2"),
    "Ib/II": ("phase-1-phase-2", "Phase 1/Phase 2"),
    "II": ("phase-2", "Phase 2"),
}
"""FHIR's code and display for each phase; of two with one code, the first has no finer word."""

PURPOSES = ("treatment", "prevention", "diagnostic", "supportive care")
RANKS = ("primary", "secondary", "exploratory")

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Signs that FHIR does not allow in text."""


def cleaned(value: Any) -> Any:
    """Leave out what is empty, and take signs out of text that FHIR does not allow in it.

    Parameters
    ----------
    value : object
        A resource, or a part of one.

    Returns
    -------
    object
        Without empty text, lists and objects; a control sign is a blank.
    """
    match value:
        case dict():
            inside = {name: cleaned(inner) for name, inner in value.items()}
            return {name: inner for name, inner in inside.items() if is_stated(inner)}
        case list():
            return [inner for each in value if is_stated(inner := cleaned(each))]
        case str():
            allowed = CONTROL.sub(" ", value)
            return allowed if allowed.strip() else ""
        case _:
            return value


def is_stated(value: Any) -> bool:
    """Say whether a value is one.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    bool
        False for empty text, None, and an empty list or object.
    """
    return value not in ("", None, [], {})


def concepts(*texts: str) -> list[Plain]:
    """Give concepts that have words alone.

    Parameters
    ----------
    *texts : str
        Words; empty ones are passed over.

    Returns
    -------
    list of dict
        A `CodeableConcept` each.
    """
    return [{"text": one_line(each)} for each in texts if each.strip()]


def coded(system: str, code: str, display: str, text: str) -> Plain:
    """Give a concept with a code of FHIR's own.

    Parameters
    ----------
    system : str
        Name of the code system at HL7.
    code, display : str
        As HL7 lists them.
    text : str
        The words of the record.

    Returns
    -------
    dict of str to object
        A `CodeableConcept`.
    """
    coding = {"system": f"{TERMS}{system}", "code": code, "display": display}
    return {"coding": [coding], "text": text}


def of_r5(name: str, *inside: Plain, **value: Any) -> Plain:
    """Give an element that R5 has and R4 has not.

    Parameters
    ----------
    name : str
        Element of R5's ResearchStudy.
    *inside : dict
        Its own elements; those without a value are left out.
    **value : object
        Its value, where it has no elements.

    Returns
    -------
    dict of str to object
        An `Extension`; empty when nothing is stated.
    """
    stated = [each for each in inside if any(is_stated(one) for one in _values(each))]
    if not stated and not any(is_stated(each) for each in value.values()):
        return {}
    return {"url": f"{R5}{name}", "extension": stated, **value}


def _values(extension: Plain) -> Iterator[Any]:
    """Give the value of an extension."""
    yield from (value for name, value in extension.items() if name.startswith("value"))


def date_of(text: str) -> str:
    """Give a date, its month and day as far as they are stated; nothing for no date.

    Parameters
    ----------
    text : str
        Year, year-month or year-month-day.

    Returns
    -------
    str
        Empty for any other text, and for a day that no calendar has.
    """
    found = _DATE.fullmatch(text)
    whole = f"{text}-01-01"[: len("2026-01-31")] if found else ""
    with suppress(ValueError):
        date.fromisoformat(whole)
        return text
    return ""


def number_of(value: str, **beside: Any) -> Plain:
    """Give a number of the trial; nothing without one.

    Parameters
    ----------
    value : str
        The number.
    **beside : object
        Other elements of an `Identifier`.

    Returns
    -------
    dict of str to object
        Empty when there is no number.
    """
    return {**beside, "value": one_line(value)} if value.strip() else {}


def status_of(status: str) -> Plain:
    """Give the status; one that FHIR has no code for is said to be unknown, in FHIR's way.

    Parameters
    ----------
    status : str
        As in the record.

    Returns
    -------
    dict of str to object
        The element `status`, or the reason why it has no value.
    """
    if status in STATUSES:
        return {"status": STATUSES[status]}
    return {"_status": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}}


def phase_of(phase: str) -> Plain:
    """Give the phase; a finer one than FHIR's has its own words.

    Parameters
    ----------
    phase : str
        As in the record.

    Returns
    -------
    dict of str to object
        A `CodeableConcept`.
    """
    if phase not in PHASES:
        return {"text": one_line(phase)}
    code, display = PHASES[phase]
    is_exact = next(each for each in PHASES if PHASES[each] == PHASES[phase]) == phase
    return coded("research-study-phase", code, display, display if is_exact else f"Phase {phase}")


def objective_of(objective: RecordObjective) -> Plain:
    """Give an objective with its rank.

    Parameters
    ----------
    objective : RecordObjective
        Any.

    Returns
    -------
    dict of str to object
        An element of `objective`.
    """
    rank = objective.rank
    kind = {"text": one_line(rank)}
    if rank in RANKS:
        kind = coded("research-study-objective-type", rank, rank.capitalize(), rank)
    return {"name": one_line(objective.says), "type": kind}


def telecom_of(phone: str, email: str) -> list[Plain]:
    """Give phone and email.

    Parameters
    ----------
    phone, email : str
        As in the record.

    Returns
    -------
    list of dict
        `ContactPoint`s.
    """
    return [
        {"system": system, "value": one_line(value), "use": "work"}
        for system, value in (("phone", phone), ("email", email))
        if value.strip()
    ]


def plan_of(agent: RecordAgent, arm: str) -> Plain:
    """Give an agent as a matching service does, with the arm that receives it.

    Parameters
    ----------
    agent : RecordAgent
        Any.
    arm : str
        Name of the arm; empty: none gives it.

    Returns
    -------
    dict of str to object
        A `PlanDefinition`.
    """
    return {
        "title": one_line(agent.says),
        "subtitle": ", ".join(one_line(each) for each in agent.synonyms),
        "type": {"text": "Drug"},
        "status": "unknown",
        "subjectCodeableConcept": {"text": one_line(arm)},
        "description": agent.description,
    }


def label_of(kind: str, words: str) -> Plain:
    """Give another title.

    Parameters
    ----------
    kind : {'official', 'acronym'}
        Which title.
    words : str
        The title.

    Returns
    -------
    dict of str to object
        An `Extension`; empty without a title.
    """
    if not words.strip():
        return {}
    return of_r5(
        "label",
        {"url": "type", "valueCodeableConcept": {"text": kind}},
        {"url": "value", "valueString": one_line(words)},
    )


def party_of(name: str, role: str, affiliation: str) -> Plain:
    """Give somebody else who answers for the trial, or takes part in it.

    Parameters
    ----------
    name, role, affiliation : str
        As in the record.

    Returns
    -------
    dict of str to object
        An `Extension`.
    """
    party = one_line(affiliation)
    return of_r5(
        "associatedParty",
        {"url": "name", "valueString": one_line(name)},
        {"url": "role", "valueCodeableConcept": {"text": one_line(role)} if role.strip() else {}},
        {"url": "party", "valueReference": {"display": party} if party else {}},
    )


def recruitment_of(enrolled: int | None, *, is_actual: bool) -> Plain:
    """Give the number of participants, planned or reached.

    Parameters
    ----------
    enrolled : int or None
        How many.
    is_actual : bool
        Whether the number is reached.

    Returns
    -------
    dict of str to object
        An `Extension`; empty without a number.
    """
    name = "actualNumber" if is_actual else "targetNumber"
    return of_r5("recruitment", {"url": name, "valueUnsignedInt": enrolled})


def outcome_of(endpoint: RecordEndpoint) -> Plain:
    """Give an endpoint, its time frame among its words.

    Parameters
    ----------
    endpoint : RecordEndpoint
        Any.

    Returns
    -------
    dict of str to object
        An `Extension`.
    """
    frame = f"Time frame: {endpoint.time_frame}" if endpoint.time_frame.strip() else ""
    described = "\n\n".join(each for each in (endpoint.description, frame) if each.strip())
    rank = one_line(endpoint.rank)
    return of_r5(
        "outcomeMeasure",
        {"url": "name", "valueString": one_line(endpoint.says)},
        {"url": "type", "valueCodeableConcept": {"text": rank} if rank else {}},
        {"url": "description", "valueMarkdown": described},
    )
