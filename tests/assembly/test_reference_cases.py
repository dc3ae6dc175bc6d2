"""Reference cases in a folder: every file named, each known one compared."""

import json
import shutil

import pytest

from trialwright.assembly.reference_cases import compare_folder

GRADES = '{"cases": [{"id": "a", "term": "Anemia", "value": 7.9, "unit": "g/dL", "grade": 3}]}'


def told(folder):
    """Give every line told of a folder."""
    return [line for each in compare_folder(folder) for line in each.told()]


def test_each_file_is_told_in_order(tmp_path):
    """Known and agreeing, unknown, no JSON, broken; hidden ones are passed over."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b/grades.json").write_text(GRADES)
    (tmp_path / "a.json").write_text('{"cases": []}')
    (tmp_path / "c.csv").write_text("a,b\n")
    (tmp_path / "d.json").write_text("{nonsense")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/x.json").write_text(GRADES)

    lines = told(tmp_path)

    assert lines[:3] == [
        "a.json: form not known, not compared",
        "b/grades.json: agree 1 of 1",
        "c.csv: form not known, not compared",
    ]
    assert lines[3].startswith("d.json: column 2: no JSON")
    assert len(lines) == 4


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"{" * 1000, b'{"a": NaN}', b'{"a": 1, "a": 2}']
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_compared(tmp_path, content):
    """One bad file costs itself."""
    (tmp_path / "bad.json").write_bytes(content)
    (tmp_path / "grades.json").write_text(GRADES)

    bad, grades = compare_folder(tmp_path)

    assert (bad.file, bool(bad.faults), bad.total) == ("bad.json", True, 0)
    assert all(line.startswith("bad.json") for line in bad.told())
    assert (grades.agree, grades.total) == (1, 1)


def test_a_disagreement_is_told_below_its_file(tmp_path):
    """With what was found and what was expected."""
    (tmp_path / "grades.json").write_text(GRADES.replace('"grade": 3', '"grade": 1'))

    first, second = told(tmp_path)

    assert first == "grades.json: agree 0 of 1"
    assert second.startswith("  a: grade 3, expected 1: Anemia (CTCAE 5.0)")


KNOWN = {
    "ctcae/lab_grades_v5.json": ("cases", 0, "grade"),
    "recist/timepoint_cases.json": ("cases", 0, "expected", "overall", 0),
    "recist/baseline_cases.json": ("cases", 0, "expected", "class"),
    "recist/bor_cases.json": ("cases", 0, "expected", "bor_confirmed"),
    "recist/bor_sequences.json": ("cases", 0, "bor_unconfirmed"),
    "recist/endpoint_cases.json": ("cases", 0, "expected", "pfs", "day"),
    "endpoints/clopper_pearson.json": ("cases", 0, "upper"),
    "endpoints/fisher.json": ("cases", 0, "p"),
    "endpoints/conventions.json": ("median", "SAS LIFETEST"),
    "endpoints/km_datasets.json": ("cases", "gbsg_cox_multivariable", "se", 3),
    "endpoints/km_hand.json": (
        "cases",
        "h02_even_flat_half",
        "groups",
        "All",
        "log-log",
        "landmark",
        0,
        "n_risk",
    ),
    "escalation/tite_boin_next.json": ("cases", 4, "next_dose"),
    "escalation/three_plus_three_exact.json": ("variants", 0, "results", 0, "total"),
    "escalation/blrm_crmpack_mcmc.json": ("cases", 1, "mean_p", "est", 2),
    "escalation/boin_boundaries.json": ("tables", 0, "deescalate_if_dlt_ge", 4),
    "escalation/boin_comb.json": ("next_dose", 0, "next_dose", 1),
    "escalation/boin_oc_montecarlo.json": ("scenarios", 0, "mean_n", 2),
    "escalation/boin_select_mtd.json": ("cases", 0, "mtd"),
    "escalation/dfcrm_crm.json": ("cases", 40, "next_dose"),
    "escalation/dfcrm_getprior.json": ("cases", 0, "skeleton", 1),
    "escalation/dfcrm_titecrm.json": ("cases", 2, "weights", 0),
    "escalation/dose_paths.json": ("paths", 0, "rows", 3, 5),
    "escalation/exact_oc_prototype.json": ("scenarios", 1, "p_select", 0),
    "escalation/i3plus3_tables.json": ("tables", 1, "decision", 7),
    "escalation/keyboard_boundaries.json": ("tables", 0, "eliminate_if_dlt_ge", 9),
    "escalation/mtpi_tables.json": ("tables", 0, "rows", 5, "decision", 2),
}


def test_all_known_reference_files_agree_fully(shared):
    """Grades, time points, dose designs and eligibility, every case."""
    compared = {each.file: each for each in compare_folder(shared / "reference") if each.form}

    assert set(compared) == {*KNOWN, "eligibility/expected.json"}
    for each in compared.values():
        assert each.agree == each.total > 0, list(each.told())


@pytest.mark.parametrize("name", KNOWN)
def test_one_wrong_expected_value_is_found(shared, tmp_path, name):
    """A doctored copy disagrees in exactly that case."""
    parsed = json.loads((shared / "reference" / name).read_text(encoding="utf-8"))
    *way, last = KNOWN[name]
    place = parsed
    for part in way:
        place = place[part]
    place[last] = {"grade": 9, "total": 2}.get(last, "NE")
    (tmp_path / "doctored.json").write_text(json.dumps(parsed))
    if name == "endpoints/km_datasets.json":
        shutil.copytree(shared / "reference" / "endpoints" / "data", tmp_path / "data")

    (compared,) = (each for each in compare_folder(tmp_path) if each.form)

    assert compared.agree == compared.total - 1
