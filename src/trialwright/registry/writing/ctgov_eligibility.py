"""The eligibility module of a ClinicalTrials.gov record: one text, sex and age."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from trialwright.protocol.criteria import AllRule, Rule
from trialwright.protocol.leaf_rules import AgeRule, SexRule
from trialwright.registry.record import Record, RecordCriterion
from trialwright.registry.writing.criterion_words import lines_of_bullet, tree_of_criterion
from trialwright.registry.writing.ctgov_words import age_of

HEADINGS = (("Inclusion Criteria:", False), ("Exclusion Criteria:", True))
"""Heading of each list, and whether its criteria exclude."""


def eligibility_text(record: Record) -> str:
    """Give the criteria as the registry's one text.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        Each list under its heading, each criterion after `* `, sub-bullets set in by two blanks;
        empty when there is no criterion.
    """
    lists = []
    for heading, is_exclusion in HEADINGS:
        bullets = [
            line
            for each in record.criteria
            if each.is_exclusion == is_exclusion
            for line in lines_of_bullet(tree_of_criterion(each))
        ]
        if bullets:
            lists.append(f"{heading}\n\n" + "\n".join(bullets))
    return "\n\n".join(lists)


def sex_of(record: Record) -> str:
    """Say whose sex may enter, in the registry's word.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        The record's own field; else what an inclusion for every arm asks of everybody; empty when
        neither states it.
    """
    if record.publication.sex:
        return record.publication.sex.upper()
    asked = {
        rule.expect.upper() for rule in _asked_of_everybody(record) if isinstance(rule, SexRule)
    }
    return asked.pop() if len(asked) == 1 else ""


def ages_of(record: Record) -> tuple[str, str]:
    """Give the least and the greatest age, in the registry's words.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    tuple of (str, str)
        Each the record's own field; else the tightest that inclusions for every arm ask of
        everybody, in completed years; empty when neither states it.
    """
    rules = [rule for rule in _asked_of_everybody(record) if isinstance(rule, AgeRule)]
    least = [low for rule in rules if (low := _least(rule)) is not None]
    greatest = [high for rule in rules if (high := _greatest(rule)) is not None]
    return (
        age_of(record.publication.minimum_age) or (_years(max(least)) if least else ""),
        age_of(record.publication.maximum_age) or (_years(min(greatest)) if greatest else ""),
    )


def _asked_of_everybody(record: Record) -> Iterator[Rule]:
    """Give the rules that every participant must meet: inclusions, and what `all` of them hold."""
    for criterion in record.criteria:
        if _is_for_everybody(criterion) and criterion.rule is not None:
            yield from _held_by_all(criterion.rule)


def _is_for_everybody(criterion: RecordCriterion) -> bool:
    """Say whether a criterion is an inclusion of every arm."""
    return not criterion.is_exclusion and not criterion.arms


def _held_by_all(rule: Rule) -> Iterator[Rule]:
    """Give a rule, or the rules that must all be met for it."""
    if isinstance(rule, AllRule):
        for each in rule.of:
            yield from _held_by_all(each)
    else:
        yield rule


def _least(rule: AgeRule) -> int | None:
    """Give the least age in completed years."""
    if rule.at_least is not None:
        return _whole(rule.at_least, ROUND_CEILING)
    return None if rule.above is None else _whole(rule.above, ROUND_FLOOR) + 1


def _greatest(rule: AgeRule) -> int | None:
    """Give the greatest age in completed years."""
    if rule.at_most is not None:
        return _whole(rule.at_most, ROUND_FLOOR)
    return None if rule.below is None else _whole(rule.below, ROUND_CEILING) - 1


def _whole(number: Decimal, rounding: str) -> int:
    """Round to a whole number of years."""
    return int(number.to_integral_value(rounding=rounding))


def _years(number: int) -> str:
    """Write an age in years."""
    return f"{number} Year{'' if number == 1 else 's'}"
