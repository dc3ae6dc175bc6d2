"""A study folder against its survival: whom nobody looked at is not taken for unaltered."""

import pytest

from trialwright.assembly.marker_studies import StudyAsked, study_survey
from trialwright.assembly.marker_surveys import Effort
from trialwright.biomarkers.marker_table import CellState
from trialwright.intake.gene_panels import read_panel
from trialwright.intake.study_outcomes import read_outcomes
from trialwright.terms.errors import Refusal

HEAD = "PATIENT_ID\tOS_MONTHS\tOS_STATUS\tDFS_MONTHS\tDFS_EVENT\n"
FOLDER = {
    "data_clinical_sample.txt": "PATIENT_ID\tSAMPLE_ID\nP-1\tS-1\nP-2\tS-2\nP-3\tS-3\n",
    "data_clinical_patient.txt": f"{HEAD}P-1\t1\t1:DECEASED\t0.5\t1\nP-2\t2\t0:LIVING\tNA\t\n"
    "P-3\t3\t0:LIVING\t3\t0\nP-4\t4\t1:DECEASED\t4\t0\n",
    "data_gene_panel_matrix.txt": "SAMPLE_ID\tmutations\nS-1\twhole\nS-2\twhole\n",
    "data_mutations.txt": "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\n"
    "ESR1\tMissense_Mutation\tS-1\n",
}


def test_whoever_was_not_looked_at_has_a_place_and_no_answer(tmp_path):
    """P-2 was sequenced and has nothing; of P-3 no panel is told; P-4 has no sample at all."""
    panel = tmp_path / "whole.txt"
    panel.write_text("stable_id: whole\ngene_list: ESR1\tPIK3CA\n", encoding="utf-8")

    found = study_survey(FOLDER, StudyAsked((panel,)), Effort(permutations=10))

    states = [cell.state for cell in found.table.column("tissue-dna-esr1-any")]
    assert states == [
        CellState.ALTERED, CellState.NOT_ALTERED, CellState.NOT_COVERED, CellState.NOT_ASSAYED,
    ]  # fmt: skip
    assert found.silent == 1  # PIK3CA, which nobody carries
    overall, free = found.families
    basis = overall.tests[0].association.basis
    assert (basis.participants, basis.altered, basis.events) == (2, 1, 1)
    assert free.tests[0].association.basis.excluded == {
        "P-2": "disease-free survival not followed",
        "P-3": "tissue-dna-esr1-any not covered",
        "P-4": "tissue-dna-esr1-any not assayed",
    }


def test_who_was_sequenced_without_a_panel_was_looked_at_for_every_gene():
    """The case list tells it: P-3 has nothing, P-2 was not sequenced whatever the matrix says."""
    listed = {"case_lists/cases_sequenced.txt": "case_list_ids: S-1\tS-3\n"}

    found = study_survey(FOLDER | listed, StudyAsked(genes=("ESR1",)), Effort(permutations=10))

    states = [cell.state for cell in found.table.column("tissue-dna-esr1-any")]
    assert states == [
        CellState.ALTERED, CellState.NOT_COVERED, CellState.NOT_ALTERED, CellState.NOT_ASSAYED,
    ]  # fmt: skip


def test_a_rearranged_gene_has_a_marker_of_its_own(tmp_path):
    """Only who was looked at for rearrangements is known to have none."""
    fused = {
        "data_sv.txt": "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\n"
        "S-1\tSOMATIC\tESR1\tCCDC170\n",
        "case_lists/cases_sv.txt": "case_list_ids: S-1\tS-2\n",
        "case_lists/cases_sequenced.txt": "case_list_ids: S-1\tS-2\tS-3\n",
    }

    panel = tmp_path / "whole.txt"
    panel.write_text("stable_id: whole\ngene_list: ESR1\tPIK3CA\n", encoding="utf-8")

    found = study_survey(FOLDER | fused, StudyAsked((panel,)), Effort(permutations=10))

    column = found.table.column("tissue-dna-esr1-rearranged")
    assert [cell.state for cell in column] == [
        CellState.ALTERED, CellState.NOT_ALTERED, CellState.NOT_COVERED, CellState.NOT_ASSAYED,
    ]  # fmt: skip


def test_months_become_the_nearest_day():
    """A month has 30.4375 days: half of one is 15.2, four are 121.75."""
    found = read_outcomes(FOLDER["data_clinical_patient.txt"])

    assert found.times["overall survival"][0] == (30, True)
    assert found.times["disease-free survival"] == (
        (15, True), (None, False), (91, False), (122, False),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("P-9\tlong\t1\t1\t1", "data_clinical_patient.txt:2: OS_MONTHS: aaaa"),
        ("P-9\t3\tyes\t1\t1", "data_clinical_patient.txt:2: OS_STATUS: aaa"),
        ("P-9\t3\t\t1\t1", "data_clinical_patient.txt:2: OS_STATUS: nothing"),
        ("P-9\t-1\t1\t1\t1", "data_clinical_patient.txt:2: OS_MONTHS: -9"),
        ("P-9\t1e9999\t1\t1\t1", "data_clinical_patient.txt:2: OS_MONTHS: 9a9999"),
        (
            "P-9\t1201\t1\t1\t1",
            "data_clinical_patient.txt:2: OS_MONTHS: 9999. Allowed: months, 0 to 1200",
        ),
    ],
)
def test_an_outcome_that_cannot_be_read_is_refused_with_file_and_line(row, said):
    """And without what the participant's row holds."""
    with pytest.raises(Refusal) as refused:
        read_outcomes(HEAD + row + "\n")

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stable_id: whole\n", "p.txt: gene_list: no such line"),
        ("stable_id: a_b\ngene_list: ESR1\n", "p.txt:1: stable_id: a_b"),
        ("stable_id: whole\ngene_list: ESR1\tesr 1\n", "p.txt:2: gene_list: esr 1"),
        ("stable_id: a\nstable_id: b\ngene_list: ESR1\n", "p.txt:2: stable_id: this line twice"),
    ],
)
def test_a_panel_that_cannot_be_read_is_refused(text, said):
    """With its line."""
    with pytest.raises(Refusal) as refused:
        read_panel(text, "p.txt", "tissue-ngs", counts_copies=False)

    assert str(refused.value).startswith(said)
