"""Reference cases in a folder: each JSON file opened, told by its form, put and compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trialwright.assembly.files import read_text
from trialwright.assembly.library import library
from trialwright.questions.reading import read_json
from trialwright.questions.reference import Comparison, form_of
from trialwright.terms.errors import Refusal


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
    """

    file: str
    form: str
    comparisons: tuple[Comparison, ...]

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
            `FILE: agree N of M`, then one line for each case that disagrees.
        """
        if not self.form:
            yield f"{self.file}: form not known, not compared"
            return
        ambiguous = sum(each.is_ambiguous for each in self.comparisons)
        apart = f" ({ambiguous} of them ambiguous)" if ambiguous else ""
        yield f"{self.file}: agree {self.agree} of {self.total}{apart}"
        for each in self.comparisons:
            if not each.agrees:
                yield f"  {each.case}: {each.says}"


def compare_folder(folder: Path) -> Iterator[FileCompared]:
    """Compare every JSON file below a folder.

    Parameters
    ----------
    folder : Path
        Searched in alphabetical order.

    Yields
    ------
    FileCompared
        One for each file; a file of no known form has no comparisons.

    Raises
    ------
    Refusal
        If a file cannot be read as JSON.
    """
    for path in sorted(folder.rglob("*.json")):
        name = str(path.relative_to(folder))
        try:
            parsed = read_json(read_text(path))
        except Refusal as refused:
            raise Refusal(
                type(fault)(fault.where, fault.found, fault.allowed, fault.do, name, fault.line)
                for fault in refused.faults
            ) from None
        form = form_of(parsed)
        if form is None:
            yield FileCompared(name, "", ())
        else:
            yield FileCompared(name, form.name, tuple(form.compare(parsed, library())))
