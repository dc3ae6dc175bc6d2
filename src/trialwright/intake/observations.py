"""FHIR Observation to facts: which term, which value, which day."""

from decimal import Decimal

from trialwright.casebook.facts import Observation
from trialwright.intake.amounts import amount, checked
from trialwright.intake.answers import coded_answer, finding
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil, period
from trialwright.intake.her2_signals import signals_answer
from trialwright.intake.methods import is_of_a_specimen, method_of
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Reading, together
from trialwright.intake.ranges import group_ranges, reference_range
from trialwright.intake.settling import unsettled
from trialwright.intake.stages import staged
from trialwright.intake.stain_observations import tells_signals
from trialwright.protocol.vocabulary import Term
from trialwright.terms.answers import IN_QUESTION, SCORES
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.quantities import Quantity, is_score

FINAL = frozenset({"final", "amended", "corrected"})
"""Observation.status of a result that counts."""

REPORTED = FINAL | {"appended"}
"""Status of a report or panel that counts; `partial` leaves its results in question."""

NOT_FINAL = frozenset({"registered", "preliminary", "cancelled", "entered-in-error", "unknown"})
"""Observation.status of a result that does not count."""

NEVER = NOT_FINAL - {"unknown"}
"""Those of one that certainly does not; of a status that the source does not know it may."""

_DO_ASK = "Read the record where it comes from, and enter the value by hand"
_VALUES = frozenset(
    {
        "valueQuantity",
        "valueCodeableConcept",
        "valueInteger",
        "valueString",
        "valueBoolean",
        "valueRange",
        "valueRatio",
        "valueSampledData",
        "valueTime",
        "valueDateTime",
        "valuePeriod",
    }
)
"""The forms that a value may take in FHIR R4."""

_ANSWERED = ("valueCodeableConcept", "valueString", "valueInteger", "valueQuantity")
"""The forms that an answer may take."""

_TUMOUR, _LONGEST = Code("LOINC", "21889-1"), Code("LOINC", "33728-7")
"""Size of a tumour, and its longest diameter, which stands as a component of it."""

_SIZES = frozenset({_TUMOUR, _LONGEST})
"""Sizes of a tumour: on a specimen, of one that was taken out and is no lesion any more."""


def read_observation(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read one Observation, with the components of a panel.

    Parameters
    ----------
    resource : Element
        The Observation.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        Facts and questions, or why it is left aside.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    whole = (resource, *resource.inners("component"))
    parts = [(part, name) for part in whole for name in _terms(resource, part, codebook)]
    worded = [(part, name) for part in whole for name in _named(part, codebook)]
    stagings = [
        (part, asked)
        for part in whole
        if (asked := codebook.terms_of("staging", part.inner("code")))
    ]
    if not parts and not stagings and not worded:
        return Reading(ignored=NOT_IN_VOCABULARY)
    try:
        if resource.text("status") in NEVER:
            return Reading(ignored=resource.text("status"))
        if _SIZES.intersection(codes_of(resource.inner("code"))) and is_of_a_specimen(resource):
            return Reading(ignored="measured on a specimen")
        on, at, method = _day(resource), _instant(resource), method_of(resource)
    except Refusal as refused:
        names = [
            *(name for _, name in (*parts, *worded)),
            *(name for _, asked in stagings for name in asked),
        ]
        return Reading(questions=place.questions(refused, dict.fromkeys(names)))
    beside = at, method
    readings = [
        _read_part(part, name, codebook.terms[name], on, place, beside) for part, name in parts
    ]
    readings += [_read_named(part, name, on, place) for part, name in worded]
    readings += [staged(part, asked, codebook, place, on) for part, asked in stagings]
    nothing = "a stage that tells no metastasis" if stagings else "no value recorded"
    reading = together(readings, nothing)
    if resource.text("status") in FINAL or reading.ignored:
        return reading
    fault = Fault(resource.path("status"), "unknown", "a status that says it", _DO_ASK)
    return unsettled(reading, fault, place)


def _terms(resource: Element, part: Element, codebook: Codebook) -> tuple[str, ...]:
    """Give the terms of an Observation or component; a longest diameter is the tumour's size."""
    own = codebook.terms_of("observation", part.inner("code"))
    if own or part is resource or _LONGEST not in codes_of(part.inner("code")):
        return own
    code = resource.inner("code")
    return codebook.terms_of("observation", code) if _TUMOUR in codes_of(code) else ()


def _named(part: Element, codebook: Codebook) -> tuple[str, ...]:
    """Give the terms of which a part without a code of the protocol has a name, and a value."""
    concept = part.inner("code")
    if concept is None or codes_of(concept):  # a code says what it is, and of which specimen
        return ()
    if not any(name in part for name in _VALUES):
        return ()
    named = (codebook.wording.results_named(text) for text in words_of(concept))
    return tuple(dict.fromkeys(name for each in named for name in each))


def _read_named(part: Element, name: str, on: PartialDate, place: Place) -> Reading:
    """Keep a result that has a name and no code in question, on its day."""
    found, allowed = "a result by its name alone", "a code of LOINC"
    fault = Fault(part.path("code"), found, allowed, _DO_ASK)
    held = Observation(name, IN_QUESTION, on, place.source)
    return Reading((held,), (place.question(fault, name, is_held=True),))


def _read_part(
    part: Element,
    name: str,
    term: Term,
    on: PartialDate,
    place: Place,
    beside: tuple[str, str],
) -> Reading:
    """Read the value of an Observation or component; what cannot be read stays in question."""
    try:
        value = _value(part, term)
        if value is None:
            return Reading()
        low, high = (
            reference_range(part, value.unit) if isinstance(value, Quantity) else (None, None)
        )
        ranges = group_ranges(part, value.unit) if isinstance(value, Quantity) else ()
    except Refusal as refused:
        unsettled = Observation(name, IN_QUESTION, on, place.source)
        asked = tuple(place.question(fault, name, is_held=True) for fault in refused.faults)
        return Reading((unsettled,), asked)
    return Reading((Observation(name, value, on, place.source, low, high, ranges, *beside),))


def _instant(resource: Element) -> str:
    """Give the instant of a result, where the record gives more than a day."""
    written = resource.text("effectiveDateTime") or resource.text("effectiveInstant")
    return written if "T" in written else ""


def _day(resource: Element) -> PartialDate:
    """Give the day of a result that counts: of the specimen or examination, else of the issue."""
    if resource.text("status") not in FINAL | {"unknown"}:
        raise refuse(resource.path("status"), "none that FHIR knows", "final", _DO_ASK)
    on = civil(resource, "effectiveDateTime") or civil(resource, "effectiveInstant")
    if on is not None:
        return on
    lasting = resource.inner("effectivePeriod")
    if lasting is not None:
        return period(lasting)
    issued = civil(resource, "issued")
    if issued is None or "effectiveTiming" in resource:
        raise refuse(resource.where, "no day", "effectiveDateTime", _DO_ASK)
    return issued


def _value(part: Element, term: Term) -> Quantity | str | None:
    """Give the value as the term holds it; None when the record gives none."""
    forms = [name for name in part.content if name in _VALUES and name in part]
    if len(forms) > 1:
        raise refuse(part.where, f"{len(forms)} values", "one value", _DO_ASK)
    if term.kind == "finding" and forms and tells_signals(part):
        return signals_answer(part)
    if term.kind == "finding" and (not forms or forms[0] in _ANSWERED):
        return finding(part, term)
    if not forms:
        return None
    match forms[0]:
        case "valueQuantity":
            found = part.inner("valueQuantity")
            return amount(found, term) if found else None
        case "valueCodeableConcept":
            return _coded(part, term)
        case "valueInteger":
            return _whole(part, term)
        case other:
            raise refuse(part.path(other), "not read as a value", "an amount or a code", _DO_ASK)


def _whole(part: Element, term: Term) -> Quantity:
    """Read a bare whole number, which is an amount only where no unit is needed."""
    where = part.path("valueInteger")
    number = part.number("valueInteger") or Decimal(0)
    if number % 1 or not is_score(term.unit):
        raise refuse(where, "a number without a unit", f"an amount in {term.unit}", _DO_ASK)
    return checked(number, term.unit, "", term, where)


def _coded(part: Element, term: Term) -> Quantity | str:
    """Read a coded answer: a score where a number is asked, else its word or its code."""
    where = part.path("valueCodeableConcept")
    codes = codes_of(part.inner("valueCodeableConcept"))
    if is_score(term.unit):
        scores = {SCORES[code] for code in codes if code in SCORES}
        if len(scores) == 1:
            return checked(Decimal(scores.pop()), term.unit, "", term, where)
        raise refuse(where, "no code of a score", "one score", _DO_ASK)
    if term.unit:
        raise refuse(where, "a coded answer", f"an amount in {term.unit}", _DO_ASK)
    return coded_answer(part, where)
