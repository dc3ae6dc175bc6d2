"""Clauses of two versions: what their words change, and what is wording alone."""

import pytest
from tests.registry.amending_versions import about, compared, only


@pytest.mark.parametrize(
    ("old", "new", "effect", "says"),
    [
        ("Active infection", "Uncontrolled active infection", "looser", "`Uncontrolled` is new"),
        ("Active infection", "Active infection requiring antibiotics", "looser", "requiring"),
        ("Pregnant or nursing women", "Pregnant women", "looser", "`nursing` is gone"),
        ("Pregnant women", "Pregnant or nursing women", "tighter", "`nursing` is new"),
        ("History of pancreatitis", "History of colitis", "unclear", "`pancreatitis` is gone"),
        ("Neuropathy of grade 2 or higher", "Neuropathy of grade 3 or higher", "looser",
         "grade 2 or higher before, grade 3 or higher now"),
        ("Neuropathy", "Neuropathy of grade 2 or higher", "looser", "any grade before"),
        ("Toxicity that has not resolved to grade 1 or less",
         "Toxicity that has not resolved to grade 2 or less", "looser", "grade 1 or less before"),
        ("Brain metastases, unless stable for at least 1 month",
         "Brain metastases, unless stable for at least 3 months", "tighter", "at least 3 months"),
        ("Brain metastases, unless stable", "Brain metastases", "tighter", "no longer stated"),
        ("Known cardiomyopathy", "Known cardiomyopathy, i.e. a documented dilatation",
         "either way", "what it means is now stated"),
        ("Platelets 100,000/mm3", "Platelets 75,000/mm3", "unclear", "`75,000` is new"),
    ],
)  # fmt: skip
def test_an_exclusion_that_changed_in_words(old, new, effect, says):
    """An exclusion of fewer is looser; what is not plain is for people to say."""
    change = only(compared(([], [old]), ([], [new])))

    assert change.effect == effect
    assert says in change.says
    assert change.flips != ()


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("Measurable disease", "Measurable or evaluable disease", "looser"),
        ("Recovered from toxicity to grade 1 or less", "Recovered from toxicity to grade 2 or less",
         "looser"),
        ("Willing to use contraception for 3 months after the last dose",
         "Willing to use contraception for 6 months after the last dose", "tighter"),
        ("Receptor positive (>= 1% of cells)", "Receptor positive (>= 10% of cells)", "tighter"),
        ("Histologically confirmed cancer", "Cancer", "looser"),
        ("Not more than 2 doses of testinib", "Not more than 3 doses of testinib", "looser"),
    ],
)  # fmt: skip
def test_an_inclusion_that_changed_in_words(old, new, effect):
    """A requirement that more can meet is looser."""
    assert only(compared(([old], []), ([new], []))).effect == effect


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Luteinizing hormone (LH) in range", "LH in range"),
        ("Patients must be able to swallow oral medication", "Ability to swallow oral medications"),
        ("Tumour tissue available for the study", "Tumor tissue available for the trial"),
        ("h/o pancreatitis", "History of pancreatitis"),
        ("Stable for at least two months", "Stable for at least 2 months"),
        ("Signed informed consent (e.g. on paper)", "Signed informed consent"),
    ],
)
def test_wording_alone_changes_nothing(old, new):
    """Abbreviations that a text explains, spellings, numerals and examples flip nobody."""
    amendment = compared(([old], []), ([new], []))

    assert amendment.changes == ()
    assert all("the words differ" in each.says for each in amendment.wording)


def test_layout_is_not_even_wording():
    """White space, stops and signs for the same comparison are not told."""
    amendment = compared((["Hemoglobin >= 9 g/dl."], []), (["hemoglobin ≥9 g/dl"], []))

    assert (amendment.changes, amendment.wording) == ((), ())
    assert amendment.same == 1


def test_a_criterion_that_moved_with_the_opposite_sign_is_the_same():
    """`No active infection` asked for is an active infection that keeps out."""
    amendment = compared((["No active infection"], []), ([], ["Active infection"]))

    assert amendment.changes == ()


def test_a_criterion_that_moved_without_turning_is_told():
    """What kept out and is asked for now flips everybody."""
    change = only(compared(([], ["Active infection"]), (["Active infection"], [])))

    assert change.effect == "either way"
    assert "a reason to keep out before, asked for now" in change.says


def test_a_new_permission_restricts_nobody():
    """It is told, and flips nobody."""
    change = only(
        compared(
            (["Signed informed consent"], []),
            (["Signed informed consent", "Prior testinib is allowed"], []),
        )
    )

    assert (change.section, change.effect, change.flips) == ("new criterion", "none", ())


def test_a_permission_under_a_condition_is_a_restriction():
    """Those whom it concerns must meet the condition."""
    change = only(
        compared(
            (["Signed informed consent"], []),
            (["Signed informed consent",
              "Patients with a second malignancy are eligible, provided it is treated"], []),
        )
    )  # fmt: skip

    assert (change.topic, change.effect) == ("second malignancy", "tighter")


def test_an_approval_beside_an_exclusion_lets_in():
    """A sentence that allows what its criterion keeps out is looser."""
    change = only(
        compared(
            ([], ["Neuropathy of grade 2 or higher"]),
            ([], ["Neuropathy of grade 2 or higher. Grade 2 may be allowed after approval by the"
                  " sponsor"]),
        )
    )  # fmt: skip

    assert change.effect == "looser"
    assert "now also stated in E01, as allowed" in change.says


def test_a_criterion_made_for_one_arm_frees_the_others():
    """The arms are told, and those that flip."""
    change = only(compared(([], ["Prior testinib"]), ([], ["For Arm B only: Prior testinib"])))

    assert change.effect == "looser"
    assert "for every arm before, for arm B now" in change.says
    assert "every arm but B" in change.flips[0].says


def test_sub_bullets_are_found_in_bullets():
    """A list that one version nests and the other does not is the same list."""
    nested = "Methods are: * Total abstinence as usual * Sterilisation of the partner"
    amendment = compared(
        ([], [nested]),
        ([], ["Methods are:", "Total abstinence as usual", "Sterilisation of the partner"]),
    )

    assert amendment.changes == ()


@pytest.mark.parametrize(
    ("old", "new", "topic", "effect"),
    [
        (["Chemotherapy within 4 weeks"], ["Any anti-cancer therapy within 2 weeks"],
         "wash-out after chemotherapy", "looser"),
        (["Chemotherapy within 4 weeks"], ["Any anti-cancer therapy within 2 weeks"],
         "wash-out after anti-cancer therapy", "tighter"),
        (["Any anti-cancer therapy within 2 weeks"],
         ["Any anti-cancer therapy within 2 weeks", "Radiotherapy within 4 weeks"],
         "wash-out after radiotherapy", "tighter"),
        (["Myocardial infarction within 6 months"], ["Myocardial infarction within 12 months"],
         "time since myocardial infarction", "tighter"),
        (["Major surgery within 4 weeks"], ["Major surgery within 1 month"],
         "wash-out after surgery", "unclear"),
    ],
)  # fmt: skip
def test_wash_outs_are_compared_treatment_by_treatment(old, new, topic, effect):
    """What holds for any therapy holds for each kind of it."""
    (change,) = about(compared(([], old), ([], new)), topic)

    assert change.effect == effect


def test_a_wash_out_that_a_wider_one_covers_is_no_change():
    """Two weeks for any therapy ask for what two weeks for chemotherapy asked."""
    amendment = compared(
        ([], ["Any anti-cancer therapy within 2 weeks", "Chemotherapy within 14 days"]),
        ([], ["Any anti-cancer therapy within 2 weeks"]),
    )

    assert amendment.changes == ()


def test_an_event_added_to_a_time_is_told():
    """The time is the same; what it is since is not."""
    change = only(
        compared(
            ([], ["Myocardial infarction within 6 months"]),
            ([], ["Myocardial infarction or stroke within 6 months"]),
        )
    )

    assert (change.effect, "`stroke` is new" in change.says) == ("tighter", True)


def test_a_label_of_a_part_is_no_word_of_the_criterion():
    """A copy that names parts before criteria, and one that does not, are not compared in them."""
    amendment = compared(
        (["PART A: ESCALATION: Measurable disease"], []), (["Measurable disease"], [])
    )

    assert amendment.changes == ()
    assert "Only the older version names the part" in amendment.not_compared[0]


def test_another_part_is_a_change():
    """Where both versions name parts, a criterion for another part is told."""
    change = only(
        compared(
            (["PART A: Measurable disease", "PART B: Signed consent"], []),
            (["PART B: Measurable disease", "PART B: Signed consent"], []),
        )
    )

    assert change.effect == "unclear"
    assert "for `PART A` before, for `PART B` now" in change.says


def test_an_analyte_before_a_colon_is_no_part():
    """`ANC:` names what is measured."""
    change = only(compared((["ANC: >= 1500/mm3"], []), (["ANC: >= 1000/mm3"], [])))

    assert change.says.startswith("ANC: at least 1,500 /mm3 required before")


def test_a_criterion_that_says_what_another_says_is_no_change():
    """Its words are gone, and stand elsewhere still."""
    amendment = compared(
        (["Measurable disease by CT", "Measurable disease by CT", "Central line (CL)"], []),
        (["Measurable disease by CT", "CL"], []),
    )

    assert amendment.changes == ()


def test_sex_is_compared_over_the_whole_list():
    """It does not matter which criterion names it."""
    same = compared((["Women with cancer"], []), (["Cancer", "Women"], []))
    fewer = compared((["Men or women with cancer"], []), (["Women with cancer"], []))

    assert about(same, "sex") == ()
    assert [each.effect for each in about(fewer, "sex")] == ["tighter"]
