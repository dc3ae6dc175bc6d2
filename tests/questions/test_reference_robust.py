"""Reference cases with fields, words and faults other than those shared: told, never a crash."""

from decimal import Decimal

import pytest

from trialwright.questions.reading import read_json
from trialwright.questions.reference import form_of
from trialwright.questions.reference_groups import group_differences
from trialwright.questions.reference_survival import datasets
from trialwright.terms.errors import refuse

SETTINGS = {"sd_min_days": 42, "confirm_min_days": 28, "max_ne_between": 1, "ref_day": 1}


def only(parsed, library):
    """Compare a file of one case."""
    (compared,) = form_of(parsed).compare(parsed, library)
    return compared


def lesion(wanted, **given):
    """Write one lesion with the class expected of it."""
    plain = {"mm": 30, "slice_mm": None, "modality": "CT", "node": False}
    return {"cases": [{"id": "M1", "input": plain | given, "expected": {"class": wanted}}]}


def visits(*seen, confirmed="PR", settings=SETTINGS, **more):
    """Write the visits of one participant."""
    listed = [{"day": day, "overall": word} for day, word in seen]
    expected = {"bor_confirmed": confirmed}
    case = {"id": "C1", "settings": settings, "timepoints": listed, "expected": expected}
    return {"cases": [case | more]}


def followed(expected, *seen, **more):
    """Write the follow-up of one participant."""
    given = {"assessments": [{"day": day, "overall": word} for day, word in seen]}
    given |= {"death_day": None, "last_alive_day": 200, "interval_days": 56}
    return {"cases": [{"id": "P1", "input": given | more, "expected": expected}]}


@pytest.mark.parametrize(
    "parsed",
    [
        lesion("NON-MEASURABLE", type="BLASTIC BONE"),
        lesion("NON-MEASURABLE", type="LYTIC BONE"),
        lesion("MEASURABLE", type="LYTIC BONE", soft_tissue=True),
        lesion("MEASURABLE", type="LYTIC BONE WITH SOFT TISSUE COMPONENT"),
        lesion("NON-MEASURABLE", mm=None, modality=None, site="PLEURAL EFFUSION"),
        lesion("NON-MEASURABLE", irradiated=True),
        lesion("MEASURABLE", irradiated=True, progressed_since=True),
        lesion("MEASURABLE", mm=10, modality="CALIPERS"),
        lesion("NON-MEASURABLE", mm=9, modality="clinical examination"),
        lesion("NON-MEASURABLE", mm=Decimal("19.9"), modality="X-RAY"),
        lesion("NON-MEASURABLE", modality="PET-CT"),
        lesion("NON-TARGET", mm=14, node=True),
        lesion("NOT PATHOLOGICAL", mm=9, node=True),
        visits((57, "MISSING"), (113, "PR"), (169, "PR")),
        visits((57, "PR"), (113, "PR"), confirmed="SD", new_therapy_day=100),
        visits((57, "PR"), (113, "NE"), (141, "NE"), (169, "PR"),
               settings={**SETTINGS, "max_ne_between": 2}),
        visits((29, "SD"), (57, "PD"), confirmed="SD",
               settings={"stable_disease_met_by": "follow-up"}),
        followed({"dor": {"event": True, "days": 113, "day": 169, "start_day": 57}},
                 (57, "PR"), (113, "PR"), (169, "PD")),
        followed({"dor_days": 57}, (57, "PR"), (113, "CR")),
        followed({"dor": None, "orr": False}, (57, "SD"), (113, "PD")),
        followed({"pfs": {"event": True, "day": 113}}, (57, "SD"), (113, "PD"),
                 new_therapy_day=80, policy={"new_therapy": "ignore"}),
        followed({"pfs": {"event": False, "day": 1}}, (57, "SD"), baseline=False),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_understood(parsed, library):
    """Natures, techniques, classes, missing visits, policies, duration of response."""
    compared = only(parsed, library)

    assert compared.agrees, compared.says
    assert not compared.uncompared


@pytest.mark.parametrize(
    ("parsed", "strange"),
    [
        (lesion("MEASURABLE", colour="red"), "input colour"),
        (visits((57, "PR"), (113, "PR"), settings={"moon": 1}), "policy moon"),
        (followed({"os": {"event": False, "day": 200}, "ttp": 3}), "ttp"),
        (followed({"os": {"event": False, "day": 200}}, moon=1), "input moon"),
    ],
)
def test_what_is_not_understood_is_named(parsed, strange, library):
    """A field of the input, a policy or an answer of which nothing is known."""
    compared = only(parsed, library)

    assert compared.agrees
    assert compared.uncompared == (strange,)


@pytest.mark.parametrize(
    ("parsed", "says"),
    [
        (lesion("NON-MEASURABLE"), "MEASURABLE, expected NON-MEASURABLE"),
        (lesion("MEASURABLE", mm="wide"), "not of the form"),
        (lesion("MEASURABLE", modality="TOUCH"), "not of the form: ValueError modality TOUCH"),
        (visits((57, "BETTER")), "not of the form"),
        (visits((57, "PR"), settings={"confirm_min_days": "long"}), "not of the form"),
        ({"cases": [{"settings": SETTINGS, "timepoints": [], "expected": {}}]}, "no best response"),
        (followed({"dor": {"event": True, "days": 112}}, (57, "PR"), (169, "PD")), "expected"),
        (followed({"ttp": 1}), "names no field"),
        (followed({"os": 1}, (None, "PR")), "not of the form"),
        ({"cases": [{"x": 9, "n": 3, "conf_level": 0.9, "lower": 0, "upper": 1}]}, "refused"),
        ({"cases": [{"table": [1, 2], "p": 1}]}, "not of the form"),
        ({"cases": [{"seq": "PR-XX", "gap_days": 27, "bor_confirmed": "PR",
                     "bor_unconfirmed": "PR"}]}, "not of the form"),
        ({"cases": {"h": {"input": {"time": [1], "status": []}, "groups": {"All": {}}}}},
         "not of the form: IndexError"),
        ({"cases": {"h": {"input": {"time": [1], "status": [1]}, "groups": {}}}}, "no group"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_put_disagrees_and_says_why(parsed, says, library):
    """No fault of one case keeps the others from being compared."""
    compared = only(parsed, library)

    assert not compared.agrees
    assert says in compared.says


def test_tests_between_the_groups_of_a_case_are_compared():
    """Equal groups have a log-rank statistic of 0 and a hazard ratio of 1; 2 is another one."""
    case = {
        "groups": {"grpA": None, "grpB": None},
        "logrank": {"chisq": 0, "df": 1, "p": 1, "observed": [3, 3], "expected": [3, 3]},
        "cox_efron": {"ref": "grpA", "coef": 0, "hr": 1},
    }
    given = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0], [True] * 6, ["grpA"] * 3 + ["grpB"] * 3

    assert list(group_differences(*given, case)) == []
    case["cox_efron"]["hr"] = 2
    case["logrank"]["observed"] = [2, 4]
    assert list(group_differences(*given, case)) == [
        "log-rank 3.0, expected 2",
        "log-rank 3.0, expected 4",
        "Cox efron: hr 1.0, expected 2",
    ]


def test_a_hand_case_with_groups_is_compared_with_its_tests(shared, library):
    """The log-rank statistic that a hand case names is looked at."""
    parsed = read_json((shared / "reference/endpoints/km_hand.json").read_text(encoding="utf-8"))
    case = parsed["cases"]["h02_even_flat_half"]
    given = case["input"]
    case["input"] = {
        "time": given["time"] * 2,
        "status": given["status"] * 2,
        "group": ["A"] * 4 + ["B"] * 4,
    }
    case["groups"] = {"grpA": case["groups"]["All"], "grpB": case["groups"]["All"]}
    case["logrank"] = {"chisq": 1, "df": 1, "p": 1, "observed": [4, 4], "expected": [4, 4]}

    assert only({"cases": {"h": case}}, library).says == "log-rank 0.0, expected 1"


def test_a_factor_is_a_covariate_of_its_levels(library):
    """Levels stand in the names of the terms, as R writes them; no file is needed for the rest."""
    rows = [
        {"time": str(at), "status": "1", "cell": cell}
        for at, cell in enumerate(("large", "small", "large", "small", "small"), start=1)
    ]
    case = {"formula": "Surv(time,status)~factor(cell)", "terms": ["factor(cell)small"],
            "coef": [7], "rows": rows}  # fmt: skip
    lacking = {"name": "survival::none time/status by cell", "unread": "no such file"}
    listed = {"cases": {"cell": case, "none": lacking, "bad": 7}}

    found = {each.case: each.says for each in datasets(listed, library)}

    assert found["cell"] == "coef -1.4387560473550633, expected 7"
    assert found["none"] == "refused: no such file"
    assert "no object" in found["bad"]


@pytest.mark.parametrize(
    ("unit", "value"), [("GI/L", 1.2), ("1000/uL", 1.2), ("1000/mm3", 1.2), ("/cmm", 1200)]
)
def test_counts_in_spellings_of_laboratories_are_graded(unit, value, library):
    """1.2 x 10^9/L of neutrophils are grade 2, whoever writes the unit."""
    case = {"term": "Neutrophil count decreased", "test": "NEUT", "value": Decimal(str(value)),
            "unit": unit, "grade": 2}  # fmt: skip

    compared = only({"cases": [case]}, library)

    assert compared.agrees, compared.says


@pytest.mark.parametrize("unit", ["", "ratio", "1", "{INR}"])
def test_a_ratio_has_no_unit(unit, library):
    """An INR of 1.6 is grade 2."""
    case = {"term": "INR increased", "value": Decimal("1.6"), "unit": unit, "uln": 1, "grade": 2}

    compared = only({"cases": [case]}, library)

    assert compared.agrees, compared.says


def test_an_amount_without_a_unit_is_refused(library):
    """No unit is no unit of a concentration."""
    case = {"term": "Anemia", "value": 9, "unit": "", "lln": 11, "grade": 2}

    assert "refused" in only({"cases": [case]}, library).says


def test_a_patient_whose_bundle_is_not_there_is_told_and_the_others_are_judged(shared, library):
    """One case without its file, one that is no object, one as shared."""
    folder = shared / "reference/eligibility"

    def opened(name):
        if not (folder / name).exists():
            raise refuse("bundle", "no such file", "a file", "Add it")
        return read_json((folder / name).read_text(encoding="utf-8"))

    parsed = opened("expected.json")
    whole = parsed["cases"][0]
    lost = {**whole, "id": "lost", "bundle": "vignettes/none.json"}
    form = form_of({**parsed, "cases": [whole, lost, 7]})
    told = list(form.compare(form.complete({**parsed, "cases": [whole, lost, 7]}, opened), library))

    assert [each.case for each in told if not each.agrees] == ["lost", "case 3"]
    assert "no such file" in told[-2].says


def test_a_significant_event_that_has_not_recovered_is_no_laboratory_value(shared, library):
    """The answer yes decides the exclusion: nobody need say that a laboratory value is meant."""
    folder = shared / "reference/eligibility"
    parsed = read_json((folder / "expected.json").read_text(encoding="utf-8"))
    case = parsed["cases"][0] | {"answers": {"recovered": "yes"}, "overall": {}}
    case |= {"expected": {}, "arguable": {}, "arguable_attested": {}, "evidence": {}}
    case |= {"expected_attested": {"E02": "present"}}
    case |= {"overall_attested": dict.fromkeys("ABC", "not_eligible")}
    parsed = {**parsed, "cases": [case]}
    form = form_of(parsed)
    whole = form.complete(
        parsed, lambda name: read_json((folder / name).read_text(encoding="utf-8"))
    )

    told = list(form.compare(whole, library))

    assert [each.says for each in told if not each.agrees] == []
    assert len(told) == 4


def test_the_patient_of_a_case_is_judged_in_a_bundle_of_several(shared, library):
    """A case names its patient: the records of another one in the bundle are not its own."""
    folder = shared / "reference/eligibility"
    parsed = read_json((folder / "expected.json").read_text(encoding="utf-8"))
    case = parsed["cases"][0]
    bundle = read_json((folder / case["bundle"]).read_text(encoding="utf-8"))
    result = next(
        each["resource"] for each in bundle["entry"] if "751-8" in str(each["resource"].get("code"))
    )
    low = {**result["valueQuantity"], "value": Decimal("0.1")}
    another = [
        {"resourceType": "Patient", "id": "zz", "gender": "female"},
        {**result, "id": "zz-1", "subject": {"reference": "Patient/zz"}, "valueQuantity": low},
    ]
    bundle["entry"] += [{"resource": each} for each in another]
    answers = read_json((folder / "attestations.json").read_text(encoding="utf-8"))
    form = form_of(parsed)
    cases = {**parsed, "cases": [{**case, "bundle": bundle}], "attestations": answers}

    told = list(form.compare(cases, library))

    assert [each.says for each in told if not each.agrees] == []
    assert len(told) > 70
