"""A record as the text of a trial page, and that page read again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.generated_records import RECORDS
from tests.sizes import sized

from trialwright.assembly.protocols import shipped
from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.protocol.publication import OtherNumber, Publication
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml, name_of
from trialwright.registry.record import (
    Record,
    RecordAgent,
    RecordArm,
    RecordAssignment,
    RecordChoice,
    RecordCriterion,
    RecordDosing,
    RecordFollowUp,
    RecordIdentifiers,
    RecordObjective,
    RecordPerson,
    RecordSite,
    RecordStop,
    record_of,
    record_of_plain,
)
from trialwright.registry.writing.arm_words import sentences_of_arm, words_of_arm
from trialwright.registry.writing.criterion_words import (
    Bullet,
    line_of_criterion,
    tree_of_criterion,
)
from trialwright.registry.writing.design_words import outline_of, roman
from trialwright.registry.writing.page_text import NAVIGATION, write_page

EVERY = CycleRange()
FIRST = CycleRange(first=1, last=1)
LATER = CycleRange(first=2)
AGENTS = {
    "testinib": RecordAgent(says="Testinib", route="PO", is_investigational=True),
    "shotumab": RecordAgent(says="Shotumab", route="IM"),
    "abc-123": RecordAgent(says="ABC-123", route="IV"),
    "onezole": RecordAgent(says="Onezole", route="PO", agent_class="Inhibitor of something"),
    "twozole": RecordAgent(says="Twozole", route="PO", agent_class="Inhibitor of something"),
    "threezole": RecordAgent(says="Threezole", route="PO", agent_class="Inhibitor of something"),
}
STOPS = (
    RecordStop(id="progression", says="Disease progression", ends="treatment"),
    RecordStop(id="toxicity", says="Treatment ends at unacceptable toxicity.", ends="treatment"),
    RecordStop(id="board", says="The board closes the arm", ends="arm"),
)
DAILY = st.sampled_from(["once daily", "twice daily", "three times daily", ""])
TIMINGS = st.sampled_from(
    [
        (((1, 28),), EVERY),
        (((1, 21),), EVERY),
        (((1, 7), (15, 21)), CycleRange(first=1, last=6)),
        (((3, 3),), CycleRange(first=2, last=2)),
        (((1, 1), (8, 8), (15, 15)), EVERY),
    ]
)
STARTED = ((((1, 1), (15, 15)), FIRST), (((1, 1),), LATER))
"""Days of cycle 1, then days of every later one."""


def plain(text):
    """Give the words of a text with single blanks."""
    return " ".join(text.split())


def drafted(text):
    """Read a page, write its draft, read that, and give its record."""
    return record_of_plain(read_yaml(draft_yaml(read_page(text, "page.txt"))).value)


def line(choices, says="", days=((1, 28),), cycles=EVERY):
    """Make a dosing line."""
    return RecordDosing(
        id="line",
        says=says,
        choices=tuple(RecordChoice(agent=each) for each in choices),
        days=tuple(DayRange(first=first, last=last) for first, last in days),
        cycles=cycles,
    )


def trial(*arms, **values):
    """Make a record with arms."""
    known = {"agents": AGENTS, "cycle_days": 28, "stop_rules": STOPS, "phase": "I"}
    return Record(arms=arms, **(known | values))


@st.composite
def arms(draw):
    """Give the lines of an arm, each agent once; one of them may be given otherwise at first."""
    agents = [("testinib",), ("shotumab",), ("abc-123",), ("onezole", "twozole")]
    agents.append(("onezole", "twozole", "threezole"))
    chosen = draw(st.lists(st.sampled_from(agents), min_size=1, max_size=3, unique=True))
    lines = []
    for choices in chosen:
        often = draw(DAILY)
        timings = STARTED if draw(st.booleans()) else (draw(TIMINGS),)
        lines += [line(choices, f"Given {often}", *timing) for timing in timings]
    return lines


def read_lines(dosing):
    """Give dosing lines as a page states them."""
    return [
        (
            tuple(name_of(each, "agent") for each in each.choices),
            each.route,
            each.times_a_day,
            tuple((days.first, days.last) for days in each.days),
            each.cycles,
        )
        for each in dosing
    ]


def stated_lines(record, arm):
    """Give dosing lines as a record states them."""
    times = {"once daily": 1, "twice daily": 2, "three times daily": 3}
    return [
        (
            tuple(each.agent for each in each.choices),
            record.agents[each.choices[0].agent].route,
            next((number for words, number in times.items() if words in each.says), None),
            tuple((days.first, days.last) for days in each.days),
            each.cycles,
        )
        for each in arm.dosing
    ]


def test_the_real_page_comes_back_equal(real_page):
    """Page, draft, protocol file, record, page: equal but for white space."""
    written = write_page(drafted(real_page))

    assert plain(written) == plain(real_page)


def test_a_page_that_was_written_comes_back_sign_by_sign(real_page):
    """What the writer wrote once, it writes again in the same layout."""
    written = write_page(drafted(real_page))

    assert write_page(drafted(written)) == written


def test_an_invented_page_comes_back_equal(page):
    """Sub-bullets, factors, arms that refer to others: the page's own words are printed."""
    assert plain(write_page(drafted(page))) == plain(page)


def test_the_shipped_protocol_reads_back_the_same():
    """Arms, agents, routes, days, cycle length, follow-up, criteria, ids, sites and objectives."""
    record = record_of(shipped("NCT03959891").study)

    draft = read_page(write_page(record))

    assert draft.kept == ()
    assert draft.remarks == ()
    assert [arm.label for arm in draft.arms] == ["A", "B", "C"]
    for arm, stated in zip(draft.arms, record.arms, strict=True):
        assert sorted(read_lines(arm.dosing), key=str) == sorted(
            stated_lines(record, stated), key=str
        )
        assert arm.until == ("disease progression", "unacceptable toxicity")
    assert draft.cycle_days == 28
    assert draft.escalated_agent == "ipatasertib"
    assert (draft.arms_stated, draft.assigned) == (3, "assigned")
    assert (draft.follow_up.first_after_days, draft.follow_up.then_every_months) == (30, 3)
    assert (len(draft.inclusion), len(draft.exclusion)) == (20, 15)
    assert [each.id for each in draft.criteria if each.arms == ("C",)] == ["E13"]
    numbers = draft.identifiers
    assert (numbers.nct, numbers.primary, numbers.secondary) == (
        record.identifiers.nct,
        record.identifiers.local,
        (record.identifiers.nci,),
    )
    assert [(site.name, site.status.lower(), site.contact, site.phone) for site in draft.sites] == [
        (site.name, site.status, site.contact, site.phone) for site in record.sites
    ]
    assert [(each.rank, each.says) for each in draft.objectives] == [
        (each.rank, plain(each.says)) for each in record.objectives
    ]
    assert (draft.phase, draft.status.lower()) == (record.phase, record.status)
    assert (draft.trial_type.lower(), draft.title) == (record.trial_type, plain(record.title))
    assert draft.principal_investigator == record.investigators[0].name
    assert draft.lead_organisation == record.lead_organisation


def test_no_illustrative_value_stands_on_the_page():
    """Doses, ladders, windows and endpoints that the registry does not state are left out."""
    page = write_page(record_of(shipped("NCT03959891").study))

    assert "dose-limiting" not in page
    assert " mg " not in page.replace("mg/dL", "")
    assert "500" not in page


@pytest.mark.sized
@settings(max_examples=sized(1500, 37), deadline=None)
@given(st.lists(arms(), min_size=1, max_size=3))
def test_any_arm_of_the_grammar_is_read_again_as_it_was(all_arms):
    """Agents, routes, times, days and cycles of generated arms survive the sentences."""
    record = trial(
        *(RecordArm(id="ABC"[place], dosing=tuple(each)) for place, each in enumerate(all_arms))
    )

    draft = read_page(write_page(record))

    assert draft.kept == ()
    for arm, stated in zip(draft.arms, record.arms, strict=True):
        assert read_lines(arm.dosing) == stated_lines(record, stated)
        assert arm.cycle_days == 28


@pytest.mark.sized
@settings(max_examples=sized(1500, 37), deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_any_record_makes_a_page_with_all_its_criteria(record):
    """Odd and empty records make a page too; no word of a criterion is lost."""
    page = write_page(record)

    assert page.startswith(NAVIGATION)
    assert page == write_page(record)
    for criterion in record.criteria:
        assert line_of_criterion(criterion) in plain(page)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            [line(["shotumab"], "", ((1, 1), (15, 15)), FIRST),
             line(["shotumab"], "", ((1, 1),), LATER)],
            "Patients receive shotumab intramuscularly (IM) on days 1 and 15 of cycle 1 and on day"
            " 1 of subsequent cycles.",
        ),
        (
            [line(["testinib"], "QD"), line(["abc-123"], "QD", ((1, 1), (8, 8), (15, 15)))],
            "Patients receive testinib orally (PO) once daily (QD) on days 1-28 of each cycle."
            " Patients also receive ABC-123 intravenously (IV) QD on days 1, 8, and 15 of each"
            " cycle.",
        ),
        (
            [line(["onezole", "twozole", "threezole"], "twice daily")],
            "Patients receive inhibitor of something (onezole, twozole, or threezole) orally (PO)"
            " twice daily (BID) on days 1-28 of each cycle.",
        ),
        (
            [line(["testinib"], "once daily or twice daily", cycles=CycleRange(first=1, last=6))],
            "Patients receive testinib orally (PO) on days 1-28 of cycles 1-6.",
        ),
        (
            [line(["testinib"], "", ((8, 14), (1, 3), (2, 9)), CycleRange(first=3))],
            "Patients receive testinib orally (PO) on days 1-14 of each cycle from cycle 3.",
        ),
        (
            [line(["onezole", "shotumab"])],
            "Patients receive onezole or shotumab on days 1-28 of each cycle.",
        ),
    ],
)  # fmt: skip
def test_an_arm_is_told_from_its_lines(lines, says):
    """Each agent has its sentence; what is not stated, or stated in two ways, is left out."""
    arm = RecordArm(id="A", dosing=tuple(lines))

    said = sentences_of_arm(trial(arm, cycle_days=None), arm)

    assert said == says


def test_cycles_are_told_with_what_ends_them():
    """The rules that end treatment are named, those that end an arm are not."""
    arm = RecordArm(id="A", dosing=(line(["testinib"]),))
    with_rules, without = trial(arm), trial(arm, stop_rules=())

    assert sentences_of_arm(with_rules, arm).endswith(
        " Cycles repeat every 28 days in the absence of disease progression or unacceptable"
        " toxicity."
    )
    assert sentences_of_arm(without, arm).endswith(" Cycles repeat every 28 days.")


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        (RecordArm(id="A", source_text="ARM A: Given\n  daily.", dosing=()), "Given daily."),
        (RecordArm(id="A", source_text="Given daily.", dosing=(line(["testinib"]),)),
         "Given daily."),
        (RecordArm(id="A", says="Testinib alone"), "Testinib alone"),
        (RecordArm(id="A", title="Arm A: testinib"), "Arm A: testinib"),
        (RecordArm(id="A", source_text=" "), ""),
    ],
)  # fmt: skip
def test_the_records_own_words_come_first(arm, words):
    """An arm's source text is printed without its label; else its lines, else its name."""
    assert words_of_arm(trial(arm), arm) == words


def test_an_arm_without_words_is_left_out():
    """A label alone would be read as other text."""
    assert "ARM" not in write_page(trial(RecordArm(id="A")))


@pytest.mark.parametrize(
    ("values", "outline"),
    [
        ({}, "This is a dose-escalation study of testinib. Patients are assigned to 1 of 2 arms."),
        (
            {"assignment": RecordAssignment(rule="randomised")},
            "This is a dose-escalation study of testinib. Patients are randomized to 1 of 2 arms.",
        ),
        (
            {"assignment": RecordAssignment(rule="randomised", origin="not_in_registry")},
            "This is a dose-escalation study of testinib. Patients are assigned to 1 of 2 arms.",
        ),
        (
            {"agents": {}, "publication": Publication(allocation="RANDOMIZED")},
            "Patients are randomized to 1 of 2 arms.",
        ),
        ({"publication": Publication(outline="OUTLINE: Its own\nwords.")}, "Its own words."),
    ],
)
def test_the_outline_says_what_the_record_states(values, outline):
    """One studied agent is the escalated one; an illustrative rule of assignment says nothing."""
    record = trial(RecordArm(id="A"), RecordArm(id="B"), **values)

    assert outline_of(record) == outline


def test_ranks_that_a_record_stated_get_headings():
    """Without headings a reader goes by order; with them it does not assume."""
    objectives = [("primary", "To find a dose."), ("primary", "To see it is safe."),
                  ("exploratory", "To look for markers.")]  # fmt: skip
    stated = tuple(RecordObjective(id="o", rank=rank, says=says) for rank, says in objectives)
    record = Record(title="A trial", status="active", objectives=stated)

    page = write_page(record)
    draft = read_page(page)

    assert "PRIMARY OBJECTIVES:\n\nI. To find a dose.\nII. To see it is safe.\n" in page
    assert "EXPLORATORY OBJECTIVE:\n\nI. To look for markers.\n" in page
    assert [(each.rank, each.says, each.assumption) for each in draft.objectives] == [
        (rank, says, "") for rank, says in objectives
    ]


def test_ranks_taken_by_order_get_headings_when_the_order_no_longer_gives_them():
    """A secondary objective that is gone must not make an exploratory one secondary."""
    objectives = (
        RecordObjective(id="a", rank="primary", says="One.", assumption="by order"),
        RecordObjective(id="b", rank="exploratory", says="Three.", assumption="by order"),
    )

    draft = read_page(write_page(Record(status="active", objectives=objectives)))

    assert [each.rank for each in draft.objectives] == ["primary", "exploratory"]


def test_a_criterion_for_some_arms_says_so_as_its_reader_reads_it():
    """`Arm C only - ...` becomes the words by which arms are read; kept words stay."""
    ours = RecordCriterion(id="E01", says="Arm C only - intolerance", arms=("C",))
    two = RecordCriterion(id="E02", says="Intolerance", arms=("A", "C"))
    kept = RecordCriterion(id="E03", says="", source_text="In arm B:  none", arms=("B",))

    lines = [line_of_criterion(each) for each in (ours, two, kept)]
    draft = read_page(write_page(Record(criteria=(ours, two, kept))))

    assert lines == [
        "For Arm C only: intolerance",
        "For Arms A and C only: Intolerance",
        "In arm B: none",
    ]
    assert [each.arms for each in draft.criteria] == [("C",), ("A", "C"), ()]


def test_sub_bullets_on_their_own_lines_run_on_in_one():
    """The page's bullet is one line; its tree is the same from either layout."""
    apart = RecordCriterion(id="I01", says="", source_text="One of:\n* Older\n** Much\n* Younger")
    in_line = RecordCriterion(id="I01", says="", source_text="One of: * Older ** Much * Younger")

    assert line_of_criterion(apart) == "One of: * Older ** Much * Younger"
    assert tree_of_criterion(apart) == tree_of_criterion(in_line)
    assert tree_of_criterion(apart) == Bullet(
        "One of:", (Bullet("Older", (Bullet("Much"),)), Bullet("Younger"))
    )


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        ("Organs\n* Liver\n* Kidney", Bullet("Organs", (Bullet("Liver"), Bullet("Kidney")))),
        ("Organs\nthat work\n- Liver\nand bile",
         Bullet("Organs that work", (Bullet("Liver and bile"),))),
        ("Organs\n*** Liver\n* Kidney", Bullet("Organs", (Bullet("Liver"), Bullet("Kidney")))),
        ("Bilirubin < 3 * ULN", Bullet("Bilirubin < 3 * ULN")),
        ("", Bullet("")),
    ],
)  # fmt: skip
def test_a_criterion_is_a_tree_of_bullets(words, tree):
    """Lines with signs are sub-bullets, lines without go on with the one before."""
    criterion = RecordCriterion(id="I01", says="", source_text=words)

    assert tree_of_criterion(criterion) == tree


@pytest.mark.parametrize(
    ("phase", "line_of_record", "printed"),
    [
        ("Ib", "", "Trial Phase Phase Ib"),
        ("Ib", "Phase I", "Trial Phase Phase I"),
        ("Ib", "I", "Trial Phase Phase I"),
        ("I/II", "PHASE1/PHASE2", "Trial Phase Phase I/II"),
        ("early I", "", "Trial Phase Phase early I"),
    ],
)
def test_the_phase_is_printed_as_the_page_had_it(phase, line_of_record, printed):
    """A line of another registry's words is not the page's."""
    record = Record(phase=phase, publication=Publication(phase_line=line_of_record))

    assert printed in write_page(record).splitlines()


@pytest.mark.parametrize(
    ("status", "word", "printed"),
    [
        ("not yet active", "", "Trial Status: Not yet active"),
        ("closed to accrual", "Closed to Accrual", "Trial Status: Closed to Accrual"),
        ("suspended", "Active", "Trial Status: Suspended"),
        ("suspended", "SUSPENDED", "Trial Status: Suspended"),
    ],
)
def test_the_status_is_the_present_one(status, word, printed):
    """The word of the record that was read is printed only while it still holds."""
    record = Record(status=status, publication=Publication(status_word=word))

    assert printed in write_page(record).splitlines()


def test_numbers_people_and_sites_stand_in_the_places_of_the_page():
    """Other numbers follow the institute's; the page has a place for one investigator."""
    record = Record(
        identifiers=RecordIdentifiers(nct="NCT99999999", nci="NCI-2099-00001", local="99-1"),
        publication=Publication(
            other_numbers=(OtherNumber(id="X1"), OtherNumber(id="NCT99999999"))
        ),
        investigators=(
            RecordPerson(name="Chair", role="study-chair"),
            RecordPerson(name="Lead", role="principal-investigator"),
            RecordPerson(name="Second", role="principal-investigator"),
        ),
        sites=(
            RecordSite(id="a", name="Site A", status="suspended", phone="1"),
            RecordSite(id="b", name="Site B", status="not yet active", contact="B"),
        ),
        follow_up=RecordFollowUp(first_after_days=14, then_every_months=6),
    )

    draft = read_page(write_page(record))

    assert draft.identifiers.secondary == ("NCI-2099-00001", "X1")
    assert draft.principal_investigator == "Lead"
    assert [(each.name, each.status) for each in draft.sites] == [
        ("Site A", "SUSPENDED"),
        ("Site B", "NOT YET ACTIVE"),
    ]
    assert (draft.follow_up.first_after_days, draft.follow_up.then_every_months) == (14, 6)


def test_a_description_stands_for_objectives_that_nobody_took_out_of_it():
    """Free text of another registry is printed, and its reader keeps it as text."""
    record = Record(status="active", publication=Publication(description="Some words.\n\nMore."))

    draft = read_page(write_page(record))

    assert [each.words for each in draft.kept] == ["Some words.", "More."]


def test_an_empty_record_is_a_page_with_its_first_line():
    """Nothing is invented."""
    assert write_page(Record()) == f"{NAVIGATION}\n"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "I"), (4, "IV"), (9, "IX"), (39, "XXXIX"), (90, "XC"), (114, "CXIV")],
)
def test_objectives_are_numbered_in_roman(number, written):
    """As on the page."""
    assert roman(number) == written
