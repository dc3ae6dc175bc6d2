"""Why a treatment ended and in which setting it was given, as mCODE codes both."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trialwright.casebook.treatments import StopReason
from trialwright.intake.codings import codes_of
from trialwright.intake.elements import Element
from trialwright.terms.codes import Code
from trialwright.terms.intents import INTENTS, Intent

REASONS: Mapping[Code, StopReason] = MappingProxyType(
    {
        Code("SNOMEDCT", "407563006"): "toxicity",
        Code("SNOMEDCT", "281647001"): "toxicity",
        Code("SNOMEDCT", "62014003"): "toxicity",
        Code("SNOMEDCT", "105480006"): "refused",
        Code("SNOMEDCT", "182992009"): "completed",
        Code("SNOMEDCT", "160932005"): "other",
        Code("SNOMEDCT", "184081006"): "other",
        Code("SNOMEDCT", "309846006"): "other",
        Code("SNOMEDCT", "399307001"): "other",
        Code("SNOMEDCT", "419620001"): "other",
        Code("SNOMEDCT", "7058009"): "other",
    }
)
"""Codes of why a treatment ended, by mCODE's value sets: of treatment, and of leaving a study.

No response to treatment (266721009) is progression where the words say so. What another code means
nobody has said: it may be one of an adverse event.
"""

_REASON_URLS = ("mcode-termination-reason", "mcode-treatment-termination-reason")
_INTENT_URLS = ("mcode-procedure-intent", "mcode-treatment-intent")
_PROGRESSED = re.compile(r"\bprogress(?:ion|ive|ed)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|without)\b", re.IGNORECASE)


def intent_of(resource: Element) -> Intent | None:
    """Give the setting for which a treatment was given.

    Parameters
    ----------
    resource : Element
        A medication resource or Procedure.

    Returns
    -------
    Intent or None
        None when it is not coded, coded otherwise, or coded twice and differently.

    Raises
    ------
    Refusal
        If an extension has another form.
    """
    found = {
        INTENTS.get(code)
        for each in resource.inners("extension")
        if each.text("url").endswith(_INTENT_URLS)
        for code in codes_of(each.inner("valueCodeableConcept"))
    } - {None}
    return found.pop() if len(found) == 1 else None


def stop_reason_of(resource: Element) -> StopReason | None:
    """Give why a treatment ended.

    Parameters
    ----------
    resource : Element
        A medication resource or Procedure.

    Returns
    -------
    StopReason or None
        None when no reason is recorded, or words or codes that nobody knows, or reasons that
        differ.

    Raises
    ------
    Refusal
        If the reason has another form.
    """
    found = {reason for each in _stated(resource) if (reason := _reason(each)) is not None}
    told = found - {"other"} or found
    return told.pop() if len(told) == 1 else None


def _stated(resource: Element) -> Iterator[Element]:
    """Give the reasons, one or several, under any of their names, and in the extension of mCODE."""
    for name in ("statusReason", "statusReasonCodeableConcept"):
        if isinstance(resource.content.get(name), list):
            yield from resource.inners(name)
        else:
            one = resource.inner(name)
            if one is not None:
                yield one
    for each in resource.inners("extension"):
        told = each.inner("valueCodeableConcept")
        if told is not None and each.text("url").endswith(_REASON_URLS):
            yield told


def _reason(stated: Element) -> StopReason | None:
    """Give one reason."""
    codes = codes_of(stated)
    known = {REASONS[code] for code in codes if code in REASONS}
    if known:
        return known.pop() if len(known) == 1 else None
    words = stated.text("text")
    if _PROGRESSED.search(words) and not _DENIED.search(words):
        return "progression"
    return None
