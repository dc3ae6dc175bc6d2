"""The reason of each rule of a time point, whole: the numbers, the limit and the section."""

from decimal import Decimal

import pytest

from trialwright.casebook.tumours import Certainty, Marker, NewLesion, Response
from trialwright.response.new_lesions import judge_new_lesions
from trialwright.response.nontarget import nontarget_response
from trialwright.response.overall import overall_response
from trialwright.terms.errors import Refusal

CR, PR, SD, PD, NE = Response.CR, Response.PR, Response.SD, Response.PD, Response.NE


@pytest.mark.parametrize(
    ("before", "course", "because"),
    [
        ({}, [{}], "No target lesions at baseline"),
        (
            {"T1": 40, "T2": 20},
            [{"T1": "ABSENT", "T2": "ABSENT"}],
            "Targets CR: every target lesion is absent, sum 0 mm (RECIST 1.1 section 4.3.1; "
            "T1 absent (0 mm), T2 absent (0 mm))",
        ),
        (
            {"T1": 40, "LN1": 20},
            [{"T1": "ABSENT", "LN1": "9.5"}],
            "Targets CR: every target lesion is absent, nodes below 10 mm short axis, sum 9.5 mm "
            "(RECIST 1.1 section 4.3.1; T1 absent (0 mm), LN1 9.5 mm)",
        ),
        (
            {"T1": 40},
            [{"T1": 28}],
            "Targets PR: sum 28 mm is -30 % from the baseline of 40 mm; limit -30 % "
            "(RECIST 1.1 section 4.3.1; T1 28 mm)",
        ),
        (
            {"T1": 40},
            [{"T1": 29}],
            "Targets SD: sum 29 mm is -27.5 % from the baseline of 40 mm and -11 mm (-27.5 %) from "
            "the nadir of 40 mm, which is no progression (RECIST 1.1 section 4.3.1; T1 29 mm)",
        ),
        (
            {"T1": 40},
            [{"T1": 26}, {"T1": 30}],
            "Targets PR, continued: sum 30 mm is -25 % from the baseline of 40 mm and 4 mm "
            "(+15.3… %) from the nadir of 26 mm, which is no progression; a partial response stays "
            "until progression (EORTC clarification to RECIST 1.1; T1 30 mm)",
        ),
        (
            {"T1": 40},
            [{"T1": 26}, {"T1": 32}],
            "Targets PD: sum 32 mm is 6 mm (+23.0… %) above the nadir of 26 mm on 2026-02-26; "
            "limits 20 % and 5 mm (RECIST 1.1 section 4.3.1; T1 32 mm)",
        ),
        (
            {"T1": 20, "T2": 20, "T3": 10},
            [{"T1": 60}],
            "Targets PD: sum 60 mm even without T2 and T3, not evaluated is 10 mm (+20 %) above "
            "the nadir of 50 mm on 2025-12-25; limits 20 % and 5 mm (RECIST 1.1 section 4.3.1 and "
            "4.4.2; T1 60 mm, T2 not evaluated, T3 not evaluated)",
        ),
        (
            {"T1": 20, "T2": 20},
            [{"T1": 8}],
            "Targets NE: T2 not evaluated, and the 8 mm measured are no progression from the nadir "
            "of 40 mm (RECIST 1.1 section 4.4.2; T1 8 mm, T2 not evaluated)",
        ),
        (
            {"T1": 20, "LN1": 16, "T2": 12},
            [
                {"T1": "ABSENT", "LN1": 8, "T2": "ABSENT"},
                {"T1": 3, "LN1": 8, "T2": "TOO SMALL TO MEASURE"},
            ],
            "Targets PD: T1 3 mm and T2 too small to measure (counts 5 mm) after a complete "
            "response; a lesion that reappears after complete response is progression "
            "(EORTC clarification to RECIST 1.1)",
        ),
    ],
)
def test_each_call_of_the_targets_is_told_with_its_numbers(bench, before, course, because):
    """The last visit of each course opens its reason with the whole call of the targets."""
    gone = {"N1": "ABSENT"}
    visits = [bench.visit(57 + 56 * place, seen, gone) for place, seen in enumerate(course)]

    found = bench.judge(bench.baseline(before, ("N1",)), *visits)[-1].because

    assert found.startswith(f"{because}. ")


@pytest.mark.parametrize(
    ("readings", "marker", "was_complete", "because"),
    [
        (
            {"N1": "UNEQUIVOCAL PROGRESSION", "N2": "UNEQUIVOCAL PROGRESSION", "N3": "PRESENT"},
            "NOT FOLLOWED",
            False,
            "Non-targets PD: N1 and N2 unequivocally progressed (RECIST 1.1 section 4.3.4)",
        ),
        (
            {"N1": "PRESENT", "N2": "ABSENT", "LN1": "PRESENT"},
            "NOT FOLLOWED",
            True,
            "Non-targets PD: N1 present after a complete response; a lesion that reappears after "
            "complete response is progression (EORTC clarification to RECIST 1.1)",
        ),
        (
            {"N1": "NE", "N2": "PRESENT", "N3": "NE"},
            "NOT FOLLOWED",
            False,
            "Non-targets NE: N1 and N3 not evaluated, and nothing evaluated progressed "
            "(RECIST 1.1 section 4.4.2, Tables 1 and 2: not all evaluated)",
        ),
        (
            {"N1": "PRESENT", "LN1": "12.5", "N2": "ABSENT"},
            "NORMAL",
            False,
            "Non-targets NON-CR/NON-PD: N1 present and LN1 12.5 mm, without unequivocal "
            "progression (RECIST 1.1 section 4.3.3)",
        ),
        (
            {"N1": "ABSENT"},
            "ABOVE NORMAL",
            False,
            "Non-targets NON-CR/NON-PD: every non-target lesion is gone, but the tumour marker is "
            "above normal (RECIST 1.1 section 4.3.3)",
        ),
        (
            {},
            "ABOVE NORMAL",
            False,
            "Non-targets NON-CR/NON-PD: no non-target lesion, but the tumour marker is above "
            "normal (RECIST 1.1 section 4.3.3)",
        ),
        (
            {"N1": "ABSENT"},
            "NE",
            False,
            "Non-targets NE: every non-target lesion is gone, but the tumour marker, which must be "
            "normal for CR, was not evaluated (RECIST 1.1 section 4.3.3)",
        ),
        ({}, "NORMAL", False, "No non-target lesions at baseline"),
        (
            {"LN1": 9},
            "NORMAL",
            False,
            "Non-targets CR: every non-target lesion is gone, nodes below 10 mm short axis and the "
            "tumour marker is normal (RECIST 1.1 section 4.3.3)",
        ),
        (
            {"N1": "ABSENT"},
            "NOT FOLLOWED",
            False,
            "Non-targets CR: every non-target lesion is gone, nodes below 10 mm short axis "
            "(RECIST 1.1 section 4.3.3)",
        ),
    ],
)
def test_each_call_of_the_nontargets_is_told_with_its_lesions(
    bench, readings, marker, was_complete, because
):
    """Progression, what came back, what nobody saw, what is left, and the marker."""
    baseline = bench.baseline({"T1": 20}, tuple(readings))
    visit = bench.visit(57, {"T1": 20}, readings, marker=Marker(marker))

    assert nontarget_response(baseline, visit, was_complete=was_complete).because == because


@pytest.mark.parametrize(
    ("targets", "nontargets", "marker", "response", "because"),
    [
        ({}, (), "ABOVE NORMAL", None, "No lesion at baseline"),
        ({"T1": 20}, (), "NORMAL", None, "No non-target lesions at baseline"),
        ({}, ("N1",), "NOT FOLLOWED", CR, "Non-targets CR: every non-target lesion is gone, "
         "nodes below 10 mm short axis (RECIST 1.1 section 4.3.3)"),
    ],
)  # fmt: skip
def test_a_marker_is_read_beside_lesions_only(
    bench, targets, nontargets, marker, response, because
):
    """Without any lesion at baseline a marker above normal says nothing (section 4.2)."""
    visit = bench.visit(57, targets, dict.fromkeys(nontargets, "ABSENT"), marker=Marker(marker))

    call = nontarget_response(bench.baseline(targets, nontargets), visit, was_complete=False)

    assert (call.response, call.because) == (response, because)


def test_a_lesion_that_returns_is_told_before_one_that_nobody_saw(bench):
    """After complete response a mass is back: PD, whatever the other lesion is."""
    readings = {"N1": "PRESENT", "N2": "NE"}
    visit = bench.visit(57, {"T1": 20}, readings)

    call = nontarget_response(bench.baseline({"T1": 20}, ("N1", "N2")), visit, was_complete=True)

    assert call.response is PD


@pytest.mark.parametrize(
    ("target", "nontarget", "new", "because"),
    [
        (PD, PD, "UNEQUIVOCAL", "Overall PD: progression by target lesions and non-target lesions "
         "and a new lesion (RECIST 1.1 Table 1)"),
        (None, None, "UNEQUIVOCAL", "Overall PD: progression by a new lesion (RECIST 1.1 Table 2)"),
        (None, PD, "NE", "Overall PD: progression by non-target lesions (RECIST 1.1 Table 2)"),
        (PR, CR, "NE", "Overall NE: new lesions were not evaluated, so none is not known "
         "(RECIST 1.1 Table 1)"),
        (None, CR, "NE", "Overall NE: new lesions were not evaluated, so none is not known "
         "(RECIST 1.1 Table 2)"),
        (None, None, "NONE", "Overall NE: no lesion was recorded at baseline, and without a new "
         "lesion there is nothing to judge"),
        (None, CR, "NONE", "Overall CR: non-target lesions alone are CR (RECIST 1.1 Table 2)"),
        (CR, NE, "NONE", "Overall PR: target lesions CR, but non-target lesions NE "
         "(RECIST 1.1 Table 1)"),
        (SD, None, "EQUIVOCAL", "Overall SD: target lesions SD, no non-target lesions "
         "(RECIST 1.1 Table 1)"),
        (NE, CR, "NONE", "Overall NE: target lesions NE, non-target lesions CR "
         "(RECIST 1.1 Table 1)"),
    ],
)  # fmt: skip
def test_each_row_of_the_tables_is_told(target, nontarget, new, because):
    """Every part that progressed, what was not looked at, or the row that joins the parts."""
    assert overall_response(target, nontarget, new).because == because


@pytest.mark.parametrize(
    ("found", "because"),
    [
        (None, "Not evaluated for new lesions"),
        ((), "No new lesion"),
        (
            (NewLesion(Certainty.EQUIVOCAL),),
            "Equivocal new lesion: treatment goes on until a later scan clarifies it "
            "(RECIST 1.1 section 4.3.5)",
        ),
        (
            (
                NewLesion(Certainty.UNEQUIVOCAL, "LUNG"),
                NewLesion(Certainty.EQUIVOCAL, "BRAIN"),
                NewLesion(Certainty.UNEQUIVOCAL, "BONE"),
                NewLesion(Certainty.UNEQUIVOCAL, "LUNG", "X2"),
            ),
            "Unequivocal new lesion (BONE, LUNG) (RECIST 1.1 section 4.3.5)",
        ),
    ],
)
def test_new_lesions_are_told_with_their_sites(bench, found, because):
    """Each site once, by name; of sure and unsure lesions together the sure ones alone."""
    assert judge_new_lesions(bench.visit(57, new=found), ()).because == because


def test_a_lesion_dated_back_is_told_with_its_first_scan(bench):
    """The sentence ends with the day to which the progression is dated."""
    visits = [
        bench.visit(57, new=(NewLesion(Certainty.EQUIVOCAL, "LUNG"),)),
        bench.visit(113, new=(NewLesion(Certainty.UNEQUIVOCAL, "LUNG"),)),
    ]

    assert judge_new_lesions(visits[1], visits[:1]).because == (
        "Unequivocal new lesion (LUNG) (RECIST 1.1 section 4.3.5), first seen on 2026-02-26: the "
        "progression is dated to that scan"
    )


def test_the_reason_of_a_visit_tells_all_four_rules_in_order(bench):
    """Targets, non-targets, new lesions, then the table that joins them."""
    visit = bench.visit(57, {"T1": 20}, {"N1": "PRESENT"})

    answer = bench.judge(bench.baseline({"T1": 40}, ("N1",)), visit)[0]

    assert answer.because == (
        "Targets PR: sum 20 mm is -50 % from the baseline of 40 mm; limit -30 % "
        "(RECIST 1.1 section 4.3.1; T1 20 mm). Non-targets NON-CR/NON-PD: N1 present, without "
        "unequivocal progression (RECIST 1.1 section 4.3.3). No new lesion. Overall PR: target "
        "lesions PR, non-target lesions NON-CR/NON-PD (RECIST 1.1 Table 1)."
    )
    assert (answer.new, answer.measured_mm, answer.progression_on) == ("NONE", Decimal(20), None)


def test_impossible_days_say_what_to_do(bench):
    """Two assessments of one day, and one on the day of the baseline."""
    visits = bench.visit(57), bench.visit(57), bench.visit(-6)

    with pytest.raises(Refusal) as refused:
        bench.judge(bench.baseline({"T1": 40}), *visits)

    assert [(each.found, each.allowed, each.do) for each in refused.value.faults] == [
        (
            "a second assessment on this day",
            "one assessment a day",
            "Join them, or keep the one that counts",
        ),
        (
            "an assessment not after the baseline of 2025-12-25",
            "days after the baseline",
            "Correct the day, or record it as the baseline",
        ),
    ]
