"""A record of the ClinicalTrials.gov API, version 2: the protocol section; the rest is kept."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from trialwright.protocol.publication import Publication
from trialwright.protocol.study import Rank
from trialwright.registry.draft import (
    Draft,
    DraftCriterion,
    DraftEndpoint,
    DraftPerson,
    DraftSite,
)
from trialwright.registry.shapes.ctgov_arms import read_arms_module
from trialwright.registry.shapes.descriptions import read_description
from trialwright.registry.shapes.eligibility_text import CriteriaReader
from trialwright.registry.shapes.finishing import blank_draft, finished
from trialwright.registry.shapes.house_words import (
    paragraphs,
    phase_named,
    phase_of,
    sex_of,
    site_status_of,
    status_of,
    trial_type_of,
)
from trialwright.registry.shapes.identifying import Numbers
from trialwright.registry.shapes.published import Published
from trialwright.registry.shapes.sites import lead_of
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.shapes.strict_json import Json

SHAPE = "ClinicalTrials.gov API v2 record"

_OUTCOMES: Mapping[str, Rank] = {
    "primaryOutcomes": "primary",
    "secondaryOutcomes": "secondary",
    "otherOutcomes": "exploratory",
}
_DATES = (
    ("startDateStruct", "started"),
    ("primaryCompletionDateStruct", "primary_completion"),
    ("completionDateStruct", "completion"),
)


def is_ctgov(root: dict[str, Json]) -> bool:
    """Say whether a record is one of the ClinicalTrials.gov API, version 2.

    Parameters
    ----------
    root : dict of str to object
        The record.

    Returns
    -------
    bool
        By its key.
    """
    return isinstance(root.get("protocolSection"), dict)


def read_ctgov(root: dict[str, Json], file: str = "") -> Draft:
    """Read a record of the ClinicalTrials.gov API, version 2.

    Parameters
    ----------
    root : dict of str to object
        The record.
    file : str
        Name of the file.

    Returns
    -------
    Draft
        What the protocol section says; results and what else no protocol has is kept.
    """
    record = MarkedRecord(root)
    return finished(record, _Reading(record).draft(blank_draft(SHAPE, file)))


class _Reading:
    """Reads module by module."""

    def __init__(self, record: MarkedRecord) -> None:
        self.record = record
        self.section = record.top["protocolSection"]
        self.published = Published()

    def draft(self, blank: Draft) -> Draft:
        """Fill a draft."""
        described = self.section["descriptionModule"]
        description = read_description(described["detailedDescription"])
        self.published.note("outline", description.outline)
        self.published.note("follow_up", description.follow_up_words)
        summary = paragraphs(described["briefSummary"].text)
        described["briefSummary"].understood("summary", "summary")
        people = self._people()
        design = description.design
        return replace(
            self._design(self._identification(blank)),
            summary=summary,
            phase_in_summary=phase_named(summary),
            objectives=tuple(replace(each, line=0) for each in description.objectives),
            escalated_agent=design.escalated_agent,
            arms_stated=design.arms,
            follow_up=description.follow_up,
            principal_investigator=lead_of(self.record, people),
            people=people,
            sites=self._sites(),
            endpoints=self._endpoints(),
            criteria=self._criteria(),
            publication=self._publication(),
        )

    def _identification(self, blank: Draft) -> Draft:
        """Read titles, numbers, sponsor, arms."""
        module = self.section["identificationModule"]
        numbers = Numbers(self.published)
        numbers.take_nct(module["nctId"])
        numbers.take_primary(module["orgStudyIdInfo"]["id"])
        for each in module["secondaryIdInfos"].each():
            numbers.take_other(each["id"], each["type"], each["domain"])
        self.published.note_words("official_title", module["officialTitle"])
        self.published.note_words("acronym", module["acronym"])
        arms, interventions = read_arms_module(self.record, self.section["armsInterventionsModule"])
        return replace(
            blank,
            title=module["briefTitle"].read("title", "title"),
            identifiers=numbers.finish(),
            lead_organisation=self._lead_organisation(module["organization"]["fullName"]),
            arms=arms,
            interventions=interventions,
        )

    def _lead_organisation(self, organisation: Spot) -> str:
        """Read the lead sponsor; the organisation of the record where none is named."""
        sponsors = self.section["sponsorCollaboratorsModule"]
        for each in sponsors["collaborators"].each():
            self.published.note_one_more("collaborators", each["name"].words, each["name"])
        lead = sponsors["leadSponsor"]["name"].read("value", "lead_organisation")
        if lead and organisation.words == lead:
            organisation.understood("value", "lead_organisation")
        return lead or organisation.read("value", "lead_organisation")

    def _design(self, draft: Draft) -> Draft:
        """Read phase, status and design words."""
        design = self.section["designModule"]
        inside = design["designInfo"]
        for name, spot in (
            ("allocation", inside["allocation"]),
            ("intervention_model", inside["interventionModel"]),
            ("purpose", inside["primaryPurpose"]),
            ("masking", inside["maskingInfo"]["masking"]),
        ):
            self.published.note_words(name, spot)
        if design["studyType"].words == "INTERVENTIONAL":
            design["studyType"].understood("shape", "shape")
        phases = [each.read("phase", "phase") for each in design["phases"].each()]
        phase_line = "/".join(each for each in phases if each)
        phase = phase_of(phase_line)
        self.published.note("phase_line", phase_line if phase != phase_line else "")
        status = self.section["statusModule"]["overallStatus"]
        self.published.note_words("status_word", status)
        allocation = inside["allocation"].words
        return replace(
            draft,
            phase=phase,
            status=status_of(status.words),
            trial_type=trial_type_of(inside["primaryPurpose"].words),
            assigned="randomized" if allocation == "RANDOMIZED" else "",
        )

    def _publication(self) -> Publication:
        """Read what only the public record needs."""
        published = self.published
        status = self.section["statusModule"]
        for module, name in _DATES:
            published.note_date(name, status[module]["date"], status[module]["type"])
        conditions = self.section["conditionsModule"]
        published.note_list("conditions", conditions["conditions"])
        published.note_list("keywords", conditions["keywords"])
        published.note_text("description", self.section["descriptionModule"]["detailedDescription"])
        enrolled = self.section["designModule"]["enrollmentInfo"]
        published.note_count("enrolled", enrolled["count"])
        self._enrolled_type(enrolled["type"])
        eligibility = self.section["eligibilityModule"]
        published.note("sex", sex_of(eligibility["sex"].words), eligibility["sex"])
        published.note_words("minimum_age", eligibility["minimumAge"])
        published.note_words("maximum_age", eligibility["maximumAge"])
        published.note_yes_no("healthy_volunteers", eligibility["healthyVolunteers"])
        return published.finish()

    def _enrolled_type(self, spot: Spot) -> None:
        """Read whether the number of participants is reached or planned."""
        if spot.words in ("ACTUAL", "ESTIMATED"):
            self.published.note("enrolled_is_actual", spot.words == "ACTUAL", spot)

    def _criteria(self) -> tuple[DraftCriterion, ...]:
        """Read the eligibility text."""
        reader = CriteriaReader(self.record)
        text = self.section["eligibilityModule"]["eligibilityCriteria"]
        reader.take_text(text, is_escaped=True)
        return reader.finish()

    def _endpoints(self) -> tuple[DraftEndpoint, ...]:
        """Read the outcomes; one without a measure is kept."""
        endpoints: list[DraftEndpoint] = []
        module = self.section["outcomesModule"]
        for key, rank in _OUTCOMES.items():
            for each in module[key].each():
                read = partial(_read, each, f"endpoints.{len(endpoints)}")
                if each["measure"].words:
                    endpoints.append(
                        DraftEndpoint(rank, read("measure"), read("description"), read("timeFrame"))
                    )
        return tuple(endpoints)

    def _people(self) -> tuple[DraftPerson, ...]:
        """Read those who answer for the trial."""
        contacts = self.section["contactsLocationsModule"]
        people: list[DraftPerson] = []
        for spots in (contacts["overallOfficials"].each(), contacts["centralContacts"].each()):
            for each in spots:
                read = partial(_read, each, f"people.{len(people)}")
                if each["name"].words:
                    people.append(DraftPerson(read("name"), read("role"), read("affiliation")))
        party = self.section["sponsorCollaboratorsModule"]["responsibleParty"]
        return (*people, *self._responsible(party, people))

    def _responsible(self, party: Spot, people: list[DraftPerson]) -> tuple[DraftPerson, ...]:
        """Read an investigator who is the responsible party, unless listed before."""
        name = party["investigatorFullName"].words
        role = party["type"].words
        if not name or role not in ("PRINCIPAL_INVESTIGATOR", "SPONSOR_INVESTIGATOR"):
            return ()
        if any(each.name == name for each in people):
            party["investigatorFullName"].understood("person", "people")
            return ()
        read = partial(_read, party, f"people.{len(people)}")
        affiliation = read("investigatorAffiliation")
        party["type"].understood("person", f"people.{len(people)}")
        return (DraftPerson(read("investigatorFullName"), "PRINCIPAL_INVESTIGATOR", affiliation),)

    def _sites(self) -> tuple[DraftSite, ...]:
        """Read the locations; one without a facility is kept."""
        sites: list[DraftSite] = []
        for each in self.section["contactsLocationsModule"]["locations"].each():
            became = f"sites.{len(sites)}"
            read = partial(_read, each, became)
            if not each["facility"].words:
                each.keep("a site without a name")
                continue
            contact = next(
                (one for one in each["contacts"].each() if one["role"].words in ("", "CONTACT")),
                Spot(self.record, (*each.path, "contacts", "nothing"), None),
            )
            contact["role"].understood("qualifier", became)
            sites.append(
                DraftSite(
                    name=read("facility"),
                    status=site_status_of(read("status")),
                    contact=_read(contact, became, "name"),
                    phone=_read(contact, became, "phone"),
                    line=0,
                    email=_read(contact, became, "email"),
                    city=read("city"),
                    state=read("state"),
                    zip=read("zip"),
                    country=read("country"),
                )
            )
        return tuple(sites)


def _read(spot: Spot, became: str, key: str) -> str:
    """Read a text below a spot, and note what it became."""
    return spot[key].read("value", became)
