"""The criteria of a protocol as a cohort definition of OHDSI's Circe, as far as it can say them.

The entry event is the last observation period of a person, judged on its last day. What cannot be
said is left out only where that lets more people in; everything else is told. A cohort has no
unknown: what no record decides is not met where a record is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
)
from trialwright.protocol.omop_codes import SiteConcepts
from trialwright.protocol.study import Study
from trialwright.registry.writing.circe_concepts import ConceptSets
from trialwright.registry.writing.circe_leaves import of_sex, said
from trialwright.registry.writing.circe_parts import Said, grouped
from trialwright.terms.errors import shorten

Plain = dict[str, Any]

UNKNOWN = "unknown: a cohort has yes and no alone; what no record decides counts as not recorded"
"""What no cohort can say of any criterion."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Something that a cohort cannot say as the protocol does.

    Attributes
    ----------
    criterion : str
        Its id; empty for what holds of all of them.
    what : str
        The rule in words; empty for the whole criterion.
    reason : str
        Why, or how what is said differs.
    is_left_out : bool
        Whether nothing is said of it; else something near to it is.
    """

    criterion: str
    what: str
    reason: str
    is_left_out: bool

    def __str__(self) -> str:
        """Say it on one line."""
        how = "left out" if self.is_left_out else "said otherwise"
        return ": ".join(each for each in (self.criterion, how, self.what, self.reason) if each)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort definition with what it does not say.

    Attributes
    ----------
    expression : dict
        The JSON of Circe.
    unsaid : tuple of Unsaid
        In the order of the criteria; what holds of all of them comes first.
    """

    expression: Plain
    unsaid: tuple[Unsaid, ...]


def write_circe(study: Study, site: SiteConcepts | None = None) -> Cohort:
    """Write the criteria of a study as a cohort definition.

    Parameters
    ----------
    study : Study
        Any study; criteria for some of its arms alone are left out.
    site : SiteConcepts or None
        What a site's tables hold, so that the cohort can be run there as it is. Without them
        concepts and units are named by code, and are to be looked up.

    Returns
    -------
    Cohort
        With one inclusion rule for each criterion that can be said at least in part.
    """
    sets = ConceptSets(study, site)
    rules: list[Plain] = []
    unsaid: list[Unsaid] = []
    for criterion in study.criteria:
        if criterion.rule is None:
            continue
        group, told = _criterion(criterion, study, sets)
        unsaid += told
        if group is not None:
            name = f"{criterion.id} {criterion.says}"
            words = say(criterion.rule, study.terms)
            described = f"not {words}" if criterion.is_exclusion else words
            rules.append({"name": name, "description": described, "expression": group})
    rules = sets.keep_used(rules)
    expression = {
        "cdmVersionRange": ">=5.0.0",
        "ConceptSets": sets.written(),
        "PrimaryCriteria": {
            "CriteriaList": [{"ObservationPeriod": {}}],
            "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
            "PrimaryCriteriaLimit": {"Type": "Last"},
        },
        "QualifiedLimit": {"Type": "Last"},
        "ExpressionLimit": {"Type": "Last"},
        "InclusionRules": rules,
        "CensoringCriteria": [],
        "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0},
        "CensorWindow": {},
    }
    return Cohort(expression, (*_of_all(sets), *unsaid))


def _of_all(sets: ConceptSets) -> Iterator[Unsaid]:
    """Tell what holds of every criterion."""
    yield Unsaid("", "", UNKNOWN, is_left_out=False)
    anchor = "the days of consent, registration and first dose: the last day of the observation"
    yield Unsaid("", "", f"{anchor} period stands for each", is_left_out=False)
    codes = sets.to_be_looked_up()
    if codes:
        why = (
            f"{codes} concepts and all units are named by code with concept id 0: look their "
            "standard concepts up before the cohort is run, for id 0 finds every unmapped record"
        )
        yield Unsaid("", "", why, is_left_out=False)


def _criterion(
    criterion: Criterion, study: Study, sets: ConceptSets
) -> tuple[Plain | None, list[Unsaid]]:
    """Say a criterion so that the cohort keeps everybody whom it lets in."""
    rule = criterion.rule
    if rule is None:
        return None, []
    if criterion.arms:
        arms = ", ".join(criterion.arms)
        return None, [Unsaid(criterion.id, "", f"asked for arm {arms} only", is_left_out=True)]
    teller = _Teller(criterion.id, study, sets, [])
    group = teller.said(rule, is_wide=not criterion.is_exclusion)
    if group is None:
        return None, [each for each in teller.unsaid if each.is_left_out]
    if criterion.is_exclusion:
        group = _none_of(group)
    if criterion.sex is not None:
        other = "male" if criterion.sex == "female" else "female"
        group = grouped("ANY", groups=[of_sex(other), group])
    return group, teller.unsaid


def _none_of(group: Plain) -> Plain:
    """Turn a group around."""
    return grouped("AT_MOST", groups=[group], count=0)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says one criterion, and gathers what it cannot say."""

    criterion: str
    study: Study
    sets: ConceptSets
    unsaid: list[Unsaid]

    def said(self, rule: Rule, *, is_wide: bool) -> Plain | None:
        """Say a tree for everybody who meets it (wide), or for nobody who does not (narrow)."""
        match rule:
            case AllRule():
                return self._branch("ALL", rule.of, is_wide=is_wide, may_drop=is_wide)
            case AnyRule():
                return self._branch("ANY", rule.of, is_wide=is_wide, may_drop=not is_wide)
            case AtLeastRule():
                return self._at_least(rule, is_wide=is_wide)
            case NotRule():
                inner = self.said(rule.rule, is_wide=not is_wide)
                return None if inner is None else _none_of(inner)
            case IfRule():
                return self._if(rule, is_wide=is_wide)
            case FirstRule():
                return self._first(rule, is_wide=is_wide)
            case _:
                return self._leaf(rule, is_wide=is_wide)

    def _leaf(self, rule: Rule, *, is_wide: bool) -> Plain | None:
        """Say a leaf."""
        found: Said = said(rule, self.sets, is_wide=is_wide)
        for reason in found.reasons:
            self._tell(rule, reason, is_left_out=found.group is None)
        return found.group

    def _tell(self, rule: Rule, reason: str, *, is_left_out: bool) -> None:
        """Gather what is not said, once."""
        words = shorten(say(rule, self.study.terms), 120)
        told = Unsaid(self.criterion, words, reason, is_left_out)
        if told not in self.unsaid:
            self.unsaid.append(told)

    def _branch(
        self, kind: str, of: tuple[Rule, ...], *, is_wide: bool, may_drop: bool
    ) -> Plain | None:
        """Say the parts of a branch; without one of them only where it may be dropped."""
        parts = [self.said(each, is_wide=is_wide) for each in of]
        kept = [each for each in parts if each is not None]
        if not kept or (len(kept) < len(parts) and not may_drop):
            return None
        return grouped(kind, groups=kept)

    def _at_least(self, rule: AtLeastRule, *, is_wide: bool) -> Plain | None:
        """Say how many of some rules are met."""
        group = self._branch("AT_LEAST", rule.of, is_wide=is_wide, may_drop=not is_wide)
        return None if group is None else group | {"Count": rule.number}

    def _if(self, rule: IfRule, *, is_wide: bool) -> Plain | None:
        """Say one rule where a condition holds, and another where it does not."""
        otherwise = NotRule(kind="not", rule=rule.condition)
        return self.said(
            AnyRule(
                kind="any",
                of=(
                    AllRule(kind="all", of=(rule.condition, rule.then)),
                    AllRule(kind="all", of=(otherwise, rule.otherwise)),
                ),
            ),
            is_wide=is_wide,
        )

    def _first(self, rule: FirstRule, *, is_wide: bool) -> Plain | None:
        """Say that any part holds (wide), or that the first does (narrow)."""
        reason = "the first rule that is decided: a cohort does not know what is undecided"
        if is_wide:
            group = self._branch("ANY", rule.of, is_wide=True, may_drop=False)
            so = "one of them cannot be said" if group is None else "any of them counts"
            self._tell(rule, f"{reason}, and {so}", is_left_out=group is None)
            return group
        self._tell(rule, f"{reason}, so the first alone counts", is_left_out=False)
        return self.said(rule.of[0], is_wide=False)
