"""Tables of biomarkers: who was assayed, every marker against every endpoint, and how tested."""

from collections.abc import Iterator, Mapping, Sequence

from trialwright.biomarkers.marker_table import CellState, MarkerTable
from trialwright.endpoints.cox import CoxFit
from trialwright.predictors.basis import Basis
from trialwright.predictors.response_association import ResponseAssociation
from trialwright.predictors.survey import FamilySurvey, Tested
from trialwright.reports.results import Result, told

MARKERS = "Markers"
ASSAYED = "Who was assayed"
SHRUNK = "Pre-specified markers under a weak prior"
FAMILIES = "How each family was tested"
RESPONSE = "Pre-specified markers, response and clinical benefit"
STATES = "State of each pre-specified marker with its reason"

NOT_TESTED = "not tested"
"""In the place of a p-value that could never have been small enough."""

_STATES: Mapping[str, CellState] = {
    "not assayed": CellState.NOT_ASSAYED,
    "failed": CellState.FAILED,
    "not covered": CellState.NOT_COVERED,
    "undetermined": CellState.UNDETERMINED,
    "germline": CellState.GERMLINE,
    "suspected clonal haematopoiesis": CellState.SUSPECTED_HAEMATOPOIESIS,
    "not altered": CellState.NOT_ALTERED,
    "altered": CellState.ALTERED,
}
"""Column to state, those without a result first; together everybody."""

Texts = Mapping[str, str]


def marker_listing(table: MarkerTable) -> Iterator[Result]:
    """List the markers with their rules.

    Parameters
    ----------
    table : MarkerTable
        Of the roster.

    Yields
    ------
    Result
        One row a marker; whether it was named beforehand stands in the last column.
    """
    for each in table.markers:
        yield told(MARKERS, each.id, "what it is", each.says)
        yield told(MARKERS, each.id, "family", each.family)
        yield told(MARKERS, each.id, "rule", each.rule)
        named = "pre-specified" if each.is_prespecified else ""
        label = "; ".join(part for part in (named, each.label) if part)
        yield told(MARKERS, each.id, "label", label)


def assayed_table(table: MarkerTable) -> Iterator[Result]:
    """Count the participants of the roster by what is known of each marker.

    Parameters
    ----------
    table : MarkerTable
        Of the roster.

    Yields
    ------
    Result
        The states of a row add up to its participants; the percentage altered is of those who are
        altered or not altered.
    """
    for each in table.markers:
        found = table.counts(each.id)
        size = found.participants
        yield Result(ASSAYED, each.id, "participants", "n", size, size, "", f"{size}")
        yield Result(ASSAYED, each.id, "assayed", "n", found.assayed, size, "", f"{found.assayed}")
        for name, state in _STATES.items():
            count = found.states[state]
            yield Result(ASSAYED, each.id, name, "n", count, size, "", f"{count}")
        share = found.altered / found.known if found.known else None
        shown = "-" if share is None else f"{found.altered}/{found.known} ({100 * share:.0f} %)"
        yield Result(ASSAYED, each.id, "altered of known", "proportion", share, found.known,
                     "denominator: altered or not altered", shown)  # fmt: skip


def table_name(family: FamilySurvey) -> str:
    """Name the table in which a family stands.

    Parameters
    ----------
    family : FamilySurvey
        Its endpoint and label count.

    Returns
    -------
    str
        E.g. `Objective response, pre-specified markers`.
    """
    return f"{family.endpoint.capitalize()}: {family.label} markers"


def association_tables(families: Sequence[FamilySurvey]) -> Iterator[Result]:
    """Give every marker against every endpoint with its denominators.

    Parameters
    ----------
    families : sequence of FamilySurvey
        As `survey` gives them.

    Yields
    ------
    Result
        One row a marker; a table for each endpoint and label.
    """
    for label in dict.fromkeys(each.label for each in families):
        for family in families:
            if family.label == label:
                for each in family.tests:
                    yield from _row(family, each)


def _row(family: FamilySurvey, each: Tested) -> Iterator[Result]:
    """Give one marker against one endpoint."""
    basis, table = each.association.basis, table_name(family)
    row = basis.marker
    yield told(table, row, "family", basis.family)
    yield from _who(table, row, basis, f"counted of {basis.analysis_set}")
    yield from _estimates(table, row, each, basis.participants)
    yield from _p_values(table, row, family, each)
    shown = NOT_TESTED if each.family_wise is None else small(each.family_wise)
    yield Result(table, row, "p, max-T", "p", each.family_wise, basis.participants, family.method,
                 shown)  # fmt: skip


def _who(table: str, row: str, basis: Basis, counted: str = "counted") -> Iterator[Result]:
    """Give who is counted, the outcome of those with and without the marker, who is left out."""
    n = basis.participants
    of, others = n + len(basis.excluded), n - basis.altered
    yield Result(table, row, counted, "n", n, of, "", f"{n}/{of}")
    for name, events, group in (
        ("altered", basis.altered_events, basis.altered),
        ("not altered", basis.events - basis.altered_events, others),
    ):
        yield Result(table, row, _with_event(basis, name), "n", events, group, "",
                     f"{events}/{group}")  # fmt: skip
    yield told(table, row, "left out", _left_out(basis))


def _p_values(table: str, row: str, family: FamilySurvey, each: Tested) -> Iterator[Result]:
    """Give what p could be at best, what it is, and what it is among its family."""
    for name, value in (
        ("smallest attainable p", each.floor),
        ("p", each.p),
        ("p, Benjamini-Hochberg", each.discovery),
    ):
        shown = NOT_TESTED if value is None else small(value)
        n = each.association.basis.participants
        yield Result(table, row, name, "p", value, n, family.method, shown)


def _with_event(basis: Basis, name: str) -> str:
    """Name the column of those who responded or had the event."""
    what = "events" if "survival" in basis.endpoint else "yes"
    return f"{name}: {what}"


def _left_out(basis: Basis) -> str:
    """Say how many are not counted for each reason."""
    reasons = (
        f"{count} {why.removeprefix(basis.marker).strip()}"
        for why, count in basis.excluded_by_reason
    )
    return "; ".join(reasons) or "nobody"


def _estimates(table: str, row: str, each: Tested, n: int) -> Iterator[Result]:
    """Give the estimate by itself, and the adjusted penalised one."""
    found = each.association
    if isinstance(found, ResponseAssociation):
        odds = found.odds
        plain = (odds.odds_ratio, odds.lower, odds.upper) if odds else None
        names = ("odds ratio (exact)", "odds ratio (Firth)")
        methods = (odds.because if odds else "", found.firth.because if found.firth else "")
    else:
        plain = _marker_term(found.cox)
        names = ("hazard ratio (Cox)", "hazard ratio (Firth)")
        methods = (found.cox.because, found.firth.because if found.firth else "")
    for name, three, method in zip(names, (plain, each.adjusted), methods, strict=True):
        values = three or (None, None, None)
        shown = with_limits(three)
        for statistic, value in zip(
            ("estimate", "lower limit", "upper limit"), values, strict=True
        ):
            yield Result(table, row, name, statistic, value, n, method, shown)


def response_table(families: Sequence[FamilySurvey]) -> Iterator[Result]:
    """Give pre-specified markers against response in short, for a report of efficacy.

    Parameters
    ----------
    families : sequence of FamilySurvey
        Of responses, as `survey` gives them.

    Yields
    ------
    Result
        One row a marker and endpoint, with who is counted and who is left out; every estimate,
        and time to event, stand in the report of biomarkers.
    """
    for family in families:
        for each in family.tests:
            if each.association.basis.label == "pre-specified":
                yield from _response_row(family, each)


def _response_row(family: FamilySurvey, each: Tested) -> Iterator[Result]:
    """Give one marker against one response."""
    basis = each.association.basis
    row = f"{basis.marker} / {basis.endpoint}"
    yield from _who(RESPONSE, row, basis)
    yield from _p_values(RESPONSE, row, family, each)


def shrunk_table(families: Sequence[FamilySurvey]) -> Iterator[Result]:
    """Give the ratio of each pre-specified marker under a weak prior, and the prior.

    Parameters
    ----------
    families : sequence of FamilySurvey
        As `survey` gives them.

    Yields
    ------
    Result
        One row a marker and endpoint; none where the counts tell nothing of the ratio.
    """
    for family in families:
        for each in family.tests:
            found = each.shrunk
            if found is None:
                continue
            row, n = f"{each.marker} / {family.endpoint}", found.basis.participants
            three = (found.ratio, found.lower, found.upper)
            yield told(SHRUNK, row, "family", family.family)
            yield told(SHRUNK, row, "measure", found.measure)
            for name, value in zip(("estimate", "lower limit", "upper limit"), three, strict=True):
                yield Result(SHRUNK, row, "posterior median with limits", name, value, n,
                             found.because, with_limits(three))  # fmt: skip
            yield Result(SHRUNK, row, "probability below 1", "probability", found.below_one, n,
                         found.because, f"{found.below_one:.2f}")  # fmt: skip
            scale = f"mean {found.prior.mean:g}, SD {found.prior.spread:.3g} of the logarithm"
            yield told(SHRUNK, row, "normal prior", scale)


def _marker_term(fitted: CoxFit) -> tuple[float, float, float] | None:
    """Give the hazard ratio of the marker."""
    if not fitted.is_estimable:
        return None
    term = fitted.terms[0]
    return term.hazard_ratio, term.lower, term.upper


def with_limits(three: tuple[float, float, float] | None) -> str:
    """Write an estimate with its limits.

    Parameters
    ----------
    three : tuple of (float, float, float) or None
        Estimate, lower and upper limit, which may be 0 or infinite.

    Returns
    -------
    str
        `NE` when not estimable; `no limit` for one that is 0 or infinite.
    """
    if three is None:
        return "NE"
    first, low, high = three
    lower = "no lower limit" if low == 0 else f"{low:.2f}"
    upper = "no upper limit" if high == float("inf") else f"{high:.2f}"
    estimate = "infinite" if first == float("inf") else f"{first:.2f}"
    return f"{estimate} ({lower} to {upper})"


def small(p: float) -> str:
    """Write a p-value.

    Parameters
    ----------
    p : float
        From 0 to 1.

    Returns
    -------
    str
        Two significant digits.
    """
    return f"{p:.2g}"


def family_listing(families: Sequence[FamilySurvey]) -> Iterator[Result]:
    """List how each family was gated and corrected.

    Parameters
    ----------
    families : sequence of FamilySurvey
        As `survey` gives them.

    Yields
    ------
    Result
        Which markers could not be tested, and the method with the number of permutations.
    """
    for each in families:
        row = f"{each.endpoint} / {each.family} / {each.label}"
        yield told(FAMILIES, row, "analysis set", each.analysis_set)
        yield told(FAMILIES, row, "gate", each.gate.because)
        yield told(FAMILIES, row, "method", each.method)


def state_listing(table: MarkerTable) -> Iterator[Result]:
    """List what is known of each pre-specified marker where there is a specimen, and why.

    Parameters
    ----------
    table : MarkerTable
        Of the roster.

    Yields
    ------
    Result
        One row a participant and marker.
    """
    for number, row in zip(table.participants, table.cells, strict=True):
        for column, cell in zip(table.markers, row, strict=True):
            if column.is_prespecified and cell.specimen:
                name = f"{number} / {column.id}"
                yield told(STATES, name, "state", str(cell.state))
                yield told(STATES, name, "specimen", cell.specimen)
                yield told(STATES, name, "because", cell.because)
