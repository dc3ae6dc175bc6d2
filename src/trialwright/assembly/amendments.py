"""Two versions of a trial that people name: opened, read, and compared."""

from pathlib import Path

from trialwright.assembly.files import read_text
from trialwright.assembly.protocols import load
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.registry.amending.amendment import Amendment
from trialwright.registry.amending.building import (
    version_of_draft,
    version_of_record,
    version_of_study,
)
from trialwright.registry.amending.differences import differences
from trialwright.registry.amending.version import Version
from trialwright.registry.reading import read_record
from trialwright.registry.record import record_of_plain
from trialwright.registry.shapes.usdm import read_usdm
from trialwright.terms.errors import Refusal

_USDM_HEAD = 2000  # characters in which a USDM file names its version


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
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml"):
        return _of_yaml(path)
    if not path.is_file():
        return version_of_study(load(name_or_file).study, name_or_file)
    text = read_text(path)
    if '"usdmVersion"' in text[:_USDM_HEAD]:
        return version_of_record(read_usdm(text, path.name), path.name)
    return version_of_draft(read_record(text, path.name, id))


def _of_yaml(path: Path) -> Version:
    """Read a protocol file, or a draft that lacks parts of one."""
    try:
        return version_of_study(load(str(path)).study, path.name)
    except Refusal:
        plain, faults = gather_yaml(read_text(path), path.name)
        if faults or not isinstance(plain.value, dict):
            raise
        return version_of_record(record_of_plain(plain.value, path.name), path.name)


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
