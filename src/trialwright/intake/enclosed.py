"""What stands inside another resource: results of a report or panel are read, the rest is asked.

A contained resource has no life outside its container [1]_: it is content of it, shares its
subject and its fate, and is named by it. So the results that a final report or panel contains are
results as much as those that stand beside it, and those of a preliminary or withdrawn one are none.

References
----------
.. [1] HL7 FHIR R4, Contained Resources. https://hl7.org/fhir/R4/references.html#contained
"""

from collections.abc import Iterator
from dataclasses import replace

from trialwright.intake.coding import Codebook
from trialwright.intake.elements import ID, Element
from trialwright.intake.medications import KINDS
from trialwright.intake.observations import NEVER, REPORTED, read_observation
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Reading, together
from trialwright.intake.settling import unsettled
from trialwright.terms.errors import Fault

READ = frozenset({"Observation", "Condition", "Procedure", "FamilyMemberHistory", *KINDS})
"""Kinds of resource that may hold facts."""

_NAMES_RESULTS = {"DiagnosticReport": "result", "Observation": "hasMember"}
"""Kinds that may contain results, and where they name them."""

_DAYS = ("effectiveDateTime", "effectiveInstant", "effectivePeriod", "effectiveTiming", "issued")
_DO_ASK = "Ask where the record comes from, and correct it there"


def encloses(resource: Element) -> bool:
    """Say whether a resource is a report or panel that contains results, and no other facts.

    Parameters
    ----------
    resource : Element
        Any.

    Returns
    -------
    bool
        False where it contains a condition or medicine too, which is asked.

    Raises
    ------
    Refusal
        If its kind, or what it contains, has another form.
    """
    inside = {each.text("resourceType") for each in resource.inners("contained")}
    return resource.text("resourceType") in _NAMES_RESULTS and inside & READ == {"Observation"}


def read_enclosing(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read a report or panel with the results that it contains.

    Parameters
    ----------
    resource : Element
        A DiagnosticReport or an Observation.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        Facts and questions of all of them, or why it is left aside. A result without a day of its
        own has that of its container.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    kind, status = resource.text("resourceType"), resource.text("status")
    if status in NEVER:
        return Reading(ignored=status)
    own = [read_observation(resource, codebook, place)] if kind == "Observation" else []
    named = {each.text("reference") for each in resource.inners(_NAMES_RESULTS[kind])}
    inside = resource.inners("contained")
    results = [each for each in inside if each.text("resourceType") == "Observation"]
    named |= {member.text("reference") for each in results for member in each.inners("hasMember")}
    for each in results:
        at = _inside(place, each)
        reading = read_observation(_dated(each, resource), codebook, at)
        fault = next(_doubts(each, resource, named), None)
        own.append(unsettled(reading, fault, at) if fault and not reading.ignored else reading)
    reasons = [each.ignored for each in own if each.ignored != NOT_IN_VOCABULARY]
    return together(own, next(iter(reasons), NOT_IN_VOCABULARY))


def _inside(place: Place, contained: Element) -> Place:
    """Give the place of a result inside the resource at a place."""
    id_ = contained.text("id")
    is_named = place.record and ID.fullmatch(id_)
    return replace(place, record=f"{place.record}#{id_}") if is_named else place


def _dated(contained: Element, container: Element) -> Element:
    """Give a result with a day: its own, else that of its container."""
    if any(name in contained for name in _DAYS):
        return contained
    days = {name: container.content[name] for name in _DAYS if name in container}
    return Element(contained.content | days, contained.where)


def _doubts(contained: Element, container: Element, named: set[str]) -> Iterator[Fault]:
    """Find why a result may not be one of its container's."""
    if container.text("status") not in REPORTED:
        yield Fault(container.path("status"), "none of a final report", "final", _DO_ASK)
    about, hers = contained.inner("subject"), container.inner("subject")
    is_same = about is None or (hers is not None and about.content == hers.content)
    if not is_same or "focus" in contained:
        where = contained.path("subject")
        yield Fault(where, "a subject of its own", "the subject of what contains it", _DO_ASK)
    if f"#{contained.text('id')}" not in named:
        where = contained.path("id")
        yield Fault(where, "a result that its container does not name", "one it names", _DO_ASK)
    yield from modifiers(contained)


def hidden(resource: Element) -> Iterator[Fault]:
    """Find facts inside a resource from which nothing is read.

    Parameters
    ----------
    resource : Element
        Any.

    Yields
    ------
    Fault
        One for a bundle or parameters with resources, for no kind of resource, and for a result,
        condition or medicine inside.
    """
    kind = resource.text("resourceType")
    inside = {each.text("resourceType") for each in resource.inners("contained")}
    is_of_several = kind == "Parameters" and any(
        "resource" in each for each in resource.inners("parameter")
    )
    if not kind or kind == "Bundle" or is_of_several:
        found = "a bundle inside the bundle" if kind else "no kind of resource"
        yield Fault(resource.path("resourceType"), found, "single resources", _DO_ASK)
    elif not inside.isdisjoint(READ):
        do = "Export it as an entry of its own"
        yield Fault(
            resource.path("contained"), "a result, condition or medicine inside", "none", do
        )


def modifiers(resource: Element) -> Iterator[Fault]:
    """Find what changes the meaning of a resource in a way that no reader here knows.

    Parameters
    ----------
    resource : Element
        Any.

    Yields
    ------
    Fault
        One for each such element.
    """
    for name in ("modifierExtension", "implicitRules"):
        if name in resource:
            do = "Read the record where it comes from, and enter the fact by hand"
            yield Fault(resource.path(name), "changes what the resource means", "none", do)
