"""FHIR Condition, Procedure and family history to facts: present since, until, or not known.

A refuted condition is left aside and not recorded as absent: that a suspicion was not confirmed
does not say that somebody looked for the condition and excluded it for this protocol.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Literal

from trialwright.casebook.facts import Condition
from trialwright.intake.ages import ages_of
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import REFUTED, codes_of, is_named, plain_codes, words_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between, civil
from trialwright.intake.medications import (
    read_treatment_encounter,
    read_treatment_procedure,
)
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Question, Reading
from trialwright.intake.stages import stages_of
from trialwright.intake.wording import Told
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse

DONE = "completed"
"""Procedure.status of a procedure that counts."""

NOT_DONE = frozenset({"preparation", "not-done", "entered-in-error"})
"""Procedure.status of one that was not even begun, or never recorded rightly."""

_PERHAPS_DONE = frozenset({"in-progress", "on-hold", "stopped", "unknown"})
"""Procedure.status of one that may have been done, or done in part."""

_UNSURE = frozenset({"unconfirmed", "provisional", "differential"})
_CONFIRMED = frozenset({"confirmed"})
_GOING_ON = frozenset({"active", "recurrence", "relapse"})
_ENDED = frozenset({"inactive", "remission", "resolved"})
_METASTASIS = Code("SNOMEDCT", "128462008")
"""Metastatic malignant neoplasm: the code names no site, which stands beside it as `bodySite`."""

_ANYWHERE = frozenset({_METASTASIS, Code("ICD10CM", "C79.9")})
"""Codes of a metastasis of which they name no place."""

_DO_ASK = "Settle with the treating physician whether it is present"
_DO_CODE = "Ask which it is, and have it coded where the record comes from or enter it by hand"

_Reader = Callable[[Element, Told, Place], Reading]


def read_condition(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read one Condition.

    Parameters
    ----------
    resource : Element
        The Condition.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        One fact a term, perhaps with a question, or why it is left aside. An ended condition
        without a day of end has an interval as `until`. An encounter for a treatment is the
        treatment of its day. One that is told by codes of a terminology that nobody here knows
        and no words, or by words that may or may not deny a name, may be any of the protocol's.

    Raises
    ------
    Refusal
        If its code has another form.
    """
    found = _read(resource, codebook, place, partial(_diagnosed, codebook=codebook))
    if found.ignored != NOT_IN_VOCABULARY:
        return found
    if is_named(resource.inner("code")):
        return read_treatment_encounter(resource, codebook, place)
    verified = plain_codes(resource.inner("verificationStatus"))
    if verified and verified <= REFUTED:
        return Reading(ignored=min(verified))
    return _any(resource, codebook, place) or found


def read_procedure(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read one Procedure: the condition it leaves behind, or the treatment that it is.

    Parameters
    ----------
    resource : Element
        The Procedure.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        The condition, such as removed ovaries, present since the procedure was done; the
        treatment, such as radiotherapy, with its days; or why it is left aside.

    Raises
    ------
    Refusal
        If its code has another form.
    """
    left = _read(resource, codebook, place, _performed)
    given = read_treatment_procedure(resource, codebook, place)
    if NOT_IN_VOCABULARY in (left.ignored, given.ignored):
        found = given if left.ignored == NOT_IN_VOCABULARY else left
        is_unsaid = found.ignored == NOT_IN_VOCABULARY and _is_unsaid(resource.inner("code"))
        is_unsaid = is_unsaid and resource.text("status") not in NOT_DONE
        return (_any(resource, codebook, place) or found) if is_unsaid else found
    facts, questions = (*left.facts, *given.facts), (*left.questions, *given.questions)
    is_read = bool(facts or questions)
    ignored = "" if is_read else left.ignored or given.ignored
    return Reading(facts, questions, ignored, ages=left.ages)


def read_family_history(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read one FamilyMemberHistory: conditions of a relative that the protocol asks for.

    Parameters
    ----------
    resource : Element
        The FamilyMemberHistory.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        One fact a term, such as a family history of long QT syndrome, dated by its record alone,
        and suspected where the relative's health is said to be unknown; or why it is left aside: a
        condition of a relative is never the participant's.

    Raises
    ------
    Refusal
        If its conditions have another form.
    """
    told = [_told("relative", e.inner("code"), codebook) for e in resource.inners("condition")]
    certain = {name for each in told for name in each.certain}
    names = tuple(dict.fromkeys(name for each in told for name in (*each.certain, *each.possible)))
    status = resource.text("status")
    if not names or status in REFUTED:
        return Reading(ignored=status if names else "family history")
    try:
        recorded = civil(resource, "date")
    except Refusal as refused:
        return Reading(questions=place.questions(refused, names))
    return Reading(
        tuple(
            Condition(
                name,
                is_present=True,
                since=None,
                until=None,
                source=place.source,
                recorded=recorded,
                is_confirmed=status != "health-unknown" and name in certain,
            )
            for name in names
        )
    )


def _read(resource: Element, codebook: Codebook, place: Place, read: _Reader) -> Reading:
    """Read a resource of the vocabulary; what cannot be read leaves its terms open."""
    concept = resource.inner("code")
    told = _told("condition", concept, codebook)
    if not told.certain and not told.possible:
        return Reading(ignored=NOT_IN_VOCABULARY)
    codes, sites = codes_of(concept), resource.inners("bodySite")
    if _METASTASIS in codes:
        sited = (codebook.terms_of("site", site) for site in sites)
        names = dict.fromkeys((*told.certain, *(name for each in sited for name in each)))
        told = Told(tuple(names), told.possible)
    names = dict.fromkeys((*told.certain, *told.possible))
    try:
        reading = read(resource, told, place)
    except Refusal as refused:
        reading = Reading(questions=place.questions(refused, names))
    is_placed = bool(sites) and all(is_named(site) for site in sites)
    if reading.ignored or is_placed or not is_anywhere(concept, names, codebook):
        return reading
    is_of_its_cancer = not names.keys().isdisjoint(codebook.primaries.values())
    # else words may be of another cancer: `Metastatic colon cancer`
    is_told = bool(told.certain) or is_named(concept) or is_of_its_cancer
    opens = codebook.sited if is_told else codebook.conditions
    asked = asked_where(resource, "bodySite", opens.difference(names), place)
    return replace(reading, questions=(*reading.questions, asked))


def is_anywhere(concept: Element | None, names: Iterable[str], codebook: Codebook) -> bool:
    """Say whether a concept tells a metastasis, and by neither code nor words its place.

    Parameters
    ----------
    concept : Element or None
        A FHIR CodeableConcept.
    names : iterable of str
        Terms that it tells.
    codebook : Codebook
        Knows which terms are metastases, and which to a place.

    Returns
    -------
    bool
        A code of the protocol that names a place says that it is not elsewhere.
    """
    if not _ANYWHERE.isdisjoint(codes_of(concept)):
        return True
    return not codebook.terms_of("condition", concept) and codebook.is_anywhere(names)


def asked_where(resource: Element, part: str, opens: frozenset[str], place: Place) -> Question:
    """Ask where a metastasis is of which no place is told.

    Parameters
    ----------
    resource : Element
        That tells it.
    part : str
        Where its place would stand.
    opens : frozenset of str
        Terms that it may be as well.
    place : Place
        Where the resource stands.

    Returns
    -------
    Question
        That leaves them open.
    """
    what, do = "a metastasis to a place without a code", "Enter by hand where it is"
    fault = Fault(resource.path(part), what, "the code of a body site", do)
    return place.question(fault, opens=opens)


def _told(
    kind: Literal["condition", "relative"], concept: Element | None, codebook: Codebook
) -> Told:
    """Say which terms a concept tells, by code; without a code of the protocol, by name."""
    coded = codebook.terms_of(kind, concept)
    if coded or concept is None:
        return Told(coded)
    return codebook.wording.told(kind, words_of(concept))


def _any(resource: Element, codebook: Codebook, place: Place) -> Reading | None:
    """Ask about what is told without a known code; None where words tell another condition."""
    concept = resource.inner("code")
    words = () if concept is None else words_of(concept)
    if words and not codebook.wording.is_open(words):
        return None
    what = "no code of a terminology that is known here"
    fault = Fault(resource.path("code"), what, "a code of SNOMED CT or ICD-10-CM", _DO_CODE)
    return Reading(questions=(place.question(fault, opens=codebook.conditions),))


def _is_unsaid(concept: Element | None) -> bool:
    """Say whether there is a code that nobody knows here, and not a word beside it."""
    is_coded = concept is not None and bool(concept.inners("coding"))
    return is_coded and not is_named(concept) and not words_of(concept)  # type: ignore[arg-type]


def _diagnosed(resource: Element, told: Told, place: Place, codebook: Codebook) -> Reading:
    """Read a Condition by its two statuses, with the stages in it."""
    names = (*told.certain, *told.possible)
    verified = plain_codes(resource.inner("verificationStatus"))
    if verified and verified <= REFUTED:
        return Reading(ignored=min(verified))
    suspected = verified & _UNSURE
    if not verified <= _CONFIRMED and not suspected:
        found = "a status that FHIR does not know"
        raise refuse(resource.path("verificationStatus"), found, "confirmed or refuted", _DO_ASK)
    since, recorded = _onset(resource), civil(resource, "recordedDate")
    until, doubt = _end(resource, since)
    facts = tuple(
        Condition(
            name,
            is_present=True,
            since=since,
            until=until,
            source=place.source,
            recorded=recorded,
            is_confirmed=not suspected and name in told.certain,
        )
        for name in names
    )
    facts += stages_of(
        resource, told.certain, codebook, place, recorded, is_confirmed=not suspected
    )
    asked = [doubt] if doubt else []
    if suspected:
        where = resource.path("verificationStatus")
        asked.append(Fault(where, min(suspected), "confirmed or refuted", _DO_ASK))
    questions = tuple(
        place.question(each, name, is_held=each is not doubt) for each in asked for name in names
    )
    return Reading(facts, (*questions, *_asked(resource, told, place)), ages=ages_of(resource))


def _asked(resource: Element, told: Told, place: Place) -> tuple[Question, ...]:
    """Ask which condition words mean that hold a name."""
    found, allowed = "words that may tell it", "its name alone, or its code"
    fault = Fault(resource.path("code"), found, allowed, _DO_CODE)
    return tuple(place.question(fault, name, is_held=True) for name in told.possible)


def _performed(resource: Element, told: Told, place: Place) -> Reading:
    """Read a Procedure by its status."""
    status = resource.text("status")
    if status in NOT_DONE:
        return Reading(ignored=status)
    if status != DONE:
        found = status if status in _PERHAPS_DONE else "none that FHIR knows"
        raise refuse(resource.path("status"), found, DONE, _DO_ASK)
    lasting = resource.inner("performedPeriod")
    since = civil(resource, "performedDateTime")
    if since is None and lasting is not None:
        since = civil(lasting, "end") or civil(lasting, "start")
    return Reading(
        tuple(
            Condition(
                name,
                is_present=True,
                since=since,
                until=None,
                source=place.source,
                is_confirmed=name in told.certain,
            )
            for name in (*told.certain, *told.possible)
        ),
        _asked(resource, told, place),
        ages=ages_of(resource),
    )


def _onset(resource: Element) -> PartialDate | None:
    """Give the day of onset; words leave it unknown, and an age until the birth is known."""
    lasting = resource.inner("onsetPeriod")
    since = civil(resource, "onsetDateTime")
    return civil(lasting, "start") if since is None and lasting is not None else since


def _end(resource: Element, since: PartialDate | None) -> tuple[PartialDate | None, Fault | None]:
    """Give the day of end, or the interval in which it lies, and what is doubtful about it."""
    status = plain_codes(resource.inner("clinicalStatus"))
    ended_on, began = _abatement(resource), since.earliest if since else None
    has_ended = any(name.startswith("abatement") and name in resource for name in resource.content)
    if not (status <= _GOING_ON or status <= _ENDED):
        doubt = "a status that FHIR does not know, or two that contradict"
    elif has_ended and status & _GOING_ON:
        doubt = "active, with a day of end"
    elif ended_on and began and ended_on.latest < began:
        doubt = "an end before the onset"
    elif has_ended or status & _ENDED:
        return ended_on or between(began, _last_change(resource, began)), None
    else:
        return None, None
    fault = Fault(resource.path("clinicalStatus"), doubt, "active, or ended with its day", _DO_ASK)
    return between(began, None), fault


def _abatement(resource: Element) -> PartialDate | None:
    """Give the day of end; words leave it unknown, and an age until the birth is known."""
    lasting = resource.inner("abatementPeriod")
    until = civil(resource, "abatementDateTime")
    return civil(lasting, "end") if until is None and lasting is not None else until


def _last_change(resource: Element, began: date | None) -> date | None:
    """Give the day on which the record was last changed: an end on record lies before it."""
    meta = resource.inner("meta")
    changed = civil(meta, "lastUpdated") if meta else None
    return changed.latest if changed and (began is None or changed.latest >= began) else None
