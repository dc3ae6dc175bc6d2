"""A version of a trial from a draft, a public record, or a protocol."""

import re
from dataclasses import replace
from decimal import Decimal

from trialwright.protocol.criteria import leaves
from trialwright.protocol.proposals import Proposal
from trialwright.protocol.publication import Publication
from trialwright.protocol.study import Study
from trialwright.registry.amending.limit import Limit, limits_of
from trialwright.registry.amending.rule_limits import limits_of_rule
from trialwright.registry.amending.settings import settings_of
from trialwright.registry.amending.spoken_times import spoken_times
from trialwright.registry.amending.topics import fact_key
from trialwright.registry.amending.version import (
    Member,
    Version,
    VersionArm,
    VersionCriterion,
    VersionDosing,
)
from trialwright.registry.draft import Draft, source_digest
from trialwright.registry.draft_arms import DosingLine, DraftArm
from trialwright.registry.proposing.reading import read_limits
from trialwright.registry.proposing_all import with_proposals
from trialwright.registry.record import Record, RecordArm, RecordCriterion, RecordDosing, record_of

_NO_WASH_OUT = re.compile(r"\b(?:recover|resol|adverse|toxicit|defined|diagnos)\w*", re.IGNORECASE)
"""Words of what lasted, not of what was given: a time since it is compared by its words."""

_AGE = re.compile(r"(\d{1,3})\s*(year|month|week|day)s?", re.IGNORECASE)


def version_of_draft(draft: Draft) -> Version:
    """Give the version that a trial record states.

    Parameters
    ----------
    draft : Draft
        As read, from any shape.

    Returns
    -------
    Version
        Limits are taken from the draft's proposals; if it has none, its words are read for them.
    """
    criteria = draft.criteria
    if not any(each.proposals for each in criteria):
        criteria, _ = with_proposals(criteria)
    lead = draft.principal_investigator
    people = [Member(lead, _stated(role="principal investigator"))] if lead else []
    people += [
        Member(each.name, _stated(role=each.role, affiliation=each.affiliation))
        for each in draft.people
        if each.name != lead
    ]
    numbers = draft.identifiers
    return Version(
        name=draft.file,
        facts=_stated(
            title=draft.title,
            official_title=draft.publication.official_title,
            phase=draft.phase,
            status=draft.status,
            trial_type=draft.trial_type,
            lead_organisation=draft.lead_organisation,
            NCT_number=numbers.nct,
            local_number=numbers.primary,
            other_numbers=", ".join(numbers.secondary),
            planned_participants=_count(draft.publication),
        ),
        people=tuple(people),
        sites=tuple(
            Member(each.name, _site(each.status, each.contact, each.phone, each.city))
            for each in draft.sites
        ),
        objectives=tuple(Member(each.says, _stated(rank=each.rank)) for each in draft.objectives),
        endpoints=tuple(
            Member(each.says, _stated(rank=each.rank, time_frame=each.time_frame))
            for each in draft.endpoints
        ),
        cycle_days=draft.cycle_days,
        follow_up=_follow_up(draft.follow_up),
        arms=tuple(_draft_arm(arm) for arm in draft.arms),
        criteria=tuple(
            _criterion(each.id, each.source_text, each.place, each.arms, each.proposals)
            for each in criteria
        ),
        fields=_fields(draft.publication),
        unread=tuple(
            (each.span.field or f"line {each.span.first_line}", each.words)
            for each in draft.kept
            if each.span.kind != "arm sentence"
        ),
    )


def version_of_record(record: Record, name: str = "") -> Version:
    """Give the version that a protocol, or a draft of one, states in public.

    Parameters
    ----------
    record : Record
        Its public part.
    name : str
        How it is called in sentences.

    Returns
    -------
    Version
        Limits come from proposals, else from the rule, else from the words.
    """
    numbers = record.identifiers
    return Version(
        name=name,
        facts=_stated(
            title=record.title,
            official_title=record.publication.official_title,
            phase=record.phase,
            status=record.status,
            trial_type=record.trial_type,
            lead_organisation=record.lead_organisation,
            NCT_number=numbers.nct,
            local_number=numbers.local,
            other_numbers=numbers.nci,
            planned_participants=_count(record.publication),
        ),
        people=tuple(
            Member(each.name, _stated(role=each.role, affiliation=each.affiliation))
            for each in record.investigators
        ),
        sites=tuple(
            Member(each.name, _site(each.status, each.contact, each.phone, each.city))
            for each in record.sites
        ),
        objectives=tuple(Member(each.says, _stated(rank=each.rank)) for each in record.objectives),
        endpoints=tuple(
            Member(each.says, _stated(rank=each.rank, time_frame=each.time_frame))
            for each in record.endpoints
            if each.origin == "registry"
        ),
        cycle_days=record.cycle_days,
        follow_up=_follow_up(record.follow_up),
        arms=tuple(_record_arm(arm, record) for arm in record.arms),
        criteria=tuple(_record_criterion(each) for each in record.criteria),
        fields=_fields(record.publication),
        unread=tuple((each.place, each.words) for each in record.publication.kept),
    )


def version_of_study(study: Study, name: str = "") -> Version:
    """Give the version that a protocol is.

    Parameters
    ----------
    study : Study
        The protocol.
    name : str
        How it is called in sentences.

    Returns
    -------
    Version
        With the digests of the words that its criteria were written from, and the settings that no
        record shows.
    """
    version = version_of_record(record_of(study), name)
    judged = {each.id: each for each in study.criteria}
    criteria = tuple(
        replace(
            each,
            digest=judged[each.id].source_digest or each.digest,
            judged=_judged(judged[each.id].anchor, judged[each.id].approval, judged[each.id].kind),
        )
        for each in version.criteria
    )
    return replace(version, criteria=criteria, settings=settings_of(study))


def _judged(anchor: str, approval: str | None, kind: str) -> str:
    """Say how a criterion is judged beside its rule."""
    approved = f"approval by the {approval}" if approval else "no approval"
    return f"as {kind}, at {anchor}, {approved}"


def _stated(**values: str) -> tuple[tuple[str, str], ...]:
    """Give what is stated, by topic."""
    return tuple(
        (topic.replace("_", " "), " ".join(value.split()))
        for topic, value in values.items()
        if value
    )


def _count(publication: Publication) -> str:
    """Say how many participants are planned."""
    return "" if publication.enrolled is None else str(publication.enrolled)


def _site(status: str, contact: str, phone: str, city: str) -> tuple[tuple[str, str], ...]:
    """Give what is stated of a site."""
    return _stated(status=status, contact=contact, phone=phone, city=city)


def _follow_up(stated: object) -> str:
    """Say what follows treatment."""
    first, months = (
        getattr(stated, name, None) for name in ("first_after_days", "then_every_months")
    )
    return f"{first} days, then every {months} months" if first and months else ""


def _criterion(
    name: str, words: str, place: str, arms: tuple[str, ...], proposals: tuple[Proposal, ...]
) -> VersionCriterion:
    """Give a criterion of a record."""
    where = f"{name} ({place})" if place else name
    limits = tuple(
        each
        for each in limits_of(proposals, words, name, where, arms)
        if not (each.kind == "wash-out" and _NO_WASH_OUT.search(each.subject))
    )
    limits = (*limits, *spoken_times(words, limits, name, where, arms))
    still_open = tuple(
        (fact_key(each.fact), each.words) for each in read_limits(words).open if each.fact
    )
    return VersionCriterion(
        name, words, place, arms, limits, open=still_open, digest=source_digest(words)
    )


def _record_criterion(criterion: RecordCriterion) -> VersionCriterion:
    """Give a criterion of a protocol or of a draft of one."""
    words, rule = criterion.printed, criterion.rule
    is_asked = rule is None or any(leaf.kind == "attested" for leaf in leaves(rule))
    proposals = criterion.proposals
    if not proposals and is_asked:
        proposals = read_limits(words).proposals
    found = _criterion(criterion.id, words, criterion.place, criterion.arms, proposals)
    ruled = limits_of_rule(rule, criterion.id, found.where, criterion.arms)
    held = {_held(each) for each in ruled}
    return replace(
        found,
        limits=(*(each for each in found.limits if _held(each) not in held), *ruled),
        rule=rule,
        is_record_words=criterion.source_text is not None,
        digest=found.digest if criterion.source_text is not None else "",
    )


def _held(limit: Limit) -> tuple[str, str]:
    """Name what a limit limits, so that words do not say again what the rule decides."""
    return limit.kind, fact_key(limit.subject) if limit.kind == "limit" else ""


def _fields(publication: Publication) -> tuple[Limit, ...]:
    """Give the limits that a record states in fields of their own."""
    found = []
    for bound, stated in (
        ("at_least", publication.minimum_age),
        ("at_most", publication.maximum_age),
    ):
        age = _AGE.fullmatch(stated.strip())
        if age:
            where = {"place": "the record's field on age", bound: Decimal(age[1])}
            unit = f"{age[2].lower()}s"
            found.append(Limit("age", "age", stated, unit=unit, **where))  # type: ignore[arg-type]
    if publication.sex:
        where = {"place": "the record's field on sex"}
        found.append(Limit("sex", "sex", publication.sex, expect=publication.sex, **where))  # type: ignore[arg-type]
    return tuple(found)


def _draft_arm(arm: DraftArm) -> VersionArm:
    """Give an arm of a record."""
    dosing = tuple(_draft_dosing(line) for line in arm.dosing)
    named = arm.agents or tuple(dict.fromkeys(line.agent for line in arm.dosing))
    return VersionArm(
        arm.label,
        arm.title,
        named,
        dosing,
        arm.cycle_days,
        arm.most_cycles,
        arm.source_text,
        tuple(kept.words for kept in arm.kept),
        f"arm {arm.label}, line {arm.line}" if arm.line else f"arm {arm.label}",
    )


def _draft_dosing(line: DosingLine) -> VersionDosing:
    """Give a line of treatment of a record."""
    return VersionDosing(
        line.choices,
        line.agent if line.choices != (line.agent,) else "",
        line.route,
        line.times_a_day,
        line.days,
        line.cycles,
        line.dose,
    )


def _record_arm(arm: RecordArm, record: Record) -> VersionArm:
    """Give an arm of a protocol or of a draft of one."""
    dosing = tuple(_record_dosing(line, record) for line in arm.dosing)
    agents = tuple(
        dict.fromkeys(line.drug_class or agent for line in dosing for agent in line.agents)
    )
    return VersionArm(
        arm.id,
        arm.title,
        agents,
        dosing,
        record.cycle_days,
        None,
        arm.source_text or "",
        (),
        f"arm {arm.id}",
    )


def _record_dosing(line: RecordDosing, record: Record) -> VersionDosing:
    """Give a line of treatment of a protocol or of a draft of one."""
    agents = [record.agents.get(choice.agent) for choice in line.choices]
    names = tuple(
        agent.says if agent else choice.agent
        for agent, choice in zip(agents, line.choices, strict=True)
    )
    classes = {agent.agent_class for agent in agents if agent}
    routes = {agent.route for agent in agents if agent}
    return VersionDosing(
        names,
        classes.pop() if len(names) > 1 and len(classes) == 1 else "",
        routes.pop() if len(routes) == 1 else "",
        None,
        line.days,
        line.cycles,
    )
