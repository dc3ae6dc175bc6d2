"""Whether the names inside a protocol refer to something, and each id stands once.

What the values mean is not asked here: each room checks the rules it owns.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from trialwright.protocol.arms import Arm
from trialwright.protocol.criteria import Criterion, Rule, below, leaves
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.protocol.naming import example_names, names_of
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault


def faults_of(study: Study) -> tuple[Fault, ...]:
    """Find names without a home, ids given twice, unused terms, and proposals nobody reviewed.

    Parameters
    ----------
    study : Study
        As read.

    Returns
    -------
    tuple of Fault
        Empty when every name is at home. That nothing uses a term or agent is said only then: it
        may be what a misspelt name meant.
    """
    strangers = (*_repeated(study), *_arms(study), *_criteria(study), *_others(study))
    return (*_unreviewed(study), *(strangers or _unused(study)))


def _unreviewed(study: Study) -> Iterator[Fault]:
    """Find limits that were read from words and that nobody decided about."""
    for place, criterion in enumerate(study.criteria):
        for number, proposal in enumerate(criterion.proposals):
            if proposal.standing == "proposed":
                yield Fault(
                    f"criteria.{place}.proposals.{number}",
                    f"a proposal for {criterion.id} that nobody reviewed",
                    "accepted, edited or attested",
                    "Decide about it: trialwright protocol review FILE",
                )


def _repeated(study: Study) -> Iterator[Fault]:
    """Find ids that stand twice in one list."""
    lists: dict[str, tuple[Any, ...]] = {
        name: getattr(study, name)
        for name in ("arms", "criteria", "objectives", "endpoints", "sites", "assessments",
                     "obligations", "stop_rules", "assays")
    }  # fmt: skip
    lists["dlt.rules"] = study.dlt.rules
    lists |= {f"arms.{place}.dosing": arm.dosing for place, arm in enumerate(study.arms)}
    for where, listed in lists.items():
        ids = [each.id for each in listed]
        for place, again in enumerate(ids):
            if again in ids[:place]:
                yield Fault(
                    f"{where}.{place}.id",
                    f"{again} a second time",
                    "each id once",
                    "Rename one of them",
                )


def _arms(study: Study) -> Iterator[Fault]:
    """Find agents that an arm uses and the study does not have."""
    for place, arm in enumerate(study.arms):
        for where, agent in _agents(arm):
            if agent not in study.agents:
                yield Fault(
                    f"arms.{place}.{where}",
                    f"the agent {agent!r}",
                    _listed(study.agents),
                    "Correct the name or describe the agent",
                )


def _agents(arm: Arm) -> Iterator[tuple[str, str]]:
    """Give each agent that an arm names, with the path below the arm."""
    for line, rule in enumerate(arm.dosing):
        for choice, given in enumerate(rule.choices):
            yield f"dosing.{line}.choices.{choice}.agent", given.agent
    yield "ladder.agent", arm.ladder.agent
    if arm.ladder.second is not None:
        yield "ladder.second.agent", arm.ladder.second.agent
    yield "dlt_window.anchor_agent", arm.dlt_window.anchor_agent


def _criteria(study: Study) -> Iterator[Fault]:
    """Find facts, questions and arms that criteria name and the study does not have."""
    for place, criterion in enumerate(study.criteria):
        where = f"criteria.{place}"
        named = [(f"{where}.arms.{number}", arm) for number, arm in enumerate(criterion.arms)]
        for number, example in enumerate(criterion.examples):
            named += [(f"{where}.examples.{number}.arm", example.arm)] if example.arm else []
        yield from _unknown_arms(named, study)
        faults = () if criterion.rule is None else (*_rule(criterion.rule, study, f"{where}.rule"),)
        yield from faults or _strangers(criterion, study, f"{where}.examples")


def _rule(rule: Rule, study: Study, where: str) -> Iterator[Fault]:
    """Find facts and questions that a tree names and the study does not have."""
    inner = below(rule)
    if not inner:
        for field, name, kind in names_of(rule):  # type: ignore[arg-type]  # none below: a leaf
            yield from _term(name, kind, study, f"{where}.{field}")
        if isinstance(rule, TreatmentRule) and rule.half_lives is not None:
            yield from _half_lives(rule, study, where)
    for path, each in inner:
        yield from _rule(each, study, f"{where}.{path}")


def _term(name: str, kind: str, study: Study, where: str) -> Iterator[Fault]:
    """Find a term that is not there, or is of another kind."""
    term = study.terms.get(name)
    if term is None or term.kind != kind:
        found = f"{name!r}, which is a term of kind {term.kind}" if term else f"{name!r}"
        allowed = _listed(key for key, each in study.terms.items() if each.kind == kind)
        yield Fault(
            where,
            found,
            f"a term of kind {kind}: {allowed}",
            "Correct the name or add the term",
        )


def _half_lives(rule: TreatmentRule, study: Study, where: str) -> Iterator[Fault]:
    """Find a rule that counts half-lives of a set of which no member has one."""
    names = study.terms[rule.fact].members if rule.fact in study.terms else ()
    members = [study.medicines[name] for name in names if name in study.medicines]
    if members and all(each.half_life_hours is None for each in members):
        yield Fault(
            f"{where}.half_lives",
            f"half-lives of {rule.fact!r}, of which no member has one",
            "a set in which a half-life is known",
            "Give half_life_hours of its members, or count days alone",
        )


def _strangers(criterion: Criterion, study: Study, where: str) -> Iterator[Fault]:
    """Find facts of examples that their criterion does not ask for."""
    own = example_names(criterion, study.terms)
    own |= set() if study.completeness is None else {study.completeness}
    for number, example in enumerate(criterion.examples):
        for name in example.given:
            if name not in own and name not in study.medicines:  # also those that no set of it has
                yield Fault(
                    f"{where}.{number}.given.{name}",
                    f"the fact {name!r}",
                    f"a medicine, or facts of this criterion: {_listed(own)}",
                    "Correct the name",
                )


def _unknown_arms(named: Iterable[tuple[str, str]], study: Study) -> Iterator[Fault]:
    """Find arms that the study does not have."""
    arms = [arm.id for arm in study.arms]
    for where, arm in named:
        if arm not in arms:
            yield Fault(where, f"the arm {arm!r}", _listed(arms), "Correct it")


def _others(study: Study) -> Iterator[Fault]:
    """Find objectives and criteria that are named elsewhere and not there."""
    objectives = {each.id for each in study.objectives}
    for place, endpoint in enumerate(study.endpoints):
        if endpoint.objective not in objectives:
            yield Fault(
                f"endpoints.{place}.objective",
                f"{endpoint.objective!r}",
                _listed(objectives),
                "Correct the name",
            )
    criteria = {each.id for each in study.criteria}
    for place, duty in enumerate(study.obligations):
        if duty.criterion not in criteria:
            yield Fault(
                f"obligations.{place}.criterion",
                duty.criterion,
                _listed(criteria),
                "Name the criterion it follows from",
            )
    yield from _panels(study)
    yield from _landmarks(study)
    for place, name in enumerate(study.course.warned_medicines):
        yield from _term(name, "treatment", study, f"course.warned_medicines.{place}")
    holds = study.course.holds_move_cycles
    for place, name in enumerate(holds.held_days_of if holds else ()):
        if name not in study.agents:
            where = f"course.holds_move_cycles.held_days_of.{place}"
            yield Fault(where, f"{name!r}", _listed(study.agents), "Name an agent of the study")
    for place, name in enumerate(study.endpoint_settings.subgroups):
        yield from _term(name, "treatment", study, f"endpoint_settings.subgroups.{place}")
    examined = [
        (f"assessments.{place}.arms.{number}", arm)
        for place, assessment in enumerate(study.assessments)
        for number, arm in enumerate(assessment.arms)
    ]
    yield from _unknown_arms(examined, study)
    yield from _sets(study)


def _panels(study: Study) -> Iterator[Fault]:
    """Find panels of assays that are not there."""
    assays = {each.id for each in study.assays}
    for place, panel in enumerate(study.biomarkers.panels):
        if panel.assay not in assays:
            where = f"biomarkers.panels.{place}.assay"
            yield Fault(where, f"{panel.assay!r}", _listed(assays), "Name an assay")


def _landmarks(study: Study) -> Iterator[Fault]:
    """Find markers of treatment without the day by which they are known.

    Followed from day 1, who lives long enough to be measured would seem to live longer for it.
    """
    for place, marker in enumerate(study.biomarkers.markers):
        where = f"biomarkers.markers.{place}"
        if "progression" in marker.time_points:
            yield Fault(f"{where}.time_points", "progression", "archival, C1D1 or on treatment",
                        "Compare progression with C1D1: the report does")  # fmt: skip
        if ("on treatment" in marker.time_points) != (marker.landmark_day is not None):
            found = "none" if marker.landmark_day is None else f"{marker.landmark_day}"
            yield Fault(f"{where}.landmark_day", found,
                        "a study day for a marker on treatment, and none for any other",
                        "Name the day by which it is known, or leave it out")  # fmt: skip


def _sets(study: Study) -> Iterator[Fault]:
    """Find members, primaries and a completeness that are none."""
    for name, term in study.terms.items():
        if term.primary:
            yield from _term(term.primary, "condition", study, f"terms.{name}.primary")
        for place, member in enumerate(term.members):
            if member not in study.medicines:
                yield Fault(
                    f"terms.{name}.members.{place}",
                    f"the medicine {member!r}",
                    "a name under medicines",
                    "Correct the name or describe the medicine",
                )
    for name in study.medicines:
        if name in study.terms:
            yield Fault(
                f"medicines.{name}",
                "a name that is a term too",
                "names that are told apart",
                "Rename one of them",
            )
    if study.completeness is not None:
        yield from _term(study.completeness, "question", study, "completeness")


def _unused(study: Study) -> Iterator[Fault]:
    """Find terms and agents that nothing uses."""
    used = {
        name
        for criterion in study.criteria
        for leaf in leaves(criterion.rule)
        for _, name, _ in names_of(leaf)
    } | {study.completeness}
    for name in study.terms:
        if name in ("age", "sex"):
            yield Fault(
                f"terms.{name}",
                f"a term named {name}",
                f"the rule of kind {name}",
                "Remove the term: the participant's record holds it",
            )
        elif name not in used and not study.terms[name].note:
            yield Fault(
                f"terms.{name}",
                "a term that no criterion uses",
                "terms in use, or a note saying what it is kept for",
                "Remove it or add the note",
            )
    members = {name for term in study.terms.values() for name in term.members}
    for name in study.medicines:
        if name not in members:
            yield Fault(
                f"medicines.{name}",
                "a medicine that no set names",
                "members of terms of kind treatment",
                "Remove it or name it in a set",
            )
    given = {agent for arm in study.arms for _, agent in _agents(arm)}
    for name in study.agents:
        if name not in given:
            yield Fault(
                f"agents.{name}",
                "an agent that no arm gives",
                "agents in use",
                "Remove it or give it in an arm",
            )


def _listed(names: Iterable[str]) -> str:
    """Write names for a message."""
    return ", ".join(sorted(names)) or "none"
