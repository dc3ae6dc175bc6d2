"""Reference cases of survival in data sets that R ships, of Fisher's test, of conventions."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import cox
from trialwright.endpoints.fisher import fisher_exact
from trialwright.endpoints.kaplan_meier import KaplanMeier, kaplan_meier, landmark, quantile
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_curves import (
    ABOUT,
    COMPARED,
    curve_differences,
    follow_up_differences,
)
from trialwright.questions.reference_groups import fit_differences, group_differences
from trialwright.questions.reference_numbers import EXACT, apart, put_each
from trialwright.terms.errors import Refusal

ROOT_WITHIN = 1.3e-4
"""R's `uniroot` stops within eps**0.25 of a conditional odds ratio, or of one divided by it where
that is less than 1."""

GROUPED = re.compile(r"survival::(\w+) (\w+)/(\w+) by ([\w.]+)")
"""Name of a case: data set, time, status and group."""

FORMULA = re.compile(r"Surv\((\w+),\s*(\w+)\)\s*~\s*(.+)")
"""Model of a Cox regression."""

MISSING = "NA"
"""How R writes a value that is missing."""

CURVE_OF = {"R": "R survfit", "SAS": "SAS LIFETEST"}
TIES_OF = {"R": "R coxph ties", "SAS": "SAS PHREG ties"}
"""Convention to the procedure whose answer it follows."""

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
        Each case with its `rows`, or with `unread`: why its data set cannot be read.
    """
    cases = {}
    for key, case in parsed["cases"].items():
        cases[key] = case
        if isinstance(case, Mapping):
            named = GROUPED.fullmatch(str(case.get("name", "")))
            data = named[1] if named else key.partition("_")[0]
            try:
                cases[key] = {**case, "rows": opened(f"data/{data}.csv")}
            except Refusal as refused:
                cases[key] = {**case, "unread": str(refused)}
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
    yield from put_each(parsed["cases"], (), _dataset)


def _dataset(key: str, case: Mapping[str, Any]) -> Comparison:
    """Compare one data set."""
    named = GROUPED.fullmatch(str(case.get("name", "")))
    model = FORMULA.fullmatch(str(case.get("formula", "")))
    if "unread" in case:
        return Comparison(key, agrees=False, says=f"refused: {case['unread']}")
    if named:
        wrong = list(_grouped(case, *named.groups()[1:]))
        known: tuple[str, ...] = (*ABOUT, *COMPARED)
    elif model:
        wrong = list(_modelled(case, *model.groups()))
        known = (*ABOUT, "formula", "ties", "terms", "coef", "se", "loglik")
    else:
        return Comparison(key, agrees=False, says="names no data set, so nothing was compared")
    strange = tuple(each for each in case if each not in known)
    return Comparison(key, not wrong, says="; ".join(wrong), uncompared=strange)


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
    yield from put_each(parsed["cases"], ("table", "p"), _fisher)


def _fisher(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare one table."""
    table = tuple(int(each) for each in case["table"])
    found = fisher_exact((table[0], table[1]), (table[2], table[3]))
    wrong = apart("p", [found.p], [case["p"]], EXACT)
    for field, mine in (("or", found.odds_ratio), ("lower", found.lower),
                        ("upper", found.upper)):  # fmt: skip
        wanted = case.get(field)
        if isinstance(wanted, int | Decimal) and not _is_root(mine, float(wanted)):
            wrong.append(f"{field} {mine}, expected {wanted}")
    return Comparison(str(list(table)), not wrong, says="; ".join(wrong))


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
    event = 2 if 2 in status else 1
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
    yield from group_differences(times, seen, groups, case)


def _name(value: str, by: str, groups: Mapping[str, Any]) -> str:
    """Give the name of a group as the case has it."""
    return next((each for each in (f"{by}{value}", f"{by}={value}") if each in groups), value)


def _modelled(case: Mapping[str, Any], time: str, status: str, model: str) -> Iterator[str]:
    """Compare a Cox regression on several covariates, some of them strata."""
    parts = [each.strip() for each in model.split("+")]
    strata = [each[len("strata(") : -1] for each in parts if each.startswith("strata(")]
    names = [re.sub(r"factor\((.+)\)", r"\1", each) for each in parts if "strata(" not in each]
    rows = [row for row in case["rows"]
            if MISSING not in [row[each] for each in (time, status, *names, *strata)]]  # fmt: skip
    terms = [str(each) for each in case.get("terms") or names]
    columns = [_covariate(rows, names, each) for each in terms]
    times, marks = _numbers(rows, (time, status))
    fit = cox(
        times, _seen(marks), np.array(columns).T, terms, Conventions(),
        ties="breslow" if case.get("ties") == "breslow" else "efron",
        strata=[" ".join(row[each] for each in strata) for row in rows] if strata else None,
    )  # fmt: skip
    yield from fit_differences(fit, case)


def _covariate(rows: Sequence[Row], names: Sequence[str], term: str) -> list[float]:
    """Give a column of the model: a number as it is, or a level of a factor as 0 and 1."""
    if term in names:
        return [float(row[term]) for row in rows]
    level = re.sub(r"factor\((.+?)\)", r"\1", term)
    factor = max((each for each in names if level.startswith(each)), key=len)
    return [float(row[factor] == level[len(factor) :].lstrip("=")) for row in rows]
