"""Opening, suspending, closing and reopening: every way, every refusal, and what is held up."""

from datetime import date, timedelta

import pytest

from trialwright.conduct.acts import Assign, Consent, OpenTrial, Redact, Register
from trialwright.conduct.deciding import decide
from trialwright.conduct.folding import fold
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SuspendSite,
    SuspendTrial,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal

DAY = date(2026, 2, 3)
NEXT = DAY + timedelta(days=1)
REASON = "safety review"
ELSEWHERE = Actor("e.chief", "principal-investigator", "elsewhere")

TRIAL = {"suspend": SuspendTrial, "close": CloseTrial, "reopen": ReopenTrial}
SITE = {"open": OpenSite, "suspend": SuspendSite, "close": CloseSite, "reopen": ReopenSite}
NOTHING, FIRST = "Nothing is to do", "Reopen the {} first, with the reason"


def moved(trial, *words, on=DAY):
    """Do trial acts one after another."""
    for word in words:
        trial.do(TRIAL[word](on, REASON))
    return trial


def site_moved(trial, site, *words, on=DAY):
    """Do site acts one after another."""
    for word in words:
        trial.do(SITE[word](site, on, REASON))
    return trial


def stands(trial, on=DAY):
    """Give the statuses in force in plain words."""
    found = statuses_on(trial.state, on)
    return {"trial": found.trial.status, **{site: at.status for site, at in found.sites.items()}}


TRIAL_TABLE = [
    ((), "suspend", "suspended"),
    ((), "close", "closed"),
    ((), "reopen", NOTHING),
    (("suspend",), "suspend", NOTHING),
    (("suspend",), "close", "closed"),
    (("suspend",), "reopen", "active"),
    (("close",), "suspend", FIRST),
    (("close",), "close", NOTHING),
    (("close",), "reopen", "active"),
    (("suspend", "close", "reopen"), "suspend", "suspended"),
]


@pytest.mark.parametrize(("before", "word", "comes"), TRIAL_TABLE)
def test_the_trial_goes_from_status_to_status(trial, before, word, comes):
    """Each act from each status: the status it leads to, or what to do instead."""
    moved(trial, *before)
    if not comes[0].isupper():
        (happening,) = trial.do(TRIAL[word](DAY, REASON))
        assert (happening.subject, happening.reason) == ("NCT03959891", REASON)
        assert stands(trial)["trial"] == comes
        return

    with pytest.raises(Refusal) as refused:
        trial.do(TRIAL[word](DAY, REASON))

    (fault,) = refused.value.faults
    assert (fault.where, fault.do) == ("trial", comes.format("trial"))


SITE_TABLE = [
    ("elsewhere", (), "open", "active"),
    ("elsewhere", (), "suspend", "Open the site first"),
    ("elsewhere", (), "close", "closed"),
    ("elsewhere", (), "reopen", "Open the site first"),
    ("mgh", (), "open", NOTHING),
    ("mgh", (), "suspend", "suspended"),
    ("mgh", (), "close", "closed"),
    ("mgh", (), "reopen", NOTHING),
    ("mgh", ("suspend",), "open", "Reopen the site, with the reason"),
    ("mgh", ("suspend",), "suspend", NOTHING),
    ("mgh", ("suspend",), "close", "closed"),
    ("mgh", ("suspend",), "reopen", "active"),
    ("mgh", ("close",), "open", "Reopen the site, with the reason"),
    ("mgh", ("close",), "suspend", FIRST),
    ("mgh", ("close",), "close", NOTHING),
    ("mgh", ("close",), "reopen", "active"),
]


@pytest.mark.parametrize(("site", "before", "word", "comes"), SITE_TABLE)
def test_a_site_goes_from_status_to_status(trial, site, before, word, comes):
    """Each act from each status; the other site and the trial stay as they are."""
    site_moved(trial, site, *before)
    others = {name: word for name, word in stands(trial).items() if name != site}
    if not comes[0].isupper():
        (happening,) = trial.do(SITE[word](site, DAY, REASON))
        assert (happening.subject, happening.reason) == (site, REASON)
        assert stands(trial) == {**others, site: comes}
        return

    with pytest.raises(Refusal) as refused:
        trial.do(SITE[word](site, DAY, REASON))

    (fault,) = refused.value.faults
    assert (fault.where, fault.do) == (f"site {site}", comes.format("site"))


def test_the_protocol_speaks_until_an_act_says_otherwise(study, say):
    """Before the first act the statuses are those of the file, and say so."""
    trial = say.empty(study)

    found = statuses_on(trial.state, DAY)

    assert stands(trial) == {"trial": "active", "mgh": "active", "elsewhere": "not yet active"}
    assert found.trial.change is None
    assert found.sites["elsewhere"].because == (
        f"not yet active, as version {study.version} of the protocol states"
    )


def test_a_status_names_the_act_the_day_and_the_reason(trial):
    """Whoever asks learns where it is recorded."""
    moved(trial, "suspend")

    found = statuses_on(trial.state, NEXT)

    assert found.trial.because == (
        "suspended since 2026-02-03 by entry 2 (trial suspended): safety review"
    )
    assert found.sites["mgh"] == found.trial
    assert found.sites["elsewhere"].status == "not yet active"


def test_any_day_can_be_asked_again(trial, say):
    """A status holds from its day on, and not before."""
    moved(trial, "suspend")
    moved(trial, "reopen", on=NEXT)

    days = [DAY - timedelta(days=1), DAY, NEXT, date(2027, 1, 1)]

    assert [stands(trial, on)["trial"] for on in days] == [
        "active", "suspended", "active", "active",
    ]  # fmt: skip
    assert (
        statuses_on(fold(trial.study, trial.records, as_of=DAY), NEXT).trial.status == "suspended"
    )


def test_what_was_before_is_recorded_and_the_form_is_the_first(trial):
    """The payload holds one word; day and reason stand in their own places of the ledger."""
    (happening,) = trial.do(CloseTrial(DAY, f"  {REASON}\n"))

    assert happening.payload == {"was": "active"}
    assert (happening.schema, happening.on, happening.reason) == (1, DAY, REASON)


def test_closing_the_trial_closes_every_site_and_reopening_it_opens_none(trial):
    """Each site is reopened by its own act."""
    moved(trial, "close")
    assert stands(trial) == {"trial": "closed", "mgh": "closed", "elsewhere": "closed"}

    moved(trial, "reopen")
    site_moved(trial, "mgh", "reopen")

    assert stands(trial) == {"trial": "active", "mgh": "active", "elsewhere": "closed"}


def test_a_site_closed_before_the_trial_keeps_its_own_reason(trial):
    """The later closing of the trial says nothing new about it."""
    trial.do(CloseSite("mgh", DAY, "no nurse"))
    moved(trial, "close", on=NEXT)

    assert statuses_on(trial.state, NEXT).sites["mgh"].because.endswith("(site closed): no nurse")


def test_suspending_the_trial_holds_every_site_and_reopening_frees_them(trial):
    """A site is never active in force under a suspended trial, and comes back by itself."""
    site_moved(trial, "elsewhere", "open")
    moved(trial, "suspend")
    assert stands(trial) == {"trial": "suspended", "mgh": "suspended", "elsewhere": "suspended"}

    moved(trial, "reopen")

    assert stands(trial) == {"trial": "active", "mgh": "active", "elsewhere": "active"}


def test_a_site_may_be_opened_while_the_trial_is_suspended_and_waits(trial):
    """It becomes active with the trial."""
    moved(trial, "suspend")
    site_moved(trial, "elsewhere", "open")
    assert stands(trial)["elsewhere"] == "suspended"

    moved(trial, "reopen")

    assert stands(trial)["elsewhere"] == "active"


@pytest.mark.parametrize("word", ["open", "reopen"])
def test_a_site_cannot_be_opened_while_the_trial_is_closed(trial, word):
    """The trial is reopened first; both reasons are told."""
    moved(trial, "close")

    with pytest.raises(Refusal) as refused:
        trial.do(SITE[word]("mgh", DAY, REASON))

    first = refused.value.faults[0]
    assert first.where == "trial"
    assert first.found == "closed since 2026-02-03 by entry 2 (trial closed): safety review"
    assert first.do == "Reopen the trial first, with the reason"


def test_a_site_that_an_amendment_adds_to_a_closed_trial_is_closed(trial, study):
    """It has no act of its own, and yet nobody is let in."""
    moved(trial, "close")
    added = study.sites[0].model_copy(update={"id": "added"})
    amended = study.model_copy(update={"sites": (*study.sites, added)})

    closed = statuses_on(fold(amended, trial.records), DAY).sites["added"]
    trial.do(ReopenTrial(NEXT, REASON))

    assert closed.status == "closed"
    reopened = statuses_on(fold(amended, trial.records), NEXT)
    assert reopened.trial.status == "active"
    assert reopened.sites["added"].status == "closed"


def test_a_site_that_an_amendment_drops_is_no_site(trial, study):
    """Its acts stay in the ledger; it has no status and takes nobody."""
    site_moved(trial, "elsewhere", "open")
    trial.study = study.model_copy(update={"sites": study.sites[:1]})
    trial.live = trial.state

    assert set(stands(trial)) == {"trial", "mgh"}
    with pytest.raises(Refusal, match=r"site: elsewhere\. Allowed: mgh\. Name a site"):
        trial.do(Consent("P-1", DAY), ELSEWHERE)


@pytest.mark.parametrize("site", ["nowhere", "MGH", "", "mgh\n"])
def test_an_unknown_site_is_told_with_those_there_are(trial, site):
    """A site is named as the protocol does."""
    with pytest.raises(Refusal) as refused:
        trial.do(SuspendSite(site, DAY, REASON))

    assert refused.value.faults[0].allowed == "mgh, elsewhere"


def test_a_protocol_without_sites_says_so(study, say):
    """There is nothing to open, and nobody is held up for a site."""
    trial = say.empty(study.model_copy(update={"sites": ()}))
    trial.do(say.OPENING)

    with pytest.raises(Refusal, match="the protocol names no site"):
        trial.do(OpenSite("mgh", DAY))

    trial.do(Consent("P-1", DAY), Actor("a", "coordinator", "anywhere"))
    assert set(trial.state.participants) == {"P-1"}


@pytest.mark.parametrize("reason", ["", " \t\n"])
@pytest.mark.parametrize("word", TRIAL)
def test_a_trial_act_needs_its_reason(trial, word, reason):
    """Blanks are none."""
    with pytest.raises(Refusal, match="reason: no reason"):
        trial.do(TRIAL[word](DAY, reason))


@pytest.mark.parametrize("word", ["suspend", "close", "reopen"])
def test_a_site_act_needs_its_reason(trial, word):
    """All but opening."""
    with pytest.raises(Refusal, match="reason: no reason"):
        trial.do(SITE[word]("mgh", DAY, ""))

    trial.do(OpenSite("elsewhere", DAY))
    assert stands(trial)["elsewhere"] == "active"


def test_day_and_reason_are_told_together(trial):
    """Every fault of the act at once."""
    moved(trial, "suspend", on=NEXT)

    with pytest.raises(Refusal) as refused:
        trial.do(ReopenTrial(DAY, ""))

    assert [each.where for each in refused.value.faults] == ["on", "reason"]
    assert refused.value.faults[0].found == (
        "2026-02-03, before the trial became suspended on 2026-02-04 (happening 2)"
    )


BACKDATED = {
    "the trial before it was opened": ([], SuspendTrial(date(2026, 1, 4), REASON)),
    "a site before the trial was opened": ([], SuspendSite("mgh", date(2026, 1, 4), REASON)),
    "a site before its last act": (
        [SuspendSite("mgh", NEXT, REASON)],
        ReopenSite("mgh", DAY, REASON),
    ),
    "the trial closed before a site was opened": (
        [OpenSite("elsewhere", NEXT)],
        CloseTrial(DAY, REASON),
    ),
    "a site reopened while the trial was closed": (
        [CloseTrial(DAY, REASON), ReopenTrial(NEXT, REASON)],
        ReopenSite("mgh", DAY, REASON),
    ),
}


@pytest.mark.parametrize("why", BACKDATED)
def test_statuses_follow_one_another_in_days(trial, why):
    """An earlier day than that of what it changes is refused, and nothing is recorded."""
    before, act = BACKDATED[why]
    for each in before:
        trial.do(each)
    count = len(trial.records)

    with pytest.raises(Refusal):
        trial.do(act)

    assert len(trial.records) == count


def test_a_suspension_may_be_entered_after_a_later_act_of_a_site(trial):
    """The site was opened under it, and waits from then on."""
    trial.do(OpenSite("elsewhere", NEXT))
    moved(trial, "suspend", on=DAY)

    assert stands(trial, NEXT)["elsewhere"] == "suspended"


@pytest.mark.parametrize("status", ["suspended", "closed", "completed", "terminated", "withdrawn"])
def test_a_trial_that_its_protocol_calls_ended_is_reopened_not_opened(study, say, status):
    """Without a reason it stays shut; with one its first cohorts are opened."""
    shut = study.model_copy(update={"status": status})
    trial = say.empty(shut)
    with pytest.raises(Refusal) as refused:
        trial.do(OpenTrial(DAY))
    assert refused.value.faults[0].do == (
        "Reopen the trial, with the reason, or correct the protocol"
    )

    trial.do(ReopenTrial(DAY, REASON))

    assert trial.state.opened_on == DAY
    assert set(trial.state.cohorts) == {arm.id for arm in study.arms}
    assert stands(trial)["trial"] == "active"
    assert stands(trial, DAY - timedelta(days=1))["trial"] == status


@pytest.mark.parametrize("status", ["active", "not yet active"])
def test_a_trial_that_is_not_open_is_opened_not_reopened(study, say, status):
    """What its protocol says of it is told."""
    trial = say.empty(study.model_copy(update={"status": status}))

    with pytest.raises(Refusal):
        trial.do(ReopenTrial(DAY, REASON))

    trial.do(OpenTrial(DAY, " ethics approval "))
    assert trial.records[0].happening.reason == "ethics approval"
    assert stands(trial)["trial"] == "active"


@pytest.mark.parametrize(
    "act", [SuspendTrial(DAY, REASON), CloseTrial(DAY, REASON), OpenSite("elsewhere", DAY)]
)
def test_a_trial_is_opened_before_anything_else(study, say, act):
    """As for every other act."""
    with pytest.raises(Refusal, match="Open the trial first"):
        decide(TrialState(study), act, say.CHIEF)


@pytest.mark.parametrize("word", ["suspend", "close"])
def test_opening_a_trial_again_says_how_it_stands(trial, say, word):
    """Not `open since`, which would be untrue."""
    moved(trial, word)

    with pytest.raises(Refusal, match=r"by entry 2 .* Reopen the trial, with the reason"):
        trial.do(OpenTrial(DAY))


HELD = {
    "trial suspended": ([SuspendTrial(DAY, REASON)], ["trial"]),
    "trial closed": ([CloseTrial(DAY, REASON)], ["trial", "site mgh"]),
    "site suspended": ([SuspendSite("mgh", DAY, REASON)], ["site mgh"]),
    "site closed": ([CloseSite("mgh", DAY, REASON)], ["site mgh"]),
    "both suspended": (
        [SuspendSite("mgh", DAY, "no nurse"), SuspendTrial(DAY, REASON)],
        ["trial", "site mgh"],
    ),
    "trial reopened, site not": (
        [CloseTrial(DAY, REASON), ReopenTrial(DAY, REASON)],
        ["site mgh"],
    ),
}


@pytest.mark.parametrize("why", HELD)
def test_nobody_new_is_let_in_and_the_refusal_names_the_act(trial, say, why):
    """Consent and registration wait; each status in the way is told with its reason."""
    acts, places = HELD[why]
    trial.screen("P-1")
    for act in acts:
        trial.do(act)
    count = len(trial.records)

    for act in (Consent("P-2", NEXT), Register("P-1", "A", NEXT, NEXT)):
        with pytest.raises(Refusal) as refused:
            trial.do(act)
        assert [each.where for each in refused.value.faults] == places
        assert all("since 2026-02-03 by entry" in each.found for each in refused.value.faults)
        assert all("participants already registered go on" in each.do
                   for each in refused.value.faults)  # fmt: skip

    assert len(trial.records) == count


def test_a_site_not_yet_active_lets_nobody_in(trial):
    """It is opened first, and the refusal says so."""
    with pytest.raises(Refusal, match="Wait until the site is opened"):
        trial.do(Consent("P-1", DAY), ELSEWHERE)

    trial.do(OpenSite("elsewhere", DAY))
    trial.do(Consent("P-1", DAY), ELSEWHERE)
    assert trial.state.participants["P-1"].site == "elsewhere"


def test_the_site_that_took_the_consent_holds_up_a_registration_from_another(trial, say):
    """A suspended site's participants are not registered through a sister site."""
    trial.screen("P-1")
    trial.do(OpenSite("elsewhere", DAY))
    trial.do(SuspendSite("mgh", DAY, "no nurse"))

    with pytest.raises(Refusal) as refused:
        trial.do(Register("P-1", "A", NEXT, NEXT), ELSEWHERE)

    assert [each.where for each in refused.value.faults] == ["site mgh"]


@pytest.mark.parametrize("act", [SuspendTrial(DAY, REASON), CloseTrial(DAY, REASON),
                                 SuspendSite("mgh", DAY, REASON)])  # fmt: skip
def test_whoever_is_registered_goes_on(trial, say, act):
    """Assignment, doses, events, facts, scans and the dose meeting are not held up."""
    trial.complete("P-1", "P-2")
    trial.screen("P-3")
    trial.do(Register("P-3", "A", say.REGISTERED, say.FIRST_DOSE))
    trial.do(type(act)(**{**_fields(act), "on": say.REGISTERED + timedelta(days=1)}))

    trial.do(Assign("P-3", say.FIRST_DOSE))
    trial.treat("P-3")
    trial.do(say.toxicity("P-3", grade=2))
    trial.do(say.facts("P-3", on=say.WINDOW_OVER))
    trial.do(say.disease("P-3"))
    trial.do(say.scan("P-3", 8))
    (decided,) = trial.do(say.meeting())

    assert decided.act == "dose_decided"


def _fields(act):
    """Give the fields of an act."""
    return {name: getattr(act, name) for name in type(act).__slots__}


def test_what_happened_before_a_suspension_can_be_entered_after_it(trial, say):
    """The day of the act decides, not the day of its entry."""
    trial.screen("P-1")
    moved(trial, "suspend", on=say.REGISTERED)
    with pytest.raises(Refusal):
        trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    trial.do(Register("P-1", "A", say.CONSENTED, say.FIRST_DOSE))

    assert trial.state.participants["P-1"].registered_on == say.CONSENTED


def test_who_may_not_is_refused_before_anything_is_told(trial):
    """Authority comes first."""
    with pytest.raises(Refusal, match="Allowed: principal-investigator"):
        trial.do(CloseTrial(DAY, ""), Actor("a", "coordinator", "mgh"))


def test_an_investigator_stops_the_own_site_at_once(trial, say):
    """Nobody else is needed for it; to go on somebody is."""
    trial.do(SuspendSite("mgh", DAY, REASON), say.INVESTIGATOR)

    with pytest.raises(Refusal, match="data-manager, principal-investigator"):
        trial.do(ReopenSite("mgh", DAY, REASON), say.INVESTIGATOR)

    assert stands(trial)["mgh"] == "suspended"


def test_old_ledgers_fold_as_before(study, say):
    """A trial that was opened under a protocol that says closed is open all the same."""
    trial = say.empty(study)
    trial.do(say.OPENING)

    old = fold(study.model_copy(update={"status": "closed"}), trial.records)

    assert statuses_on(old, DAY).trial.status == "active"
    assert old.opened_on == say.OPENED


@pytest.mark.parametrize("subject", ["NCT03959891", "mgh"])
def test_a_name_in_a_reason_can_be_redacted_and_the_status_stays(trial, subject):
    """The reason goes; day, status and happening are told on."""
    act = (SuspendTrial if subject != "mgh" else lambda on, why: SuspendSite("mgh", on, why))(
        DAY, "Canary Birdsong fell ill"
    )
    trial.do(act)

    trial.do(Redact(subject, NEXT, 2, "reason", "a name"))

    found = statuses_on(trial.state, NEXT).sites["mgh"]
    assert found.status == "suspended"
    assert found.because.endswith(": (the reason was redacted)")
    assert "Birdsong" not in repr(trial.state)
    assert trial.live == trial.state


@pytest.mark.parametrize(
    ("subject", "sequence", "field", "why"),
    [
        ("NCT03959891", 2, "payload/was", "it holds no free text"),
        ("NCT03959891", 99, "reason", "entry 99, which is none of NCT03959891"),
        ("mgh", 2, "reason", "entry 2, which is none of mgh"),
        ("elsewhere", 2, "reason", "entry 2, which is none of elsewhere"),
        ("nowhere", 2, "reason", "participant: something of another form"),
    ],
)
def test_nothing_else_of_a_status_is_redacted(trial, subject, sequence, field, why):
    """What no person typed stays, and the happening is named by whom it concerns."""
    moved(trial, "close")

    with pytest.raises(Refusal, match=why):
        trial.do(Redact(subject, NEXT, sequence, field, "a name"))


def test_a_protocol_that_contradicts_itself_is_shown_as_written(study, say):
    """Without an act, a suspended trial with an active site is what its record states."""
    trial = say.empty(study.model_copy(update={"status": "suspended"}))

    assert stands(trial) == {"trial": "suspended", "mgh": "active", "elsewhere": "not yet active"}


@pytest.mark.parametrize(("word", "do"), [("close", NOTHING), ("suspend", FIRST.format("site"))])
def test_only_opening_a_site_asks_for_the_trial(trial, word, do):
    """What leads to no active site is told of the site alone."""
    moved(trial, "close")

    with pytest.raises(Refusal) as refused:
        trial.do(SITE[word]("mgh", DAY, REASON))

    assert [(each.where, each.do) for each in refused.value.faults] == [("site mgh", do)]


def test_an_act_before_the_opening_is_refused_for_its_day(study, say):
    """Not for the status that the protocol then stated."""
    trial = say.empty(study.model_copy(update={"status": "not yet active"}))
    trial.do(OpenTrial(DAY))

    with pytest.raises(Refusal) as refused:
        trial.do(Consent("P-1", DAY - timedelta(days=1)))

    assert [each.where for each in refused.value.faults] == ["on"]


def test_a_site_act_may_be_entered_after_a_later_act_of_the_trial(trial):
    """The site was suspended on its day, whatever became of the trial since."""
    moved(trial, "suspend", on=NEXT)

    trial.do(SuspendSite("mgh", DAY, "no nurse"))

    assert stands(trial, DAY) == {
        "trial": "active", "mgh": "suspended", "elsewhere": "not yet active",
    }  # fmt: skip
    assert statuses_on(trial.state, NEXT).sites["mgh"].because.endswith("no nurse")
