"""For which setting a treatment was given, as mCODE and OMOP code it alike."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from trialwright.terms.codes import Code

Intent = Literal["metastatic", "adjuvant", "neoadjuvant"]
"""For which setting it was given; metastatic holds palliative intent too."""

INTENTS: Mapping[Code, Intent] = MappingProxyType(
    {
        Code("SNOMEDCT", "363676003"): "metastatic",
        Code("SNOMEDCT", "373846009"): "adjuvant",
        Code("SNOMEDCT", "373847000"): "neoadjuvant",
    }
)
"""Codes of the intent of a treatment; another intent, such as a curative one, is not told."""
