"""The words that ClinicalTrials.gov knows, and ours in them."""

import re
from collections.abc import Mapping

from trialwright.registry.record import Record
from trialwright.registry.writing.limits import Leaf, leaves_of
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, shorten

RECRUITMENT: Mapping[str, str] = {
    "active": "RECRUITING",
    "not yet active": "NOT_YET_RECRUITING",
    "suspended": "SUSPENDED",
    "closed": "ACTIVE_NOT_RECRUITING",
    "completed": "COMPLETED",
    "terminated": "TERMINATED",
    "withdrawn": "WITHDRAWN",
}
"""The registry's word for each status of a trial or site."""

_SITE_STATUS = (
    *("ACTIVE_NOT_RECRUITING", "COMPLETED", "ENROLLING_BY_INVITATION", "NOT_YET_RECRUITING"),
    *("RECRUITING", "SUSPENDED", "TERMINATED", "WITHDRAWN", "AVAILABLE"),
)
_PHASES = {"0": "EARLY_PHASE1", "EARLYI": "EARLY_PHASE1", "EARLYPHASEI": "EARLY_PHASE1"}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PHASE = re.compile(r"(?:PHASE)?(IV|I{1,3}|[1-4])[ABC]?")

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "statusModule.overallStatus": (
        *_SITE_STATUS,
        *("NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"),
        *("WITHHELD", "UNKNOWN"),
    ),
    "identificationModule.secondaryIdInfos.*.type": (
        *("NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT", "EUDRACT_NUMBER"),
        *("REGISTRY", "OTHER"),
    ),
    "designModule.phases.*": ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"),
    "designModule.designInfo.allocation": ("RANDOMIZED", "NON_RANDOMIZED", "NA"),
    "designModule.designInfo.interventionModel": (
        *("SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL"),
    ),
    "designModule.designInfo.primaryPurpose": (
        *("TREATMENT", "PREVENTION", "DIAGNOSTIC", "ECT", "SUPPORTIVE_CARE", "SCREENING"),
        *("HEALTH_SERVICES_RESEARCH", "BASIC_SCIENCE", "DEVICE_FEASIBILITY", "OTHER"),
    ),
    "designModule.designInfo.maskingInfo.masking": (
        *("NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"),
    ),
    "armsInterventionsModule.armGroups.*.type": (
        *("EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"),
        *("NO_INTERVENTION", "OTHER"),
    ),
    "contactsLocationsModule.overallOfficials.*.role": (
        *("STUDY_CHAIR", "STUDY_DIRECTOR", "PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR"),
    ),
    "contactsLocationsModule.locations.*.status": _SITE_STATUS,
}
"""The registry's words by kind of field, as its API names them."""

_AGE_KINDS = ("eligibilityModule.minimumAge", "eligibilityModule.maximumAge")
_AGE = re.compile(r"\d+ (?:Year|Month|Week|Day|Hour|Minute)s?")


def as_word(words: str) -> str:
    """Write words as the registry writes its own.

    Parameters
    ----------
    words : str
        E.g. `Non-Randomized`, `None (Open Label)`.

    Returns
    -------
    str
        E.g. `NON_RANDOMIZED`, `NONE`; whether the registry knows it is for `word_faults` to say.
    """
    outside = re.sub(r"\([^()]*\)", " ", words)
    return "_".join(re.findall(r"[A-Z0-9]+", outside.upper()))


def phases_of(phase: str) -> tuple[str, ...]:
    """Give the registry's words for a phase.

    Parameters
    ----------
    phase : str
        E.g. `Ib`, `I/II`, `early I`.

    Returns
    -------
    tuple of str
        Each once; a part that is no phase as it stands, for `word_faults` to name.
    """
    words: list[str] = []
    for part in phase.split("/"):
        plain = part.upper().replace(" ", "")
        found = _PHASE.fullmatch(plain)
        if plain:
            known = f"PHASE{_ROMAN[found[1]]}" if found else _PHASES.get(plain, as_word(part))
            words.append(known)
    return tuple(dict.fromkeys(words))


def status_of(record: Record) -> str:
    """Give the registry's word for the status of a trial.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        Of the present status; of the record's own word where the protocol states none; empty when
        neither does.
    """
    status = record.status.lower() or record.publication.status_word
    return RECRUITMENT.get(status, as_word(status))


def age_of(words: str) -> str:
    """Give an age as the registry writes it.

    Parameters
    ----------
    words : str
        E.g. `18 years`, `N/A`.

    Returns
    -------
    str
        E.g. `18 Years`; empty for no limit.
    """
    return "" if as_word(words) in ("N_A", "NA") else " ".join(words.split()).title()


def word_faults(section: Json) -> tuple[Fault, ...]:
    """Find every word that is none of the registry's.

    Parameters
    ----------
    section : Json
        The protocol section of a record.

    Returns
    -------
    tuple of Fault
        In the order of the record; empty when all are known.
    """
    return tuple(fault for leaf in leaves_of(section) for fault in _faults(leaf))


def _faults(leaf: Leaf) -> tuple[Fault, ...]:
    """Say that a word is none of the registry's."""
    allowed = ALLOWED.get(leaf.kind, ())
    if leaf.kind in _AGE_KINDS and not _AGE.fullmatch(leaf.words):
        allowed = ("a number with Years, Months, Weeks, Days, Hours or Minutes",)
    if not allowed or leaf.words in allowed:
        return ()
    said = ", ".join(allowed)
    return (Fault(leaf.path, shorten(leaf.words), said, "Give it in the registry's words"),)
