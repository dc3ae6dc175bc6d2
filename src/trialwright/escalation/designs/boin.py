"""BOIN, the Bayesian optimal interval design; see `boin_rule` for its limits and its titration.

References
----------
.. [1] Liu S, Yuan Y. Bayesian optimal interval designs for phase I clinical trials. JRSS C
   2015;64(3):507-523. doi:10.1111/rssc.12089
"""

from dataclasses import dataclass
from typing import ClassVar

from trialwright.escalation.boin_rule import BoinRule


@dataclass(frozen=True, kw_only=True)
class Boin(BoinRule):
    """BOIN with elimination, extra safety, early stop, bounded MTD and titration."""

    short: ClassVar[str] = "BOIN"
