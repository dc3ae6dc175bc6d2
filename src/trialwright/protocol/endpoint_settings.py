"""Endpoint settings: every switch on which censoring rules differ, stated."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Illustrated, Name, Number, Origin


class EndpointSettings(Illustrated):
    """How time to event is censored.

    The defaults follow the first example table of the FDA guidance on clinical trial endpoints
    for cancer drugs (December 2018). No registry page states them: people must.

    Attributes
    ----------
    origin : {'registry', 'not_in_registry'}
        Not in the registry, unless the file says otherwise.
    missed_assessments : int or None
        A progression or death after at least so many missed assessments is censored at the last
        adequate assessment before the gap; None counts it as an event after any gap.
    assessment_window_days : int, days
        How late a planned assessment may be without being missed. Protocols often say 7.
    new_therapy : {'censor', 'ignore'}
        Whether anticancer therapy begun before progression censors at the last adequate
        assessment up to its first day, or is not looked at.
    not_evaluable_is_adequate : bool
        Whether a visit with the overall response NE counts as an adequate assessment.
    convention : {'R', 'SAS'}
        Which of the two packages is followed where they differ: in quantiles at which a survival
        curve ends, past its last day, and in ties of a Cox regression (Efron or Breslow).
    conf_type : {'log-log', 'log', 'plain'}
        Scale of the confidence limits of a survival curve. R's own default is log.
    conf_level : Number
        Confidence level of every limit, above 0 and below 1.
    clinical_benefit_window_days : int, days
        How early a visit may be and still show benefit of the full duration: assessments may be
        made before their planned day.
    early_end_is_evaluable : bool
        Whether somebody whose disease progressed, or who died, before the first assessment stands
        in the response-evaluable set, without a response; else an assessment is needed.
    subgroups : tuple of str
        Treatments by which results are shown: terms of kind treatment, of which something was
        recorded before the first dose or not.
    landmark_days : tuple of int, days
        Study days on which survival is shown.
    """

    origin: Origin = "not_in_registry"
    missed_assessments: Annotated[int, Field(ge=1)] | None = 2
    assessment_window_days: Annotated[int, Field(ge=0)] = 0
    new_therapy: Literal["censor", "ignore"] = "censor"
    not_evaluable_is_adequate: bool = False
    convention: Literal["R", "SAS"] = "R"
    conf_type: Literal["log-log", "log", "plain"] = "log-log"
    conf_level: Annotated[Number, Field(gt=0, lt=1)] = Decimal("0.95")
    clinical_benefit_window_days: Annotated[int, Field(ge=0)] = 0
    early_end_is_evaluable: bool = True
    subgroups: tuple[Name, ...] = ()
    landmark_days: tuple[Annotated[int, Field(ge=1)], ...] = ()
