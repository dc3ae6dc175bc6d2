"""Forms of biomarkers: material, runs and stains as a laboratory's letter tells them."""

import re
from decimal import Decimal

import pytest

AT = "/participants/MGH-010/record/"
MATERIAL = {
    "label_1": "K-B", "kind_1": "block", "time_point_1": "archival", "on_1": "2025-11",
    "quality_1": "adequate",
    "label_2": "K-D", "kind_2": "DNA", "made_of_2": "line:1", "on_2": "2026-10-02",
    "label_3": "K-T", "kind_3": "tube", "time_point_3": "C1D1", "on_3": "2026-11-04",
    "label_4": "K-C", "kind_4": "cfDNA", "made_of_4": "line:3", "quality_4": "not assessed",
    "source": "laboratory letter",
}  # fmt: skip
RUN = {
    "material": "K-D", "id": "K-R1", "panel": "tissue-panel", "outcome": "passed",
    "reported": "some", "on": "2026-10-20", "limit": "2.5",
    "gene_1": "AKT1", "change_1": "p.E17K", "effect_1": "missense", "origin_1": "somatic",
    "alt_1": "20", "ref_1": "80", "position_1": "GRCh38 14:104780214 C>T",
    "gene_2": "CCND1", "effect_2": "amplification", "source": "laboratory letter",
}  # fmt: skip
STAIN = {
    "material": "K-B", "analyte": "PTEN", "outcome": "read", "on": "2026-10-20", "percent": "<10",
    "clone": "138G6", "source": "pathology",
}  # fmt: skip


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def faults(answer):
    """Give the faults of a form by its field; those of the whole under the empty name."""
    page = answer.content.decode()
    found = {}
    for field, inside in re.findall(r'<ul class="errorlist" id="id_(\w+)_error">(.*?)</ul>', page):
        found[field] = re.sub(r"<[^>]+>", " ", inside).strip()
    whole = re.search(r'errorlist nonfield">(.*?)</ul>', page, re.DOTALL)
    return found | ({"": re.sub(r"<[^>]+>", " ", whole[1]).strip()} if whole else {})


@pytest.fixture
def client(signed_in):
    """Give the coordinator's browser."""
    return signed_in("coordinator")


@pytest.fixture
def stocked(client):
    """Give the browser once material is on record."""
    answer = client.post(f"{AT}biomarker-material/", MATERIAL)
    assert answer.status_code == 302, faults(answer)
    return client


def held(trial):
    """Give what is on record of the participant's biomarkers."""
    return trial.gateway.state().participants["MGH-010"].biomarkers


def test_a_tree_is_entered_in_one_form(stocked, trial):
    """A line may be made of a line above it; a time point left open is that of its parent."""
    ours = {each.id: each for each in held(trial).materials if each.id.startswith("K-")}

    assert [*ours] == ["K-B", "K-D", "K-T", "K-C"]
    assert (ours["K-D"].made_of, ours["K-C"].made_of, ours["K-B"].made_of) == ("K-B", "K-T", "")
    assert (ours["K-D"].time_point, ours["K-B"].time_point) == (None, "archival")
    assert str(ours["K-B"].on) == "2025-11"
    assert ours["K-C"].on is None
    assert ours["K-C"].source.place == "laboratory letter"


def test_the_material_is_chosen_from_the_tree(stocked):
    """By its label, with what it is of and when it was taken; a stain is offered tissue alone."""
    run = stocked.get(f"{AT}sequencing/").content.decode()
    stain = stocked.get(f"{AT}stain/").content.decode()

    assert '<option value="K-D">K-D: DNA of K-B, archival</option>' in run
    assert '<option value="K-C">K-C: cfDNA of K-T, C1D1</option>' in run
    assert 'value="K-B"' in stain
    assert 'value="K-C"' not in stain


def test_a_run_is_recorded_as_the_letter_tells_it(stocked, trial):
    """Percent become fractions exactly; `p.` is taken off; an origin that is not told is none."""
    answer = stocked.post(f"{AT}sequencing/", RUN)

    assert answer.status_code == 302, faults(answer)
    run = next(each for each in held(trial).runs if each.id == "K-R1")
    mutated, copied = run.calls
    assert run.limit == Decimal("0.025")
    assert (mutated.name, mutated.fraction, mutated.origin) == (
        "AKT1 E17K", Decimal("0.2"), "somatic",
    )  # fmt: skip
    assert (copied.effect, copied.origin, copied.alt_reads) == (
        "amplification", "not recorded", None,
    )  # fmt: skip
    assert (run.counts_copies, run.white_cells_beside, run.uncounted) == (None, None, ())


@pytest.mark.parametrize(("said", "is_called"), [("", None), ("yes", True), ("no", False)])
def test_a_run_says_whether_rearrangements_were_called(stocked, trial, said, is_called):
    """Apart from the panel; left open it is as the panel says."""
    answer = stocked.post(f"{AT}sequencing/", RUN | {"calls_rearrangements": said})

    assert answer.status_code == 302, faults(answer)
    run = next(each for each in held(trial).runs if each.id == "K-R1")
    assert run.calls_rearrangements is is_called


def test_a_run_that_found_nothing_says_so(stocked, trial):
    """Lines left empty are no answer; the choice is."""
    silent = {name: value for name, value in RUN.items() if name[-2:] not in ("_1", "_2")}

    unsaid = stocked.post(f"{AT}sequencing/", silent | {"reported": ""})
    missing = stocked.post(f"{AT}sequencing/", silent)
    said = stocked.post(f"{AT}sequencing/", silent | {"reported": "none"})

    assert faults(unsaid) == {"reported": "Say whether the run reported variants."}
    assert faults(missing) == {"gene_1": "Give the variants, or choose that none was reported."}
    assert said.status_code == 302
    assert next(each for each in held(trial).runs if each.id == "K-R1").calls == ()


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"gene_1": "akt1"}, "gene_1", "Give the symbol in its own letters"),
        ({"gene_1": ""}, "gene_1", "Give the gene, or leave the line empty."),
        ({"change_1": "Glu17Lys"}, "change_1", "Give one letter for each amino acid"),
        ({"change_1": "e17k"}, "change_1", "Give the change of the protein"),
        ({"effect_1": ""}, "effect_1", "Say what it does to the gene."),
        ({"ref_1": ""}, "ref_1", "Give both numbers of reads, or neither."),
        ({"vaf_1": "20"}, "vaf_1", "The reads tell it already"),
        ({"reported": "none"}, "reported", "There are variants in the lines"),
        ({"outcome": "failed"}, "reported", "A run that failed says nothing of variants."),
        ({"panel": "other"}, "other_panel", "Name the panel."),
        ({"limit": "101"}, "limit", "less than or equal to 100"),
        ({"uncounted": "PTEN, RB1"}, "uncounted", "with blanks between them"),
        ({"material": "K-X"}, "material", "Select a valid choice."),
        ({"on": "2025-01-01"}, "material", "of what was taken on 2026-10-02"),
        ({"on": "2027-01-01"}, "on", "after the entry on 2026-11-28"),
    ],
)  # fmt: skip
def test_what_no_run_says_is_refused_at_its_field(stocked, trial, changed, field, says):
    """Nothing is recorded, and what was typed stays."""
    before = len(trial.records())

    answer = stocked.post(f"{AT}sequencing/", RUN | changed)

    assert answer.status_code == 422
    assert says in faults(answer)[field]
    assert len(trial.records()) == before
    assert 'value="GRCh38 14:104780214 C&gt;T"' in answer.content.decode()


def test_a_run_is_recorded_once(stocked):
    """The id is the laboratory's, so a second one of the name is the same run."""
    stocked.post(f"{AT}sequencing/", RUN)

    again = stocked.post(f"{AT}sequencing/", RUN)

    assert "recorded of this participant" in faults(again)["id"]


def test_an_unknown_panel_is_said_at_once(stocked):
    """What the run does not report is then not known to be absent."""
    answer = stocked.post(f"{AT}sequencing/", RUN | {"panel": "none"}, follow=True)

    assert "no panel is told: what the run does not report is not known" in words(answer).lower()


def test_a_stain_says_its_status_by_each_rule(stocked, trial):
    """Below 10 % is lost by one rule of the protocol, and not decided by the other."""
    answer = stocked.post(f"{AT}stain/", STAIN, follow=True)

    stain = held(trial).stains[-1]
    assert (stain.percent.low, stain.percent.high, stain.percent.is_below_high) == (0, 10, True)
    assert (stain.intensity, stain.ish, stain.clone, stain.written) == (None, None, "138G6", "")
    assert "Lost: " in words(answer)


def test_her2_is_entered_with_both_laboratories(stocked, trial):
    """Score and signals of one's own and of another laboratory."""
    her2 = {"material": "K-B", "analyte": "HER2", "outcome": "read", "score": "2",
            "outside_score": "1-2+", "ratio": "1.4", "copies": "4.5", "outside_ratio": "2.1",
            "source": "pathology"}  # fmt: skip

    answer = stocked.post(f"{AT}stain/", her2)

    assert answer.status_code == 302, faults(answer)
    stain = held(trial).stains[-1]
    assert (str(stain.score), str(stain.outside_score)) == ("2", "1-2")
    assert (stain.ish.ratio, stain.ish.copies, stain.ish.outside_ratio) == (
        Decimal("1.4"), Decimal("4.5"), Decimal("2.1"),
    )  # fmt: skip


def test_scores_told_as_one_number_are_entered(stocked, trial):
    """An Allred score of 2 is negative by the protocol's rule; the percentage says otherwise."""
    er = {"material": "K-B", "analyte": "ER", "outcome": "read", "h_score": "180", "allred": "2",
          "source": "pathology"}  # fmt: skip

    alone = stocked.post(f"{AT}stain/", er, follow=True)
    stain = held(trial).stains[-1]
    beside = stocked.post(f"{AT}stain/", er | {"percent": "70"}, follow=True)

    assert (stain.h_score, stain.allred, stain.percent) == (Decimal(180), 2, None)
    assert "Negative: ER Allred 2: 3 not reached (er-allred-3)" in words(alone)
    assert "ER of K-B: H-score 180; Allred score 2" in words(alone)
    assert "to check" not in words(alone).lower()
    doubt = "Allred told as 2, 6-8 by percentage and intensity"
    assert f"unknown : ER {doubt}, on both sides of 3 (er-allred-3)" in words(beside)
    assert f"to check : {doubt}" in words(beside)


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"percent": "most"}, "percent", "No percentage"),
        ({"percent": "120"}, "percent", "More than 100 %"),
        ({"percent": "70 (weak)"}, "percent", "Choose the intensity"),
        ({"percent": ""}, "percent", "Give what was read, or choose another outcome."),
        ({"outcome": "failed"}, "outcome", "There are readings below"),
        ({"weak": "5"}, "", "1 of three percentages"),
        ({"score": "4"}, "score", "No score"),
        ({"ratio": "0"}, "ratio", "more than 0"),
        ({"h_score": "301"}, "h_score", "from 0 to 300"),
        ({"allred": "1"}, "allred", "0, or 2 to 8"),
        ({"allred": "2.5"}, "allred", "whole number"),
        ({"analyte": "other"}, "other_analyte", "Name the protein."),
    ],
)  # fmt: skip
def test_what_no_reading_gives_is_refused(stocked, trial, changed, field, says):
    """At its field, in a sentence."""
    before = len(trial.records())

    answer = stocked.post(f"{AT}stain/", STAIN | changed)

    assert answer.status_code == 422
    assert says in faults(answer)[field]
    assert len(trial.records()) == before


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"label_2": ""}, "label_2", "Give the label, or leave the line empty."),
        ({"kind_2": ""}, "kind_2", "Say what it is."),
        ({"label_2": "K-B"}, "label_2", "a second time"),
        ({"made_of_2": "line:3"}, "made_of_2", "Select a valid choice."),
        ({"made_of_4": "line:1"}, "made_of_4", "CfDNA made of block"),
        ({"on_3": "2026-12-24"}, "on_3", "after the entry on 2026-11-28"),
    ],
)  # fmt: skip
def test_a_tree_that_contradicts_itself_is_refused_at_its_line(client, trial, changed, field, says):
    """All or nothing: no line of the form is recorded."""
    before = len(trial.records())

    answer = client.post(f"{AT}biomarker-material/", MATERIAL | changed)

    assert answer.status_code == 422
    assert says in faults(answer)[field]
    assert len(trial.records()) == before


def test_the_label_of_another_participant_is_refused(client, trial):
    """A label is unique in the trial."""
    taken = trial.gateway.state().participants["MGH-001"].biomarkers.materials[0].id

    answer = client.post(f"{AT}biomarker-material/", MATERIAL | {"label_1": taken})

    assert "of another participant" in faults(answer)["label_1"]


def test_more_lines_keep_what_was_typed(client, trial):
    """Asking for lines records nothing, and the first new one is where typing goes on."""
    before = len(trial.records())

    answer = client.post(f"{AT}biomarker-material/", MATERIAL | {"more": "1", "lines": "4"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(trial.records()) == before
    assert 'name="label_8"' in page
    assert 'name="label_9"' not in page
    assert 'value="K-C"' in page
    assert re.search(r'name="label_5"[^>]*autofocus', page)
    assert client.post(f"{AT}biomarker-material/",
                       MATERIAL | {"lines": "8", "label_5": "K-P", "kind_5": "plasma",
                                   "made_of_5": "line:3"}).status_code == 302  # fmt: skip
    assert [each.id for each in held(trial).materials][-1] == "K-P"


def test_results_wait_for_their_material(client):
    """Somebody of whom nothing was taken: the page says what comes first."""
    at = "/participants/MGH-016/record/"

    assert "There is no biomarker material yet." in words(client.get(f"{at}sequencing/"))
    assert "There is no tissue" in words(client.get(f"{at}stain/"))


def test_the_pages_show_who_entered_what_and_when(stocked, signed_in):
    """On the participant's page and on that of the trial; with what each run says, and why."""
    stocked.post(f"{AT}sequencing/", RUN)
    stocked.post(f"{AT}stain/", STAIN)

    mine = words(stocked.get(f"{AT}sequencing/"))
    all_of_it = words(signed_in("statistician").get("/response/biomarkers/"))
    values = words(signed_in("monitor").get("/participants/MGH-010/values/"))

    for page in (mine, all_of_it):
        assert "run K-R1 of K-D, tissue-panel, 2026-10-20: AKT1 E17K at 20.00%, CCND1" in page
        assert "PTEN of K-B, 2026-10-20: 0 to below 10 % stained; clone 138G6" in page
        assert "28 Nov 2026" in page
        assert "the-coordinator coordinator, mgh" in page
    assert "detected AKT1 E17K in 20 of 100 reads (akt1-e17k, run K-R1)" in mine
    assert "run of sequencing run of sequencing K-R1, passed, tissue-panel 20 Oct 2026" in values


def test_another_site_sees_nothing_of_it(stocked, signed_in):
    """Neither the entries nor the form."""
    elsewhere = signed_in("coordinator", "elsewhere")

    assert "K-B" not in words(elsewhere.get("/response/biomarkers/"))
    assert elsewhere.get(f"{AT}sequencing/").status_code == 404


def test_a_statistician_is_offered_no_form(signed_in):
    """The role does not grant the act."""
    assert "Your role does not record this." in words(
        signed_in("statistician").get(f"{AT}biomarker-material/")
    )


def test_a_page_of_entries_keeps_its_cutoff(signed_in, monkeypatch):
    """The newest first; going on stays at the same day."""
    monkeypatch.setattr("trialwright.web.paging.ROWS", 5)
    client = signed_in("statistician")

    first = client.get("/response/biomarkers/?cutoff=2026-11-20").content.decode()

    numbers = [int(each) for each in re.findall(r">entry (\d+)</a>", first)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 5
    assert 'href="?cutoff=2026-11-20&amp;entries=2#entries"' in first
