"""Reference cases in a folder: each file opened, told by its form, put and compared."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialwright.assembly.files import read_text
from trialwright.assembly.library import library
from trialwright.questions.comparing import Comparison
from trialwright.questions.reading import read_json
from trialwright.questions.reference import form_of
from trialwright.terms.errors import Fault, Refusal, refuse

FLOATS = 324
"""Greatest power of ten, up or down, of a number that other software writes: that of a float."""


@dataclass(frozen=True, slots=True)
class FileCompared:
    """What came of one file.

    Attributes
    ----------
    file : str
        Its path below the folder.
    form : str
        What its cases are about; empty when its form is not known.
    comparisons : tuple of Comparison
        One for each case.
    faults : tuple of Fault
        Why it could not be read; empty when it could.
    """

    file: str
    form: str
    comparisons: tuple[Comparison, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def total(self) -> int:
        """How many cases were put."""
        return len(self.comparisons)

    @property
    def agree(self) -> int:
        """How many agree, acceptable readings included."""
        return sum(each.agrees for each in self.comparisons)

    def told(self) -> Iterator[str]:
        """Tell the outcome.

        Yields
        ------
        str
            `FILE: agree N of M`, then one line for each case that disagrees; or why the file was
            not compared.
        """
        if self.faults:
            yield from (str(fault) for fault in self.faults)
            return
        if not self.form:
            yield f"{self.file}: form not known, not compared"
            return
        ambiguous = sum(each.is_ambiguous for each in self.comparisons)
        apart = f" ({ambiguous} of them ambiguous)" if ambiguous else ""
        yield f"{self.file}: agree {self.agree} of {self.total}{apart}"
        for each in self.comparisons:
            if not each.agrees:
                yield f"  {each.case}: {each.says}"
            if each.uncompared:
                yield f"  {each.case}: not compared: {', '.join(each.uncompared)}"


def compare_folder(folder: Path) -> Iterator[FileCompared]:
    """Compare every file below a folder.

    Parameters
    ----------
    folder : Path
        Searched in alphabetical order; what begins with a dot is passed over.

    Yields
    ------
    FileCompared
        One for each file. A file of no known form, or that is no JSON by its name, has no
        comparisons; one that cannot be read has faults.
    """
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not is_hidden:
            yield _compared(path, str(inside))


def _compared(path: Path, name: str) -> FileCompared:
    """Compare one file."""
    if path.suffix.lower() != ".json":
        return FileCompared(name, "", ())
    try:
        parsed = read_json(read_text(path), FLOATS)
        form = form_of(parsed)
        if form is not None and form.complete is not None:
            parsed = form.complete(parsed, _neighbours(path))
    except Refusal as refused:
        faults = tuple(
            Fault(each.where, each.found, each.allowed, each.do, name, each.line)
            for each in refused.faults
        )
        return FileCompared(name, "", (), faults)
    if form is None:
        return FileCompared(name, "", ())
    return FileCompared(name, form.name, tuple(form.compare(parsed, library())))


def _neighbours(path: Path) -> Callable[[str], Any]:
    """Make the opener of files below the folder of a case file."""
    folder = path.parent.resolve()

    def opened(name: str) -> Any:
        asked = (folder / name).resolve()
        if not asked.is_relative_to(folder):
            raise refuse("bundle", "a file elsewhere", "a file below the folder", "Correct it")
        text = read_text(asked)
        is_table = asked.suffix == ".csv"
        return [*csv.DictReader(text.splitlines())] if is_table else read_json(text, FLOATS)

    return opened
