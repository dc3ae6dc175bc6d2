"""Which lesions can be measured, and which of them are followed as targets (RECIST 1.1 [1]_).

The least size of a measurable lesion is that of the protocol by technique; the rest is the
guideline's, section 3.1.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
.. [2] EORTC, RECIST 1.1 questions and clarifications, recist.eortc.org: nodes are one organ.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.casebook.tumour_findings import Finding
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.queries import (
    LEAST_TARGET_NODE_MM,
    MOST_IN_ONE_ORGAN,
    MOST_TARGETS,
    Query,
)

Kind = Literal["MEASURABLE", "NON-MEASURABLE", "NORMAL"]
"""What a lesion is at baseline; a normal node is no disease."""

NORMAL_NODE_BELOW_MM = 10
"""A node with a short axis below 10 mm is not pathological (section 3.1)."""

THIN_SLICE_MM = 5
"""Slices up to 5 mm; of thicker ones a lesion must fill two (section 3.1)."""

CALIPER_MM = 10
"""Least size by calipers at clinical examination (section 3.1)."""

_NEVER = {
    "BLASTIC BONE": "blastic bone lesions are not measurable",
    "EFFUSION": "effusions are not measurable",
    "LEPTOMENINGEAL": "leptomeningeal disease is not measurable",
    "LYMPHANGITIC": "lymphangitic spread is not measurable",
    "DIFFUSE": "disease without edges is not measurable",
}
_BONE = ("LYTIC BONE", "MIXED BONE")


@dataclass(frozen=True, slots=True)
class Measurability:
    """Whether a lesion can be measured.

    Attributes
    ----------
    label : str
        The lesion.
    kind : {'MEASURABLE', 'NON-MEASURABLE', 'NORMAL'}
        Only a measurable one can be a target; a normal one is no disease.
    because : str
        The reason, with size, limit and section.
    """

    label: str
    kind: Kind
    because: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Targets proposed from the lesions of a participant.

    Attributes
    ----------
    targets, nontargets, normal : tuple of str
        Labels: to be measured; other disease; no disease.
    judged : tuple of Measurability
        Every lesion with its reason.
    because : str
        How the targets were chosen.
    """

    targets: tuple[str, ...]
    nontargets: tuple[str, ...]
    normal: tuple[str, ...]
    judged: tuple[Measurability, ...]
    because: str


def measurability(finding: Finding, settings: ResponseSettings) -> Measurability:
    """Say whether a lesion can be measured.

    Parameters
    ----------
    finding : Finding
        The lesion.
    settings : ResponseSettings
        The protocol's least sizes by technique.

    Returns
    -------
    Measurability
        With the reason.
    """
    if finding.nature == "SIMPLE CYST":
        return Measurability(finding.label, "NORMAL",
                             "simple cysts are benign (RECIST 1.1 section 3.1)")  # fmt: skip
    if finding.is_node and finding.mm < NORMAL_NODE_BELOW_MM:
        return Measurability(
            finding.label,
            "NORMAL",
            f"node of {finding.mm:f} mm short axis, below {NORMAL_NODE_BELOW_MM} mm "
            "(RECIST 1.1 section 3.1)",
        )
    unfit = _unfit(finding)
    if unfit:
        return Measurability(finding.label, "NON-MEASURABLE", f"{unfit} (RECIST 1.1 section 3.1)")
    least, source = _least(finding, settings)
    is_enough = finding.mm >= least
    says = f"{finding.mm:f} mm by {finding.technique}, {'at least' if is_enough else 'below'} "
    return Measurability(
        finding.label,
        "MEASURABLE" if is_enough else "NON-MEASURABLE",
        f"{says}{least:f} mm ({source})",
    )


def propose_targets(findings: Sequence[Finding], settings: ResponseSettings) -> Selection:
    """Propose target lesions: the largest measurable ones, within the limits of number.

    Parameters
    ----------
    findings : sequence of Finding
        All disease of a participant; labels differ.
    settings : ResponseSettings
        The protocol's least sizes.

    Returns
    -------
    Selection
        Equal sizes go by label. People may choose otherwise, by what can be measured again and
        again; `selection_queries` checks their choice.
    """
    judged = tuple(measurability(finding, settings) for finding in findings)
    kinds = {each.label: each.kind for each in judged}
    chosen: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (-each.mm, each.label)):
        in_organ = sum(organ_of(each) == organ_of(finding) for each in chosen)
        is_free = len(chosen) < MOST_TARGETS and in_organ < MOST_IN_ONE_ORGAN
        if kinds[finding.label] == "MEASURABLE" and is_free:
            chosen.append(finding)
    targets = {finding.label for finding in chosen}
    return Selection(
        tuple(each.label for each in findings if each.label in targets),
        tuple(
            each.label
            for each in findings
            if each.label not in targets and kinds[each.label] != "NORMAL"
        ),
        tuple(each.label for each in findings if kinds[each.label] == "NORMAL"),
        judged,
        f"the largest measurable lesions, at most {MOST_TARGETS} and {MOST_IN_ONE_ORGAN} in one "
        "organ, all lymph nodes being one (RECIST 1.1 section 3.2)",
    )


def selection_queries(
    findings: Sequence[Finding], targets: Sequence[str], settings: ResponseSettings
) -> tuple[Query, ...]:
    """Check a choice of target lesions.

    Parameters
    ----------
    findings : sequence of Finding
        All disease of a participant.
    targets : sequence of str
        Labels of the lesions chosen.
    settings : ResponseSettings
        The protocol's least sizes.

    Returns
    -------
    tuple of Query
        Empty when the choice is within every limit.
    """
    return tuple(_faults(findings, targets, settings))


def organ_of(finding: Finding) -> str:
    """Give the organ of a lesion as targets are counted.

    Parameters
    ----------
    finding : Finding
        The lesion.

    Returns
    -------
    str
        All lymph nodes are one organ [2]_.
    """
    return "lymph nodes" if finding.is_node else finding.site.casefold()


def _faults(
    findings: Sequence[Finding], targets: Sequence[str], settings: ResponseSettings
) -> Iterator[Query]:
    """Find what speaks against a choice."""
    known = {finding.label: finding for finding in findings}
    for label in targets:
        if label not in known:
            yield Query(label, "no lesion of this participant has this label")
            continue
        found = measurability(known[label], settings)
        if found.kind != "MEASURABLE":
            yield Query(label, f"chosen as target, but {found.kind}: {found.because}")
    if len(set(targets)) > MOST_TARGETS:
        yield Query("baseline", f"{len(set(targets))} target lesions; at most {MOST_TARGETS} "
                                "(RECIST 1.1 section 3.2)")  # fmt: skip
    organs = Counter(organ_of(known[label]) for label in set(targets) if label in known)
    for organ, count in sorted(organs.items()):
        if count > MOST_IN_ONE_ORGAN:
            yield Query("baseline", f"{count} target lesions in {organ}; at most "
                                    f"{MOST_IN_ONE_ORGAN} in one organ, all lymph nodes being one "
                                    "(RECIST 1.1 section 3.2)")  # fmt: skip


def _unfit(finding: Finding) -> str:
    """Say why a lesion is not measurable whatever its size; empty when it may be."""
    if finding.nature in _NEVER:
        return _NEVER[finding.nature]
    if finding.nature in _BONE and not finding.has_soft_tissue:
        return "a bone lesion without a soft tissue part is not measurable"
    if finding.was_treated_locally and not finding.has_progressed_since:
        return "it was irradiated or treated locally, and has not progressed since"
    if finding.technique in ("ULTRASOUND", "OTHER"):
        return f"it cannot be measured reproducibly by {finding.technique}"
    return ""


def _least(finding: Finding, settings: ResponseSettings) -> tuple[Decimal, str]:
    """Give the least size of a measurable lesion, and where it stands."""
    guideline, protocol = "RECIST 1.1 section 3.1", "the protocol's limit"
    if finding.is_node:
        return Decimal(LEAST_TARGET_NODE_MM), guideline
    if finding.technique == "CALIPER":
        return Decimal(CALIPER_MM), guideline
    if finding.technique in ("CHEST X-RAY", "CONVENTIONAL CT"):
        return settings.measurable_conventional_mm, protocol
    least, slices = settings.measurable_spiral_mm, finding.slice_mm
    if slices is not None and slices > THIN_SLICE_MM and 2 * slices > least:
        return 2 * slices, f"twice the slice thickness of {slices:f} mm, {guideline}"
    return least, protocol
