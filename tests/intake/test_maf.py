"""MAF files: every row has a fate, every fault its place."""

import gzip
import re

import pytest

from trialwright.casebook.variants import VariantCall
from trialwright.intake.maf import read_maf
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

HEADING = (
    "Hugo_Symbol\tNCBI_Build\tChromosome\tStart_Position\tVariant_Classification\tReference_Allele\t"
    "Tumor_Seq_Allele2\tTumor_Sample_Barcode\tMutation_Status\tt_ref_count\tt_alt_count\tHGVSp_Short"
)
E17K = "AKT1\tGRCh37\t14\t105246551\tMissense_Mutation\tC\tT\tS1\tSOMATIC\t461\t337\tp.E17K"


def written(*rows, end="\n"):
    """Put heading and rows together."""
    return end.join((HEADING, *rows)) + end


def faults_of(*rows):
    """Give line, place and what was found of every fault."""
    with pytest.raises(Refusal) as refused:
        read_maf(written(*rows), "calls.maf")
    return [(each.file, each.line, each.where, each.found) for each in refused.value.faults]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_gives_a_call_whatever_ends_its_line(end):
    """Old Macintosh line ends are line ends too."""
    found = read_maf(written(E17K, end=end), "calls.maf")

    assert found.calls == {
        "S1": (
            VariantCall(
                "AKT1",
                "E17K",
                "missense",
                "somatic",
                337,
                461,
                "GRCh37 14:105246551 C>T",
                Source("maf", "calls.maf:2"),
            ),
        )
    }


def test_a_comment_before_the_heading_is_left_and_counted_in_lines():
    """`#version 2.4` stands first in many files."""
    found = read_maf("#version 2.4\n" + written(E17K), "calls.maf")

    assert found.calls["S1"][0].source.place == "calls.maf:3"


@pytest.mark.parametrize("nothing", ["NA", "", ".", "NaN"])
def test_a_number_that_is_not_told_is_none(nothing):
    """NA in a column of whole numbers, beside numbers."""
    row = E17K.replace("337", nothing)

    call = read_maf(written(row), "calls.maf").calls["S1"][0]

    assert (call.alt_reads, call.ref_reads, call.fraction) == (None, 461, None)


def test_a_row_that_stands_twice_is_used_once_and_counted():
    """Rows == used + ignored."""
    found = read_maf(written(E17K, E17K, E17K.replace("S1", "S2")), "calls.maf")

    assert (found.rows, found.used, dict(found.ignored)) == (3, 2, {"the same row again": 1})
    assert {sample: len(calls) for sample, calls in found.calls.items()} == {"S1": 1, "S2": 1}


def test_one_variant_with_other_reads_is_refused_with_both_lines():
    """Nobody can say which of them holds."""
    assert faults_of(E17K, E17K.replace("337", "12")) == [
        ("calls.maf", 3, "", "the variant of line 2 with other values")
    ]


@pytest.mark.parametrize("status", ["UNCALLED", "LOH", "Wildtype"])
def test_a_row_that_reports_no_variant_is_counted_aside(status):
    """It makes nobody altered, and it is not lost."""
    found = read_maf(written(E17K.replace("SOMATIC", status)), "calls.maf")

    assert (found.used, sum(found.ignored.values()), found.calls) == (0, 1, {})


@pytest.mark.parametrize(
    ("status", "origin"),
    [
        ("Germline", "germline"),
        ("", "not recorded"),
        ("UNKNOWN", "not recorded"),
        ("CH", "suspected clonal haematopoiesis"),
    ],
)
def test_where_a_variant_comes_from(status, origin):
    """In any case of letters; nothing told is not somatic."""
    found = read_maf(written(E17K.replace("SOMATIC", status)), "calls.maf")

    assert found.calls["S1"][0].origin == origin


def test_all_faults_are_named_at_once_with_line_and_column():
    """Four rows, four faults; the fifth is right."""
    rows = (
        E17K.replace("Missense_Mutation", "Missense"),
        E17K.replace("337", "3.5"),
        E17K.replace("S1", ""),
        E17K.replace("SOMATIC", "perhaps"),
        E17K,
    )

    assert faults_of(*rows) == [
        ("calls.maf", 2, "Variant_Classification", "Missense"),
        ("calls.maf", 3, "t_alt_count", "9.9"),
        ("calls.maf", 4, "Tumor_Sample_Barcode", "nothing"),
        ("calls.maf", 5, "Mutation_Status", "perhaps"),
    ]


def test_a_row_with_a_cell_too_many_is_refused():
    """A tab inside a cell moves all cells after it."""
    assert faults_of(E17K + "\tX") == [("calls.maf", 2, "", "13 cells")]


def test_every_missing_heading_is_named():
    """Nothing else is said then."""
    with pytest.raises(Refusal) as refused:
        read_maf("Gene\tHugo_Symbol\nA\tB\n", "calls.maf")

    assert [each.where for each in refused.value.faults] == [
        "Variant_Classification",
        "Tumor_Sample_Barcode",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_an_empty_file_is_refused(text):
    """An empty file is not a file without variants."""
    with pytest.raises(Refusal, match="no heading"):
        read_maf(text, "calls.maf")


def test_many_faults_are_cut_and_counted():
    """A file of another kind has a fault in each row."""
    with pytest.raises(Refusal) as refused:
        read_maf(written(*["x"] * 1000), "calls.maf")

    assert re.search("[0-9]+ more faults", str(refused.value.faults[-1]))


def test_quotes_are_signs_like_others():
    """MAF knows no quoting: the row after a lone quote is a row."""
    rows = (E17K.replace("p.E17K", '"'), E17K.replace("S1", "S2"))

    assert len(read_maf(written(*rows), "calls.maf").calls) == 2


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "rows", "samples", "altered"),
    [("APL_primary", 269, 124, {"PML": 1}), ("APL_relapse", 161, 58, {"PML": 11})],
)
def test_real_files_with_old_line_ends(shared, file, rows, samples, altered):
    """Acute promyelocytic leukaemia at diagnosis and relapse: 269 and 161 rows."""
    path = shared / "data" / "biomarkers" / f"{file}.maf.gz"
    if not path.is_file():
        pytest.skip("the file is not in the data folder")

    found = read_maf(gzip.decompress(path.read_bytes()).decode(), file)

    assert (found.rows, len(found.calls)) == (rows, samples)
    for gene, number in altered.items():
        assert sum(any(c.gene == gene for c in calls) for calls in found.calls.values()) == number


@pytest.mark.parametrize(
    "change", ["p.E17K", "E17K", "p.Glu17Lys", "Glu17Lys", "p.(Glu17Lys)", "NP_1.2:p.Glu17Lys"]
)
def test_a_change_is_read_in_one_letters_however_it_is_written(change):
    """A rule that names E17K would find it in no other form, and call it absent."""
    found = read_maf(written(E17K.replace("p.E17K", change)), "calls.maf")

    assert found.calls["S1"][0].change == "E17K"


def test_a_change_stands_in_the_first_column_that_tells_one():
    """An empty short form beside a long one hides nothing."""
    text = written(E17K.replace("p.E17K", "")).replace("HGVSp_Short\n", "HGVSp_Short\tHGVSp\n")
    text = text.removesuffix("\n") + "\tp.Glu17Lys\n"

    assert read_maf(text, "calls.maf").calls["S1"][0].change == "E17K"


def test_a_row_of_no_read_is_counted_aside():
    """Files of variants looked for again hold such rows; nobody carries them."""
    found = read_maf(written(E17K.replace("337", "0"), E17K.replace("S1", "S2")), "calls.maf")

    assert (list(found.calls), dict(found.ignored)) == (["S2"], {"no read shows it": 1})


def test_rows_of_two_builds_are_refused():
    """Their positions do not compare; names of one build do."""
    same = E17K.replace("GRCh37", "hg19").replace("S1", "S2")
    other = E17K.replace("GRCh37", "hg38").replace("S1", "S3")

    assert faults_of(E17K, same, other) == [("calls.maf", 4, "NCBI_Build", "GRCh38")]
    assert read_maf(written(E17K, same), "calls.maf").calls["S2"][0].place.startswith("GRCh37 14:")


def test_a_chromosome_has_one_name():
    """As in a VCF."""
    call = read_maf(written(E17K.replace("\t14\t", "\tchr14\t")), "calls.maf").calls["S1"][0]

    assert call.place == "GRCh37 14:105246551 C>T"


@pytest.mark.parametrize("gene", ["akt1", "Akt1", "mTOR"])
def test_a_symbol_in_other_letters_is_refused(gene):
    """No panel or rule would find it."""
    assert faults_of(E17K.replace("AKT1", gene)) == [("calls.maf", 2, "Hugo_Symbol", gene)]


@pytest.mark.parametrize("gene", ["C3orf36", "CDKN2Ap14ARF", "HLA-A", "Unknown", "T"])
def test_symbols_of_real_files_are_read(gene):
    """Small letters stand in some of them."""
    assert read_maf(written(E17K.replace("AKT1", gene)), "calls.maf").used == 1


@pytest.mark.parametrize(
    ("reads", "found"),
    [("NA\t337\t798", (337, 461)), ("461\t337\t900", (337, 461)), ("NA\tNA\t9", (None, None))],
)
def test_the_depth_tells_the_reads_without_it(reads, found):
    """Reads of other bases may stand beside both."""
    text = written(E17K).replace("t_alt_count", "t_alt_count\tt_depth")
    call = read_maf(text.replace("461\t337", reads), "calls.maf").calls["S1"][0]

    assert (call.alt_reads, call.ref_reads) == found


@pytest.mark.parametrize("reads", ["NA\t337\t336", "461\t337\t797"])
def test_more_reads_than_the_depth_are_refused(reads):
    """One of the numbers is wrong."""
    text = written(E17K).replace("t_alt_count", "t_alt_count\tt_depth")

    with pytest.raises(Refusal, match="t_depth"):
        read_maf(text.replace("461\t337", reads), "calls.maf")
