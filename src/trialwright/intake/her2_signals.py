"""HER2 by in-situ hybridisation told as signals: which answer both editions of the guideline give.

References
----------
.. [1] Wolff AC et al. J Clin Oncol 2013;31(31):3997-4013. doi:10.1200/JCO.2013.50.9984
.. [2] Wolff AC et al. J Clin Oncol 2018;36(20):2105-2122. doi:10.1200/JCO.2018.77.8738
"""

from decimal import Decimal

from trialwright.casebook.stains import Ish
from trialwright.intake.elements import Element
from trialwright.intake.stain_observations import signals_of
from trialwright.terms.errors import refuse

_AMPLIFIED, _FEW, _MANY = Decimal(2), Decimal(4), Decimal(6)
"""HER2 to CEP17 from which on it is amplified; copies a nucleus below 4, and from 6 on."""

_DO = "Ask the laboratory for the status, and enter it by hand"


def signals_answer(part: Element) -> str:
    """Read an answer from a ratio of HER2 to CEP17, with the copies a nucleus where they are told.

    Parameters
    ----------
    part : Element
        An Observation or component that `tells_signals`.

    Returns
    -------
    str
        `positive` from a ratio of 2 on, or from 6 copies on; `negative` below both 2 and 4 copies;
        `equivocal` from 4 copies on [1]_. A ratio from 2 on counts as positive where copies are not
        told. `indeterminate` where copies would decide and are not told, and where the editions
        differ: 2 or more with fewer than 4 copies [2]_.

    Raises
    ------
    Refusal
        If a number cannot be read, or bounds of a ratio alone are told.
    """
    found = signals_of(part)
    if not isinstance(found, Ish) or found.ratio is None:
        raise refuse(part.where, "no exact ratio", "a ratio of HER2 to CEP17", _DO)
    ratio, copies = found.ratio, found.copies
    if copies is None:
        return "positive" if ratio >= _AMPLIFIED else "indeterminate"
    if ratio >= _AMPLIFIED:
        return "positive" if copies >= _FEW else "indeterminate"
    if copies >= _MANY:
        return "positive"
    return "equivocal" if copies >= _FEW else "negative"
