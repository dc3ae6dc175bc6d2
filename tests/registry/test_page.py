"""Reading a page."""

import pytest

from trialwright.registry.draft import DraftIdentifiers
from trialwright.registry.page import read_page
from trialwright.terms.errors import Refusal


def with_line(page, below, words):
    """Put words on a line of their own directly below a line of the page."""
    assert below in page.splitlines()
    return page.replace(f"{below}\n", f"{below}\n{words}\n", 1)


def kept(draft):
    """Give the words of kept text."""
    return [each.words for each in draft.kept]


def test_the_registration_is_read(page):
    """Title, status, phase, type, organisation, investigator, site and numbers."""
    draft = read_page(page, "page.txt")

    assert draft.title.startswith("Testinib with Endocrine")
    assert (draft.status, draft.phase, draft.phase_in_summary) == ("Active", "I", "Ib")
    assert (draft.trial_type, draft.lead_organisation) == ("Treatment", "Invented Center")
    assert draft.principal_investigator == "Alex Example"
    assert draft.identifiers == DraftIdentifiers("99-001", ("NCI-2099-00001",), "NCT99999999")
    assert [(s.name, s.status, s.contact, s.phone) for s in draft.sites] == [
        ("Invented Hospital", "ACTIVE", "Alex Example", "000-000-0000")
    ]


def test_the_outline_is_read(page):
    """Escalated agent, arms with their lines, cycle length and follow-up."""
    draft = read_page(page)

    assert (draft.escalated_agent, draft.assigned, draft.arms_stated) == ("testinib", "assigned", 2)
    assert [[line.says for line in arm.dosing] for arm in draft.arms] == [
        [
            "testinib PO once daily on days 1-21 of every cycle",
            "shotumab IM on days 1 and 15 of cycle 1",
            "shotumab IM on day 1 of each cycle from cycle 2",
        ],
        [
            "shotumab IM on days 1 and 15 of cycle 1",
            "shotumab IM on day 1 of each cycle from cycle 2",
            "testinib PO once daily on days 1-28 of every cycle",
            "inhibitor of something (onezole, twozole or threezole) PO once daily on days 1-28 of"
            " every cycle",
        ],
    ]
    assert draft.cycle_days == 28
    assert (draft.follow_up.first_after_days, draft.follow_up.then_every_months) == (30, 3)


def test_criteria_are_numbered_in_their_lists(page):
    """Inclusions first, exclusions after, each from 01."""
    draft = read_page(page)

    assert [each.id for each in draft.inclusion] == ["I01", "I02", "I03"]
    assert [each.id for each in draft.exclusion] == ["E01", "E02"]
    assert draft.exclusion[1].arms == ("B",)


def test_objectives_are_ranked_by_order_and_say_so(page):
    """Each `I.` begins a group; that the groups are ranks is an assumption."""
    objectives = read_page(page).objectives

    assert [each.rank for each in objectives] == [
        "primary",
        "primary",
        "secondary",
        "exploratory",
    ]
    assert all("by order" in each.assumption for each in objectives)


def test_headings_of_objectives_are_believed(page):
    """With headings, nothing is assumed about rank."""
    text = page.replace("\nI. To evaluate", "\nEXPLORATORY OBJECTIVES:\nI. To evaluate", 1)

    draft = read_page(text)

    assert [each.rank for each in draft.objectives] == ["exploratory", "exploratory"]
    assert {each.assumption for each in draft.objectives} == {""}
    assert kept(draft) == ["I. Objective response rate.", "I. Predictors of response."]


def test_objectives_in_other_than_three_groups_are_remarked(page):
    """A lost group shifts ranks read by order, so people are told."""
    draft = read_page(page.replace("I. Objective response rate.\n", ""))

    assert any("2 numbered groups" in each.says for each in draft.remarks)


def test_a_fourth_group_and_a_lost_number_are_kept(page):
    """An objective that belongs to no group stays as text."""
    draft = read_page(
        page.replace("II. To find its dose.", "III. To find its dose.").replace(
            "I. Predictors of response.", "I. Predictors of response.\n\nI. Fourth.\nII. Fifth."
        )
    )

    assert kept(draft) == ["III. To find its dose.", "I. Fourth.", "II. Fifth."]


def test_nothing_of_the_page_is_left_over(page):
    """The page as it is has no kept text, and says what does not fit together."""
    draft = read_page(page)

    assert draft.kept == ()
    assert [each.says for each in draft.remarks] == [
        "The phase line says phase I, the summary phase Ib."
    ]


@pytest.mark.parametrize(
    "below",
    [
        "Skip to main content",
        "Trial Status: Active",
        "Inclusion Criteria",
        "  • Hemoglobin >= 9 g/dl",
        "  • For Arm B only: intolerance of partnerib",
        "Phone: 000-000-0000",
        "Status: ACTIVE",
        "II. To find its dose.",
        "Trial Phase Phase I",
        "Invented Center",
        "  • Primary ID 99-001",
    ],
)
def test_an_unknown_line_is_kept_as_text(page, below):
    """Wherever it stands, its words are kept, with the reason."""
    draft = read_page(with_line(page, below, "Qzx unknown words"))

    (found,) = [each for each in draft.kept if each.words == "Qzx unknown words"]
    assert found.because
    assert found.span.standing == "kept"


@pytest.mark.parametrize(
    ("below", "lost"),
    [
        ("Skip to main content", "title"),
        ("Lead Organization", "lead_organisation"),
        ("Principal Investigator", "principal_investigator"),
        ("Invented Hospital", "sites"),
    ],
)
def test_two_lines_in_one_place_leave_it_open(page, below, lost):
    """Which of two lines is the title, or the organisation, is not guessed."""
    draft = read_page(with_line(page, below, "Qzx unknown words"))

    assert not getattr(draft, lost)
    assert len(draft.kept) >= 2


def test_the_summary_is_known_by_its_beginning(page):
    """Beside `This phase Ib trial ...`, another line is kept, and the summary stays."""
    draft = read_page(with_line(page, "Trial Status: Active", "Sponsored by nobody."))

    assert draft.summary.startswith("This phase Ib trial")
    assert kept(draft) == ["Sponsored by nobody."]


@pytest.mark.parametrize(
    "line",
    [
        "Trial Status: Active",
        "Trial Phase Phase I",
        "  • ID NCT99999999",
        "II. To find its dose.",
    ],
)
def test_a_repeated_line_is_kept_once_and_changes_nothing(page, line):
    """The first is taken; the second says which line it repeats."""
    once, twice = read_page(page), read_page(with_line(page, line, line))

    assert (twice.status, twice.phase, twice.identifiers) == (
        once.status,
        once.phase,
        once.identifiers,
    )
    assert kept(twice) == [line.strip()]
    assert "repeats line" in twice.kept[0].because


@pytest.mark.parametrize(
    ("line", "other", "lost"),
    [
        ("Trial Status: Active", "Trial Status: Closed", "status"),
        ("Trial Phase Phase I", "Trial Phase Phase II", "phase"),
        ("Trial Type Treatment", "Trial Type Prevention", "trial_type"),
    ],
)
def test_two_values_leave_the_thing_open(page, line, other, lost):
    """Neither value is taken, both are kept, and a remark names the lines."""
    draft = read_page(with_line(page, line, other))

    assert getattr(draft, lost) == ""
    assert kept(draft) == [line, other]
    assert any("differ on the" in each.says for each in draft.remarks)


def test_an_arm_given_twice_in_different_words_is_no_arm(page):
    """Both paragraphs are kept, and an arm that refers to it is open too."""
    text = page.replace(
        "ARM B: ", "ARM A: Patients receive testinib PO QD on days 1-7.\n\nARM B: ", 1
    )

    draft = read_page(text)

    assert [arm.label for arm in draft.arms] == ["B"]
    assert "as in arm A" in draft.arms[0].kept[0].because
    assert any("2 arms, and 1 were read" in each.says for each in draft.remarks)


def test_a_cut_off_arm_is_kept(page):
    """A sentence without its full stop may be cut off, so it is not read."""
    cut = page.index("(onezole")

    draft = read_page(page[:cut])

    assert draft.arms[1].dosing == ()
    assert "no sentence of the form" in draft.kept[-1].because


def test_bullets_below_an_unknown_heading_are_no_criteria(page):
    """An unknown heading set off by a line without words closes the list above it."""
    text = page.replace(
        "Exclusion Criteria\n", "Outcome Measures\n\n  • Response\n\nExclusion Criteria\n"
    )

    draft = read_page(text)

    assert len(draft.inclusion) == 3
    assert kept(draft) == ["Outcome Measures", "• Response"]
    assert "no known heading" in draft.kept[1].because


def test_a_line_among_bullets_does_not_close_the_list(page):
    """A wrapped line is kept, and the bullets below it are still criteria."""
    draft = read_page(with_line(page, "  • Hemoglobin >= 9 g/dl", "    and more of it"))

    assert len(draft.inclusion) == 3
    assert "no bullet" in draft.kept[0].because


def test_a_second_heading_counts_on(page):
    """Bullets below a second heading of one list are numbered on, with a remark."""
    draft = read_page(
        page.replace(
            "Exclusion Criteria\n", "Inclusion Criteria\n\n  • More\n\nExclusion Criteria\n"
        )
    )

    assert [each.id for each in draft.inclusion] == ["I01", "I02", "I03", "I04"]
    assert any("second time" in each.says for each in draft.remarks)


def test_a_bullet_above_any_heading_is_kept():
    """A bullet belongs to no list before the first heading."""
    draft = read_page("• Lonely\n\nTrial Status: Active")

    assert kept(draft) == ["• Lonely"]


def test_more_criteria_than_ids_are_kept():
    """The hundredth bullet of a list has no id, so it stays as text."""
    draft = read_page("Inclusion Criteria\n" + "".join(f"• C{n}\n" for n in range(1, 102)))

    assert draft.criteria[-1].id == "I99"
    assert kept(draft) == ["• C100", "• C101"]


def test_a_site_with_two_contacts_is_kept(page):
    """Which of the two answers is not guessed."""
    line = "Contact: Alex Example"
    draft = read_page(with_line(page, line, "Contact: Kim Example"))

    assert draft.sites == ()
    assert "one contact" in draft.kept[0].because


def test_a_paragraph_of_endless_length_is_kept():
    """An arm longer than any page's is not read sentence by sentence."""
    draft = read_page("ARM A: " + "Patients receive x PO on day 1. " * 400)

    assert draft.arms == ()
    assert "longer than" in draft.kept[0].because


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(page, line_end):
    """A page saved elsewhere gives the same draft."""
    assert read_page(page.replace("\n", line_end)) == read_page(page)


@pytest.mark.parametrize("sign", ["-", "*"])
def test_other_bullet_signs_give_the_same_words(page, sign):
    """A page whose bullets were saved as dashes has the same criteria."""
    draft = read_page(page.replace("•", sign))

    assert [each.digest for each in draft.criteria] == [
        each.digest for each in read_page(page).criteria
    ]


@pytest.mark.parametrize("text", ["Hello", "I. An aim\n\n• A bullet", "<html><body>", "{}"])
def test_a_text_without_any_part_of_a_page_is_refused(text):
    """The refusal says what the text begins with and what a page has."""
    with pytest.raises(Refusal) as refused:
        read_page(text, "notes.txt")

    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == ("notes.txt", 1)
    assert "Inclusion Criteria" in fault.allowed


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("1 of 2 arms", "1 of 3 arms"), "3 arms, and 2 were read"),
        (("study of testinib", "study of otherib"), "otherib is escalated, and arm A does not"),
        (("every 28 days in the absence of disease progression or unacceptable toxicity.\n\nARM B",
          "every 30 days in the absence of disease progression or unacceptable toxicity.\n\nARM B"),
         "cycles of 28 and 30 days"),
        (("Cycles repeat", "Rounds repeat"), "not understood for arm A"),
        (("Exclusion Criteria", "Other Criteria"), "No exclusion criterion"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_remarked(page, changed, says):
    """The draft decides nothing; people are told."""
    draft = read_page(page.replace(*changed))

    assert any(says in each.says for each in draft.remarks)


def test_the_first_trials_page_is_read_whole(real_page):
    """No word of the page is left as kept text."""
    draft = read_page(real_page, "nct03959891.txt")

    assert draft.kept == ()
    assert (len(draft.inclusion), len(draft.exclusion)) == (20, 15)
    assert draft.identifiers == DraftIdentifiers("19-086", ("NCI-2019-03872",), "NCT03959891")
    assert draft.cycle_days == 28
    assert [each.id for each in draft.criteria if each.head.parts] == ["I02", "E06", "E12"]
    assert [each.id for each in draft.criteria if each.arms] == ["E13"]


@pytest.mark.parametrize(
    ("arm", "agent", "days"),
    [
        ("A", "ipatasertib", {1: range(1, 29), 2: range(1, 29)}),
        ("A", "fulvestrant", {1: (1, 15), 2: (1,), 3: (1,)}),
        ("B", "ipatasertib", {1: range(1, 29)}),
        ("B", "aromatase inhibitor", {1: range(1, 29), 9: range(1, 29)}),
        ("C", "ipatasertib", {1: range(1, 22), 2: range(1, 22)}),
        ("C", "palbociclib", {1: range(8, 29), 2: range(8, 29)}),
        ("C", "fulvestrant", {1: (1, 15), 2: (1,), 3: (1,)}),
    ],
)
def test_the_first_trials_dosing_days_are_read(real_page, arm, agent, days):
    """Each agent on the days that the page gives for it, cycle by cycle."""
    (read,) = [each for each in read_page(real_page).arms if each.label == arm]
    lines = [line for line in read.dosing if line.agent == agent]

    given = {
        cycle: sorted(
            day
            for line in lines
            if line.cycles.holds(cycle)
            for span in line.days
            for day in range(span.first, span.last + 1)
        )
        for cycle in days
    }

    assert given == {cycle: list(each) for cycle, each in days.items()}


def test_the_first_trials_aromatase_inhibitor_is_one_of_three(real_page):
    """The choice is read; which one is given is the participant's."""
    lines = [line for arm in read_page(real_page).arms for line in arm.dosing]

    assert {line.choices for line in lines if len(line.choices) > 1} == {
        ("letrozole", "anastrozole", "exemestane")
    }


def test_the_first_trials_mixed_list_is_left_to_people(real_page):
    """E06 announces a second list at the depth of the first: a remark, no guess."""
    draft = read_page(real_page)

    assert any("E06" in each.says for each in draft.remarks)
    assert {part.depth for part in draft.exclusion[5].head.parts} == {1}
