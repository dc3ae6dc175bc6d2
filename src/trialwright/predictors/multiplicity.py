"""Many markers at once: which can be tested at all, and how their p-values are corrected.

References
----------
.. [1] Tarone RE. Biometrics 1990;46(2):515-522. doi:10.2307/2531456
.. [2] Gilbert PB. J R Stat Soc C 2005;54(1):143-158. doi:10.1111/j.1467-9876.2005.00475.x
.. [3] Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57(1):289-300.
   doi:10.1111/j.2517-6161.1995.tb02031.x
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.stats import false_discovery_control

from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Gate:
    """Which markers of a family can be tested.

    Attributes
    ----------
    level : float
        Family-wise level.
    divisor : int
        The smallest k for which no more than k markers can reach level / k; at least 1.
    testable, untestable : tuple of str
        Markers that can and cannot reach level / divisor, in the order given.
    floors : mapping of str to float
        Smallest attainable p-value of each marker.
    because : str
        The gate in a sentence, with the untestable markers by name.
    """

    level: float
    divisor: int
    testable: tuple[str, ...]
    untestable: tuple[str, ...]
    floors: Mapping[str, float]
    because: str


def tarone(floors: Mapping[str, float], level: float = 0.05) -> Gate:
    """Leave out, before anything is corrected, markers that can never be significant [1]_.

    Floors depend on how many are altered and how many had the event, never on who: looking at
    them spends nothing. What passes may be corrected by any method [2]_.

    Parameters
    ----------
    floors : mapping of str to float
        Smallest attainable p-value of each marker of one family.
    level : float
        Family-wise level, above 0 and below 1.

    Returns
    -------
    Gate
        With the divisor and the names.

    Raises
    ------
    Refusal
        If the level is no probability.
    """
    if not 0 < level < 1:
        raise refuse("level", f"{level}", "above 0 and below 1", "Give it as 0.05")
    divisor = 1
    while sum(each <= level / divisor for each in floors.values()) > divisor:
        divisor += 1
    bound = level / divisor
    testable = tuple(name for name, each in floors.items() if each <= bound)
    untestable = tuple(name for name, each in floors.items() if each > bound)
    named = ", ".join(f"{name} (at best {floors[name]:.3g})" for name in untestable)
    because = (
        f"{len(testable)} of {len(floors)} markers can reach {level:g} / {divisor} = {bound:.3g}"
        f"; not tested: {named or 'none'}."
    )
    return Gate(level, divisor, testable, untestable, dict(floors), because)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values so that the false discovery rate is held [3]_.

    Parameters
    ----------
    p_values : sequence of float, shape (tests,)
        Of one family.

    Returns
    -------
    tuple of float, shape (tests,)
        Adjusted, in the same order.
    """
    if not len(p_values):
        return ()
    return tuple(float(each) for each in false_discovery_control(p_values, method="bh"))
