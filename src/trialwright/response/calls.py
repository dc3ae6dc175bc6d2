"""The call of one rule: a response with its reason."""

from dataclasses import dataclass

from trialwright.casebook.tumours import Response


@dataclass(frozen=True, slots=True)
class Call:
    """What one rule makes of a visit.

    Attributes
    ----------
    response : Response or None
        None when the rule has nothing to judge: no such lesions at baseline.
    because : str
        One sentence with the numbers, the rule and its section.
    """

    response: Response | None
    because: str
