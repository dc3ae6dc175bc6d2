"""Reference cases of survival in data sets that R ships, of Fisher's test, of conventions."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from trialwright.endpoints.conventions import Conventions, Ties
from trialwright.endpoints.cox import CoxFit, cox
from trialwright.endpoints.fisher import fisher_exact
from trialwright.endpoints.kaplan_meier import KaplanMeier, kaplan_meier, landmark, quantile
from trialwright.endpoints.log_rank import log_rank
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_curves import (
    EXACT,
    apart,
    curve_differences,
    follow_up_differences,
)

ROOT_WITHIN = 1.3e-4
"""R's `uniroot` stops within eps**0.25 of a conditional odds ratio, or of one divided by it where
that is less than 1."""

GROUPED = re.compile(r"survival::(\w+) (\w+)/(\w+) by ([\w.]+)")
"""Name of a case: data set, time, status and group."""

FORMULA = re.compile(r"Surv\((\w+), ?(\w+)\) ?~ ?(.+)")
"""Model of a Cox regression."""

MISSING = "NA"
"""How R writes a value that is missing."""

BEYOND = 10
"""A log hazard ratio so large is that of a likelihood without a maximum, where R stopped."""

CURVE_OF = {"R": "R survfit", "SAS": "SAS LIFETEST"}
TIES_OF = {"R": "R coxph ties", "SAS": "SAS PHREG ties"}
"""Convention to the procedure whose answer it follows."""

FIELDS = {
    "coefficient": "coef",
    "std_error": "se",
    "hazard_ratio": "hr",
    "lower": "lower95",
    "upper": "upper95",
    "p": "p_wald",
}
"""Fields of a term to their names in R's answer."""

TIES: tuple[Ties, ...] = ("efron", "breslow")
COMPARED = ("groups", "reverse_km_median_followup", "logrank", *(f"cox_{each}" for each in TIES))
ABOUT = ("name", "unit", "n", "events", "conf_level", "rows", "input")

Row = Mapping[str, str]


def are_datasets(parsed: Any) -> bool:
    """Say whether a file tells of groups of data sets that lie beside it.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By the names of its cases.
    """
    cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
    return isinstance(cases, Mapping) and any(
        isinstance(case, Mapping) and GROUPED.fullmatch(str(case.get("name", "")))
        for case in cases.values()
    )


def with_rows(parsed: Any, opened: Callable[[str], Any]) -> Any:
    """Put the data sets that cases name in their places.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    opened : callable (str) -> object
        Gives another file of the same folder: of a CSV file its rows.

    Returns
    -------
    object
        Each case with its `rows`.

    Raises
    ------
    Refusal
        If a data set cannot be read.
    """
    cases = {}
    for key, case in parsed["cases"].items():
        named = GROUPED.fullmatch(str(case.get("name", "")))
        data = named[1] if named else key.partition("_")[0]
        cases[key] = {**case, "rows": opened(f"data/{data}.csv")}
    return {**parsed, "cases": cases}


def datasets(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare curves, restricted means, log-rank and Cox with R's.

    Parameters
    ----------
    parsed : object
        As `with_rows` gives it.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case.
    """
    for key, case in parsed["cases"].items():
        named = GROUPED.fullmatch(str(case.get("name", "")))
        model = FORMULA.fullmatch(str(case.get("formula", "")))
        if named:
            wrong = list(_grouped(case, *named.groups()[1:]))
            known: tuple[str, ...] = (*ABOUT, *COMPARED)
        elif model:
            wrong = list(_modelled(case, *model.groups()))
            known = (*ABOUT, "formula", "ties", "terms", "coef", "se", "loglik")
        else:
            yield Comparison(key, agrees=False, says="names no data set, so nothing was compared")
            continue
        strange = tuple(each for each in case if each not in known)
        yield Comparison(key, not wrong, says="; ".join(wrong), uncompared=strange)


def fisher(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare p-values of Fisher's test, and the conditional odds ratio, with R's.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a table.
    """
    for case in parsed["cases"]:
        table = tuple(int(each) for each in case["table"])
        found = fisher_exact((table[0], table[1]), (table[2], table[3]))
        wrong = apart("p", [found.p], [case["p"]], EXACT)
        for name, mine in (("or", found.odds_ratio), ("lower", found.lower),
                           ("upper", found.upper)):  # fmt: skip
            wanted = case.get(name)
            if isinstance(wanted, int | Decimal) and not _is_root(mine, float(wanted)):
                wrong.append(f"{name} {mine}, expected {wanted}")
        yield Comparison(str(list(table)), not wrong, says="; ".join(wrong))


def _is_root(found: float | None, wanted: float) -> bool:
    """Say whether an odds ratio is R's, as closely as R looks for it."""
    if found is None or not found or not wanted:
        return found == wanted
    inside = [each if wanted <= 1 else 1 / each for each in (found, wanted)]
    return abs(inside[0] - inside[1]) <= ROOT_WITHIN


def are_conventions(parsed: Any) -> bool:
    """Say whether a file tells of one data set what R and SAS answer.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By its fields.
    """
    return (
        isinstance(parsed, Mapping)
        and {"data", "median", "defaults"} <= set(parsed)
        and isinstance(parsed["median"], Mapping)
        and {"R survfit", "SAS LIFETEST"} <= set(parsed["median"])
    )


def conventions(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare each convention with the package it is named for.

    Parameters
    ----------
    parsed : object
        The file as JSON; other packages' answers are for information.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One for R, one for SAS.
    """
    times = [float(each) for each in parsed["data"]["time"]]
    events = [each == 1 for each in parsed["data"]["status"]]
    for taken in (Conventions("R"), Conventions("SAS")):
        curve = kaplan_meier(times, events, taken)
        wrong = [*_median(curve, parsed), *_late(curve, parsed)]
        ties = parsed["defaults"].get(TIES_OF[taken.convention], taken.ties)
        if ties != taken.ties:
            wrong.append(f"ties {taken.ties}, expected {ties}")
        yield Comparison(taken.convention, not wrong, says="; ".join(wrong))


def _median(curve: KaplanMeier, parsed: Mapping[str, Any]) -> Iterator[str]:
    """Compare the median, and of R the first quarter with its limits."""
    package = CURVE_OF[curve.conventions.convention]
    yield from apart("median", [quantile(curve, 0.5).time], [parsed["median"][package]])
    said = parsed.get("q25", {})
    if package in said:
        found = quantile(curve, 0.25)
        wanted = [said[each] for each in (package, "R lower loglog", "R upper loglog")]
        yield from apart("q25", (found.time, found.lower, found.upper), wanted)


def _late(curve: KaplanMeier, parsed: Mapping[str, Any]) -> Iterator[str]:
    """Compare S(t) past the last day."""
    for key, by_package in parsed.items():
        day = re.fullmatch(r"landmark_day_(\d+)_.*", key)
        if day is None:
            continue
        found = landmark(curve, float(day[1]))
        for package, said in by_package.items():
            if package.split()[0] == curve.conventions.convention:
                names = ("surv", "lower_loglog", "upper_loglog")
                wanted = [None if said is None else said[name] for name in names]
                told = (found.survival, found.lower, found.upper)
                yield from apart(f"S({day[1]})", told, wanted)


def _numbers(rows: Sequence[Row], columns: Sequence[str]) -> list[list[float]]:
    """Give columns as numbers, without rows in which one of them is missing."""
    whole = [row for row in rows if all(row[name] != MISSING for name in columns)]
    return [[float(row[name]) for row in whole] for name in columns]


def _seen(status: Sequence[float]) -> list[bool]:
    """Say who had the event: 1 of 0 and 1, 2 of 1 and 2 (R's `Surv`)."""
    event = max(status)
    return [each == event for each in status]


def _grouped(case: Mapping[str, Any], time: str, status: str, by: str) -> Iterator[str]:
    """Compare a data set by group."""
    rows = [row for row in case["rows"] if MISSING not in (row[time], row[status], row[by])]
    times, marks = _numbers(rows, (time, status))
    seen = _seen(marks)
    groups = [_name(row[by], by, case["groups"]) for row in rows]
    for name, said in case["groups"].items():
        own = [place for place, each in enumerate(groups) if each == name]
        told = curve_differences([times[at] for at in own], [seen[at] for at in own], said)
        yield from (f"{name}: {each}" for each in told)
    yield from follow_up_differences(times, seen, case.get("reverse_km_median_followup"))
    yield from _tested(times, seen, groups, case.get("logrank"))
    for ties in TIES:
        said = case.get(f"cox_{ties}")
        if said:
            others = [name for name in case["groups"] if name != said["ref"]]
            columns = np.array([[float(each == name) for name in others] for each in groups])
            fit = cox(times, seen, columns, others, Conventions(), ties=ties)
            yield from (f"Cox {ties}: {each}" for each in _fitted(fit, said))


def _name(value: str, by: str, groups: Mapping[str, Any]) -> str:
    """Give the name of a group as the case has it."""
    return next((each for each in (f"{by}{value}", f"{by}={value}") if each in groups), value)


def _tested(
    times: Sequence[float], seen: Sequence[bool], groups: Sequence[str], said: Any
) -> Iterator[str]:
    """Compare the log-rank test."""
    if not said:
        return
    test = log_rank(times, seen, groups)
    yield from apart(
        "log-rank",
        (test.chi_square, float(test.df), test.p, *map(float, test.observed), *test.expected),
        [said["chisq"], said["df"], said["p"], *said["observed"], *said["expected"]],
    )


def _fitted(fit: CoxFit, said: Mapping[str, Any]) -> Iterator[str]:
    """Compare a Cox regression field by field; one that has no estimate agrees with none."""
    if not fit.is_estimable:
        if not said.get("monotone") and abs(float(_listed(said["coef"])[0])) < BEYOND:
            yield f"not estimable, expected {said['coef']}"
        return
    for field, name in FIELDS.items():
        if name in said:
            mine = [getattr(each, field) for each in fit.terms]
            yield from apart(name, mine, _listed(said[name]))
    whole = (("loglik", fit.log_likelihood), ("score_chisq", fit.score_chi_square),
             ("lrt_chisq", fit.ratio_chi_square))  # fmt: skip
    for name, found in whole:
        if name in said:
            yield from apart(name, _listed(found), _listed(said[name]))


def _modelled(case: Mapping[str, Any], time: str, status: str, model: str) -> Iterator[str]:
    """Compare a Cox regression on several covariates, some of them strata."""
    parts = [each.strip() for each in model.split("+")]
    strata = [each[len("strata(") : -1] for each in parts if each.startswith("strata(")]
    names = [each for each in parts if not each.startswith("strata(")]
    rows = [row for row in case["rows"]
            if MISSING not in [row[each] for each in (time, status, *names, *strata)]]  # fmt: skip
    times, marks, *columns = _numbers(rows, (time, status, *names))
    fit = cox(
        times, _seen(marks), np.array(columns).T, names, Conventions(),
        ties="breslow" if case.get("ties") == "breslow" else "efron",
        strata=[" ".join(row[each] for each in strata) for row in rows] if strata else None,
    )  # fmt: skip
    yield from _fitted(fit, case)


def _listed(value: Any) -> list[Any]:
    """Give a number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]
