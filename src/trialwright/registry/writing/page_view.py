"""What the public trial page shows, in the order in which its template shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trialwright.protocol.publication import RecordDate
from trialwright.registry.record import (
    Record,
    RecordArm,
    RecordCriterion,
    RecordEndpoint,
)
from trialwright.registry.writing.arm_words import one_line, title_of, words_of_arm
from trialwright.registry.writing.criterion_words import Bullet, for_arms, tree_of_criterion
from trialwright.registry.writing.ctgov_eligibility import ages_of, sex_of
from trialwright.registry.writing.cycle_strip import Strip, strip_of
from trialwright.registry.writing.design_words import RANKS, follow_up_of, outline_of
from trialwright.registry.writing.site_rows import SiteRow, Status, site_row, status_of

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One key fact.

    Attributes
    ----------
    name, says : str
        What it is, and what is stated.
    """

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class ArmCard:
    """An arm as a card shows it.

    Attributes
    ----------
    title, agents, words : str
        Its name, what it gives in short, and its treatment in sentences.
    strip : Strip
        Its cycle.
    """

    title: str
    agents: str
    words: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class Listed:
    """A criterion as a list shows it.

    Attributes
    ----------
    id : str
        As in the protocol.
    bullet : Bullet
        Its words.
    for_arms : str
        Arms it is for, in words that stand before its own; empty: every arm.
    is_note : bool
        Whether it permits and never restricts.
    """

    id: str
    bullet: Bullet
    for_arms: str
    is_note: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """What belongs to one rank.

    Attributes
    ----------
    rank : str
        E.g. `Primary`.
    objectives : tuple of str
        In words.
    """

    rank: str
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the template shows.

    Attributes
    ----------
    title, acronym, official_title : str
        Titles.
    status : Status
        Whether the trial takes participants.
    lead : str
        Lead organisation.
    nct : str
        Number at ClinicalTrials.gov.
    facts : tuple of Fact
        Key facts.
    summary, description : tuple of str
        Paragraphs.
    outline, follow_up : str
        Sentences on design and follow-up.
    arms : tuple of ArmCard
        Arms.
    everybody : str
        Sex and age in words; empty when not stated.
    inclusion, exclusion : tuple of Listed
        Criteria.
    objectives : tuple of Ranked
        By rank.
    endpoints : tuple of RecordEndpoint
        Those that the registry states.
    left_out : int
        How many endpoints are not shown, as the registry does not state them.
    sites : tuple of SiteRow
        Sites.
    people : tuple of Fact
        Those who answer for the trial: name, and role with affiliation.
    numbers : tuple of Fact
        Registration numbers.
    version, dated, day : str
        Of the protocol; the date as year-month-day and in words.
    """

    title: str
    acronym: str
    official_title: str
    status: Status
    lead: str
    nct: str
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]
    description: tuple[str, ...]
    outline: str
    follow_up: str
    arms: tuple[ArmCard, ...]
    everybody: str
    inclusion: tuple[Listed, ...]
    exclusion: tuple[Listed, ...]
    objectives: tuple[Ranked, ...]
    endpoints: tuple[RecordEndpoint, ...]
    left_out: int
    sites: tuple[SiteRow, ...]
    people: tuple[Fact, ...]
    numbers: tuple[Fact, ...]
    version: str
    dated: str
    day: str


def view_of(record: Record) -> View:
    """Give what the public trial page shows of a record.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    View
        With nothing that the record does not state.
    """
    publication = record.publication
    stated = tuple(each for each in record.endpoints if each.origin == "registry")
    return View(
        title=one_line(record.title),
        acronym=publication.acronym,
        official_title=publication.official_title,
        status=status_of(record.status),
        lead=record.lead_organisation,
        nct=record.identifiers.nct,
        facts=tuple(each for each in _facts(record) if each.says),
        summary=_paragraphs(record.summary),
        description=_paragraphs(publication.description),
        outline=outline_of(record),
        follow_up=follow_up_of(record),
        arms=tuple(_card(record, each) for each in record.arms),
        everybody=_everybody(record),
        inclusion=tuple(_listed(each) for each in record.criteria if not each.is_exclusion),
        exclusion=tuple(_listed(each) for each in record.criteria if each.is_exclusion),
        objectives=_objectives(record),
        endpoints=tuple(sorted(stated, key=_place)),
        left_out=len(record.endpoints) - len(stated),
        sites=tuple(site_row(each) for each in record.sites),
        people=tuple(Fact(each.name, _standing(each.role, each.affiliation))
                     for each in record.investigators),
        numbers=tuple(_numbers(record)),
        version=record.version,
        dated=record.dated,
        day=day_in_words(record.dated),
    )  # fmt: skip


def day_in_words(date: str) -> str:
    """Write a date for people.

    Parameters
    ----------
    date : str
        Year, year-month or year-month-day.

    Returns
    -------
    str
        E.g. `22 November 2026`; what is no such date, as it stands.
    """
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", date)
    if found is None or found[2] is None:
        return date
    month = f"{_MONTHS[int(found[2]) - 1]} {found[1]}"
    return month if found[3] is None else f"{int(found[3])} {month}"


def _facts(record: Record) -> Iterator[Fact]:
    """Give the key facts; one without words is not stated."""
    publication = record.publication
    phase = one_line(record.phase)
    yield Fact("Phase", phase[:1].upper() + phase[1:])
    yield Fact("Type", record.trial_type.capitalize())
    yield Fact("Condition", "; ".join(publication.conditions))
    yield Fact("Arms", str(len(record.arms) or ""))
    yield Fact("Treatment cycle", f"{record.cycle_days} days" if record.cycle_days else "")
    if publication.enrolled is not None:
        kind = "enrolled" if publication.enrolled_is_actual else "planned"
        yield Fact("Participants", f"{publication.enrolled:,} {kind}")
    yield Fact("Started", _dated(publication.started))
    yield Fact("Primary completion", _dated(publication.primary_completion))
    yield Fact("Completion", _dated(publication.completion))
    leads = (each.name for each in record.investigators if each.role == "principal-investigator")
    yield Fact("Principal investigator", ", ".join(leads))
    yield Fact("Lead organisation", record.lead_organisation)
    yield Fact("Together with", "; ".join(publication.collaborators))
    yield Fact("ClinicalTrials.gov", record.identifiers.nct)


def _dated(date: RecordDate | None) -> str:
    """Give a date, and whether it is only expected."""
    if date is None:
        return ""
    return day_in_words(date.date) + (" (expected)" if date.type == "ESTIMATED" else "")


def _paragraphs(words: str) -> tuple[str, ...]:
    """Cut words into paragraphs at blank lines."""
    return tuple(one_line(each) for each in re.split(r"\n\s*\n", words) if each.strip())


def _card(record: Record, arm: RecordArm) -> ArmCard:
    """Give an arm as a card."""
    agents = one_line(arm.says)
    words = words_of_arm(record, arm)
    return ArmCard(
        title_of(arm),
        "" if agents in (title_of(arm), words) else agents[:1].upper() + agents[1:],
        words,
        strip_of(record, arm),
    )


def _everybody(record: Record) -> str:
    """Say sex and age of everybody who may enter."""
    sexes = {"FEMALE": "Women", "MALE": "Men", "ALL": "Any sex"}
    sex = sexes.get(sex_of(record), "")
    least, greatest = (each.lower() for each in ages_of(record))
    ages = {
        (True, True): f"{least} to {greatest} of age",
        (True, False): f"{least} of age and older",
        (False, True): f"up to {greatest} of age",
    }.get((bool(least), bool(greatest)), "")
    return ", ".join(each for each in (sex, ages) if each)


def _listed(criterion: RecordCriterion) -> Listed:
    """Give a criterion as a list shows it."""
    named, words = for_arms(criterion)
    bullet = replace(tree_of_criterion(criterion), words=words)
    return Listed(criterion.id, bullet, named, criterion.kind == "note")


def _objectives(record: Record) -> tuple[Ranked, ...]:
    """Give the objectives by rank."""
    return tuple(
        Ranked(rank.capitalize(), objectives)
        for rank in RANKS
        if (objectives := tuple(one_line(each.says) for each in record.objectives
                                if each.rank == rank))
    )  # fmt: skip


def _place(endpoint: RecordEndpoint) -> int:
    """Give the place of an endpoint's rank."""
    return RANKS.index(endpoint.rank) if endpoint.rank in RANKS else len(RANKS)


def _standing(role: str, affiliation: str) -> str:
    """Give a role in words, with where somebody works."""
    return ", ".join(each for each in (role.replace("-", " ").capitalize(), affiliation) if each)


def _numbers(record: Record) -> Iterator[Fact]:
    """Give the registration numbers with whose they are."""
    numbers = record.identifiers
    for name, number in (
        ("ClinicalTrials.gov", numbers.nct),
        ("National Cancer Institute", numbers.nci),
        ("Lead organisation", numbers.local),
    ):
        if number:
            yield Fact(name, number)
    for each in record.publication.other_numbers:
        if each.id not in (numbers.nct, numbers.nci, numbers.local):
            whose = each.domain or each.type.replace("_", " ").capitalize()
            yield Fact(whose or "Other number", each.id)
