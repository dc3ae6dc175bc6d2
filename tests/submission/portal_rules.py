"""What cBioPortal asks of a study folder, written from its documentation of file formats.

Fields of meta files and which of them are required as its importer's table of them has them
(cBioPortal core, `META_FIELD_MAP`, September 2026). Its own validator is not part of these tests.
"""

import re

META = {
    "study": {
        "cancer_study_identifier": True,
        "type_of_cancer": True,
        "name": True,
        "description": True,
        "citation": False,
        "pmid": False,
        "groups": False,
        "add_global_case_list": False,
        "tags_file": False,
        "reference_genome": False,
    },
    "clinical": dict.fromkeys(
        ("cancer_study_identifier", "genetic_alteration_type", "datatype", "data_filename"), True
    ),
    "profile": {
        **dict.fromkeys(
            (
                "cancer_study_identifier",
                "genetic_alteration_type",
                "datatype",
                "stable_id",
                "show_profile_in_analysis_tab",
                "profile_name",
                "profile_description",
                "data_filename",
            ),
            True,
        ),
        "gene_panel": False,
        "variant_classification_filter": False,
        "namespaces": False,
    },
    "case_list": dict.fromkeys(
        (
            "cancer_study_identifier",
            "stable_id",
            "case_list_name",
            "case_list_description",
            "case_list_ids",
        ),
        True,
    ),
}
KINDS = {
    ("CLINICAL", "PATIENT_ATTRIBUTES"): "clinical",
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): "clinical",
    ("CLINICAL", "TIMELINE"): "clinical",
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): "clinical",
    ("MUTATION_EXTENDED", "MAF"): "profile",
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): "profile",
    ("STRUCTURAL_VARIANT", "SV"): "profile",
}
STABLE = {
    "MAF": ("mutations",),
    "DISCRETE": ("gistic", "cna", "cna_rae", "cna_consensus"),
    "SV": ("structural_variants",),
}
MAF_REQUIRED = (
    "Hugo_Symbol",
    "NCBI_Build",
    "Chromosome",
    "Variant_Classification",
    "Reference_Allele",
    "Tumor_Seq_Allele2",
    "Tumor_Sample_Barcode",
)
CLASSES = {
    "Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation",
    "Nonsense_Mutation", "Silent", "Splice_Site", "Translation_Start_Site", "Nonstop_Mutation",
    "3'UTR", "3'Flank", "5'UTR", "5'Flank", "IGR", "Intron", "RNA", "Targeted_Region",
    "De_novo_Start_InFrame", "De_novo_Start_OutOfFrame", "Splice_Region", "Unknown",
}  # fmt: skip


def fields_of(text):
    """Read a meta file."""
    return dict(line.split(": ", 1) for line in text.splitlines())


def rows_of(text):
    """Read a table without its comments."""
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def problems(files):
    """Give everything in which a folder breaks the rules."""
    return [
        *_meta(files),
        *_clinical(files),
        *_samples(files),
        *_structural(files),
        *_variants(files),
        *_timeline(files),
    ]


def _kind(name, found):
    """Give which meta file it is; empty for a data file."""
    if name.startswith("case_lists/"):
        return "case_list"
    if name == "meta_study.txt":
        return "study"
    return KINDS.get((found.get("genetic_alteration_type"), found.get("datatype")), "")


def _meta(files):
    studies = set()
    for name, text in files.items():
        if name.startswith(("case_lists/", "meta_")):
            found = fields_of(text)
            studies.add(found["cancer_study_identifier"])
            yield from _fields(name, _kind(name, found), found)
            if found.get("data_filename", "meta_study.txt") not in files:
                yield f"{name}: no file {found['data_filename']}"
    if len(studies) != 1:
        yield f"studies {studies}"


def _fields(name, kind, found):
    if not kind:
        yield f"{name}: no such type"
        return
    missing = {field for field, needed in META[kind].items() if needed} - set(found)
    strange = set(found) - set(META[kind])
    if missing or strange:
        yield f"{name}: lacks {missing}, knows no {strange}"
    stable = found.get("stable_id", "")
    if kind == "profile" and stable not in STABLE[found["datatype"]]:
        yield f"{name}: stable id {stable}"
    if kind == "case_list" and not stable.startswith(found["cancer_study_identifier"] + "_"):
        yield f"{name}: stable id {stable}"


def _clinical(files):
    for kind in ("patient", "sample"):
        lines = files[f"data_clinical_{kind}.txt"].splitlines()
        width = len(lines[4].split("\t"))
        if not all(line.startswith("#") for line in lines[:4]) or lines[4].startswith("#"):
            yield f"{kind}: four comment lines, then the heading"
        if any(len(line.split("\t")) != width for line in lines):
            yield f"{kind}: rows of another width"
        if not set(lines[2][1:].split("\t")) <= {"STRING", "NUMBER", "BOOLEAN"}:
            yield f"{kind}: datatypes"
        if not all(re.fullmatch("[A-Z][A-Z0-9_]*", each) for each in lines[4].split("\t")):
            yield f"{kind}: names of columns"
        banned = {"MUTATION_COUNT", "FRACTION_GENOME_ALTERED"} & set(lines[4].split("\t"))
        if banned:
            yield f"{kind}: {banned}"
        for row in lines[5:]:
            if not re.fullmatch("[A-Za-z0-9_.-]+", row.split("\t")[0]):
                yield f"{kind}: id {row.split()[0]}"


def _samples(files):
    heading, *rows = rows_of(files["data_clinical_sample.txt"])
    place = heading.index("SAMPLE_ID")
    samples = [row[place] for row in rows]
    if len(set(samples)) < len(samples):
        yield "a sample twice"
    patients = {row[0] for row in rows_of(files["data_clinical_patient.txt"])[1:]}
    if not {row[0] for row in rows} <= patients:
        yield "samples of unknown patients"
    named = [row[0] for row in rows_of(files["data_gene_panel_matrix.txt"])[1:]]
    for name, text in files.items():
        if name.startswith("case_lists/"):
            named += fields_of(text)["case_list_ids"].split("\t")
    if "data_cna.txt" in files:
        named += rows_of(files["data_cna.txt"])[0][1:]
    if not set(named) <= set(samples):
        yield f"unknown samples {set(named) - set(samples)}"


def _structural(files):
    if "data_sv.txt" in files:
        heading, *rows = rows_of(files["data_sv.txt"])
        listed = fields_of(files["case_lists/cases_sv.txt"])["case_list_ids"].split("\t")
        for row in rows:
            cells = dict(zip(heading, row, strict=True))
            if (
                cells["SV_Status"] not in ("SOMATIC", "GERMLINE")
                or cells["Sample_Id"] not in listed
            ):
                yield f"structural variant {row}"
            if not (cells["Site1_Hugo_Symbol"] or cells["Site2_Hugo_Symbol"]):
                yield f"structural variant without a gene {row}"


def _variants(files):
    heading, *rows = rows_of(files["data_mutations.txt"])
    if not set(MAF_REQUIRED) <= set(heading):
        yield "columns of the variants"
    listed = fields_of(files["case_lists/cases_sequenced.txt"])["case_list_ids"].split("\t")
    genome = {"hg19": "GRCh37", "hg38": "GRCh38"}[
        fields_of(files["meta_study.txt"])["reference_genome"]
    ]
    for row in rows:
        cells = dict(zip(heading, row, strict=True))
        start, end = int(cells["Start_Position"]), int(cells["End_Position"])
        before, after = cells["Reference_Allele"], cells["Tumor_Seq_Allele2"]
        if cells["Variant_Classification"] not in CLASSES or cells["NCBI_Build"] != genome:
            yield f"variant {row}"
        if cells["Tumor_Sample_Barcode"] not in listed:
            yield f"variant of a sample that is not sequenced: {row}"
        if before == after or not all(re.fullmatch("[ACGT]+|-", each) for each in (before, after)):
            yield f"alleles of {row}"
        length = 2 if before == "-" else len(before)
        if end - start + 1 != length:
            yield f"positions of {row}"
    if "data_cna.txt" in files:
        for row in rows_of(files["data_cna.txt"])[1:]:
            if not set(row[1:]) <= {"-2", "-1.5", "-1", "0", "1", "2", "NA"}:
                yield f"copies {row}"


def _timeline(files):
    for name, text in files.items():
        if name.startswith("data_timeline"):
            heading, *rows = rows_of(text)
            if heading[:4] != ["PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE"]:
                yield f"{name}: columns"
            for row in rows:
                if not re.fullmatch("-?[0-9]+", row[1]) or not re.fullmatch("(-?[0-9]+)?", row[2]):
                    yield f"{name}: days of {row}"
