"""Building blocks of the protocol file: strict frozen records, exact numbers, marked origins."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

ILLUSTRATIVE = "illustrative, not from the registry"
"""The label shown wherever a value is shown that the registry page does not state."""

Origin = Literal["registry", "not_in_registry"]
"""Whether the registry page states a value, or people must supply it."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A name inside the protocol file: lower-case words joined by hyphens."""

Text = Annotated[str, Field(min_length=1, max_length=6000)]
"""Words for people."""


def _finite(number: Decimal) -> Decimal:
    """Refuse NaN and infinities, and drop a meaningless exponent."""
    if not number.is_finite():
        raise ValueError("must be a finite number")
    return number


Number = Annotated[
    Decimal,
    AfterValidator(_finite),
    PlainSerializer(lambda number: f"{number:f}", return_type=str, when_used="json"),
]
"""An exact decimal number."""


class Data(BaseModel):
    """A frozen record of the protocol file; unknown fields and silent coercions are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Illustrated(Data):
    """A record whose values the registry page may not state.

    Attributes
    ----------
    origin : {'registry', 'not_in_registry'}
        `not_in_registry` marks an illustrative value that people must replace and sign.
    note : str
        Why this value stands here.
    """

    origin: Origin = "registry"
    note: str = ""

    @property
    def label(self) -> str:
        """The words to show beside the value; empty when the registry page states it."""
        return ILLUSTRATIVE if self.origin == "not_in_registry" else ""
