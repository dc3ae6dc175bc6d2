"""Words of registries in the words of the house, where the one certainly means the other."""

import re
from collections.abc import Mapping
from typing import Literal

from trialwright.protocol.study import Rank
from trialwright.registry.shapes.json_values import lines_in

STATUSES: Mapping[str, str] = {
    "active": "active",
    "recruiting": "active",
    "not yet recruiting": "not yet active",
    "not yet active": "not yet active",
    "approved": "not yet active",
    "suspended": "suspended",
    "temporarily closed to accrual": "suspended",
    "temporarily closed to accrual and intervention": "suspended",
    "active not recruiting": "closed",
    "closed to accrual": "closed",
    "closed to accrual and intervention": "closed",
    "closed": "closed",
    "completed": "completed",
    "terminated": "terminated",
    "administratively completed": "terminated",
    "withdrawn": "withdrawn",
}
"""Status of a trial: ClinicalTrials.gov `overallStatus` and FHIR R4 `research-study-status`. FHIR's
administratively-completed is a study completed prematurely that will not resume; approved is one
that may begin, for active means open for accrual. Others, such as `ENROLLING_BY_INVITATION`, say
less than a status of the house does."""

SITE_STATUSES = frozenset({"active", "not yet active", "suspended", "closed"})
"""Statuses that a site of a protocol can have (`protocol.study.Site`)."""

PURPOSES: Mapping[str, str] = {
    "treatment": "treatment",
    "prevention": "prevention",
    "diagnostic": "diagnostic",
    "supportive care": "supportive care",
}
"""Primary purposes that are a type of trial of the house (`protocol.study.Study`)."""

_PHASE_WORD = r"(?:[1-4]|IV|I{1,3})[ab]?"
_PHASES = re.compile(rf"\bphase[ -]?(?P<phases>{_PHASE_WORD}(?:/{_PHASE_WORD})*)(?![\w/])", re.I)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_SIGN = re.compile(r"[•*–-]\s|\(?(?:[0-9]{1,2}|[a-z])[.)]\s")


def status_of(words: str) -> str:
    """Give a status in the house's words.

    Parameters
    ----------
    words : str
        The registry's word, e.g. `ACTIVE_NOT_RECRUITING` or `closed-to-accrual`.

    Returns
    -------
    str
        The registry's own word where it is not certain what it means here.
    """
    return STATUSES.get(_plain(words), words)


def site_status_of(words: str) -> str:
    """Give the status of a site in the house's words.

    Parameters
    ----------
    words : str
        The registry's word.

    Returns
    -------
    str
        The registry's own word where a site of a protocol has no such status.
    """
    status = status_of(words)
    return status if status in SITE_STATUSES else words


def trial_type_of(words: str) -> str:
    """Give the type of a trial from its primary purpose.

    Parameters
    ----------
    words : str
        E.g. `SUPPORTIVE_CARE`.

    Returns
    -------
    str
        The registry's own word where the house has no such type.
    """
    return PURPOSES.get(_plain(words), words)


def phase_of(words: str) -> str:
    """Give a phase as the house writes it.

    Parameters
    ----------
    words : str
        E.g. `PHASE1`, `PHASE1/PHASE2`, `Phase 1/Phase 2`, `phase-1-phase-2`, `Phase Ib`.

    Returns
    -------
    str
        E.g. `I`, `I/II`, `Ib`, `early I`; the registry's own word where it names no phase.
    """
    plain = re.sub(r"[-_ ]+", "", words.lower())
    if plain in {"earlyphase1", "earlyphasei", "phase0"}:
        return "early I"
    pieces = [each for each in re.split(r"phases?|/|,", plain) if each]
    phases = [_one_phase(each) for each in pieces]
    named = [each for each in phases if each]
    is_phase = bool(named) and len(named) == len(pieces) and _is_rising(named)
    return "/".join(named) if is_phase else words


def phase_named(words: str) -> str:
    """Find the phase that a summary or title names.

    Parameters
    ----------
    words : str
        Free text.

    Returns
    -------
    str
        The first, as the house writes it; empty when none is named.
    """
    found = _PHASES.search(words)
    return phase_of(found["phases"]) if found else ""


def sex_of(words: str) -> Literal["", "female", "male", "all"]:
    """Give the sex that a record's own field names.

    Parameters
    ----------
    words : str
        E.g. `FEMALE`.

    Returns
    -------
    {'', 'female', 'male', 'all'}
        Empty when it is none of these words.
    """
    match _plain(words):
        case "female":
            return "female"
        case "male":
            return "male"
        case "all" | "both":
            return "all"
        case _:
            return ""


def rank_of(words: str) -> Rank | None:
    """Give the rank of an objective or endpoint.

    Parameters
    ----------
    words : str
        The record's word for it.

    Returns
    -------
    {'primary', 'secondary', 'exploratory'} or None
        Tertiary and other ones are exploratory; None when it is no rank.
    """
    match words.lower():
        case "primary":
            return "primary"
        case "secondary":
            return "secondary"
        case "exploratory" | "tertiary" | "other":
            return "exploratory"
        case _:
            return None


def paragraphs(text: str) -> str:
    """Give free text without the line ends and blanks of its layout.

    Parameters
    ----------
    text : str
        As a record wraps and indents it.

    Returns
    -------
    str
        Paragraphs apart by an empty line, each bullet on its line, white space single.
    """
    written: list[str] = []
    for line in lines_in(text):
        if line.is_after_blank or not written:
            before = "\n\n" if written else ""
        else:
            before = "\n" if _SIGN.match(line.words) else " "
        written.append(f"{before}{line.plain}")
    return "".join(written)


def _plain(words: str) -> str:
    """Give words in lower case, joined by blanks, without other signs."""
    return " ".join(re.findall(r"[a-z]+", words.lower()))


def _one_phase(piece: str) -> str:
    """Give one phase in Roman numerals; empty when it is none."""
    found = re.fullmatch(r"(?P<number>[1-4]|iv|i{1,3})(?P<part>[ab]?)", piece)
    return _ROMAN.get(found["number"], found["number"].upper()) + found["part"] if found else ""


def _is_rising(phases: list[str]) -> bool:
    """Say whether each phase comes after the one before it."""
    ranks = [("I", "II", "III", "IV").index(each.rstrip("ab")) for each in phases]
    return all(
        one < other or (one == other and first < then)
        for one, other, first, then in zip(ranks, ranks[1:], phases, phases[1:], strict=False)
    )
