"""Reference cases of best responses, measurability and targets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from trialwright.casebook.tumour_findings import Finding
from trialwright.casebook.tumours import Response
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.response.best import Seen, best_response
from trialwright.response.measurability import measurability, propose_targets, selection_queries
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal

DAY_1 = date(2000, 1, 1)

WORDS = (("confirmed", True), ("unconfirmed", False))


def are_baselines(parsed: Any) -> bool:
    """Say whether a file has lesions before treatment.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By the fields of every case.
    """
    return answers_have(parsed, ("class", "max_targets"))


def answers_have(parsed: Any, any_of: tuple[str, ...]) -> bool:
    """Say whether the cases of a file have an input, and one of some fields in the answer.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    any_of : tuple of str
        Fields.

    Returns
    -------
    bool
        Of every case that is an object with both.
    """
    cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
    if not isinstance(cases, list):
        return False
    shaped = [each for each in cases if isinstance(each, Mapping)
              and isinstance(each.get("input"), Mapping)
              and isinstance(each.get("expected"), Mapping)]  # fmt: skip
    return bool(shaped) and all(any(name in each["expected"] for name in any_of) for each in shaped)


def best_responses(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare best responses of listed visits, with and without confirmation.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case; a reading listed under `accept_*` agrees and is counted apart.
    """
    for case in parsed["cases"]:
        policy = case.get("settings", {})
        start = on(policy.get("ref_day", 1))
        visits = [Seen(on(each["day"]), Response(each["overall"])) for each in case["timepoints"]]
        settings = settings_with(
            stable_disease_days=policy.get("sd_min_days", 42),
            confirm_after_days=policy.get("confirm_min_days", 28),
            not_evaluable_between=policy.get("max_ne_between", 1),
        )
        yield _best(str(case["id"]), visits, start, settings, case["expected"])


def best_sequences(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare best responses of sequences with equal gaps.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a row; what another package answers is for information.
    """
    for row in parsed["cases"]:
        visits = [
            Seen(on(1 + row["gap_days"] * place), Response(word))
            for place, word in enumerate(_words(row["seq"]), start=1)
        ]
        name = f"{row['seq']}, {row['gap_days']} days apart"
        yield _best(name, visits, DAY_1, settings_with(), row)


def baselines(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare the class of lesions before treatment, and choices of targets.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case.
    """
    for case in parsed["cases"]:
        given, expected = case["input"], case["expected"]
        compare = _choice if "lesions" in given else _class
        try:
            wrong = compare(given, expected)
        except (KeyError, Refusal) as refused:
            wrong = [f"refused: {refused}"]
        yield Comparison(str(case["id"]), not wrong, says="; ".join(wrong))


def settings_with(**changes: int) -> ResponseSettings:
    """Give the limits of the guideline, with policies of a case.

    Parameters
    ----------
    **changes : int
        Settings that a case names.

    Returns
    -------
    ResponseSettings
        As the software's defaults otherwise.
    """
    plain = ResponseSettings(
        measurable_conventional_mm=Decimal(20),
        measurable_spiral_mm=Decimal(10),
        bone_only_allowed=True,
    )
    return plain.model_copy(update=changes)


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


def _best(
    name: str,
    visits: Sequence[Seen],
    start: date,
    settings: ResponseSettings,
    expected: Mapping[str, Any],
) -> Comparison:
    """Compare the best response with and without confirmation."""
    wrong, by_acceptance = [], False
    for word, confirm in WORDS:
        found = best_response(visits, start, settings, confirm=confirm)
        wanted = expected[f"bor_{word}"]
        if found.response == wanted:
            continue
        if found.response in expected.get(f"accept_{word}", ()):
            by_acceptance = True
        else:
            wrong.append(f"{word} {found.response}, expected {wanted}: {found.because}")
    return Comparison(name, not wrong, by_acceptance and not wrong, "; ".join(wrong))


def _words(sequence: str) -> list[str]:
    """Read responses joined by hyphens, one of which has a hyphen itself."""
    return [
        "NON-CR/NON-PD" if word == "NON" else word
        for word in sequence.replace("NON-CR/NON-PD", "NON").split("-")
    ]


def _class(given: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Compare the class of one lesion."""
    slices = given.get("slice_mm")
    finding = Finding(
        "T1",
        str(given.get("site", "")),
        Decimal(str(given["mm"])),
        technique=given["modality"],
        slice_mm=None if slices is None else Decimal(str(slices)),
        is_node=bool(given["node"]),
    )
    found = measurability(finding, settings_with())
    wanted = expected["class"]
    return [] if found.kind == wanted else [f"{found.kind}, expected {wanted}: {found.because}"]


def _choice(given: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Compare what is said of choices of targets, and check the one proposed."""
    settings = settings_with()
    lesions = [
        Finding(label, site, Decimal(str(mm)), is_node=site == "LYMPH NODE")
        for label, site, mm in given["lesions"]
    ]
    proposed = propose_targets(lesions, settings).targets
    choices = [(proposed, True), (expected["valid_example"], True)]
    choices += [(each, False) for each in expected["invalid_examples"]]
    return [
        f"{', '.join(chosen)} is {'no ' if is_valid else 'a '}valid choice"
        for chosen, is_valid in choices
        if bool(selection_queries(lesions, chosen, settings)) == is_valid
    ]
