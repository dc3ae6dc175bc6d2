"""Codes of the common terminologies, as data."""

from dataclasses import dataclass

SYSTEMS = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMEDCT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD10CM",
    "http://unitsofmeasure.org": "UCUM",
    "http://cancerstaging.org": "AJCC",
}
"""FHIR system URI to the short name used in protocol files."""

_CATEGORY = 3  # characters of an ICD-10-CM category; what follows the dot refines it


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """A code of one terminology.

    Attributes
    ----------
    system : str
        Short name: LOINC, SNOMEDCT, RXNORM, ICD10CM, AJCC, LOCAL.
    code : str
        The code itself.
    """

    system: str
    code: str

    def __str__(self) -> str:
        """Say the code, e.g. `LOINC 718-7`."""
        return f"{self.system} {self.code}"

    def covers(self, other: "Code") -> bool:
        """Say whether another code is this one or, in ICD-10-CM, stands below it.

        Parameters
        ----------
        other : Code
            A code found in a record, e.g. `ICD10CM C50.911` for `ICD10CM C50`.

        Returns
        -------
        bool
            ICD-10-CM is a tree: `C50` covers `C50.911`, `C50.9` too, but `C5` covers nothing
            below it, for it is no category. The other systems are compared exactly.
        """
        if self.system != other.system:
            return False
        if self.system != "ICD10CM" or self.code == other.code:
            return self.code == other.code
        category, detail = _icd10(self.code)
        found_category, found_detail = _icd10(other.code)
        return (
            len(category) == _CATEGORY
            and category == found_category
            and found_detail.startswith(detail)
        )


def _icd10(code: str) -> tuple[str, str]:
    """Split an ICD-10-CM code into category and detail, whether its dot is written or not."""
    plain = code.strip().upper()
    return plain[:_CATEGORY], plain[_CATEGORY:].removeprefix(".")
