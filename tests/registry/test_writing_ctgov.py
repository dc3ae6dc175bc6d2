"""A record in the shape of the ClinicalTrials.gov API, its limits, and that shape read again."""

import gzip
import json
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registry.generated_records import RECORDS
from tests.sizes import sized

from trialwright.assembly.protocols import shipped
from trialwright.protocol.criteria import AllRule, AnyRule
from trialwright.protocol.leaf_rules import AgeRule, SexRule
from trialwright.protocol.publication import OtherNumber, Publication, RecordDate
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.registry.reading import read_record
from trialwright.registry.record import (
    Record,
    RecordAgent,
    RecordArm,
    RecordCriterion,
    RecordEndpoint,
    RecordIdentifiers,
    RecordObjective,
    RecordPerson,
    RecordSite,
    record_of,
    record_of_plain,
)
from trialwright.registry.writing.criterion_words import words_of_criterion
from trialwright.registry.writing.ctgov import write_ctgov
from trialwright.registry.writing.ctgov_eligibility import ages_of, eligibility_text, sex_of
from trialwright.registry.writing.ctgov_words import ALLOWED, as_word, phases_of, status_of
from trialwright.registry.writing.limits import LONGEST, leaves_of
from trialwright.terms.errors import Refusal

FIELDS = {
    *("nctId", "orgStudyIdInfo.id", "secondaryIdInfos.*.id", "secondaryIdInfos.*.type"),
    *("secondaryIdInfos.*.domain", "organization.fullName", "briefTitle", "officialTitle"),
    *("acronym", "overallStatus", "startDateStruct.date", "startDateStruct.type"),
    *("primaryCompletionDateStruct.date", "primaryCompletionDateStruct.type"),
    *("completionDateStruct.date", "completionDateStruct.type", "leadSponsor.name"),
    *("collaborators.*.name", "briefSummary", "detailedDescription", "conditions.*", "keywords.*"),
    *("studyType", "phases.*", "designInfo.allocation", "designInfo.interventionModel"),
    *("designInfo.primaryPurpose", "designInfo.maskingInfo.masking", "enrollmentInfo.type"),
    *("armGroups.*.label", "armGroups.*.type", "armGroups.*.description"),
    *("armGroups.*.interventionNames.*", "interventions.*.type", "interventions.*.name"),
    *("interventions.*.description", "interventions.*.armGroupLabels.*"),
    *("interventions.*.otherNames.*", "eligibilityCriteria", "sex", "minimumAge", "maximumAge"),
    *("overallOfficials.*.name", "overallOfficials.*.affiliation", "overallOfficials.*.role"),
    *("locations.*.facility", "locations.*.status", "locations.*.city", "locations.*.state"),
    *("locations.*.zip", "locations.*.country", "locations.*.contacts.*.name"),
    *("locations.*.contacts.*.role", "locations.*.contacts.*.phone"),
    "locations.*.contacts.*.email",
    *(
        f"{each}.*.{part}"
        for each in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
        for part in ("measure", "description", "timeFrame")
    ),
}
"""Texts of the protocol section as the registry's own description of its API names them."""


def section_of(record):
    """Write a record and give its protocol section."""
    return json.loads(write_ctgov(record))["protocolSection"]


def plain(text):
    """Give the words of a text with single blanks."""
    return " ".join(text.split())


def criterion(number, rule=None, **values):
    """Make an inclusion."""
    return RecordCriterion(id=f"I{number:02d}", says="Asked", rule=rule, **values)


def tamed(record):
    """Give a record the words that the registry knows, and no number or acronym too long."""
    words = {"allocation": "", "intervention_model": "", "masking": "", "purpose": ""}
    publication = record.publication.model_copy(
        update={**words, "other_numbers": (), "acronym": "", "official_title": "x"}
    )
    return record.model_copy(
        update={
            "phase": "Ib",
            "status": "active",
            "trial_type": "treatment",
            "publication": publication,
            "arms": [each.model_copy(update={"type": ""}) for each in record.arms],
            "sites": [each.model_copy(update={"status": "closed"}) for each in record.sites],
            "investigators": [
                each.model_copy(update={"role": "sub-investigator"})
                for each in record.investigators
            ],
        }
    )


HEADS = st.sampled_from(
    [
        *("Liver function", "Any of the following:", "Bilirubin < 3 * ULN", "ANC >= 1,500/uL and"),
        *("Prior (adjuvant) therapy [1]", "Women - of any age", "x" * 130, "Platelets: 1 or 2"),
        "A head of many words that goes on, and on, to about the width of a wrapped line here",
    ]
)


@st.composite
def bullets(draw, depth=0):
    """Give the words of a criterion with sub-bullets on lines of their own, up to two deep."""
    lines = [f"{'*' * depth} {draw(HEADS)}" if depth else draw(HEADS)]
    for _ in range(draw(st.integers(0, 2)) if depth < 2 else 0):
        lines += draw(bullets(depth + 1))
    return lines


@pytest.fixture(scope="module")
def protocol():
    """Give the record of the shipped protocol."""
    return record_of(shipped("NCT03959891").study)


@pytest.fixture(scope="module")
def real(request):
    """Give the record of the real page, by way of its draft."""
    shared = request.getfixturevalue("shared")
    page = (shared / "registry" / "nct03959891.txt").read_text(encoding="utf-8")
    return record_of_plain(read_yaml(draft_yaml(read_page(page, "page.txt"))).value)


def test_the_text_is_json_indented_and_ended(protocol):
    """Two blanks, signs as they are, one line feed at the end; the same each time."""
    text = write_ctgov(protocol)

    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    assert text == write_ctgov(protocol)


@pytest.mark.sized
@settings(max_examples=sized(1500, 37), deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_any_record_is_written_or_refused_with_places(record):
    """No field but the registry's own; a refusal names each place."""
    section, faults = {}, ()
    try:
        section = section_of(record)
    except Refusal as refusal:
        faults = refusal.faults

    assert all(each.where.startswith("protocolSection.") for each in faults)
    assert {leaf.kind.split(".", 1)[1] for leaf in leaves_of(section)} <= FIELDS


@pytest.mark.sized
@settings(max_examples=sized(1000, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS.map(tamed))
def test_no_field_but_the_registrys_own_is_written(record):
    """Whatever the record holds, in the registry's words; each stated criterion is in the text."""
    section = section_of(record)
    text = plain(section.get("eligibilityModule", {}).get("eligibilityCriteria", ""))

    assert {leaf.kind.split(".", 1)[1] for leaf in leaves_of(section)} <= FIELDS
    for each in record.criteria:
        if not re.search(r"[*\\]", words_of_criterion(each)):
            assert plain(words_of_criterion(each)) in text


@pytest.mark.sized
@settings(max_examples=sized(1000, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(bullets(), min_size=1, max_size=4))
def test_any_nested_list_is_read_again_as_it_was(criteria):
    """Heads of any length, with and without a colon, sub-bullets two deep."""
    written = ["\n".join(lines) for lines in criteria]
    record = Record(
        criteria=tuple(criterion(place, source_text=words)
                       for place, words in enumerate(written, start=1))
    )  # fmt: skip

    draft = read_record(write_ctgov(record))

    assert [each.source_text for each in draft.criteria] == written


def test_what_the_protocol_states_stands_in_its_module(protocol):
    """Numbers, status, sponsor, phase, arms with interventions, outcomes, sites."""
    section = section_of(protocol)

    numbers = section["identificationModule"]
    assert (numbers["nctId"], numbers["orgStudyIdInfo"]) == ("NCT03959891", {"id": "19-086"})
    assert [each["id"] for each in numbers["secondaryIdInfos"]] == ["NCI-2019-03872"]
    assert section["statusModule"] == {"overallStatus": "RECRUITING"}
    assert section["sponsorCollaboratorsModule"]["leadSponsor"] == {
        "name": protocol.lead_organisation
    }
    assert section["designModule"] == {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE1"],
        "designInfo": {"primaryPurpose": "TREATMENT"},
    }
    arms = section["armsInterventionsModule"]
    assert [each["label"] for each in arms["armGroups"]] == ["Arm A", "Arm B", "Arm C"]
    assert arms["armGroups"][1]["interventionNames"] == [
        "Drug: Letrozole",
        "Drug: Anastrozole",
        "Drug: Exemestane",
        "Drug: Ipatasertib",
    ]
    assert arms["interventions"][0] == {
        "type": "DRUG",
        "name": "Ipatasertib",
        "armGroupLabels": ["Arm A", "Arm B", "Arm C"],
        "otherNames": ["GDC-0068", "RG7440"],
    }
    assert section["contactsLocationsModule"]["locations"][0]["contacts"] == [
        {"name": "Aditya Bardia", "role": "CONTACT", "phone": "617-643-2208"}
    ]


def test_nothing_is_invented(protocol):
    """No enrolment, allocation, masking, dates or arm types where the protocol states none."""
    text = write_ctgov(protocol)

    for name in ("enrollmentInfo", "allocation", "masking", "startDateStruct", "healthyVolunteers"):
        assert name not in text
    assert "dose-limiting" not in text
    assert "primaryOutcomes" not in text
    assert not any("type" in each for each in section_of(protocol)["armsInterventionsModule"]
                   ["armGroups"])  # fmt: skip


def test_an_empty_record_has_only_its_kind():
    """A trial of the house is interventional; all else is left out."""
    assert section_of(Record()) == {"designModule": {"studyType": "INTERVENTIONAL"}}


def test_everything_that_the_publication_states_is_written():
    """Titles, dates, design words, participants, sponsors, conditions and people."""
    record = Record(
        title="A trial",
        identifiers=RecordIdentifiers(nci="NCI-2099-00001", nct="NCT99999999"),
        status="closed",
        lead_organisation="Lead",
        investigators=(RecordPerson(name="P", role="study-chair", affiliation="House"),),
        sites=(RecordSite(id="s", name="S", status="suspended", city="C", zip="1", email="e@f.g"),),
        arms=(RecordArm(id="A", title="First arm", type="Active comparator", source_text="Words"),),
        agents={"t": RecordAgent(says="T", description="A drug")},
        endpoints=(
            RecordEndpoint(id="a", rank="primary", says="M", description="D", time_frame="1 year"),
            RecordEndpoint(id="b", rank="primary", says="Ours", origin="not_in_registry"),
        ),
        publication=Publication(
            acronym="TRY",
            official_title="Official",
            collaborators=("One", "Two"),
            conditions=("Cancer",),
            keywords=("word",),
            other_numbers=(
                OtherNumber(id="2014-1", type="EudraCT number", domain="EU"),
                OtherNumber(id="NCT99999999"),
            ),
            allocation="Non-Randomized",
            intervention_model="Sequential",
            masking="None (Open Label)",
            purpose="Treatment",
            enrolled=54,
            enrolled_is_actual=True,
            started=RecordDate(date="2026-03", type="ACTUAL"),
            completion=RecordDate(date="2030"),
            healthy_volunteers=False,
            sex="all",
            minimum_age="18 years",
            maximum_age="N/A",
        ),
    )

    section = section_of(record)

    assert section["identificationModule"]["acronym"] == "TRY"
    assert section["identificationModule"]["secondaryIdInfos"] == [
        {"id": "NCI-2099-00001", "type": "REGISTRY",
         "domain": "CTRP (Clinical Trial Reporting Program)"},
        {"id": "2014-1", "type": "EUDRACT_NUMBER", "domain": "EU"},
    ]  # fmt: skip
    assert section["statusModule"] == {
        "overallStatus": "ACTIVE_NOT_RECRUITING",
        "startDateStruct": {"date": "2026-03", "type": "ACTUAL"},
        "completionDateStruct": {"date": "2030"},
    }
    assert section["sponsorCollaboratorsModule"]["collaborators"] == [
        {"name": "One"},
        {"name": "Two"},
    ]
    assert section["designModule"]["designInfo"] == {
        "allocation": "NON_RANDOMIZED",
        "interventionModel": "SEQUENTIAL",
        "primaryPurpose": "TREATMENT",
        "maskingInfo": {"masking": "NONE"},
    }
    assert section["designModule"]["enrollmentInfo"] == {"count": 54, "type": "ACTUAL"}
    assert section["armsInterventionsModule"]["armGroups"] == [
        {"label": "First arm", "type": "ACTIVE_COMPARATOR", "description": "Words"}
    ]
    assert section["outcomesModule"] == {
        "primaryOutcomes": [{"measure": "M", "description": "D", "timeFrame": "1 year"}]
    }
    assert section["eligibilityModule"] == {
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
    }
    assert section["contactsLocationsModule"] == {
        "overallOfficials": [{"name": "P", "affiliation": "House", "role": "STUDY_CHAIR"}],
        "locations": [
            {"facility": "S", "status": "SUSPENDED", "city": "C", "zip": "1",
             "contacts": [{"role": "CONTACT", "email": "e@f.g"}]}
        ],
    }  # fmt: skip


def test_everything_too_long_is_named_at_once():
    """Each with its path, the length found and the limit; nothing is cut."""
    long = "x" * 40_000
    record = Record(
        identifiers=RecordIdentifiers(local=long),
        title=long,
        summary=long,
        arms=(RecordArm(id="A", title=long[:101], source_text=long),),
        agents={"t": RecordAgent(says=long, description=long)},
        endpoints=tuple(
            RecordEndpoint(id="e", rank=rank, says=long[:255], description=long, time_frame=long)
            for rank in ("primary", "secondary", "exploratory")
        ),
        criteria=(criterion(1, source_text=long),),
        publication=Publication(
            acronym="x" * 15,
            official_title="x" * 601,
            description=long,
            other_numbers=(OtherNumber(id="x" * 31),),
        ),
    )

    with pytest.raises(Refusal) as refused:
        write_ctgov(record)

    found = {fault.where: (fault.found, fault.allowed) for fault in refused.value.faults}
    kinds = {re.sub(r"\.\d+", ".*", where).removeprefix("protocolSection.") for where in found}
    assert kinds == set(LONGEST)
    assert len(found) == len(LONGEST)
    outcome = "protocolSection.outcomesModule.primaryOutcomes.0"
    assert found["protocolSection.identificationModule.briefTitle"] == (
        "40,000 characters",
        "up to 300 characters",
    )
    assert found[f"{outcome}.measure"] == ("255 characters", "up to 254 characters")
    assert "not verified" in found["protocolSection.eligibilityModule.eligibilityCriteria"][1]
    assert all("Shorten it in the protocol" in each.do for each in refused.value.faults)


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("identificationModule.briefTitle", 300),
        ("identificationModule.acronym", 14),
        ("identificationModule.officialTitle", 600),
        ("armsInterventionsModule.armGroups.*.label", 100),
        ("armsInterventionsModule.armGroups.*.description", 999),
        ("armsInterventionsModule.interventions.*.name", 200),
        ("armsInterventionsModule.interventions.*.description", 1000),
        ("outcomesModule.primaryOutcomes.*.measure", 254),
        ("outcomesModule.otherOutcomes.*.description", 999),
        ("outcomesModule.secondaryOutcomes.*.timeFrame", 254),
        ("eligibilityModule.eligibilityCriteria", 20_000),
    ],
)
def test_the_limits_are_the_registrys(kind, most):
    """As its mapping from USDM gives them; the last is not verified."""
    assert LONGEST[kind].most == most
    assert LONGEST[kind].is_verified == (most != 20_000)


def test_a_text_as_long_as_the_limit_is_taken():
    """The limit itself is allowed."""
    assert section_of(Record(title="x" * 300))["identificationModule"]["briefTitle"] == "x" * 300


def test_words_that_the_registry_does_not_know_are_named_at_once():
    """Each with its path and the words that it knows."""
    record = Record(
        phase="V",
        status="paused",
        trial_type="curiosity",
        arms=(RecordArm(id="A", says="x", type="Best arm"),),
        investigators=(RecordPerson(name="P", role="statistician"),),
        publication=Publication(masking="Blindfold", minimum_age="adult"),
    )

    with pytest.raises(Refusal) as refused:
        write_ctgov(record)

    assert {fault.where.removeprefix("protocolSection."): fault.found
            for fault in refused.value.faults} == {
        "statusModule.overallStatus": "PAUSED",
        "designModule.phases.0": "V",
        "designModule.designInfo.primaryPurpose": "CURIOSITY",
        "designModule.designInfo.maskingInfo.masking": "BLINDFOLD",
        "armsInterventionsModule.armGroups.0.type": "BEST_ARM",
        "eligibilityModule.minimumAge": "Adult",
        "contactsLocationsModule.overallOfficials.0.role": "STATISTICIAN",
    }  # fmt: skip
    assert "QUADRUPLE" in str(refused.value)


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("early I", ("EARLY_PHASE1",)),
        ("I", ("PHASE1",)),
        ("Ia", ("PHASE1",)),
        ("I/Ib", ("PHASE1",)),
        ("Ib/II", ("PHASE1", "PHASE2")),
        ("I/II", ("PHASE1", "PHASE2")),
        ("III", ("PHASE3",)),
        ("PHASE1/PHASE2", ("PHASE1", "PHASE2")),
        ("Phase 0", ("PHASE_0",)),
        ("NA", ("NA",)),
        ("", ()),
    ],
)
def test_each_phase_has_the_registrys_words(phase, words):
    """A phase that is none stays as it is, to be named."""
    assert phases_of(phase) == words


@pytest.mark.parametrize(
    ("status", "word", "written"),
    [
        ("active", "", "RECRUITING"),
        ("not yet active", "", "NOT_YET_RECRUITING"),
        ("closed", "ACTIVE_NOT_RECRUITING", "ACTIVE_NOT_RECRUITING"),
        ("suspended", "RECRUITING", "SUSPENDED"),
        ("closed", "Closed to Accrual", "ACTIVE_NOT_RECRUITING"),
        ("enrolling_by_invitation", "ENROLLING_BY_INVITATION", "ENROLLING_BY_INVITATION"),
        ("", "UNKNOWN", "UNKNOWN"),
        ("", "", ""),
    ],
)
def test_the_status_is_the_present_one(status, word, written):
    """The word that was read is written only while it still holds."""
    record = Record(status=status, publication=Publication(status_word=word))

    assert status_of(record) == written


@pytest.mark.parametrize(
    ("words", "word"), [("None (Open Label)", "NONE"), ("non-randomized", "NON_RANDOMIZED")]
)
def test_words_are_written_as_the_registry_writes_them(words, word):
    """Capitals joined by low lines, without what stands in brackets."""
    assert as_word(words) == word
    assert any(word in allowed for allowed in ALLOWED.values())


def test_sub_bullets_are_nested_lists():
    """Headings, `* `, two blanks for each depth, an empty line before a deeper list."""
    record = Record(
        criteria=(
            criterion(1, source_text="One of: * Older ** Much older * Younger"),
            criterion(2),
            RecordCriterion(id="E01", says="Arm C only - intolerance", arms=("C",)),
        )
    )

    assert eligibility_text(record) == (
        "Inclusion Criteria:\n\n"
        "* One of:\n\n  * Older\n\n    * Much older\n  * Younger\n"
        "* Asked\n\n"
        "Exclusion Criteria:\n\n"
        "* For Arm C only: intolerance"
    )


@pytest.mark.parametrize(
    ("rule", "sex", "ages"),
    [
        (SexRule(kind="sex", expect="female"), "FEMALE", ("", "")),
        (AgeRule(kind="age", at_least=Decimal(18)), "", ("18 Years", "")),
        (AgeRule(kind="age", above=Decimal(17), below=Decimal(76)), "", ("18 Years", "75 Years")),
        (AgeRule(kind="age", at_most=Decimal(1)), "", ("", "1 Year")),
        (
            AllRule(
                kind="all",
                of=(
                    SexRule(kind="sex", expect="male"),
                    AgeRule(kind="age", at_least=Decimal("5.5")),
                ),
            ),
            "MALE",
            ("6 Years", ""),
        ),
        (
            AnyRule(
                kind="any",
                of=(SexRule(kind="sex", expect="male"), AgeRule(kind="age", at_least=Decimal(5))),
            ),
            "",
            ("", ""),
        ),
    ],
)
def test_sex_and_age_are_what_every_participant_is_asked(rule, sex, ages):
    """Only what must hold for everybody; an alternative, an arm's or an exclusion's rule is not."""
    everybody = Record(criteria=(criterion(1, rule, kind="rule"),))
    one_arm = Record(criteria=(criterion(1, rule, kind="rule", arms=("A",)),))
    excluded = Record(criteria=(RecordCriterion(id="E01", says="x", kind="rule", rule=rule),))

    assert (sex_of(everybody), ages_of(everybody)) == (sex, ages)
    assert (sex_of(one_arm), ages_of(one_arm)) == ("", ("", ""))
    assert (sex_of(excluded), ages_of(excluded)) == ("", ("", ""))


def test_the_records_own_fields_on_sex_and_age_come_first():
    """They were stated; rules only fill in."""
    rule = AgeRule(kind="age", at_least=Decimal(18))
    record = Record(
        criteria=(criterion(1, rule, kind="rule"),),
        publication=Publication(sex="all", minimum_age="21 Years"),
    )

    assert (sex_of(record), ages_of(record)) == ("ALL", ("21 Years", ""))


def test_objectives_stand_in_the_description_once():
    """A description that holds them is written as it is; one that does not gets them added."""
    objective = RecordObjective(id="o", rank="primary", says="To find a dose.")
    holding = "PRIMARY OBJECTIVE:\n\nI. To find a dose."
    with_it = Record(objectives=(objective,), publication=Publication(description=holding))
    without = Record(objectives=(objective,), publication=Publication(description="Words."))
    alone = Record(objectives=(objective,))

    described = [
        section_of(each)["descriptionModule"]["detailedDescription"]
        for each in (with_it, without, alone)
    ]

    assert described == [holding, f"Words.\n\n{holding}", holding]


@pytest.mark.parametrize("name", ["protocol", "real"])
def test_it_reads_back_through_the_reader(name, request):
    """Criteria words, arms, treatment, outcomes, numbers, sites and objectives are the same."""
    record = request.getfixturevalue(name)

    draft = read_record(write_ctgov(record), "written.json")

    assert [(each.id, _words(each.source_text)) for each in draft.criteria] == [
        (each.id, _words(words_of_criterion(each))) for each in record.criteria
    ]
    assert [each.arms for each in draft.criteria] == [each.arms for each in record.criteria]
    assert [each.label for each in draft.arms] == [each.id for each in record.arms]
    assert [(each.rank, each.says) for each in draft.endpoints] == [
        (each.rank, each.says) for each in record.endpoints if each.origin == "registry"
    ]
    numbers = draft.identifiers
    assert (numbers.nct, numbers.primary, numbers.secondary) == (
        record.identifiers.nct,
        record.identifiers.local,
        (record.identifiers.nci,),
    )
    assert [(each.name, each.status) for each in draft.sites] == [
        (each.name, each.status) for each in record.sites
    ]
    assert [(each.rank, each.says) for each in draft.objectives] == [
        (each.rank, plain(each.says)) for each in record.objectives
    ]
    assert (draft.title, draft.summary) == (plain(record.title), plain(record.summary))
    assert (draft.status, draft.trial_type) == (record.status, record.trial_type)
    assert (draft.follow_up.first_after_days, draft.follow_up.then_every_months) == (30, 3)


def test_backslashes_survive_the_readers_markdown():
    r"""A reader takes the backslash from `\>`, so the writer doubles one that stands there."""
    words = r"ANC \> 1500 \\ a\b"
    record = Record(criteria=(criterion(1, source_text=words),))

    assert read_record(write_ctgov(record)).criteria[0].source_text == words


def test_a_real_record_of_the_registry_is_written_again_as_it_was(shared):
    """PALLAS: the same criteria, arms, outcomes, numbers, design, dates and sites."""
    text = gzip.decompress((shared / "registry" / "nct02513394-ctgov-v2.json.gz").read_bytes())
    before = json.loads(text)["protocolSection"]
    record = record_of_plain(read_yaml(draft_yaml(read_record(text.decode()))).value)

    after = section_of(record)

    for module, names in (
        ("identificationModule", ("nctId", "briefTitle", "officialTitle", "acronym")),
        ("statusModule", ("overallStatus", "startDateStruct", "completionDateStruct")),
        ("conditionsModule", ("conditions", "keywords")),
        ("designModule", ("phases", "designInfo", "enrollmentInfo")),
        ("eligibilityModule", ("sex", "minimumAge", "healthyVolunteers")),
        ("outcomesModule", ("primaryOutcomes", "secondaryOutcomes")),
    ):
        for name in names:
            assert after[module][name] == before[module][name], name
    assert [each["facility"] for each in after["contactsLocationsModule"]["locations"]] == [
        each["facility"] for each in before["contactsLocationsModule"]["locations"]
    ]


def _words(text):
    """Give the words of a criterion without the signs of sub-bullets."""
    return plain(re.sub(r"(?:^|(?<=\s))\*{1,6}\s", "", text))
