"""The visit form: each form becomes one act, and what is refused stays in its fields."""

import re
from datetime import date

import pytest

AT = "/participants/MGH-010/record/"
NOTE = {"source": "clinic note", "note": ""}
FORMS = {
    "visit": {"code": "C1D22", "outcome": "done", "on": "2026-11-27", **NOTE},
    "laboratory": {"visit": "C1D22", "on": "2026-11-27", "source": "report 17",
                   "term_1": "fasting-glucose", "value_1": "104", "unit_1": "mg/dL",
                   "term_2": "other", "other_2": "lipase", "value_2": "31.5", "unit_2": "U/L"},
    "vital-signs": {"visit": "C1D22", "on": "2026-11-27", "source": "chart",
                    "term_1": "heart-rate", "value_1": "72", "unit_1": "/min"},
    "ecg": {"visit": "C1D22", "on": "2026-11-27", "source": "tracing 3",
            "term_1": "qtcf", "value_1": "431", "unit_1": "ms"},
    "adverse-event": {"term": "Rash", "grade": "2", "started": "2026-11-20", "ended": "",
                      "is_serious": "no", "attribution": "agents", "related_to": ["ipatasertib"],
                      "source": "clinic note"},
    "medicine": {"name": "itraconazole", "since": "2026-11-25", "until": "", "is_ongoing": "yes",
                 **NOTE},
    "drug-count": {"agent": "ipatasertib", "dispensed_on": "2026-11-05", "dispensed": "84",
                   "returned": "", "counted_on": "", "expected": "", **NOTE},
    "cycle-delay": {"cycle": "2", "begins_on": "2026-12-05", "cause": "toxicity", **NOTE},
    "tumour-assessment": {"on": "2026-11-27", "source": "CT 27 Nov", "new": "none",
                          "new_site": ""},
    "person": {"born": "1961-09", "sex": "female"},
    "medical-history": {"term": "diabetes", "is_present": "no", "is_confirmed": "yes", "since": "",
                        "until": "", "source": "clinic note"},
    "prior-therapy": {"medicine": "palbociclib", "since": "2024", "until": "2025-03",
                      "is_ongoing": "no", "intent": "metastatic", "stopped_for": "progression",
                      "is_local": "no", "changed": "", "source": "letter"},
    "specimen": {"form": "slides", "number": "12", "thickness_um": "5", "on": "2025-11",
                 "source": "pathology"},
    "exception": {"criterion": "I04", "sort": "deviation", "granted_by": "board, 17",
                  "on": "2026-11-27", "reason": "Found at monitoring"},
    "pregnancy": {"of": "partner", "known_on": "2026-11-27", "outcome": "ongoing", **NOTE},
}  # fmt: skip
RECORDS = {
    "visit": "visit_recorded", "laboratory": "form_recorded", "vital-signs": "form_recorded",
    "ecg": "form_recorded", "adverse-event": "adverse_event_recorded",
    "medicine": "medicine_recorded", "drug-count": "drug_counted",
    "cycle-delay": "cycle_delayed", "tumour-assessment": "tumour_assessed",
    "pregnancy": "pregnancy_recorded",
    **dict.fromkeys(("person", "medical-history", "prior-therapy", "specimen"), "facts_recorded"),
    "exception": "exception_recorded",
}  # fmt: skip


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def lesions(trial):
    """Give a reading for each lesion that was found before treatment."""
    baseline = trial.gateway.state().participants["MGH-010"].baseline
    targets = {f"target_{each.label}": "12.5" for each in baseline.targets}
    return targets | {f"other_{each.label}": "PRESENT" for each in baseline.nontargets}


@pytest.mark.parametrize("kind", RECORDS)
def test_each_form_records_its_act(signed_in, trial, lesions, kind):
    """As an investigator, or whoever else enters it; dated with the day of entry."""
    role = "principal-investigator" if kind == "exception" else "investigator"
    client = signed_in(role)
    entered = FORMS[kind] | (lesions if kind == "tumour-assessment" else {})
    assert client.get(f"{AT}{kind}/").status_code == 200

    answer = client.post(f"{AT}{kind}/", entered)

    done = trial.records()[-1]
    assert answer.status_code == 302, words(answer)
    assert (done.happening.act, done.happening.subject) == (RECORDS[kind], "MGH-010")
    assert done.actor == f"the-{role}"


def test_what_was_entered_is_on_record(signed_in, trial):
    """Laboratory values with units, one by a name of its own; nothing is made up."""
    signed_in("coordinator").post(f"{AT}laboratory/", FORMS["laboratory"])

    payload = trial.records()[-1].happening.payload
    assert payload["visit"] == "C1D22"
    (glucose,), (lipase,) = payload["observations"], payload["others"]
    assert (glucose["term"], glucose["on"]["text"]) == ("fasting-glucose", "2026-11-27")
    assert "104" in str(glucose["value"])
    assert "mg/dL" in str(glucose["value"])
    assert lipase["name"] == "lipase"
    assert len(payload["observations"]) == len(payload["others"]) == 1


def test_facts_before_treatment_are_on_record(signed_in, trial):
    """Dates as far as they are known; what was left empty is not recorded, and never guessed."""
    client = signed_in("coordinator")
    for kind in ("person", "medical-history", "prior-therapy", "specimen"):
        assert client.post(f"{AT}{kind}/", FORMS[kind]).status_code == 302

    person, history, therapy, specimen = (each.happening.payload for each in trial.records()[-4:])
    assert (person["born"], person["sex"]) == ("1961-09", "female")
    (condition,), (drug,), (slides,) = (
        history["conditions"], therapy["treatments"], specimen["specimens"],
    )  # fmt: skip
    assert (condition["term"], condition["is_present"], condition["since"]) == (
        "diabetes", False, None,
    )  # fmt: skip
    assert (condition["recorded"]["text"], condition["source"]["place"]) == (
        "2026-11-28", "clinic note",
    )  # fmt: skip
    assert (drug["medicine"], drug["since"]["text"], drug["until"]["text"]) == (
        "palbociclib", "2024", "2025-03",
    )  # fmt: skip
    assert (drug["intent"], drug["stopped_for"], drug["is_ongoing"], drug["changed"]) == (
        "metastatic", "progression", False, None,
    )  # fmt: skip
    assert (slides["form"], slides["number"], slides["thickness_um"]) == ("slides", 12, "5")


def test_a_baseline_is_recorded_once(signed_in, trial):
    """Two targets and a non-target; a row without its diameter is refused."""
    at, client = "/participants/MGH-016/record/tumour-baseline/", signed_in("investigator")
    lesions = {"T1_site": "LIVER", "T1_mm": "31.5", "T2_site": "LYMPH NODE", "T2_node": "yes",
               "T2_mm": "18", "N1_site": "BONE"}  # fmt: skip
    form = {"on": "2026-11-20", "method": "CT SCAN", "source": "CT 20 Nov", **lesions}

    short = client.post(at, {**form, "T2_mm": ""})
    done = client.post(at, form)

    baseline = trial.gateway.state().participants["MGH-016"].baseline
    assert (short.status_code, done.status_code) == (422, 302)
    assert [(each.label, each.site, each.is_node, str(each.mm)) for each in baseline.targets] == [
        ("T1", "LIVER", False, "31.5"), ("T2", "LYMPH NODE", True, "18"),
    ]  # fmt: skip
    assert [(each.label, each.site) for each in baseline.nontargets] == [("N1", "BONE")]
    assert "The baseline is on record." in words(client.get(at))


def test_a_strong_cyp3a_medicine_is_recorded_with_a_warning(signed_in, trial):
    """Itraconazole is a strong CYP3A inhibitor (FDA's list, which the protocol's set follows)."""
    answer = signed_in("coordinator").post(f"{AT}medicine/", FORMS["medicine"], follow=True)

    assert "Warning: Itraconazole is a member of the set cyp3a-strong" in words(answer)
    assert trial.records()[-1].happening.act == "medicine_recorded"


def test_a_visit_out_of_its_window_is_told_as_a_deviation(signed_in, trial):
    """C1D15 was planned on 19 November, window 17 to 21: done on the 25th it is 4 days too late."""
    form = {**FORMS["visit"], "code": "C1D15", "on": "2026-11-25"}

    answer = signed_in("coordinator").post(f"{AT}visit/", form, follow=True)

    assert "4 days too late" in words(answer)


def test_a_dose_on_record_is_not_entered_again(signed_in, trial):
    """Nothing is added, and what was typed is kept."""
    before = trial.gateway.state().participants["MGH-012"]
    last = max(dose.on for dose in before.doses if dose.agent == "ipatasertib")
    again = {"agent": "ipatasertib", "on": last.isoformat(), "last": "", "status": "held",
             "amount": "", "reason": "adverse event", "source": "diary"}  # fmt: skip

    twice = signed_in("coordinator").post("/participants/MGH-012/record/doses/", again)

    assert twice.status_code == 422
    assert 'value="diary"' in twice.content.decode()
    assert trial.gateway.state().participants["MGH-012"].doses == before.doses


def test_a_held_dose_needs_its_reason(signed_in, trial):
    """The refusal stands at the field, and the values are kept."""
    form = {"agent": "fulvestrant", "on": "2026-11-27", "last": "", "status": "held",
            "amount": "", "reason": "", "source": "diary"}  # fmt: skip
    client = signed_in("coordinator")

    without = client.post(f"{AT}doses/", form)
    done = client.post(f"{AT}doses/", {**form, "reason": "adverse event"})

    text = without.content.decode()
    begin = text.index('id="id_reason_error"')
    assert "A dose held without a reason" in text[begin : text.index("</ul>", begin)]
    assert (without.status_code, done.status_code) == (422, 302)
    (dose,) = trial.records()[-1].happening.payload["doses"]
    assert (dose["status"], dose["amount"], dose["reason"]) == ("held", None, "adverse event")


def test_a_delay_is_shown_before_it_is_recorded(signed_in, trial):
    """Cycle 2 on 5 instead of 3 December moves C2D1; nothing is on record after the preview."""
    before = trial.gateway.state().sequence

    answer = signed_in("coordinator").post(
        f"{AT}cycle-delay/", {**FORMS["cycle-delay"], "preview": "1"}
    )

    assert answer.status_code == 200
    assert "C2D1 3 Dec 2026 5 Dec 2026" in words(answer)
    assert trial.gateway.state().sequence == before


@pytest.mark.parametrize(
    ("kind", "changed", "says"),
    [
        ("visit", {"code": "first visit"}, "Something of another form"),
        ("visit", {"on": "2026-12-24"}, "after the entry on 2026-11-28"),
        ("visit", {"on": ""}, "Done, without its day"),
        ("laboratory", {"unit_1": ""}, "it is never guessed"),
        ("laboratory", {"unit_1": "mg/dl of sugar"}, "Write the unit in UCUM"),
        ("adverse-event", {"started": "20/11/2026"}, "Give year-month-day"),
        ("adverse-event", {"ended": "2026-11-01"}, "before the start"),
        ("medicine", {"until": "2026-11-01"}, "before 2026-11-25"),
        ("tumour-assessment", {"new": "none", "target_T1": "big"}, "Give millimetres"),
    ],
)
def test_a_wrong_entry_is_refused_and_kept(signed_in, trial, lesions, kind, changed, says):
    """Nothing is recorded; the words say what is wrong, and the fields hold what was typed."""
    before = trial.gateway.state().sequence
    entered = FORMS[kind] | (lesions if kind == "tumour-assessment" else {}) | changed

    answer = signed_in("investigator").post(f"{AT}{kind}/", entered)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert text.count('<p class="faults-head">Nothing was recorded.</p>') == 1
    assert all(value in text for value in changed.values())
    assert trial.gateway.state().sequence == before


def test_a_refusal_leads_to_the_field_it_concerns(signed_in):
    """The box above the form names each field that is wrong, and leads there."""
    entered = FORMS["visit"] | {"on": "27/11/2026", "source": ""}

    page = signed_in("investigator").post(f"{AT}visit/", entered).content.decode()

    assert 'Look at: <a href="#id_on">Day</a> <a href="#id_source">Source</a>' in page
    assert page.count('id="id_on"') == page.count('id="id_source"') == 1


def test_a_visit_on_record_is_no_longer_due(signed_in, trial):
    """C1D22 of MGH-010, planned on 26 November, goes from Today once it is done."""
    client = signed_in("coordinator")
    before = words(client.get("/today/"))

    client.post(f"{AT}visit/", FORMS["visit"])
    after = words(client.get("/today/"))

    line = "MGH-010 Blood counts and chemistry illustrative record C1D22"
    assert line in before
    assert line not in after


def test_an_entry_of_another_role_is_not_offered(signed_in):
    """A monitor reads; there is no form."""
    text = words(signed_in("monitor").get(f"{AT}visit/"))

    assert "Your role does not record this." in text
    assert date(2026, 11, 28).isoformat() not in text


def test_counts_so_far_are_shown_with_what_made_the_expected_number(signed_in):
    """On the page of the form, after the first entry."""
    client = signed_in("investigator")
    assert "Counted so far" not in words(client.get(f"{AT}drug-count/"))

    client.post(f"{AT}drug-count/", FORMS["drug-count"])

    shown = words(client.get(f"{AT}drug-count/"))
    assert "Counted so far ipatasertib, handed out" in shown
    assert "expected units not worked out: no count; nothing was counted yet" in shown


@pytest.mark.parametrize(("visit", "day"), [("C1D1", ""), ("C1D22", "2026-11-28")])
def test_a_day_is_proposed_within_the_window_alone(signed_in, visit, day):
    """On 28 November: day 1 of the cycle was weeks before; day 22 was the day before."""
    form = signed_in("coordinator").get(f"{AT}visit/?visit={visit}").content.decode()

    [field] = re.findall(r'<input[^>]*name="on"[^>]*>', form)
    assert re.findall(r'value="([^"]*)"', field) == ([day] if day else [])


def test_a_reduced_dose_needs_its_amount(signed_in, trial):
    """Left empty it was taken for the planned one: reduced, with all that was planned."""
    before = len(trial.records())
    entered = {"agent": "ipatasertib", "on": "2026-11-27", "last": "", "status": "reduced",
               "amount": "", "reason": "adverse event", "source": "diary"}  # fmt: skip

    answer = signed_in("coordinator").post(f"{AT}doses/", entered)

    assert answer.status_code == 422
    assert "Give the amount that was taken." in words(answer)
    assert len(trial.records()) == before


def test_what_an_event_leaves_open_for_a_dlt_is_asked_at_once(signed_in, trial):
    """Grade 3 diarrhoea counts from 48 hours on; nobody said how long it lasted."""
    client = signed_in("coordinator")
    number = next(
        each.number for each in trial.gateway.state().participants.values()
        if each.dose_level and each.first_dose_on and each.site == "mgh"
        and (date(2026, 11, 28) - each.first_dose_on).days < 28
    )  # fmt: skip
    day = trial.gateway.state().participants[number].first_dose_on
    event = FORMS["adverse-event"] | {"term": "Diarrhea", "grade": "3", "started": str(day)}
    told = [
        words(client.post(f"/participants/{number}/record/adverse-event/", each, follow=True))
        for each in (event, event | {"highest_grade_hours": "60", "ended": "2026-11-28"})
    ]

    asks = "Whether it is a DLT cannot be told yet"
    assert [asks in each for each in told] == [True, False]
    assert "how long the grade lasted is not recorded" in told[0]


@pytest.mark.parametrize(
    ("number", "changed", "says"),
    [
        ("MGH-010", {"begins_on": "2026-11-20"}, "before the end of cycle 1"),
        ("MGH-010", {"cycle": "1"}, "The first cycle begins with the first dose."),
        ("MGH-014", {}, "Record the doses first"),
    ],
)
def test_a_delay_that_would_be_refused_is_refused_in_its_preview(
    signed_in, trial, number, changed, says
):
    """With the words of the refusal, and with nothing moved that could not move."""
    before = trial.gateway.state().sequence
    entered = {**FORMS["cycle-delay"], **changed, "preview": "1"}

    answer = signed_in("coordinator").post(f"/participants/{number}/record/cycle-delay/", entered)

    text = words(answer)
    assert answer.status_code == 422
    assert says in text
    assert "What this delay would move" not in text
    assert trial.gateway.state().sequence == before
