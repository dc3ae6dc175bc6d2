"""Writing the criteria of a protocol in the forms of others, with what these cannot say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.files import write_new
from trialwright.protocol.omop_codes import SiteConcepts
from trialwright.protocol.study import Study
from trialwright.registry.writing.circe import write_circe
from trialwright.registry.writing.evidence_variable import write_fhir_criteria
from trialwright.submission.trial_inclusion import (
    MOST,
    too_long,
    trial_inclusion,
    trial_inclusion_csv,
)
from trialwright.terms.errors import Fault, Refusal, refuse

Form = Literal["circe", "fhir", "sdtm-ti"]
"""A form in which criteria are exported."""

FAILED = "sdtm-ie"
"""The form of the criteria that participants fail, which `failed_criteria` writes."""

ENDINGS: Mapping[Form, str] = MappingProxyType({"circe": "json", "fhir": "json", "sdtm-ti": "csv"})
"""How the name of a file of each form ends."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a form could not say as it is.

    Attributes
    ----------
    about : str
        Id of a criterion, or a study number; empty for what holds of all.
    says : str
        What, and why.
    """

    about: str
    says: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.about}: {self.says}" if self.about else self.says


@dataclass(frozen=True, slots=True)
class Written:
    """A text in the form of others.

    Attributes
    ----------
    text : str
        Of a file.
    unsaid : tuple of Remark
        What the form could not say, in the order of the criteria.
    """

    text: str
    unsaid: tuple[Remark, ...]


def export_criteria(
    study: Study, form: Form, path: Path, population: str | None = None
) -> tuple[Remark, ...]:
    """Write the criteria of a study to a new file.

    Parameters
    ----------
    study : Study
        The protocol.
    form : {'circe', 'fhir', 'sdtm-ti'}
        A cohort of OHDSI, FHIR R5, or the domain TI of SDTM.
    path : Path
        A path at which there is nothing yet.
    population : str or None
        Address of an OMOP database, for a cohort in that site's own concepts and units.

    Returns
    -------
    tuple of Remark
        What the form could not say.

    Raises
    ------
    Refusal
        If there is something at the path, or its folder is not there; if a population is named
        for another form than a cohort, or cannot be read.
    """
    if population is not None and form != "circe":
        raise Refusal([misplaced(form)])
    require_new(path)
    written = criteria_as(study, form, population)
    write_new(path, written.text)
    return written.unsaid


def misplaced(form: str) -> Fault:
    """Name a population that is given for a form which reads none.

    Parameters
    ----------
    form : str
        Any but `circe`.

    Returns
    -------
    Fault
        To be told with others.
    """
    return Fault("population", f"is named for the form {form}", "it for the form circe alone",
                 "Leave the population out")  # fmt: skip


def require_new(path: Path) -> None:
    """Refuse a path, before anything is worked out for it.

    Parameters
    ----------
    path : Path
        Where a file is asked for.

    Raises
    ------
    Refusal
        If there is something at the path, or its folder is not there.
    """
    if path.exists() or path.is_symlink():
        raise refuse(path.name, "is there already", "a new path", "Choose another name")
    if not path.parent.is_dir():
        raise refuse(
            path.name, "its folder is not there", "a path in a folder that is there",
            "Make the folder first",
        )  # fmt: skip


def _site(population: str, study: Study) -> SiteConcepts:
    """Read a site's concepts and the units of its results."""
    from trialwright.assembly.warehouses import opened
    from trialwright.warehouse.meanings import read_site

    with opened(population) as held:
        return read_site(held.tables, study)


def criteria_as(study: Study, form: Form, population: str | None = None) -> Written:
    """Write the criteria of a study in a form of others.

    Parameters
    ----------
    study : Study
        The protocol.
    form : {'circe', 'fhir', 'sdtm-ti'}
        A cohort of OHDSI, FHIR R5, or the domain TI of SDTM.
    population : str or None
        For a cohort: address of an OMOP database, in whose concepts and units it is written.

    Returns
    -------
    Written
        The text, and what the form could not say.

    Raises
    ------
    Refusal
        If the population cannot be read.
    """
    match form:
        case "circe":
            cohort = write_circe(study, None if population is None else _site(population, study))
            told = tuple(
                Remark(each.criterion, str(replace(each, criterion=""))) for each in cohort.unsaid
            )
            return Written(exact_json(cohort.expression, indent=2) + "\n", told)
        case "fhir":
            return Written(exact_json(write_fhir_criteria(study), indent=2) + "\n", ())
        case "sdtm-ti":
            rows = trial_inclusion(study)
            why = f"TIRL is longer than {MOST} characters; a transport file needs it split"
            told = tuple(Remark(each, why) for each in too_long(rows))
            return Written(trial_inclusion_csv(rows), told)
