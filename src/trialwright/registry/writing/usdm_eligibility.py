"""Who may enter: criteria, the population they make, and a cohort for each arm."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialwright.registry.record import Record, RecordCriterion
from trialwright.registry.usdm_terms import CATEGORIES, SEXES, UNITS
from trialwright.registry.writing.usdm_parts import Names, Part, Parts

YEARS = re.compile(r"(0|[1-9][0-9]{0,2}) Years")
"""An age of a record that USDM can hold as a number."""


def criteria_of(record: Record, parts: Parts) -> tuple[list[Part], list[Part]]:
    """Give the criteria of a record, and the words of each.

    Parameters
    ----------
    record : Record
        Any record.
    parts : Parts
        Makes the parts.

    Returns
    -------
    tuple of list of dict
        `EligibilityCriterion`s, linked in their order, and `EligibilityCriterionItem`s.
    """
    ids = [parts.id_of("EligibilityCriterion") for _ in record.criteria]
    names, items = Names("id"), Names("id")
    criteria, words = [], []
    for place, each in enumerate(record.criteria):
        item_name, _ = items.give(each.id, f"words-{place + 1}")
        item = parts.part("EligibilityCriterionItem", name=item_name, text=each.printed)
        name, _ = names.give(each.id, f"criterion-{place + 1}")
        category = "exclusion" if each.is_exclusion else "inclusion"
        criterion = parts.part(
            "EligibilityCriterion",
            _beside(each, record),
            known_as=ids[place],
            name=name,
            category=parts.code(CATEGORIES.coded(category)),
            identifier=each.id,
            criterionItemId=item["id"],
            nextId=ids[place + 1] if place + 1 < len(ids) else None,
            previousId=ids[place - 1] if place else None,
        )
        criteria.append(criterion)
        words.append(item)
    return criteria, words


def _beside(criterion: RecordCriterion, record: Record) -> dict[str, Any]:
    """Give what USDM has no attribute for: the rule first."""
    plain = criterion.model_dump(mode="json", exclude_defaults=True)
    held = ("rule", "kind", "place", "proposals")
    beside: dict[str, Any] = {field: plain[field] for field in held if field in plain}
    if criterion.source_text is not None:
        beside["says"] = criterion.says
    if tuple(arm for arm in arms_with_cohort(record) if arm in criterion.arms) != criterion.arms:
        beside["arms"] = list(criterion.arms)
    return beside


def arms_with_cohort(record: Record) -> tuple[str, ...]:
    """Give the arms that need a cohort: those there are, and those that a criterion names.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    tuple of str
        Ids of arms, each once.
    """
    named = (arm for each in record.criteria for arm in each.arms)
    return tuple(dict.fromkeys((*(arm.id for arm in record.arms), *named)))


def cohorts_of(
    record: Record, criteria: Sequence[Part], parts: Parts
) -> tuple[list[Part], Mapping[str, str]]:
    """Give a cohort for each arm, with the criteria that are asked for that arm and not for all.

    Parameters
    ----------
    record : Record
        Any record.
    criteria : sequence of dict
        As `criteria_of` gives them.
    parts : Parts
        Makes the parts.

    Returns
    -------
    tuple of list of dict and mapping of str to str
        `StudyCohort`s, and their ids by the id of the arm.
    """
    names = Names("id")
    cohorts, ids = [], {}
    for place, arm in enumerate(arms_with_cohort(record), start=1):
        name, beside = names.give(arm, f"cohort-{place}")
        asked = [
            made["id"]
            for each, made in zip(record.criteria, criteria, strict=True)
            if arm in each.arms
        ]
        cohort = parts.part(
            "StudyCohort",
            beside,
            name=name,
            includesHealthySubjects=bool(record.publication.healthy_volunteers),
            plannedSex=[],
            criterionIds=asked,
        )
        cohorts.append(cohort)
        ids[arm] = cohort["id"]
    return cohorts, ids


def population_of(
    record: Record, criteria: Sequence[Part], cohorts: list[Part], parts: Parts
) -> Part:
    """Give the population, with the criteria that are asked for every arm.

    Parameters
    ----------
    record : Record
        Any record.
    criteria : sequence of dict
        As `criteria_of` gives them.
    cohorts : list of dict
        As `cohorts_of` gives them.
    parts : Parts
        Makes the parts.

    Returns
    -------
    dict of str to object
        A `StudyDesignPopulation`.
    """
    published = record.publication
    sexes = ("female", "male") if published.sex == "all" else (published.sex,)
    planned = published.enrolled if is_planned(record) else None
    asked = [
        made["id"] for each, made in zip(record.criteria, criteria, strict=True) if not each.arms
    ]
    return parts.part(
        "StudyDesignPopulation",
        name="population",
        includesHealthySubjects=bool(published.healthy_volunteers),
        plannedEnrollmentNumber=None if planned is None else parts.quantity(planned),
        plannedSex=[parts.code(SEXES.coded(sex)) for sex in sexes if sex],
        criterionIds=asked,
        plannedAge=_ages(record, parts),
        cohorts=cohorts,
    )


def is_planned(record: Record) -> bool:
    """Say whether the record states a number of participants that is planned, not reached.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    bool
        USDM holds the planned number of a design only.
    """
    return record.publication.enrolled is not None and not record.publication.enrolled_is_actual


def has_ages(record: Record) -> bool:
    """Say whether USDM can hold the ages of a record.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    bool
        True where both ends are stated, in years.
    """
    published = record.publication
    ends = (published.minimum_age, published.maximum_age)
    return all(YEARS.fullmatch(end) for end in ends)


def _ages(record: Record, parts: Parts) -> Part | None:
    """Give the ages of the record's own field."""
    if not has_ages(record):
        return None
    lowest, highest = (_in_years(each, parts) for each in _stated_ages(record))
    return parts.part("Range", minValue=lowest, maxValue=highest, isApproximate=False)


def _stated_ages(record: Record) -> Iterator[int]:
    """Give the ages as numbers."""
    for words in (record.publication.minimum_age, record.publication.maximum_age):
        yield int(words.removesuffix(" Years"))


def _in_years(age: int, parts: Parts) -> Part:
    """Give an age."""
    return parts.quantity(age, UNITS.coded("Years"))
