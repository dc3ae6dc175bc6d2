"""Readers of sequencing among all readers: MAF, VCF, and each file of a study folder."""

from collections.abc import Callable
from pathlib import Path

from tests.assembly.test_biomarker_imports import RUNS
from tests.assembly.test_marker_studies import FOLDER
from tests.intake.test_study_folder import COPIES
from tests.intake.test_vcf import E17K, HEAD

from trialwright.assembly.marker_studies import StudyAsked, study_survey, texts_of
from trialwright.assembly.marker_surveys import Effort

MAF = """\
#version 2.4
Hugo_Symbol\tNCBI_Build\tChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\t\
Variant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status\tt_alt_count\t\
t_ref_count\tt_depth
AKT1\tGRCh37\t14\t105246551\tC\tT\tMissense_Mutation\tS1\tp.E17K\tSOMATIC\t20\t80\t100
PTEN\thg19\tchr10\t89692905\tG\t-\tFrame_Shift_Del\tS1\tp.K13*\tGERMLINE\t7\tNA\t50
TERT\t37\t5\t1295228\tG\tA\t5'Flank\tS2\t\t\t\t\t
ESR1\tGRCh37\t6\t152419926\tA\tG\tMissense_Mutation\tS2\tp.D538G\tUNCALLED\t1\t2\t3
"""
VCF = "".join(
    f"{line}\n"
    for line in (
        HEAD.rstrip("\n"),
        E17K,
        "chr10\t87933147\t.\tC\tG,CA\t50\tPASS\tCSQ=G|stop_gained|PTEN|p.Arg130Ter|1,"
        "A|frameshift_variant|PTEN|p.Arg130GlnfsTer4|1\tGT:AD\t1/2:10,20,5\t0/0:9,0,0",
        "chr1\t100\trs1\tT\t<DEL>\t.\tlowq\tSOMATIC\tGT\t0/1\t./.",
        "chr2\t200\t.\tA\tG\t.\tPASS\tCSQ=G|intron_variant|ALK||\tGT\t0|1\t0|0",
    )
)
OF_VCF = RUNS.replace("S1", "T").replace("S2", "N")
STUDY = FOLDER | {
    "data_cna.txt": COPIES.replace("S1", "S-1").replace("S2", "S-2").replace("S3", "S-3"),
    "data_sv.txt": "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\n"
    "S-1\tSOMATIC\tESR1\tCCDC170\nS-2\tGERMLINE\tPTEN\t\n",
    "case_lists/cases_sequenced.txt": "cancer_study_identifier: invented\n"
    "case_list_ids: S-1\tS-2\n",
    "case_lists/cases_cna.txt": "case_list_ids: S-1\tS-2\tS-3\n",
}
PANEL = "panel.txt"
EVERY_FILE = {**STUDY, PANEL: "stable_id: whole\ndescription: All\ngene_list: ESR1\tPIK3CA\tPTEN\n"}
"""Every file of a study folder, and its gene panel."""


def runs_beside(table: str) -> Callable[[str], dict[str, str]]:
    """Give what lies beside a file of variants: the table of runs that names it."""
    return lambda name: {"runs.csv": table.replace("calls.maf", name)}


def study_in(folder: Path) -> Callable[[str], Callable[[Path], object]]:
    """Give the readers of a study folder, by the file of it that is put in place of its own."""
    folder.mkdir()
    for name, text in EVERY_FILE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")

    def reader_of(name: str) -> Callable[[Path], object]:
        """Give the reader for one file."""

        def read(path: Path) -> object:
            own = folder / name
            put = own if path.suffix != ".gz" else own.with_name(f"{own.name}.gz")
            own.unlink()
            put.symlink_to(path)
            try:
                asked = StudyAsked((folder / PANEL if name != PANEL else put,))
                return study_survey(texts_of(folder), asked, Effort(permutations=10))
            finally:
                put.unlink()
                own.write_text(EVERY_FILE[name], "utf-8")

        return read

    return reader_of
