"""`trialwright biomarkers`: counts, a study folder and an export, of three participants."""

import csv
from datetime import date

import pytest
from click.testing import CliRunner

from trialwright.assembly import demo_trial
from trialwright.cli.biomarker_options import time_points_of
from trialwright.cli.main import main
from trialwright.terms.errors import Refusal

TODAY = "2026-11-28"
WHO = ("MGH-001", "MGH-002", "MGH-003")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give the ledger of a trial with them."""
    folder = tmp_path_factory.mktemp("trial") / "ledger"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_trial, "PEOPLE",
                      tuple(each for each in demo_trial.PEOPLE if each.number in WHO))  # fmt: skip
        patch.setattr(demo_trial, "_MEETINGS", ())
        demo_trial.make_demo_trial(folder, date.fromisoformat(TODAY))
    return folder


def run(*arguments):
    """Run a command."""
    return CliRunner().invoke(main, ["biomarkers", *map(str, arguments)])


def test_markers_are_counted_with_everybody_of_whom_nothing_is_known(ledger):
    """MGH-003's tissue failed; MGH-001 carries PIK3CA."""
    done = run("markers", ledger, "nct03959891", "--cutoff", TODAY)

    assert done.exit_code == 0, done.output
    assert (
        "pik3ca-tissue (tissue DNA): 1 of 2 altered; 3 participants: 1 failed; illustrative, not "
        "from the registry"
    ) in done.output.splitlines()
    assert "tissue-dna-pik3ca-any (tissue DNA): 1 of 2 altered" in done.output


def test_each_marker_of_one_participant_has_its_reason(ledger):
    """Why her tissue says nothing."""
    done = run("markers", ledger, "nct03959891", "--cutoff", TODAY, "--participant", "MGH-003")

    assert done.exit_code == 0
    assert "pik3ca-tissue (tissue DNA): failed: failed: the run failed" in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--participant", "MGH-777"), "MGH-777, who took no dose by 2026-11-28"),
        (("--participant", "MGH-001", "--cutoff", "2020-01-01"), "who took no dose by 2020-01-01"),
    ],
)
def test_somebody_without_a_dose_is_refused(ledger, arguments, says):
    """In a sentence, with exit status 2."""
    done = run("markers", ledger, "nct03959891", "--cutoff", TODAY, *arguments)

    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_trial_goes_into_a_study_folder_and_what_it_cannot_hold_is_counted(ledger, tmp_path):
    """Invented calls have no position; a sample of the timeline is a run of the list of samples."""
    done = run("export", ledger, "nct03959891", "--cutoff", TODAY, "--out", tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert "left out: " in done.output
    assert "its position, alleles or genome build are not told" in done.output
    with (tmp_path / "out" / "data_clinical_sample.txt").open(encoding="utf-8") as file:
        lines = [each for each in file if not each.startswith("#")]
    samples = {row["SAMPLE_ID"] for row in csv.DictReader(lines, delimiter="\t")}
    with (tmp_path / "out" / "data_timeline_specimen.txt").open(encoding="utf-8") as file:
        events = [*csv.DictReader(file, delimiter="\t")]
    assert {each["SAMPLE_ID"] for each in events} - {""} == samples
    assert {each["PATIENT_ID"] for each in events} == set(WHO)
    assert "2026" not in (tmp_path / "out" / "data_timeline_specimen.txt").read_text()


def test_an_export_never_replaces_a_folder(ledger, tmp_path):
    """Nor does a study report."""
    done = run("export", ledger, "nct03959891", "--cutoff", TODAY, "--out", tmp_path)

    assert done.exit_code == 2
    assert "a new folder" in done.output


@pytest.fixture
def study(tmp_path):
    """Give a study folder of three participants and the panel of two of them."""
    folder = tmp_path / "study"
    folder.mkdir()
    tables = {
        "data_clinical_sample.txt": ("PATIENT_ID SAMPLE_ID KIND", "P-1 S-1 Primary",
                                     "P-2 S-2 Primary", "P-3 S-3 Primary"),
        "data_clinical_patient.txt": ("PATIENT_ID OS_MONTHS OS_STATUS", "P-1 3 1:DECEASED",
                                      "P-2 9 0:LIVING", "P-3 5 0:LIVING"),
        "data_gene_panel_matrix.txt": ("SAMPLE_ID mutations", "S-1 whole", "S-2 whole"),
        "data_mutations.txt": (
            "Hugo_Symbol Variant_Classification Tumor_Sample_Barcode HGVSp_Short",
            "ESR1 Missense_Mutation S-1 p.D538G",
        ),
    }  # fmt: skip
    for name, lines in tables.items():
        text = "".join(line.replace(" ", "\t") + "\n" for line in lines)
        (folder / name).write_text(text, encoding="utf-8")
    panel = tmp_path / "whole.txt"
    panel.write_text("stable_id: whole\ngene_list: ESR1\tPIK3CA\n", encoding="utf-8")
    return folder, panel


def test_a_study_folder_is_set_against_its_survival(study, tmp_path):
    """P-3 was not looked at, and is not unaltered."""
    folder, panel = study
    out = tmp_path / "found"

    done = run(
        "study", folder, "--panel", panel, "--cutoff", TODAY, "--permutations", 20, "--out", out,
        "--time-column", "KIND", "--time", "Primary=archival",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert {each.name for each in out.iterdir()} >= {"biomarkers.html", "biomarkers.pdf"}
    with (out / "marker-states.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    states = {
        row["participant"]: row["state"] for row in rows if row["marker"].endswith("esr1-any")
    }
    assert states == {"P-1": "altered", "P-2": "not altered", "P-3": "not covered"}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--time-column", "KIND", "--time", "Primary=never"), "Primary=never"),
        (("--time-column", "KIND"), "data_clinical_sample.txt"),
        (("--time-column", "WHEN"), "WHEN: no such heading"),
        (("--panel", "no-such-file"), "no-such-file"),
        (("--permutations", "0"), "--permutations"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_written(study, tmp_path, more, says):
    """Each with exit status 2."""
    folder, panel = study

    done = run(
        "study", folder, "--panel", panel, "--cutoff", TODAY, "--out", tmp_path / "out", *more
    )

    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "out").exists()


def test_values_of_a_time_column_need_a_time_point():
    """A value may hold an equals sign itself."""
    assert time_points_of(["a=b=archival"]) == {"a=b": "archival"}
    with pytest.raises(Refusal, match="Primary=never"):
        time_points_of(["Primary=never"])


def test_time_points_of_material_belong_to_fhir_records(ledger, tmp_path):
    """A table of material names them in a column."""
    table = tmp_path / "materials.csv"
    table.write_text("participant\n", encoding="utf-8")

    done = CliRunner().invoke(main, [
        "import", str(ledger), "nct03959891", str(table), "--kind", "materials", "--on", TODAY,
        "--by", "p.chief", "--role", "principal-investigator", "--accept-times",
    ])  # fmt: skip

    assert done.exit_code == 2
    assert "materials names its time points itself" in done.output
