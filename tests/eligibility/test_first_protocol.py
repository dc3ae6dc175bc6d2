"""NCT03959891: each criterion traced to its bullet, and the traps of its rules, one by one."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import DAY, book, had, said, seen, took

from trialwright.eligibility.screening import screen, verdict
from trialwright.protocol.criteria import leaves

PI = "principal-investigator"
DAYS = {"consent": DAY, "screening": DAY, "registration": DAY, "first_dose": date(2026, 3, 9)}
IDS = [f"I{number:02d}" for number in range(1, 21)] + [f"E{number:02d}" for number in range(1, 16)]


@pytest.fixture
def ask(shipped):
    """Give a function that judges one criterion and gives its verdict."""

    def judge(criterion, *facts, arm="A", **person):
        """Judge facts of a person."""
        asked = shipped.criterion(criterion)
        return verdict(asked, shipped, book(*facts, **person), arm, DAY, DAYS)

    return judge


# --- traceability -------------------------------------------------------------------


def bullets(shared):
    """Give the words of each bullet of the page, in order."""
    page = (shared / "registry/nct03959891.txt").read_text(encoding="utf-8")
    listed = page[page.index("Inclusion Criteria") : page.index("Massachusetts General Hospital")]
    return [
        " ".join(line.strip().removeprefix("•").split())
        for line in listed.splitlines()
        if line.strip().startswith("•")
    ]


def test_the_35_criteria_stand_in_the_order_of_the_page(shipped):
    """I01 to I20, then E01 to E15, each at its place."""
    places = [f"inclusion {number}" for number in range(1, 21)]
    places += [f"exclusion {number}" for number in range(1, 16)]

    assert [criterion.id for criterion in shipped.criteria] == IDS
    assert [criterion.place for criterion in shipped.criteria] == places


@pytest.mark.parametrize("place", range(35), ids=IDS)
def test_each_criterion_is_traced_to_its_bullet(shipped, shared, place):
    """Its digest is that of the words on the page, so that a changed bullet is noticed."""
    criterion, words = shipped.criteria[place], bullets(shared)[place]

    assert len(bullets(shared)) == 35
    assert criterion.source_digest == hashlib.sha256(words.encode()).hexdigest()[:16]
    assert criterion.source_text is None


def longest_common_run(words, others):
    """Give the longest run of words that two texts share."""
    runs = [0] * (len(others) + 1)
    longest = 0
    for word in words:
        above = runs
        runs = [0] * (len(others) + 1)
        for place, other in enumerate(others):
            if word == other:
                runs[place + 1] = above[place] + 1
                longest = max(longest, runs[place + 1])
    return longest


def test_the_protocol_speaks_in_its_own_words(shipped, shared):
    """No criterion, term or objective repeats eight words of the page in a row."""
    page = (shared / "registry/nct03959891.txt").read_text(encoding="utf-8").lower()
    page_words = re.findall(r"[a-z0-9]+", page)
    texts = {criterion.id: criterion.says for criterion in shipped.criteria}
    texts |= {name: f"{term.says} {term.note}" for name, term in shipped.terms.items()}
    texts |= {each.id: each.says for each in shipped.objectives} | {"summary": shipped.summary}
    runs = {
        name: longest_common_run(re.findall(r"[a-z0-9]+", text.lower()), page_words)
        for name, text in texts.items()
    }

    assert {name: run for name, run in runs.items() if run >= 8} == {}


def test_what_the_page_does_not_say_is_marked(shipped):
    """Doses, design, windows and settings carry their label; what the page says does not."""
    marked = [shipped.assignment, shipped.sample_size, shipped.dlt, shipped.response]
    marked += [shipped.dose_decisions]
    marked += [shipped.slots]
    marked += [shipped.endpoint_settings, *shipped.assessments]
    for arm in shipped.arms:
        marked += [arm.ladder, arm.escalation, arm.dlt_window]
        marked += [
            choice.dose for line in arm.dosing for choice in line.choices if choice.dose is not None
        ]
    marked += [assessment.window for assessment in shipped.assessments]

    assert {each.origin for each in marked} == {"not_in_registry"}
    assert all(each.note for each in marked)
    assert shipped.follow_up.origin == "registry"


def test_arm_c_alone_has_a_criterion_of_its_own(shipped):
    """E13, and no other."""
    assert [(each.id, each.arms) for each in shipped.criteria if each.arms] == [("E13", ("C",))]


def test_permissions_never_restrict(shipped):
    """Prior mTOR, PI3K or aromatase inhibitors are allowed: I07 and I08."""
    assert [each.id for each in shipped.criteria if each.kind == "note"] == ["I07", "I08"]


def test_the_first_dose_anchors_what_is_asked_before_treatment(shipped):
    """CYP3A drugs and oral diabetes medication; everything else is asked of registration."""
    assert [each.id for each in shipped.criteria if each.anchor == "first_dose"] == ["E04", "E10"]
    assert {each.anchor for each in shipped.criteria} == {"registration", "first_dose"}


def test_three_criteria_may_be_approved_by_the_principal_investigator(shipped):
    """A second malignancy, missing tissue, and an asymptomatic laboratory value."""
    assert [(each.id, each.approval) for each in shipped.criteria if each.approval] == [
        ("I09", PI),
        ("I20", PI),
        ("E02", PI),
    ]
    assert all(
        any(leaf.kind == "approval" and leaf.by == PI for leaf in leaves(each.rule))
        for each in shipped.criteria
        if each.approval
    )


# --- traps --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("er", "pr", "expected"),
    [("90 %", "0 %", "met"), ("0 %", "1 %", "met"), ("0.9 %", "0.9 %", "not met"),
     ("<1 %", "<1 %", "not met"), (">=1 %", None, "met"), ("0 %", None, "unknown")],
)  # fmt: skip
def test_i01_er_or_pr_of_one_per_cent_suffices(ask, er, pr, expected):
    """ER negative and PR positive is hormone receptor positive; both under 1 % is neither."""
    facts = [had("breast-cancer", "2020"), said("her2-negative", "yes")]
    facts += [seen("er-percent", er), seen("pr-percent", pr)] if pr else [seen("er-percent", er)]

    assert ask("I01", *facts).word == expected


def test_i01_unknown_her2_is_not_negative(ask):
    """Nobody has said so: the rest does not make up for it."""
    facts = had("breast-cancer", "2020"), seen("er-percent", "90 %")

    assert ask("I01", *facts).word == "unknown"
    assert ask("I01", *facts, said("her2-negative", "no")).word == "not met"


@pytest.mark.parametrize(
    ("ish", "expected"),
    [("(negative)", "met"), ("(positive)", "not met"), ("(indeterminate)", "unknown")],
)
def test_i01_in_situ_hybridisation_that_failed_is_not_positive_and_not_negative(ask, ish, expected):
    """Beside 2+ it is to be done again; what the investigator knows of it decides meanwhile."""
    facts = had("breast-cancer", "2020"), seen("er-percent", "90 %"), seen("her2-ihc", "(2+)")

    assert ask("I01", *facts, seen("her2-ish", ish)).word == expected
    if expected == "unknown":
        confirmed = said("her2-negative", "yes")
        assert ask("I01", *facts, seen("her2-ish", ish), confirmed).word == "met"


@pytest.mark.parametrize(
    ("criterion", "test", "beside"),
    [
        ("E09", "hiv-test", (took("dolutegravir", "2025-01-01", is_ongoing=True),)),
        ("E11", "pregnancy-test", ()),
    ],
)
@pytest.mark.parametrize(
    ("word", "expected"),
    [("(negative)", "absent"), ("(positive)", "present"), ("(indeterminate)", "unknown")],
)
def test_a_test_that_did_not_decide_excludes_nobody_and_clears_nobody(
    ask, criterion, test, beside, word, expected
):
    """A pregnancy test or an HIV test is to be done again, however complete the record."""
    facts = seen(test, word), said("record-complete", "yes"), *beside

    assert ask(criterion, *facts, sex="female").word == expected


def asked_of_menopause(answer):
    """Answer the two questions that a woman of 60 is asked."""
    return said("postmenopausal-hormones", answer), said("gnrh-suppressed", answer)


ADVANCED = said("advanced-disease", "yes")
NO_SURGERY = had("bilateral-oophorectomy", recorded="2026-03-01", is_present=False)


@pytest.mark.parametrize(
    ("born", "expected"),
    [("1965-03-05", "met"), ("1965-03-06", "not met"), ("1966-03-05", "not met"),
     ("1965-02-20", "met"), ("1965", "unknown")],
)  # fmt: skip
def test_i02_over_60_means_61(ask, born, expected):
    """A woman of 60 needs another reason; the day of her 61st birthday she does not."""
    facts = ADVANCED, NO_SURGERY, *asked_of_menopause("no")

    assert ask("I02", *facts, born=born, sex="female").word == expected


@pytest.mark.parametrize(
    "reason",
    [
        (said("postmenopausal-hormones", "yes"),),
        (said("gnrh-suppressed", "yes"),),
        (had("bilateral-oophorectomy", "2019-05-01"),),
        (had("bilateral-oophorectomy", "2019-05-01", "2019-05-01"),),
    ],
    ids=["hormones", "gnrh-agonist", "oophorectomy", "oophorectomy-dated-as-ended"],
)
def test_i02_a_woman_of_60_is_postmenopausal_for_any_one_reason(ask, reason):
    """Hormones, oophorectomy (done once, it lasts) or a GnRH agonist with low estradiol."""
    assert ask("I02", ADVANCED, *reason, born="1970-01-01", sex="female").word == "met"
    assert ask("I02", ADVANCED, born="1970-01-01", sex="female").word == "unknown"


def test_i02_a_man_over_60_is_no_postmenopausal_woman(ask):
    """Whatever else is known."""
    assert ask("I02", ADVANCED, born="1950-01-01", sex="male").word == "not met"
    assert ask("I02", ADVANCED, born="1950-01-01").word == "unknown"


def test_i04_ecog_0_is_met_and_no_ecog_is_unknown(ask):
    """0 is the best score, not a missing one."""
    assert ask("I04", seen("ecog", "0 {score}")).word == "met"
    assert ask("I04", seen("ecog", "2 {score}")).word == "met"
    assert ask("I04", seen("ecog", "3 {score}")).word == "not met"
    assert ask("I04").word == "unknown"


@pytest.mark.parametrize(
    ("criterion", "term", "value", "expected"),
    [
        ("I10", "anc", "1000 /mm3", "met"),
        ("I10", "anc", "999 /mm3", "not met"),
        ("I10", "anc", "1.0 10*3/uL", "met"),
        ("I10", "anc", "0.999 10*3/uL", "not met"),
        ("I10", "anc", "1.0 K/uL", "met"),
        ("I10", "anc", "1.0 10*9/L", "met"),
        ("I10", "anc", "0 /mm3", "not met"),
        ("I11", "hemoglobin", "9 g/dL", "met"),
        ("I11", "hemoglobin", "90 g/L", "met"),
        ("I11", "hemoglobin", "89 g/L", "not met"),
        ("I11", "hemoglobin", "90 g/dL", "unknown"),
        ("I11", "hemoglobin", "9 g/L", "unknown"),
        ("I12", "platelets", "100000 /mm3", "met"),
        ("I12", "platelets", "100 10*3/uL", "met"),
        ("I12", "platelets", "99.9 10*9/L", "not met"),
        ("I12", "platelets", "250 /uL", "unknown"),
        ("I13", "total-bilirubin", "1.5 mg/dL", "not met"),
        ("I13", "total-bilirubin", "1.499 mg/dL", "met"),
        ("I13", "total-bilirubin", "25.65 umol/L", "not met"),
        ("I13", "total-bilirubin", "25.64 umol/L", "met"),
        ("I13", "total-bilirubin", "<0.3 mg/dL", "met"),
        ("I13", "total-bilirubin", "<2 mg/dL", "unknown"),
        ("I16", "fasting-glucose", "139 mg/dL", "met"),
        ("I16", "fasting-glucose", "140 mg/dL", "not met"),
        ("I16", "fasting-glucose", "7.77 mmol/L", "met"),
        ("I16", "fasting-glucose", "7.78 mmol/L", "not met"),
        ("I16", "fasting-glucose", "7.7 mg/dL", "unknown"),
        ("I17", "hba1c", "6.9 %", "met"),
        ("I17", "hba1c", "7 %", "not met"),
        ("I17", "hba1c", "7.0 %", "not met"),
        ("I17", "hba1c", "52 mmol/mol", "met"),
        ("I17", "hba1c", "53 mmol/mol", "not met"),
        ("I17", "hba1c", "53 %", "unknown"),
    ],
)
def test_laboratory_limits_are_limits_in_every_unit(ask, criterion, term, value, expected):
    """Exactly at the limit, beside it, in the other unit, and where the unit must be wrong."""
    assert ask(criterion, seen(term, value)).word == expected


@pytest.mark.parametrize(
    ("criterion", "term"),
    [("I04", "ecog"), ("I10", "anc"), ("I11", "hemoglobin"), ("I12", "platelets"),
     ("I13", "total-bilirubin"), ("I16", "fasting-glucose"), ("I17", "hba1c")],
)  # fmt: skip
def test_a_result_in_question_or_absent_is_unknown(ask, criterion, term):
    """A person settles it first."""
    assert ask(criterion, seen(term, "(in question)")).word == "unknown"
    assert ask(criterion).word == "unknown"


def test_i16_glucose_that_is_not_coded_as_fasting_is_no_evidence(shipped):
    """LOINC 2345-7 stands under no term, so that it can replace nothing."""
    assert [name for name, term in shipped.terms.items() if "LOINC 2345-7" in term.codes] == []
    assert "LOINC 1558-6" in shipped.terms["fasting-glucose"].codes


def test_e06_bazett_is_not_fridericia(shipped):
    """LOINC 76634-5 is Fridericia's formula, 76635-2 is Bazett's."""
    assert shipped.terms["qtcf"].codes == ("LOINC 76634-5",)
    assert not any("LOINC 76635-2" in term.codes for term in shipped.terms.values())


def test_no_code_of_a_result_stands_under_two_terms(shipped):
    """A result has one meaning; a condition may be one of several, as a bone metastasis is."""
    measured = ("observation", "finding")
    codes = [
        code for each in shipped.terms.values() if each.kind in measured for code in each.codes
    ]

    assert len(codes) == len(set(codes))


def test_a_result_from_the_future_never_counts(ask):
    """Judged as of registration, next week's hemoglobin is not known."""
    fine, low = seen("hemoglobin", "12 g/dL", "2026-03-06"), seen("hemoglobin", "8 g/dL")

    assert ask("I11", fine).word == "unknown"
    assert ask("I11", low, fine).word == "not met"


def test_two_results_of_one_day_that_disagree_are_unknown(ask):
    """Neither is taken for the later one."""
    facts = seen("anc", "1.1 10*3/uL"), seen("anc", "0.9 10*3/uL")

    assert ask("I10", *facts).word == "unknown"


TREATED = said("second-malignancy-treated", "yes")


@pytest.mark.parametrize(
    ("facts", "word", "awaits"),
    [
        ((), "unknown", False),
        ((TREATED,), "unknown", False),
        ((had("second-malignancy", "2015"),), "unknown", False),
        ((had("second-malignancy", "2015"), TREATED), "unknown", True),
        ((had("second-malignancy", "2015", "2016"), TREATED), "unknown", True),
        (
            (had("second-malignancy", "2015"), said("second-malignancy-treated", "no")),
            "not met",
            False,
        ),
        (
            (
                had("second-malignancy", "2015"),
                TREATED,
                said("second-malignancy-approval", "yes", PI),
            ),
            "met",
            False,
        ),
        (
            (had("second-malignancy", "2015"), TREATED, said("second-malignancy-approval", "yes")),
            "unknown",
            True,
        ),
        ((had("second-malignancy", is_present=False),), "met", False),
    ],
)
def test_i09_a_second_malignancy_waits_for_the_principal_investigator(ask, facts, word, awaits):
    """A history counts though it ended; the investigator cannot approve it."""
    found = ask("I09", *facts)

    assert (found.word, found.awaits_approval) == (word, awaits)


@pytest.mark.parametrize(
    ("answers", "word", "awaits"),
    [
        ({}, "unknown", False),
        ({"archival-tissue": "yes"}, "met", False),
        ({"archival-tissue": "no"}, "unknown", False),
        ({"archival-tissue": "no", "pretreatment-biopsy": "yes"}, "met", False),
        ({"archival-tissue": "no", "pretreatment-biopsy": "no"}, "unknown", True),
    ],
)
def test_i20_without_tissue_the_principal_investigator_is_asked(ask, answers, word, awaits):
    """Only when neither tissue nor a biopsy is confirmed."""
    facts = [said(question, answer) for question, answer in answers.items()]
    found = ask("I20", *facts)

    assert (found.word, found.awaits_approval) == (word, awaits)
    if awaits:
        assert ask("I20", *facts, said("tissue-approval", "yes", PI)).word == "met"
        assert ask("I20", *facts, said("tissue-approval", "no", PI)).word == "not met"


@pytest.mark.parametrize(
    ("answers", "word", "awaits"),
    [
        ({"recent-therapy": "yes", "unrecovered-toxicity": "no"}, "present", False),
        ({"recent-therapy": "no", "unrecovered-toxicity": "no"}, "absent", False),
        ({"recent-therapy": "no", "unrecovered-toxicity": "yes"}, "unknown", False),
        (
            {
                "recent-therapy": "no",
                "unrecovered-toxicity": "yes",
                "unrecovered-is-laboratory": "no",
            },
            "present",
            False,
        ),
        (
            {
                "recent-therapy": "no",
                "unrecovered-toxicity": "yes",
                "unrecovered-is-laboratory": "yes",
            },
            "unknown",
            True,
        ),
    ],
)
def test_e02_an_asymptomatic_laboratory_value_may_be_approved(ask, answers, word, awaits):
    """Nothing else of grade 2 may, and no therapy within two weeks."""
    facts = [said(question, answer) for question, answer in answers.items()]
    found = ask("E02", *facts)

    assert (found.word, found.awaits_approval) == (word, awaits)
    if awaits:
        assert ask("E02", *facts, said("laboratory-approval", "yes", PI)).word == "absent"
        assert ask("E02", *facts, said("laboratory-approval", "no", PI)).word == "present"
        assert ask("E02", *facts, said("laboratory-approval", "yes")).awaits_approval


CNS = had("cns-metastasis", "2025-06-01")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ((CNS, said("cns-stable", "yes"), said("on-steroids", "no")), "absent"),
        ((CNS, said("cns-stable", "yes"), said("on-steroids", "yes")), "present"),
        ((CNS, said("cns-stable", "no"), said("on-steroids", "no")), "present"),
        ((CNS, said("cns-stable", "yes")), "unknown"),
        ((CNS,), "unknown"),
        ((), "unknown"),
        ((had("cns-metastasis", recorded="2026-03-01", is_present=False),), "absent"),
        ((had("cns-metastasis", "2025-06-01", "2025-09-01"),), "absent"),
        ((had("cns-metastasis", "2024-06-01", "2024-09-01"), CNS), "unknown"),
        ((had("cns-metastasis", "2025-06-01", "2026"),), "unknown"),
    ],
)
def test_e01_stable_cns_metastases_off_steroids_are_allowed(ask, facts, word):
    """Both are needed; an ended episode does not hide one that goes on."""
    assert ask("E01", *facts).word == word


@pytest.mark.parametrize(
    ("term", "value", "word"),
    [
        ("systolic-pressure", "161 mm[Hg]", "present"),
        ("systolic-pressure", "160 mm[Hg]", "absent"),
        ("systolic-pressure", "90 mm[Hg]", "absent"),
        ("systolic-pressure", "89 mm[Hg]", "present"),
        ("heart-rate", "50 /min", "absent"),
        ("heart-rate", "49 /min", "present"),
        ("heart-rate", "49 {beats}/min", "present"),
        ("potassium", "3.0 mmol/L", "absent"),
        ("potassium", "2.99 mmol/L", "present"),
        ("potassium", "2.9 meq/L", "present"),
        ("potassium", "3.0 meq/L", "absent"),
        ("magnesium", "0.9 mg/dL", "absent"),
        ("magnesium", "0.89 mg/dL", "present"),
        ("magnesium", "0.36 mmol/L", "present"),
        ("magnesium", "0.74 meq/L", "present"),
        ("magnesium", "0.75 meq/L", "absent"),
    ],
)
def test_e06_limits_exclude_beyond_and_not_at_the_limit(ask, term, value, word):
    """Over 160 or under 90 mmHg, under 50 a minute, CTCAE v5.0 grade 3 of potassium, magnesium."""
    normal = {
        "systolic-pressure": "120 mm[Hg]",
        "heart-rate": "60 /min",
        "potassium": "4 mmol/L",
        "magnesium": "2 mg/dL",
    }
    facts = [seen(name, each) for name, each in (normal | {term: value}).items()]
    facts += [seen("qtcf", "430 ms") for _ in range(3)]
    answers = [said(each, "no") for each in ("cardiac-history", "qt-risk")]
    answers.append(said("record-complete", "yes"))

    assert ask("E06", *facts, *answers).word == word
    assert ask("E06", *facts).word == ("present" if word == "present" else "unknown")


def test_e06_one_finding_excludes_whatever_else_is_not_known(ask):
    """And what is not known is not taken for absent."""
    assert ask("E06", seen("systolic-pressure", "161 mm[Hg]")).word == "present"
    assert ask("E06", seen("systolic-pressure", "120 mm[Hg]")).word == "unknown"
    assert ask("E06", *(seen("qtcf", "471 ms") for _ in range(3))).word == "present"


def test_e09_hiv_excludes_on_antiretroviral_therapy_only(ask):
    """HIV alone asks for the therapy; an end on record does not cure it."""
    therapy = said("antiretroviral-therapy", "yes")

    assert ask("E09", had("hiv", "2010"), therapy).word == "present"
    assert ask("E09", had("hiv", "2010", "2012"), therapy).word == "present"
    assert ask("E09", had("hiv", "2010"), said("antiretroviral-therapy", "no")).word == "absent"
    assert ask("E09", had("hiv", "2010")).word == "unknown"
    assert ask("E09").word == "unknown"


def test_e10_insulin_excludes_and_stable_tablets_do_not(ask):
    """The limits of glucose and HbA1c stand beside it, in I16 and I17."""
    stable = said("diabetes-oral-unstable", "no")

    assert ask("E10", said("diabetes-insulin", "yes"), stable).word == "present"
    assert ask("E10", said("diabetes-insulin", "no"), stable).word == "absent"
    assert ask("E10", stable).word == "unknown"


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ((), "unknown"),
        ((had("pregnancy", recorded="2026-03-02", is_present=False),), "absent"),
        ((had("pregnancy", "2026-01-10"),), "present"),
        ((had("pregnancy", "1995-01-10", "1995-10-01"),), "absent"),
        (
            (
                had("pregnancy", recorded="2025-01-02", is_present=False),
                had("pregnancy", "2026-01-10"),
            ),
            "present",
        ),
        (
            (
                had("pregnancy", "2026-01-10"),
                had("pregnancy", recorded="2026-03-02", is_present=False),
            ),
            "unknown",
        ),
        ((had("pregnancy", "2026-03-06"),), "unknown"),
    ],
)
def test_e11_pregnancy_is_present_absent_or_not_known(ask, facts, word):
    """Silence is not absence; an ended pregnancy is; records that disagree ask a person."""
    assert ask("E11", *facts).word == word


def test_e12_childbearing_potential_needs_contraception(ask):
    """Without potential, contraception is not asked."""
    able, contraception = said("childbearing-potential", "yes"), "effective-contraception"

    assert ask("E12", said("childbearing-potential", "no")).word == "absent"
    assert ask("E12", able).word == "unknown"
    assert ask("E12", able, said(contraception, "yes")).word == "absent"
    assert ask("E12", able, said(contraception, "no")).word == "present"
    assert ask("E12", said(contraception, "yes")).word == "absent"


@pytest.mark.parametrize(
    ("arm", "word"), [("A", "not applicable"), ("B", "not applicable"), ("C", "present")]
)
def test_e13_intolerance_of_a_cdk46_inhibitor_closes_arm_c_only(ask, arm, word):
    """Arms A and B give none."""
    assert ask("E13", said("cdk46-intolerance", "yes"), arm=arm).word == word


# --- the whole checklist ------------------------------------------------------------


@pytest.fixture
def eligible(shipped):
    """Give the facts of a participant who meets every criterion of arms A and B."""
    wanted = {
        **dict.fromkeys(("advanced-disease", "prior-lines", "evaluable-disease", "good-candidate",
                         "therapies-stopped", "informed-consent", "archival-tissue",
                         "her2-negative"), "yes"),
        **dict.fromkeys(("recent-therapy", "unrecovered-toxicity", "akt-inhibitor-taken",
                         "cyp3a-strong-taken",
                         "uncontrolled-illness", "gi-impairment", "cardiac-history", "qt-risk",
                         "gi-toxicity", "effusion", "diabetes-insulin",
                         "diabetes-oral-unstable", "childbearing-potential", "precluding-condition",
                         "contraindication"), "no"),
    }  # fmt: skip
    amounts = {"er-percent": "90 %", "ecog": "1 {score}", "anc": "3.2 10*3/uL",
               "hemoglobin": "12.4 g/dL", "platelets": "236 10*3/uL",
               "total-bilirubin": "0.6 mg/dL", "fasting-glucose": "96 mg/dL",
               "hba1c": "5.6 %", "potassium": "4.2 mmol/L",
               "magnesium": "2 mg/dL", "systolic-pressure": "128 mm[Hg]",
               "heart-rate": "72 /min", "creatinine": "0.8 mg/dL",
               "body-weight": "68 kg"}  # fmt: skip
    never = ("second-malignancy", "cns-metastasis", "hiv", "pregnancy", "coronary-event", "angina",
             "heart-failure", "cardiomyopathy", "long-qt")  # fmt: skip
    enzymes = (replace(seen(name, "22 U/L"), high=Decimal(40)) for name in ("ast", "alt"))
    return (
        *(said(question, answer) for question, answer in wanted.items()),
        *(seen(term, amount) for term, amount in amounts.items()),
        *(seen("qtcf", f"{each} ms") for each in (421, 423, 425)),
        *enzymes,
        *(had(term, recorded="2026-03-02", is_present=False) for term in never),
        had("breast-cancer", "2020-01-01"),
    )


def test_a_participant_can_meet_every_criterion(shipped, eligible):
    """Arms A and B stand open; arm C still asks about CDK4/6 inhibitors."""
    person = book(*eligible, born="1961-04-12", sex="female")
    found = {arm: screen(shipped, person, arm, DAY, DAYS) for arm in "ABC"}

    assert [str(found[arm].overall) for arm in "ABC"] == [
        "eligible", "eligible", "cannot tell yet",
    ]  # fmt: skip
    assert found["C"].because == "arm C: cannot tell yet (E13)"
    assert found["A"].counts == {"met": 34, "not applicable": 1}


def test_eligible_for_arms_a_and_b_only(shipped, eligible):
    """Intolerance of a CDK4/6 inhibitor leaves two arms."""
    person = book(*eligible, said("cdk46-intolerance", "yes"), born="1961-04-12", sex="female")

    assert [str(screen(shipped, person, arm, DAY, DAYS).overall) for arm in "ABC"] == [
        "eligible", "eligible", "not eligible",
    ]  # fmt: skip


def test_an_empty_casebook_decides_nothing(shipped):
    """Nobody is eligible, and nobody refused, on silence."""
    found = screen(shipped, book(), "C", DAY, DAYS)

    assert found.overall == "cannot tell yet"
    assert found.counts == {"unknown": 33, "met": 2}


def test_each_fact_of_an_eligible_participant_is_needed(shipped, eligible):
    """Without any one of them somebody has to be asked."""
    idle = []
    for place, fact in enumerate(eligible):
        rest = eligible[:place] + eligible[place + 1 :]
        person = book(*rest, born="1961-04-12", sex="female")
        if screen(shipped, person, "A", DAY, DAYS).overall != "cannot tell yet":
            idle.append(fact)

    assert idle == []
