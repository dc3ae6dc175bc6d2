"""Breast cancer at one centre: frequencies with the right denominator, statuses against curation.

Data: Razavi P et al. Cancer Cell 2018;34(3):427-438. doi:10.1016/j.ccell.2018.08.008, by cBioPortal
(breast_msk_2018, Open Database License 1.0); no row of it stands here. The curated statuses are the
study's own; the numbers of samples and percentages were counted from its files by others.
"""

import gzip
import re
from decimal import Decimal

import pytest

from trialwright.biomarkers.marker_table import CellState
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.biomarkers.statuses import status_of
from trialwright.biomarkers.tabulating import exploratory, tabulate
from trialwright.casebook.stains import Stain
from trialwright.intake.ihc_scores import read_her2_score, read_percent, read_ratio
from trialwright.intake.study_folder import StudyLayout, read_study
from trialwright.protocol.biomarker_settings import BiomarkerSettings, Panel, StatusRule
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

pytestmark = pytest.mark.shared

GENES = ("ESR1", "PIK3CA", "AKT1", "PTEN", "RB1")
"""Covered by all three versions of the panel (Cheng DT et al. J Mol Diagn 2015;17(3):251-264)."""

SETTINGS = BiomarkerSettings(
    version="test",
    panels=tuple(
        Panel(id=name, assay="tissue-ngs", says=name, genes=GENES, counts_copies=True)
        for name in ("impact341", "impact410", "impact468")
    ),
)
ER = StatusRule(
    id="er", says="ER", reference="test", analyte="ER", measure="percent stained", cut=Decimal(1)
)
HER2 = StatusRule(id="her2", says="HER2", reference="test", analyte="HER2", measure="HER2 2013")


@pytest.fixture(scope="module")
def study(shared):
    """Read the folder; its panel matrix has old line ends."""
    folder = shared / "data" / "biomarkers" / "msk_2018"
    if not folder.is_dir():
        pytest.skip("the study is not in the data folder")
    texts = {
        path.name.removesuffix(".gz"): gzip.decompress(path.read_bytes()).decode()
        for path in folder.glob("*.txt.gz")
    }
    times = {"Primary": "archival", "Metastasis": "progression"}
    return read_study(texts, StudyLayout("SAMPLE_TYPE", times))


@pytest.fixture(scope="module")
def by_sample(study):
    """Give each sample a record of its own: the published numbers count samples."""
    return {
        run.id: BiomarkerRecord(run.id, (material,), (run,))
        for record in study.records.values()
        for material, run in zip(record.materials, record.runs, strict=True)
    }


def samples_of(study, kind):
    """Give the samples of a kind that are HR positive and HER2 negative by the curated columns."""
    return tuple(
        name
        for name, row in study.attributes.items()
        if row["HR_STATUS"] == "Positive"
        and row["OVERALL_HER2_STATUS"] == "Negative"
        and row["SAMPLE_TYPE"] == kind
    )


@pytest.mark.parametrize(
    ("kind", "time", "number", "percents"),
    [
        ("Primary", "archival", 733, (2.6, 43.7, 5.6, 7.8, 1.8)),
        ("Metastasis", "progression", 629, (19.2, 41.2, 7.3, 6.4, 1.7)),
    ],
)
def test_frequencies_among_the_sequenced(study, by_sample, kind, time, number, percents):
    """ESR1, PIK3CA, AKT1, PTEN and RB1, in percent of all samples of the kind."""
    samples = samples_of(study, kind)
    table = tabulate(samples, by_sample, exploratory(GENES, "tissue DNA", (time,)), SETTINGS)

    counts = [table.counts(marker.id) for marker in table.markers]

    assert {each.known for each in counts} == {number}
    assert tuple(round(100 * each.altered / each.known, 1) for each in counts) == percents


def test_a_count_from_the_file_of_variants_alone_is_too_high(study, by_sample):
    """19.9 % instead of 19.2 % of metastases: samples in which nothing was found are not in it."""
    samples = samples_of(study, "Metastasis")
    small = {name: [c for c in by_sample[name].runs[0].calls if c.place] for name in samples}
    with_variants = [name for name in samples if small[name]]
    altered = [name for name in samples if any(call.gene == "ESR1" for call in small[name])]

    assert round(100 * len(altered) / len(samples), 1) == 19.2
    assert round(100 * len(altered) / len(with_variants), 1) == 19.9


def test_akt1_e17k_is_found_in_92_samples(by_sample):
    """By the change of the protein, in the whole study."""
    found = [
        name
        for name, record in by_sample.items()
        if any((c.gene, c.change) == ("AKT1", "E17K") for c in record.runs[0].calls)
    ]

    assert len(found) == 92


def test_samples_without_a_variant_are_there(study):
    """84 of 1,918 sequenced samples stand in no row of the file of variants."""
    runs = [run for record in study.records.values() for run in record.runs]

    silent = [run for run in runs if not any(call.place for call in run.calls)]

    assert (len(runs), len(silent), len(study.records)) == (1918, 84, 1756)


def test_duplicate_rows_are_counted(study):
    """9,314 rows, 18 of them a second time."""
    assert study.rows["data_mutations.txt"] == 9314
    assert dict(study.ignored) == {"the same row again": 18}


def test_er_by_one_percent_never_contradicts_the_curated_status(study):
    """883 primaries with a number, and none in which the 1 % rule says otherwise."""
    differing, compared = [], 0
    for name, row in study.attributes.items():
        if row["SAMPLE_TYPE"] != "Primary" or not row["ER_PCT_PRIMARY"].isdigit():
            continue
        percent = read_percent(row["ER_PCT_PRIMARY"]).percent
        found = status_of(Stain(name, "ER", "read", None, Source("csv", name), percent), ER)
        compared += 1
        if found.status != row["ER_STATUS_PRIMARY"].lower():
            differing.append(name)

    assert (compared, differing) == (883, [])


def her2_of(name, row):
    """Give the status by score and signals; a ratio that is refused is no ratio."""
    score = read_her2_score(row["HER2_IHC_SCORE"])
    try:
        ish = read_ratio(row["HER2_FISH_RATIO"]).ish
    except Refusal:
        ish = None
    source = Source("csv", name)
    return status_of(
        Stain(name, "HER2", "read", None, source, score=score.score, ish=ish), HER2
    ).status


def plainly(row):
    """Read score and ratio as simply as one can: higher score, first number, no copies."""
    digits = [int(each) for each in row["HER2_IHC_SCORE"].partition("(")[0] if each.isdigit()]
    first = re.match("[0-9.]+", row["HER2_FISH_RATIO"])
    signals = "" if first is None else ("positive" if float(first[0]) >= 2 else "negative")
    if not digits:
        return signals or "unknown"
    return {3: "positive", 2: signals or "equivocal"}.get(max(digits), "negative")


def test_her2_never_contradicts_the_curated_status(study):
    """No sample is positive by one and negative by the other, of 1,802 decided by both.

    Of the first sample of each of 1,756 patients, a plain reading agrees in 1,736; the guideline
    with copies and open scores agrees in no fewer, and what differs is open on one side.
    """
    pairs, plain, patients = [], [], set()
    for name, row in study.attributes.items():
        curated = row["OVERALL_HER2_STATUS"].lower().replace("unk/nd", "unknown")
        pairs.append((her2_of(name, row), curated, row["PATIENT_ID"] not in patients))
        if row["PATIENT_ID"] not in patients:
            plain.append(plainly(row) == curated)
        patients.add(row["PATIENT_ID"])
    firsts = [ours == curated for ours, curated, is_first in pairs if is_first]
    decided = [each[:2] for each in pairs if {*each[:2]} <= {"positive", "negative"}]

    assert len(decided) == 1802
    assert all(ours == curated for ours, curated in decided)
    assert (len(plain), sum(plain)) == (1756, 1736)
    assert sum(firsts) >= sum(plain)


def test_no_state_is_lost(study, by_sample):
    """Every sample of the study has a state, and they add up."""
    samples = tuple(study.attributes)
    table = tabulate(samples, by_sample, exploratory(GENES, "tissue DNA"), SETTINGS)

    for marker in table.markers:
        counts = table.counts(marker.id)
        assert sum(counts.states.values()) == 1918
        assert counts.states[CellState.NOT_ASSAYED] == 1000
