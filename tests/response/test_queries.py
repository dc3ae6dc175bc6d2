"""Data queries: what should be looked at, without changing an answer."""

from decimal import Decimal

import pytest

from trialwright.casebook.tumours import Certainty, NewLesion, NonTargetLesion, Response
from trialwright.response.queries import baseline_queries, reading_queries


def _said(queries):
    """Give the queries as text."""
    return [str(query) for query in queries]


@pytest.mark.parametrize(
    ("targets", "site", "count", "said"),
    [
        ({f"T{n}": 20 for n in range(5)}, "", 0, ""),
        ({f"T{n}": 20 for n in range(6)}, "", 1, "6 target lesions; at most 5"),
        ({"T1": 20, "T2": 20}, "LIVER", 0, ""),
        ({"T1": 20, "T2": 20, "T3": 20}, "LIVER", 1, "3 target lesions in liver; at most 2"),
        ({"LN1": 15, "LN2": 15, "LN3": 15}, "", 1, "3 target lesions in lymph nodes"),
        ({"LN1": 15}, "", 0, ""),
        ({"LN1": "14.9"}, "", 1, "LN1: target node of 14.9 mm short axis; at least 15 mm"),
        ({"T1": 10}, "", 0, ""),
        ({"T1": "9.99"}, "", 1, "T1: target lesion of 9.99 mm"),
        ({"T1": 20}, "BONE", 1, "T1: bone lesion as target"),
    ],
)
def test_the_choice_of_targets_is_checked(bench, targets, site, count, said):
    """Too many, too many in one organ, too small, or in bone: each is one query."""
    queries = _said(baseline_queries(bench.baseline(targets, site=site), bench.settings()))

    assert len(queries) == count
    assert all(said in query for query in queries)


@pytest.mark.parametrize(
    ("nontargets", "site", "allowed", "said"),
    [
        ((), "", True, ["baseline: no lesion recorded; every response will be NE or PD"]),
        (("B1",), "BONE", True, []),
        (("B1",), "", True, []),
        (
            ("B1",),
            "BONE",
            False,
            ["baseline: no target lesion; the protocol requires measurable disease"],
        ),
        (
            ("N1",),
            "PLEURA",
            True,
            ["baseline: no target lesion, and not bone alone; the protocol allows bone only"],
        ),
    ],
)
def test_disease_without_targets_is_checked(bench, nontargets, site, allowed, said):
    """Whether bone-only disease is accepted is the protocol's word."""
    plain = bench.baseline()
    lesions = tuple(NonTargetLesion(label, site, is_node=False) for label in nontargets)
    baseline = type(plain)(plain.on, (), lesions, plain.source)

    assert _said(baseline_queries(baseline, bench.settings(bone_only_allowed=allowed))) == said


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ({"T1": 20, "LN1": 15}, []),
        ({"LN1": 15}, ["T1: no reading of this target lesion; taken as not evaluated"]),
        (
            {"T1": 20, "LN1": 15, "T9": 5},
            ["T9: no target lesion of the baseline; its reading is not used"],
        ),
        (
            {"T1": "MERGED:T8", "LN1": 15},
            [
                "T1: merged into T8, which leads to no measured target lesion; taken as not "
                "evaluated"
            ],
        ),
        (
            {"T1": 20, "LN1": [4, 4]},
            [
                "LN1: a node split into fragments, for which RECIST 1.1 has no rule; their sum "
                "was used"
            ],
        ),
        ({"T1": [4, 4], "LN1": 15}, []),
        ({"T1": "MERGED:LN1", "LN1": 15}, []),
    ],
)
def test_readings_are_checked_against_the_baseline(bench, readings, said):
    """Missing, unknown and unusable readings are named by lesion."""
    baseline = bench.baseline({"T1": 20, "LN1": 15})

    assert _said(reading_queries(baseline, bench.visit(57, readings), ())) == said


@pytest.mark.parametrize(
    ("first", "now", "count"),
    [
        ("ABSENT", 4, 1),
        (0, "TOO SMALL TO MEASURE", 1),
        ("ABSENT", [2, 2], 1),
        ("ABSENT", "ABSENT", 0),
        ("ABSENT", 0, 0),
        ("ABSENT", "NE", 0),
        (4, 4, 0),
    ],
)
def test_a_lesion_measured_after_it_was_absent_is_queried(bench, first, now, count):
    """What comes back may be another lesion."""
    earlier = [bench.visit(57, {"T1": first}), bench.visit(113, {})]
    visit = bench.visit(169, {"T1": now})

    queries = reading_queries(bench.baseline({"T1": 20}), visit, earlier)

    assert sum("seen again now" in query.says for query in queries) == count


def test_nontarget_labels_are_checked(bench):
    """An unknown non-target lesion and one without a reading are both named."""
    visit = bench.visit(57, nontargets={"N2": "PRESENT"})

    assert _said(reading_queries(bench.baseline(nontargets=("N1",)), visit, ())) == [
        "N2: no non-target lesion of the baseline; its reading is not used",
        "N1: no reading of this non-target lesion; taken as not evaluated",
    ]


@pytest.mark.parametrize(("method", "count"), [("", 0), ("ct scan", 0), ("MRI", 1)])
def test_a_change_of_method_is_queried(bench, method, count):
    """Lesions should be imaged by the same method throughout."""
    baseline = bench.baseline(method="CT SCAN")

    assert len(reading_queries(baseline, bench.visit(57, method=method), ())) == count


def test_an_equivocal_lesion_must_be_followed(bench):
    """A finding that is not mentioned again has to be recorded as resolved."""
    earlier = [bench.visit(57, new=(NewLesion(Certainty.EQUIVOCAL, "LUNG"),))]
    silent, kept = bench.visit(113), bench.visit(113, new=(NewLesion(Certainty.EQUIVOCAL, "LUNG"),))

    assert _said(reading_queries(bench.baseline(), silent, earlier)) == [
        "new lesion: equivocal new lesion of 2026-02-26 is not mentioned: record whether it "
        "resolved"
    ]
    assert reading_queries(bench.baseline(), kept, earlier) == ()
    assert reading_queries(bench.baseline(), bench.visit(113, new=None), earlier) == ()


def test_recorded_and_derived_responses_are_reconciled(bench):
    """An investigator's overall response that differs is queried, and never used."""
    visit = bench.visit(57, {"T1": 60}, recorded_overall=Response.SD)
    agreed = bench.visit(57, {"T1": 60}, recorded_overall=Response.PD)
    baseline = bench.baseline({"T1": Decimal(40)})

    assert "overall: recorded as SD, derived as PD: reconcile" in _said(
        bench.judge(baseline, visit)[0].queries
    )
    assert bench.judge(baseline, agreed)[0].queries == ()
    assert bench.judge(baseline, visit)[0].overall == "PD"


@pytest.mark.parametrize(("new", "count"), [("NONE", 1), ("EQUIVOCAL", 1), ("UNEQUIVOCAL", 0)])
def test_progression_by_nontargets_alone_is_queried(bench, new, count):
    """It is rare beside measured disease, and often a misreading."""
    visit = bench.visit(57, {"T1": 20}, {"N1": "UNEQUIVOCAL PROGRESSION"}, new)

    queries = bench.judge(bench.baseline({"T1": 20}, ("N1",)), visit)[0].queries

    assert sum("alone is rare" in query.says for query in queries) == count


def test_what_follows_a_complete_response_or_progression_is_queried(bench):
    """A CR that did not last, and visits after PD, are marked."""
    visits = [
        bench.visit(57 + 56 * place, {"T1": reading})
        for place, reading in enumerate(["ABSENT", 10, 10])
    ]

    answers = bench.judge(bench.baseline({"T1": 20}), *visits)

    assert any("after a complete response" in query.says for query in answers[1].queries)
    assert not any("after progression" in query.says for query in answers[1].queries)
    assert any("after progression" in query.says for query in answers[2].queries)
