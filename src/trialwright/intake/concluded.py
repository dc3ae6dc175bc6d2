"""What a report concludes and a plan has under way: neither diagnosis nor order, and no silence.

A radiologist codes what an image shows (`DiagnosticReport.conclusionCode`), and a plan of care what
is given by it (`CarePlan.activity.detail`). Either may be all that a record tells of it.
"""

from trialwright.casebook.facts import Condition
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import words_of
from trialwright.intake.conditions import asked_where, is_anywhere
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.observations import REPORTED
from trialwright.intake.outcome import Place, Reading
from trialwright.terms.errors import Fault, Refusal

_UNDER_WAY = frozenset({"in-progress", "on-hold"})
"""Status of an activity that has begun and is not over."""

_DO_ASK = "Ask the treating physician, and record it by hand"


def read_told_beside(resource: Element, codebook: Codebook, place: Place) -> Reading | None:
    """Read what a report concludes, or a plan has under way.

    Parameters
    ----------
    resource : Element
        Any resource.
    codebook : Codebook
        Codes and names of the protocol.
    place : Place
        Where it stands.

    Returns
    -------
    Reading or None
        Conditions that are suspected, or medicines left open, each with a question; None where it
        tells none of the protocol's.

    Raises
    ------
    Refusal
        If a part of it has another form.
    """
    match resource.text("resourceType"):
        case "DiagnosticReport":
            return _concluded(resource, codebook, place)
        case "CarePlan":
            return _under_way(resource, codebook, place)
        case _:
            return None


def _concluded(resource: Element, codebook: Codebook, place: Place) -> Reading | None:
    """Read the codes of a conclusion as suspected since nobody knows when."""
    names: dict[str, None] = {}
    is_unplaced = False
    for each in resource.inners("conclusionCode"):
        coded = codebook.terms_of("condition", each)
        told = codebook.wording.told("condition", () if coded else words_of(each))
        concluded = (*coded, *told.certain, *told.possible)
        is_unplaced |= is_anywhere(each, concluded, codebook)
        names |= dict.fromkeys(concluded)
    if not names or resource.text("status") not in REPORTED:
        return None
    try:
        on = civil(resource, "effectiveDateTime") or civil(resource, "issued")
    except Refusal as refused:
        return Reading(questions=place.questions(refused, names))
    fault = Fault(resource.path("conclusionCode"), "what a report concludes", "a diagnosis",
                  _DO_ASK)  # fmt: skip
    asked = [place.question(fault, name, is_held=True) for name in names]
    if is_unplaced:
        asked.append(
            asked_where(resource, "conclusionCode", codebook.sited.difference(names), place)
        )
    return Reading(
        tuple(
            Condition(name, is_present=True, since=None, until=None, source=place.source,
                      recorded=on, is_confirmed=False)
            for name in names
        ),
        tuple(asked),
    )  # fmt: skip


def _under_way(resource: Element, codebook: Codebook, place: Place) -> Reading | None:
    """Ask about medicines that a plan says are under way."""
    if resource.text("status") not in ("active", "on-hold"):
        return None
    details = [each.inner("detail") for each in resource.inners("activity")]
    given = [each for each in details if each and each.text("status") in _UNDER_WAY]
    concepts = [each.inner(name) for each in given for name in ("code", "productCodeableConcept")]
    meant = [codebook.formulary.medicines_of((each,)) for each in concepts if each]
    names = dict.fromkeys(name for each in meant for name in (*each.medicines, *each.doubted))
    if not names:
        return None
    fault = Fault(resource.path("activity"), "a medicine that a plan has under way",
                  "the medicine as it was given", _DO_ASK)  # fmt: skip
    return Reading(questions=tuple(place.question(fault, name) for name in names))
