"""Material, stains and runs from tables: every row or nothing, and a silent run is a result."""

from datetime import date

import pytest
from tests.assembly.beside import told_beside

from trialwright.assembly.import_plans import Given
from trialwright.assembly.planned_imports import plan
from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY, ENTRY = date(2026, 2, 5), date(2026, 3, 30)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
MATERIALS = """participant,material,kind,made_of,time_point,date,quality
P-1,B1,block,,archival,2025-11,adequate
P-1,D1,DNA,B1,,2026-02-10,
P-2,B2,block,,archival,2026-01-15,adequate
P-2,D2,DNA,B2,,2026-02-10,
"""
RUNS = """\
participant,run,material,panel,outcome,date,limit,tumour_fraction,white_cells_beside,variants,\
sample
P-1,R1,D1,tissue-panel,passed,2026-02-20,,,yes,calls.maf,S1
P-2,R2,D2,tissue-panel,passed,2026-02-20,,,yes,calls.maf,S2
"""
CALLS = (
    "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    "AKT1\tMissense_Mutation\tS1\tp.E17K\n"
)
STAINS = """\
participant,material,analyte,date,percent,intensity,weak,moderate,strong,score,ratio,\
clone
P-1,B1,ER,2026-02-12,>60,,,,,,,SP1
P-1,B1,HER2,2026-02-12,,,,,,1-2+,1.8 (CN 5.3),
P-2,B2,PTEN,2026-02-12,,,2,3,4,,,
P-2,B2,PR,2026-02-12,Not done,,,,,,,
"""


TOLD = """\
participant,material,analyte,date,percent,intensity,weak,moderate,strong,score,ratio,clone,\
h_score,allred
P-1,B1,ER,2026-02-12,70,,,,,,,,180/300,7
P-1,B1,PR,2026-02-12,,,,,,,,,,0
P-2,B2,ER,2026-02-12,,,,,,,,,Not done,
"""


@pytest.fixture
def gateway(desk):
    """Give a trial with two participants who consented."""
    opened = desk.open()
    for number in ("P-1", "P-2"):
        opened.execute(Consent(number, DAY), CHIEF)
    return opened


@pytest.fixture
def given(tmp_path):
    """Give a writer of a table, with the file of variants beside it."""

    def write(kind, text, *, name="table.csv", calls=CALLS):
        (tmp_path / "calls.maf").write_text(calls, encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Given(tmp_path / name, kind, None, "", ENTRY)

    return write


def run(gateway, asked):
    """Plan an import and do it."""
    planned = plan(gateway, asked)
    gateway.execute_whole(planned.steps, CHIEF, is_rehearsal=False)
    return planned


def faults_of(gateway, asked):
    """Give line, place and what was found of every fault; nothing is recorded."""
    before = len(list(gateway.store.records(gateway.trial)))
    with pytest.raises(Refusal) as refused:
        run(gateway, asked)
    assert len(list(gateway.store.records(gateway.trial))) == before
    return [(each.line, each.where, each.found) for each in refused.value.faults]


def test_three_tables_make_the_marker_table(gateway, given):
    """P-1 is altered; P-2 was sequenced and stands in no row of the variants: not altered."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    told = run(gateway, given("sequencing", RUNS, name="runs.csv")).told
    run(gateway, given("stains", STAINS, name="stains.csv"))

    state = gateway.state()
    settings = gateway.protocol.study.biomarkers
    records = {name: each.biomarkers for name, each in state.participants.items()}
    table = tabulate(("P-1", "P-2"), records, prespecified(settings), settings)

    assert table.altered("akt1-tissue") == (True, False)
    assert table.altered("pten-ihc") == (None, True)
    assert "2 read = 2 to record + 0 that add nothing + 0 left aside" in told


def test_a_stain_is_kept_as_written_and_as_read(gateway, given):
    """Open scores stay open."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    run(gateway, given("stains", STAINS))

    er, her2 = gateway.state().participants["P-1"].biomarkers.stains

    assert (er.written, str(er.percent), er.clone) == (">60", "above 60 to 100", "SP1")
    assert (str(her2.score), str(her2.ish.ratio), str(her2.ish.copies)) == ("1-2", "1.8", "5.3")
    assert her2.written == "1-2+; 1.8 (CN 5.3)"
    _, pr = gateway.state().participants["P-2"].biomarkers.stains
    assert (pr.outcome, pr.percent) == ("not done", None)


def test_scores_told_as_one_number_are_kept(gateway, given):
    """In two headings that a table may have beside the others."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    run(gateway, given("stains", TOLD))

    er, pr = gateway.state().participants["P-1"].biomarkers.stains
    (undone,) = gateway.state().participants["P-2"].biomarkers.stains

    assert (str(er.h_score), er.allred, er.written) == ("180", 7, "70; 180/300; 7")
    assert (pr.outcome, pr.h_score, pr.allred, pr.percent) == ("read", None, 0, None)
    assert (undone.outcome, undone.h_score) == ("not done", None)
    again = plan(gateway, given("stains", TOLD + "\n", name="again.csv"))
    assert (again.steps, len(again.duplicates)) == ((), 3)


@pytest.mark.parametrize("name", ["H-score", "h score", "Allred score", "ALLRED"])
def test_another_spelling_of_a_score_refuses_the_table(gateway, given, name):
    """Its column would be passed over in silence."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    heading = "h_score" if "h" in name.casefold()[:1] else "allred"
    text = TOLD.replace(f"{heading}\n" if heading == "allred" else "h_score,",
                        f"{name}\n" if heading == "allred" else f"{name},", 1)  # fmt: skip

    found = faults_of(gateway, given("stains", text))

    assert found == [(1, name, "another spelling of a heading")]


def test_an_entry_names_the_digests_of_both_files(gateway, given):
    """The table, its line, and the file of variants."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    planned = run(gateway, given("sequencing", RUNS))

    *_, last = gateway.store.records(gateway.trial)

    assert (last.source["file"], last.source["line"]) == (planned.digest, 3)
    assert len(last.source["variants"]) == 64


def test_the_same_rows_in_another_file_add_nothing(gateway, given):
    """Material and runs are compared with what is recorded."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    run(gateway, given("sequencing", RUNS, name="runs.csv"))

    again = plan(gateway, given("sequencing", RUNS + "\n", name="again.csv"))
    twice = plan(
        gateway, given("materials", MATERIALS + "P-1,B1,block,,archival,2025-11,adequate\n")
    )

    assert (again.steps, len(again.duplicates)) == ((), 2)
    assert (twice.steps, len(twice.duplicates)) == ((), 5)


def test_a_sample_of_no_run_refuses_the_table(gateway, given):
    """A mistyped label would read as a run that found nothing."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))

    found = faults_of(gateway, given("sequencing", RUNS.replace(",S1", ",S01")))

    assert found == [(0, "sample", "the sample S1 of calls.maf, which is of no run")]


@pytest.mark.parametrize(
    ("kind", "text", "old", "new", "line", "where"),
    [
        ("materials", MATERIALS, "P-1,B1,block", "P-1,B1,brick", 2, "kind"),
        ("materials", MATERIALS, "2025-11", "11/2025", 2, "date"),
        ("materials", MATERIALS, "archival,2025", "later,2025", 2, "time_point"),
        ("materials", MATERIALS, "P-2,B2", ",B2", 4, "participant"),
        ("materials", MATERIALS, "D1,DNA,B1", "D1,DNA,B2", 2, "D1.made_of"),
        ("sequencing", RUNS, "passed", "done", 2, "outcome"),
        (
            "sequencing",
            RUNS,
            "02-20,,,yes,calls.maf,S2",
            "02-20,half,,yes,calls.maf,S2",
            3,
            "limit",
        ),
        ("sequencing", RUNS, "02-20,,,yes,calls.maf,S2", "02-20,5,,yes,calls.maf,S2", 3, "limit"),
        ("sequencing", RUNS, "yes,calls.maf,S2", "perhaps,calls.maf,S2", 3, "white_cells_beside"),
        ("sequencing", RUNS, "calls.maf,S2", "../calls.maf,S2", 3, "variants"),
        ("sequencing", RUNS, "calls.maf,S2", "calls.maf,S1", 3, "sample"),
        ("stains", STAINS, ">60", ">160", 2, "percent"),
        ("stains", STAINS, "1-2+", "1 or 2+", 3, "score"),
        ("stains", STAINS, "1.8 (CN 5.3)", "1.8 or so", 3, "ratio"),
        ("stains", STAINS, "2,3,4", "2,3,", 4, "weak, moderate, strong"),
        ("stains", TOLD, "180/300", "310", 2, "h_score"),
        ("stains", TOLD, "180/300", "180/100", 2, "h_score"),
        ("stains", TOLD, ",7\n", ",1\n", 2, "allred"),
        ("stains", TOLD, ",7\n", ",2.5\n", 2, "allred"),
        ("stains", TOLD, ",7\n", ",6-7\n", 2, "allred"),
        ("stains", STAINS, "Not done", "", 5, "percent, score, ratio"),
    ],
)
def test_each_fault_has_its_line_and_column(gateway, given, kind, text, old, new, line, where):
    """And nothing of the file is recorded."""
    if kind != "materials":
        run(gateway, given("materials", MATERIALS, name="materials.csv"))

    found = faults_of(gateway, given(kind, text.replace(old, new, 1)))

    assert (line, where) in {(number, place) for number, place, _ in found}


def test_faults_of_the_variants_refuse_the_table(gateway, given):
    """They name the file of variants."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))

    found = faults_of(gateway, given("sequencing", RUNS, calls=CALLS.replace("Missense_", "")))

    assert found == [(2, "Variant_Classification", "Mutation")]


def test_rows_of_somebody_of_another_site_are_refused(gateway, given):
    """In the words of somebody who does not exist."""
    asked = given("materials", MATERIALS)

    with pytest.raises(Refusal, match="nobody of your site") as refused:
        plan(gateway, asked, lambda here: here.number != "P-2")

    assert [each.line for each in refused.value.faults] == [4, 5]


def test_beside_material_that_cannot_be_read_the_rest_is_decided(gateway, given):
    """D1 is made of what may be the lost row; D2 of P-2 is made of nothing on record, for sure."""
    text = MATERIALS.replace("B1,block", "B1,brick").replace("DNA,B2", "DNA,B3")

    before, says, after = told_beside(gateway, given("materials", text), CHIEF)

    assert before == [(2, "kind")]
    assert says == "1 row keeps all out; of the rows that could be read, 1 fault follows"
    assert after == [(4, "D2.made_of")]


@pytest.mark.parametrize("lost", [",B1,brick,,archival,,", "P-1,B1,block", "P-8,B1,block,,,,"])
def test_whose_a_lost_row_is_may_not_be_known(gateway, given, lost):
    """Then nothing is refused of anybody for what it may say."""
    rows = MATERIALS.replace("P-1,B1,block,,archival,2025-11,adequate", lost)
    asked = given("materials", rows.replace("DNA,B2", "DNA,B3"))

    before, _, after = told_beside(gateway, asked, CHIEF, lambda here: here.number != "P-8")

    assert [line for line, _ in before] == [2]
    assert after == []


def test_a_row_with_a_cell_too_many_hides_no_other_fault(gateway, given):
    """Of stains, none of which rests on another."""
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    text = STAINS.replace("SP1\n", "SP1,\n").replace("2,3,4", "2,3,").replace("B2,PR", "B9,PR")

    before, _, after = told_beside(gateway, given("stains", text), CHIEF)

    assert before == [(2, ""), (4, "weak, moderate, strong")]
    assert after == [(5, "stain.material")]


def test_beside_a_run_that_cannot_be_read_the_others_are_decided(gateway, given):
    """S1 of the variants may be of that run; the material of the other run is not on record."""
    before, _, after = told_beside(
        gateway, given("sequencing", RUNS.replace("passed", "done", 1)), CHIEF
    )

    assert before == [(2, "outcome")]
    assert after == [(3, "run.material")]


@pytest.mark.parametrize("changed", [
    {"calls": CALLS.replace("Missense_", "")}, {"calls": CALLS.replace("\tS1\t", "\tS3\t")},
])  # fmt: skip
def test_beside_a_fault_of_the_variants_the_runs_are_decided(given, gateway, changed):
    """Neither material is on record."""
    before, says, after = told_beside(gateway, given("sequencing", RUNS, **changed), CHIEF)

    assert len(before) == 1
    assert says.endswith("2 faults follow")
    assert after == [(2, "run.material"), (3, "run.material")]


def test_the_command_tells_all_faults_of_a_table_of_material(tmp_path, given):
    """What cannot be read, and what nobody may record."""
    from click.testing import CliRunner

    from trialwright.assembly import ledgers
    from trialwright.assembly.clock import entered_at
    from trialwright.assembly.gateway import Gateway
    from trialwright.assembly.protocols import shipped
    from trialwright.cli.main import main
    from trialwright.conduct.acts import OpenTrial

    folder = tmp_path / "trial"
    opened = Gateway(ledgers.make(folder), shipped("nct03959891"), entered_at, "test")
    opened.execute(OpenTrial(DAY), CHIEF)
    asked = given("materials", MATERIALS.replace("B1,block", "B1,brick"))
    words = ["import", str(folder), "nct03959891", str(asked.file), "--kind", "materials",
             "--on", "2026-03-30", "--by", "c.one", "--role", "coordinator"]  # fmt: skip

    done = CliRunner().invoke(main, [*words, "--confirm"])

    assert done.exit_code == 2
    assert "table.csv:2: kind: brick" in done.stderr
    assert "1 row keeps all out; of the rows that could be read, 1 fault follows" in done.stderr
    assert "table.csv:4: participant: " in done.stderr


def test_runs_may_name_a_vcf(gateway, given, tmp_path):
    """Of its samples, those that runs name are read; the normal beside them is not."""
    head = (
        "##fileformat=VCFv4.2\n##reference=GRCh38\n"
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="Format: '
        'Allele|Consequence|SYMBOL|HGVSp">\n'
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2\tN\n"
    )
    record = (
        "chr14\t104780214\t.\tC\tT\t.\tPASS\tCSQ=T|missense_variant|AKT1|p.Glu17Lys"
        "\tAD\t80,20\t90,0\t99,1\n"
    )
    (tmp_path / "calls.vcf").write_text(head + record, encoding="utf-8")
    run(gateway, given("materials", MATERIALS, name="materials.csv"))
    run(gateway, given("sequencing", RUNS.replace("calls.maf", "calls.vcf")))

    people = gateway.state().participants

    assert [each.name for each in people["P-1"].biomarkers.runs[0].calls] == ["AKT1 E17K"]
    assert people["P-2"].biomarkers.runs[0].calls == ()
