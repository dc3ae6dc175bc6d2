"""The parts that FHIR resources are made of: coded concepts, references, names of people."""

import re
from collections.abc import Iterator

from trialwright.registry.shapes.spots import Spot

NOT_HERE = "the record does not hold what it refers to"

CODING = ("code", "display", "system", "version", "userSelected")
"""Elements of a coding."""


def concept_words(concept: Spot) -> str:
    """Give the words of a CodeableConcept, and mark nothing.

    Parameters
    ----------
    concept : Spot
        Where it stands.

    Returns
    -------
    str
        Its text; else the display of its first coding, else the code.
    """
    spot = concept_spot(concept)
    return spot.words if spot else ""


def concept_spot(concept: Spot) -> Spot | None:
    """Find where the words of a CodeableConcept stand.

    Parameters
    ----------
    concept : Spot
        Where it stands.

    Returns
    -------
    Spot or None
        None when it has none.
    """
    codings = concept["coding"].each()
    spots = (
        concept["text"],
        *(coding["display"] for coding in codings),
        *(coding["code"] for coding in codings),
    )
    return next((spot for spot in spots if spot.words), None)


def read_concept(concept: Spot, kind: str, became: str) -> str:
    """Read a CodeableConcept; a coding that says the same is understood with it, others are kept.

    Parameters
    ----------
    concept : Spot
        Where it stands.
    kind : str
        What it is.
    became : str
        Part of the draft that it becomes.

    Returns
    -------
    str
        Its words.
    """
    spot = concept_spot(concept)
    if spot is None:
        return ""
    words = spot.read(kind, became)
    mark_codings(concept, words, became)
    return words


def mark_codings(concept: Spot, words: str, became: str) -> None:
    """Note the codings of a CodeableConcept that say the same as its words.

    Parameters
    ----------
    concept : Spot
        Where it stands.
    words : str
        Its words.
    became : str
        Part of the draft that they became.
    """
    for coding in concept["coding"].each():
        named = [coding["display"].words, coding["code"].words]
        if all(_alike(each) == _alike(words) for each in named if each):
            for part in CODING:
                coding[part].understood("code", became)


def person_of(reference: Spot, target: Spot | None, became: str) -> str:
    """Read the name of a person.

    Parameters
    ----------
    reference : Spot
        Where the reference stands.
    target : Spot or None
        The Practitioner it refers to, if the record holds it.
    became : str
        Part of the draft that it becomes.

    Returns
    -------
    str
        The text of the name; else given names and family name; else the display of the reference.
    """
    for name in target["name"].each() if target else ():
        if name["text"].words:
            return name["text"].read("person", became)
        parts = [*name["given"].each(), name["family"]]
        words = " ".join(each.read("person", became) for each in parts).strip()
        if words:
            return words
    return reference["display"].read("person", became)


class References:
    """Follows references: to contained resources, and to others of the same bundle.

    Attributes
    ----------
    study : Spot
        The resource whose references are followed.
    """

    def __init__(self, study: Spot) -> None:
        self.study = study
        self._known: dict[str, Spot] = {}
        for contained in study["contained"].each():
            if contained["id"].words:
                self._known.setdefault(f"#{contained['id'].words}", contained)
        bundle = study.record.top
        if bundle["resourceType"].words == "Bundle":
            for entry in bundle["entry"].each():
                for name in _names(entry):
                    self._known.setdefault(name, entry["resource"])

    def follow(self, reference: Spot, became: str) -> Spot | None:
        """Follow a reference.

        Parameters
        ----------
        reference : Spot
            Where it stands.
        became : str
            Part of the draft that what it refers to becomes.

        Returns
        -------
        Spot or None
            The resource; None when the record does not hold it.
        """
        named = reference["reference"]
        words = named.words
        if not words:
            return None
        target = self._known.get(words)
        if target is None:
            named.keep(NOT_HERE)
            return None
        for link in (named, reference["type"], target["resourceType"], target["id"]):
            link.understood("link", became)
        return target


def _names(entry: Spot) -> Iterator[str]:
    """Give the names by which a resource of a bundle is referred to."""
    resource = entry["resource"]
    kind, id_ = resource["resourceType"].words, resource["id"].words
    if kind and id_:
        yield f"{kind}/{id_}"
    if entry["fullUrl"].words:
        yield entry["fullUrl"].words


def _alike(words: str) -> str:
    """Give words in lower case without signs, for comparing a code with its display."""
    return re.sub(r"[^a-z0-9]", "", words.lower())
