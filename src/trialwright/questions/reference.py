"""Reference cases: files of cases with their answers, put to the software and compared.

A file is known by its form, not by its name; what is compared, and how closely, stands with each
form. Readings that a case marks as ambiguous, or lists as acceptable, agree and are counted apart.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import Walk, walk
from trialwright.protocol.escalation_design import ThreePlusThreeVariant
from trialwright.questions.asking import ask
from trialwright.questions.library import Library
from trialwright.terms.errors import Refusal

EXACT_3_PLUS_3 = 1e-12
"""Greatest difference of an exact operating characteristic of a 3+3."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case compared.

    Attributes
    ----------
    case : str
        Its id.
    agrees : bool
        Whether every field compared is as expected, or acceptable.
    is_ambiguous : bool
        Whether it agrees only by a reading that the case lists as acceptable.
    says : str
        The difference, for a case that disagrees.
    """

    case: str
    agrees: bool
    is_ambiguous: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of case file.

    Attributes
    ----------
    name : str
        What its cases are about.
    fits : callable (object) -> bool
        Whether a parsed file has this form.
    compare : callable (mapping, Library) -> iterator of Comparison
        Puts every case and compares.
    """

    name: str
    fits: Callable[[Any], bool]
    compare: Callable[[Any, Library], Iterator[Comparison]]


def form_of(parsed: object) -> Form | None:
    """Tell the form of a case file.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    Form or None
        None when no form fits.
    """
    return next((form for form in FORMS if form.fits(parsed)), None)


def _first_case_has(*names: str) -> Callable[[Any], bool]:
    """Make the test whether a file's first case has these fields."""

    def fits(parsed: Any) -> bool:
        cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
        first = cases[0] if isinstance(cases, list) and cases else None
        return isinstance(first, Mapping) and all(name in first for name in names)

    return fits


def _grades(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare graded laboratory values: `grade` equal."""
    cases = [*parsed["cases"], *parsed.get("v4_03_hyperglycemia", [])]
    asked = ("term", "test", "value", "unit", "lln", "uln", "baseline", "context", "version")
    for case in cases:
        given = {name: case[name] for name in asked if case.get(name) is not None}
        expected = case.get("grade")
        try:
            found = ask("grade", given, library)
        except Refusal as refused:
            yield Comparison(str(case.get("id")), agrees=False, says=f"refused: {refused}")
            continue
        agrees = found["grade"] == expected
        is_ambiguous = bool(case.get("ambiguous")) and not agrees
        yield Comparison(
            str(case.get("id")),
            agrees or is_ambiguous,
            is_ambiguous,
            f"grade {found['grade']}, expected {expected}: {found['because']}",
        )


def _timepoints(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare time-point responses: every field of `expected` equal, sums as numbers."""
    for case in parsed["cases"]:
        given = {name: case[name] for name in ("baseline", "visits")}
        given.update(case.get("settings", {}))
        expected = case["expected"]
        try:
            found = ask("timepoint-response", given, library)
        except Refusal as refused:
            yield Comparison(str(case.get("id")), agrees=False, says=f"refused: {refused}")
            continue
        wrong, by_acceptance = [], False
        for name in ("overall", "target", "nontarget", "sum_mm"):
            if name not in expected or _same(found[name], expected[name]):
                continue
            accepted = expected.get(f"accept_{name}", case.get(f"accept_{name}"))
            if case.get("ambiguous") or _is_accepted(found[name], accepted):
                by_acceptance = True
            else:
                wrong.append(f"{name} {found[name]}, expected {expected[name]}")
        yield Comparison(
            str(case.get("id")), not wrong, by_acceptance and not wrong, "; ".join(wrong)
        )


def _same(found: Any, expected: Any) -> bool:
    """Compare lists entry by entry, numbers as numbers."""
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    is_number = isinstance(expected, int | Decimal) and not isinstance(expected, bool)
    if is_number and isinstance(found, str):
        return bool(Decimal(found) == expected)
    return bool(found == expected)


def _is_accepted(found: Any, accepted: Any) -> bool:
    """Say whether a value is among those a case lists as acceptable."""
    if not isinstance(accepted, list):
        return False
    return _same(found, accepted) or any(_same(found, each) for each in accepted)


VARIANTS: Mapping[str, ThreePlusThreeVariant] = {
    "A_no_deescalation": "no-de-escalation",
    "B_deescalate_top_stops_at_3": "de-escalate-top-stops-at-three",
    "C_deescalate_six_required_at_mtd": "six-at-mtd",
    "D_bcrm_escalation_only": "no-de-escalation",
    "E_bcrm_deescalation": "de-escalate-top-stops-at-three",
}
"""Names of the reference entries to the variants they are."""


def _three_plus_three(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare exact operating characteristics of the 3+3, each number within 1e-12."""
    for entry in parsed["variants"]:
        variant = VARIANTS.get(str(entry["variant"]))
        if variant is None:
            says = "a variant that is not known here"
            yield Comparison(str(entry["variant"]), agrees=False, says=says)
            continue
        walked = walk(ThreePlusThree(int(entry["num_doses"]), variant))
        for number, result in enumerate(entry["results"], start=1):
            wrong = list(_differences(walked, entry, result))
            yield Comparison(f"{entry['variant']} {number}", not wrong, says="; ".join(wrong))


def _differences(walked: Walk, entry: Any, result: Any) -> Iterator[str]:
    """Name each number of a scenario that differs."""
    found = walked.under(result["true_p"])
    states = entry.get("terminal_states")
    if states is not None and states != found.terminal_states:
        yield f"{found.terminal_states} terminal states, expected {states}"
    for name, expected in result.items():
        if name == "true_p":
            continue
        mine = getattr(found, name, None)
        if mine is None or not _is_near(mine, expected):
            yield f"{name} {mine}, expected {expected}"


def _is_near(found: Any, expected: Any) -> bool:
    """Compare numbers, or lists of them, within the tolerance."""
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(_is_near, found, expected))
    return abs(float(found) - float(expected)) <= EXACT_3_PLUS_3


FORMS = (
    Form("CTCAE grades", _first_case_has("term", "value", "unit", "grade"), _grades),
    Form(
        "RECIST time-point responses",
        _first_case_has("baseline", "visits", "expected"),
        _timepoints,
    ),
    Form(
        "exact operating characteristics of the 3+3",
        lambda parsed: (
            isinstance(parsed, Mapping)
            and parsed.get("cohort_size") == 3
            and isinstance(parsed.get("variants"), list)
        ),
        _three_plus_three,
    ),
)
"""One row a form of case file."""
