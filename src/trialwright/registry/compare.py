"""Comparing a draft with a protocol: what differs, what is the same, what only the protocol has."""

from collections.abc import Iterator

from pydantic import BaseModel

from trialwright.protocol.data import Illustrated
from trialwright.protocol.study import Study
from trialwright.registry.compare_criteria import WORDS, seen_criteria
from trialwright.registry.compare_treatment import seen_arms
from trialwright.registry.comparison import (
    Agreement,
    BeyondPage,
    Comparison,
    Difference,
    Seen,
    seen,
)
from trialwright.registry.draft import Draft
from trialwright.terms.errors import shorten

_AGREED = {
    "registration": "The same on the page and in the protocol: {topics}.",
    "treatment": "The same on the page and in the protocol: {topics}.",
    "objectives": "As many on the page as in the protocol: {topics}.",
    "counts": "As many on the page as in the protocol: {topics}.",
}


def compare(draft: Draft, study: Study) -> Comparison:
    """Compare a record with a protocol in all that both can state.

    Parameters
    ----------
    draft : Draft
        The record as read.
    study : Study
        The protocol.

    Returns
    -------
    Comparison
        A thing that one side does not state is a difference, and so is kept text: what was not
        understood was not compared.
    """
    looked = (
        *_registration(draft, study),
        *_treatment(draft, study),
        *seen_arms(draft, study),
        *_objectives(draft, study),
        *seen_criteria(draft, study),
    )
    words = [each for each in looked if each.group == WORDS]
    return Comparison(
        (*(each.difference for each in looked if not each.is_same), *_kept(draft)),
        tuple(_agreements(looked, len(words))),
        beyond_page(study),
        len(words),
        sum(each.is_same for each in words),
    )


def differences(draft: Draft, study: Study) -> tuple[Difference, ...]:
    """Say how a record and a protocol differ.

    Parameters
    ----------
    draft : Draft
        The record as read.
    study : Study
        The protocol.

    Returns
    -------
    tuple of Difference
        Empty when they agree.
    """
    return compare(draft, study).differences


def beyond_page(study: Study) -> tuple[BeyondPage, ...]:
    """List what a protocol holds and its registry page does not state.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of BeyondPage
        Every part marked `origin: not_in_registry`, in the order of the file.
    """
    return tuple(_beyond(study, ()))


def _beyond(value: object, path: tuple[str, ...]) -> Iterator[BeyondPage]:
    """Find the marked parts inside a value; members are named by id or agent."""
    if isinstance(value, Illustrated) and value.origin == "not_in_registry":
        yield BeyondPage(".".join(path), value.note)
    below: list[tuple[str, object]] = []
    match value:
        case BaseModel():
            below = [(name, getattr(value, name)) for name in type(value).model_fields]
        case dict():
            below = [(str(name), inner) for name, inner in value.items()]
        case tuple():
            below = [(_name(inner) or str(place), inner) for place, inner in enumerate(value)]
    for name, inner in below:
        yield from _beyond(inner, (*path, name))


def _name(member: object) -> str:
    """Give the name of a list's member; empty when it has none."""
    return str(getattr(member, "id", "") or getattr(member, "agent", ""))


def _registration(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at numbers, title, status and who answers for the trial."""
    group, numbers = "registration", study.identifiers
    yield from seen(group, "NCT number", draft.identifiers.nct, numbers.nct)
    others = draft.identifiers.secondary
    nci = numbers.nci if numbers.nci in others else ", ".join(others)
    yield from seen(group, "NCI number", nci, numbers.nci)
    yield from seen(group, "local number", draft.identifiers.primary, numbers.local)
    yield from seen(group, "title", draft.title, study.title)
    yield from seen(group, "status", draft.status, study.status)
    is_summary_phase = study.phase == draft.phase_in_summary and draft.phase != ""
    phase = draft.phase_in_summary if is_summary_phase else draft.phase
    yield from seen(group, "phase", phase, study.phase)
    yield from seen(group, "trial type", draft.trial_type, study.trial_type)
    yield from seen(group, "lead organisation", draft.lead_organisation, study.lead_organisation)
    names = [person.name for person in study.investigators]
    lead = draft.principal_investigator
    promised = lead if lead in names else ", ".join(names)
    yield from seen(group, "principal investigator", lead, promised)
    yield from _sites(draft, study)


def _sites(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the sites, matched by name."""
    listed = {site.name: site for site in draft.sites}
    for site in study.sites:
        found = listed.pop(site.name, None)
        name = f"site {site.name}"
        if found is None:
            yield Seen("registration", name, "", site.name, is_same=False)
            continue
        yield Seen("registration", name, site.name, site.name, is_same=True)
        for topic, on_page, in_protocol in (
            ("status", found.status, site.status),
            ("contact", found.contact, site.contact),
            ("phone", found.phone, site.phone),
        ):
            yield from seen("registration", f"its {topic}", on_page, in_protocol)
    for name in listed:
        yield Seen("registration", f"site {name}", name, "", is_same=False)


def _treatment(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the length of a cycle and at follow-up."""
    length = f"{draft.cycle_days} days" if draft.cycle_days is not None else ""
    yield from seen("treatment", "cycle length", length, f"{study.cycle_days} days")
    page, protocol = (
        f"{each.first_after_days} days, then every {each.then_every_months} months" if each else ""
        for each in (draft.follow_up, study.follow_up)
    )
    yield from seen("treatment", "follow-up", page, protocol)


def _objectives(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the number of objectives of each rank."""
    for rank in ("primary", "secondary", "exploratory"):
        read = sum(each.rank == rank for each in draft.objectives)
        written = sum(each.rank == rank for each in study.objectives)
        if read or written:
            yield Seen("objectives", f"{rank} objectives", str(read), str(written), read == written)


def _kept(draft: Draft) -> Iterator[Difference]:
    """Say what of the record was not compared, for it was not understood."""
    for kept in draft.kept:
        words = shorten(kept.words, 120)
        line = kept.span.first_line
        says = f"Line {line} of the page was not understood, so it was not compared: {words}"
        yield Difference(f"line {line}", words, "not compared", says)


def _agreements(looked: tuple[Seen, ...], bullets: int) -> Iterator[Agreement]:
    """Tell together what agrees, group by group."""
    groups: dict[str, list[Seen]] = {}
    for each in looked:
        if each.is_same:
            groups.setdefault(each.group, []).append(each)
    for group, same in groups.items():
        topics = ", ".join(each.topic for each in same)
        if group in ("objectives", "counts"):
            topics = ", ".join(f"{each.topic} ({each.on_page})" for each in same)
        if group == WORDS:
            says = f"{len(same)} of {bullets} bullets are the words this protocol was written from."
        elif group in _AGREED:
            says = _AGREED[group].format(topics=topics)
        else:
            says = f"A{group[1:]}: {topics} by the same routes on the same days of the same cycles."
        yield Agreement(group, len(same), says)
