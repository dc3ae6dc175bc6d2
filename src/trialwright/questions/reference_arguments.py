"""Designs from the arguments that R packages take."""

from collections.abc import Mapping
from typing import Any

from trialwright.escalation.crm_model import Model
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.keyboard import Keyboard

Case = Mapping[str, Any]

_OF_BOIN = {
    "n.earlystop": "stop_at",
    "startdose": "starting_level",
    "p.saf": "p_saf",
    "p.tox": "p_tox",
    "cutoff.eli": "eliminate",
    "extrasafe": "extra_safe",
    "offset": "offset",
    "boundMTD": "bound_mtd",
    "titration": "titration",
}
_OF_KEYBOARD = {
    "n.earlystop": "stop_at",
    "startdose": "starting_level",
    "marginL": "margin_left",
    "marginR": "margin_right",
    "cutoff.eli": "eliminate",
    "extrasafe": "extra_safe",
    "offset": "offset",
}


_CRM_DEFAULTS = (("restrict", True), ("intcpt", 3), ("method", "bayes"), ("count", False))
"""Arguments of `crmsim` that say what is done anyway."""


def boin_of(args: Case, levels: int, max_n: int | None = None) -> Boin:
    """Make BOIN from the arguments of the R package.

    Parameters
    ----------
    args : mapping
        By name.
    levels : int
        Number of dose levels.
    max_n : int or None
        Participants; None: cohorts times their size.

    Returns
    -------
    Boin
        The design.

    Raises
    ------
    ValueError
        If an argument is not known here.
    """
    return Boin(levels=levels, **_settings(args, _OF_BOIN, max_n))


def keyboard_of(args: Case, levels: int) -> Keyboard:
    """Make the keyboard design from the arguments of its R package.

    Parameters
    ----------
    args : mapping
        By name.
    levels : int
        Number of dose levels.

    Returns
    -------
    Keyboard
        The design.

    Raises
    ------
    ValueError
        If an argument is not known here.
    """
    return Keyboard(levels=levels, **_settings(args, _OF_KEYBOARD, None))


def model_of(name: str) -> Model:
    """Give our name of a model of R dfcrm.

    Parameters
    ----------
    name : str
        `empiric` or `logistic`.

    Returns
    -------
    {'power', 'logistic'}
        The model.
    """
    return "power" if name == "empiric" else "logistic"


def crm_of(args: Case) -> Crm:
    """Make a CRM from the arguments of R dfcrm's `crmsim`.

    Parameters
    ----------
    args : mapping
        By name.

    Returns
    -------
    Crm
        The design.

    Raises
    ------
    ValueError
        If an argument is not known here.
    """
    known = {"PI", "prior", "target", "n", "x0", "mcohort", "model", "scale"}
    strange = {name for name in set(args) - known if (name, args[name]) not in _CRM_DEFAULTS}
    if strange:
        raise ValueError(f"arguments not known here: {', '.join(sorted(strange))}")
    return Crm(
        levels=len(args["prior"]),
        target=args["target"],
        skeleton=tuple(args["prior"]),
        max_n=args["n"],
        cohort_size=args.get("mcohort", 1),
        starting_level=args.get("x0", 1),
        model=model_of(args.get("model", "empiric")),
        prior_variance=args["scale"] ** 2 if "scale" in args else 1.34,
        mtd_tried=False,
    )


def _settings(args: Case, known: Mapping[str, str], max_n: int | None) -> dict[str, Any]:
    """Turn the arguments of a package into settings."""
    plain = {"target", "p.true", "ncohort", "cohortsize"}
    strange = set(args) - plain - set(known)
    if strange:
        raise ValueError(f"arguments not known here: {', '.join(sorted(strange))}")
    size = args.get("cohortsize", 1 if max_n else 3)
    settings = {known[name]: value for name, value in args.items() if name in known}
    return {
        "target": args["target"],
        "max_n": max_n or args["ncohort"] * size,
        "cohort_size": size,
        **settings,
    }
