"""Drafts in the form of the protocol file."""

import pytest

from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.protocol.writing import write_study
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import SAYS, draft_yaml, gaps, name_of
from trialwright.terms.errors import Refusal

ABSENT = {
    "version", "dated", "assignment", "sample_size", "dlt", "response", "endpoint_settings",
}  # fmt: skip


def drafted(text, file="page.txt"):
    """Read a page, write its draft, and read that as plain values."""
    return read_yaml(draft_yaml(read_page(text, file))).value


def test_a_draft_lacks_exactly_what_the_page_does_not_state(page):
    """Reading it as a protocol names each missing part, and nothing else is wrong."""
    faults = gaps(draft_yaml(read_page(page)))

    assert {fault.where for fault in faults if "." not in fault.where} == ABSENT
    assert {fault.where for fault in faults if fault.where.startswith("agents.testinib")} == {
        "agents.testinib.agent_class",
        "agents.testinib.dose_unit",
    }
    assert {fault.where for fault in faults if fault.where.startswith("arms.0")} == {
        "arms.0.ladder",
        "arms.0.escalation",
        "arms.0.dlt_window",
        "arms.0.dosing.1.choices.0.dose.amount",
        "arms.0.dosing.2.choices.0.dose.amount",
    }
    assert all(fault.found.startswith("no ") for fault in faults)


def test_a_draft_is_refused_as_a_protocol(page):
    """Nobody can run a trial from a draft."""
    with pytest.raises(Refusal):
        read_study(draft_yaml(read_page(page)))


def test_a_draft_with_its_gaps_filled_is_a_protocol(study):
    """What people supply is all that was missing."""
    assert (study.phase, study.cycle_days, len(study.criteria)) == ("I", 28, 5)


def test_a_protocol_has_no_gaps(study):
    """The list of gaps is empty for a text that reads as a protocol."""
    assert gaps(write_study(study)) == ()
    assert gaps("") != ()


def test_the_head_lists_what_is_missing_and_to_be_looked_at(page):
    """The comment names gaps, kept text and remarks."""
    text = draft_yaml(read_page(page.replace("Phone:", "Fax: 1\nPhone:"), "page.txt"))
    head = text.split("\n\nformat")[0]

    assert "# Drafted from a cancer.gov page: page.txt" in head
    assert "#   sample_size\n" in head
    assert "#   ladder: arms.0, arms.1\n" in head
    may = "endpoints, sharing, slots, dose_decisions, safety, assessments, obligations, course"
    assert f"May be added: {may}" in head
    assert ": Fax: 1 (" in head
    assert "The phase line says phase I, the summary phase Ib." in head


def test_a_criterion_is_a_question_with_the_pages_words(page):
    """Its words are verbatim, its rule asks a person, and our own words are still to come."""
    criterion = drafted(page)["criteria"][4]

    assert criterion == {
        "id": "E02",
        "says": SAYS,
        "source_text": "For Arm B only: intolerance of partnerib",
        "source_digest": read_page(page).exclusion[1].digest,
        "place": "page.txt, exclusion bullet 2, line 18",
        "kind": "attested",
        "arms": ["B"],
        "rule": {"kind": "attested", "question": "e02"},
    }


def test_dosing_is_written_as_the_protocol_has_it(page):
    """Days and cycles are typed; a dose that is not the ladder's is open."""
    lines = drafted(page)["arms"][1]["dosing"]

    assert [line["id"] for line in lines] == [
        "shotumab-cycle-1",
        "shotumab-cycle-2-on",
        "testinib",
        "inhibitor-of-something",
    ]
    assert lines[0]["cycles"] == {"last": 1}
    assert lines[1]["cycles"] == {"first": 2}
    assert lines[2]["choices"] == [{"agent": "testinib"}]
    assert lines[3]["choices"] == [
        {"agent": name, "dose": {"origin": "not_in_registry"}}
        for name in ("onezole", "twozole", "threezole")
    ]


def test_agents_say_only_what_the_page_says(page):
    """Class where the page names one, the escalated agent as investigational."""
    agents = drafted(page)["agents"]

    assert agents["testinib"] == {"says": "testinib", "is_investigational": True, "route": "PO"}
    assert agents["onezole"]["agent_class"] == "inhibitor of something"
    assert "agent_class" not in agents["shotumab"]


def test_an_agent_given_by_two_routes_has_none(page):
    """Which route is the agent's is for people to say."""
    text = page.replace("testinib PO QD and inhibitor", "testinib IV and inhibitor")

    assert "route" not in drafted(text)["agents"]["testinib"]


def test_without_an_escalated_agent_every_dose_is_open(page):
    """A dose is left to the ladder only where the page says whose dose is escalated."""
    arms = drafted(page.replace("dose-escalation study of", "study of"))["arms"]

    assert all(
        "dose" in choice for arm in arms for line in arm["dosing"] for choice in line["choices"]
    )


@pytest.mark.parametrize(
    ("changed", "absent"),
    [
        ("Trial Status: ", "status"),
        ("Trial Phase ", "phase"),
        ("After completion ", "follow_up"),
    ],
)
def test_what_the_page_lost_is_left_out(page, changed, absent):
    """A line that is no longer understood leaves its place empty, and is quoted at the head."""
    text = page.replace(changed, f"Qzx {changed}")

    assert absent not in drafted(text)
    assert f": Qzx {changed.strip()}" in draft_yaml(read_page(text))


def test_stop_rules_need_every_arm_to_agree(page):
    """Treatment ends alike in all arms, or the draft does not say how."""
    ending = "in the absence of disease progression or unacceptable toxicity"
    text = page.replace(ending, "in the absence of disease progression", 1)

    assert [rule["id"] for rule in drafted(page)["stop_rules"]] == [
        "disease-progression",
        "unacceptable-toxicity",
    ]
    assert "stop_rules" not in drafted(text)


def test_sites_of_one_name_have_different_ids(page):
    """Names that make the same short name are numbered."""
    text = page.replace(
        "Invented Hospital\n", "Invented-Hospital\nStatus: ACTIVE\n\nInvented Hospital\n"
    )

    assert [site["id"] for site in drafted(text)["sites"]] == [
        "invented-hospital",
        "invented-hospital-2",
    ]


@pytest.mark.parametrize(
    "words",
    ["NO", "012", "12:30", "- x", 'a "b" \\ #c: d', "é – ≥ 𝛼", "y", "null", "{x}", "a\tb\x85c"],
)
def test_words_that_readers_take_differently_come_back_as_they_are(page, words):
    """Whatever a bullet says, it is read back word for word."""
    text = page.replace("Prior testinib", words)

    assert drafted(text)["criteria"][3]["source_text"] == words


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Invented Hospital, Unit 2", "invented-hospital-unit-2"),
        ("5-fluorouracil", "agent-5-fluorouracil"),
        ("Клиника", "agent"),
        ("x" * 80, "x" * 50),
    ],
)
def test_a_name_is_made_of_words(words, name):
    """Lower-case words and hyphens, beginning with a letter, of bounded length."""
    assert name_of(words, "agent") == name
