"""Reference cases of best responses: listed visits, and sequences with equal gaps."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from trialwright.casebook.tumours import Response
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import put_each
from trialwright.response.best import Seen, best_response
from trialwright.terms.dates import days_after

DAY_1 = date(2000, 1, 1)

WORDS = (("confirmed", True), ("unconfirmed", False))

POLICIES: Mapping[str, str] = MappingProxyType(
    {
        "sd_min_days": "stable_disease_days",
        "confirm_min_days": "confirm_after_days",
        "max_ne_between": "not_evaluable_between",
        **{name: name for name in ResponseSettings.model_fields},
    }
)
"""Policies of a case to the settings they are; a setting has its own name too."""

NOT_SEEN = ("MISSING", "NOT DONE", "ND", "NOT EVALUABLE", "INEVALUABLE", "UNKNOWN")
"""Words of other packages for a visit without a response."""


def best_responses(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare best responses of listed visits, with and without confirmation.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Returns
    -------
    iterator of Comparison
        One a case; a reading listed under `accept_*` agrees and is counted apart, and a policy
        not known here is named.
    """
    return put_each(parsed["cases"], ("timepoints", "expected"), _listed)


def best_sequences(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare best responses of sequences with equal gaps.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Returns
    -------
    iterator of Comparison
        One a row; what another package answers is for information.
    """
    return put_each(parsed["cases"], ("seq", "gap_days"), _sequence)


def settings_with(**changes: Any) -> ResponseSettings:
    """Give the limits of the guideline, with policies of a case.

    Parameters
    ----------
    **changes : object
        Settings that a case names.

    Returns
    -------
    ResponseSettings
        As the software's defaults otherwise.

    Raises
    ------
    ValueError
        If a setting cannot have that value.
    """
    plain = {
        "measurable_conventional_mm": Decimal(20),
        "measurable_spiral_mm": Decimal(10),
        "bone_only_allowed": True,
    }
    return ResponseSettings.model_validate({**plain, **changes})


def response_of(word: Any) -> Response:
    """Read a response of a visit.

    Parameters
    ----------
    word : object
        As the product writes it, or a word of another package for a visit without one.

    Returns
    -------
    Response
        NE for a visit without a response.

    Raises
    ------
    ValueError
        If it is no response.
    """
    plain = str(word).strip().upper()
    return Response.NE if plain in NOT_SEEN else Response(plain)


def on(day: int) -> date:
    """Turn a study day into a date.

    Parameters
    ----------
    day : int
        Day 1 is the first dose.

    Returns
    -------
    date
        Counted from `DAY_1`.
    """
    return days_after(DAY_1, day - 1)


def _listed(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare the best responses of one case."""
    policy = dict(case.get("settings") or {})
    start = on(policy.pop("ref_day", 1))
    therapy = policy.pop("new_therapy_day", case.get("new_therapy_day"))
    visits = [Seen(on(each["day"]), response_of(each["overall"])) for each in case["timepoints"]]
    settings = settings_with(
        **{POLICIES[each]: value for each, value in policy.items() if each in POLICIES}
    )
    strange = tuple(f"policy {each}" for each in policy if each not in POLICIES)
    other = None if therapy is None else on(therapy)
    return _best(name, visits, start, settings, case["expected"], other, strange)


def _sequence(name: str, row: Mapping[str, Any]) -> Comparison:
    """Compare the best responses of one row."""
    visits = [
        Seen(on(1 + row["gap_days"] * place), response_of(word))
        for place, word in enumerate(_words(row["seq"]), start=1)
    ]
    told = f"{row['seq']}, {row['gap_days']} days apart"
    return _best(told, visits, DAY_1, settings_with(), row)


def _best(
    name: str,
    visits: Sequence[Seen],
    start: date,
    settings: ResponseSettings,
    expected: Mapping[str, Any],
    new_therapy: date | None = None,
    uncompared: tuple[str, ...] = (),
) -> Comparison:
    """Compare the best response with and without confirmation."""
    asked = [(word, confirm) for word, confirm in WORDS if f"bor_{word}" in expected]
    if not asked:
        return Comparison(name, agrees=False, says="no best response is expected")
    wrong, by_acceptance = [], False
    for word, confirm in asked:
        found = best_response(visits, start, settings, confirm=confirm, new_therapy=new_therapy)
        wanted = expected[f"bor_{word}"]
        if found.response == wanted:
            continue
        if found.response in expected.get(f"accept_{word}", ()) or expected.get("ambiguous"):
            by_acceptance = True
        else:
            wrong.append(f"{word} {found.response}, expected {wanted}: {found.because}")
    return Comparison(name, not wrong, by_acceptance and not wrong, "; ".join(wrong), uncompared)


def _words(sequence: str) -> list[str]:
    """Read responses joined by hyphens, one of which has a hyphen itself."""
    return [
        "NON-CR/NON-PD" if word == "NON" else word
        for word in sequence.replace("NON-CR/NON-PD", "NON").split("-")
    ]
