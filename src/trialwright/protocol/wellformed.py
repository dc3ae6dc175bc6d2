"""Whether the names inside a protocol refer to something, and each id stands once.

What the values mean is not asked here: each room checks the rules it owns.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from trialwright.protocol.arms import Arm
from trialwright.protocol.criteria import AttestedRule, ConditionRule, ObservationRule, leaves
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault


def faults_of(study: Study) -> tuple[Fault, ...]:
    """Find names that refer to nothing, terms that nothing uses, and ids given twice.

    Parameters
    ----------
    study : Study
        As read.

    Returns
    -------
    tuple of Fault
        Empty when every name is at home.
    """
    return (*_repeated(study), *_arms(study), *_criteria(study), *_others(study), *_unused(study))


def _repeated(study: Study) -> Iterator[Fault]:
    """Find ids that stand twice in one list."""
    for name in ("arms", "criteria", "objectives", "endpoints", "sites", "assessments",
                 "obligations", "stop_rules", "assays"):  # fmt: skip
        ids = [each.id for each in getattr(study, name)]
        for again, count in Counter(ids).items():
            if count > 1:
                yield Fault(
                    f"{name}.{len(ids) - 1 - ids[::-1].index(again)}.id",
                    f"{again} a second time",
                    "each id once",
                    "Renumber one of them",
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
        lines = Counter(rule.id for rule in arm.dosing)
        for again in (line for line, count in lines.items() if count > 1):
            yield Fault(
                f"arms.{place}.dosing",
                f"the line {again!r} twice",
                "each id once",
                "Rename one of them",
            )


def _agents(arm: Arm) -> Iterator[tuple[str, str]]:
    """Give each agent that an arm names, with the path below the arm."""
    for line, rule in enumerate(arm.dosing):
        for choice, given in enumerate(rule.choices):
            yield f"dosing.{line}.choices.{choice}.agent", given.agent
    yield "ladder.agent", arm.ladder.agent
    yield "dlt_window.anchor_agent", arm.dlt_window.anchor_agent


def _criteria(study: Study) -> Iterator[Fault]:
    """Find facts, questions and arms that criteria name and the study does not have."""
    arms = {arm.id for arm in study.arms}
    for place, criterion in enumerate(study.criteria):
        where = f"criteria.{place}"
        for arm in (*criterion.arms, *(each.arm for each in criterion.examples if each.arm)):
            if arm not in arms:
                yield Fault(f"{where}.arms", f"the arm {arm!r}", _listed(arms), "Correct it")
        for leaf in leaves(criterion.rule):
            wanted = _wanted(leaf)
            if wanted is None:
                continue
            name, kind = wanted
            term = study.terms.get(name)
            if term is None or term.kind != kind:
                found = f"{name!r}, which is a {term.kind}" if term else f"{name!r}"
                allowed = _listed(key for key, each in study.terms.items() if each.kind == kind)
                yield Fault(
                    f"{where}.rule",
                    f"the {kind} {found}",
                    f"a {kind} of terms: {allowed}",
                    "Correct the name or add the term",
                )
        known = {wanted[0] for leaf in leaves(criterion.rule) if (wanted := _wanted(leaf))}
        for number, example in enumerate(criterion.examples):
            for name in set(example.given) - known - {"age", "sex"}:
                yield Fault(
                    f"{where}.examples.{number}.given",
                    f"the fact {name!r}",
                    f"facts of this criterion: {_listed(known)}",
                    "Correct the name",
                )


def _wanted(leaf: object) -> tuple[str, str] | None:
    """Give the term a leaf names, and its kind."""
    match leaf:
        case ObservationRule():
            return leaf.fact, "observation"
        case ConditionRule():
            return leaf.fact, "condition"
        case AttestedRule():
            return leaf.question, "question"
        case _:
            return None


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
    arms = {arm.id for arm in study.arms}
    for place, assessment in enumerate(study.assessments):
        for arm in set(assessment.arms) - arms:
            yield Fault(
                f"assessments.{place}.arms", f"the arm {arm!r}", _listed(arms), "Correct it"
            )


def _unused(study: Study) -> Iterator[Fault]:
    """Find terms and agents that nothing uses."""
    used = {
        wanted[0]
        for criterion in study.criteria
        for leaf in leaves(criterion.rule)
        if (wanted := _wanted(leaf))
    }
    for name in study.terms:
        if name not in used and not study.terms[name].note:
            yield Fault(
                f"terms.{name}",
                "a term that no criterion uses",
                "terms in use, or a note saying what it is kept for",
                "Remove it or add the note",
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
