"""Biomarkers in the ledger: materials, runs and stains, and what contradicts itself."""

from dataclasses import replace
from datetime import date

import pytest
from tests.conduct import biomarker_story as story
from tests.conduct import clinical_story

from trialwright.biomarkers.marker_table import CellState
from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.conduct.acts import Consent, Redact
from trialwright.conduct.biomarker_acts import RecordMaterials
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.data_checks import data_checks
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal


@pytest.fixture
def two(trial, say):
    """Give a trial in which P-1 and P-2 consented."""
    for number in ("P-1", "P-2"):
        trial.do(Consent(number, say.CONSENTED))
    return trial


def table_of(trial, *participants):
    """Give the table of the protocol's markers from the folded ledger."""
    settings = trial.study.biomarkers
    records = {name: each.biomarkers for name, each in trial.state.participants.items()}
    return tabulate(participants, records, prespecified(settings), settings)


def test_what_was_recorded_comes_back_and_makes_the_table(two):
    """The third objective rests on the ledger: AKT1 is altered, PTEN lost, plasma not assayed."""
    story.tell(two)

    table = table_of(two, "P-1", "P-2")

    assert table.altered("akt1-tissue") == (None, True)
    assert table.altered("pik3ca-tissue") == (None, False)
    assert table.altered("pten-ihc") == (None, True)
    assert table.column("akt1-plasma")[1].state is CellState.NOT_ASSAYED
    assert table.column("akt1-plasma")[1].specimen == "P-2-C"


def test_folding_again_gives_the_same(two):
    """Act by act, and from the beginning."""
    story.tell(two)

    live, folded = two.live.participants["P-2"], two.state.participants["P-2"]

    assert live.biomarkers == folded.biomarkers
    assert live.biomarkers.runs == (story.sequencing("P-2").run,)


def test_a_score_told_is_recorded_with_what_contradicts_it(two):
    """Allred 3 beside 70 % is positive either way, and cannot be: said at once, and to be asked."""
    two.do(story.materials("P-2"))
    act = story.stain("P-2", percent="70")
    seen = replace(act.stain, analyte="ER", allred=3)
    (done,) = two.do(replace(act, stain=seen))
    here = two.state.participants["P-2"]

    both = "ER Allred told as 3, 6-8 by percentage and intensity"
    assert [*done.payload["says"][1:]] == [
        f"positive: {both}: 3 or more (er-allred-3)", f"to check: {both}",
    ]  # fmt: skip
    assert here.biomarkers.stains == (seen,)
    (check,) = data_checks(two.state, here, story.ENTRY)
    assert (check.part, check.says) == (
        "biomarkers",
        "ER of P-2-B: Allred told as 3, 6-8 by percentage and intensity; ask which of them holds",
    )
    assert data_checks(two.state, here, story.TAKEN) == ()


def test_a_score_that_follows_is_not_asked_about(two):
    """Allred 7 beside 70 %."""
    two.do(story.materials("P-2"))
    act = story.stain("P-2", percent="70")
    (done,) = two.do(replace(act, stain=replace(act.stain, analyte="ER", allred=7)))

    assert not [each for each in done.payload["says"] if each.startswith("to check")]
    assert data_checks(two.state, two.state.participants["P-2"], story.ENTRY) == ()


@pytest.mark.parametrize(
    ("percent", "asked"),
    [("0.6", "0.6% stained, or 60%"), ("0.05", "0.05% stained, or 5%"), ("1", ""), ("0", ""),
     ("60", "")],
)  # fmt: skip
def test_a_percentage_that_may_be_a_share_is_asked_about(two, percent, asked):
    """0.6 may stand for 60 percent, on the other side of every bound: at once, and to be asked."""
    two.do(story.materials("P-2"))
    (done,) = two.do(story.stain("P-2", percent=percent))

    checks = data_checks(two.state, two.state.participants["P-2"], story.ENTRY)

    said = [each for each in done.payload["says"] if each.startswith("to check")]
    assert said == ([f"to check: PTEN {asked}"] if asked else [])
    asks = f"PTEN of P-2-B: {asked}; ask which of them holds"
    assert [each.says for each in checks] == ([asks] if asked else [])


def test_a_stain_says_its_status_by_every_rule_of_the_protocol(two):
    """5 % stained: lost by both rules."""
    two.do(story.materials("P-2"))
    (done,) = two.do(story.stain("P-2"))

    assert [each.partition(":")[0] for each in done.payload["says"]] == ["lost", "lost"]


def test_a_protein_without_a_rule_is_said(two):
    """`pten` is not PTEN: the stain is recorded, and no marker will read it."""
    two.do(story.materials("P-2"))
    act = story.stain("P-2")
    (done,) = two.do(replace(act, stain=replace(act.stain, analyte="pten")))

    assert done.payload["says"] == [
        "no rule of the protocol is for pten; there are rules for ER, PR, HER2, PTEN"
    ]


def test_a_panel_that_the_protocol_does_not_know_is_said(two):
    """It is recorded all the same, and its silence will not count."""
    two.do(story.materials("P-2"))
    (done,) = two.do(story.sequencing("P-2", panel="home-brew"))

    assert "not known to be absent" in done.payload["says"][0]
    assert table_of(two, "P-2").altered("pik3ca-tissue") == (None,)
    assert table_of(two, "P-2").altered("akt1-tissue") == (True,)


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: story.sequencing("P-1"), ["run.material"]),
        (lambda: story.sequencing("P-1", material="P-2-D"), ["run.material"]),
        (lambda: story.sequencing("P-2", read=date(2026, 6, 2)), ["run.on"]),
        (lambda: story.sequencing("P-2", read=date(2026, 2, 19)), ["run.material"]),
        (lambda: story.stain("P-2", material="P-2-C"), ["stain.material"]),
        (lambda: story.stain("P-1"), ["stain.material"]),
        (lambda: story.stain("P-2", read=date(2026, 1, 19)), ["stain.material"]),
        (lambda: RecordMaterials("P-1", story.ENTRY, ()), ["materials"]),
        (lambda: story.materials("P-1", "P-2"), [f"materials.{place}.id" for place in range(4)]),
        (lambda: story.materials("P-2"), [f"P-2-{each}.id" for each in "BDTC"]),
    ],
)
def test_what_rests_on_nothing_is_refused(two, make, where):
    """A result without its material, a label of somebody else, a day to come or too early."""
    two.do(story.materials("P-2"))

    with pytest.raises(Refusal) as refused:
        two.do(make())

    assert [each.where for each in refused.value.faults] == where


def test_a_run_is_recorded_once_in_the_trial(two):
    """The second record is refused, of the same participant and of another one."""
    two.do(story.materials("P-1"))
    story.tell(two)

    with pytest.raises(Refusal, match="of this participant"):
        two.do(story.sequencing("P-2"))
    with pytest.raises(Refusal, match="of another participant"):
        two.do(story.sequencing("P-1"))


def test_a_day_to_come_is_refused_for_material(two):
    """Nothing was taken that will be."""
    act = story.materials("P-2")

    with pytest.raises(Refusal, match="after the entry"):
        two.do(replace(act, on=date(2026, 2, 19)))


def test_a_wrong_reading_is_corrected_and_the_table_follows(two):
    """50 instead of 5 %: PTEN is retained by the rule of the marker."""
    story.tell(two)
    sequence = len(two.records)
    path = "payload/stain/percent"
    old = two.records[-1].happening.payload["stain"]["percent"]

    two.do(
        Correct("P-2", story.ENTRY, sequence, path, old, {**old, "low": "50", "high": "50"}, "x")
    )

    assert table_of(two, "P-2").altered("pten-ihc") == (False,)


def test_a_label_on_which_a_result_rests_cannot_be_corrected_alone(two):
    """The run would rest on nothing."""
    two.do(story.materials("P-2"))
    sequence = len(two.records)
    two.do(story.sequencing("P-2"))

    with pytest.raises(Refusal, match="which is not recorded"):
        two.do(
            Correct("P-2", story.ENTRY, sequence, "payload/materials/#1/id", "P-2-D", "X-9", "typo")
        )


def test_a_run_in_which_a_call_was_redacted_no_longer_counts(two, say):
    """Otherwise the redacted variant would read as not detected."""
    two.do(story.materials("P-2"))
    two.do(story.sequencing("P-2"))
    sequence = len(two.records)

    two.do(Redact("P-2", story.ENTRY, sequence, "payload/run/calls/#0/source/place", "a name"))

    assert table_of(two, "P-2").column("akt1-tissue")[0].state is CellState.NOT_ASSAYED
    assert two.state.participants["P-2"].unreadable


def test_material_taken_after_the_death_is_refused_and_dna_made_of_it_later_is_not(two):
    """P-2 died in May 2026; DNA of tissue taken before may be made afterwards."""
    two.do(clinical_story.death("P-2"))
    act = story.materials("P-2", "LATE")
    block, dna, tube, _ = act.materials
    late = PartialDate.of(story.ENTRY)

    with pytest.raises(Refusal, match="after the death"):
        two.do(replace(act, materials=(replace(tube, on=late),)))
    two.do(replace(act, materials=(block, replace(dna, on=late))))
