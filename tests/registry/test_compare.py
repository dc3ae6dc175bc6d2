"""Comparing a page with a protocol."""

import pytest

from trialwright.registry.compare import beyond_page, compare, differences
from trialwright.registry.draft import source_digest
from trialwright.registry.page import read_page


def topics(page, study):
    """Give what differs."""
    return [each.topic for each in differences(read_page(page), study)]


def test_a_page_agrees_with_the_protocol_written_from_it(page, study):
    """Nothing differs, and every bullet is in the words that it was written from."""
    compared = compare(read_page(page), study)

    assert compared.differences == ()
    assert (compared.same_bullets, compared.bullets) == (5, 5)
    assert [each.topic for each in compared.agreements] == [
        "registration",
        "treatment",
        "arm A",
        "arm B",
        "objectives",
        "counts",
        "criteria",
    ]
    assert (
        compared.agreements[-1].says
        == "5 of 5 bullets are the words this protocol was written from."
    )


@pytest.mark.parametrize(
    ("old", "new", "topic", "says"),
    [
        ("Status: Active", "Status: Closed", "status", "Status: Closed on the page, active in the"),
        ("Status: ACTIVE", "Status: CLOSED", "its status", "CLOSED on the page"),
        ("Contact: Alex", "Contact: Kim", "its contact", "Kim Example on the page"),
        ("Phone: 000", "Phone: 111", "its phone", "111-000-0000 on the page"),
        ("Testinib with", "Trial of", "title", "Trial of Endocrine"),
        ("Phase Phase I", "Phase Phase II", "phase", "II on the page, I in the protocol"),
        ("Type Treatment", "Type Prevention", "trial type", "Prevention on the page"),
        ("Invented Center", "Other Center", "lead organisation", "Other Center on the page"),
        ("\nAlex", "\nKim", "principal investigator", "Kim Example on the page, Alex Example in"),
        ("ID NCT99999999", "ID NCT99999998", "NCT number", "NCT99999998 on the page"),
        ("NCI-2099-00001", "NCI-2099-00002", "NCI number", "NCI-2099-00002 on the page"),
        ("99-001", "99-002", "local number", "99-002 on the page"),
        ("at 30 days", "at 28 days", "follow-up", "28 days, then every 3 months on the page"),
        ("every 28 days", "every 35 days", "cycle length", "35 days on the page, 28 days in the"),
        ("II. To find its dose.\n", "", "primary objectives", "1 on the page, 2 in the protocol"),
    ],
)
def test_each_difference_is_a_sentence(page, study, old, new, topic, says):
    """The thing is named with what both sides say, and nothing else differs."""
    (difference,) = differences(read_page(page.replace(old, new)), study)

    assert difference.topic == topic
    assert says in difference.says


def test_what_the_page_does_not_state_is_a_difference(page, study):
    """A lost line is no agreement."""
    (difference,) = differences(read_page(page.replace("Trial Type Treatment\n", "")), study)

    assert (difference.on_page, difference.in_protocol) == ("not stated", "treatment")


def test_what_neither_side_states_is_nothing_to_tell(page, study):
    """A number that both lack is neither the same nor different."""
    bare = study.model_copy(
        update={"identifiers": study.identifiers.model_copy(update={"local": ""})}
    )
    compared = compare(read_page(page.replace("  • Primary ID 99-001\n", "")), bare)

    assert compared.differences == ()
    assert "local number" not in compared.agreements[0].says


def test_the_phase_of_the_summary_counts_as_the_pages(page, study):
    """A page that says I on one line and Ib in its summary agrees with either."""
    finer = study.model_copy(update={"phase": "Ib"})

    assert differences(read_page(page), finer) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "(QD) on days 1-21.",
            "(QD) on days 1-28.",
            "Arm A, testinib: PO on days 1-28 of every cycle on the page, PO on days 1-21 of every"
            " cycle in the protocol.",
        ),
        (
            "testinib PO QD and inhibitor",
            "testinib PO QD, newtinib PO QD and inhibitor",
            "Arm B, newtinib: PO on days 1-28 of every cycle on the page, not given in the"
            " protocol.",
        ),
        (
            " (QD) on days 1-21.",
            " (QD) on days 1-21 of cycles 1-6.",
            "Arm A, testinib: PO on days 1-21 of cycles 1-6 on the page, PO on days 1-21 of every"
            " cycle in the protocol.",
        ),
        (
            "orally (PO)",
            "intravenously (IV)",
            "Arm A, testinib: IV on days 1-21 of every cycle on the page, PO on days 1-21 of every"
            " cycle in the protocol.",
        ),
        (
            "once daily (QD)",
            "twice daily (BID)",
            "Arm A, testinib: 2 doses a day on the page; a dosing day of the protocol has one.",
        ),
    ],
)
def test_a_dosing_line_that_changed_is_told(page, study, old, new, says):
    """Agent, days, cycles, route and times a day are compared."""
    told = [each.says for each in differences(read_page(page.replace(old, new)), study)]

    assert told == [says]


def test_one_agent_of_a_choice_less_is_told(page, study):
    """A choice is the same only with the same agents."""
    told = topics(page.replace("onezole, twozole, or threezole", "onezole or twozole"), study)

    assert told == ["onezole or twozole", "onezole or threezole or twozole"]


def test_equal_days_in_other_lines_are_equal(page, study):
    """Two spans that join are one: what counts are the days of each cycle."""
    text = page.replace("on days 1-21.", "on days 1-7 and 8-21 of each cycle.")

    assert differences(read_page(text), study) == ()


def test_an_agent_is_known_by_its_synonyms(page, study):
    """The page may use another name that the protocol lists."""
    agents = dict(study.agents)
    agents["testinib"] = agents["testinib"].model_copy(update={"synonyms": ("TST-1",)})
    known = study.model_copy(update={"agents": agents})

    assert differences(read_page(page.replace("receive testinib", "receive TST-1")), known) == ()


def test_a_missing_or_new_arm_is_told(page, study):
    """Arms are matched by letter."""
    told = [each.says for each in differences(read_page(page.replace("ARM B", "ARM C")), study)]

    assert told[:2] == [
        "Arm C is on the page and not in the protocol.",
        "Arm B is in the protocol and was not read on the page.",
    ]


def test_kept_text_is_told_as_not_compared(page, study):
    """What was not understood is no agreement; its agents are not called missing."""
    text = page.replace("Patients also receive shotumab", "Patients also get shotumab")
    found = [each for each in differences(read_page(text), study) if "not compared" in each.says]

    assert len(found) == 2  # the sentence itself, and arm B, which refers to it
    assert "arm A" not in topics(text, study)


def test_a_changed_bullet_is_told(page, study):
    """One other word, and the bullet is no longer the one a criterion was written from."""
    compared = compare(read_page(page.replace(">= 9 g/dl", ">= 8 g/dl")), study)

    (difference,) = compared.differences
    assert difference.topic == "I02"
    assert "not in the words this protocol was written from" in difference.says
    assert compared.agreements[-1].says.startswith("4 of 5 bullets are the words")


def test_other_white_space_is_no_change(page, study):
    """Layout is not words."""
    assert differences(read_page(page.replace(">= 9 g/dl", ">=  9\tg/dl")), study) == ()


def test_a_new_bullet_moves_the_others(page, study):
    """The new one is named, and the run that moved is told as one."""
    text = page.replace("  • Hemoglobin", "  • New criterion\n  • Hemoglobin")
    told = [each.says for each in differences(read_page(text), study)]

    assert told == [
        "Inclusion criteria: 4 on the page, 3 in the protocol.",
        "I02 (inclusion bullet 2, line 12) is in words from which no criterion was written.",
        "I02 to I03 of the protocol stand on the page as I03 to I04.",
    ]


def test_a_bullet_that_is_gone_is_told(page, study):
    """The criterion it became is named, in the protocol's words."""
    text = page.replace("  • Hemoglobin >= 9 g/dl\n", "")
    told = [each.says for each in differences(read_page(text), study)]

    assert told[1] == "I03 of the protocol stands on the page as I02."
    assert told[2].startswith("I02 of the protocol has no bullet on the page: ")


def test_without_a_digest_it_is_unknown_whether_a_bullet_changed(page, study):
    """Unknown is no agreement."""
    criteria = tuple(each.model_copy(update={"source_digest": ""}) for each in study.criteria)
    compared = compare(read_page(page), study.model_copy(update={"criteria": criteria}))

    assert compared.same_bullets == 0
    assert len(compared.differences) == 5
    assert all("unknown" in each.says for each in compared.differences)


def test_the_arms_of_a_criterion_are_compared(page, study):
    """`For Arm B only:` against a criterion for every arm."""
    criteria = tuple(each.model_copy(update={"arms": ()}) for each in study.criteria)
    told = differences(read_page(page), study.model_copy(update={"criteria": criteria}))

    assert [each.says for each in told] == [
        "E02: for arm B on the page, for every arm in the protocol."
    ]


def test_what_only_the_protocol_holds_is_listed(study):
    """Each part marked as not in the registry, by its path and note."""
    listed = {each.path: each.says for each in beyond_page(study)}

    assert {
        "arms.A.ladder",
        "arms.B.dlt_window",
        "arms.B.dosing.inhibitor-of-something.choices.onezole.dose",
        "assignment",
        "dlt",
        "response",
        "sample_size",
        "endpoint_settings",
    } <= set(listed)
    assert "follow_up" not in listed
    assert listed["arms.A.ladder"] == "arms.A.ladder: Invented."


def test_a_digest_is_sixteen_digits_of_the_words():
    """SHA-256 of the words with single spaces, its first 16 digits."""
    assert source_digest(" a\n b ") == source_digest("a b") == "c8687a08aa5d6ed2"


def test_the_shipped_protocol_agrees_with_its_page(real_page):
    """All 35 bullets are the words that the first protocol was written from."""
    from trialwright.assembly.protocols import shipped

    compared = compare(read_page(real_page), shipped("NCT03959891").study)

    assert compared.differences == ()
    assert (compared.same_bullets, compared.bullets) == (35, 35)
    assert "35 of 35 bullets" in compared.agreements[-1].says
