"""Who signs a dose decision, and what follows from the signatures."""

from typing import Literal, Self

from pydantic import model_validator

from trialwright.protocol.data import Illustrated, Origin

SigningRole = Literal["principal-investigator", "investigator", "statistician", "sponsor"]
"""A role that may have to sign a dose decision."""


class DoseDecisionSettings(Illustrated):
    """How dose decisions are signed. No registry page states it: people must.

    Attributes
    ----------
    origin : {'registry', 'not_in_registry'}
        Not in the registry, unless the file says otherwise.
    signed_by : tuple of str
        Roles of which each must sign a dose decision; none: signatures are kept and not waited for.
    opens_when_signed : bool
        Whether the cohort that a decision opens takes nobody until each of these roles has signed.
    above_admissible : bool
        Whether people may choose a dose level above the highest admissible one of the design.
    """

    origin: Origin = "not_in_registry"
    signed_by: tuple[SigningRole, ...] = ()
    opens_when_signed: bool = False
    above_admissible: bool = False

    @model_validator(mode="after")
    def _somebody_signs(self) -> Self:
        """Refuse to wait for signatures of nobody."""
        if self.opens_when_signed and not self.signed_by:
            raise ValueError("waits for signatures of nobody: name roles in signed_by")
        return self
