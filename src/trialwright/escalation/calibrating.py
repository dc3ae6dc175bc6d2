"""Settings of a design chosen by how often it selects the correct level.

Every combination of the settings that are varied is judged in the same scenarios. Exact
probabilities have no noise, so two candidates differ when their designs do, however little; where a
candidate is simulated, its standard error says what a difference is worth.

The skeleton of a CRM is varied by the half-width of its indifference interval and by the prior MTD
[1]_: `halfwidth` and `prior_mtd` stand for `skeleton`.

References
----------
.. [1] Lee SM, Cheung YK. Model calibration in the continual reassessment method. Clin Trials
   2009;6(3):227-238.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

import numpy as np
from pydantic import TypeAdapter, ValidationError

from trialwright.escalation.behaviour import Behaviour, Measure, Method
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.decision import Design
from trialwright.escalation.evaluating import Effort, Scenario, evaluate, require_scenarios
from trialwright.escalation.simulating import Note
from trialwright.escalation.tally_design import TallyDesign
from trialwright.escalation.tally_rule import table_of
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.protocol.escalation_models import CrmDesign
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

MOST_CANDIDATES = 10_000
"""More combinations are refused."""

SKELETON_PLACES = Decimal("0.0001")
"""Prior guesses of a calibrated skeleton are rounded to this, as a protocol would print them."""

_READ: TypeAdapter[EscalationDesign] = TypeAdapter(EscalationDesign)

Value = int | Decimal
"""What a setting can be given."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One combination of settings.

    Attributes
    ----------
    settings : tuple of (str, int or Decimal)
        Those that were varied, with their values.
    data : EscalationDesign
        The whole design, as a protocol writes it.
    """

    settings: tuple[tuple[str, Value], ...]
    data: EscalationDesign


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How a candidate did.

    Attributes
    ----------
    candidate : Candidate
        Its settings.
    correct_selection, overdose_selection : Measure
        Mean over the scenarios.
    least_correct : Measure
        Correct selection in the scenario where it is rarest.
    is_allowed : bool
        Whether the overdose selection is within its bound.
    same_as : int or None
        Rank of a candidate before with the same numbers in every scenario; counted from 1.
    method : {'exact', 'monte-carlo'}
        How the numbers were found.
    """

    candidate: Candidate
    correct_selection: Measure
    overdose_selection: Measure
    least_correct: Measure
    is_allowed: bool
    same_as: int | None
    method: Method


def candidates(
    data: EscalationDesign, levels: int, varied: Mapping[str, Sequence[Value]]
) -> tuple[Candidate, ...]:
    """Give every combination of settings.

    Parameters
    ----------
    data : EscalationDesign
        The design from which the other settings are taken.
    levels : int
        Number of dose levels.
    varied : mapping of str to sequence of int or Decimal
        Settings of the protocol file with the values to try; for a CRM also `halfwidth` and
        `prior_mtd`.

    Returns
    -------
    tuple of Candidate
        The last setting varies fastest.

    Raises
    ------
    Refusal
        If nothing is varied, there are too many combinations, a name is no setting, or a
        combination is no design.
    """
    number = math.prod(len(values) for values in varied.values())
    if not varied or not 1 <= number <= MOST_CANDIDATES:
        found, allowed = f"{number if varied else 0} combinations", f"1-{MOST_CANDIDATES}"
        raise refuse("vary", found, allowed, "Vary one setting or more, with fewer values")
    return tuple(
        Candidate(tuple(zip(varied, values, strict=True)), _made(data, levels, varied, values))
        for values in product(*varied.values())
    )


def _made(
    data: EscalationDesign,
    levels: int,
    varied: Mapping[str, Sequence[Value]],
    values: Sequence[Value],
) -> EscalationDesign:
    """Make the design of one combination."""
    chosen: dict[str, object] = dict(zip(varied, values, strict=True))
    told = ", ".join(f"{name} {value}" for name, value in chosen.items())
    if isinstance(data, CrmDesign) and {"halfwidth", "prior_mtd"} & set(chosen):
        chosen = _with_skeleton(data, levels, chosen)
    known = set(type(data).model_fields) - {"name", "origin", "note", "backfill"}
    strange = [name for name in chosen if name not in known]
    if strange:
        allowed = ", ".join(sorted(known))
        raise refuse("vary", shorten(", ".join(strange)), allowed, "Name a setting of the design")
    try:
        made = _READ.validate_python({**data.model_dump(), **chosen}, strict=True)
    except ValidationError as invalid:
        raise Refusal(
            Fault(f"vary, {told}", found, allowed or "a value that fits", "Correct it")
            for each in invalid.errors(include_url=False)
            for found, _, allowed in [
                str(each["msg"]).removeprefix("Value error, ").partition(": ")
            ]
        ) from None
    try:
        design_from(made, levels)
    except Refusal as refused:
        raise Refusal(
            replace(each, where=f"vary, {told}: {each.where}") for each in refused.faults
        ) from None
    return made


def _with_skeleton(data: CrmDesign, levels: int, chosen: dict[str, object]) -> dict[str, object]:
    """Put the skeleton in the place of half-width and prior MTD."""
    others = {
        name: value for name, value in chosen.items() if name not in ("halfwidth", "prior_mtd")
    }
    if "halfwidth" not in chosen:
        raise refuse("vary", "prior_mtd alone", "prior_mtd with halfwidth", "Vary both")
    given = chosen.get("prior_mtd")
    prior_mtd = _nearest(data) if given is None else int(str(given))
    target = float(str(others.get("target", data.target)))
    skeleton = skeleton_around(
        float(str(chosen["halfwidth"])),
        target,
        prior_mtd,
        levels,
        data.model,
        float(data.intercept),
    )
    rates = tuple(Decimal(repr(rate)).quantize(SKELETON_PLACES) for rate in skeleton)
    return {**others, "skeleton": rates}


def _nearest(data: CrmDesign) -> int:
    """Give the level whose prior guess is nearest to the target."""
    gaps = [abs(rate - data.target) for rate in data.skeleton]
    return gaps.index(min(gaps)) + 1


def calibrate(
    tried: Sequence[Candidate],
    levels: int,
    scenarios: Sequence[Scenario],
    target: float,
    most_overdose: float = 1.0,
    random: Callable[[], np.random.Generator] | None = None,
    effort: Effort | None = None,
    note: Note | None = None,
) -> tuple[Calibrated, ...]:
    """Rank candidates by how often they select the correct level.

    Parameters
    ----------
    tried : sequence of Candidate
        As `candidates` gives them.
    levels : int
        Number of dose levels.
    scenarios : sequence of Scenario
        All of them count alike.
    target : float, probability
        Target toxicity rate against which levels are called correct.
    most_overdose : float, probability
        Candidates that select an overdose more often, on average, stand last.
    random : callable () -> numpy.random.Generator, or None
        Gives the generator of each scenario; needed where a candidate is simulated.
    effort : Effort or None
        Method, memory and trials.
    note : callable (int, int) -> None, or None
        Told how many candidates are done, of how many.

    Returns
    -------
    tuple of Calibrated
        The best first; of equals the one tried first.

    Raises
    ------
    Refusal
        As `evaluate`.
    """
    require_scenarios(scenarios)
    found: list[tuple[Candidate, tuple[Behaviour, ...]]] = []
    known: dict[bytes, tuple[Behaviour, ...]] = {}
    for done, each in enumerate(tried, start=1):
        design = design_from(each.data, levels)
        key = _decisions(design) or done.to_bytes(4, "big")
        if key not in known:
            known[key] = evaluate(design, scenarios, target, random, effort)
        found.append((each, known[key]))
        if note is not None:
            note(done, len(tried))
    ranked = sorted(found, key=lambda one: _order(one[1], most_overdose))
    first: dict[tuple[float, ...], int] = {}
    result = []
    for rank, (candidate, behaviours) in enumerate(ranked, start=1):
        same_as = first.setdefault(_numbers(behaviours), rank)
        result.append(
            _calibrated(candidate, behaviours, most_overdose, None if same_as == rank else same_as)
        )
    return tuple(result)


def _numbers(behaviours: Sequence[Behaviour]) -> tuple[float, ...]:
    """Give the numbers of all scenarios by which candidates are told apart, rounding left out."""
    return tuple(
        round(each.value, 12)
        for found in behaviours
        for each in (*found.p_select, *found.expected_n)
    )


def _order(behaviours: Sequence[Behaviour], most_overdose: float) -> tuple[bool, float]:
    """Give what candidates are ranked by; rounding of sums is no difference."""
    correct = _mean([each.correct_selection for each in behaviours]).value
    overdose = _mean([each.overdose_selection for each in behaviours]).value
    return overdose > most_overdose, -round(correct, 12)


def _calibrated(
    candidate: Candidate,
    behaviours: Sequence[Behaviour],
    most_overdose: float,
    same_as: int | None,
) -> Calibrated:
    """Sum up one candidate."""
    overdose = _mean([each.overdose_selection for each in behaviours])
    return Calibrated(
        candidate=candidate,
        correct_selection=_mean([each.correct_selection for each in behaviours]),
        overdose_selection=overdose,
        least_correct=min(each.correct_selection for each in behaviours),
        is_allowed=overdose.value <= most_overdose,
        same_as=same_as,
        method=behaviours[0].method,
    )


def _mean(measures: Sequence[Measure]) -> Measure:
    """Give the mean of independent numbers with its standard error."""
    value = math.fsum(each.value for each in measures) / len(measures)
    return Measure(value, math.hypot(*(each.mcse for each in measures)) / len(measures))


def _decisions(design: Design) -> bytes | None:
    """Give what tells the decisions of a table design apart; None for any other design."""
    if not isinstance(design, TallyDesign):
        return None
    table = table_of(design)
    around = (
        design.max_n,
        design.cohort_size,
        design.starting_level,
        design.stop_at,
        design.first_size(),
        design.target,
        design.mtd_limit(),
    )
    return table.letters.tobytes() + table.stops_lowest.tobytes() + repr(around).encode()
