"""Public marker studies, computed again: INSPIRE and acute promyelocytic leukaemia.

Expected: R 4.2.2 with survival 3.5.3 from the same files, times as `round(months * 30.4375)`:
`coxph(Surv(t, s) ~ m + cohort + (pdl1 >= 1) + tmb)`, `fisher.test`, `p.adjust(method = "BH")`.
"""

import gzip
import shutil

import pytest
from click.testing import CliRunner

from trialwright.assembly.reproduced_markers import reproduced_markers
from trialwright.cli.main import main

HAZARDS = {
    "ctDNA decrease, PFS": (0.3402054073, 0.1931649142, 0.5991756817, 73, 62),
    "ctDNA decrease, OS": (0.3449467962, 0.1739358293, 0.6840930513, 73, 46),
    "baseline ctDNA below the median, PFS": (0.5444936886, 0.3392360104, 0.873944298, 93, 81),
    "baseline ctDNA below the median, OS": (0.5058037779, 0.2956720574, 0.8652743991, 93, 63),
}
FISHER = {
    "ctDNA decrease, objective response": ("14/33 against 1/40", 2.323456581e-05),
    "ctDNA decrease, clinical benefit": ("19/33 against 4/40", 2.707460294e-05),
}


@pytest.fixture(scope="module")
def folder(shared):
    """Give the folder of the public files."""
    return shared / "data" / "biomarkers"


@pytest.fixture(scope="module")
def found(folder):
    """Compute everything once."""
    return {each.what: each for each in reproduced_markers(folder)}


@pytest.mark.shared
@pytest.mark.parametrize("what", HAZARDS)
def test_adjusted_hazard_ratios_are_those_of_r(found, what):
    """Hazard ratio, limits, participants and events, to the printed digits."""
    ratio, lower, upper, participants, events = HAZARDS[what]

    said = (
        f"hazard ratio {ratio:.3f} ({lower:.3f}-{upper:.3f}), n = {participants}, {events} events"
    )
    assert found[what].found == said
    assert "ties efron" in found[what].method


@pytest.mark.shared
@pytest.mark.parametrize("what", FISHER)
def test_exact_p_values_of_response_are_those_of_r(found, what):
    """Counts and Fisher's p-value; Boschloo's is compared in the tests of the exact tests."""
    counts, p = FISHER[what]

    assert found[what].found.startswith(f"{counts}: Fisher p = {p:.2e}, Boschloo p = 1.")


@pytest.mark.shared
def test_relapse_is_compared_over_nine_genes(found):
    """PML is the first of nine p-values, FLT3 the fourth: 9 / 1 and 9 / 4 times as large."""
    pml, flt3 = found["PML"].found, found["FLT3"].found

    assert f"1/124 against 11/58: p = {1.529935154e-05:.6e}" in pml
    assert f"of 9 genes {9 * 1.5299351537e-05:.6e}" in pml
    assert "odds ratio 0.03538 (0.00080-0.25529)" in pml
    assert f"26/124 against 4/58: p = {0.01812778888:.6e}" in flt3
    assert f"of 9 genes {9 * 0.01812778888 / 4:.6e}" in flt3


@pytest.mark.shared
def test_everything_held_is_reproduced(found):
    """Eleven numbers, none missing."""
    assert [each.what for each in found.values() if not each.agrees] == []
    assert len(found) == 11


@pytest.mark.shared
def test_the_command_says_so(folder):
    """One line a number, the count, and exit status 0."""
    told = CliRunner().invoke(main, ["predictors", "reproduce", str(folder)])

    assert told.exit_code == 0
    assert "hazard ratio 0.340 (0.193-0.599)" in told.output
    assert told.output.endswith("11 of 11 agree\n")


@pytest.mark.shared
def test_another_file_gives_another_number_and_exit_status_one(folder, tmp_path):
    """One sample less at relapse is seen, whatever ends its lines."""
    for name in ("inspire_patients.csv", "APL_primary.maf.gz"):
        shutil.copyfile(folder / name, tmp_path / name)
    lines = gzip.decompress((folder / "APL_relapse.maf.gz").read_bytes()).split(b"\r")
    kept = [line for line in lines if b"\tDS12R" not in line]
    (tmp_path / "APL_relapse.maf.gz").write_bytes(gzip.compress(b"\r\n".join(kept)))

    told = CliRunner().invoke(main, ["predictors", "reproduce", str(tmp_path)])

    assert told.exit_code == 1
    assert "1/124 against 11/57" in told.output
    assert "DIFFERS from 1/124 against 11/58" in told.output


@pytest.mark.shared
def test_times_that_were_rounded_are_refused(folder, tmp_path):
    """Months of one decimal are no days: the participant and the column are named."""
    for name in ("APL_primary.maf.gz", "APL_relapse.maf.gz"):
        shutil.copyfile(folder / name, tmp_path / name)
    text = (folder / "inspire_patients.csv").read_text(encoding="utf-8")
    (tmp_path / "inspire_patients.csv").write_text(
        text.replace("2.7597535934301", "2.8"), encoding="utf-8"
    )

    told = CliRunner().invoke(main, ["predictors", "reproduce", str(tmp_path)])

    assert told.exit_code == 2
    assert "INS-A-002.pfs_time" in told.output


def test_absent_files_are_named_at_once(tmp_path):
    """All three, not the first; a file without its columns names them."""
    absent = CliRunner().invoke(main, ["predictors", "reproduce", str(tmp_path)])
    (tmp_path / "inspire_patients.csv").write_text("id,cohort\nP1,A\n", encoding="utf-8")
    bare = CliRunner().invoke(main, ["predictors", "reproduce", str(tmp_path)])

    assert absent.exit_code == bare.exit_code == 2
    for name in ("inspire_patients.csv", "APL_primary.maf.gz", "APL_relapse.maf.gz"):
        assert name in absent.output
    assert "inspire_patients.csv: no column pdl1, tmb, baseline_ctdna" in bare.output
