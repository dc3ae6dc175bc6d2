"""Reference cases: files of cases with their answers, put to the software and compared.

A file is known by its form, not by its name; what is compared, and how closely, stands with each
form. Readings that a case marks as ambiguous, or lists as acceptable, agree and are counted apart.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import Walk, walk
from trialwright.protocol.escalation_design import ThreePlusThreeVariant
from trialwright.questions import (
    reference_blrm,
    reference_characteristics,
    reference_combinations,
    reference_crm,
    reference_curves,
    reference_designs,
    reference_eligibility,
    reference_lesions,
    reference_outcomes,
    reference_paths,
    reference_responses,
    reference_survival,
    reference_timepoints,
    reference_tite,
)
from trialwright.questions.asking import ask
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import same
from trialwright.terms.errors import Refusal

EXACT_3_PLUS_3 = 1e-12
"""Greatest difference of an exact operating characteristic of a 3+3."""

MOST_LEVELS = 20
"""Dose levels of a 3+3 up to which its exact operating characteristics are worked out."""


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
    complete : callable (object, callable) -> object, or None
        Puts the other files that a case file names in their places; None: it names none.
    """

    name: str
    fits: Callable[[Any], bool]
    compare: Callable[[Any, Library], Iterator[Comparison]]
    complete: Callable[[Any, Callable[[str], Any]], Any] | None = None


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
    return _first_has("cases", *names)


def _first_has(listed: str, *names: str) -> Callable[[Any], bool]:
    """Make the test whether the first entry of a file's list has these fields."""

    def fits(parsed: Any) -> bool:
        entries = parsed.get(listed) if isinstance(parsed, Mapping) else None
        first = entries[0] if isinstance(entries, list) and entries else None
        return isinstance(first, Mapping) and all(name in first for name in names)

    return fits


def _named(cases: Any, *names: str) -> Iterator[tuple[str, Any, str]]:
    """Give each case with its id, or its place, and what it lacks of the form."""
    for place, case in enumerate(cases if isinstance(cases, list) else [], start=1):
        if not isinstance(case, Mapping):
            yield f"case {place}", {}, "no object, so nothing was compared"
            continue
        lacks = ", ".join(name for name in names if name not in case)
        name = str(case.get("id") or case.get("variant") or f"case {place}")
        yield name, case, f"lacks {lacks}, so nothing was compared" if lacks else ""


def _grades(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare graded laboratory values: `grade` equal."""
    asked = ("term", "test", "value", "unit", "lln", "uln", "baseline", "context", "version")
    older = parsed.get("v4_03_hyperglycemia", [])
    cases = [*parsed["cases"], *(older if isinstance(older, list) else [])]
    for name, case, lacking in _named(cases, "term", "value", "unit", "grade"):
        if lacking:
            yield Comparison(name, agrees=False, says=lacking)
            continue
        given = {each: case[each] for each in asked if case.get(each) is not None}
        expected = case["grade"]
        try:
            found = ask("grade", given, library)
        except Refusal as refused:
            yield Comparison(name, agrees=False, says=f"refused: {refused}")
            continue
        agrees = same(found["grade"], expected)
        is_ambiguous = bool(case.get("ambiguous")) and not agrees
        yield Comparison(
            name,
            agrees or is_ambiguous,
            is_ambiguous,
            f"grade {found['grade']}, expected {expected}: {found['because']}",
        )


VARIANTS: Mapping[str, ThreePlusThreeVariant] = MappingProxyType(
    {
        "A_no_deescalation": "no-de-escalation",
        "B_deescalate_top_stops_at_3": "de-escalate-top-stops-at-three",
        "C_deescalate_six_required_at_mtd": "six-at-mtd",
        "D_bcrm_escalation_only": "no-de-escalation",
        "E_bcrm_deescalation": "de-escalate-top-stops-at-three",
    }
)
"""Names of the reference entries to the variants they are."""


def _three_plus_three(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare exact operating characteristics of the 3+3, each number within 1e-12."""
    for name, entry, lacking in _named(parsed["variants"], "variant", "num_doses", "results"):
        variant = VARIANTS.get(name)
        levels, results = entry.get("num_doses"), entry.get("results")
        if lacking or variant is None:
            yield Comparison(name, agrees=False, says=lacking or "a variant not known here")
        elif not isinstance(levels, int) or not 1 <= levels <= MOST_LEVELS:
            says = f"`num_doses` is no whole number from 1 to {MOST_LEVELS}"
            yield Comparison(name, agrees=False, says=says)
        elif not isinstance(results, list) or not results:
            yield Comparison(name, agrees=False, says="`results` is no list of scenarios")
        else:
            walked = walk(ThreePlusThree(levels, variant))
            for number, result in enumerate(results, start=1):
                wrong = list(_differences(walked, entry, result))
                yield Comparison(f"{name} {number}", not wrong, says="; ".join(wrong))


CHARACTERISTICS = (
    "p_no_mtd",
    "p_select",
    "expected_n",
    "expected_dlt",
    "expected_total_n",
    "expected_total_dlt",
    "total",
)
"""Fields of a scenario that are compared."""


def _differences(walked: Walk, entry: Any, result: Any) -> Iterator[str]:
    """Name each number of a scenario that differs."""
    rates = result.get("true_p") if isinstance(result, Mapping) else None
    if not isinstance(rates, list) or not set(CHARACTERISTICS) & set(result):
        yield "no scenario with `true_p` and a number to compare"
        return
    try:
        found = walked.under(rates)
    except Refusal as refused:
        yield f"refused: {refused}"
        return
    for name in ("terminal_states", "paths"):
        if name in entry and entry[name] != getattr(found, name):
            yield f"{name} {getattr(found, name)}, expected {entry[name]}"
    for name, expected in result.items():
        if name == "true_p":
            continue
        mine = getattr(found, name, None) if name in CHARACTERISTICS else None
        if mine is None or not _is_near(mine, expected):
            yield f"{name} {mine}, expected {expected}"


def _is_near(found: Any, expected: Any) -> bool:
    """Compare numbers, or lists of them, within the tolerance."""
    if isinstance(expected, list) or isinstance(found, tuple | list):
        if not isinstance(expected, list) or not isinstance(found, tuple | list):
            return False
        return len(found) == len(expected) and all(map(_is_near, found, expected))
    if isinstance(expected, bool) or not isinstance(expected, int | Decimal):
        return False
    return abs(float(found) - float(expected)) <= EXACT_3_PLUS_3


FORMS = (
    Form("CTCAE grades", _first_case_has("term", "value", "unit", "grade"), _grades),
    Form(
        "RECIST time-point responses",
        _first_case_has("baseline", "visits", "expected"),
        reference_timepoints.timepoints,
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
    Form(
        "eligibility of patients",
        _first_case_has("bundle", "expected", "expected_attested", "overall"),
        reference_eligibility.compare,
        reference_eligibility.completed,
    ),
    Form(
        "boundaries of interval designs",
        _first_has("tables", "n", "escalate_if_dlt_le", "eliminate_if_dlt_ge"),
        reference_designs.boundaries,
    ),
    Form(
        "tables of mTPI and mTPI-2",
        _first_has("tables", "design", "rows"),
        reference_designs.mtpi_tables,
    ),
    Form(
        "tables of i3+3", _first_has("tables", "ei", "decision"), reference_designs.i3_plus_3_tables
    ),
    Form(
        "MTDs by isotonic regression",
        _first_has("cases", "n", "y", "none_selected"),
        reference_designs.selected_mtds,
    ),
    Form("dose paths", _first_has("paths", "design", "rows"), reference_paths.dose_paths),
    Form(
        "simulated operating characteristics",
        _first_has("scenarios", "args", "ntrial", "select_pct"),
        reference_characteristics.simulated,
    ),
    Form(
        "exact operating characteristics",
        _first_has("scenarios", "design", "args", "p_select"),
        reference_characteristics.exact,
    ),
    Form(
        "CRM estimates",
        _first_has("cases", "data", "skeleton", "method"),
        reference_crm.estimates,
    ),
    Form(
        "posteriors of the two-parameter logistic model",
        _first_has("cases", "dose", "dlt", "mean_p"),
        reference_blrm.posteriors,
    ),
    Form(
        "CRM estimates with participants pending",
        _first_has("cases", "followup", "obswin", "skeleton"),
        reference_crm.pending,
    ),
    Form(
        "next doses of TITE-BOIN",
        _first_has("cases", "npend", "ft", "dose_now"),
        reference_tite.next_doses,
    ),
    Form(
        "combinations of two agents",
        _first_has("select", "n", "y", "mtd", "isotonic"),
        reference_combinations.selected,
    ),
    Form(
        "RECIST best responses",
        _first_case_has("timepoints", "settings", "expected"),
        reference_responses.best_responses,
    ),
    Form(
        "sequences of best responses",
        _first_case_has("seq", "gap_days", "bor_confirmed", "bor_unconfirmed"),
        reference_responses.best_sequences,
    ),
    Form(
        "RECIST measurability and targets",
        reference_lesions.are_baselines,
        reference_lesions.baselines,
    ),
    Form(
        "endpoints of participants",
        reference_outcomes.are_endpoints,
        reference_outcomes.endpoints,
    ),
    Form("survival curves", reference_curves.are_curves, reference_curves.curves),
    Form(
        "survival in data sets",
        reference_survival.are_datasets,
        reference_survival.datasets,
        reference_survival.with_rows,
    ),
    Form("conventions", reference_survival.are_conventions, reference_survival.conventions),
    Form("Fisher's exact test", _first_case_has("table", "p"), reference_survival.fisher),
    Form(
        "exact intervals of proportions",
        _first_case_has("x", "n", "conf_level", "lower", "upper"),
        reference_curves.intervals,
    ),
    Form("CRM skeletons", _first_has("cases", "halfwidth", "nlevel"), reference_crm.skeletons),
)
"""One row a form of case file."""
