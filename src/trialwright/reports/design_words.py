"""What a dose-escalation design does, in the sentences of a protocol."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from trialwright.escalation.isotonic import likelihood_boundary
from trialwright.protocol.escalation_design import EscalationDesign

WHILE_PENDING = frozenset({"rolling-six", "TITE-BOIN", "TITE-CRM"})
"""Designs that decide while participants are pending; their own sentences say how these count."""


def rule_sentences(data: EscalationDesign, levels: int) -> tuple[str, ...]:
    """Say how a design moves between dose levels, closes them, stops and selects the MTD.

    Parameters
    ----------
    data : EscalationDesign
        The design, as the protocol file writes it.
    levels : int
        Number of dose levels of its ladder.

    Returns
    -------
    tuple of str
        One sentence each, with the numbers of this design. Of a design without words of its own,
        its settings.
    """
    settings = data.model_dump()
    said = _RULES.get(data.name)
    start = f"The first cohort is treated at dose level {data.starting_level} of {levels}."
    if said is None:
        return (start, *_settings(settings))
    return (start, *said(settings), *_around(data.name, settings))


def _settings(settings: Mapping[str, Any]) -> Iterator[str]:
    """List settings."""
    for name, value in settings.items():
        if name not in ("origin", "note", "starting_level") and value is not None:
            yield f"{name.replace('_', ' ')}: {value}."


def _three_plus_three(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say the 3+3."""
    yield (
        "Cohorts of three are treated. After 0/3 DLTs the next level follows; after 1/3 three more "
        "are treated at the level, and after 1/6 the next level follows."
    )
    variant = settings["variant"]
    if variant == "no-de-escalation":
        yield (
            "With two DLTs or more at a level the escalation ends, and the level below is the MTD, "
            "whether three or six were treated there."
        )
        return
    yield (
        "With two DLTs or more at a level it is closed, and the level below is filled to six; the "
        "MTD is the highest level with at most 1/6 DLTs below a closed one."
    )
    at_top = "six are required there as well" if variant == "six-at-mtd" else "0/3 is enough there"
    yield f"Where the top level is reached, {at_top} (variant {variant})."


def _boin(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say BOIN."""
    target = float(settings["target"])
    low = float(settings["p_saf"] or 0.6 * target)
    high = float(settings["p_tox"] or 1.4 * target)
    escalate = likelihood_boundary(low, target)
    leave = likelihood_boundary(target, high)
    yield (
        f"{settings['name']} with a target DLT rate of {target:g} (too low: {low:g}, too high: "
        f"{high:g}): the dose is escalated when the observed DLT rate at the level is at most "
        f"{escalate:.4f}, de-escalated when it is above {leave:.4f}, and else kept."
    )
    if settings["name"] == "TITE-BOIN":
        counted = "imputed DLTs" if settings["pending"] == "imputation" else "their follow-up"
        yield (
            f"In the observed DLT rate whoever is pending counts by {counted} "
            f"({settings['pending']}, window of {settings['window_days']} days); accrual waits "
            f"when more than {settings['most_pending']:f} of the participants at the level are "
            "pending."
        )
    if settings.get("titration"):
        yield (
            "Single participants climb until the first DLT or the top level; then the cohort there "
            "is filled."
        )


def _keyboard(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say keyboard."""
    target = float(settings["target"])
    low, high = target - float(settings["margin_left"]), target + float(settings["margin_right"])
    yield (
        f"Keyboard with a target DLT rate of {target:g} and the target key {low:g} to {high:g}: "
        "the dose is escalated when the key with the highest posterior density lies "
        "below the target key, de-escalated when it lies above, and else kept."
    )


def _toxicity_probability(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say mTPI and mTPI-2."""
    target = float(settings["target"])
    low, high = target - float(settings["epsilon_1"]), target + float(settings["epsilon_2"])
    yield (
        f"{settings['name']} with a target DLT rate of {target:g} and the equivalence interval "
        f"{low:g} to {high:g}: the interval with the largest unit probability mass decides; below "
        "the equivalence interval the dose is escalated, above it de-escalated, and else kept."
    )


def _i3_plus_3(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say i3+3."""
    target = float(settings["target"])
    low, high = target - float(settings["epsilon_1"]), target + float(settings["epsilon_2"])
    yield (
        f"i3+3 with a target DLT rate of {target:g} and the equivalence interval {low:g} to "
        f"{high:g}: the dose is escalated when the observed DLT rate is below the interval, kept "
        "when it is inside, and above the interval kept when one DLT fewer would be below it, else "
        "de-escalated."
    )


def _uploaded(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say an uploaded table."""
    yield (
        "The decision table below decides; the target DLT rate "
        f"{float(settings['target']):g} serves to select the MTD."
    )


def _crm(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say the CRM."""
    skeleton = ", ".join(f"{rate:f}" for rate in settings["skeleton"])
    yield (
        f"{settings['name']} with a one-parameter {settings['model']} model, skeleton {skeleton}, "
        f"a normal prior with mean 0 and variance {settings['prior_variance']:f}, and a target DLT "
        f"rate of {float(settings['target']):g}: the next cohort is treated at the level whose "
        "estimated DLT rate is nearest to the target."
    )
    if settings["name"] == "TITE-CRM":
        yield (
            "Whoever is pending counts by the part of the DLT window completed "
            f"({settings['weights']} weights, window of {settings['window_days']} days)."
        )
    if settings["no_skipping"]:
        yield "No level is skipped upward."
    if settings["coherent"]:
        yield "The dose is not escalated after a cohort whose DLT rate was at or above the target."
    if settings["safety_stop"] is not None:
        yield (
            "The escalation ends without an MTD when the posterior probability that the DLT rate "
            f"of the lowest level is above the target is greater than {settings['safety_stop']:f}."
        )


def _blrm(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say the BLRM."""
    low, high = (f"{settings[name]:f}" for name in ("target_low", "target_high"))
    means, deviations = (
        " and ".join(f"{number:f}" for number in settings[name])
        for name in ("prior_mean", "prior_sd")
    )
    chosen = (
        "the highest of these levels"
        if settings["choose"] == "highest"
        else "that of these levels with the greatest probability of the target interval"
    )
    yield (
        f"BLRM: a two-parameter logistic model around the reference dose "
        f"{settings['reference_dose']:f}, with a bivariate normal prior of the intercept and the "
        f"logarithm of the slope (means {means}, standard deviations {deviations}, correlation "
        f"{settings['prior_correlation']:f}). A level may be given when the posterior probability "
        f"that its DLT rate is above the target interval {low} to {high} is at most "
        f"{settings['ewoc']:f}; the next cohort is treated at {chosen}."
    )
    yield "When the lowest level may not be given the escalation ends without an MTD."
    if settings["no_skipping"]:
        yield "No level is skipped upward."
    if settings["stop_probability"] is not None:
        yield (
            f"The escalation also ends when at least {settings['stop_from']} participants were "
            "treated at the level where the next cohort would be treated, and the probability of "
            f"the target interval there is at least {settings['stop_probability']:f}."
        )


def _rolling_six(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say the rolling six."""
    yield (
        "Rolling six: up to six participants are treated at a level, also while others are in the "
        "DLT window. With no DLT the next participant is treated one level higher once 3/3, 4/4, "
        "5/5, 5/6 or 6/6 are evaluable, with one DLT once 6/6 are; else at the same level while "
        "fewer than six are treated there, and else accrual waits."
    )
    yield (
        "With two DLTs or more at a level it is closed, and the level below is filled to six. "
        "Where no level above is open, the level is the MTD when five are evaluable without a DLT, "
        "or six with at most one."
    )


def _combinations(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say BOIN for two agents, with when it ends and how the MTD is selected."""
    target = float(settings["target"])
    escalate = likelihood_boundary(0.6 * target, target)
    leave = likelihood_boundary(target, 1.4 * target)
    yield (
        f"BOIN for two agents, {settings['rows']} doses of the first and {settings['columns']} of "
        f"the second, with a target DLT rate of {target:g}: when the observed DLT rate at the "
        f"combination is at most {escalate:.4f} one agent is raised by one dose, when it is above "
        f"{leave:.4f} one is lowered, and else the combination is kept."
    )
    favoured = "; those tried are favoured slightly" if settings["favour_tried"] else ""
    yield (
        "Of the neighbours on the grid, upward only those not closed, that is taken whose DLT rate "
        f"is most likely between {escalate:.4f} and {leave:.4f}{favoured}. Where there is none the "
        "next cohort is treated at the same combination."
    )
    yield (
        f"Cohorts of {settings['cohort_size']} are treated, up to {settings['max_n']} participants "
        "in all."
    )
    if settings["eliminate"] is not None:
        yield (
            "A combination, and all at least as high in both agents, are closed when at least 3 "
            "participants were evaluable there and the posterior probability (uniform prior) that "
            f"its DLT rate is above the target is greater than {settings['eliminate']:f}; when the "
            "lowest is closed the escalation ends without an MTD."
        )
    yield (
        "The MTD is the combination tried and not closed whose DLT rate, estimated by isotonic "
        "regression in both agents, is nearest to the target."
    )


_RULES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = MappingProxyType(
    {
        "3+3": _three_plus_three,
        "BOIN": _boin,
        "keyboard": _keyboard,
        "mTPI": _toxicity_probability,
        "mTPI-2": _toxicity_probability,
        "i3+3": _i3_plus_3,
        "decision-table": _uploaded,
        "CRM": _crm,
        "BLRM": _blrm,
        "TITE-BOIN": _boin,
        "TITE-CRM": _crm,
        "rolling-six": _rolling_six,
        "BOIN-combinations": _combinations,
    }
)


def _around(name: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """Say cohorts, closing, stopping, the MTD, and who counts."""
    if "max_n" in settings and "columns" not in settings:  # a grid says these by itself
        yield from _ends(settings)
        yield from _mtd(name, settings)
    if settings.get("backfill") is not None:
        yield from _backfill(settings["backfill"])
    if name not in WHILE_PENDING:
        yield (
            "Participants in the DLT window without a DLT are pending: they count neither as with "
            "nor as without a DLT."
        )
    yield "Whoever is not DLT-evaluable is replaced."


def _backfill(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say which lower levels stay open, and how those treated there count."""
    response = " and a response was seen there" if settings["needs_response"] else ""
    yield (
        "While the running cohort is full, participants may be treated at a lower level at which "
        f"fewer than {settings['cap']} participants are{response}, when neither its DLTs nor those "
        "of it and the level above together lead downward, nor those of any level below; of "
        f"several the {settings['choice']} is taken."
    )
    yield (
        "Those so treated count in every decision; where a lower level conflicts with that of the "
        "cohort, the tallies from the highest such level up to that of the cohort are added."
    )


def _ends(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say cohorts, closed levels and when it stops."""
    yield (
        f"Cohorts of {settings['cohort_size']} are treated, up to {settings['max_n']} participants "
        "in all."
    )
    if settings.get("eliminate") is not None:
        yield (
            f"A level and all above it are closed when at least {settings['eliminate_from']} "
            "participants were evaluable there and the posterior probability (uniform prior) that "
            f"its DLT rate is above the target is greater than {settings['eliminate']:f}; when the "
            "lowest level is closed the escalation ends without an MTD."
        )
        if settings["extra_safe"]:
            yield (
                "At the lowest level the escalation ends so when that probability is greater than "
                f"{settings['eliminate'] - settings['offset']:f} already."
            )
    if settings["stop_at"] is not None:
        yield (
            "The escalation also ends when the next cohort would be treated at the same level and "
            f"{settings['stop_at']} participants were treated there."
        )


def _mtd(name: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """Say how the MTD is selected."""
    if name in ("CRM", "TITE-CRM", "BLRM"):
        tried = " among the levels tried" if settings["mtd_tried"] else ""
        yield f"The MTD is the level that the model recommends at the end{tried}."
        return
    yield (
        "The MTD is the level whose DLT rate, estimated by isotonic regression over the levels "
        "tried and not closed, is nearest to the target."
    )
    if settings.get("bound_mtd"):
        yield "It must be estimated below the de-escalation limit of BOIN."
