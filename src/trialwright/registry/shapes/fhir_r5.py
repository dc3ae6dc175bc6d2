"""Elements of FHIR R5's ResearchStudy that an R4 one holds, in the extensions defined for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialwright.registry.draft import DraftEndpoint, DraftPerson
from trialwright.registry.shapes.fhir_parts import concept_words, read_concept
from trialwright.registry.shapes.house_words import paragraphs, rank_of
from trialwright.registry.shapes.published import Published
from trialwright.registry.shapes.spots import Spot

R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy."
"""Begins the URL of such an extension."""

COLLABORATOR = "collaborator"

_FRAME = "Time frame:"
_LABELS = {"official": "official_title", "acronym": "acronym"}
_NUMBERS = ("targetNumber", "actualNumber")


@dataclass(frozen=True, slots=True)
class FromR5:
    """What the extensions state beside what only the public record needs.

    Attributes
    ----------
    endpoints : tuple of DraftEndpoint
        Outcome measures.
    people : tuple of DraftPerson
        Associated parties that are no collaborators.
    """

    endpoints: tuple[DraftEndpoint, ...]
    people: tuple[DraftPerson, ...]


def read_r5(study: Spot, published: Published) -> FromR5:
    """Read the extensions of a study.

    Parameters
    ----------
    study : Spot
        Where it stands.
    published : Published
        Takes titles, collaborators and the number of participants.

    Returns
    -------
    FromR5
        Extensions of other kinds are left to be kept.
    """
    endpoints: list[DraftEndpoint] = []
    people: list[DraftPerson] = []
    for kind, extension in _extensions(study):
        match kind:
            case "outcomeMeasure":
                endpoints.extend(_endpoint(extension, len(endpoints)))
            case "associatedParty":
                people.extend(_party(extension, len(people), published))
            case "label":
                _label(extension, published)
            case "recruitment":
                _recruitment(extension, published)
    return FromR5(tuple(endpoints), tuple(people))


def _extensions(study: Spot) -> Iterator[tuple[str, Spot]]:
    """Give the extensions that hold an element of R5, with its name."""
    for extension in study["extension"].each():
        url = extension["url"].words
        if url.startswith(R5):
            yield url.removeprefix(R5), extension


def _inside(extension: Spot) -> dict[str, Spot]:
    """Give the elements inside an extension by their name."""
    return {each["url"].words: each for each in extension["extension"].each()}


def _value(inside: dict[str, Spot], name: str, kind: str, otherwise: Spot) -> Spot:
    """Find the value of an element; nothing when it is not there."""
    return inside[name][f"value{kind}"] if name in inside else otherwise["nothing"]


def _linked(extension: Spot, inside: dict[str, Spot], became: str) -> None:
    """Note the URLs by which the elements were told."""
    for each in (extension, *inside.values()):
        each["url"].understood("link", became)


def _endpoint(extension: Spot, place: int) -> Iterator[DraftEndpoint]:
    """Read an outcome measure; its time frame stands among its words."""
    inside = _inside(extension)
    name = _value(inside, "name", "String", extension)
    type_ = _value(inside, "type", "CodeableConcept", extension)
    became = f"endpoints.{place}"
    rank = rank_of(concept_words(type_))
    if rank is None or not name.words:
        return
    read_concept(type_, "rank", became)
    described = _value(inside, "description", "Markdown", extension)
    *words, last = ["", *described.text.splitlines()]
    frame = last.strip().removeprefix(_FRAME).strip() if last.startswith(_FRAME) else ""
    description = paragraphs("\n".join(words) if frame else described.text)
    described.understood("value", became)
    _linked(extension, inside, became)
    yield DraftEndpoint(rank, name.read("value", became), description, " ".join(frame.split()))


def _party(extension: Spot, place: int, published: Published) -> Iterator[DraftPerson]:
    """Read an associated party: a collaborator, or somebody who answers for the trial."""
    inside = _inside(extension)
    name = _value(inside, "name", "String", extension)
    role = _value(inside, "role", "CodeableConcept", extension)
    if not name.words:
        return
    words = read_concept(role, "role", "people")
    _linked(extension, inside, "people")
    if words.lower() == COLLABORATOR:
        published.note_one_more("collaborators", name.words, name)
        return
    party = _value(inside, "party", "Reference", extension)["display"]
    became = f"people.{place}"
    yield DraftPerson(name.read("person", became), words, party.read("person", became))


def _label(extension: Spot, published: Published) -> None:
    """Read another title."""
    inside = _inside(extension)
    kind = _value(inside, "type", "CodeableConcept", extension)
    field = _LABELS.get(kind["text"].words.lower())
    if field:
        kind["text"].understood("link", f"publication.{field}")
        _linked(extension, inside, f"publication.{field}")
        published.note_words(field, _value(inside, "value", "String", extension))


def _recruitment(extension: Spot, published: Published) -> None:
    """Read the number of participants, planned or reached."""
    inside = _inside(extension)
    for name in _NUMBERS:
        number = _value(inside, name, "UnsignedInt", extension)
        if number.value is not None:
            published.note_count("enrolled", number)
            published.note("enrolled_is_actual", name == "actualNumber")
            _linked(extension, inside, "publication.enrolled")
            return
