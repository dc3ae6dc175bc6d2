"""A record as a FHIR R4 ResearchStudy, with the resources that it refers to inside it.

The layout is that of the matching services: eligibility as words of the reference to a group, a
PlanDefinition for each agent of each arm. What R4 has no element for, and R5 has, stands in R5's
element by the extensions that FHIR defines for this. Not written: text kept for people, proposals
and rules (no element of either), whether a date has come, and values that no registry states.
"""

import json
import re
from collections.abc import Iterator, Mapping

from trialwright.registry.record import Record, RecordArm, RecordPerson, RecordSite
from trialwright.registry.writing.arm_words import one_line, sentences_of_arm, title_of
from trialwright.registry.writing.ctgov_eligibility import eligibility_text
from trialwright.registry.writing.design_words import follow_up_of, outline_of
from trialwright.registry.writing.fhir_elements import (
    CONTROL,
    PURPOSES,
    Plain,
    cleaned,
    coded,
    concepts,
    date_of,
    label_of,
    number_of,
    objective_of,
    of_r5,
    outcome_of,
    party_of,
    phase_of,
    plan_of,
    recruitment_of,
    status_of,
    telecom_of,
)

REGISTRY = "http://clinicaltrials.gov"
PRINCIPAL = "principal-investigator"

SITE_STATUSES: Mapping[str, str] = {
    "active": "active",
    "suspended": "suspended",
    "closed": "inactive",
    "not yet active": "inactive",
}
"""FHIR's code for each status of a site; it has one for not yet and no longer."""

_ID = re.compile(r"[A-Za-z0-9.-]{1,60}")


def write_fhir(record: Record) -> str:
    """Write a record as a FHIR R4 ResearchStudy.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        JSON; the same text for equal records.
    """
    study = _Study(record).resource()
    return json.dumps(cleaned(study), ensure_ascii=False, indent=2) + "\n"


class _Study:
    """Makes one study; what it refers to is gathered on the way."""

    def __init__(self, record: Record) -> None:
        self.record = record
        name = record.identifiers.nct
        self.id = name if _ID.fullmatch(name) else ""
        self.contained: list[Plain] = []

    def _refer(self, kind: str, name: str, resource: Plain, **beside: str) -> Plain:
        """Put a resource inside the study, and refer to it."""
        self.contained.append({"resourceType": kind, "id": name, **resource})
        return {"reference": f"#{name}", "type": kind, **beside}

    def resource(self) -> Plain:
        """Give the resource."""
        record, published = self.record, self.record.publication
        sponsor = self._sponsor()
        leaders = [each for each in record.investigators if each.role == PRINCIPAL]
        study = {
            "identifier": list(self._identifiers(sponsor)),
            "title": one_line(record.title),
            "protocol": list(self._plans()),
            **status_of(record.status),
            "primaryPurposeType": self._purpose(),
            "phase": phase_of(record.phase),
            "category": self._categories(),
            "condition": concepts(*published.conditions),
            "contact": list(self._contacts()),
            "keyword": concepts(*published.keywords),
            "location": concepts(*dict.fromkeys(each.country for each in record.sites)),
            "description": record.summary,
            "enrollment": self._enrollment(),
            "period": {
                "start": date_of(published.started.date) if published.started else "",
                "end": date_of(published.completion.date) if published.completion else "",
            },
            "sponsor": sponsor,
            "principalInvestigator": self._leader(leaders[0]) if leaders else {},
            "site": [self._site(place, each) for place, each in enumerate(record.sites)],
            "note": self._notes(),
            "arm": [self._arm(each) for each in record.arms],
            "objective": [objective_of(each) for each in record.objectives],
        }
        head = {"resourceType": "ResearchStudy", "id": self.id}
        return {**head, "contained": self.contained, "extension": self._extensions(), **study}

    def _sponsor(self) -> Plain:
        """Refer to the lead organisation."""
        name = one_line(self.record.lead_organisation)
        return self._refer("Organization", f"org{self.id}", {"name": name}) if name else {}

    def _identifiers(self, sponsor: Plain) -> Iterator[Plain]:
        """Give the numbers; the lead organisation's own is told by who assigned it."""
        numbers = self.record.identifiers
        yield number_of(numbers.nct, use="official", system=REGISTRY)
        yield number_of(
            numbers.nci, use="secondary", assigner={"display": "National Cancer Institute"}
        )
        yield number_of(numbers.local, use="secondary", assigner=sponsor)
        for each in self.record.publication.other_numbers:
            kind, whose = {"text": each.type}, {"display": each.domain}
            yield number_of(each.id, use="secondary", type=kind, assigner=whose)

    def _purpose(self) -> Plain:
        """Give what the trial is for."""
        kind = self.record.trial_type
        text = one_line(self.record.publication.purpose or kind)
        if kind not in PURPOSES:
            return {"text": text}
        code = kind.replace(" ", "-")
        return coded("research-study-prim-purp-type", code, kind.capitalize(), text)

    def _categories(self) -> list[Plain]:
        """Give what has no element of its own, each as words that name what it is."""
        published = self.record.publication
        volunteers = {True: "Yes", False: "No", None: ""}[published.healthy_volunteers]
        named = {
            "Study Type": "Interventional",
            "Intervention Model": published.intervention_model,
            "Masking": published.masking,
            "Allocation": published.allocation,
            "Sex": published.sex,
            "Minimum Age": published.minimum_age,
            "Maximum Age": published.maximum_age,
            "Accepts Healthy Volunteers": volunteers,
        }
        return concepts(*(f"{name}: {value}" for name, value in named.items() if value.strip()))

    def _contacts(self) -> Iterator[Plain]:
        """Give whom to ask, each once; R4 has no place for it at a site."""
        asked = [(each.contact, each.phone, each.email) for each in self.record.sites]
        for name, phone, email in dict.fromkeys(asked):
            if name.strip():
                yield {"name": one_line(name), "telecom": telecom_of(phone, email)}

    def _enrollment(self) -> list[Plain]:
        """Refer to the group of those who may enter, in the words of the criteria."""
        words = eligibility_text(self.record)
        if not words:
            return []
        group = {"type": "person", "actual": False}
        return [self._refer("Group", f"group{self.id}", group, display=words)]

    def _leader(self, person: RecordPerson) -> Plain:
        """Refer to the principal investigator."""
        name = one_line(person.name)
        if not name:
            return {}
        return self._refer("Practitioner", "investigator", {"name": [{"text": name}]})

    def _site(self, place: int, site: RecordSite) -> Plain:
        """Refer to a site."""
        address = {
            "city": site.city,
            "state": site.state,
            "postalCode": site.zip,
            "country": site.country,
        }
        status = SITE_STATUSES.get(site.status, "")
        is_told = status == site.status
        location = {
            "status": status,
            "name": one_line(site.name),
            "description": "" if is_told else f"Recruitment at this site: {site.status}",
            "telecom": telecom_of(site.phone, site.email),
            "address": {"use": "work", **address} if any(address.values()) else {},
        }
        return self._refer("Location", f"location-{place}", location)

    def _plans(self) -> Iterator[Plain]:
        """Refer to a plan for each agent in each arm that gives it, or to one without an arm."""
        place = 0
        for key, agent in self.record.agents.items():
            arms = [title_of(arm) for arm in self.record.arms if _gives(arm, key)]
            for arm in arms or [""]:
                if agent.says.strip():
                    yield self._refer("PlanDefinition", f"plan-{place}", plan_of(agent, arm))
                    place += 1

    def _arm(self, arm: RecordArm) -> Plain:
        """Give an arm: its own words where they are kept, else sentences made from its lines."""
        kind = one_line(CONTROL.sub(" ", arm.type))
        described = arm.source_text or sentences_of_arm(self.record, arm) or arm.says
        coding = [{"code": kind, "display": kind}] if kind else []
        return {
            "name": one_line(CONTROL.sub(" ", title_of(arm))) or "Arm",
            "type": {"coding": coding, "text": kind},
            "description": described,
        }

    def _notes(self) -> list[Plain]:
        """Give the paragraphs that R4 has no element for."""
        outline = outline_of(self.record)
        texts = (
            self.record.publication.description,
            f"OUTLINE: {outline}" if outline else "",
            follow_up_of(self.record),
        )
        return [{"text": each} for each in texts if each.strip()]

    def _extensions(self) -> list[Plain]:
        """Give what only R5 has elements for."""
        record, published = self.record, self.record.publication
        return [
            of_r5("version", valueString=record.version),
            of_r5("date", valueDateTime=date_of(record.dated)),
            label_of("official", published.official_title),
            label_of("acronym", published.acronym),
            *(party_of(each.name, each.role, each.affiliation) for each in self._others()),
            *(party_of(each, "collaborator", "") for each in published.collaborators),
            recruitment_of(published.enrolled, is_actual=published.enrolled_is_actual),
            *(outcome_of(each) for each in record.endpoints if each.origin == "registry"),
        ]

    def _others(self) -> Iterator[RecordPerson]:
        """Give those whom R4 has no element for, or not for their affiliation."""
        has_leader = False
        for each in self.record.investigators:
            is_leader = each.role == PRINCIPAL and not has_leader
            has_leader = has_leader or is_leader
            if not is_leader or each.affiliation:
                yield each


def _gives(arm: RecordArm, agent: str) -> bool:
    """Say whether an arm gives an agent, or has it among its choices."""
    return any(choice.agent == agent for line in arm.dosing for choice in line.choices)
