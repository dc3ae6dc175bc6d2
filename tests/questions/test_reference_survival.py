"""Survival in data sets: each number that is compared is missed when it is another one."""

import copy
import csv
import json
from decimal import Decimal

import pytest

from trialwright.questions.reference import form_of

PLACES = (
    ("gbsg_rfs_by_hormon", ("groups", "hormon1", "log", "q25"), "hormon1: log q25"),
    ("gbsg_rfs_by_hormon", ("groups", "hormon0", "rmean", "se"), "hormon0: rmean"),
    ("gbsg_rfs_by_hormon", ("reverse_km_median_followup", "upper"), "follow-up"),
    ("gbsg_rfs_by_hormon", ("logrank", "p"), "log-rank"),
    ("gbsg_rfs_by_hormon", ("cox_efron", "lower95"), "Cox efron: lower95"),
    ("gbsg_rfs_by_hormon", ("cox_breslow", "lrt_chisq"), "Cox breslow: lrt_chisq"),
    ("gbsg_cox_multivariable", ("loglik", 1), "loglik"),
)


@pytest.fixture(scope="module")
def parsed(shared):
    """Give the file with its data sets."""
    folder = shared / "reference" / "endpoints"

    def opened(name):
        return list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))

    found = json.loads((folder / "km_datasets.json").read_text("utf-8"), parse_float=Decimal)
    return form_of(found).complete(found, opened)


@pytest.mark.parametrize(("key", "way", "says"), PLACES)
def test_each_number_is_compared(parsed, key, way, says):
    """One number a thousandth larger is named; the others agree."""
    case = copy.deepcopy(parsed["cases"][key])
    place = case
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = Decimal(place[way[-1]]) * Decimal("1.001")

    (found,) = form_of(parsed).compare({"cases": {key: case}}, None)

    assert not found.agrees
    assert found.says.startswith(says)
    assert found.says.count("expected") == 1


def test_what_has_no_likelihood_maximum_agrees_with_none(parsed):
    """A group without an event: R stops at -20, and so large a number is none."""
    rows = [{"t": str(day), "s": str(day % 2), "g": "a"} for day in range(1, 9)]
    rows += [{"t": "5", "s": "0", "g": "b"}, {"t": "NA", "s": "1", "g": "b"}]
    case = {"formula": "Surv(t,s)~h", "ties": "efron", "terms": ["h"], "coef": [Decimal(-20)],
            "rows": [{**each, "h": str(int(each["g"] == "b"))} for each in rows]}  # fmt: skip

    (far,) = form_of(parsed).compare({"cases": {"made": case}}, None)
    (near,) = form_of(parsed).compare({"cases": {"made": {**case, "coef": [Decimal(1)]}}}, None)

    assert far.agrees
    assert near.says == "not estimable, expected [Decimal('1')]"
