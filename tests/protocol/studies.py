"""Strategies that generate whole studies: valid and well-formed, of awkward words and numbers."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from trialwright.protocol.arms import (
    Agent,
    AgentDose,
    Arm,
    Assignment,
    CycleRange,
    DayRange,
    DltWindow,
    Dose,
    DoseLadder,
    DosingRule,
)
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    Example,
    FirstRule,
    IfRule,
    NotRule,
    leaves,
)
from trialwright.protocol.data import UNSEEN
from trialwright.protocol.dlt_definition import DelayedStart, DltDefinition, DltRule
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.escalation_design import ThreePlusThreeDesign
from trialwright.protocol.event_rules import (
    ConditionRule,
    LinesRule,
    SpecimenForm,
    SpecimenRule,
    TreatmentRule,
)
from trialwright.protocol.leaf_rules import (
    AgeRule,
    ApprovalRule,
    AttestedRule,
    ClearanceRule,
    FindingRule,
    MultipleRule,
    ObservationRule,
    QtcfRule,
    RangeRule,
    SexRule,
)
from trialwright.protocol.naming import names_of
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.protocol.safety_settings import (
    DoseModification,
    ReportingClock,
    SafetySettings,
)
from trialwright.protocol.schedule import Assessment, FollowUp, Obligation, StopRule, Window
from trialwright.protocol.slot_settings import SlotSettings
from trialwright.protocol.study import (
    Assay,
    Endpoint,
    Identifiers,
    Objective,
    Person,
    SampleSize,
    Site,
    Study,
)
from trialwright.protocol.vocabulary import Medicine, Plausible, Term

AWKWARD = [
    "NO", "no", "y", "on", "true", "False", "null", "~", "012", "1_000", "1e309", ".inf", "0x1F",
    "12:30", "1.10", "7", "-", "- a", "? b", ": c", "a: b", "a #b", "# c", "a", " a", "a ", "  ",
    "a\nb", "a\n\nb", "\na", "a\n", " \n ", "'", '"', "''", '"a"', "\\", "\\n", "{a: b}", "[a]",
    "&a", "*a", "!a", "!!str a", "|", ">", "|-", "%a", "@a", "`a", "---", "--- a", "...", "<<", "=",
    "≥ 1 %", "Größe", "日本語", "🙂", "e\u0301", "\u00a0a", "a\u200bb", "\u202f", "2026-03-14",
    "word " * 40, "a" * 150, "a  b  " * 30, "a  " + "b" * 120, "a: b\n" * 10,
    "long line " * 12 + "\n  indented",
]  # fmt: skip
"""Texts that a writer or reader of YAML may take for something else."""


def seen(text):
    """Say whether people can see every sign of a text."""
    return not UNSEEN.search(text)


WORDS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).filter(seen),
)
NOTES = st.just("") | WORDS
DAYS = st.none() | st.integers(0, 3650)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True) | st.sampled_from(
    ["no", "yes", "on", "off", "y", "n", "true", "null", "e1"]
)
NUMBERS = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places),
    st.integers(-(10**9), 10**9),
    st.integers(0, 6),
)
AMOUNTS = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places), st.integers(1, 10**6), st.integers(0, 3)
)
ORIGINS = st.sampled_from(["registry", "not_in_registry"])
ROLES = st.sampled_from(["investigator", "principal-investigator"])
RANKS = st.sampled_from(["primary", "secondary", "exploratory"])
ILLUSTRATED = {"origin": ORIGINS, "note": NOTES}
AGENTS = st.builds(
    Agent,
    says=WORDS,
    agent_class=WORDS,
    route=st.sampled_from(["PO", "IM", "IV", "SC"]),
    dose_unit=WORDS,
    is_investigational=st.booleans(),
    codes=st.lists(WORDS, max_size=2).map(tuple),
    synonyms=st.lists(WORDS, max_size=2).map(tuple),
)
TERMS = st.builds(
    Term,
    says=WORDS,
    kind=st.sampled_from(["observation", "finding", "condition", "specimen", "question"]),
    unit=NOTES,
    substance=NOTES,
    codes=st.lists(st.sampled_from(["LOINC 718-7", "ICD10CM C50.9", "LOCAL a-1"]), max_size=2).map(
        tuple
    ),
    plausible=st.none() | st.builds(Plausible, at_least=NUMBERS, at_most=NUMBERS),
    note=NOTES,
)
MEDICINES = st.builds(
    Medicine,
    says=WORDS,
    codes=st.lists(st.sampled_from(["RXNORM 1", "LOCAL a-1"]), max_size=2).map(tuple),
    half_life_hours=st.none() | AMOUNTS,
    source=NOTES,
)
CYCLES = st.builds(
    CycleRange, first=st.integers(1, 9), last=st.none() | st.integers(9, 20)
) | st.just(CycleRange())
DAY_RANGES = st.lists(st.integers(1, 28), min_size=2, max_size=2).map(
    lambda days: DayRange(first=min(days), last=max(days))
)


def unique(strategy, *, least=0, most=3):
    """Give a tuple of records whose ids differ."""
    return st.lists(strategy, min_size=least, max_size=most, unique_by=lambda each: each.id).map(
        tuple
    )


@st.composite
def bounds(draw):
    """Give bounds with at most one on a side."""
    lower = draw(st.sampled_from([None, "at_least", "above"]))
    upper = draw(st.sampled_from(["at_most", "below"] + ([None] if lower else [])))
    return {side: draw(NUMBERS) for side in (lower, upper) if side}


def leaf_rules(terms):
    """Give leaves of every kind for which there is a term."""
    by_kind = {
        kind: st.sampled_from([name for name, term in terms.items() if term.kind == kind] or [""])
        for kind in ("observation", "finding", "condition", "treatment", "specimen", "question")
    }
    made = {
        "observation": measured_rules(by_kind["observation"]),
        "finding": st.builds(
            FindingRule,
            kind=st.just("finding"),
            fact=by_kind["finding"],
            among=st.lists(WORDS.map(lambda word: word[:40]), min_size=1, max_size=3).map(tuple),
            within_days=DAYS,
        ),
        "condition": st.builds(
            ConditionRule,
            kind=st.just("condition"),
            fact=by_kind["condition"],
            expect=st.sampled_from(["present", "absent"]),
            when=st.sampled_from(["now", "ever"]),
            not_recorded=st.sampled_from(["unknown", "absent"]),
        ),
        "treatment": treated_rules(by_kind["treatment"]),
        "specimen": st.builds(
            SpecimenRule,
            kind=st.just("specimen"),
            fact=by_kind["specimen"],
            accepts=st.lists(
                st.builds(
                    SpecimenForm,
                    form=st.sampled_from(["block", "slides", "biopsy"]),
                    at_least=st.integers(1, 20),
                    thickness_um=st.none() | AMOUNTS,
                ),
                min_size=1,
                max_size=3,
            ).map(tuple),
        ),
        "question": attested_rules(by_kind["question"])
        | st.builds(ApprovalRule, kind=st.just("approval"), question=by_kind["question"], by=ROLES),
    }
    usable = [made[kind] for kind in made if any(term.kind == kind for term in terms.values())]
    return st.one_of(
        st.builds(SexRule, kind=st.just("sex"), expect=st.sampled_from(["female", "male"])),
        bounds().map(lambda sides: AgeRule(kind="age", **sides)),
        *usable,
    )


def measured_rules(facts):
    """Give rules on results that are measured."""
    return st.one_of(
        st.builds(
            lambda fact, unit, days, sides: ObservationRule(
                kind="observation", fact=fact, unit=unit, within_days=days, **sides
            ),
            facts,
            WORDS.map(lambda unit: unit[:40]),
            DAYS,
            bounds(),
        ),
        st.builds(
            lambda fact, times, days, sides: MultipleRule(
                kind="multiple", fact=fact, times=times, within_days=days, **sides
            ),
            facts,
            st.sampled_from(["ULN", "LLN"]),
            DAYS,
            bounds(),
        ),
        st.builds(RangeRule, kind=st.just("range"), fact=facts, group=NAMES, within_days=DAYS),
        st.builds(
            lambda creatinine, weight, sides: ClearanceRule(
                kind="clearance", creatinine=creatinine, weight=weight, **sides
            ),
            facts,
            facts,
            bounds(),
        ),
        st.builds(
            lambda fact, of, sides: QtcfRule(
                kind="qtcf", fact=fact, qt=fact, rr=fact, of=of, **sides
            ),
            facts,
            st.integers(1, 5),
            bounds(),
        ),
    )


def treated_rules(sets):
    """Give rules on the medicines given and on lines of therapy."""
    reasons = st.lists(st.sampled_from(["progression", "toxicity"]), max_size=2).map(tuple)
    return st.one_of(
        st.builds(
            TreatmentRule,
            kind=st.just("treatment"),
            fact=sets,
            when=st.sampled_from(["ever", "now"]),
            stopped_for=reasons,
        ),
        st.builds(
            TreatmentRule,
            kind=st.just("treatment"),
            fact=sets,
            when=st.just("within"),
            days=st.integers(0, 3650),
            half_lives=st.none() | AMOUNTS,
        ),
        st.builds(
            lambda fact, reasons, sides: LinesRule(
                kind="lines", fact=fact, stopped_for=reasons, **sides
            ),
            sets,
            reasons,
            bounds(),
        ),
    )


def attested_rules(questions):
    """Give questions to people."""
    return st.builds(
        AttestedRule,
        kind=st.just("attested"),
        question=questions,
        expect=st.sampled_from(["yes", "no"]),
        by=ROLES,
    )


def trees(leaf):
    """Give trees of a leaf."""
    return st.recursive(
        leaf,
        lambda below: st.one_of(
            st.lists(below, min_size=1, max_size=3).map(
                lambda rules: AllRule(kind="all", of=tuple(rules))
            ),
            st.lists(below, min_size=1, max_size=3).map(
                lambda rules: AnyRule(kind="any", of=tuple(rules))
            ),
            below.map(lambda rule: NotRule(kind="not", rule=rule)),
            st.builds(
                AtLeastRule,
                kind=st.just("at-least"),
                number=st.integers(1, 3),
                of=st.lists(below, min_size=1, max_size=3).map(tuple),
            ),
            st.builds(IfRule, kind=st.just("if"), condition=below, then=below, otherwise=below),
            st.builds(
                FirstRule,
                kind=st.just("first"),
                of=st.lists(below, min_size=1, max_size=3).map(tuple),
            ),
        ),
        max_leaves=6,
    )


@st.composite
def criteria(draw, terms, letters):
    """Give one criterion of known terms and arms, with examples of its facts."""
    questions = [name for name, term in terms.items() if term.kind == "question"]
    kind = draw(st.sampled_from(["rule", "note"] + ["attested"] * bool(questions)))
    leaf = attested_rules(st.sampled_from(questions)) if kind == "attested" else leaf_rules(terms)
    rule = None if kind == "note" else draw(trees(leaf))
    asked = {name for each in leaves(rule) for _, name, _ in names_of(each)}
    members = {name for each in asked for name in terms[each].members}
    asked -= {name for name in asked if terms[name].members}  # given by its members
    facts = sorted(asked | members | {each.kind for each in leaves(rule)} & {"age", "sex"})
    code = f"{draw(st.sampled_from('IE'))}{draw(st.integers(0, 99)):02d}"
    answers = ["unknown", "not applicable"]
    answers += ["present", "absent"] if code.startswith("E") else ["met", "not met"]
    values = WORDS | st.integers(-(10**6), 10**6) | NUMBERS | st.none()
    examples = st.builds(
        Example,
        given=st.dictionaries(st.sampled_from(facts), values, max_size=3) if facts else st.just({}),
        answer=st.sampled_from(answers),
        arm=st.sampled_from(["", *letters]),
    )
    return Criterion(
        id=code,
        says=draw(WORDS),
        source_text=draw(st.none() | WORDS),
        source_digest=draw(st.sampled_from(["", "0123456789abcdef", "1234567890123456"])),
        place=draw(WORDS),
        kind=kind,
        arms=tuple(draw(st.lists(st.sampled_from(letters), max_size=2, unique=True))),
        sex=draw(st.sampled_from([None, "female", "male"])),
        anchor=draw(st.sampled_from(["consent", "screening", "registration", "first_dose"])),
        approval=draw(st.none() | ROLES),
        rule=rule,
        examples=tuple(draw(st.lists(examples, max_size=2))),
    )


@st.composite
def arms(draw, letter, agents, given):
    """Give one arm that gives at least the agents asked for."""
    named = st.sampled_from(list(agents))
    doses = st.none() | st.builds(Dose, amount=AMOUNTS, **ILLUSTRATED)
    choices = st.lists(st.builds(AgentDose, agent=named, dose=doses), min_size=1, max_size=2)
    lines = st.builds(
        DosingRule,
        id=NAMES,
        says=WORDS,
        choices=choices.map(tuple),
        days=st.lists(DAY_RANGES, min_size=1, max_size=2).map(tuple),
        cycles=CYCLES,
    )
    first = draw(lines)
    if given:
        chosen = tuple(AgentDose(agent=agent, dose=draw(doses)) for agent in given)
        first = first.model_copy(update={"choices": chosen})
    others = draw(unique(lines, most=2))
    return Arm(
        id=letter,
        says=draw(WORDS),
        dosing=(first, *(line for line in others if line.id != first.id)),
        ladder=draw(
            st.builds(
                DoseLadder,
                agent=named,
                doses=st.lists(AMOUNTS, min_size=1, max_size=4).map(tuple),
                **ILLUSTRATED,
            )
        ),
        escalation=draw(
            st.builds(
                ThreePlusThreeDesign,
                name=st.just("3+3"),
                variant=st.sampled_from(
                    ["no-de-escalation", "de-escalate-top-stops-at-three", "six-at-mtd"]
                ),
                starting_level=st.integers(1, 9),
                **ILLUSTRATED,
            )
        ),
        dlt_window=draw(
            st.builds(
                DltWindow,
                anchor_agent=named,
                days=st.integers(1, 400),
                least_dose_percent=st.decimals(0, 100, places=2),
                least_percent_of=st.dictionaries(NAMES, st.decimals(0, 100, places=2), max_size=1),
                **ILLUSTRATED,
            )
        ),
    )


WINDOWS = st.builds(
    Window, before_days=st.integers(0, 400), after_days=st.integers(0, 400), **ILLUSTRATED
)


@st.composite
def assessments(draw, letters):
    """Give one assessment, by cycle days or by weeks."""
    by_weeks = draw(st.none() | st.integers(1, 104))
    days = st.lists(st.integers(1, 400), min_size=1, max_size=4).map(tuple)
    return Assessment(
        id=draw(NAMES),
        says=draw(WORDS),
        days=() if by_weeks else draw(days),
        cycles=draw(CYCLES),
        every_weeks=by_weeks,
        arms=tuple(draw(st.lists(st.sampled_from(letters), max_size=2, unique=True))),
        window=draw(WINDOWS),
        origin=draw(ORIGINS),
        note=draw(NOTES),
    )


DLT = st.builds(
    DltDefinition,
    ctcae=st.just("5.0"),
    graded_by=st.dictionaries(WORDS, st.sampled_from(["4.03", "5.0"]), max_size=2),
    must_be_related=st.booleans(),
    attributed_to=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    delayed_start=st.none()
    | st.builds(
        DelayedStart,
        id=NAMES,
        says=WORDS,
        cycle=st.integers(2, 9),
        most_days_late=st.integers(0, 99),
    ),
    rules=unique(
        st.builds(
            DltRule,
            id=NAMES,
            says=WORDS,
            terms=st.lists(WORDS, max_size=2).map(tuple),
            least_grade=st.integers(1, 5),
            least_hours=st.none() | st.integers(1, 2000),
        ),
        least=1,
    ),
    **ILLUSTRATED,
)
SAFETY = st.builds(
    SafetySettings,
    modifications=unique(
        st.builds(
            DoseModification,
            id=NAMES,
            says=WORDS,
            agents=st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple),
            terms=st.lists(WORDS, max_size=2).map(tuple),
            least_grade=st.integers(1, 3),
            most_grade=st.integers(3, 5),
            occurrence=st.none() | st.integers(1, 9),
            must_be_related=st.booleans(),
            action=st.just("hold"),
            levels_lower=st.integers(0, 9),
            longest_hold_days=st.none() | st.integers(1, 400),
            **ILLUSTRATED,
        ),
        most=2,
    ),
    clocks=unique(
        st.builds(
            ReportingClock,
            id=NAMES,
            says=WORDS,
            to=WORDS,
            criteria=st.lists(
                st.sampled_from(["death", "life-threatening"]), max_size=2, unique=True
            ).map(tuple),
            must_be_unexpected=st.booleans(),
            must_be_related=st.booleans(),
            days=st.integers(0, 99),
            **ILLUSTRATED,
        ),
        most=2,
    ),
)
RESPONSE = st.builds(
    ResponseSettings,
    continuing_pr=st.booleans(),
    reappearing_after_cr=st.sampled_from(["PD", "by-growth"]),
    confirm=st.booleans(),
    confirm_after_days=st.integers(0, 99),
    not_evaluable_between=st.integers(0, 9),
    stable_disease_days=st.integers(0, 99),
    stable_disease_from=st.sampled_from(["first-dose", "assignment", "baseline"]),
    stable_disease_met_by=st.sampled_from(["visit", "follow-up"]),
    pr_after_cr=st.sampled_from(["SD", "PR", "PD"]),
    clinical_benefit_weeks=st.integers(0, 99),
    assessment_every_weeks=st.integers(1, 20),
    measurable_conventional_mm=AMOUNTS,
    measurable_spiral_mm=AMOUNTS,
    bone_only_allowed=st.booleans(),
    **ILLUSTRATED,
)
SLOTS = st.builds(
    SlotSettings,
    policy=st.sampled_from(["first-come", "round-robin-by-site", "sponsor-choice"]),
    reservation_days=st.integers(1, 90),
    site_reservations=st.none() | st.integers(1, 100),
    cohort_opening=st.sampled_from(["by-decision", "by-act"]),
    **ILLUSTRATED,
)

ENDPOINT_SETTINGS = st.builds(
    EndpointSettings,
    missed_assessments=st.none() | st.integers(1, 9),
    assessment_window_days=st.integers(0, 99),
    new_therapy=st.sampled_from(["censor", "ignore"]),
    not_evaluable_is_adequate=st.booleans(),
    convention=st.sampled_from(["R", "SAS"]),
    conf_type=st.sampled_from(["log-log", "log", "plain"]),
    clinical_benefit_window_days=st.integers(0, 99),
    early_end_is_evaluable=st.booleans(),
    **ILLUSTRATED,
)


@st.composite
def studies(draw):
    """Give a whole study in which every name is at home."""
    letters = draw(st.lists(st.sampled_from("ABCDXYZN"), min_size=1, max_size=3, unique=True))
    agents = draw(st.dictionaries(NAMES, AGENTS, min_size=1, max_size=3))
    terms = draw(
        st.dictionaries(NAMES.filter(lambda n: n not in ("age", "sex")), TERMS, max_size=4)
    )
    others = NAMES.filter(lambda n: n not in ("age", "sex", "set-of-all") and n not in terms)
    medicines = draw(st.dictionaries(others, MEDICINES, max_size=2))
    if medicines:  # rules may count half-lives of the set, so that one of them has one
        known = next(iter(medicines))
        half_life = medicines[known].half_life_hours or draw(AMOUNTS)
        medicines[known] = medicines[known].model_copy(update={"half_life_hours": half_life})
        terms["set-of-all"] = Term(says=draw(WORDS), kind="treatment", members=tuple(medicines))
    asked = draw(unique(criteria(terms, letters), most=4))
    used = {name for each in asked for leaf in leaves(each.rule) for _, name, _ in names_of(leaf)}
    terms = {
        name: term if name in used or term.note else term.model_copy(update={"note": draw(WORDS)})
        for name, term in terms.items()
    }
    objectives = draw(
        unique(st.builds(Objective, id=NAMES, rank=RANKS, says=WORDS, assumption=NOTES), least=1)
    )
    endpoints = st.builds(
        Endpoint,
        id=NAMES,
        rank=RANKS,
        says=WORDS,
        objective=st.sampled_from([each.id for each in objectives]),
        **ILLUSTRATED,
    )
    duties = st.builds(
        Obligation,
        id=NAMES,
        says=WORDS,
        criterion=st.sampled_from([each.id for each in asked] or ["I01"]),
        starts=st.sampled_from(["consent", "registration", "first_dose"]),
        weeks_after_last_dose=st.integers(0, 520),
    )
    places = st.builds(
        Site,
        id=NAMES,
        name=WORDS,
        status=st.sampled_from(["active", "suspended", "closed", "not yet active"]),
        contact=NOTES,
        phone=NOTES,
    )
    assays = st.builds(
        Assay,
        id=NAMES,
        says=WORDS,
        specimen=st.sampled_from(["tissue", "plasma"]),
        method=st.sampled_from(["IHC", "NGS"]),
    )
    stops = st.builds(
        StopRule, id=NAMES, says=WORDS, ends=st.sampled_from(["treatment", "arm", "trial"])
    )
    return Study(
        format=1,
        version=draw(WORDS),
        dated=draw(st.dates(date(1000, 1, 1))),
        identifiers=Identifiers(nct="NCT01234567", nci=draw(NOTES), local=draw(NOTES)),
        title=draw(WORDS),
        summary=draw(WORDS),
        phase=draw(st.sampled_from(["I", "Ib", "I/II"])),
        trial_type=draw(st.sampled_from(["treatment", "supportive care"])),
        status=draw(st.sampled_from(["active", "not yet active", "completed"])),
        lead_organisation=draw(WORDS),
        investigators=tuple(draw(st.lists(st.builds(Person, name=WORDS, role=NAMES), max_size=2))),
        sites=draw(unique(places)),
        objectives=objectives,
        endpoints=draw(unique(endpoints)),
        cycle_days=draw(st.integers(1, 400)),
        agents=agents,
        medicines=medicines,
        arms=tuple(
            draw(arms(letter, agents, () if place else tuple(agents)))
            for place, letter in enumerate(letters)
        ),
        assignment=draw(
            st.builds(
                Assignment,
                rule=st.sampled_from(["investigator", "fixed-order", "randomised"]),
                says=WORDS,
                **ILLUSTRATED,
            )
        ),
        slots=draw(st.none() | SLOTS),
        sample_size=draw(st.builds(SampleSize, participants=st.integers(1, 10000), **ILLUSTRATED)),
        safety=draw(SAFETY),
        dlt=draw(DLT),
        stop_rules=draw(unique(stops)),
        assessments=draw(unique(assessments(letters))),
        follow_up=draw(
            st.builds(
                FollowUp,
                first_after_days=st.integers(1, 400),
                then_every_months=st.integers(1, 60),
                **ILLUSTRATED,
            )
        ),
        obligations=draw(unique(duties)) if asked else (),
        response=draw(RESPONSE),
        endpoint_settings=draw(ENDPOINT_SETTINGS),
        assays=draw(unique(assays)),
        terms=terms,
        criteria=asked,
    )
