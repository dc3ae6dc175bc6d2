"""A FHIR R4 ResearchStudy, alone or in a bundle, with the resources that it refers to."""

import re
from dataclasses import replace

from trialwright.protocol.schedule import FollowUp
from trialwright.registry.draft import (
    Draft,
    DraftCriterion,
    DraftIdentifiers,
    DraftObjective,
    DraftPerson,
    DraftSite,
)
from trialwright.registry.draft_arms import DraftArm
from trialwright.registry.outline import Design
from trialwright.registry.shapes.arm_texts import ArmSpots, read_arms
from trialwright.registry.shapes.descriptions import (
    AFTER,
    OUTLINE,
    Described,
    read_description,
)
from trialwright.registry.shapes.eligibility_text import CriteriaReader
from trialwright.registry.shapes.fhir_choice import choose_study
from trialwright.registry.shapes.fhir_parts import (
    CODING,
    References,
    concept_spot,
    mark_codings,
    person_of,
    read_concept,
)
from trialwright.registry.shapes.fhir_plans import read_plans
from trialwright.registry.shapes.fhir_r5 import read_r5
from trialwright.registry.shapes.finishing import blank_draft, finished
from trialwright.registry.shapes.house_words import (
    paragraphs,
    phase_named,
    phase_of,
    sex_of,
    status_of,
    trial_type_of,
)
from trialwright.registry.shapes.identifying import Numbers, is_nct
from trialwright.registry.shapes.objectives import read_objective
from trialwright.registry.shapes.published import Published
from trialwright.registry.shapes.sites import site_of_location
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.shapes.strict_json import Json

SHAPE = "FHIR ResearchStudy"

_CATEGORIES = {
    "intervention model": "intervention_model",
    "primary purpose": "purpose",
    "masking": "masking",
    "allocation": "allocation",
    "sex": "sex",
    "minimum age": "minimum_age",
    "maximum age": "maximum_age",
    "accepts healthy volunteers": "healthy_volunteers",
}


def read_fhir(root: dict[str, Json], file: str = "", wanted: str = "") -> Draft:
    """Read a FHIR R4 ResearchStudy.

    Parameters
    ----------
    root : dict of str to object
        The resource, or a bundle.
    file : str
        Name shown in faults.
    wanted : str
        Resource id or identifier of the study of a bundle; empty: the only one.

    Returns
    -------
    Draft
        What the study says, and the resources that it refers to.

    Raises
    ------
    Refusal
        If not exactly one study is meant.
    """
    record = MarkedRecord(root)
    study = choose_study(record, file, wanted)
    return finished(record, _Reading(record, study).draft(blank_draft(SHAPE, file)))


class _Reading:
    """Reads one study."""

    def __init__(self, record: MarkedRecord, study: Spot) -> None:
        self.record = record
        self.study = study
        self.references = References(study)
        self.published = Published()

    def draft(self, blank: Draft) -> Draft:
        """Fill a draft."""
        study, published = self.study, self.published
        for key in ("resourceType", "id"):
            study[key].understood("shape", "shape")
        description = read_description(study["description"])
        summary = paragraphs(study["description"].text)
        study["description"].understood("summary", "summary")
        self._design()
        for key, name in (("condition", "conditions"), ("keyword", "keywords")):
            for each in study[key].each():
                self._publish(name, each)
        published.note_date("started", study["period"]["start"])
        published.note_date("completion", study["period"]["end"])
        interventions = read_plans(study, self.references)
        leader, people = self._people()
        purpose = self._purpose()
        extended = read_r5(study, published)
        design, follow_up = self._notes(description)
        return replace(
            blank,
            title=study["title"].read("title", "title"),
            summary=summary,
            status=self._status(),
            phase=self._phase(),
            phase_in_summary=phase_named(summary),
            trial_type=trial_type_of(purpose),
            lead_organisation=self._sponsor(),
            principal_investigator=leader,
            people=(*extended.people, *people),
            endpoints=extended.endpoints,
            identifiers=self._identifiers(),
            objectives=(*self._objectives(), *(replace(o, line=0) for o in description.objectives)),
            escalated_agent=design.escalated_agent,
            arms_stated=design.arms,
            follow_up=follow_up,
            sites=self._sites(),
            criteria=self._criteria(),
            arms=self._arms([each.name for each in interventions]),
            interventions=interventions,
            publication=published.finish(),
        )

    def _publish(self, name: str, concept: Spot) -> None:
        """Take one more value of a field that holds several."""
        spot = concept_spot(concept)
        if spot is not None:
            self.published.note_one_more(name, spot.words, spot)
            mark_codings(concept, spot.words, f"publication.{name}")

    def _status(self) -> str:
        """Read the status."""
        spot = self.study["status"]
        self.published.note_words("status_word", spot)
        return status_of(spot.words)

    def _phase(self) -> str:
        """Read the phase."""
        words = read_concept(self.study["phase"], "phase", "phase")
        phase = phase_of(words)
        for coding in self.study["phase"]["coding"].each():
            if phase_of(coding["code"].words) == re.sub("[ab]", "", phase):  # FHIR's are coarser
                for part in CODING:
                    coding[part].understood("code", "phase")
        self.published.note("phase_line", words if phase != words else "")
        return phase

    def _design(self) -> None:
        """Read the categories that name what they are, e.g. `Masking: None`."""
        for category in self.study["category"].each():
            spot = concept_spot(category)
            prefix, _, words = (spot.words if spot else "").partition(": ")
            name = _CATEGORIES.get(prefix.lower())
            if spot is not None and name and words.strip():
                self.published.note(name, _meant(name, words.strip()), spot)
                mark_codings(category, spot.words, f"publication.{name}")
            elif spot is not None and spot.words.lower() == "study type: interventional":
                spot.understood("shape", "shape")

    def _notes(self, description: Described) -> tuple[Design, FollowUp | None]:
        """Read outline and follow-up, from the description or from notes of their own."""
        described = [description]
        for note in self.study["note"].each():
            if note["text"].words.startswith((OUTLINE, AFTER)):
                described.append(read_description(note["text"]))
                if described[-1].outline or described[-1].follow_up:
                    note["text"].understood("outline", "outline")
        for each in described:
            self.published.note("outline", each.outline)
            self.published.note("follow_up", each.follow_up_words)
        designs = [each.design for each in described if each.outline]
        follow_ups = [each.follow_up for each in described if each.follow_up]
        return designs[0] if designs else Design(), follow_ups[0] if follow_ups else None

    def _purpose(self) -> str:
        """Give the primary purpose, from its own field or a category."""
        own = self.study["primaryPurposeType"]
        spot = concept_spot(own)
        if spot is not None:
            self.published.note("purpose", spot.words, spot)
            mark_codings(own, spot.words, "publication.purpose")
        return self.published.finish().purpose

    def _sponsor(self) -> str:
        """Read the sponsor: the organisation referred to, else the words of the reference."""
        sponsor = self.study["sponsor"]
        target = self.references.follow(sponsor, "lead_organisation")
        name = target["name"].read("value", "lead_organisation") if target else ""
        shown = sponsor["display"]
        if name and shown.words == name:
            shown.understood("value", "lead_organisation")
        return name or shown.read("value", "lead_organisation")

    def _people(self) -> tuple[str, tuple[DraftPerson, ...]]:
        """Read the principal investigator, and the contacts."""
        reference = self.study["principalInvestigator"]
        target = self.references.follow(reference, "principal_investigator")
        leader = person_of(reference, target, "principal_investigator")
        people: list[DraftPerson] = []
        for contact in self.study["contact"].each():
            if contact["name"].words:
                name = contact["name"].read("person", f"people.{len(people)}")
                people.append(DraftPerson(name, "contact"))
        return leader, tuple(people)

    def _identifiers(self) -> DraftIdentifiers:
        """Read the identifiers."""
        numbers = Numbers(self.published)
        for each in self.study["identifier"].each():
            value = each["value"]
            if is_nct(value.words):
                numbers.take_nct(value)
                each["system"].understood("qualifier", "identifiers.nct")
            elif self._is_of_sponsor(each["assigner"]):
                numbers.take_primary(value)
                each["assigner"]["reference"].understood("link", "identifiers.primary")
                each["assigner"]["type"].understood("link", "identifiers.primary")
            else:
                kind = concept_spot(each["type"]) or each["type"]["text"]
                numbers.take_other(value, kind, each["assigner"]["display"])
            if value.words:
                each["use"].understood("qualifier", "identifiers")
        return numbers.finish()

    def _is_of_sponsor(self, assigner: Spot) -> bool:
        """Say whether a number was assigned by the lead organisation."""
        reference = assigner["reference"].words
        return bool(reference) and reference == self.study["sponsor"]["reference"].words

    def _objectives(self) -> tuple[DraftObjective, ...]:
        """Read the objectives that say one."""
        objectives: list[DraftObjective] = []
        for each in self.study["objective"].each():
            objective = read_objective(each, len(objectives))
            if objective is not None:
                objectives.append(objective)
        return tuple(objectives)

    def _sites(self) -> tuple[DraftSite, ...]:
        """Read the sites: the locations referred to, else the words of the references."""
        sites: list[DraftSite] = []
        seen: set[str] = set()
        for reference in self.study["site"].each():
            became = f"sites.{len(sites)}"
            target = self.references.follow(reference, became)
            if target is not None and target.field in seen:
                continue
            seen.add(target.field if target else "")
            site = site_of_location(target, len(sites)) if target else None
            if site is None and reference["display"].words:
                site = DraftSite(reference["display"].words, "", "", "", 0)
            reference["display"].understood("site", became)
            if site is not None:
                sites.append(site)
        return tuple(sites)

    def _criteria(self) -> tuple[DraftCriterion, ...]:
        """Read the eligibility: the words of the reference to a group, and its characteristics."""
        reader = CriteriaReader(self.record)
        for reference in self.study["enrollment"].each():
            reader.take_text(reference["display"])
            group = self.references.follow(reference, "criteria")
            if group is not None:
                self._group(reader, group)
        return reader.finish()

    def _group(self, reader: CriteriaReader, group: Spot) -> None:
        """Read the characteristics of a group that say whether they exclude."""
        for key in ("type", "actual"):
            group[key].understood("shape", "shape")
        for each in group["characteristic"].each():
            excludes = each["exclude"]
            words = concept_spot(each["valueCodeableConcept"]) or concept_spot(each["code"])
            if words is not None and isinstance(excludes.value, bool):
                reader.take_one(words, "exclusion" if excludes.value else "inclusion")
                excludes.understood("shape", "criteria")

    def _arms(self, agents: list[str]) -> tuple[DraftArm, ...]:
        """Read the arms."""
        arms = []
        for each in self.study["arm"].each():
            if not each["name"].words:
                continue
            kind = each["type"]
            spot = concept_spot(kind) or kind["text"]
            arms.append(ArmSpots(each["name"], spot, (each["description"],)))
            mark_codings(kind, spot.words, "arms")
        return read_arms(self.record, arms, agents)


def _meant(name: str, words: str) -> object:
    """Give the value that a category says."""
    match name:
        case "sex":
            return sex_of(words)
        case "healthy_volunteers":
            return {"yes": True, "no": False}.get(words.lower())
        case _:
            return words
