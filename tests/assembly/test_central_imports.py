"""Tables of central readings: a row for each lesion, gathered to acts of the reader himself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.assembly.beside import told_beside
from tests.conduct.central_story import FIRST, SECOND, THIRD, WHO, lesions, reading, reviewed

from trialwright.assembly.gateway import Gateway
from trialwright.assembly.planned_imports import Given, plan
from trialwright.casebook.tumours import (
    Certainty,
    Merged,
    NewLesion,
    NonTargetWord,
    Response,
    Split,
    TargetWord,
)
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY = date(2026, 2, 5)
ENTRY = date(2026, 6, 30)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")

MAPPING = """\
kind: central-readings
participant: Subject
columns:
  evaluator: Reader
  timepoint: Visit
  day: Date
  finding: Kind
  lesion: Lesion
  site: Organ
  is_node: Node
  reading: Result
  method: Method
  overall: Overall
words:
  timepoint: {BASELINE: baseline, WEEK 8: assessment, WEEK 16: assessment}
  is_node: {"Y": "yes", "N": "no"}
  reading: {TSTM: TOO SMALL TO MEASURE}
between: "+"
"""
HEAD = "Subject,Reader,Visit,Date,Kind,Lesion,Organ,Node,Result,Method,Overall"
BASELINE = (
    "P-1,reader 1,BASELINE,2026-02-05,TARGET,T1,LIVER,N,42.5,CT SCAN,",
    "P-1,reader 1,BASELINE,2026-02-05,TARGET,T2,LUNG,N,20 mm,,",
    "P-1,reader 1,BASELINE,2026-02-05,TARGET,T3,LYMPH NODE,Y,18,,",
    "P-1,reader 1,BASELINE,2026-02-05,NON-TARGET,B1,BONE,N,PRESENT,,",
)
WEEK_8 = (
    "P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,12+9.5,CT SCAN,PR",
    "P-1,reader 1,WEEK 8,2026-03-02,TARGET,T2,,,TSTM,,",
    "P-1,reader 1,WEEK 8,2026-03-02,TARGET,T3,,,ABSENT,,PR",
    "P-1,reader 1,WEEK 8,2026-03-02,NON-TARGET,B1,,,PRESENT,,",
    "P-1,reader 1,WEEK 8,2026-03-02,NEW,,,,NONE,,",
)
WEEK_16 = (
    "P-1,reader 1,WEEK 16,2026-04-27,TARGET,T1,,,MERGED:T2,,",
    "P-1,reader 1,WEEK 16,2026-04-27,TARGET,T2,,,40,,",
    "P-1,reader 1,WEEK 16,2026-04-27,TARGET,T3,,,NE,,",
    "P-1,reader 1,WEEK 16,2026-04-27,NEW,X1,BRAIN,,EQUIVOCAL,,",
)
WHOLE = (HEAD, *BASELINE, *WEEK_8, *WEEK_16)


@pytest.fixture
def gateway(desk):
    """Give a trial with two readers and two participants who consented."""
    opened = desk.open()
    read = replace(opened.protocol, study=reviewed(opened.protocol.study))
    made = Gateway(opened.store, read, opened.clock, opened.source)
    for number in ("P-1", "P-2"):
        made.execute(Consent(number, DAY), CHIEF)
    return made


@pytest.fixture
def given(tmp_path):
    """Give a writer of a table and its mapping."""

    def write(*rows, mapping=MAPPING):
        file, declared = tmp_path / "readings.csv", tmp_path / "mapping.yaml"
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        declared.write_text(mapping, encoding="utf-8")
        return Given(file, "central-readings", declared, "", ENTRY)

    return write


def run(gateway, asked, actor=FIRST, *, is_rehearsal=False):
    """Plan an import and do it."""
    planned = plan(gateway, asked)
    return planned, gateway.execute_whole(planned.steps, actor, is_rehearsal=is_rehearsal)


def refused_of(gateway, asked, actor=FIRST):
    """Give the faults of an import, by line and column; nothing of it is recorded."""
    before = gateway.state().sequence
    with pytest.raises(Refusal) as refused:
        run(gateway, asked, actor)
    assert gateway.state().sequence == before
    assert {each.file for each in refused.value.faults} == {"readings.csv"}
    return [(each.line, each.where) for each in refused.value.faults]


def test_rows_become_a_baseline_and_assessments(gateway, given):
    """Thirteen rows are three acts; every word of a lesion is read, and each names its file."""
    planned, done = run(gateway, given(*WHOLE))

    here = gateway.state().participants["P-1"].central_review.of("reader 1")
    assert (planned.rows, planned.recorded, len(done)) == (13, 13, 3)
    assert here.baseline is not None
    found = [(each.label, each.site, each.is_node, each.mm) for each in here.baseline.targets]
    assert found == [
        ("T1", "LIVER", False, Decimal("42.5")), ("T2", "LUNG", False, Decimal(20)),
        ("T3", "LYMPH NODE", True, Decimal(18)),
    ]  # fmt: skip
    assert [each.label for each in here.baseline.nontargets] == ["B1"]
    week_8, week_16 = here.assessments
    assert week_8.targets == {
        "T1": Split((Decimal(12), Decimal("9.5"))), "T2": TargetWord.TOO_SMALL,
        "T3": TargetWord.ABSENT,
    }  # fmt: skip
    assert week_8.nontargets == {"B1": NonTargetWord.PRESENT}
    assert (week_8.new_lesions, week_8.method, week_8.recorded_overall) == (
        (), "CT SCAN", Response.PR)  # fmt: skip
    assert week_16.targets["T1"] == Merged("T2")
    assert week_16.new_lesions == (NewLesion(Certainty.EQUIVOCAL, "BRAIN", "X1"),)
    assert week_16.source.place == f"{planned.digest}:11"


def test_the_order_of_rows_changes_nothing(gateway, given):
    """Baselines come first, then days, in whatever order rows stand."""
    run(gateway, given(HEAD, *WEEK_16, *WEEK_8, *BASELINE))

    here = gateway.state().participants["P-1"].central_review.of("reader 1")
    assert [each.on.isoformat() for each in here.assessments] == ["2026-03-02", "2026-04-27"]


def test_a_table_saved_anew_records_what_is_new_in_it(gateway, given):
    """Rows on record, and a row that stands twice, add nothing; the counts add up."""
    run(gateway, given(HEAD, *BASELINE, *WEEK_8))

    planned, done = run(gateway, given(*WHOLE, WEEK_16[0]))

    assert (planned.rows, planned.recorded, len(planned.duplicates)) == (14, 4, 10)
    assert "line 15: as line 11" in planned.duplicates
    assert len(done) == 1


def test_an_assessment_alone_rests_on_the_baseline_of_record(gateway, given):
    """And only on that of the same reader."""
    gateway.execute(lesions("P-1", "reader 2", DAY), SECOND)
    only = [each.replace("reader 1", "reader 2") for each in (
        "P-1,reader 1,WEEK 8,2026-03-02,TARGET,R1,,,12,,",
        "P-1,reader 1,WEEK 8,2026-03-02,NEW,,,,NE,,",
    )]  # fmt: skip

    run(gateway, given(HEAD, *only), SECOND)

    (found,) = gateway.state().participants["P-1"].central_review.of("reader 2").assessments
    assert (found.targets, found.new_lesions) == ({"R1": Decimal(12)}, None)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P-1,reader 3,WEEK 8,2026-03-02,TARGET,T1,,,12,,", "Reader"),
        ("P-1,,WEEK 8,2026-03-02,TARGET,T1,,,12,,", "Reader"),
        ("P-1,reader 1,WEEK 9,2026-03-02,TARGET,T1,,,12,,", "Visit"),
        ("P-1,reader 1,WEEK 8,2026-03,TARGET,T1,,,12,,", "Date"),
        ("P-1,reader 1,WEEK 8,,TARGET,T1,,,12,,", "Date"),
        ("P-1,reader 1,WEEK 8,2026-03-02,LESION,T1,,,12,,", "Kind"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,,,,12,,", "Lesion"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,Mrs Miller liver,,,12,,", "Lesion"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T9,,,12,,", "Lesion"),
        ("P-1,reader 1,WEEK 8,2026-03-02,NON-TARGET,T1,,,PRESENT,,", "Lesion"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,small,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,<12,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,1.2 cm,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,1200,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,-12,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,MERGED:T9,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,MERGED:T1,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,UNEQUIVOCAL PROGRESSION,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,NON-TARGET,B1,,,TSTM,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,NEW,X1,,,PRESENT,,", "Result"),
        ("P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,12,,STABLE", "Overall"),
        ("P-1,reader 1,BASELINE,2026-02-05,TARGET,T7,LUNG,,12,,", "Node"),
        ("P-1,reader 1,BASELINE,2026-02-05,TARGET,T7,LUNG,N,0,,", "Result"),
        ("P-1,reader 1,BASELINE,2026-02-05,TARGET,T7,LUNG,N,ABSENT,,", "Result"),
        ("P-1,reader 1,BASELINE,2026-02-05,NON-TARGET,B7,BONE,N,ABSENT,,", "Result"),
        ("P-1,reader 1,BASELINE,2026-02-05,NEW,X7,BONE,N,EQUIVOCAL,,", "Kind"),
    ],
)
def test_a_row_is_refused_by_line_and_column(gateway, given, row, column):
    """What stands in a cell is never quoted, and nothing of the file is recorded."""
    day = "P-1,reader 1,WEEK 8,2026-03-02,NEW,,,,NONE,,"

    faults = refused_of(gateway, given(HEAD, *BASELINE, row, *(() if ",NEW," in row else (day,))))

    assert faults == [(6, column)]


def test_rows_that_contradict_each_other_are_refused(gateway, given):
    """One lesion twice, two methods, nothing new beside a new lesion: all told at once."""
    faults = refused_of(gateway, given(
        HEAD, *BASELINE, *WEEK_8,
        "P-1,reader 1,WEEK 8,2026-03-02,TARGET,T1,,,30,,",
        "P-1,reader 1,WEEK 8,2026-03-02,NEW,X1,BRAIN,,UNEQUIVOCAL,MRI,SD",
    ))  # fmt: skip

    assert sorted(faults) == [(10, "Result"), (11, "Lesion"), (12, "Method"), (12, "Overall")]


def test_an_assessment_says_whether_new_lesions_were_seen(gateway, given):
    """A table that is silent of new lesions says neither that there are none nor that some are."""
    assert refused_of(gateway, given(HEAD, *BASELINE, *WEEK_8[:4])) == [(6, "Kind")]


def test_an_assessment_without_a_baseline_is_refused(gateway, given):
    """A baseline of the other reader is none of this one."""
    gateway.execute(lesions("P-1", "reader 2", DAY), SECOND)

    assert refused_of(gateway, given(HEAD, *WEEK_8)) == [(2, "Visit")]


def test_somebody_reads_as_one_evaluator_alone(gateway, given):
    """The act is the reader's own: rows of another one are refused in the column that says so."""
    gateway.execute(lesions("P-1", "reader 2", DAY), FIRST)

    assert set(refused_of(gateway, given(*WHOLE))) == {(2, "Reader"), (6, "Reader"), (11, "Reader")}


@pytest.mark.parametrize("role", ["investigator", "principal-investigator", "adjudicator"])
def test_nobody_imports_for_a_reader(gateway, given, role):
    """An account of the study sees what every reader found, and so reads for none."""
    faults = refused_of(gateway, given(HEAD, *BASELINE), Actor("x.y", role, "mgh"))

    assert set(faults) == {(2, "Reader")}


def test_a_second_baseline_is_refused_at_its_day(gateway, given):
    """One baseline a reader: a corrected one is a correction."""
    run(gateway, given(HEAD, *BASELINE))

    changed = [each.replace("42.5", "43") for each in BASELINE]

    assert refused_of(gateway, given(HEAD, *changed)) == [(2, "Date")]


def test_an_adjudicator_reads_nobody_who_is_not_treated(gateway, given):
    """Both readers have read week 8 and differ; without an arm there is no response to decide."""
    for evaluator, mm in (("reader 1", "12"), ("reader 2", "30")):
        gateway.execute(lesions("P-1", evaluator, DAY), WHO[evaluator])
        gateway.execute(reading("P-1", evaluator, date(2026, 3, 2), mm), WHO[evaluator])
    rows = [each.replace("reader 1", "adjudicator") for each in (*BASELINE, *WEEK_8)]

    assert refused_of(gateway, given(HEAD, *rows), THIRD) == [(2, "Subject"), (6, "Subject")]


def test_beside_a_row_that_cannot_be_read_other_acts_are_decided(gateway, given):
    """Of P-1 one reading cannot be read; P-9 has not consented, and both are told at once."""
    rows = (*BASELINE, *WEEK_8, *(each.replace("P-1", "P-9") for each in BASELINE))

    before, says, after = told_beside(
        gateway, given(HEAD, *(each.replace("TSTM", "small") for each in rows)), FIRST
    )

    assert before == [(7, "Result")]
    assert says == "1 row keeps all out; of the rows that could be read, 1 fault follows"
    assert after == [(11, "Subject")]


def test_beside_rows_that_contradict_each_other_acts_are_decided(gateway, given):
    """A second row of T1, and a second baseline of the reader, who must correct the first."""
    gateway.execute(lesions("P-1", "reader 1", DAY), FIRST)

    before, _, after = told_beside(gateway, given(HEAD, *BASELINE, BASELINE[0] + "SD"), FIRST)

    assert (before, after) == ([(6, "Lesion")], [(2, "Date")])


@pytest.mark.parametrize("lost", [
    BASELINE[0].replace("42.5", "large"),
    BASELINE[0].replace("P-1", ""),
    BASELINE[0].replace("P-1,", ""),
    BASELINE[0].replace("BASELINE", "START"),
])  # fmt: skip
def test_nothing_is_refused_for_what_a_lost_row_may_say(gateway, given, lost):
    """T1 at baseline cannot be read: its reading at week 8 is no reading of a stranger."""
    before, says, after = told_beside(gateway, given(HEAD, lost, *BASELINE[1:], *WEEK_8[:4]), FIRST)

    assert [line for line, _ in before] == [2]
    assert (says.rpartition(", ")[2], after) == ("no fault", [])


def test_without_a_readable_baseline_no_assessment_is_asked(gateway, given):
    """Its only row is lost, and perhaps that of P-2; that P-9 has not consented is still told."""
    only = "P-1,reader 1,BASELINE,2026-02-05,TARGET,T1,LIVER,N,{},,"
    rows = (only.format("?"), *WEEK_8, *(each.replace("P-1", "P-2") for each in WEEK_8),
            only.format("12").replace("P-1", "P-9"))  # fmt: skip

    before, _, after = told_beside(gateway, given(HEAD, *rows), FIRST)

    assert before == [(2, "Result"), (8, "Visit")]
    assert after == [(13, "Subject")]


def test_a_row_of_somebody_elsewhere_may_be_anybodys(gateway, given):
    """A study number that was mistyped may hide the baseline; nothing is said of that."""
    rows = (*(each.replace("P-1", "P-11") for each in BASELINE), *WEEK_8, BASELINE[0])

    before, _, after = told_beside(
        gateway, given(HEAD, *rows), FIRST, lambda here: here.number == "P-1"
    )

    assert before == [(line, "participant") for line in (2, 3, 4, 5)]
    assert after == []


def test_a_rehearsal_keeps_nothing(gateway, given):
    """And tells the same counts."""
    before = gateway.state().sequence

    planned, done = run(gateway, given(*WHOLE), is_rehearsal=True)

    assert (planned.recorded, len(done)) == (13, 3)
    assert gateway.state().sequence == before


def test_a_decimal_comma_is_declared(gateway, given):
    """Without it 42,5 is no number."""
    head = HEAD.replace(",", ";")
    rows = [each.replace(",", ";").replace("42.5", "42,5") for each in BASELINE]
    declared = MAPPING + "separator: semicolon\n"

    assert refused_of(gateway, given(head, *rows, mapping=declared)) == [(2, "Result")]
    run(gateway, given(head, *rows, mapping=declared + "decimal: comma\n"))

    baseline = gateway.state().participants["P-1"].central_review.of("reader 1").baseline
    assert baseline is not None
    assert baseline.targets[0].mm == Decimal("42.5")
