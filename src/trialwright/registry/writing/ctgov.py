"""A record in the shape of the ClinicalTrials.gov API, version 2.

What the record does not state is left out. Endpoints that the protocol marks as illustrative are
left out too. A text that the registry finds too long, and a word that it does not know, is a fault.
"""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from trialwright.protocol.publication import RecordDate
from trialwright.registry.record import Record, RecordArm, RecordEndpoint, RecordSite
from trialwright.registry.writing.arm_words import one_line, sentences_of_arm, title_of
from trialwright.registry.writing.ctgov_eligibility import ages_of, eligibility_text, sex_of
from trialwright.registry.writing.ctgov_words import (
    RECRUITMENT,
    as_word,
    phases_of,
    status_of,
    word_faults,
)
from trialwright.registry.writing.design_words import (
    follow_up_of,
    heading_of,
    objectives_of,
    outline_of,
)
from trialwright.registry.writing.limits import length_faults
from trialwright.terms.errors import Refusal

Plain: TypeAlias = "dict[str, Any]"

DOMAIN_OF_NCI = "CTRP (Clinical Trial Reporting Program)"
"""Who gives the numbers of the National Cancer Institute, as the registry names it."""

_OUTCOMES = (
    ("primaryOutcomes", "primary"),
    ("secondaryOutcomes", "secondary"),
    ("otherOutcomes", "exploratory"),
)


_CONTACT = "contact"  # role of somebody who answers questions and not for the trial


def write_ctgov(record: Record) -> str:
    """Write a record as JSON in the shape of the ClinicalTrials.gov API, version 2.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        JSON with the protocol section, indented by two blanks.

    Raises
    ------
    Refusal
        With every text that is longer than the registry takes and every word that it does not
        know, each with its path.
    """
    section = _stated(
        identificationModule=_identification(record),
        statusModule=_status(record),
        sponsorCollaboratorsModule=_sponsors(record),
        descriptionModule=_stated(
            briefSummary=record.summary, detailedDescription=_description(record)
        ),
        conditionsModule=_stated(
            conditions=list(record.publication.conditions),
            keywords=list(record.publication.keywords),
        ),
        designModule=_design(record),
        armsInterventionsModule=_stated(
            armGroups=[_arm(record, each) for each in record.arms],
            interventions=list(_interventions(record)),
        ),
        outcomesModule=_outcomes(record),
        eligibilityModule=_eligibility(record),
        contactsLocationsModule=_places(record),
    )
    faults = (*length_faults(section), *word_faults(section))
    if faults:
        raise Refusal(faults)
    return json.dumps({"protocolSection": section}, ensure_ascii=False, indent=2) + "\n"


def _stated(**values: Any) -> Plain:
    """Leave out what the record does not state."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _identification(record: Record) -> Plain:
    """Give the numbers and titles."""
    return _stated(
        nctId=record.identifiers.nct,
        orgStudyIdInfo=_stated(id=record.identifiers.local),
        secondaryIdInfos=list(_secondary(record)),
        organization=_stated(fullName=record.lead_organisation),
        briefTitle=one_line(record.title),
        officialTitle=one_line(record.publication.official_title),
        acronym=record.publication.acronym,
    )


def _secondary(record: Record) -> Iterator[Plain]:
    """Give the other numbers, each once; the National Cancer Institute's first."""
    known = {record.identifiers.nct, record.identifiers.local}
    others = {each.id: each for each in record.publication.other_numbers}
    if record.identifiers.nci and record.identifiers.nci not in others:
        yield {"id": record.identifiers.nci, "type": "REGISTRY", "domain": DOMAIN_OF_NCI}
    for number, each in others.items():
        if number not in known:
            yield _stated(id=number, type=as_word(each.type), domain=each.domain)


def _status(record: Record) -> Plain:
    """Give the status and the dates."""
    publication = record.publication
    return _stated(
        overallStatus=status_of(record),
        startDateStruct=_date(publication.started),
        primaryCompletionDateStruct=_date(publication.primary_completion),
        completionDateStruct=_date(publication.completion),
    )


def _date(date: RecordDate | None) -> Plain:
    """Give a date and whether it has come."""
    return _stated(date=date.date, type=date.type) if date else {}


def _sponsors(record: Record) -> Plain:
    """Give the lead organisation and those beside it."""
    return _stated(
        leadSponsor=_stated(name=record.lead_organisation),
        collaborators=[{"name": each} for each in record.publication.collaborators],
    )


def _description(record: Record) -> str:
    """Give the detailed description: the record's own, and what has no field of its own here."""
    own = record.publication.description.strip()
    parts = [own] if own else []
    said = one_line(own)
    for rank, objectives in objectives_of(record):
        if not all(each.split(" ", 1)[1] in said for each in objectives):
            parts.append("\n\n".join([heading_of(rank, len(objectives)), *objectives]))
    for heading, words in (("OUTLINE: ", outline_of(record)), ("", follow_up_of(record))):
        if words and not own:
            parts.append(heading + words)
    return "\n\n".join(parts)


def _design(record: Record) -> Plain:
    """Give phase, design and number of participants; nothing but what is stated."""
    publication = record.publication
    count = publication.enrolled
    kind = "ACTUAL" if publication.enrolled_is_actual else "ESTIMATED"
    return _stated(
        studyType="INTERVENTIONAL",
        phases=list(phases_of(record.phase)),
        designInfo=_stated(
            allocation=as_word(publication.allocation),
            interventionModel=as_word(publication.intervention_model),
            primaryPurpose=as_word(publication.purpose or record.trial_type),
            maskingInfo=_stated(masking=as_word(publication.masking)),
        ),
        enrollmentInfo={} if count is None else {"count": count, "type": kind},
    )


def _arm(record: Record, arm: RecordArm) -> Plain:
    """Give an arm with the interventions it receives."""
    agents = dict.fromkeys(each.agent for line in arm.dosing for each in line.choices)
    return _stated(
        label=one_line(title_of(arm)),
        type=as_word(arm.type),
        description=(arm.source_text or sentences_of_arm(record, arm) or arm.says).strip(),
        interventionNames=[f"Drug: {record.agents[each].says}" for each in agents
                           if each in record.agents],
    )  # fmt: skip


def _interventions(record: Record) -> Iterator[Plain]:
    """Give the study drugs with the arms that receive them."""
    for name, agent in record.agents.items():
        yield _stated(
            type="DRUG",
            name=one_line(agent.says),
            description=agent.description,
            armGroupLabels=[one_line(title_of(arm)) for arm in record.arms if _gives(arm, name)],
            otherNames=list(agent.synonyms),
        )


def _gives(arm: RecordArm, agent: str) -> bool:
    """Say whether an arm gives an agent, or has it among its choices."""
    return any(each.agent == agent for line in arm.dosing for each in line.choices)


def _outcomes(record: Record) -> Plain:
    """Give the endpoints that the registry states."""
    stated = [each for each in record.endpoints if each.origin == "registry"]
    return _stated(
        **{name: [_outcome(each) for each in stated if each.rank == rank]
           for name, rank in _OUTCOMES}
    )  # fmt: skip


def _outcome(endpoint: RecordEndpoint) -> Plain:
    """Give one endpoint."""
    return _stated(
        measure=one_line(endpoint.says),
        description=endpoint.description,
        timeFrame=endpoint.time_frame,
    )


def _eligibility(record: Record) -> Plain:
    """Give the criteria as one text, with sex and age."""
    least, greatest = ages_of(record)
    return _stated(
        eligibilityCriteria=eligibility_text(record),
        healthyVolunteers=record.publication.healthy_volunteers,
        sex=sex_of(record),
        minimumAge=least,
        maximumAge=greatest,
    )


def _places(record: Record) -> Plain:
    """Give whom to ask, those who answer for the trial, and the sites."""
    asked = [each for each in record.investigators if each.role == _CONTACT]
    officials = [
        _stated(name=each.name, affiliation=each.affiliation, role=as_word(each.role))
        for each in record.investigators
        if each not in asked
    ]
    return _stated(
        centralContacts=[_contact({"name": each.name}) for each in asked],
        overallOfficials=officials,
        locations=[_site(each) for each in record.sites],
    )


def _site(site: RecordSite) -> Plain:
    """Give a site with whom to ask there."""
    reached = _stated(name=site.contact, phone=site.phone, email=site.email)
    status = site.status.lower()
    return _stated(
        facility=one_line(site.name),
        status=RECRUITMENT.get(status, as_word(status)),
        city=site.city,
        state=site.state,
        zip=site.zip,
        country=site.country,
        contacts=[_contact(reached)] if reached else [],
    )


def _contact(reached: Plain) -> Plain:
    """Give a contact in the order of the registry's fields."""
    name = {"name": reached.pop("name")} if "name" in reached else {}
    return {**name, "role": "CONTACT", **reached}
