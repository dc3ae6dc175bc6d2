"""What two versions of a record, or of a protocol, state beside criteria and arms."""

import pytest
from tests.registry.amending_versions import only

from trialwright.protocol.study import Study
from trialwright.registry.amending.building import (
    version_of_draft,
    version_of_record,
    version_of_study,
)
from trialwright.registry.amending.differences import differences
from trialwright.registry.page import read_page
from trialwright.registry.record import record_of_plain


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Trial Status: Active", "Trial Status: Closed", "Status: Active before, Closed now."),
        ("Testinib with", "Trial of testinib with", "Title: "),
        ("Phase Phase I", "Phase Phase Ib", "Phase: I before, Ib now."),
        ("Phone: 000", "Phone: 111", "Site Invented Hospital, phone: 000-000-0000 before"),
        ("Alex Example\n\n  •", "Kim Example\n\n  •", "Person: "),
        ("To find its dose.", "To find its best dose.", "Objective in other words: To find its"),
        ("at 30 days", "at 28 days", "Follow-up: 30 days, then every 3 months before, 28 days"),
        ("99-001", "99-002", "Local number: 99-001 before, 99-002 now."),
    ],
)
def test_what_the_record_states_is_compared(page, old, new, says):
    """It flips nobody."""
    before, now = (version_of_draft(read_page(text)) for text in (page, page.replace(old, new, 1)))

    changes = differences(before, now).changes

    assert any(each.says.startswith(says) for each in changes)
    assert all((each.effect, each.flips) == ("none", ()) for each in changes)


def test_a_degree_behind_a_name_is_no_other_person(page):
    """One copy writes it and the next does not."""
    before = version_of_draft(read_page(page))
    now = version_of_draft(
        read_page(page.replace("Alex Example\n\n  •", "Alex Example, MD\n\n  •"))
    )

    assert differences(before, now).changes == ()


def test_what_only_one_version_states_is_not_compared(page):
    """A lost line is no change."""
    before = version_of_draft(read_page(page))
    now = version_of_draft(read_page(page.replace("Trial Type Treatment\n", "")))

    amendment = differences(before, now)

    assert amendment.changes == ()
    assert "Only the older version states: trial type; not compared." in amendment.not_compared


def test_a_protocol_is_compared_with_the_page_it_was_written_from(page, study):
    """The digest of each bullet says that its words are those."""
    amendment = differences(version_of_study(study), version_of_draft(read_page(page)))

    assert [each.section for each in amendment.changes if each.section != "registration"] == []
    assert amendment.same == 5


def edited(study: Study, **changes: object) -> Study:
    """Give a study with another value; checked as a file is."""
    return Study.model_validate({**study.model_dump(), **changes})


def test_a_setting_of_a_protocol_is_compared_with_its_label(study):
    """Dose levels are told with the label that they are illustrative."""
    arms = [dict(arm) for arm in study.model_dump()["arms"]]
    arms[0]["ladder"] = {**arms[0]["ladder"], "doses": (1, 2, 4)}
    change = only(
        differences(version_of_study(study), version_of_study(edited(study, arms=tuple(arms))))
    )

    assert change.section == "settings"
    assert "arms.A.ladder.doses: 1, 2 before, 1, 2, 4 now" in change.says
    assert "illustrative" in change.says


def draft(*criteria: dict[str, object]) -> object:
    """Give the version of a draft with rules, in the form of its file."""
    return version_of_record(record_of_plain({"criteria": list(criteria)}), "draft.yaml")


def ruled(rule: dict[str, object], **more: object) -> dict[str, object]:
    """Give a criterion with a rule."""
    return {"id": "I01", "says": "Heart", "kind": "rule", "rule": rule, **more}


LVEF = {"kind": "observation", "fact": "lvef", "unit": "%", "at_least": 50}
HIV = {"kind": "condition", "fact": "hiv", "expect": "absent"}


@pytest.mark.parametrize(
    ("old", "new", "effect", "says"),
    [
        (LVEF, {**LVEF, "at_least": 45}, "looser", "at least 50 % required before, at least 45 %"),
        (HIV, {**HIV, "not_recorded": "absent"}, "looser", "not recorded counts as absent now"),
        (HIV, {**HIV, "expect": "present"}, "either way", "absent required before, present"),
        ({"kind": "age", "at_least": 18}, {"kind": "age", "at_least": 21}, "tighter", "21 years"),
        ({"kind": "sex", "expect": "female"}, {"kind": "sex", "expect": "male"}, "either way",
         "women only before, men only now"),
        (LVEF, {**LVEF, "within_days": 28}, "unclear", "how its rule is put together"),
        ({"kind": "attested", "question": "fit"}, {"kind": "attested", "question": "fit",
         "by": "principal-investigator"}, "unclear", "how its rule is put together"),
        ({"kind": "all", "of": [LVEF, HIV]}, LVEF, "looser", "Hiv: absent required before"),
    ],
)  # fmt: skip
def test_rules_are_compared_leaf_by_leaf(old, new, effect, says):
    """Of a protocol's rule each part that differs is told."""
    change = only(differences(draft(ruled(old)), draft(ruled(new))))

    assert change.effect == effect
    assert says in change.says


def test_a_rule_and_the_words_of_a_record_state_one_limit():
    """A protocol's rule is compared with what the record's words limit."""
    written = version_of_draft(
        read_page("Trial Status: Active\n\nInclusion Criteria\n\n  • LVEF >= 45%\n")
    )
    change = only(differences(written, draft(ruled(LVEF))))

    assert change.effect == "tighter"


def test_proposals_of_a_draft_come_before_a_new_reading():
    """What a person edited in the draft is what is compared."""
    proposal = {
        "kind": "limit", "fact": "lvef", "unit": "%", "at_least": 40, "words": "LVEF >= 50%",
        "start": 0, "end": 11, "confidence": "high", "standing": "edited",
        "review": {"by": "AB", "on": "2026-01-02"},
    }  # fmt: skip
    words = {"id": "I01", "says": "LVEF", "source_text": "LVEF >= 50%"}
    change = only(differences(draft(words), draft({**words, "proposals": [proposal]})))

    assert "at least 50 % required before, at least 40 % required now" in change.says


def test_fields_of_a_record_are_limits():
    """Age and sex in fields of their own are compared with the words of another copy."""
    fields = {"minimum_age": "18 Years", "maximum_age": "N/A", "sex": "female"}
    stated = version_of_record(record_of_plain({"publication": fields}))
    older = version_of_record(
        record_of_plain({"publication": {**fields, "minimum_age": "21 Years"}})
    )
    written = version_of_draft(
        read_page(
            "Trial Status: Active\n\nInclusion Criteria\n\n  • Women aged 18 years or older\n"
        )
    )

    assert "at least 21 years required before, at least 18" in only(differences(older, stated)).says
    assert [each.topic for each in differences(stated, written).changes] == []


def test_what_is_not_found_in_a_protocols_own_words_is_left_to_people():
    """The words of a record and a protocol's own are not compared word by word."""
    recorded = version_of_draft(
        read_page(
            "Trial Status: Active\n\nExclusion Criteria\n\n  • Uncontrolled diabetes\n"
            "  • Prior testinib in any line\n"
        )
    )
    own = draft({"id": "E01", "says": "Diabetes that is not controlled"})
    amendment = differences(recorded, own)

    assert {each.effect for each in amendment.changes} == {"unclear"}
    assert all("own words" in each.says for each in (*amendment.changes, *amendment.wording))


def test_two_sites_of_one_name_are_two_sites():
    """A hospital in two cities, listed in another order, is no change."""
    places = [
        {"id": "one", "name": "Invented Center", "city": "Madrid"},
        {"id": "two", "name": "Invented Center", "city": "Houston"},
    ]
    before, now = (
        version_of_record(record_of_plain({"sites": listed})) for listed in (places, places[::-1])
    )

    assert differences(before, now).changes == ()
