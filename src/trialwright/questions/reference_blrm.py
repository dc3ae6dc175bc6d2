"""Reference cases of the two-parameter logistic model: posterior summaries, sampled elsewhere."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from trialwright.escalation.blrm_model import BlrmModel
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import as_floats, each_case, first_difference

STANDARD_ERRORS = 4
"""Standard errors of the sampling within which a number agrees."""

LIMITS = (0.2, 0.35)
"""Limits of the intervals that the fields of the cases are named after."""

_NUMBER = r"(-?[0-9.]+)"
_MODEL = re.compile(
    rf"mean=c\({_NUMBER}, ?{_NUMBER}\), cov=\[\[{_NUMBER}, ?{_NUMBER}\], ?"
    rf"\[{_NUMBER}, ?{_NUMBER}\]\], ref_dose={_NUMBER}"
)

Case = Mapping[str, Any]


def posteriors(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare mean DLT rates and interval probabilities, within 4 standard errors of sampling.

    Parameters
    ----------
    parsed : object
        The file, with `model` and `dose_grid`.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    differences = partial(_differences, str(parsed.get("model")), as_floats(parsed["dose_grid"]))
    return each_case(parsed["cases"], ("dose", "dlt", "mean_p"), differences)


def _differences(words: str, doses: list[float], case: Case) -> Iterator[str]:
    """Name each number of a case that differs."""
    written = _MODEL.search(words)
    if written is None:
        yield "a model that is not known here"
        return
    first, second, a, b, c, d, reference = (float(each) for each in written.groups())
    model = BlrmModel(tuple(doses), reference, (first, second), ((a, b), (c, d)), LIMITS)
    evaluable, dlts = np.zeros(len(doses), np.int16), np.zeros(len(doses), np.int16)
    for dose, toxic in zip(case["dose"], case["dlt"], strict=True):
        evaluable[doses.index(dose)] += 1
        dlts[doses.index(dose)] += toxic
    found = model.posterior(evaluable, dlts)
    for name, numbers in (
        ("mean_p", found.mean),
        ("p_target_20_35", found.intervals[:, 1]),
        ("p_over_35", found.intervals[:, 2]),
    ):
        for level, number in enumerate(numbers.tolist() if name in case else []):
            error = STANDARD_ERRORS * case[name]["mcse"][level]
            yield first_difference(f"{name} {level + 1}", number, case[name]["est"][level], error)
