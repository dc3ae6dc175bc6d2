"""A trial that people name: a protocol, a draft of one, or a record of any shape, opened."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trialwright.assembly.files import MOST_RECORD_BYTES, read_text
from trialwright.assembly.protocols import load
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.protocol.study import Study
from trialwright.registry.draft import Draft
from trialwright.registry.reading import read_record
from trialwright.registry.record import Record, record_of_plain
from trialwright.registry.shapes.strict_json import read_json
from trialwright.registry.shapes.usdm import read_usdm
from trialwright.terms.errors import Refusal


def open_trial(name_or_file: str, study: str = "") -> Study | Record | Draft:
    """Open what people name.

    Parameters
    ----------
    name_or_file : str
        NCT number of a shipped protocol; or a protocol, a draft of one, or a trial record of any
        shape. A record that ends in `.gz` is unpacked.
    study : str
        Which study of a record that holds several.

    Returns
    -------
    Study or Record or Draft
        A protocol that can be run; the public part of a draft file or of a USDM study; what any
        other record says.

    Raises
    ------
    Refusal
        If it cannot be read, or is a protocol with all its parts and faults in them.
    """
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml"):
        return _of_yaml(path)
    if not path.is_file():
        return load(name_or_file).study
    text = read_text(path, MOST_RECORD_BYTES)
    if _is_usdm(text, path.name):
        return read_usdm(text, path.name)
    return read_record(text, path.name, study)


def _of_yaml(path: Path) -> Study | Record:
    """Read a protocol file, or a draft that lacks parts of one."""
    try:
        return load(str(path)).study
    except Refusal:
        plain, faults = gather_yaml(read_text(path), path.name)
        if faults or not isinstance(plain.value, dict) or not _is_draft(plain.value):
            raise
        return record_of_plain(plain.value, path.name)


_PARTS = frozenset(name for name, each in Study.model_fields.items() if each.is_required())
"""Parts of every protocol."""


def _is_draft(plain: Mapping[str, Any]) -> bool:
    """Say whether a file lacks parts of a protocol, or holds limits that nobody reviewed."""
    criteria = plain.get("criteria")
    held = criteria if isinstance(criteria, list) else ()
    is_open = any(isinstance(each, dict) and each.get("proposals") for each in held)
    return is_open or not plain.keys() >= _PARTS


def _is_usdm(text: str, file: str) -> bool:
    """Say whether a text is a study in USDM, wherever in it the version stands."""
    is_named = text.lstrip().startswith("{") and '"usdmVersion"' in text
    return is_named and "usdmVersion" in read_json(text, file)
