"""H-score and Allred score of FHIR observations, where words or a unit name the score.

No code of LOINC for them is known here, so that a score is read only where the record says in words
which one it is: as the unit of the number, or as what the observation or component is called.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from trialwright.intake.codings import words_of
from trialwright.intake.elements import Element
from trialwright.terms.errors import refuse

_OF = r"(?:(?:ER|PR|o?estrogen receptor|progesterone receptor) )?"
_NAMES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "h_score": re.compile(rf"{_OF}(?:h[- ]?score|histo-?score)", re.IGNORECASE),
        "allred": re.compile(rf"{_OF}(?:total )?allred(?: total)? score", re.IGNORECASE),
    }
)
"""Part of a stain to what its score is called; proportion and intensity scores are none of them."""

_NO_UNIT = re.compile(r"|1|\{?score\}?", re.IGNORECASE)
_DO = "Read the report, and enter the result by hand"


def unit_of(found: Element) -> str:
    """Give the unit of a quantity.

    Parameters
    ----------
    found : Element
        A FHIR Quantity.

    Returns
    -------
    str
        Its code, else as it is shown.

    Raises
    ------
    Refusal
        If it has another form.
    """
    return found.text("code") or found.text("unit")


def scores_told(resource: Element) -> Mapping[str, Any]:
    """Read H-score and Allred score from an observation and its components.

    Parameters
    ----------
    resource : Element
        The Observation.

    Returns
    -------
    mapping of str to Decimal or int
        `h_score` and `allred`, those that are told; whether there is such a score is for the stain
        to say.

    Raises
    ------
    Refusal
        If a score that is named is no exact number, told twice, or named as another one too.
    """
    found: dict[str, Decimal | int] = {}
    for part in (resource, *resource.inners("component")):
        name = _named(part)
        if not name or "dataAbsentReason" in part:
            continue
        if name in found:
            raise refuse(part.where, f"a second {name}", "one", "Ask which of them holds")
        found[name] = _number(part, name)
    return found


def _named(part: Element) -> str:
    """Say which score a part is, by its unit or by what it is called; empty for none."""
    amount, concept = part.inner("valueQuantity"), part.inner("code")
    words = [unit_of(amount).strip("{}")] if amount is not None else []
    words += words_of(concept) if concept is not None else ()
    named = {name for word in words for name, form in _NAMES.items() if form.fullmatch(word)}
    if len(named) > 1:
        raise refuse(part.where, "the names of two scores", "one", _DO)
    return next(iter(named), "")


def _number(part: Element, name: str) -> Decimal | int:
    """Read an exact number; an Allred score is a whole one."""
    amount = part.inner("valueQuantity")
    number = part.number("valueInteger") if amount is None else amount.number("value")
    if number is None or (amount is not None and amount.text("comparator")):
        raise refuse(part.where, "no exact number", "a score as one number", _DO)
    if amount is not None and not _is_unit(unit_of(amount), name):
        raise refuse(part.where, "a score with a unit", "a score without one", _DO)
    if name == "h_score":
        return number
    if number != number.to_integral_value():
        raise refuse(part.where, "a score between two scores", "a whole number", _DO)
    return int(number)


def _is_unit(unit: str, name: str) -> bool:
    """Say whether a unit is that of a score."""
    return bool(_NO_UNIT.fullmatch(unit) or _NAMES[name].fullmatch(unit.strip("{}")))
