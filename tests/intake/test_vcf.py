"""Annotated VCF: each allele of each sample has a fate, and compares with a MAF."""

import pytest

from trialwright.intake.protein_changes import short_change
from trialwright.intake.vcf import read_vcf
from trialwright.intake.vcf_words import effect_of, trimmed
from trialwright.terms.errors import Refusal

HEAD = """##fileformat=VCFv4.2
##reference=file:///data/GRCh38.fa
##FILTER=<ID=lowq,Description="x">
##INFO=<ID=SOMATIC,Number=0,Type=Flag,Description="x">
##INFO=<ID=CSQ,Number=.,Type=String,Description="From VEP. Format: \
Allele|Consequence|SYMBOL|HGVSp|PICK">
##FORMAT=<ID=GT,Number=1,Type=String,Description="x">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="x">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\tN
"""
E17K = (
    "chr14\t104780214\t.\tC\tT\t.\tPASS\tSOMATIC;"
    "CSQ=T|intron_variant|OTHER||,T|missense_variant|AKT1|ENSP1:p.Glu17Lys|1\tGT:AD\t0/1:80,20\t0/0:99,0"
)


def read(*records, samples=("T",), head=HEAD):
    """Read records of the sample of the tumour."""
    return read_vcf(head + "".join(f"{each}\n" for each in records), "calls.vcf", samples)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("missense_variant&splice_region_variant", "missense"),
        ("stop_gained&frameshift_variant", "frameshift"),
        ("splice_donor_variant&intron_variant", "splice"),
        ("intron_variant", "other"),
        ("synonymous_variant", "silent"),
        ("", "other"),
    ],
)
def test_the_gravest_consequence_counts(written, expected):
    """Terms of the Sequence Ontology."""
    assert effect_of(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ENSP00000451828.1:p.Glu17Lys", "E17K"),
        ("p.Asn867SerfsTer2", "N867Sfs*2"),
        ("p.Lys13Ter", "K13*"),
        ("p.Glu746_Ala750del", "E746_A750del"),
        ("p.(Leu858Arg)", "L858R"),
        ("p.Gln75%3D", "Q75="),
        ("", ""),
        ("E17K", "E17K"),
        ("Glu17Lys", "E17K"),
        ("p.(E17K)", "E17K"),
        ("p.GLU17LYS", "E17K"),
        ("e17k", "E17K"),
        ("NP_005154.2:p.(Glu17Lys)", "E17K"),
        ("p.R130X", "R130*"),
        ("p.Arg130Ter", "R130*"),
        ("p.K267RfsX9", "K267Rfs*9"),
        ("p.Lys267ArgfsTer9", "K267Rfs*9"),
        ("p.X70_splice", "X70_splice"),
        ("p.E770_A771insGLY", "E770_A771insGLY"),  # three amino acids, and not glycine
        ("p.M1?", "M1?"),
        ("p.E17_K18del", "E17_K18del"),
        ("p.Glu17LysfsTer3", "E17Kfs*3"),
        ("p.=", "="),
        ("p.?", "?"),
    ],
)
def test_changes_in_one_letter_form(written, expected):
    """As a MAF has them."""
    assert short_change(written) == expected


@pytest.mark.parametrize(
    ("alleles", "expected"),
    [
        ((100, "C", "T"), (100, "C", "T")),
        ((100, "CA", "C"), (101, "A", "-")),
        ((100, "C", "CA"), (100, "-", "A")),
        ((100, "CAA", "CA"), (101, "A", "-")),
        ((100, "CAG", "CTG"), (101, "A", "T")),
        ((100, "AC", "GT"), (100, "AC", "GT")),
    ],
)
def test_alleles_without_what_they_share(alleles, expected):
    """Deletions begin at the first base that goes; insertions at the base before."""
    assert trimmed(*alleles) == expected


def test_a_record_gives_a_call():
    """Of the transcript that VEP picked, with reads, place and origin."""
    (call,) = read(E17K).calls["T"]

    assert (call.name, call.effect, call.origin) == ("AKT1 E17K", "missense", "somatic")
    assert (call.alt_reads, call.ref_reads) == (20, 80)
    assert (call.place, call.source.place) == ("GRCh38 14:104780214 C>T", "calls.vcf:record 1")


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_other_line_ends(end):
    """They are line ends too."""
    text = (HEAD + E17K + "\n").replace("\n", end)

    assert len(read_vcf(text, "calls.vcf", ("T",)).calls["T"]) == 1


def test_a_sample_without_reads_of_it_has_none_and_is_counted():
    """The normal beside the tumour."""
    found = read(E17K, samples=("T", "N"))

    assert (found.rows, found.used, dict(found.ignored)) == (
        2,
        1,
        {"no read or genotype with it in the sample": 1},
    )
    assert found.calls["N"] == ()


def test_each_allele_of_a_record_is_read_with_its_own_reads():
    """Two alternatives: 20 and 7 reads."""
    record = E17K.replace("\tT\t.\tPASS", "\tT,G\t.\tPASS").replace("80,20", "80,20,7")
    record = record.replace("0/0:99,0", "0/0:99,0,0").replace(
        "CSQ=", "CSQ=G|missense_variant|AKT1|p.Glu17Gln|1,"
    )

    found = read(record).calls["T"]

    assert [(each.change, each.alt_reads, each.ref_reads) for each in found] == [
        ("E17K", 20, 87),
        ("E17Q", 7, 100),
    ]


def test_without_reads_of_the_reference_two_alleles_share_the_reads():
    """0, 20 and 7 reads: 20 of 27, and not 20 of 20."""
    record = E17K.replace("\tT\t.\tPASS", "\tT,G\t.\tPASS").replace("0/1:80,20", "1/2:0,20,7")
    record = record.replace("CSQ=", "CSQ=G|missense_variant|AKT1|p.Glu17Gln|1,")

    assert [str(each.fraction)[:5] for each in read(record).calls["T"]] == ["0.740", "0.259"]


def test_a_record_that_stands_twice_is_used_once_and_refused_when_it_differs():
    """As a row of a MAF."""
    found = read(E17K, E17K)

    assert (found.rows, found.used, dict(found.ignored)) == (2, 1, {"the same row again": 1})
    with pytest.raises(Refusal, match="an earlier record with other values"):
        read(E17K, E17K.replace("80,20", "80,19"))


def test_a_stray_read_beside_the_genotype_of_the_reference_is_no_variant():
    """In a file of several samples a record passes for another one."""
    found = read(E17K.replace("0/0:99,0", "0/0:99,1"), samples=("T", "N"))

    assert found.calls["N"] == ()
    assert dict(found.ignored) == {"no read or genotype with it in the sample": 1}


def test_a_genotype_that_was_not_called_is_counted_apart():
    """Nobody looked: that is not the same as its absence."""
    found = read(E17K.replace("GT:AD\t0/1:80,20\t0/0:99,0", "GT\t./.\t0/1"))

    assert dict(found.ignored) == {"its genotype was not called in the sample": 1}


def test_a_file_that_tells_neither_genotype_nor_reads_is_refused():
    """Else every variant of it would be taken for absent."""
    with pytest.raises(Refusal) as refused:
        read(E17K.replace("GT:AD\t0/1:80,20\t0/0:99,0", "DP\t100\t99"))

    assert [(each.where, each.found) for each in refused.value.faults] == [
        ("chr14:104780214", "neither genotype nor reads of the allele")
    ]


def test_without_depths_the_genotype_counts():
    """0/1 has it, 0/0 has not, and the reads stay unknown."""
    bare = E17K.replace("GT:AD", "GT").replace(":80,20", "").replace(":99,0", "")

    found = read(bare, samples=("T", "N"))

    assert found.calls["T"][0].fraction is None
    assert found.calls["N"] == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("PASS", "lowq", "its filter is not PASS"),
        ("C\tT\t", "C\t<DEL>\t", "an allele that is no sequence of bases"),
        ("80,20", "80,0", "no read or genotype with it in the sample"),
    ],
)
def test_what_gives_no_call_is_counted_by_its_reason(old, new, reason):
    """Nothing is lost."""
    found = read(E17K.replace(old, new))

    assert (found.used, dict(found.ignored)) == (0, {reason: 1})


def test_snpeff_annotations_are_read_too():
    """Their fields have a fixed order."""
    head = HEAD.replace("ID=CSQ", "ID=ANN")
    noted = "ANN=T|missense_variant|MODERATE|AKT1|E|transcript|N|coding|2/14|c.49G>A|p.Glu17Lys"
    record = E17K.replace(E17K[E17K.index("CSQ=") : E17K.index("\tGT")], noted)

    (call,) = read(record, head=head).calls["T"]

    assert (call.name, call.effect) == ("AKT1 E17K", "missense")


def test_a_deletion_is_placed_as_in_a_maf():
    """VEP leaves out the shared first base in its allele."""
    record = (
        "chr10\t87961042\t.\tCA\tC\t.\tPASS\tCSQ=-|frameshift_variant|PTEN|p.Lys267ArgfsTer9|1"
        "\tGT:AD\t0/1:50,50\t0/0:9,0"
    )

    (call,) = read(record).calls["T"]

    assert (call.place, call.change) == ("GRCh38 10:87961043 A>-", "K267Rfs*9")


def test_an_allele_without_annotation_is_refused_with_its_place():
    """Its gene is not guessed; every such record is named."""
    bare = E17K.replace(E17K[E17K.index("CSQ=") : E17K.index("\tGT")], "DP=100")

    with pytest.raises(Refusal) as refused:
        read(bare, E17K, bare.replace("104780214", "104780215"))

    assert [each.where for each in refused.value.faults] == ["chr14:104780214", "chr14:104780215"]


def test_a_sample_that_the_file_does_not_hold_is_refused():
    """A VCF lists the samples in which nothing was found."""
    with pytest.raises(Refusal, match="T, N"):
        read(E17K, samples=("T2",))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "no VCF"),
        ("Hugo_Symbol\tX\n", "no VCF"),
        (HEAD + "chr14\tx\t.\tC\tT\t.\tPASS\t.\tGT\t0/1\t0/0\n", "no VCF"),
        (HEAD.replace("ID=CSQ", "ID=DP") + E17K + "\n", "no annotation"),
    ],
)
def test_what_is_no_annotated_vcf_is_refused(text, match):
    """With the name of the file."""
    with pytest.raises(Refusal, match=match) as refused:
        read_vcf(text, "calls.vcf", ("T",))

    assert refused.value.faults[0].file == "calls.vcf"


@pytest.mark.parametrize("broken", ['"x"+((', '"x"+' + "-" * 100_000 + '"y"', r'"\N{none}"'])
def test_a_heading_whose_text_cannot_be_read_is_refused(broken):
    """The library reads texts of the heading as Python reads its own."""
    with pytest.raises(Refusal, match="no VCF"):
        read(E17K, head=HEAD.replace('="x"', f'={broken}"', 1))


def test_a_record_of_more_alleles_than_bases_can_make_is_refused():
    """Reading a million of them took six seconds."""
    with pytest.raises(Refusal, match="9: ALT: 1001 alleles"):
        read(E17K.replace("\tT\t.", "\tT" + ",T" * 1000 + "\t."))
