"""A study folder for cBioPortal keeps the rules, and loses nothing without saying so."""

from dataclasses import replace

import pytest
from tests.biomarkers.made import SETTINGS, material, record, run, variant
from tests.submission.portal_rules import fields_of, problems, rows_of

from trialwright.intake.study_folder import StudyLayout, read_study
from trialwright.submission.portal_study import (
    PatientAttribute,
    PortalStudy,
    TimelineEvent,
    study_folder,
)
from trialwright.terms.errors import Refusal

E17K = variant("AKT1 E17K", reads="20/100", origin="somatic", place="GRCh38 14:104780214 C>T")
DELETED = variant("PTEN K267Rfs*9", "frameshift", place="GRCh38 chr10:87961043 A>-")
INSERTED = variant("PTEN N323Kfs*2", "frameshift", place="GRCh38 10:87961060 ->A")
STUDY = PortalStudy(
    "trial_2026",
    "Trial",
    "A phase I trial",
    "brca",
    ("P-1", "P-2", "P-3"),
    {
        "P-1": record(
            "P-1",
            material("D1"),
            material("C1", "cfDNA", "C1D1"),
            run("D1", "large", E17K, DELETED, INSERTED, variant("PTEN", "deep deletion")),
            run("C1", "liquid", tumour_fraction="0.03"),
        ),
        "P-2": record("P-2", material("D2"), run("D2", "large", outcome="failed")),
    },
    (
        PatientAttribute("ARM", "Arm", "Arm", "STRING", {"P-1": "A", "P-2": "A"}),
        PatientAttribute("PFS_STATUS", "PFS", "PFS", "STRING", {"P-1": "1:PROGRESSED"}),
        PatientAttribute("PFS_MONTHS", "PFS", "PFS", "NUMBER", {"P-1": "5.5"}),
    ),
    (
        TimelineEvent("P-1", -12, None, "SPECIMEN", {"SAMPLE_ID": "run-D1"}),
        TimelineEvent("P-1", 0, 27, "TREATMENT", {"AGENT": "ipatasertib"}),
    ),
)


def test_a_folder_keeps_the_rules():
    """Meta files, clinical files, samples, variants and timeline."""
    assert problems(study_folder(STUDY, SETTINGS).files) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("meta_mutations.txt", "stable_id: mutations\n", ""),
        ("meta_study.txt", "hg38", "hg19"),
        ("data_clinical_patient.txt", "PFS_MONTHS", "MUTATION_COUNT"),
        ("data_clinical_sample.txt", "P-2", "P-9"),
        ("data_mutations.txt", "Frame_Shift_Del", "Frameshift"),
        ("data_mutations.txt", "87961061", "87961060"),
        ("data_cna.txt", "-2", "-3"),
        ("case_lists/cases_sequenced.txt", "run-D1", "run-D9"),
        ("data_timeline_specimen.txt", "-12", "2026-01-28"),
    ],
)
def test_the_rules_see_what_breaks_them(file, old, new):
    """Each rule can fail."""
    files = dict(study_folder(STUDY, SETTINGS).files)
    assert old in files[file]

    files[file] = files[file].replace(old, new)

    assert problems(files)


def test_everybody_stands_in_the_folder():
    """P-3 has no sample, P-2 a failed one, and the plasma of P-1 found nothing."""
    files = study_folder(STUDY, SETTINGS).files

    assert [row[0] for row in rows_of(files["data_clinical_patient.txt"])[1:]] == [
        "P-1",
        "P-2",
        "P-3",
    ]
    assert rows_of(files["data_clinical_sample.txt"])[1:] == [
        ["P-1", "run-D1", "archival", "DNA", "passed", "large", ""],
        ["P-1", "run-C1", "C1D1", "cfDNA", "passed", "liquid", "0.03"],
        ["P-2", "run-D2", "archival", "DNA", "failed", "large", ""],
    ]
    assert rows_of(files["data_gene_panel_matrix.txt"]) == [
        ["SAMPLE_ID", "mutations", "cna"],
        ["run-D1", "large", "large"],
        ["run-C1", "liquid", "liquid"],
    ]
    listed = fields_of(files["case_lists/cases_sequenced.txt"])["case_list_ids"]
    assert listed == "run-D1\trun-C1"


def test_variants_are_written_with_positions_and_reads():
    """A substitution, a deletion of one base, and an insertion between two."""
    heading, *rows = rows_of(study_folder(STUDY, SETTINGS).files["data_mutations.txt"])
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    named = (
        "Chromosome",
        "Start_Position",
        "End_Position",
        "Variant_Type",
        "Variant_Classification",
    )

    assert [tuple(each[name] for name in named) for each in told] == [
        ("14", "104780214", "104780214", "SNP", "Missense_Mutation"),
        ("10", "87961043", "87961043", "DEL", "Frame_Shift_Del"),
        ("10", "87961060", "87961061", "INS", "Frame_Shift_Ins"),
    ]
    assert [told[0][name] for name in ("t_alt_count", "t_ref_count", "HGVSp_Short")] == [
        "20",
        "80",
        "p.E17K",
    ]


def test_copies_are_told_only_where_they_were_counted():
    """TET2 of the large panel is 0; without a panel that counts copies there is no file."""
    files = study_folder(STUDY, SETTINGS).files
    copies = {gene: values for gene, *values in rows_of(files["data_cna.txt"])}

    assert copies["Hugo_Symbol"] == ["run-D1", "run-C1"]
    assert (copies["PTEN"], copies["TET2"]) == (["-2", "0"], ["0", "0"])

    small = record("P-1", material("D1"), run("D1", "small"))
    files = study_folder(replace(STUDY, records={"P-1": small}), SETTINGS).files

    assert "data_cna.txt" not in files
    assert problems(files) == []


def test_what_the_format_cannot_hold_is_counted():
    """No position, blood cells, and an effect without a classification."""
    calls = (
        variant("PIK3CA H1047R"),
        variant("TET2 R550*", "nonsense", origin="suspected clonal haematopoiesis"),
        variant("ESR1", "other", place="GRCh38 6:152098791 A>G"),
        E17K,
    )
    book = record("P-1", material("D1"), run("D1", "large", *calls))

    found = study_folder(replace(STUDY, records={"P-1": book}), SETTINGS)

    assert dict(found.left_out) == {
        "its position, alleles or genome build are not told": 1,
        "suspected clonal haematopoiesis: it would be shown as the tumour's": 1,
        "the effect `other` has no classification": 1,
    }
    assert len(rows_of(found.files["data_mutations.txt"])) == 2


FUSED = (variant("ESR1 ESR1::CCDC170", "rearrangement"),
         variant("CCDC170 ESR1::CCDC170", "rearrangement"),
         variant("FGFR2", "rearrangement", origin="germline"))  # fmt: skip


def test_rearrangements_have_a_file_of_their_own_and_are_read_back():
    """A fusion is one row of two genes; P-2 was looked at and has none, P-3 was not."""
    looked = replace(run("D2", "large"), calls_rearrangements=True)
    book = {
        "P-1": record("P-1", material("D1"), run("D1", "large", *FUSED)),
        "P-2": record("P-2", material("D2"), looked),
        "P-3": record("P-3", material("D3"), run("D3", "large")),
    }

    found = study_folder(replace(STUDY, records=book, timeline=()), SETTINGS)
    read = read_study(dict(found.files))

    assert problems(found.files) == []
    assert rows_of(found.files["data_sv.txt"])[1:] == [
        ["run-D1", "SOMATIC", "ESR1", "CCDC170", "ESR1::CCDC170"],
        ["run-D1", "GERMLINE", "FGFR2", "", "rearrangement"],
    ]
    assert found.left_out == {}
    assert {each.gene: each.origin for each in read.records["P-1"].runs[0].calls} == {
        "ESR1": "somatic",
        "CCDC170": "somatic",
        "FGFR2": "germline",
    }
    assert [read.records[who].runs[0].calls_rearrangements for who in ("P-1", "P-2", "P-3")] == [
        True, True, False,
    ]  # fmt: skip


def test_a_run_of_an_unknown_panel_is_shown_by_what_it_found_alone():
    """The portal would take it for a whole exome, and everybody for unaltered elsewhere."""
    book = {
        "P-1": record("P-1", material("D1"), run("D1", "", E17K)),
        "P-2": record("P-2", material("D2"), run("D2", "other")),
    }

    files = study_folder(replace(STUDY, records=book, timeline=()), SETTINGS).files

    assert problems(files) == []
    assert rows_of(files["data_gene_panel_matrix.txt"])[1:] == [
        ["run-D1", "found-1"], ["run-D2", "NA"],
    ]  # fmt: skip
    assert "gene_list: AKT1\n" in files["gene_panels/data_gene_panel_found-1.txt"]
    assert fields_of(files["case_lists/cases_sequenced.txt"])["case_list_ids"] == "run-D1"
    assert read_study(dict(files)).without_panel == ("run-D2",)


def test_a_folder_that_was_written_is_read_back():
    """Participants with samples, panels, variants with reads, and copies."""
    files = dict(study_folder(STUDY, SETTINGS).files)
    layout = StudyLayout("TIME_POINT", {"archival": "archival", "C1D1": "C1D1"}, "SPECIMEN_KIND",
                         {"DNA": "DNA", "cfDNA": "cfDNA"})  # fmt: skip

    read = read_study(files, layout)
    tissue, plasma = read.records["P-1"].runs

    assert sorted(read.records) == ["P-1", "P-2"]
    assert (tissue.panel, plasma.panel, plasma.calls) == ("large", "liquid", ())
    assert [(each.name, each.effect, each.alt_reads) for each in tissue.calls] == [
        ("AKT1 E17K", "missense", 20),
        ("PTEN K267Rfs*9", "frameshift", None),
        ("PTEN N323Kfs*2", "frameshift", None),
        ("PTEN deep deletion", "deep deletion", None),
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "Trial 2026"}, "id"),
        ({"participants": ("P 1",), "records": {}, "timeline": ()}, "participants"),
        ({"participants": ("P-1", "P-1", "P-2")}, "participants"),
        ({"name": "a\tb"}, "name"),
        ({"attributes": (replace(STUDY.attributes[0], id="MUTATION_COUNT"),)}, "attributes"),
        ({"attributes": (replace(STUDY.attributes[0], id="arm"),)}, "attributes"),
        ({"attributes": (replace(STUDY.attributes[1], values={"P-1": "dead"}),
                         STUDY.attributes[2])}, "PFS_STATUS"),
        ({"timeline": (TimelineEvent("P-9", 0, None, "STATUS", {}),)}, "timeline"),
        ({"timeline": (TimelineEvent("P-1", 5, 4, "STATUS", {}),)}, "timeline"),
    ],
)  # fmt: skip
def test_what_the_format_does_not_allow_is_refused(change, where):
    """With its place."""
    with pytest.raises(Refusal) as refused:
        study_folder(replace(STUDY, **change), SETTINGS)

    assert where in {each.where for each in refused.value.faults}


def test_two_genome_builds_are_refused():
    """A folder has one."""
    old = variant("PIK3CA H1047R", place="hg19 3:178952085 A>G")
    book = record("P-1", material("D1"), run("D1", "large", E17K, old))

    with pytest.raises(Refusal, match="one genome build"):
        study_folder(replace(STUDY, records={"P-1": book}), SETTINGS)
