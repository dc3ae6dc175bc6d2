"""Rule trees drawn at random over a small vocabulary: every kind of leaf under every branch."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from trialwright.eligibility.context import LaboratoryRange
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
from trialwright.protocol.event_rules import (
    ConditionRule,
    LinesRule,
    SpecimenForm,
    SpecimenRule,
    StableRule,
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
from trialwright.protocol.study import Study

AMOUNTS = {
    "hemoglobin": ("9", "g/dL"), "anc": ("1.5", "10*3/uL"), "platelets": ("100000", "/mm3"),
    "ecog": ("1", "{score}"), "creatinine": ("1.5", "mg/dL"), "tumour-size": ("1", "cm"),
    "estradiol": ("10", "pg/mL"), "fsh": ("25.8", "m[IU]/mL"), "hba1c": ("7", "%"),
    "fasting-glucose": ("140", "mg/dL"), "qtcf": ("480", "ms"), "body-weight": ("50", "kg"),
}  # fmt: skip
"""Terms with a bound and its unit, which need not be the unit of the term."""

FINDINGS = ("er-status", "her2-ihc", "disease-status")
CONDITIONS = ("cns-metastasis", "metastasis", "breast-cancer", "gi-disease", "coronary-event")
SETS = ("endocrine-therapy", "steroid", "cyp3a-strong", "chemotherapy", "gnrh-agonist")
OTHERS = ("record-complete", "tissue", "cns-stable", "qt", "rr")

LABORATORY = (
    LaboratoryRange("creatinine", Decimal("0.5"), Decimal("1.1"), "mg/dL", "", "table, line 1"),
    LaboratoryRange("hemoglobin", Decimal(120), Decimal(160), "g/L", "", "table, line 2"),
    LaboratoryRange("fsh", Decimal("25.8"), None, "[IU]/L", "postmenopausal", "table, line 3"),
    LaboratoryRange("estradiol", None, Decimal("54.7"), "pg/mL", "postmenopausal", "table, line 4"),
)
"""The institution's table of reference ranges, for results that carry none."""


def random_study(written: Study, seed: int, criteria: int) -> Study:
    """Give a study with drawn criteria over some terms of a written one."""
    terms = named_terms(written)
    members = {each for name in terms for each in written.terms[name].members}
    plain = {"hemoglobin", "estradiol"}  # of these anything can be true
    vocabulary = {
        name: term.model_copy(update={"plausible": None} if name in plain else {})
        for name, term in written.terms.items()
        if name in terms
    }
    drawn = _Trees(Random(seed))  # noqa: S311
    return written.model_copy(
        update={
            "terms": vocabulary,
            "medicines": {
                name: each for name, each in written.medicines.items() if name in members
            },
            "completeness": "record-complete",
            "obligations": (),
            "criteria": tuple(drawn.criterion(number) for number in range(1, criteria + 1)),
        }
    )


def named_terms(written: Study) -> frozenset[str]:
    """Give the terms that drawn criteria may name."""
    wanted = {*AMOUNTS, *FINDINGS, *CONDITIONS, *SETS, *OTHERS}
    return frozenset(wanted.intersection(written.terms))


class _Trees:
    """Draws criteria."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.has_clearance = False  # one is enough: it is by far the longest to compile

    def criterion(self, number: int) -> Criterion:
        """Draw a criterion."""
        random, is_exclusion = self.random, number % 3 == 0
        return Criterion(
            id=f"{'E' if is_exclusion else 'I'}{number:02d}",
            says="Drawn.",
            place="nowhere",
            kind="rule",
            arms=random.choice([(), (), ("A",), ("B", "C")]),
            sex=random.choice([None, None, None, "female", "male"]),
            anchor=random.choice(["consent", "screening", "registration", "first_dose"]),
            rule=self.tree(random.choice([0, 1, 1, 2, 3])),
        )

    def tree(self, depth: int) -> Rule:
        """Draw a tree no deeper than this."""
        random = self.random
        if depth == 0:
            return self.leaf()
        number = random.randint(1, 4)
        inner = tuple(self.tree(random.randint(0, depth - 1)) for _ in range(number))
        match random.choice(["all", "any", "not", "at-least", "first", "if"]):
            case "all":
                return AllRule(kind="all", of=inner)
            case "any":
                return AnyRule(kind="any", of=inner)
            case "not":
                return NotRule(kind="not", rule=inner[0])
            case "at-least":
                number = random.randint(1, len(inner))
                return AtLeastRule(kind="at-least", number=number, of=inner)
            case "first":
                return FirstRule(kind="first", of=inner)
            case _:
                then, otherwise = self.tree(depth - 1), self.tree(depth - 1)
                return IfRule(kind="if", condition=inner[0], then=then, otherwise=otherwise)

    def leaf(self) -> Rule:
        """Draw a leaf of any kind."""
        often = [
            self._observation, self._observation, self._observation, self._multiple, self._range,
            self._finding, self._finding, self._condition, self._condition, self._treatment,
            self._treatment, self._treatment, self._lines, self._stable, self._clearance,
            self._qtcf, self._age, self._sex, self._of_people,
        ]  # fmt: skip
        draw: Callable[[], Rule] = self.random.choice(often)
        return draw()

    def _bounds(self, edge: str) -> dict[str, Any]:
        """Draw bounds round a number: one side or two, strict or not."""
        random, middle = self.random, Decimal(edge)
        lower = {random.choice(["at_least", "above"]): middle}
        upper = {random.choice(["at_most", "below"]): middle}
        match random.choice(["lower", "upper", "both", "point"]):
            case "lower":
                return lower
            case "upper":
                return upper
            case "point":
                return {"at_least": middle, "at_most": middle}
            case _:
                return {**lower, random.choice(["at_most", "below"]): middle * 3}

    def _silence(self) -> dict[str, Any]:
        """Draw what silence means."""
        match self.random.choice(["unknown", "absent", "complete", "complete"]):
            case "complete":
                days = self.random.choice([1, 30, 365])
                return {"not_recorded": "absent-if-complete", "look_back_days": days}
            case policy:
                return {"not_recorded": policy}

    def _within(self) -> int | None:
        """Draw a window."""
        return self.random.choice([None, None, 0, 14, 30, 365])

    def _observation(self) -> Rule:
        """Draw a rule on observations."""
        fact = self.random.choice(sorted(AMOUNTS))
        edge, unit = AMOUNTS[fact]
        pick = self.random.choice(["latest", "latest", "mean", "worst", "any"])
        of = self.random.choice([2, 3]) if pick == "mean" else None
        methods = ("spiral-ct",) if fact == "tumour-size" and pick != "mean" else ()
        return ObservationRule(kind="observation", fact=fact, unit=unit, pick=pick, of=of,
                               methods=self.random.choice([(), methods]),
                               within_days=self._within(), **self._bounds(edge),
                               **self._silence())  # fmt: skip

    def _multiple(self) -> Rule:
        """Draw a rule on multiples of a limit of normal."""
        fact = self.random.choice(["hemoglobin", "creatinine", "platelets", "fasting-glucose"])
        return MultipleRule(kind="multiple", fact=fact, times=self.random.choice(["ULN", "LLN"]),
                            within_days=self._within(),
                            **self._bounds(self.random.choice(["1", "1.5", "2.5"])))  # fmt: skip

    def _range(self) -> Rule:
        """Draw a rule on the range of a group."""
        fact = self.random.choice(["fsh", "estradiol", "hemoglobin"])
        return RangeRule(kind="range", fact=fact, group="postmenopausal",
                         within_days=self._within())  # fmt: skip

    def _finding(self) -> Rule:
        """Draw a rule on a coded result."""
        among = self.random.choice([("negative",), ("positive", "3+"), ("0", "1+"), ("stable",)])
        return FindingRule(kind="finding", fact=self.random.choice(FINDINGS), among=among,
                           within_days=self._within(), **self._silence())  # fmt: skip

    def _condition(self) -> Rule:
        """Draw a rule on a condition."""
        when = self.random.choice(["now", "ever", "within"])
        return ConditionRule(kind="condition", fact=self.random.choice(CONDITIONS), when=when,
                             expect=self.random.choice(["present", "absent"]),
                             within_days=self._within_of(when),
                             lasting=when == "within" and self.random.random() < 0.5,
                             **self._silence())  # fmt: skip

    def _within_of(self, when: str) -> int | None:
        """Draw a window where a rule asks for one."""
        return self.random.choice([14, 365]) if when == "within" else None

    def _stops(self) -> tuple[str, ...]:
        """Draw reasons for stopping."""
        return self.random.choice([(), (), ("progression",), ("toxicity", "other")])

    def _treatment(self) -> Rule:
        """Draw a rule on treatment."""
        when = self.random.choice(["ever", "now", "within", "within", "started-within"])
        days = self.random.choice([0, 14, 28, 365]) if "within" in when else None
        half_lives = self.random.choice([None, Decimal(5)]) if when == "within" else None
        gap = self.random.choice([0, 7, 30, 90]) if when == "started-within" else 30
        return TreatmentRule(kind="treatment", fact=self.random.choice(SETS), when=when, days=days,
                             refill_gap_days=gap, half_lives=half_lives, stopped_for=self._stops(),
                             **self._silence())  # fmt: skip

    def _lines(self) -> Rule:
        """Draw a rule on lines of therapy."""
        relapse: dict[str, Any] = {}
        if self.random.random() < 0.5:
            relapse = {"relapse": "metastasis", "relapse_after": "endocrine-therapy",
                       "relapse_days": self.random.choice([0, 30, 365])}  # fmt: skip
        fact = self.random.choice(["endocrine-therapy", "chemotherapy"])
        return LinesRule(kind="lines", fact=fact, stopped_for=self._stops(),
                         least_days=self.random.choice([0, 0, 21]), **relapse,
                         **self._bounds(self.random.choice(["0", "1", "2", "1.5"])))  # fmt: skip

    def _stable(self) -> Rule:
        """Draw a rule on a condition that must have been stable."""
        return StableRule(kind="stable", fact=self.random.choice(CONDITIONS[:2]),
                          status="disease-status",
                          for_days=self.random.choice([1, 14, 30]))  # fmt: skip

    def _clearance(self) -> Rule:
        """Draw a rule on creatinine clearance, once; then one on age."""
        if self.has_clearance:
            return self._age()
        self.has_clearance = True
        return ClearanceRule(kind="clearance", creatinine="creatinine", weight="body-weight",
                             within_days=self._within(),
                             **self._bounds(self.random.choice(["30", "50.5"])))  # fmt: skip

    def _qtcf(self) -> Rule:
        """Draw a rule on QTcF."""
        return QtcfRule(kind="qtcf", fact="qtcf", qt="qt", rr="rr",
                        of=self.random.choice([1, 2, 3]), within_days=self._within(),
                        **self._bounds("480"))  # fmt: skip

    def _age(self) -> Rule:
        """Draw a rule on age."""
        return AgeRule(kind="age", **self._bounds(self.random.choice(["18", "17.5", "65"])))

    def _sex(self) -> Rule:
        """Draw a rule on sex."""
        return SexRule(kind="sex", expect=self.random.choice(["female", "male"]))

    def _of_people(self) -> Rule:
        """Draw a rule that people alone decide."""
        form = SpecimenForm(form="block")
        return self.random.choice([
            AttestedRule(kind="attested", question="cns-stable"),
            ApprovalRule(kind="approval", question="cns-stable"),
            SpecimenRule(kind="specimen", fact="tissue", accepts=(form,)),
        ])  # fmt: skip
