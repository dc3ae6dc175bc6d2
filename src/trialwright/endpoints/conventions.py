"""Conventions of survival statistics on which R and SAS differ; every result carries its own."""

from dataclasses import dataclass
from typing import Literal

from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.terms.errors import refuse

Convention = Literal["R", "SAS"]
"""Whose answer is given where S(t) lies exactly on a quantile, past the last day, and for ties."""

ConfidenceType = Literal["log-log", "log", "plain"]
"""Scale on which the limits of S(t) are symmetric."""

Ties = Literal["efron", "breslow"]
"""How the partial likelihood treats events of one day."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How survival statistics are given.

    Attributes
    ----------
    convention : {'R', 'SAS'}
        When S(t) stays exactly at a quantile to the last day, R gives the midpoint, SAS no answer;
        past the last day of a curve that is above 0, R carries S(t) on, SAS gives no answer; R
        takes ties by Efron, SAS by Breslow.
    conf_type : {'log-log', 'log', 'plain'}
        Scale of the confidence limits. R's own default is `log`, that of SAS `log-log`.
    conf_level : float
        Confidence level, above 0 and below 1.
    """

    convention: Convention = "R"
    conf_type: ConfidenceType = "log-log"
    conf_level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse a level that is no probability."""
        if not 0 < self.conf_level < 1:
            raise refuse(
                "conf_level", f"{self.conf_level}", "above 0 and below 1", "Give it as 0.95"
            )

    @property
    def ties(self) -> Ties:
        """How ties are taken: Efron by R, Breslow by SAS."""
        return "efron" if self.convention == "R" else "breslow"

    @property
    def level(self) -> str:
        """The confidence level in percent, e.g. `95 %`."""
        return f"{100 * self.conf_level:.10g} %"

    def __str__(self) -> str:
        """Say them as they are printed with a result."""
        return f"convention {self.convention}, {self.level} limits {self.conf_type}"


def conventions_of(settings: EndpointSettings) -> Conventions:
    """Give the conventions that the protocol states.

    Parameters
    ----------
    settings : EndpointSettings
        Of the protocol.

    Returns
    -------
    Conventions
        To hand to every statistic.
    """
    return Conventions(settings.convention, settings.conf_type, float(settings.conf_level))
