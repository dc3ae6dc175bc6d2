"""Leaves of a criterion as OHDSI's cohort language says them: criteria with windows and bounds.

The day judged is the last day of the observation period. A leaf is said either so that it holds
for everybody who meets it (wide), or so that only those hold who meet it (narrow); what the
language cannot say is told with its reason.
"""

from trialwright.protocol.criteria import Rule
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import AgeRule, MultipleRule, ObservationRule, SexRule
from trialwright.registry.writing.circe_concepts import ConceptSets
from trialwright.registry.writing.circe_parts import (
    STRICT,
    Plain,
    Said,
    before,
    counted,
    grouped,
    numeric,
)
from trialwright.registry.writing.circe_results import multiple, observation
from trialwright.terms.omop import FEMALE, MALE

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
            return observation(rule, sets, is_wide=is_wide)
        case MultipleRule():
            return multiple(rule, sets, is_wide=is_wide)
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


def _age(rule: AgeRule) -> Said:
    """Say age at the end of the observation period that is judged."""
    age = numeric(rule)
    if age is None:
        return Said(None, (STRICT,))
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


def _condition(rule: ConditionRule, sets: ConceptSets) -> Said:
    """Say that a condition is or is not on record, in any table that may hold it."""
    number = sets.number_of(rule.fact)
    if number is None:
        return Said(None, (sets.missing(rule.fact),))
    reasons: tuple[str, ...] = ()
    window = before(None)
    if rule.when == "now":
        reasons = ("whether a condition still goes on: one that has ended counts too",)
    elif rule.when == "within":
        window = before(None) | _ended_within(rule.within_days)
    kinds = ("ConditionOccurrence", "Observation", "ProcedureOccurrence")
    asked = [each for kind in kinds for each in sets.asked(kind, number)]
    present = grouped("ANY", [counted(each, window) for each in asked])
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
        return Said(None, (sets.missing(rule.fact),))
    uncoded = sets.uncoded(rule.fact)
    if uncoded and is_wide:
        return Said(None, (f"no code is known for {', '.join(uncoded)}",))
    window = before(None)
    if rule.when != "ever":
        window |= _ended_within(rule.days or 0)
    kinds = ["DrugExposure"] + ["ProcedureOccurrence"] * sets.has_procedures(rule.fact)
    asked = [each for kind in kinds for each in sets.asked(kind, number)]
    criteria = [counted(each, window) for each in asked]
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
