"""The parts of a draft that only the public record needs, as plain values of the protocol file."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from trialwright.protocol.data import UNSEEN
from trialwright.registry.draft import Draft, DraftCriterion, DraftEndpoint, DraftPerson
from trialwright.registry.spans import Kept

Plain: TypeAlias = "dict[str, Any]"

MOST_KEPT = 20_000
"""Longest kept text written into a draft, characters; longer ones stay in the record."""

_NCI = re.compile(r"NCI-[0-9]{4}-[0-9]{5}")


def stated(**values: Any) -> Plain:
    """Leave out what the record does not state.

    Parameters
    ----------
    **values : object
        By name of the protocol file.

    Returns
    -------
    dict of str to object
        Without empty text, lists and mappings.
    """
    return {name: value for name, value in values.items() if value not in ("", [], (), {}, None)}


def identifiers_of(draft: Draft) -> Plain:
    """Give the registration numbers that have a place of their own.

    Parameters
    ----------
    draft : Draft
        As read.

    Returns
    -------
    dict of str to object
        The other ones are in `publication_of`.
    """
    nci = [each for each in draft.identifiers.secondary if _NCI.fullmatch(each)]
    return stated(
        nct=draft.identifiers.nct,
        nci=nci[0] if len(nci) == 1 else "",
        local=draft.identifiers.primary,
    )


def publication_of(draft: Draft) -> Plain:
    """Give what only the public record needs, other numbers and kept text with it.

    Parameters
    ----------
    draft : Draft
        As read.

    Returns
    -------
    dict of str to object
        In the form of `protocol.publication.Publication`.
    """
    known = {draft.identifiers.nct, *identifiers_of(draft).values()}
    listed = {each.id for each in draft.publication.other_numbers}
    others = [
        {"id": each}
        for each in draft.identifiers.secondary
        if each not in known and each not in listed
    ]
    plain = draft.publication.model_dump(exclude_defaults=True)
    return stated(
        **{
            **plain,
            "other_numbers": [*plain.get("other_numbers", ()), *others],
            "kept": [_kept(each) for each in draft.kept],
        }
    )


def _kept(kept: Kept) -> Plain:
    """Give kept text word for word, or say that it is too long to be written twice."""
    words, because = kept.words, kept.because
    if UNSEEN.search(words):
        words = UNSEEN.sub(_named, words)
        because = f"{because}; signs that nobody sees are blanks here, or named"
    if len(words) > MOST_KEPT:
        words = ""
        because = f"{because}; its {len(kept.words)} characters stay in the record"
    return {"place": place_of(kept), "words": words, "because": because[-2000:]}


def _named(unseen: re.Match[str]) -> str:
    """Give a blank for a sign that is white space, the name of any other."""
    return " " if unseen[0].isspace() else f"[U+{ord(unseen[0]):04X}]"


def place_of(kept: Kept) -> str:
    """Say where kept text stands.

    Parameters
    ----------
    kept : Kept
        Of any record.

    Returns
    -------
    str
        The line of a text; of a JSON record the path of the value, with the line in it if it has
        several.
    """
    span = kept.span
    if not span.field:
        return f"line {span.first_line}"
    return span.field if span.first_line <= 1 else f"{span.field}, line {span.first_line}"


def people_of(draft: Draft) -> list[Plain]:
    """Give those who answer for the trial.

    Parameters
    ----------
    draft : Draft
        As read.

    Returns
    -------
    list of dict
        The principal investigator first.
    """
    lead = draft.principal_investigator
    first = [DraftPerson(lead, "principal-investigator")] if lead else []
    others = [each for each in draft.people if each.name != lead]
    with_affiliation = [each for each in draft.people if each.name == lead and each.affiliation]
    people: Sequence[DraftPerson] = [*(with_affiliation[:1] or first), *others]
    return [
        stated(name=each.name, role=_role(each.role), affiliation=each.affiliation)
        for each in people
    ]


def _role(words: str) -> str:
    """Give a role as the protocol file names it."""
    return "-".join(re.findall(r"[a-z0-9]+", words.lower())) or "official"


def endpoints_of(draft: Draft) -> list[Plain]:
    """Give the outcome measures, named by rank and number; which objective each serves is open.

    Parameters
    ----------
    draft : Draft
        As read.

    Returns
    -------
    list of dict
        In the order of the record.
    """
    counted: dict[str, int] = {}
    return [_endpoint(each, counted) for each in draft.endpoints]


def _endpoint(endpoint: DraftEndpoint, counted: dict[str, int]) -> Plain:
    """Give one outcome measure."""
    counted[endpoint.rank] = counted.get(endpoint.rank, 0) + 1
    return stated(
        id=f"{endpoint.rank}-{counted[endpoint.rank]}",
        rank=endpoint.rank,
        says=endpoint.says,
        description=endpoint.description,
        time_frame=endpoint.time_frame,
    )


def proposals_of(criterion: DraftCriterion) -> list[Plain]:
    """Give the limits read from a criterion's words, each marked with its standing.

    Parameters
    ----------
    criterion : DraftCriterion
        As read.

    Returns
    -------
    list of dict
        In the form of `protocol.proposals.Proposal`.
    """
    return [
        {
            "kind": each.kind,
            "standing": each.standing,
            **each.model_dump(exclude_defaults=True, exclude={"kind", "standing"}),
        }
        for each in criterion.proposals
    ]
