"""A condition present or absent: silence, ended episodes, partial dates, contradictions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, context, had, said

from trialwright.casebook.facts import History
from trialwright.eligibility.kinds.condition import check, judge, say
from trialwright.protocol.event_rules import ConditionRule
from trialwright.terms.dates import PartialDate


def rule(expect="present", **fields):
    """Make a rule on pregnancy, or another fact."""
    return ConditionRule(
        kind="condition", fact=fields.pop("fact", "pregnancy"), expect=expect, **fields
    )


def answer(asked, *facts, **circumstances):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context(**circumstances)).answer)


def absent(**dates):
    """Make a record of absence."""
    return had("pregnancy", is_present=False, **dates)


@pytest.mark.parametrize("when", ["now", "ever"])
@pytest.mark.parametrize("expect", ["present", "absent"])
def test_presence_and_recorded_absence_decide(expect, when):
    """What is expected is met by its record and not met by the other."""
    asked = rule(expect, when=when)

    assert answer(asked, had("pregnancy", "2026-01-01")) == (
        "met" if expect == "present" else "not met"
    )
    assert answer(asked, absent(recorded="2026-03-01")) == (
        "met" if expect == "absent" else "not met"
    )


def test_silence_is_unknown():
    """That nobody wrote of it says neither yes nor no."""
    finding = judge(rule(), book(had("hiv")), context())

    assert finding.answer == "unknown"
    assert finding.because == "Pregnancy: nothing recorded"
    assert finding.missing == ("pregnancy",)


def test_silence_is_absence_only_where_the_protocol_says_so():
    """And then the reason says that it was read so."""
    finding = judge(rule("absent", not_recorded="absent"), book(), context())

    assert finding.answer == "met"
    assert finding.because == "Pregnancy: nothing recorded, which the protocol reads as absent"
    assert finding.evidence == ()


@pytest.mark.parametrize(
    ("until", "now"),
    [
        ("2026-03-04", "not met"),
        ("2026-03-05", "not met"),
        ("2026-03-06", "met"),
        ("2026-02", "not met"),
        ("2026-03", "unknown"),
        ("2026", "unknown"),
        ("2027", "met"),
        (None, "met"),
    ],
)
def test_an_ended_condition_is_not_present_now_but_was_ever(until, now):
    """An end whose day is not known leaves open whether it still lasts."""
    fact = had("pregnancy", "2020-01-01", until)

    assert answer(rule(), fact) == now
    assert answer(rule(when="ever"), fact) == "met"


@pytest.mark.parametrize(
    ("since", "recorded", "expected"),
    [
        ("2026-03-05", None, "met"),
        ("2026-03-06", None, "unknown"),
        ("2026-03-06", "2026-03-01", "unknown"),
        ("2026-03", None, "unknown"),
        ("2026", None, "unknown"),
        ("2026-03", "2026-03-05", "met"),
        ("2026-03", "2026-03-06", "unknown"),
        ("2026-03-01", "2026-03-20", "met"),
        (None, "2026-03-05", "met"),
        (None, "2026-03-06", "unknown"),
        (None, "2026-03", "unknown"),
        (None, None, "met"),
    ],
)
@pytest.mark.parametrize("when", ["now", "ever"])
def test_a_condition_from_the_future_never_counts(since, recorded, expected, when):
    """It counts when it certainly began, or was certainly on record, by the day judged."""
    assert answer(rule(when=when), had("pregnancy", since, None, recorded)) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [("2026-03-05", "met"), ("2026-03", "unknown"), ("2026-03-06", "unknown"), (None, "met")],
)
def test_an_absence_from_the_future_never_counts(recorded, expected):
    """A test that may have been done tomorrow says nothing of today."""
    assert answer(rule("absent"), absent(recorded=recorded)) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_an_ended_episode_does_not_speak_against_one_that_goes_on(order):
    """A second metastasis is present although the first is gone."""
    facts = [had("pregnancy", "2019-01-01", "2020-01-01"), had("pregnancy", "2025-12-01")]

    assert answer(rule(), *facts[::order]) == "met"


@pytest.mark.parametrize(
    ("presence", "absence", "now", "ever"),
    [
        # the absence was recorded before the condition began
        (("2026-02-01", None), "2026-01-31", "met", "met"),
        (("2026-02-01", None), "2026-01", "met", "met"),
        # within it, or the order is not certain
        (("2026-02-01", None), "2026-02-01", "unknown", "unknown"),
        (("2026-02-01", None), "2026-03-01", "unknown", "unknown"),
        (("2026-02", None), "2026-02", "unknown", "unknown"),
        (("2026-02-01", None), None, "unknown", "unknown"),
        ((None, None), "2026-03-01", "unknown", "unknown"),
        # after it ended
        (("2019-01-01", "2020-01-01"), "2026-03-01", "not met", "met"),
        (("2019-01-01", "2020-01-01"), "2019-06-01", "not met", "unknown"),
        (("2019-01-01", "2020-01-01"), "2020-01-01", "not met", "unknown"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_records_that_disagree_are_unknown(presence, absence, now, ever, order):
    """Unless the dates show that both are true, each in its time."""
    facts = [had("pregnancy", *presence), absent(recorded=absence)][::order]

    assert answer(rule(), *facts) == now
    assert answer(rule(when="ever"), *facts) == ever


def test_records_that_disagree_are_all_named():
    """The reason tells each with its dates and place."""
    facts = (
        had("pregnancy", "2026-02-01"),
        had("pregnancy", recorded="2026-03-01", is_present=False),
    )
    finding = judge(rule(), book(*facts), context())

    assert finding.because == (
        "Pregnancy: records do not decide it (present since 2026-02-01 [fhir Condition/1]; "
        "absent [fhir Condition/1])"
    )
    assert len(finding.evidence) == 2
    assert finding.missing == ("pregnancy",)


def test_the_reason_tells_when_an_episode_began_and_ended():
    """As it stands on record."""
    finding = judge(rule(), book(had("pregnancy", "2019-01", "2019-09-30")), context())

    assert finding.because == (
        "Pregnancy: present since 2019-01 until 2019-09-30 [fhir Condition/1]"
    )


def test_what_began_after_the_anchor_does_not_change_what_was_judged_there():
    """Asked again later, a criterion of registration is judged as of registration."""
    facts = (absent(recorded="2026-03-01"), had("pregnancy", "2026-03-20"))
    later = {"as_of": date(2026, 4, 1)}

    assert answer(rule(), *facts, **later, registration=DAY) == "not met"
    assert answer(rule(), *facts, **later) == "met"


def suspected(**fields):
    """Make a record of a suspicion."""
    return replace(had("pregnancy", **fields), is_confirmed=False)


@pytest.mark.parametrize("expect", ["present", "absent"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_provisional_diagnosis_decides_nothing(expect, order):
    """Nor is it silence; a confirmed record beside it decides."""
    silence_is_absence = rule(expect, not_recorded="absent")
    facts = [suspected(since="2026-02-01"), had("pregnancy", "2026-01-01")][::order]

    assert answer(silence_is_absence, suspected(since="2026-02-01")) == "unknown"
    assert answer(rule(expect), *facts) == ("met" if expect == "present" else "not met")
    ended = had("pregnancy", "2019-01-01", "2020-01-01")
    assert answer(rule(expect), suspected(since="2026-02-01"), ended) == "unknown"


@pytest.mark.parametrize(
    ("when", "since", "until", "expected"),
    [
        ("ever", "2019-01-01", "2020-01-01", "unknown"),
        ("now", "2019-01-01", None, "unknown"),
        ("now", "2019-01-01", "2020-01-01", "not met"),
        ("within", "2019-01-01", None, "not met"),
        ("within", "2026-02-01", None, "unknown"),
        ("within", None, None, "unknown"),
    ],
)
def test_a_suspicion_is_open_on_its_days_alone(when, since, until, expected):
    """Whether it is confirmed or not, one of other days does not count."""
    within_days = 90 if when == "within" else None
    asked = rule(when=when, within_days=within_days)

    assert answer(asked, suspected(since=since, until=until)) == expected


@pytest.mark.parametrize(
    ("of_suspicion", "of_absence", "expected"),
    [
        ("2026-02-01", "2026-02-02", "not met"),
        ("2026-02-01", "2026-02-01", "unknown"),
        ("2026-02-01", "2026-01-31", "unknown"),
        ("2026-02", "2026-02-20", "unknown"),
        (None, "2026-03-01", "unknown"),
        ("2026-02-01", "2026-03", "unknown"),
    ],
)
def test_a_refuted_suspicion_counts_no_longer(of_suspicion, of_absence, expected):
    """An absence that was certainly put on record after it decides."""
    facts = suspected(recorded=of_suspicion), absent(recorded=of_absence)

    assert answer(rule(), *facts) == expected


def test_a_refuted_condition_never_counts():
    """It is an absence on record, now and ever."""
    refuted = absent(since="2026-01-01", recorded="2026-02-01")

    assert answer(rule(), refuted) == "not met"
    assert answer(rule(when="ever"), refuted) == "not met"
    assert answer(rule("absent"), refuted) == "met"


WITHIN = {"when": "within", "within_days": 30}  # from 2026-02-03


@pytest.mark.parametrize(
    ("since", "until", "recorded", "expected"),
    [
        # an acute event is dated by its onset
        ("2026-02-03", None, None, "met"),
        ("2026-02-02", None, None, "not met"),
        ("2020-01-01", None, None, "not met"),
        ("2020-01-01", None, "2026-03-01", "not met"),
        ("2026-02", None, None, "unknown"),
        ("2026-01", None, None, "not met"),
        # an episode that ended in the window, or lasts beyond the day judged, was present in it
        ("2020-01-01", "2026-02-03", None, "met"),
        ("2020-01-01", "2026-02-02", None, "not met"),
        ("2020-01-01", "2026-06-01", None, "met"),
        ("2020-01-01", "2026-02", None, "unknown"),
        ("2026-02", "2026-02-20", None, "met"),
        ("2026", "2026-01-20", None, "not met"),
        # without an onset its record dates it, unless it had ended before
        (None, None, "2026-02-03", "met"),
        (None, None, "2026-02-02", "not met"),
        (None, "2020-01-01", "2026-03-01", "not met"),
        (None, "2026-02-10", "2026-03-01", "met"),
        (None, None, None, "unknown"),
    ],
)
def test_an_episode_lies_in_a_window(since, until, recorded, expected):
    """It began in it, or ended in it or later."""
    fact = had("pregnancy", since, until, recorded)

    assert answer(rule(**WITHIN), fact) == expected


def test_absence_and_silence_decide_a_window_too():
    """By record, by policy, and not at all."""
    silence_is_absence = rule(**WITHIN, not_recorded="absent")

    assert answer(rule(**WITHIN), absent(recorded="2026-03-01")) == "not met"
    assert answer(rule(**WITHIN)) == "unknown"
    assert answer(silence_is_absence) == "not met"
    assert answer(rule("absent", **WITHIN), had("pregnancy", "2026-02-10")) == "not met"


@pytest.mark.parametrize(
    ("fields", "since", "until", "turns"),
    [
        (WITHIN, "2026-02-10", None, [date(2026, 3, 13)]),
        (WITHIN, "2026-02", None, [date(2026, 3, 31)]),
        (WITHIN, "2020-01-01", None, []),
        ({}, "2020-01-01", "2026-03-20", [date(2026, 3, 20)]),
        ({}, "2020-01-01", None, []),
        ({"when": "ever"}, "2020-01-01", "2026-03-20", []),
        # an end ahead is all that is recorded: by then it has certainly been
        ({"when": "ever"}, None, "2026-03-20", [date(2026, 3, 20)]),
        ({"when": "ever"}, "2026-03", None, [date(2026, 3, 31)]),
        ({"when": "ever"}, "2026", "2026-03-20", [date(2026, 3, 20)]),
        ({}, None, "2026-03-20", [date(2026, 3, 20)]),
        ({}, "2026-03", None, [date(2026, 3, 31)]),
        # of an end known to the year, the beginning still leaves the window
        (WITHIN, "2026-02-10", "2026", [date(2026, 3, 13), date(2027, 1, 31)]),
    ],
)
def test_the_days_ahead_on_which_the_answer_turns_are_told(fields, since, until, turns):
    """An episode leaves the window, or reaches its end."""
    asked, fact = rule(**fields), had("pregnancy", since, until)
    finding = judge(asked, book(fact), context())

    assert list(finding.turns_on) == turns
    for turn in turns:
        before = answer(asked, fact, as_of=turn - timedelta(days=1))
        assert answer(asked, fact, as_of=turn) != before


OPEN_ENDED = PartialDate("2020-01-01/..", date(2020, 1, 1), date.max)
"""The end of an episode that is over, on a day that nobody recorded."""


@pytest.mark.parametrize(
    ("fields", "since", "expected"),
    [
        (WITHIN, "2026-02-10", "met"),
        (WITHIN, "2020-01-01", "not met"),
        (WITHIN, "2026-02", "unknown"),
        ({}, "2020-01-01", "unknown"),
        ({"when": "ever"}, "2020-01-01", "met"),
    ],
)
def test_an_episode_over_on_a_day_not_recorded_is_judged(fields, since, expected):
    """Its end may lie at the end of the calendar, beyond which nothing turns; onset dates it."""
    began = PartialDate.parse(since).earliest
    ended = replace(had("pregnancy", since), until=replace(OPEN_ENDED, earliest=began))
    finding = judge(rule(**fields), book(ended), context())

    assert str(finding.answer) == expected
    assert date.max not in finding.turns_on


def test_what_turns_lies_after_the_anchor():
    """An end on the day of registration has been reached; one before a later anchor is none."""
    ends_today = judge(rule(), book(had("pregnancy", "2020-01-01", "2026-03-05")), context())
    before = judge(
        rule(),
        book(had("pregnancy", "2020-01-01", "2026-03-08")),
        context(anchor="first_dose", first_dose=date(2026, 3, 10)),
    )

    assert (ends_today.answer, ends_today.turns_on) == ("not met", ())
    assert before.turns_on == ()


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (had("pregnancy", "2026-01-01"), "present since 2026-01-01"),
        (absent(recorded="2026-03-01"), "absent"),
        (replace(had("pregnancy", "2026-01-01"), is_confirmed=False), "suspected since 2026-01-01"),
    ],
)
def test_the_record_that_decides_or_does_not_is_the_evidence(fact, told):
    """Present, absent or suspected, with its source."""
    finding = judge(rule(), book(fact), context())

    assert finding.because.removesuffix(")").endswith(f"{told} [fhir Condition/1]")
    assert finding.evidence == (fact.evidence,)


def test_a_complete_record_is_the_evidence_of_absence():
    """The answer of the person who says so."""
    asked = rule("absent", not_recorded="absent-if-complete", look_back_days=365)
    finding = judge(asked, book(said("complete", "yes")), context())

    assert finding.answer == "met"
    assert [fact.what for fact in finding.evidence] == ["complete"]


def test_what_has_ended_had_begun():
    """Even where only the year of its onset is known."""
    assert answer(rule(when="ever"), had("pregnancy", "2026", "2026-02-20")) == "met"
    assert answer(rule(), had("pregnancy", "2026", "2026-02-20")) == "not met"


def test_a_window_of_no_days_is_a_fault():
    """It is a slip of the pen."""
    none = rule(when="within", within_days=0)

    assert [told for told, _, _ in check(none, TERMS)] == ["pregnancy within 0 days"]
    assert list(check(rule(**WITHIN), TERMS)) == []


def test_a_rule_is_said_in_words():
    """Past conditions are said to count."""
    assert say(rule(**WITHIN), TERMS) == "Pregnancy present within 30 days"
    assert say(rule(), TERMS) == "Pregnancy present"
    assert say(rule("absent", when="ever"), TERMS) == "Pregnancy absent (now or in the past)"


@pytest.mark.parametrize("expect", ["present", "absent"])
@pytest.mark.parametrize(
    ("fact", "not_recorded", "faults"),
    [
        ("pregnancy", "absent", 0),
        ("pregnancy", "unknown", 0),
        ("hiv", "unknown", 0),
        ("hiv", "absent", 1),
    ],
)
def test_silence_is_no_absence_of_what_no_record_can_hold(expect, fact, not_recorded, faults):
    """Without a code under which it would be found, nothing recorded says nothing."""
    found = list(check(rule(expect, fact=fact, not_recorded=not_recorded), TERMS))

    assert len(found) == faults


@pytest.mark.parametrize("when", [{"when": "now"}, {"when": "within", "within_days": 30}])
@pytest.mark.parametrize("expect", ["present", "absent"])
def test_one_left_unread_may_stand_though_all_that_was_read_is_over(expect, when):
    """What stands, and what is recorded as absent, still decides."""
    asked = rule(expect, not_recorded="absent", **when)
    over, standing = had("pregnancy", "2020-01-01", "2020-06-01"), had("pregnancy", "2026-02-20")

    def unread(*facts):
        record = replace(book(*facts), unsettled=frozenset({"pregnancy"}))
        return str(judge(asked, record, context()).answer)

    yes, no = ("met", "not met") if expect == "present" else ("not met", "met")
    assert answer(asked, over) == no
    assert unread(over) == "unknown"
    assert unread(over, standing) == yes
    assert unread(over, absent(recorded="2026-03-01")) == no


def since_2019(last):
    """Give an end that nobody recorded."""
    return PartialDate(f"2019-01-01/{last.isoformat()}", date(2019, 1, 1), last)


@pytest.mark.parametrize(
    ("record", "dated_by_onset", "lasting"),
    [
        # began in the window, or ended in it
        (had("pregnancy", "2026-02-20"), "met", "met"),
        (had("pregnancy", "2019-01-01", "2026-02-20"), "met", "met"),
        (had("pregnancy", "2019-01-01", "2026-01-20"), "not met", "not met"),
        # goes on since longer
        (had("pregnancy", "2019-01-01"), "not met", "unknown"),
        # ended on a day that nobody recorded: any from the onset on, or up to that of the record
        (replace(had("pregnancy", "2019-01-01"), until=since_2019(DAY)), "not met", "unknown"),
        (replace(had("pregnancy", "2019-01-01"), until=since_2019(date(2026, 2, 2))),
         "not met", "not met"),
        (had("pregnancy", recorded="2019-01-01"), "not met", "unknown"),
    ],
)  # fmt: skip
def test_what_lasts_may_have_been_there_within_the_days(record, dated_by_onset, lasting):
    """An infarction is dated by its onset; angina that went on was there later, too."""
    assert answer(rule(**WITHIN), record) == dated_by_onset
    assert answer(rule(**WITHIN, lasting=True), record) == lasting


def test_a_rule_says_that_what_lasts_counts_too():
    """And only where days are asked for."""
    assert say(rule(**WITHIN, lasting=True), TERMS) == "Pregnancy present within 30 days or since"
    with pytest.raises(ValueError, match="lasts into no days: when within"):
        rule(lasting=True)


def told_of(day):
    """Give a history that was told on a day."""
    record = had("pregnancy", recorded=day)
    return History(record.term, record.is_present, None, None, record.source, record.recorded)


@pytest.mark.parametrize(
    ("when", "expected"),
    [({"when": "ever"}, "met"), ({"when": "now"}, "unknown"), (WITHIN, "unknown")],
)
@pytest.mark.parametrize("told", ["2026-02-20", "2019-01-01"])
def test_a_history_says_that_it_was_and_not_when(when, expected, told):
    """Whenever it was told, and beside an episode that is over; a later one is not known yet."""
    history = told_of(told)
    over = had("pregnancy", "2018-01-01", "2018-06-01")

    assert answer(rule(**when), history) == expected
    assert answer(rule(**when), over, history) == expected
    assert answer(rule(**when), history, as_of=date(2018, 12, 31)) == "unknown"


def test_a_reason_says_that_it_is_a_history():
    """With the day on which it was told."""
    history = told_of(DAY.isoformat())
    told = judge(rule(when="ever"), book(history), context()).because

    assert told.startswith("Pregnancy: a history, told 2026-03-05 [")
