"""A trial as a matching service of mCODE returns it: eligibility as one text, and no arms."""

from dataclasses import replace

from trialwright.registry.draft import Draft, DraftPerson, DraftSite
from trialwright.registry.shapes.eligibility_text import CriteriaReader
from trialwright.registry.shapes.finishing import blank_draft, finished
from trialwright.registry.shapes.house_words import paragraphs, phase_named, phase_of, status_of
from trialwright.registry.shapes.identifying import Numbers
from trialwright.registry.shapes.published import Published
from trialwright.registry.shapes.sites import site_of_location
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.shapes.strict_json import Json

SHAPE = "matching-service record"


def is_matching_service(root: dict[str, Json]) -> bool:
    """Say whether a record is one of a matching service.

    Parameters
    ----------
    root : dict of str to object
        The record.

    Returns
    -------
    bool
        By its keys.
    """
    return "trialId" in root and ("eligibility" in root or "title" in root)


def read_matching_service(root: dict[str, Json], file: str = "") -> Draft:
    """Read a record of a matching service.

    Parameters
    ----------
    root : dict of str to object
        The record.
    file : str
        Name of the file.

    Returns
    -------
    Draft
        What it says of the trial; how well it matched somebody is kept.
    """
    record = MarkedRecord(root)
    top, published = record.top, Published()
    numbers = Numbers(published)
    numbers.take_nct(top["trialId"])
    published.note_list("conditions", top["conditions"])
    published.note_list("keywords", top["keywords"])
    if isinstance(top["period"].value, dict):
        published.note_date("started", top["period"]["start"])
        published.note_date("completion", top["period"]["end"])
    summary = paragraphs(top["description"].text)
    top["description"].understood("summary", "summary")
    if top["type"]["name"].words.lower() == "interventional":
        top["type"]["name"].understood("shape", "shape")
    phase_line = top["phase"].read("phase", "phase")
    phase = phase_of(phase_line)
    published.note("phase_line", phase_line if phase != phase_line else "")
    reader = CriteriaReader(record)
    reader.take_text(top["eligibility"])
    draft = replace(
        blank_draft(SHAPE, file),
        title=top["title"].read("title", "title"),
        status=_status(top["status"], published),
        summary=summary,
        phase=phase,
        phase_in_summary=phase_named(summary),
        lead_organisation=top["sponsor"]["name"].read("value", "lead_organisation"),
        identifiers=numbers.finish(),
        criteria=reader.finish(),
        sites=_sites(top),
        people=_people(top),
        publication=published.finish(),
    )
    return finished(record, draft)


def _status(spot: Spot, published: Published) -> str:
    """Read the status, from its name or its label."""
    named = spot["name"] if spot["name"].words else spot["label"]
    published.note_words("status_word", named)
    label = spot["label"]
    if label.words.lower() == named.words.lower():
        label.understood("value", "publication.status_word")
    return status_of(named.words)


def _sites(top: Spot) -> tuple[DraftSite, ...]:
    """Read the locations."""
    sites: list[DraftSite] = []
    for each in top["locations"].each():
        site = site_of_location(each, len(sites))
        if site is not None:
            sites.append(site)
    return tuple(sites)


def _people(top: Spot) -> tuple[DraftPerson, ...]:
    """Read the contacts."""
    people: list[DraftPerson] = []
    for each in top["contacts"].each():
        if each["name"].words:
            name = each["name"].read("person", f"people.{len(people)}")
            people.append(DraftPerson(name, "contact"))
    return tuple(people)
