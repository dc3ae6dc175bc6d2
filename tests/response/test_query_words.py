"""Queries and measurability, word for word, and which earlier visit they look back to."""

from decimal import Decimal

import pytest

from trialwright.casebook.tumour_findings import Finding
from trialwright.casebook.tumours import Certainty, NewLesion, Response, TargetLesion
from trialwright.response.measurability import (
    measurability,
    organ_of,
    propose_targets,
    selection_queries,
)
from trialwright.response.queries import baseline_queries, reading_queries


def _said(queries):
    """Give the queries as text."""
    return [str(query) for query in queries]


def _finding(mm, **more):
    """Give a lesion of the liver."""
    return Finding("T1", "LIVER", Decimal(str(mm)), **more)


def test_every_fault_of_the_targets_is_told_with_its_limit(bench):
    """Seven targets: three of the liver by any spelling, three nodes, one of bone; two small."""
    plain = bench.baseline()
    lesions = tuple(
        TargetLesion(label, site, label.startswith("LN"), Decimal(mm))
        for label, site, mm in (
            ("T1", "LIVER", 20),
            ("T2", "Liver", "9.5"),
            ("T3", "liver", 20),
            ("LN1", "AXILLA", 15),
            ("LN2", "NECK", 14),
            ("LN3", "GROIN", 15),
            ("B1", "bone", 30),
        )
    )

    found = baseline_queries(type(plain)(plain.on, lesions, (), plain.source), bench.settings())

    assert _said(found) == [
        "baseline: 7 target lesions; at most 5 (RECIST 1.1 section 3.2)",
        "baseline: 3 target lesions in liver; at most 2 in one organ, all lymph nodes being one "
        "(RECIST 1.1 section 3.2)",
        "baseline: 3 target lesions in lymph nodes; at most 2 in one organ, all lymph nodes being "
        "one (RECIST 1.1 section 3.2)",
        "T2: target lesion of 9.5 mm; the protocol calls lesions measurable from 10 mm on",
        "LN2: target node of 14 mm short axis; at least 15 mm (RECIST 1.1 section 3.1)",
        "B1: bone lesion as target; only one with a measurable soft-tissue part can be "
        "(RECIST 1.1 section 3.1)",
    ]


def test_many_lesions_of_unknown_organs_are_not_of_one_organ(bench):
    """Where no site is recorded nothing is said of organs."""
    lesions = bench.baseline({"T1": 20, "T2": 20, "T3": 20}, site="")

    assert baseline_queries(lesions, bench.settings()) == ()


@pytest.mark.parametrize(
    ("course", "count"),
    [
        (["ABSENT", "NE"], 1),
        (["ABSENT", None], 1),
        (["ABSENT", "NE", 6], 0),
        (["ABSENT", "MERGED:T2"], 0),
        ([6, "NE"], 0),
        ([6, "ABSENT"], 1),
        (["NE"], 0),
        ([], 0),
    ],
)
def test_a_lesion_is_back_when_it_was_absent_where_it_was_last_seen(bench, course, count):
    """A visit that left it out, or called it NE, tells nothing and is passed over."""
    readings = [{} if word is None else {"T1": word} for word in course]
    earlier = [bench.visit(57 + 28 * place, seen) for place, seen in enumerate(readings)]
    visit = bench.visit(337, {"T1": 6, "T2": 20})

    found = reading_queries(bench.baseline({"T1": 20, "T2": 20}), visit, earlier)

    assert len(found) == count


def test_a_lesion_that_is_back_is_told_with_the_day_it_was_absent(bench):
    """The day is that of the visit at which it was looked at; a node may shrink and grow."""
    earlier = [bench.visit(57, {"T1": 0, "LN1": 0}), bench.visit(85, {"T1": "NE", "LN1": 0})]
    visit = bench.visit(113, {"T1": "0.001", "LN1": 12})

    found = reading_queries(bench.baseline({"T1": 20, "LN1": 20}), visit, earlier)

    assert _said(found) == [
        "T1: absent on 2026-02-26, seen again now: check that it is the same lesion"
    ]


@pytest.mark.parametrize(
    ("reading", "count"), [("MERGED:T2", 1), ("MERGED:T3", 1), ("MERGED:T9", 1), ("MERGED:T4", 0)]
)
def test_a_merger_must_lead_to_a_measured_target(bench, reading, count):
    """In a circle, or in a label that is no target, there is no diameter."""
    seen = {"T1": reading, "T2": "MERGED:T1", "T3": "MERGED:T9", "T4": 30, "T9": 5}
    baseline = bench.baseline({"T1": 20, "T2": 20, "T3": 20, "T4": 20})

    found = reading_queries(baseline, bench.visit(57, seen), ())

    assert sum(query.about == "T1" for query in found) == count


def test_a_change_of_method_is_told_with_both_methods(bench):
    """As they were written."""
    baseline = bench.baseline(method="CT SCAN")

    assert _said(reading_queries(baseline, bench.visit(57, method="MRI"), ())) == [
        "assessment: imaged by MRI, baseline by CT SCAN; the same method should be used "
        "(RECIST 1.1 section 4.2)"
    ]
    assert reading_queries(bench.baseline(), bench.visit(57, method="MRI"), ()) == ()


def test_a_new_lesion_is_followed_over_a_visit_nobody_could_read(bench):
    """Equivocal, not evaluated, then silence: it has to be recorded as resolved all the same."""
    lung = NewLesion(Certainty.EQUIVOCAL, "LUNG")
    liver = NewLesion(Certainty.UNEQUIVOCAL, "LIVER")
    earlier = [bench.visit(57, new=(lung, liver)), bench.visit(113, new=None)]

    assert _said(reading_queries(bench.baseline(), bench.visit(169, new=(liver,)), earlier)) == [
        "new lesion: equivocal new lesion of 2026-02-26 is not mentioned: record whether it "
        "resolved"
    ]
    assert reading_queries(bench.baseline(), bench.visit(169, new=None), earlier) == ()
    closed = [*earlier, bench.visit(141, new=())]
    assert reading_queries(bench.baseline(), bench.visit(169), closed) == ()


def test_what_an_answer_makes_doubtful_is_told_word_for_word(bench):
    """Nodes that grow within normal, a lost CR, a recorded response, and visits after PD."""
    baseline = bench.baseline({"LN1": 20}, ("N1",))
    gone, back = {"N1": "ABSENT"}, {"N1": "UNEQUIVOCAL PROGRESSION"}
    visits = [
        bench.visit(57, {"LN1": 3}, gone),
        bench.visit(113, {"LN1": 9}, gone),
        bench.visit(169, {"LN1": "NE"}, gone, recorded_overall=Response.CR),
        bench.visit(225, {"LN1": 9}, back),
        bench.visit(281, {"LN1": 9}, back, recorded_overall=Response.PD),
    ]

    answers = bench.judge(baseline, *visits)

    alone = "overall: progression by non-target lesions alone is rare: check the reading"
    assert [_said(answer.queries) for answer in answers] == [
        [],
        [
            "overall: the sum grew by 20 % and 5 mm, but every node is below 10 mm and the rest "
            "absent, which is complete response: check the nodes at the next scan"
        ],
        ["overall: recorded as CR, derived as NE: reconcile"],
        [
            "overall: the sum grew by 20 % and 5 mm, but every node is below 10 mm and the rest "
            "absent, which is complete response: check the nodes at the next scan",
            "overall: PD after a complete response: check that the complete response was certain",
            alone,
        ],
        [
            "overall: the sum grew by 20 % and 5 mm, but every node is below 10 mm and the rest "
            "absent, which is complete response: check the nodes at the next scan",
            alone,
            "overall: assessed after progression; counts for no endpoint",
        ],
    ]


@pytest.mark.parametrize(
    ("targets", "nontarget"), [({"T1": 60}, "UNEQUIVOCAL PROGRESSION"), ({"T1": 60}, "PRESENT")]
)
def test_progression_of_the_targets_too_is_no_doubt(bench, targets, nontarget):
    """Non-target progression is rare only beside targets that did not progress."""
    visit = bench.visit(57, targets, {"N1": nontarget})

    assert bench.judge(bench.baseline({"T1": 20}, ("N1",)), visit)[0].queries == ()


def test_bone_only_progression_is_no_doubt(bench):
    """Without targets the non-target lesions are all there is to progress."""
    visit = bench.visit(57, {}, {"B1": "UNEQUIVOCAL PROGRESSION"})

    assert bench.judge(bench.baseline(nontargets=("B1",)), visit)[0].queries == ()


SECTION = "(RECIST 1.1 section 3.1)"


@pytest.mark.parametrize(
    ("finding", "because"),
    [
        (_finding(50, nature="SIMPLE CYST"), f"simple cysts are benign {SECTION}"),
        (
            _finding("9.5", is_node=True),
            f"node of 9.5 mm short axis, below 10 mm {SECTION}",
        ),
        (_finding(50, nature="BLASTIC BONE"), f"blastic bone lesions are not measurable {SECTION}"),
        (_finding(50, nature="EFFUSION"), f"effusions are not measurable {SECTION}"),
        (
            _finding(50, nature="LEPTOMENINGEAL"),
            f"leptomeningeal disease is not measurable {SECTION}",
        ),
        (_finding(50, nature="LYMPHANGITIC"), f"lymphangitic spread is not measurable {SECTION}"),
        (_finding(50, nature="DIFFUSE"), f"disease without edges is not measurable {SECTION}"),
        (
            _finding(50, nature="MIXED BONE"),
            f"a bone lesion without a soft tissue part is not measurable {SECTION}",
        ),
        (
            _finding(50, was_treated_locally=True),
            f"it was irradiated or treated locally, and has not progressed since {SECTION}",
        ),
        (
            _finding(50, technique="ULTRASOUND"),
            f"it cannot be measured reproducibly by ULTRASOUND {SECTION}",
        ),
        (_finding(50, technique="OTHER"), f"it cannot be measured reproducibly by OTHER {SECTION}"),
        (_finding(15, is_node=True), f"15 mm by CT, at least 15 mm {SECTION}"),
        (_finding(9, technique="CALIPER"), f"9 mm by CALIPER, below 10 mm {SECTION}"),
        (
            _finding(20, technique="CHEST X-RAY"),
            "20 mm by CHEST X-RAY, at least 20 mm (the protocol's limit)",
        ),
        (
            _finding(12, slice_mm=Decimal("7.5")),
            "12 mm by CT, below 15.0 mm (twice the slice thickness of 7.5 mm, RECIST 1.1 section "
            "3.1)",
        ),
        (
            _finding(10, slice_mm=Decimal(5)),
            "10 mm by CT, at least 10 mm (the protocol's limit)",
        ),
    ],
)
def test_each_reason_of_measurability_names_its_rule(bench, finding, because):
    """Size by technique with its limit, and what is not measurable at any size."""
    assert measurability(finding, bench.settings()).because == because


def test_slices_count_where_they_ask_for_more_than_the_protocol(bench):
    """Slices of 6 mm ask for 12 mm, which a protocol's 12 mm or 15 mm already do."""
    for limit, source in ((12, "the protocol's limit"), (15, "the protocol's limit")):
        settings = bench.settings(measurable_spiral_mm=Decimal(limit))
        found = measurability(_finding(20, slice_mm=Decimal(6)), settings)

        assert found.because == f"20 mm by CT, at least {limit} mm ({source})"


def test_the_largest_lesions_of_each_organ_are_proposed(bench):
    """Two of an organ, all nodes being one, five in all; the rest in the order given."""
    lesions = [
        Finding("A", "LIVER", Decimal(20)),
        Finding("B", "Liver", Decimal(40)),
        Finding("C", "liver", Decimal(30)),
        Finding("N1", "AXILLA", Decimal(16), is_node=True),
        Finding("N2", "NECK", Decimal(18), is_node=True),
        Finding("N3", "GROIN", Decimal(16), is_node=True),
        Finding("N4", "GROIN", Decimal(8), is_node=True),
        Finding("E", "LUNG", Decimal(12)),
        Finding("F", "BRAIN", Decimal(11)),
        Finding("G", "SKIN", Decimal(9)),
    ]

    found = propose_targets(lesions, bench.settings())

    assert found.targets == ("B", "C", "N1", "N2", "E")
    assert found.nontargets == ("A", "N3", "F", "G")
    assert found.normal == ("N4",)
    assert [each.label for each in found.judged] == [each.label for each in lesions]
    assert found.because == (
        "the largest measurable lesions, at most 5 and 2 in one organ, all lymph nodes being one "
        "(RECIST 1.1 section 3.2)"
    )
    assert organ_of(lesions[1]) == "liver"


def test_a_choice_is_faulted_word_for_word(bench):
    """Unknown labels, what is not measurable, too many in all and in one organ."""
    lesions = [
        *(Finding(f"T{at}", "LIVER", Decimal(20)) for at in range(3)),
        *(Finding(f"S{at}", site, Decimal(20)) for at, site in enumerate(("LUNG", "SKIN"))),
        Finding("LN1", "AXILLA", Decimal(12), is_node=True),
    ]

    chosen = ["X", "T0", "T1", "T2", "LN1", "S0", "T0"]
    found = selection_queries(lesions, chosen, bench.settings())

    assert _said(found) == [
        "X: no lesion of this participant has this label",
        "LN1: chosen as target, but NON-MEASURABLE: 12 mm by CT, below 15 mm "
        "(RECIST 1.1 section 3.1)",
        "baseline: 6 target lesions; at most 5 (RECIST 1.1 section 3.2)",
        "baseline: 3 target lesions in liver; at most 2 in one organ, all lymph nodes being one "
        "(RECIST 1.1 section 3.2)",
    ]
    fitting = ["T0", "T1", "S0", "S1", "T0"]
    assert selection_queries(lesions, fitting, bench.settings()) == ()
