"""A stage that says that a cancer has spread: M1, or stage IV, of the cancer to which it belongs.

mCODE holds the stage as an Observation that focuses on the primary cancer condition [1]_, and FHIR
as `Condition.stage`, whose assessment may be that Observation. By AJCC, stage IV
of breast cancer is any T, any N, M1.

References
----------
.. [1] HL7 mCODE 4.0.0, TNM Stage Group. https://hl7.org/fhir/us/mcode/
"""

from collections.abc import Iterable

from trialwright.casebook.facts import Condition
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import codes_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between
from trialwright.intake.outcome import Place, Reading
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault
from trialwright.terms.sources import Source

_DO_ASK = "Read the record where it comes from, and enter the metastasis by hand"


def staged(
    part: Element, asked: Iterable[str], codebook: Codebook, place: Place, on: PartialDate
) -> Reading:
    """Read an Observation, or component of one, that is a stage.

    Parameters
    ----------
    part : Element
        The Observation or component.
    asked : iterable of str
        The metastases that a stage of its code may tell.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.
    on : PartialDate
        Its day.

    Returns
    -------
    Reading
        Each metastasis that it says is present, on that day at the latest; a question for each of
        which it may say so, where its value has no code. Nothing for another stage, which does not
        say that the cancer has not spread since.

    Raises
    ------
    Refusal
        If a coding has another form.
    """
    value = part.inner("valueCodeableConcept")
    if not codes_of(value):
        found = "a stage without a code that is known"
        fault = Fault(part.path("valueCodeableConcept"), found, "its code", _DO_ASK)
        return Reading(questions=tuple(place.question(fault, name) for name in asked))
    told, since = codebook.terms_of("stage", value), between(None, on.latest)
    return Reading(tuple(_present(name, since, place.source, on) for name in asked if name in told))


def stages_of(
    resource: Element,
    names: Iterable[str],
    codebook: Codebook,
    place: Place,
    recorded: PartialDate | None,
    *,
    is_confirmed: bool,
) -> tuple[Condition, ...]:
    """Read the stages that stand in a Condition.

    Parameters
    ----------
    resource : Element
        The Condition.
    names : iterable of str
        The terms that it is.
    codebook : Codebook
        Codes of the protocol's vocabulary.
    place : Place
        Where it stands.
    recorded : PartialDate or None
        When it was put on record.
    is_confirmed : bool
        Whether the Condition is.

    Returns
    -------
    tuple of Condition
        Each metastasis of one of these terms that a stage says is present, on the day of the record
        at the latest.

    Raises
    ------
    Refusal
        If a stage has another form.
    """
    told = dict.fromkeys(
        name
        for stage in resource.inners("stage")
        for name in codebook.terms_of("stage", stage.inner("summary"))
        if codebook.primaries[name] in names
    )
    since = between(None, recorded.latest) if recorded else None
    return tuple(
        _present(name, since, place.source, recorded, is_confirmed=is_confirmed) for name in told
    )


def _present(
    name: str,
    since: PartialDate | None,
    source: Source,
    recorded: PartialDate | None,
    *,
    is_confirmed: bool = True,
) -> Condition:
    """Make the fact that a metastasis is present."""
    return Condition(
        name,
        is_present=True,
        since=since,
        until=None,
        source=source,
        recorded=recorded,
        is_confirmed=is_confirmed,
    )
