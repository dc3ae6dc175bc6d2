"""Files of a study folder as cBioPortal reads them: meta files, tables and case lists."""

from collections.abc import Iterator, Mapping, Sequence


class Folder:
    """Gathers the files of a study folder.

    Parameters
    ----------
    study : str
        Id of the study, which stands in each meta file.
    """

    def __init__(self, study: str) -> None:
        self._study = study
        self.files: dict[str, str] = {}

    def meta(self, name: str, fields: Mapping[str, str]) -> None:
        """Write a meta file.

        Parameters
        ----------
        name : str
            Of `meta_NAME.txt`.
        fields : mapping of str to str
            Its lines.
        """
        lines = {"cancer_study_identifier": self._study, **fields}
        self.files[f"meta_{name}.txt"] = _lines(f"{key}: {value}" for key, value in lines.items())

    def table(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Write a table.

        Parameters
        ----------
        name : str
            Of `data_NAME.txt`.
        rows : sequence of sequence of str
            Heading and rows.
        """
        self.files[f"data_{name}.txt"] = _lines("\t".join(row) for row in rows)

    def case_list(self, name: str, says: str, samples: Sequence[str]) -> None:
        """Write a case list.

        Parameters
        ----------
        name : str
            Of `case_lists/cases_NAME.txt`.
        says : str
            What samples it holds.
        samples : sequence of str
            In order.
        """
        fields = {
            "cancer_study_identifier": self._study,
            "stable_id": f"{self._study}_{name}",
            "case_list_name": says,
            "case_list_description": f"{says} ({len(samples)} samples)",
            "case_list_ids": "\t".join(samples),
        }
        text = _lines(f"{key}: {value}" for key, value in fields.items())
        self.files[f"case_lists/cases_{name}.txt"] = text


def _lines(lines: Iterator[str]) -> str:
    """Put lines together."""
    return "".join(f"{line}\n" for line in lines)
