"""Coded results: the word that a code or a text says, and the score that it carries."""

from collections.abc import Iterable, Mapping

from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.protocol.vocabulary import Term
from trialwright.terms.answers import ANSWERS, IN_QUESTION, SCORED, scored
from trialwright.terms.errors import refuse

_WORDS: Mapping[str, str] = {word: word for word in ANSWERS.values()} | {
    "not detected": "negative",
    "non-reactive": "negative",
    "nonreactive": "negative",
    "not amplified": "negative",
    "non-amplified": "negative",
    "detected": "positive",
    "reactive": "positive",
    "amplified": "positive",
}
"""What a whole text says."""

_INTERPRETED = {"POS": "positive", "NEG": "negative", "IND": "indeterminate"}
"""HL7 codes of an interpretation, where no value stands, or where one stands as the value."""

_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

_SHORT = " (qualifier value)"
_DO_ASK = "Read the record where it comes from, and enter the value by hand"


def coded_answer(part: Element, where: str) -> str:
    """Read a coded answer of a term that is not held to known answers.

    Parameters
    ----------
    part : Element
        An Observation or component with a `valueCodeableConcept`.
    where : str
        Place of the value.

    Returns
    -------
    str
        Its word; a code that says nothing here as itself.

    Raises
    ------
    Refusal
        If there is no code, or codes of several answers.
    """
    codes = codes_of(part.inner("valueCodeableConcept"))
    words = {ANSWERS[code] for code in codes if code in ANSWERS}
    if len(words) > 1 or not codes:
        raise refuse(where, "no code of an answer, or several", "one coded answer", _DO_ASK)
    return words.pop() if words else str(codes[0])


def finding(part: Element, term: Term) -> str | None:
    """Read the answer of a finding.

    Parameters
    ----------
    part : Element
        An Observation or component.
    term : Term
        What was looked for.

    Returns
    -------
    str or None
        E.g. `negative`, `2+`, `stable`; None when the record gives no answer.

    Raises
    ------
    Refusal
        If the answer is none that is known, or if answers, or answer and score, contradict.
    """
    concept = part.inner("valueCodeableConcept")
    texts = words_of(concept) if concept is not None else ()
    written = [*texts, *_bare(part)]
    codes = codes_of(concept)
    own = frozenset(codes_of(part.inner("code")))
    said = {ANSWERS[code] for code in codes if code in ANSWERS}
    said |= {_WORDS[text] for each in written if (text := _plain(each)) in _WORDS}
    codings = concept.inners("coding") if concept is not None else ()
    said |= _interpretations(each for each in codings if each.text("system") == _INTERPRETATION)
    if not said and not written and not codings:
        said = _interpreted(part)
        if not said:
            return None
    if len(said) > 1:
        raise refuse(part.where, "answers that differ", "one answer", _DO_ASK)
    answer = said.pop() if said else ""
    if SCORED & own and not SCORED.isdisjoint(term.coded):
        answer = scored(answer, written)
    if answer == IN_QUESTION:
        raise refuse(part.where, "a score that contradicts the answer", "one answer", _DO_ASK)
    if not answer:
        raise refuse(part.where, "no answer that is known", "one coded answer", _DO_ASK)
    return answer


def _plain(text: str) -> str:
    """Give a text in the form in which answers are known."""
    return text.casefold().removesuffix(_SHORT).strip()


def _bare(part: Element) -> list[str]:
    """Give an answer that stands as bare text or as a whole number without a unit."""
    written = [part.text("valueString")]
    amount = part.inner("valueQuantity")
    numbers = [part.number("valueInteger")]
    if amount is not None:
        unit = amount.text("code") or amount.text("unit")
        if "comparator" in amount or unit not in ("", "1", "{score}"):
            raise refuse(part.path("valueQuantity"), "an amount", "a coded answer", _DO_ASK)
        numbers.append(amount.number("value"))
    for number in numbers:
        if number is not None:
            is_whole = number == number.to_integral_value() and 0 <= number <= 3
            written.append((f"{int(number)}+" if number else "0") if is_whole else "?")
    return [each for each in written if each]


def _interpreted(part: Element) -> set[str]:
    """Give the interpretation, where no value stands and none is said to be lacking."""
    if "dataAbsentReason" in part:
        return set()
    return _interpretations(
        code for each in part.inners("interpretation") for code in each.inners("coding")
    )


def _interpretations(codings: Iterable[Element]) -> set[str]:
    """Give the words of HL7's codes of an interpretation."""
    codes = (each.text("code") for each in codings)
    return {_INTERPRETED[code] for code in codes if code in _INTERPRETED}
