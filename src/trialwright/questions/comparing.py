"""What comparing one reference case gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case compared.

    Attributes
    ----------
    case : str
        Its id.
    agrees : bool
        Whether every field compared is as expected, or acceptable.
    is_ambiguous : bool
        Whether it agrees only by a reading that the case lists as acceptable.
    says : str
        The difference, for a case that disagrees.
    uncompared : tuple of str
        Fields of the expected answer that are not compared here.
    """

    case: str
    agrees: bool
    is_ambiguous: bool = False
    says: str = ""
    uncompared: tuple[str, ...] = ()
