"""Arms that escalate the same agent and learn from each other: what they share, as data."""

from typing import Annotated

from pydantic import AfterValidator, Field

from trialwright.protocol.criteria import ArmId
from trialwright.protocol.data import Data, Illustrated, Number, PositiveNumber


def _weight(number: Number) -> Number:
    """Refuse what is no probability; 0 and 1 are allowed."""
    if not 0 <= number <= 1:
        raise ValueError(f"{number:f}: a probability from 0 to 1")
    return number


class ExchangePrior(Data):
    """Prior of one parameter over exchangeable arms.

    Attributes
    ----------
    mean, sd : Decimal
        Of the common mean of the arms.
    spread : Decimal
        Median of the standard deviation between arms.
    spread_log_sd : Decimal
        Standard deviation of its logarithm.
    """

    mean: Number
    sd: PositiveNumber
    spread: PositiveNumber
    spread_log_sd: PositiveNumber


class Sharing(Illustrated):
    """Several arms whose dose decisions rest on the data of all of them.

    The design of each is a BLRM; its own prior is the one it has when it stands by itself.

    Attributes
    ----------
    arms : tuple of str
        Arm ids.
    weights : tuple of Decimal, probabilities
        Of each arm, in that order, to be exchangeable with the others.
    intercept, log_slope : ExchangePrior
        Priors over exchangeable arms.
    """

    arms: Annotated[tuple[ArmId, ...], Field(min_length=2)]
    weights: tuple[Annotated[Number, AfterValidator(_weight)], ...]
    intercept: ExchangePrior
    log_slope: ExchangePrior
