"""Two versions of a trial that people name: opened, read, and compared."""

from pathlib import Path

from trialwright.assembly.named_trials import open_trial
from trialwright.protocol.study import Study
from trialwright.registry.amending.amendment import Amendment
from trialwright.registry.amending.building import (
    version_of_draft,
    version_of_record,
    version_of_study,
)
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version
from trialwright.registry.draft import Draft
from trialwright.registry.record import Record


def version_of(name_or_file: str, id: str = "") -> Version:  # noqa: A002
    """Read a version of a trial, whatever it is kept as.

    Parameters
    ----------
    name_or_file : str
        NCT number of a shipped protocol; or a protocol, a draft of one, or a trial record of any
        shape. A record that ends in `.gz` is unpacked.
    id : str
        Which trial of a record that holds several.

    Returns
    -------
    Version
        As far as versions can be compared.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    name = Path(name_or_file).name
    match open_trial(name_or_file, id):
        case Study() as study:
            return version_of_study(study, name)
        case Record() as record:
            return version_of_record(record, name)
        case Draft() as draft:
            return version_of_draft(draft)


def compare_versions(old: str, new: str, id_old: str = "", id_new: str = "") -> Amendment:
    """Say what changes from one version of a trial to another.

    Parameters
    ----------
    old, new : str
        As `version_of` takes them.
    id_old, id_new : str
        Which trial of a record that holds several.

    Returns
    -------
    Amendment
        Structure first, wording apart.

    Raises
    ------
    Refusal
        If one of them cannot be read.
    """
    return differences(version_of(old, id_old), version_of(new, id_new))
