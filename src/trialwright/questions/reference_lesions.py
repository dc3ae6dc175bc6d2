"""Reference cases of lesions before treatment: which are measurable, which may be targets."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from trialwright.casebook.tumour_findings import Finding, Nature, Technique
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import put_each
from trialwright.questions.reference_responses import settings_with
from trialwright.response.measurability import measurability, propose_targets, selection_queries

TECHNIQUES: tuple[tuple[str, Technique], ...] = (
    ("CONVENTIONAL", "CONVENTIONAL CT"),
    ("PET", "OTHER"),
    ("BONE SCAN", "OTHER"),
    ("SCINTIGRA", "OTHER"),
    ("ULTRASOUND", "ULTRASOUND"),
    ("SONOGRA", "ULTRASOUND"),
    ("X-RAY", "CHEST X-RAY"),
    ("XRAY", "CHEST X-RAY"),
    ("CXR", "CHEST X-RAY"),
    ("RADIOGRAPH", "CHEST X-RAY"),
    ("CALIPER", "CALIPER"),
    ("CALLIPER", "CALIPER"),
    ("CLINICAL", "CALIPER"),
    ("PHYSICAL", "CALIPER"),
    ("PHOTO", "CALIPER"),
    ("MRI", "MRI"),
    ("CT", "CT"),
)
"""Words in the name of a modality, and the technique it is; the first that fits."""

NATURES: tuple[tuple[str, Nature], ...] = (
    ("BLASTIC", "BLASTIC BONE"),
    ("SCLEROTIC", "BLASTIC BONE"),
    ("MIXED", "MIXED BONE"),
    ("LYTIC", "LYTIC BONE"),
    ("EFFUSION", "EFFUSION"),
    ("ASCITES", "EFFUSION"),
    ("LEPTOMENING", "LEPTOMENINGEAL"),
    ("LYMPHANGIT", "LYMPHANGITIC"),
    ("INFLAMMATORY", "DIFFUSE"),
    ("DIFFUSE", "DIFFUSE"),
    ("CYSTIC METASTAS", "CYSTIC METASTASIS"),
    ("SIMPLE CYST", "SIMPLE CYST"),
)
"""Words in what a lesion is called, and its nature; the first that fits."""

SAID = ("nature", "type", "kind", "lesion", "lesion_type", "description", "morphology", "site")
"""Fields that say what a lesion is."""

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "soft_tissue": "has_soft_tissue",
        "has_soft_tissue": "has_soft_tissue",
        "soft_tissue_component": "has_soft_tissue",
        "soft_tissue_mm": "has_soft_tissue",
        "irradiated": "was_treated_locally",
        "previously_irradiated": "was_treated_locally",
        "prior_radiation": "was_treated_locally",
        "prior_radiotherapy": "was_treated_locally",
        "in_irradiated_field": "was_treated_locally",
        "was_treated_locally": "was_treated_locally",
        "progressed": "has_progressed_since",
        "progressed_since": "has_progressed_since",
        "progression_since": "has_progressed_since",
        "progressed_after_irradiation": "has_progressed_since",
        "has_progressed_since": "has_progressed_since",
    }
)
"""Fields that are true or false, and what they say."""

READ = ("mm", "slice_mm", "modality", "node", "blastic", *SAID, *FLAGS)

CLASSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("NORMAL", "NOT PATHOLOGICAL", "NON-PATHOLOGICAL", "NOT A LESION"), "NORMAL"),
    (("NON-MEASURABLE", "NOT MEASURABLE", "UNMEASURABLE", "NON-TARGET"), "NON-MEASURABLE"),
    (("MEASURABLE",), "MEASURABLE"),
)
"""How the class of a lesion may be written."""


def are_baselines(parsed: Any) -> bool:
    """Say whether a file has lesions before treatment.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By the fields of the first case that is complete.
    """
    cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
    return isinstance(cases, list) and any(
        isinstance(each, Mapping)
        and isinstance(each.get("input"), Mapping)
        and isinstance(each.get("expected"), Mapping)
        and bool({"class", "max_targets"} & set(each["expected"]))
        for each in cases
    )


def baselines(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare the class of lesions before treatment, and choices of targets.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Returns
    -------
    iterator of Comparison
        One a case; fields of a lesion that are not known here are named.
    """
    return put_each(parsed["cases"], ("input", "expected"), _compared)


def _compared(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare one lesion, or one choice of targets."""
    given, expected = case["input"], case["expected"]
    if "lesions" in given:
        wrong = _choice(given, expected)
        return Comparison(name, not wrong, says="; ".join(wrong))
    found = measurability(_finding(given), settings_with())
    wanted = expected["class"]
    agrees = found.kind == _class(wanted)
    accepted = [_class(each) for each in expected.get("accept_class", ())]
    is_accepted = not agrees and (found.kind in accepted or bool(case.get("ambiguous")))
    strange = tuple(f"input {each}" for each in given if each not in READ)
    says = f"{found.kind}, expected {wanted}: {found.because}"
    return Comparison(name, agrees or is_accepted, is_accepted, says, strange)


def _class(word: Any) -> str:
    """Give our name of a class."""
    plain = str(word).strip().upper()
    return next((ours for words, ours in CLASSES if plain.startswith(words)), plain)


def _finding(given: Mapping[str, Any]) -> Finding:
    """Read a lesion; without a size it is as large as nothing."""
    mm, slices = given["mm"], given.get("slice_mm")
    called = " ".join(str(given[each]) for each in SAID if given.get(each)).upper()
    if given.get("blastic") is True:
        called += " BLASTIC"
    flags = {ours: bool(given[name]) for name, ours in FLAGS.items() if name in given}
    if "SOFT TISSUE" in called and "WITHOUT" not in called and " NO " not in called:
        flags.setdefault("has_soft_tissue", True)
    return Finding(
        "T1",
        str(given.get("site", "")),
        Decimal(0) if mm is None else Decimal(str(mm)),
        technique=_technique(given.get("modality")),
        slice_mm=None if slices is None else Decimal(str(slices)),
        is_node=bool(given.get("node", False)),
        nature=next((nature for word, nature in NATURES if word in called), "SOLID"),
        **flags,
    )


def _technique(modality: Any) -> Technique:
    """Give the technique of a modality; CT where none is recorded."""
    plain = "CT" if modality is None else str(modality).upper()
    for word, technique in TECHNIQUES:
        if word in plain:
            return technique
    raise ValueError(f"modality {plain}")


def _choice(given: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Compare what is said of choices of targets, and check the one proposed."""
    settings = settings_with()
    lesions = [
        Finding(label, site, Decimal(str(mm)), is_node="NODE" in site)
        for label, site, mm in given["lesions"]
    ]
    proposed = propose_targets(lesions, settings).targets
    choices = [(proposed, True), (expected["valid_example"], True)]
    choices += [(each, False) for each in expected.get("invalid_examples", ())]
    return [
        f"{', '.join(chosen)} is {'no ' if is_valid else 'a '}valid choice"
        for chosen, is_valid in choices
        if bool(selection_queries(lesions, chosen, settings)) == is_valid
    ]
