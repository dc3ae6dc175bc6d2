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

_DO = "Ask the laboratory for the status and its edition, and enter it by hand"


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
        told.

    Raises
    ------
    Refusal
        Where copies would decide and are not told, where the editions differ (2 or more with fewer
        than 4 copies [2]_), or where a number cannot be read.
    """
    found = signals_of(part)
    if not isinstance(found, Ish) or found.ratio is None:
        raise refuse(part.where, "no exact ratio", "a ratio of HER2 to CEP17", _DO)
    ratio, copies = found.ratio, found.copies
    if ratio >= _AMPLIFIED:
        if copies is not None and copies < _FEW:
            raise refuse(part.where, "a ratio of 2 or more with fewer than 4 copies a nucleus",
                         "signals of which the guidelines of 2013 and 2018 say the same",
                         _DO)  # fmt: skip
        return "positive"
    if copies is None:
        raise refuse(part.where, "a ratio below 2 without the copies a nucleus",
                     "copies beside it (LOINC 74860-8 as a component): from 6 on it is positive",
                     _DO)  # fmt: skip
    if copies >= _MANY:
        return "positive"
    return "equivocal" if copies >= _FEW else "negative"
