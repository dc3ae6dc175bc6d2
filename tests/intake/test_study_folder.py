"""Study folders: the list of samples comes first, and a panel tells what silence means."""

import pytest

from trialwright.intake.study_folder import StudyLayout, read_study
from trialwright.terms.errors import Refusal

SAMPLES = """#Patient\tSample\tType\tMatched
#Patient\tSample\tType\tMatched
#STRING\tSTRING\tSTRING\tSTRING
#1\t1\t1\t1
PATIENT_ID\tSAMPLE_ID\tSAMPLE_TYPE\tSOMATIC_STATUS
P1\tS1\tPrimary\tMatched
P1\tS2\tMetastasis\tMatched
P2\tS3\tPrimary\tUnmatched
P3\tS4\tPrimary\t
"""
MATRIX = (
    "SAMPLE_ID\tmutations\tcna\rS1\tIMPACT341\tIMPACT341\r"
    "S2\tIMPACT468\tNA\rS3\tIMPACT410\tIMPACT410\r"
)
VARIANTS = (
    "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    "AKT1\tMissense_Mutation\tS1\tp.E17K\n"
    "ESR1\tMissense_Mutation\tS2\tp.D538G\n"
)
COPIES = "Hugo_Symbol\tS1\tS2\tS3\nPTEN\t-1.5\t0\tNA\nCCND1\t2\t-1\t0\nRB1\t0\t0\t-2\n"
FILES = {
    "data_clinical_sample.txt": SAMPLES,
    "data_gene_panel_matrix.txt": MATRIX,
    "data_mutations.txt": VARIANTS,
    "data_cna.txt": COPIES,
}
LAYOUT = StudyLayout("SAMPLE_TYPE", {"Primary": "archival", "Metastasis": "progression"})


def runs():
    """Give the runs by sample."""
    read = read_study(FILES, LAYOUT)
    return {run.id: run for record in read.records.values() for run in record.runs}


def test_everybody_of_the_list_has_a_record():
    """S3 and S4 have no variant, and stand there."""
    read = read_study(FILES, LAYOUT)

    assert {who: [each.id for each in record.runs] for who, record in read.records.items()} == {
        "P1": ["S1", "S2"],
        "P2": ["S3"],
        "P3": ["S4"],
    }
    assert read.without_panel == ("S4",)
    assert dict(read.rows) == {
        "data_clinical_sample.txt": 4,
        "data_gene_panel_matrix.txt": 3,
        "data_mutations.txt": 2,
        "data_cna.txt": 3,
    }


def test_time_points_come_from_the_column_that_is_named():
    """And every column is kept as written."""
    read = read_study(FILES, LAYOUT)

    assert [each.time_point for each in read.records["P1"].materials] == ["archival", "progression"]
    assert read.attributes["S3"]["SOMATIC_STATUS"] == "Unmatched"


def test_variants_and_copies_meet_in_the_run_of_their_sample():
    """A partial deletion counts as a deep one."""
    found = runs()

    assert [(each.gene, each.effect) for each in found["S1"].calls] == [
        ("AKT1", "missense"),
        ("PTEN", "deep deletion"),
        ("CCND1", "amplification"),
    ]
    assert [(each.gene, each.effect) for each in found["S3"].calls] == [("RB1", "deep deletion")]


def test_what_a_run_looked_at():
    """Panel, copies with a panel of their own, genes without a number, and white cells beside."""
    found = {
        name: (run.panel, run.counts_copies, run.uncounted, run.white_cells_beside)
        for name, run in runs().items()
    }

    assert found == {
        "S1": ("IMPACT341", True, (), True),
        "S2": ("IMPACT468", False, (), True),
        "S3": ("IMPACT410", True, ("PTEN",), False),
        "S4": ("", False, (), None),
    }


def test_a_folder_without_a_matrix_tells_no_panel():
    """Then nothing is known to be absent in anybody."""
    files = {name: text for name, text in FILES.items() if "matrix" not in name}

    assert read_study(files, LAYOUT).without_panel == ("S1", "S2", "S3", "S4")


def test_faults_of_all_files_are_named_at_once():
    """A time point that means nothing, a gene twice, a value that is none, an unknown sample."""
    files = {
        "data_clinical_sample.txt": SAMPLES.replace("S3\tPrimary", "S3\tRelapse"),
        "data_gene_panel_matrix.txt": MATRIX.replace("S3", "S2"),
        "data_mutations.txt": VARIANTS.replace("p.E17K", "p.E17K\tX"),
        "data_cna.txt": COPIES.replace("RB1\t0", "PTEN\t0").replace("CCND1\t2", "CCND1\t3"),
    }

    with pytest.raises(Refusal) as refused:
        read_study(files, LAYOUT)

    assert [(each.file, each.line, each.where) for each in refused.value.faults] == [
        ("data_clinical_sample.txt", 8, "SAMPLE_TYPE"),
        ("data_gene_panel_matrix.txt", 4, "SAMPLE_ID"),
        ("data_mutations.txt", 2, ""),
        ("data_cna.txt", 4, "Hugo_Symbol"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("data_cna.txt", "CCND1\t2", "CCND1\t3", "S1"),
        ("data_mutations.txt", "S2", "S9", "SAMPLE_ID"),
        ("data_gene_panel_matrix.txt", "S2", "S9", "SAMPLE_ID"),
        ("data_cna.txt", "S2", "S9", "SAMPLE_ID"),
        ("data_clinical_sample.txt", "P2", "", "PATIENT_ID"),
        ("data_clinical_sample.txt", "S2", "S1", "SAMPLE_ID"),
    ],
)
def test_each_fault_alone(file, old, new, where):
    """The file and the column are named."""
    with pytest.raises(Refusal) as refused:
        read_study(FILES | {file: FILES[file].replace(old, new)}, LAYOUT)

    assert (file, where) in [(each.file, each.where) for each in refused.value.faults]


def test_a_folder_without_a_list_of_samples_is_refused():
    """Nobody can tell who was sequenced."""
    with pytest.raises(Refusal, match="no list of samples"):
        read_study({"data_mutations.txt": VARIANTS})


LISTED = "cancer_study_identifier: x\rstable_id: x_sequenced\rcase_list_ids: "
FUSIONS = (
    "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\n"
    "S1\tSOMATIC\tESR1\tCCDC170\nS1\tSOMATIC\tESR1\tCCDC170\nS2\tGERMLINE\tFGFR2\tNA\n"
)


def with_lists(**lists):
    """Give the runs by sample, and samples without a panel, with case lists beside the files."""
    files = {f"case_lists/cases_{name}.txt": LISTED + "\t".join(ids.split())
             for name, ids in lists.items()}  # fmt: skip
    read = read_study(FILES | files | {"data_sv.txt": FUSIONS}, LAYOUT)
    return {run.id: run for each in read.records.values() for run in each.runs}, read


def test_a_case_list_says_who_was_sequenced():
    """S3 is in the matrix and not sequenced; S4 is sequenced without a panel: a whole exome."""
    found, read = with_lists(sequenced="S1 S2 S4")

    assert {name: run.panel for name, run in found.items()} == {
        "S1": "IMPACT341", "S2": "IMPACT468", "S3": "", "S4": "every-gene",
    }  # fmt: skip
    assert read.without_panel == ("S3",)


def test_case_lists_of_copies_and_rearrangements():
    """S3 has a column of copies, and nobody counted them; S4 was looked at for fusions."""
    found, _ = with_lists(cna="S1", sv="S1 S2 S4")

    assert {name: run.counts_copies for name, run in found.items()} == {
        "S1": True, "S2": False, "S3": False, "S4": False,
    }  # fmt: skip
    assert {name: run.calls_rearrangements for name, run in found.items()} == {
        "S1": True, "S2": True, "S3": False, "S4": True,
    }  # fmt: skip


def test_structural_variants_are_calls_in_both_genes():
    """A row that stands twice is used once and counted."""
    found, read = with_lists()

    assert [(each.name, each.effect, each.origin) for each in found["S1"].calls][-2:] == [
        ("ESR1 ESR1::CCDC170", "rearrangement", "somatic"),
        ("CCDC170 ESR1::CCDC170", "rearrangement", "somatic"),
    ]
    assert found["S2"].calls[-1].name == "FGFR2 rearrangement"
    assert (read.rows["data_sv.txt"], read.ignored["the same row again"]) == (3, 1)


@pytest.mark.parametrize(
    ("files", "file", "found"),
    [
        ({"case_lists/cases_sequenced.txt": LISTED + "S1"}, "data_mutations.txt",
         "findings of 1 samples"),
        ({"case_lists/cases_sequenced.txt": LISTED + "S1\tS2\tS9"},
         "case_lists/cases_sequenced.txt", "1 samples that data_clinical_sample.txt"),
        ({"case_lists/cases_sequenced.txt": LISTED + "S1\tS1"}, "case_lists/cases_sequenced.txt",
         "S1 a second time"),
        ({"case_lists/cases_cna.txt": "stable_id: x_cna"}, "case_lists/cases_cna.txt",
         "no such line"),
        ({"case_lists/cases_sv.txt": LISTED + "S1", "data_sv.txt": FUSIONS}, "data_sv.txt",
         "findings of 1 samples"),
        ({"data_sv.txt": FUSIONS.replace("SOMATIC", "PERHAPS", 1)}, "data_sv.txt", "perhaps"),
        ({"data_sv.txt": FUSIONS.replace("FGFR2", "")}, "data_sv.txt", "no gene"),
        ({"data_sv.txt": FUSIONS.replace("S2\t", "\t")}, "data_sv.txt", "nothing"),
        ({"data_sv.txt": FUSIONS.replace("SV_Status", "Status")}, "data_sv.txt",
         "no such heading"),
    ],
)  # fmt: skip
def test_faults_of_case_lists_and_structural_variants(files, file, found):
    """With the file and what was found."""
    with pytest.raises(Refusal) as refused:
        read_study(FILES | files, LAYOUT)

    assert any(each.file == file and found in each.found for each in refused.value.faults)
