"""The form of answers: typed records, written as JSON, with a published schema."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """What a question answers; each kind holds `because`, its reason, at its own place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def told(self) -> dict[str, Any]:
        """Write the answer as JSON.

        Returns
        -------
        dict of str to object
            Decimals as text, dates in ISO 8601.
        """
        return self.model_dump(mode="json")


class FaultTold(BaseModel):
    """One thing wrong with a case.

    Attributes
    ----------
    where, found, allowed, do : str
        As in `terms.errors.Fault`.
    """

    where: str
    found: str
    allowed: str
    do: str


class ErrorTold(BaseModel):
    """Why a case could not be taken.

    Attributes
    ----------
    line : int
        Line of the input on which the case begins.
    faults : tuple of FaultTold
        Every fault found.
    """

    line: int
    faults: tuple[FaultTold, ...]


class Refused(BaseModel):
    """The answer to a case that could not be taken.

    Attributes
    ----------
    id : str
        Name of the case, when it has one.
    error : ErrorTold
        What was wrong.
    """

    id: str = ""
    error: ErrorTold
