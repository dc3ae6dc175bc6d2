"""Amended versions of a protocol as texts, and every act on them at the end of the long history."""

from datetime import date

from tests.conduct.overseeing import by

from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.protocol.study import Study
from trialwright.protocol.writing import write_study


def with_few_criteria(study: Study, few: tuple[str, ...]) -> Study:
    """Leave out criteria, and say of every term that it is kept, so that the study can be read."""
    terms = {
        name: term.model_copy(update={"note": "kept for a test"})
        for name, term in study.terms.items()
    }
    return study.model_copy(
        update={
            "criteria": tuple(each for each in study.criteria if each.id in few),
            "obligations": tuple(each for each in study.obligations if each.criterion in few),
            "terms": terms,
        }
    )


def amended(study: Study, version: str = "2", **changed) -> str:
    """Write another version of a study."""
    return written(study.model_copy(update={"version": version, **changed}))


def written(study: Study) -> str:
    """Write a study; once for equal ones, for writing takes half a second."""
    key = study.model_dump_json()
    if key not in _WRITTEN:
        _WRITTEN[key] = write_study(study)
    return _WRITTEN[key]


_WRITTEN: dict[str, str] = {}


def with_arm(study: Study, arm: str, **changed) -> tuple:
    """Give the arms of a study with one of them changed."""
    return tuple(
        each.model_copy(update=changed) if each.id == arm else each for each in study.arms
    )  # fmt: skip


def amend(study: Study, on: date, **changed) -> AmendProtocol:
    """Give the act that records a first amendment without any change but its name."""
    told = {
        "text": amended(study), "on": on, "reason": "monitoring visit",
        "changes": ("the version",), "consent_within": 28, "first": written(study),
    } | changed  # fmt: skip
    return AmendProtocol(**told)


def do_amendments(trial, on: date) -> None:
    """Amend, activate for the trial and at a site, and consent again."""
    chief = by("principal-investigator")
    for act in (
        amend(trial.study, on),
        ActivateAmendment(1, EVERY_SITE, on),
        ActivateAmendment(1, "mgh", on, "vote of the committee"),
        RecordReconsent("P-1", 1, on),
    ):
        trial.do(act, chief)
