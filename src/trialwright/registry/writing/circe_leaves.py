"""Leaves of a criterion as OHDSI's cohort language says them: criteria with windows and bounds.

The day judged is the last day of the observation period. A leaf is said either so that it holds
for everybody who meets it (wide), or so that only those hold who meet it (narrow); what the
language cannot say is told with its reason.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trialwright.protocol.criteria import Rule
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import AgeRule, MultipleRule, ObservationRule, SexRule
from trialwright.protocol.rule_parts import Bounded
from trialwright.registry.writing.circe_concepts import NO_CONCEPT, ConceptSets
from trialwright.terms.omop import FEMALE, MALE

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What came of saying a rule.

    Attributes
    ----------
    group : dict or None
        The rule as Circe writes it; None when it cannot be said.
    reasons : tuple of str
        Why it cannot be said, or how what is said differs.
    """

    group: Plain | None
    reasons: tuple[str, ...] = ()


NOT_SAYABLE = {
    "range": "the laboratory's own range for a group of people is in no table of OMOP",
    "finding": "the latest coded result: a cohort takes any result, whatever came after it",
    "clearance": "clearance is calculated from age, weight and creatinine together",
    "qtcf": "the mean of several ECGs of one day is calculated",
    "stable": "that a condition stayed stable rests on a series of findings",
    "lines": "lines of therapy are counted from starts, settings and stop reasons",
    "specimen": "specimens are judged by form, number and thickness",
    "attested": "a person answers for it; the answer is in no table of OMOP",
    "approval": "an approval is given by a person; it is in no table of OMOP",
}
"""Why a cohort cannot say a kind of leaf at all."""


def said(rule: Rule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say a leaf in the cohort language.

    Parameters
    ----------
    rule : Rule
        A rule without rules below it.
    sets : ConceptSets
        Where concept sets are numbered.
    is_wide : bool
        Whether the group holds for everybody who meets the leaf; else only for those who meet it.

    Returns
    -------
    Said
        Without a group where the language has no words for it.
    """
    match rule:
        case AgeRule():
            return _age(rule)
        case SexRule():
            return Said(of_sex(rule.expect))
        case ObservationRule():
            return _observation(rule, sets, is_wide=is_wide)
        case MultipleRule():
            return _multiple(rule, sets, is_wide=is_wide)
        case ConditionRule():
            return _condition(rule, sets)
        case TreatmentRule():
            return _treatment(rule, sets, is_wide=is_wide)
        case _:
            return Said(None, (NOT_SAYABLE[rule.kind],))


def of_sex(sex: str) -> Plain:
    """Say that the recorded sex is this one.

    Parameters
    ----------
    sex : {'female', 'male'}
        Which.

    Returns
    -------
    dict
        A group with one demographic criterion.
    """
    concept_id = FEMALE if sex == "female" else MALE
    concept = {"CONCEPT_ID": concept_id, "CONCEPT_CODE": sex[0].upper(), "VOCABULARY_ID": "Gender"}
    return grouped("ALL", demographic=[{"Gender": [concept]}])


def grouped(
    kind: str,
    criteria: list[Plain] | None = None,
    groups: list[Plain] | None = None,
    demographic: list[Plain] | None = None,
    count: int | None = None,
) -> Plain:
    """Combine criteria into a group.

    Parameters
    ----------
    kind : {'ALL', 'ANY', 'AT_LEAST', 'AT_MOST'}
        How they are combined.
    criteria, groups, demographic : list of dict or None
        What is combined.
    count : int or None
        How many, for the last two kinds.

    Returns
    -------
    dict
        As Circe writes it.
    """
    group: Plain = {"Type": kind}
    if count is not None:
        group["Count"] = count
    return group | {
        "CriteriaList": criteria or [],
        "DemographicCriteriaList": demographic or [],
        "Groups": groups or [],
    }


def numeric(bounds: Bounded) -> Plain | None:
    """Say bounds as a numeric range.

    Parameters
    ----------
    bounds : Bounded
        One or two bounds.

    Returns
    -------
    dict or None
        None for two bounds of which one is strict: the language has `bt`, which includes both.
    """
    match bounds.at_least, bounds.above, bounds.at_most, bounds.below:
        case lower, None, None, None:
            return {"Value": _number(lower), "Op": "gte"}
        case None, lower, None, None:
            return {"Value": _number(lower), "Op": "gt"}
        case None, None, upper, None:
            return {"Value": _number(upper), "Op": "lte"}
        case None, None, None, upper:
            return {"Value": _number(upper), "Op": "lt"}
        case lower, None, upper, None:
            return {"Value": _number(lower), "Extent": _number(upper), "Op": "bt"}
        case _:
            return None


_OUTSIDE = {"gte": "lt", "gt": "lte", "lte": "gt", "lt": "gte", "bt": "!bt"}
_STRICT = "a strict bound on a range with two ends: the cohort language includes both ends"


def _number(bound: Decimal | None) -> int | float:
    """Give a bound as JSON's number."""
    exact = Decimal(0) if bound is None else bound
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _age(rule: AgeRule) -> Said:
    """Say age at the end of the observation period that is judged."""
    age = numeric(rule)
    if age is None:
        return Said(None, (_STRICT,))
    on_the_day = {
        "Start": {"Days": 0, "Coeff": -1},
        "End": {"Days": 0, "Coeff": 1},
        "UseIndexEnd": True,
        "UseEventEnd": True,
    }
    criterion = {
        "Criteria": {"ObservationPeriod": {"AgeAtEnd": age}},
        "StartWindow": on_the_day,
        "Occurrence": {"Type": 2, "Count": 1},
    }
    why = "age in completed years: a cohort subtracts the year of birth from the year of the day"
    return Said(grouped("ALL", [criterion]), (why,))


def _observation(rule: ObservationRule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say bounds on measurements in the unit of the rule."""
    if rule.pick == "mean":
        return Said(None, ("the mean of several results is calculated",))
    if rule.methods:
        return Said(None, ("the method of examination is no part of a cohort's measurement",))
    unit = {"CONCEPT_ID": NO_CONCEPT, "CONCEPT_CODE": rule.unit, "VOCABULARY_ID": "UCUM"}
    in_unit = f"a result in another unit than {rule.unit} is not converted and does not count"
    return _measured(rule, "ValueAsNumber", {"Unit": [unit]}, sets, (in_unit,), is_wide=is_wide)


def _multiple(rule: MultipleRule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say multiples of the limit of normal that stands beside the result."""
    ratio = "RangeHighRatio" if rule.times == "ULN" else "RangeLowRatio"
    why = "only the reference range recorded with the result is read, no table of the institution"
    return _measured(rule, ratio, {}, sets, (why,), is_wide=is_wide)


def _measured(
    rule: ObservationRule | MultipleRule,
    field: str,
    beside: Plain,
    sets: ConceptSets,
    reasons: tuple[str, ...],
    *,
    is_wide: bool,
) -> Said:
    """Say measurements within bounds: any of them when wide, every one when narrow."""
    inside = numeric(rule)
    if inside is None:
        return Said(None, (_STRICT,))
    number = sets.number_of(rule.fact)
    if number is None:
        return Said(None, (_uncoded(rule.fact),))
    window = _before(rule.within_days)
    held = {"CodesetId": number, **beside, field: inside}
    criteria = [_counted({"Measurement": held}, window)]
    pick = rule.pick if isinstance(rule, ObservationRule) else "latest"
    if pick == "latest":
        one = "any result in the window counts" if is_wide else "every result in the window counts"
        reasons = (f"the latest result: a cohort cannot choose it, so {one}", *reasons)
    if pick == "worst" or (pick == "latest" and not is_wide):
        outside = {**held, field: {**inside, "Op": _OUTSIDE[inside["Op"]]}}
        criteria.append(_counted({"Measurement": outside}, window, is_none=True))
    return Said(grouped("ALL", criteria), reasons)


def _condition(rule: ConditionRule, sets: ConceptSets) -> Said:
    """Say that a condition is or is not on record, in any table that may hold it."""
    number = sets.number_of(rule.fact)
    if number is None:
        return Said(None, (_uncoded(rule.fact),))
    reasons: tuple[str, ...] = ()
    window = _before(None)
    if rule.when == "now":
        reasons = ("whether a condition still goes on: one that has ended counts too",)
    elif rule.when == "within":
        window = _before(None) | _ended_within(rule.within_days)
    kinds = ("ConditionOccurrence", "Observation", "ProcedureOccurrence")
    present = grouped("ANY", [_counted({kind: {"CodesetId": number}}, window) for kind in kinds])
    if rule.expect == "present":
        return Said(present, reasons)
    silent = "nothing recorded: taken for absence, where the protocol may take it for unknown"
    return Said(grouped("AT_MOST", groups=[present], count=0), (*reasons, silent))


def _treatment(rule: TreatmentRule, sets: ConceptSets, *, is_wide: bool) -> Said:
    """Say that one of a set of treatments was given."""
    if rule.when == "started-within":
        return Said(None, ("that a dose was begun or changed: doses are not compared",))
    if rule.stopped_for and not is_wide:
        return Said(None, ("the stop reason has no words of one list in OMOP",))
    if rule.half_lives is not None and is_wide:
        return Said(None, ("half-lives of the medicines: no table of OMOP holds them",))
    number = sets.number_of(rule.fact)
    if number is None:
        return Said(None, (_uncoded(rule.fact),))
    uncoded = sets.uncoded(rule.fact)
    if uncoded and is_wide:
        return Said(None, (f"no code is known for {', '.join(uncoded)}",))
    window = _before(None)
    if rule.when != "ever":
        window |= _ended_within(rule.days or 0)
    kinds = ["DrugExposure"] + ["ProcedureOccurrence"] * sets.has_procedures(rule.fact)
    criteria = [_counted({kind: {"CodesetId": number}}, window) for kind in kinds]
    return Said(grouped("ANY", criteria), _differences(rule, uncoded))


def _differences(rule: TreatmentRule, uncoded: tuple[str, ...]) -> tuple[str, ...]:
    """Tell how what is said of a treatment differs from the rule."""
    told = []
    if rule.half_lives is not None:
        told.append(f"half-lives of the medicines: {rule.days} days alone are asked")
    if rule.stopped_for:
        told.append("the stop reason: treatment that ended for any reason counts")
    if uncoded:
        told.append(f"no code is known for {', '.join(uncoded)}")
    told.append("the route: what is applied locally counts too")
    return tuple(told)


def _uncoded(fact: str) -> str:
    """Say that a term has no code."""
    return f"{fact} has no code that OMOP knows"


def _counted(criteria: Plain, window: Plain, *, is_none: bool = False) -> Plain:
    """Ask for at least one occurrence in a window, or for none; any day on record counts."""
    occurrence = {"Type": 0, "Count": 0} if is_none else {"Type": 2, "Count": 1}
    return {
        "Criteria": criteria,
        **window,
        "Occurrence": occurrence,
        "IgnoreObservationPeriod": True,
    }


def _before(days: int | None) -> Plain:
    """Give the window of what began up to the day judged, and not earlier than so many days."""
    start: Plain = {"Coeff": -1} if days is None else {"Days": days, "Coeff": -1}
    return {
        "StartWindow": {
            "Start": start,
            "End": {"Days": 0, "Coeff": 1},
            "UseIndexEnd": True,
            "UseEventEnd": False,
        }
    }


def _ended_within(days: int | None) -> Plain:
    """Give the window of what had not ended so many days before the day judged."""
    return {
        "EndWindow": {
            "Start": {"Days": days or 0, "Coeff": -1},
            "End": {"Coeff": 1},
            "UseIndexEnd": True,
            "UseEventEnd": True,
        }
    }
