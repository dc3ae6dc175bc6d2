"""Which events are dose-limiting: boundaries, missing facts, late events."""

from datetime import date

import pytest

from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.safety.dlt import dlt_verdict, graded_by, rules_for
from trialwright.terms.verdicts import Answer

OPENED = date(2026, 2, 16)  # a window of 28 days ends on 2026-03-15
AS_OF = date(2026, 4, 30)


@pytest.fixture
def verdict(event, definition, window):
    """Give the verdict on an event that differs in some fields."""

    def judge(*, by=definition, opened=OPENED, as_of=AS_OF, **fields):
        """Judge one event."""
        return dlt_verdict(event(**fields), by, window, opened, as_of)

    return judge


@pytest.mark.parametrize(
    ("started", "answer", "is_late"),
    [
        ("2026-02-14", Answer.NOT_MET, False),
        ("2026-02-15", Answer.NOT_MET, False),
        ("2026-02-16", Answer.MET, False),
        ("2026-02-17", Answer.MET, False),
        ("2026-03-14", Answer.MET, False),
        ("2026-03-15", Answer.MET, False),
        ("2026-03-16", Answer.NOT_MET, True),
        ("2026-04-30", Answer.NOT_MET, True),
        ("2026-05-01", Answer.NOT_MET, False),
    ],
)
def test_onset_decides_by_the_day(verdict, started, answer, is_late):
    """Days 1 to 28 count; the day before does not; later days are late, not invisible."""
    judged = verdict(started=started)

    assert (judged.answer, judged.is_late) == (answer, is_late)


@pytest.mark.parametrize(
    ("term", "grade", "answer", "rule"),
    [
        ("Nausea", 1, Answer.NOT_MET, "other"),
        ("Nausea", 2, Answer.NOT_MET, "other"),
        ("Nausea", 3, Answer.MET, "other"),
        ("Nausea", 4, Answer.MET, "other"),
        ("Nausea", 5, Answer.MET, "other"),
        ("Anemia", 3, Answer.NOT_MET, "anaemia"),
        ("Anemia", 4, Answer.MET, "anaemia"),
        (" anemia ", 4, Answer.MET, "anaemia"),
    ],
)
def test_grade_decides_by_the_rule_of_the_term(verdict, term, grade, answer, rule):
    """A rule without terms concerns each term that no other rule names."""
    judged = verdict(term=term, grade=grade)

    assert (judged.answer, judged.rule) == (answer, rule)


@pytest.mark.parametrize(
    ("grade", "hours", "answer"),
    [
        (3, 71, Answer.NOT_MET),
        (3, 72, Answer.MET),
        (3, 0, Answer.NOT_MET),
        (4, 71, Answer.NOT_MET),
        (2, 72, Answer.NOT_MET),
        (2, None, Answer.NOT_MET),
        (3, None, Answer.UNKNOWN),
        (5, 1, Answer.MET),
        (5, None, Answer.MET),
    ],
)
def test_fatigue_counts_from_72_hours(verdict, grade, hours, answer):
    """71 hours do not count and 72 do; death asks for no duration."""
    judged = verdict(term="Fatigue", grade=grade, highest_grade_hours=hours)

    assert judged.answer is answer


@pytest.mark.parametrize(
    ("ended", "hours", "as_of", "answer", "told"),
    [
        ("2026-02-26", None, "2026-04-30", Answer.NOT_MET, "it lasted 48 h at most"),
        ("2026-02-27", None, "2026-04-30", Answer.UNKNOWN, "how long the grade lasted is not"),
        ("2026-02", None, "2026-04-30", Answer.UNKNOWN, "how long the grade lasted is not"),
        (None, None, "2026-02-26", Answer.UNKNOWN, "48 h at most have passed as of 2026-02-26"),
        ("2026-02-26", None, "2026-02-25", Answer.UNKNOWN, "24 h at most have passed"),
        ("2026-02-26", None, "2026-02-26", Answer.NOT_MET, "it lasted 48 h at most"),
        ("2026-02-26", 72, "2026-04-30", Answer.UNKNOWN, "said to have lasted 72 h, its dates"),
        (None, 96, "2026-02-26", Answer.UNKNOWN, "its dates allow 48 h as of 2026-02-26"),
        (None, 96, "2026-02-27", Answer.MET, "the grade lasted 96 h"),
        ("2026-02-26", 71, "2026-04-30", Answer.NOT_MET, "the grade lasted 71 h"),
    ],
)
def test_dates_can_refute_a_duration_and_never_prove_it(verdict, ended, hours, as_of, answer, told):
    """An event of two days cannot have lasted 72 h; one of nine days may have."""
    judged = verdict(
        term="Fatigue", ended=ended, highest_grade_hours=hours, as_of=date.fromisoformat(as_of)
    )

    assert judged.answer is answer
    assert told in judged.because


@pytest.mark.parametrize(
    ("related_to", "answer", "missing"),
    [
        (("ipatasertib", "fulvestrant"), Answer.MET, ()),
        ((), Answer.NOT_MET, ()),
        (None, Answer.UNKNOWN, ("attribution",)),
    ],
)
def test_attribution_is_asked_for(verdict, related_to, answer, missing):
    """Unrelated events do not count; an event without attribution is open."""
    judged = verdict(related_to=related_to)

    assert (judged.answer, judged.missing) == (answer, missing)


@pytest.mark.parametrize("related_to", [(), None])
def test_attribution_is_asked_for_only_by_the_protocol(verdict, definition, related_to):
    """Where the definition does not ask for attribution, every event counts."""
    by = definition.model_copy(update={"must_be_related": False})

    assert verdict(by=by, related_to=related_to).answer is Answer.MET


@pytest.mark.parametrize(
    ("started", "answer", "is_late"),
    [
        ("2026-02", Answer.UNKNOWN, False),
        ("2026-03", Answer.UNKNOWN, False),
        ("2026", Answer.UNKNOWN, False),
        ("2026-04", Answer.NOT_MET, True),
        ("2026-01", Answer.NOT_MET, False),
        ("2027", Answer.NOT_MET, False),
        (None, Answer.UNKNOWN, False),
    ],
)
def test_an_onset_that_straddles_the_window_is_unknown(verdict, started, answer, is_late):
    """A month decides only when each of its days lies on one side."""
    judged = verdict(started=started)

    assert (judged.answer, judged.is_late) == (answer, is_late)
    assert judged.missing == (("day of onset",) if answer is Answer.UNKNOWN else ())


def test_a_month_wholly_in_the_window_counts(event, definition, window):
    """A partial onset is in the window when every day it may mean is."""
    longer = window.model_copy(update={"days": 60})

    judged = dlt_verdict(event(started="2026-03"), definition, longer, OPENED, AS_OF)

    assert judged.answer is Answer.MET
    assert "onset 2026-03 lies in the 60-day DLT window 2026-02-16 to 2026-04-16" in judged.because


def test_a_missing_grade_is_unknown(verdict):
    """An ungraded event is neither a DLT nor none."""
    judged = verdict(grade=None)

    assert (judged.answer, judged.missing) == (Answer.UNKNOWN, ("grade",))
    assert judged.because == (
        "undecided by rule other (Any other event of grade 3): Nausea: "
        "the grade is not recorded, 3 or higher counts (CTCAE 5.0)"
    )


@pytest.mark.parametrize("fields", [{"related_to": ()}, {"started": "2026-02-15"}])
def test_what_is_certainly_none_needs_no_grade(verdict, fields):
    """One answer of no decides, whatever else is unknown."""
    assert verdict(grade=None, **fields).answer is Answer.NOT_MET


@pytest.mark.parametrize("opened", [None, date(2026, 5, 1)])
@pytest.mark.parametrize("started", ["2026-02-25", None])
def test_before_the_anchor_dose_there_is_no_window(verdict, opened, started):
    """Without a dose of the anchor agent, nothing lies in the window."""
    judged = verdict(opened=opened, started=started)

    assert (judged.answer, judged.is_late) == (Answer.NOT_MET, False)
    assert "no ipatasertib taken as of 2026-04-30: the DLT window is not open" in judged.because


@pytest.mark.parametrize(
    ("fields", "is_late"),
    [
        ({"grade": 2}, False),
        ({"related_to": ()}, False),
        ({"grade": None}, False),
        ({"term": "Fatigue", "highest_grade_hours": 71}, False),
        ({"term": "Fatigue", "highest_grade_hours": 72}, True),
    ],
)
def test_late_are_only_events_that_would_count(verdict, fields, is_late):
    """An event after the window is late when all but the window would make it a DLT."""
    judged = verdict(started="2026-03-16", **fields)

    assert (judged.answer, judged.is_late) == (Answer.NOT_MET, is_late)


def test_a_dlt_says_everything_it_rests_on(verdict, event):
    """The verdict names rule, grade, duration, attribution, day and window."""
    fields = {"term": "Fatigue", "highest_grade_hours": 72}

    judged = verdict(**fields)

    assert judged.because == (
        "DLT by rule fatigue (Fatigue of grade 3 for 72 hours): Fatigue: "
        "grade 3, 3 or higher counts (CTCAE 5.0); the grade lasted 72 h, 72 h or more count; "
        "related to ipatasertib; "
        "onset 2026-02-25 (day 10) lies in the 28-day DLT window 2026-02-16 to 2026-03-15"
    )
    assert judged.evidence == (event(**fields).evidence,)
    assert [part.answer for part in judged.parts] == [Answer.MET] * 4


def test_a_late_event_says_that_it_is_late(verdict):
    """A late event keeps its reason."""
    assert verdict(started="2026-03-20").because == (
        "no DLT by rule other (Any other event of grade 3): Nausea: "
        "onset 2026-03-20 lies after the 28-day DLT window 2026-02-16 to 2026-03-15; "
        "it would be a DLT within the window, and stays visible as late"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"grade": 2}, "grade 2, 3 or higher counts (CTCAE 5.0)"),
        ({"grade": 2, "term": "hyperglycemia"}, "grade 2, 3 or higher counts (CTCAE 4.03)"),
        ({"related_to": ()}, "related to no study agent, only related events count"),
        (
            {"started": "2026-02-15"},
            "onset 2026-02-15 lies before the 28-day DLT window 2026-02-16 to 2026-03-15",
        ),
        (
            {"started": "2026-05-01"},
            "onset 2026-05-01 lies after 2026-04-30, up to which data count",
        ),
        (
            {"term": "Fatigue", "highest_grade_hours": 71},
            "the grade lasted 71 h, 72 h or more count",
        ),
        ({"related_to": None}, "attribution is not recorded, only related events count"),
        ({"started": None}, "the day of onset is not recorded"),
    ],
)
def test_a_no_says_what_decided_it(verdict, fields, told):
    """The reason names what made the answer no, and nothing else."""
    assert verdict(**fields).because.split("): ", 1)[1].split(": ", 1)[1] == told


@pytest.mark.parametrize("whose", ["definition", "window"])
def test_illustrative_rules_and_windows_are_labelled(event, definition, window, whose):
    """The label shows when the page states no definition, and when it states no window."""
    given = {"definition": definition, "window": window}
    given[whose] = given[whose].model_copy(update={"origin": "not_in_registry"})

    labels = {
        dlt_verdict(each, given["definition"], given["window"], OPENED, AS_OF).label
        for each in (event(), event(grade=None), event(grade=1))
    }

    assert labels == {"illustrative, not from the registry"}
    assert dlt_verdict(event(), definition, window, OPENED, AS_OF).label == ""


@pytest.fixture
def two_rules():
    """Give a definition in which diarrhoea counts at grade 3 for 48 hours, or at grade 4."""
    return DltDefinition(
        ctcae="5.0",
        must_be_related=False,
        rules=(
            DltRule(id="long", says="long", terms=("Diarrhea",), least_grade=3, least_hours=48),
            DltRule(id="severe", says="severe", terms=("Diarrhea",), least_grade=4),
        ),
    )


@pytest.mark.parametrize(
    ("grade", "hours", "answer", "rule"),
    [
        (4, 47, Answer.MET, "severe"),
        (4, 48, Answer.MET, "long"),
        (4, None, Answer.MET, "severe"),
        (3, 47, Answer.NOT_MET, "long"),
        (3, None, Answer.UNKNOWN, "long"),
        (None, 47, Answer.UNKNOWN, "severe"),
    ],
)
def test_one_rule_that_holds_is_enough(verdict, two_rules, grade, hours, answer, rule):
    """Rules for one term are alternatives; the first that decides is named."""
    judged = verdict(by=two_rules, term="Diarrhea", grade=grade, highest_grade_hours=hours)

    assert (judged.answer, judged.rule) == (answer, rule)


def test_the_late_rule_is_named_among_alternatives(verdict, two_rules):
    """Of alternatives that say no, the one that a late event would fulfil is named."""
    judged = verdict(
        by=two_rules, term="Diarrhea", grade=4, highest_grade_hours=1, started="2026-03-20"
    )

    assert (judged.rule, judged.is_late) == ("severe", True)


def test_death_from_an_event_asks_for_no_duration(verdict):
    """Fatal fatigue counts, whatever hours are recorded, and says so."""
    judged = verdict(term="Fatigue", grade=5, highest_grade_hours=None)

    fatal = judged.parts[1]
    assert (fatal.answer, fatal.because) == (Answer.MET, "fatal, so no duration is asked")


@pytest.mark.parametrize(("ended", "hours"), [(None, None), ("2026-02-26", 72)])
def test_a_duration_that_is_open_asks_for_the_hours(verdict, ended, hours):
    """Not recorded, or against its dates: the hours at the highest grade would decide."""
    judged = verdict(term="Fatigue", ended=ended, highest_grade_hours=hours)

    assert (judged.answer, judged.missing) == (Answer.UNKNOWN, ("hours at the highest grade",))


def test_an_event_of_the_first_day_of_the_window_counts_on_that_day(verdict):
    """The window is open from the day of the first dose, also when asked on it."""
    assert verdict(started=OPENED.isoformat(), as_of=OPENED).answer is Answer.MET


def test_events_of_other_agents_are_told_with_those_that_count(event, definition, window):
    """Each agent of both lists by name."""
    narrow = definition.model_copy(update={"attributed_to": ("ipatasertib", "fulvestrant")})
    other = event(related_to=("palbociclib", "letrozole"))

    found = dlt_verdict(other, narrow, window, OPENED, AS_OF)

    assert found.because.endswith(
        ": related to palbociclib, letrozole, "
        "only events related to ipatasertib or fulvestrant count"
    )


def test_a_term_without_a_rule_is_no_dlt(verdict, two_rules, event):
    """Where no rule concerns the term and none is for the rest, the answer is no."""
    judged = verdict(by=two_rules)

    assert (judged.answer, judged.rule, judged.is_late) == (Answer.NOT_MET, "", False)
    assert judged.because == "no DLT: no rule of the definition concerns Nausea"
    assert judged.label == ""
    assert judged.evidence == (event().evidence,)


def test_rules_for_a_term_are_found(definition):
    """Rules that name a term exclude the rule for all other terms."""
    found = [
        [rule.id for rule in rules_for(term, definition.rules)] for term in ("Rash", "FATIGUE")
    ]

    assert found == [["other"], ["fatigue"]]


@pytest.mark.parametrize("term", ["Anemia", "Anaemia"])
@pytest.mark.parametrize(("grade", "answer"), [(3, Answer.NOT_MET), (4, Answer.MET)])
def test_british_spelling_meets_the_rule_of_its_term(verdict, term, grade, answer):
    """Not the rule of every other term, by which grade 3 would do."""
    judged = verdict(term=term, grade=grade)

    assert (judged.answer, judged.rule) == (answer, "anaemia")


@pytest.mark.parametrize(
    ("related_to", "answer"),
    [
        (("ipatasertib",), Answer.MET),
        (("palbociclib", "ipatasertib"), Answer.MET),
        (("palbociclib",), Answer.NOT_MET),
        ((), Answer.NOT_MET),
        (None, Answer.UNKNOWN),
    ],
)
def test_only_events_related_to_the_named_agents_count(
    event, definition, window, related_to, answer
):
    """Attribution is held per agent."""
    narrow = definition.model_copy(update={"attributed_to": ("ipatasertib",)})

    found = dlt_verdict(
        event(related_to=related_to), narrow, window, date(2026, 2, 16), date(2026, 3, 20)
    )

    assert found.answer is answer


@pytest.mark.parametrize(
    ("term", "version"),
    [("Hyperglycemia", "4.03"), ("hyperglycaemia", "4.03"), ("Nausea", "5.0")],
)
def test_either_spelling_is_graded_by_the_version_of_its_term(event, definition, term, version):
    """The check of grades and the DLT rules ask the same."""
    assert graded_by(event(term=term), definition) == version
