"""USDM v4 JSON -> Record: what `writing.usdm` writes comes back equal.

A file of another system is read as far as its parts say what a record says; nothing is guessed from
the rest. A value of another form than USDM's is refused with its path.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from trialwright.protocol.criteria import Rule
from trialwright.protocol.proposals import Proposal
from trialwright.protocol.publication import OtherNumber, Publication
from trialwright.registry.record import (
    Record,
    RecordAssignment,
    RecordCriterion,
    RecordEndpoint,
    RecordFollowUp,
    RecordIdentifiers,
    RecordObjective,
    RecordPerson,
    RecordSite,
    RecordStop,
)
from trialwright.registry.shapes.strict_json import read_json
from trialwright.registry.shapes.usdm_ids import tree_of
from trialwright.registry.shapes.usdm_treatment import agents_of, arms_of
from trialwright.registry.shapes.usdm_tree import Node
from trialwright.registry.usdm_terms import (
    ALLOCATIONS,
    CATEGORIES,
    CLINICAL_TRIALS_GOV,
    COUNTRIES,
    EFFECTIVE_ON,
    ENDPOINT_RANKS,
    MASKINGS,
    MODELS,
    NATIONAL_CANCER_INSTITUTE,
    ORGANISATIONS,
    PHASES,
    PURPOSES,
    RANKS,
    ROLES,
    SEXES,
    TITLES,
    UNITS,
    CodeList,
)
from trialwright.terms.errors import Refusal, shorten

_RULE: TypeAdapter[Rule | None] = TypeAdapter(Rule)
_PROPOSALS = TypeAdapter(tuple[Proposal, ...])
_TEXTS: TypeAdapter[tuple[str, ...] | None] = TypeAdapter(tuple[str, ...])
_STOPS = TypeAdapter(tuple[RecordStop, ...])
_ASSIGNMENT: TypeAdapter[RecordAssignment | None] = TypeAdapter(RecordAssignment)
_SCOPES = {CLINICAL_TRIALS_GOV: "nct", NATIONAL_CANCER_INSTITUTE: "nci"}


def read_usdm(text: str, file: str = "") -> Record:
    """Read a study in USDM v4 JSON.

    Parameters
    ----------
    text : str
        JSON of the API's `Wrapper`, with one version of the study and at most one design.
    file : str
        Name shown in faults.

    Returns
    -------
    Record
        What the file states; equal to the record that `write_usdm` wrote.

    Raises
    ------
    Refusal
        With every value that has another form than USDM's, or refers to a part that is not there.
    """
    root = tree_of(read_json(text, file), file)
    if not root.text("usdmVersion").startswith("4."):
        root.one("usdmVersion").fault(shorten(root.text("usdmVersion")) or "none", "a version 4")
    study = root.one("study")
    version = _only(study, "versions", least=1)
    design = _only(version, "studyDesigns", least=0)
    record = Record(
        version=version.required("versionIdentifier"),
        dated=version.text_beside("dated", _dated(version)),
        identifiers=_identifiers(version),
        title=_title(version, "brief"),
        summary=study.text("description"),
        phase=design.text_beside("phase", design.word("studyPhase", PHASES)),
        trial_type=next((each.own_word(PURPOSES) for each in design.all("intentTypes")), ""),
        status=version.text_beside("status"),
        lead_organisation=_lead(version),
        investigators=tuple(_people(version)),
        sites=tuple(_sites(version)),
        objectives=tuple(_objectives(design)),
        endpoints=_endpoints(design),
        cycle_days=design.whole_beside("cycle_days"),
        agents=agents_of(version),
        arms=arms_of(version, design),
        assignment=design.typed_beside("assignment", _ASSIGNMENT, None),
        stop_rules=design.typed_beside("stop_rules", _STOPS, ()),
        follow_up=_follow_up(design),
        criteria=tuple(_criteria(design)),
        publication=_publication(version, design),
    )
    if root.reading.faults:
        raise Refusal(dict.fromkeys(root.reading.faults))
    return record


def _only(node: Node, name: str, least: int) -> Node:
    """Give the one part of a list; note when there are more, or fewer than there must be."""
    found = node.all(name)
    if not least <= len(found) <= 1:
        node.one(name).fault(f"{len(found)} of them", "one")
    return found[0] if found else Node(None, (*node.path, name), node.reading)


def _dated(version: Node) -> str:
    """Read the day of the protocol's version."""
    days = (
        each.required("dateValue")
        for each in version.all("dateValues")
        if each.one("type").text("code") == EFFECTIVE_ON.code
    )
    return next(days, "")


def _title(version: Node, kind: str) -> str:
    """Read a title; one that stands in for another is none."""
    titles = (
        each.required("text")
        for each in version.all("titles")
        if each.word("type", TITLES) == kind and each.truth_beside("is_stated", otherwise=True)
    )
    return next(titles, "")


def _identifiers(version: Node) -> RecordIdentifiers:
    """Read the numbers that have a field of their own."""
    found: dict[str, str] = {}
    for each in version.all("studyIdentifiers"):
        field = _number(each)
        if field in found or field not in {"", *RecordIdentifiers.model_fields}:
            each.fault(f"a number {shorten(field)}", "each of nct, nci and local once")
        if field:
            found[field] = each.required("text")
    return RecordIdentifiers.model_validate(found)


def _number(identifier: Node) -> str:
    """Say which field of the record a number is, by the organisation that gave it if need be."""
    if identifier.beside("number") is not None:
        return identifier.text_beside("number")
    scope = identifier.refers("scopeId")
    if scope is None or identifier.beside("number_type") is not None:
        return ""
    is_sponsor = scope.word("type", ORGANISATIONS) == "sponsor"
    return "local" if is_sponsor else _SCOPES.get(_name(scope), "")


def _name(organisation: Node | None) -> str:
    """Read the name of an organisation."""
    if organisation is None:
        return ""
    return organisation.text_beside("name", organisation.required("name"))


def _lead(version: Node) -> str:
    """Read the sponsor: by its role, else the organisation that is one by its type."""
    for role in version.all("roles"):
        if role.word("code", ROLES) == "sponsor":
            for each in role.all("organizationIds"):
                return _name(each.referred())
    organisations = version.all("organizations")
    sponsors = (each for each in organisations if each.word("type", ORGANISATIONS) == "sponsor")
    return _name(next(sponsors, None))


def _people(version: Node) -> Iterator[RecordPerson]:
    """Read who answers for the trial."""
    for role in version.all("roles"):
        for person in role.all("assignedPersons"):
            named = person.one("personName")
            parts = " ".join((*named.texts("givenNames"), named.text("familyName"))).strip()
            yield RecordPerson(
                name=named.text("text") if named.has("text") else parts,
                role=person.required("jobTitle"),
                affiliation=_name(person.refers("organizationId")),
            )


def _sites(version: Node) -> Iterator[RecordSite]:
    """Read the sites, each with the address of the organisation that holds it."""
    for organisation in version.all("organizations"):
        address = organisation.one("legalAddress")
        for site in organisation.all("managedSites"):
            yield RecordSite(
                id=site.text_beside("id", site.text("id")),
                name=site.text_beside("name", site.required("name")),
                status=site.text_beside("status"),
                contact=site.text_beside("contact"),
                phone=site.text_beside("phone"),
                email=site.text_beside("email"),
                city=address.text("city"),
                state=address.text("state"),
                zip=address.text("postalCode"),
                country=site.text_beside("country", site.word("country", COUNTRIES)),
            )


def _is_stated(objective: Node) -> bool:
    """Say whether an objective is the record's, not one that only holds endpoints."""
    return objective.truth_beside("is_stated", otherwise=True)


def _objectives(design: Node) -> Iterator[RecordObjective]:
    """Read the objectives."""
    for each in design.all("objectives"):
        if _is_stated(each):
            yield RecordObjective(
                id=each.text_beside("id", each.required("name")),
                rank=_rank(each, RANKS),
                says=each.required("text"),
                assumption=each.text_beside("assumption"),
            )


def _rank(node: Node, ranks: CodeList) -> str:
    """Read the rank of an objective or endpoint."""
    if not node.has("level"):
        node.one("level").fault("nothing", "a code")
    return node.word("level", ranks)


def _endpoints(design: Node) -> tuple[RecordEndpoint, ...]:
    """Read the endpoints in the order of the record."""
    placed: list[tuple[int, RecordEndpoint]] = []
    for objective in design.all("objectives"):
        own = objective.text_beside("id", objective.text("name")) if _is_stated(objective) else ""
        for each in objective.all("endpoints"):
            endpoint = RecordEndpoint(
                id=each.text_beside("id", each.required("name")),
                rank=_rank(each, ENDPOINT_RANKS),
                says=each.required("text"),
                objective=each.text_beside("objective", own),
                description=each.text("description"),
                time_frame=each.text_beside("time_frame"),
                origin=each.text_beside("origin", "registry"),
            )
            place = each.whole_beside("place")
            placed.append((len(placed) if place is None else place, endpoint))
    return tuple(endpoint for _, endpoint in sorted(placed, key=lambda each: each[0]))


def _follow_up(design: Node) -> RecordFollowUp | None:
    """Read what follows treatment."""
    for epoch in design.all("epochs"):
        days = epoch.whole_beside("first_after_days")
        months = epoch.whole_beside("then_every_months")
        if days is not None and months is not None:
            return RecordFollowUp(first_after_days=days, then_every_months=months)
    return None


def _criteria(design: Node) -> Iterator[RecordCriterion]:
    """Read the criteria, each with the arms of the cohorts that name it."""
    cohorts = design.one("population").all("cohorts")
    arms = {
        each: arm.text_beside("id", arm.text("name"))
        for arm in design.all("arms")
        for each in arm.texts("populationIds")
    }
    counted = {"inclusion": 0, "exclusion": 0}
    asked = [
        (arms.get(each.text("id"), each.text_beside("id", each.text("name"))), each)
        for each in cohorts
    ]
    _refuse_dangling(design, cohorts)
    for each in design.all("eligibilityCriteria"):
        category = each.word("category", CATEGORIES)
        if category not in counted:
            each.one("category").fault(shorten(category) or "none", "inclusion or exclusion")
            continue
        counted[category] += 1
        named = tuple(
            arm for arm, cohort in asked if each.text("id") in cohort.texts("criterionIds")
        )
        yield _criterion(each, category, counted[category], named)


def _refuse_dangling(design: Node, cohorts: tuple[Node, ...]) -> None:
    """Note each id of a criterion or population that is not there."""
    for each in (design.one("population"), *cohorts):
        for criterion in each.all("criterionIds"):
            criterion.referred()
    for arm in design.all("arms"):
        for population in arm.all("populationIds"):
            population.referred()


def _criterion(node: Node, category: str, place: int, named: tuple[str, ...]) -> RecordCriterion:
    """Read one criterion; a number that does not say its list is replaced by one that does."""
    node.required("criterionItemId")
    item = node.refers("criterionItemId")
    words = item.required("text") if item else ""
    has_source = node.beside("says") is not None
    number = node.required("identifier")
    is_told = number.startswith("E") == (category == "exclusion")
    arms = node.typed_beside("arms", _TEXTS, None)
    return RecordCriterion(
        id=number if is_told else f"{category[0].upper()}{place:02}",
        says=node.text_beside("says", words),
        place=node.text_beside("place"),
        kind=node.text_beside("kind", "attested"),
        source_text=words if has_source else None,
        arms=named if arms is None else arms,
        rule=node.typed_beside("rule", _RULE, None),
        proposals=node.typed_beside("proposals", _PROPOSALS, ()),
    )


def _publication(version: Node, design: Node) -> Publication:
    """Read what only the public record needs: from USDM's own parts, else from beside them."""
    found = _published(version, design)
    for field, info in Publication.model_fields.items():
        name = f"publication.{field}"
        if version.beside(name) is None:
            continue
        if isinstance(info.default, str):
            found[field] = version.text_beside(name)
        elif field == "enrolled":
            found[field] = version.whole_beside(name)
        elif field == "enrolled_is_actual":
            found[field] = version.truth_beside(name, otherwise=False)
        else:
            kind: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
            found[field] = version.typed_beside(name, kind, info.default)
    try:
        return Publication.model_validate(found)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            version.fault(shorten(error["input"]), error["msg"], ("publication", *error["loc"]))
        return Publication()


def _published(version: Node, design: Node) -> dict[str, Any]:
    """Read what USDM's own parts say of the publication."""
    population = design.one("population")
    sexes = tuple(each.own_word(SEXES) for each in population.all("plannedSex"))
    lowest, highest = (
        _age(population.one("plannedAge").one(end)) for end in ("minValue", "maxValue")
    )
    allocations = (each.own_word(ALLOCATIONS) for each in design.all("characteristics"))
    return {
        "acronym": _title(version, "acronym"),
        "official_title": _title(version, "official"),
        "conditions": tuple(each.text("label") for each in design.all("indications")),
        "other_numbers": tuple(_other_numbers(version)),
        "allocation": next((each for each in allocations if each in ALLOCATIONS.words), ""),
        "intervention_model": design.word("model", MODELS),
        "masking": design.word("blindingSchema", MASKINGS),
        "enrolled": population.one("plannedEnrollmentNumber").whole("value"),
        "sex": "all" if set(sexes) == {"female", "male"} else next(iter(sexes), ""),
        "minimum_age": lowest,
        "maximum_age": highest,
        "healthy_volunteers": population.truth("includesHealthySubjects"),
    }


def _other_numbers(version: Node) -> Iterator[OtherNumber]:
    """Read the numbers that have no field of their own."""
    for each in version.all("studyIdentifiers"):
        if not _number(each) and each.text("text"):
            scope = each.refers("scopeId")
            yield OtherNumber(
                id=each.text("text"),
                type=each.text_beside("number_type"),
                domain=each.text_beside("number_domain", _name(scope)),
            )


def _age(quantity: Node) -> str:
    """Read an age as the record's own field writes it."""
    number = quantity.whole("value")
    return "" if number is None else f"{number} {quantity.word('unit', UNITS)}"
