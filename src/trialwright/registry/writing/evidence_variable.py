"""The criteria of a protocol as FHIR R5: an EvidenceVariable of the rules, a Group of the list.

Each characteristic carries the sentence of its criterion and, in an extension, the rule itself as
the protocol file holds it. What FHIR has words for is structured beside them: combinations, types
with values, and the time before the day judged.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    IfRule,
    NotRule,
    Rule,
)
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import AgeRule, FindingRule, ObservationRule, SexRule
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.codes import SYSTEMS

Plain = dict[str, Any]

RULE = "urn:trialwright:rule"
"""Address of the extension that holds a rule as JSON."""

APPLIES = "urn:trialwright:applies-to"
"""Address of the extension that names arms or the sex a criterion is for."""

_URIS: Mapping[str, str] = {short: uri for uri, short in SYSTEMS.items()}
_GENDER = "http://hl7.org/fhir/administrative-gender"
_LOINC = "http://loinc.org"
_AGE, _SEX = ("30525-0", "Age"), ("46098-0", "Sex")


def write_evidence_variable(study: Study) -> Plain:
    """Write the criteria as a FHIR R5 EvidenceVariable.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    dict
        The resource; exclusions carry `exclude`, permissions are notes of the resource.
    """
    judged = [each for each in study.criteria if each.rule is not None]
    notes = [each for each in study.criteria if each.rule is None]
    resource: Plain = {
        "resourceType": "EvidenceVariable",
        "id": f"{study.identifiers.nct.lower()}-eligibility",
        "identifier": [{"system": "http://clinicaltrials.gov", "value": study.identifiers.nct}],
        "version": study.version,
        "name": f"{study.identifiers.nct}Eligibility",
        "title": f"Eligibility for {study.identifiers.nct}",
        "status": "active",
        "date": study.dated.isoformat(),
        "description": "\n".join(f"{each.id} {each.says}" for each in study.criteria),
        "actual": False,
        "characteristic": [_characteristic(each, study) for each in judged],
    }
    if notes:
        resource["note"] = [{"text": f"{each.id} {each.says}"} for each in notes]
    return resource


def write_group(study: Study) -> Plain:
    """Write the criteria as a definitional FHIR R5 Group.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    dict
        The resource, with one characteristic for each criterion that restricts.
    """
    return {
        "resourceType": "Group",
        "id": f"{study.identifiers.nct.lower()}-group",
        "identifier": [{"system": "http://clinicaltrials.gov", "value": study.identifiers.nct}],
        "type": "person",
        "membership": "definitional",
        "name": f"Eligible for {study.identifiers.nct}",
        "description": "\n".join(f"{each.id} {each.says}" for each in study.criteria),
        "characteristic": [
            _member(each, study) for each in study.criteria if each.rule is not None
        ],
    }


def write_fhir_criteria(study: Study) -> Plain:
    """Write both resources as one collection.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    dict
        A FHIR R5 Bundle.
    """
    both = (write_evidence_variable(study), write_group(study))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in both],
    }


def _characteristic(criterion: Criterion, study: Study) -> Plain:
    """Give one criterion with its sentence and rule."""
    rule = criterion.rule
    if rule is None:
        return {}
    return {
        "linkId": criterion.id,
        "extension": _extensions(criterion, rule),
        "description": f"{criterion.says}: {say(rule, study.terms)}",
        "note": [{"text": f"Judged at {criterion.anchor.replace('_', ' ')}"}],
        "exclude": criterion.is_exclusion,
        **_defined(rule, study.terms, criterion.anchor),
    }


def _extensions(criterion: Criterion, rule: Rule) -> list[Plain]:
    """Give the rule as JSON, and for whom the criterion is."""
    kept = rule.model_dump_json(exclude_defaults=True)
    found: list[Plain] = [{"url": RULE, "valueString": kept}]
    if criterion.arms:
        found.append({"url": APPLIES, "valueString": f"arm {', '.join(criterion.arms)}"})
    if criterion.sex is not None:
        found.append({"url": APPLIES, "valueString": f"{criterion.sex} participants"})
    return found


def _defined(rule: Rule, terms: Mapping[str, Term], anchor: str) -> Plain:
    """Define a characteristic by a combination, by a type with its value, or by words."""
    match rule:
        case AllRule():
            return _combined("all-of", rule.of, terms, anchor)
        case AnyRule():
            return _combined("any-of", rule.of, terms, anchor)
        case AtLeastRule():
            return _combined("at-least", rule.of, terms, anchor, threshold=rule.number)
        case NotRule():
            left = {"description": say(rule.rule, dict(terms)), "exclude": True}
            below = left | _defined(rule.rule, terms, anchor)
            return {"definitionByCombination": {"code": "all-of", "characteristic": [below]}}
        case IfRule():
            without = NotRule(kind="not", rule=rule.condition)
            either = (
                AllRule(kind="all", of=(rule.condition, rule.then)),
                AllRule(kind="all", of=(without, rule.otherwise)),
            )
            return _combined("any-of", either, terms, anchor)
        case _:
            valued = _valued(rule, terms)
            if valued is None:
                return {"definitionCodeableConcept": {"text": say(rule, dict(terms))}}
            return {"definitionByTypeAndValue": valued, **_time(rule, anchor)}


def _combined(
    code: str,
    of: tuple[Rule, ...],
    terms: Mapping[str, Term],
    anchor: str,
    threshold: int | None = None,
) -> Plain:
    """Define a characteristic by those below it."""
    below = [
        {"description": say(each, dict(terms)), **_defined(each, terms, anchor)} for each in of
    ]
    combination: Plain = {"code": code, "characteristic": below}
    if threshold is not None:
        combination["threshold"] = threshold
    return {"definitionByCombination": combination}


def _valued(rule: Rule, terms: Mapping[str, Term]) -> Plain | None:
    """Give the type and value of a leaf; None where a pair of them would not say it."""
    match rule:
        case AgeRule():
            return _within({"coding": [_coding(*_AGE)]}, rule, "a")
        case SexRule():
            coding = {"system": _GENDER, "code": rule.expect, "display": rule.expect.capitalize()}
            kind = {"coding": [_coding(*_SEX)]}
            return {"type": kind, "valueCodeableConcept": {"coding": [coding]}}
        case ObservationRule(pick="latest" | "any"):
            valued = _within(_concept(terms[rule.fact]), rule, rule.unit)
            methods = [{"text": each} for each in rule.methods]
            return valued | {"method": methods} if valued and methods else valued
        case FindingRule(among=(answer,)):
            value = {"text": answer}
            return {"type": _concept(terms[rule.fact]), "valueCodeableConcept": value}
        case ConditionRule():
            return {
                "type": _concept(terms[rule.fact]),
                "valueBoolean": rule.expect == "present",
            }
        case TreatmentRule(half_lives=None, stopped_for=()) if rule.when != "started-within":
            return {"type": _concept(terms[rule.fact]), "valueBoolean": True}
        case _:
            return None


def _within(kind: Plain, bounds: Bounded, unit: str) -> Plain | None:
    """Give bounds as a quantity with its comparator, or as a range, which includes both ends."""
    one_sided = (
        (bounds.at_least, ">="),
        (bounds.above, ">"),
        (bounds.at_most, "<="),
        (bounds.below, "<"),
    )
    given = [(number, sign) for number, sign in one_sided if number is not None]
    if len(given) == 1:
        number, sign = given[0]
        return {"type": kind, "valueQuantity": {**_quantity(number, unit), "comparator": sign}}
    if bounds.at_least is None or bounds.at_most is None:
        return None
    ends = {"low": _quantity(bounds.at_least, unit), "high": _quantity(bounds.at_most, unit)}
    return {"type": kind, "valueRange": ends}


def _quantity(number: Decimal, unit: str) -> Plain:
    """Give a number with its UCUM unit."""
    return {"value": number, "unit": unit, "system": _URIS["UCUM"], "code": unit}


def _concept(term: Term) -> Plain:
    """Give a term with its codes."""
    coding = [
        {"system": _URIS[each.system], "code": each.code}
        for each in term.coded
        if each.system in _URIS
    ]
    return {"coding": coding, "text": term.says} if coding else {"text": term.says}


def _coding(code: str, display: str) -> Plain:
    """Give a code of LOINC."""
    return {"system": _LOINC, "code": code, "display": display}


def _time(rule: Rule, anchor: str) -> Plain:
    """Give how far back from the day judged a leaf looks."""
    match rule:
        case ObservationRule() | FindingRule() | ConditionRule():
            days = rule.within_days
        case TreatmentRule():
            days = rule.days
        case _:
            days = None
    if days is None:
        return {}
    day = {"unit": "day", "system": _URIS["UCUM"], "code": "d"}
    ends = {"low": {"value": -days, **day}, "high": {"value": 0, **day}}
    event = {"text": anchor.replace("_", " ")}
    return {"timeFromEvent": [{"eventCodeableConcept": event, "range": ends}]}


def _member(criterion: Criterion, study: Study) -> Plain:
    """Give one criterion of the group: a code with its value where one leaf says it all."""
    rule = criterion.rule
    if rule is None:
        return {}
    valued = _valued(rule, study.terms)
    words = {"text": f"{criterion.says}: {say(rule, study.terms)}"}
    says_less = valued is None or "method" in valued or bool(_time(rule, criterion.anchor))
    stated = (
        {"code": {"text": criterion.id}, "valueCodeableConcept": words}
        if valued is None or says_less
        else {"code": valued["type"], **{name: valued[name] for name in valued if name != "type"}}
    )
    kept = _extensions(criterion, rule)
    return {"id": criterion.id, "extension": kept, **stated, "exclude": criterion.is_exclusion}
