"""Words of a record and the codes by which USDM says them, in both directions.

A code of CDISC stands here only where its definition is the word's. Any other word goes into a code
system of our own, with the word itself as the code, so that nothing is invented and nothing lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OWN = "urn:trialwright:"
"""Begins the name of each extension and of each code system that is ours."""

CDISC = "http://www.cdisc.org"
CDISC_RELEASE = "2024-09-27"
ISO_3166 = "ISO 3166 1 alpha3"
ISO_3166_RELEASE = "2020-08"

NOT_STATED = "not-stated"
"""Our code where USDM asks for one and the record has no word."""

SAID_NOT_STATED = "Not stated"


@dataclass(frozen=True, slots=True)
class Coded:
    """One code of one code system.

    Attributes
    ----------
    code, decode : str
        The code and its words.
    system, release : str
        Whose code, and of which day or version.
    """

    code: str
    decode: str
    system: str = CDISC
    release: str = CDISC_RELEASE


@dataclass(frozen=True, slots=True)
class CodeList:
    """The words that one field of a record may hold, with their codes.

    Attributes
    ----------
    name : str
        The field; names our code system for its other words.
    words : mapping of str to Coded
        The first word of several with one code is the one that the code is read as.
    """

    name: str
    words: Mapping[str, Coded]

    @property
    def own_system(self) -> str:
        """Our code system for words without a code here."""
        return OWN + self.name

    def coded(self, word: str) -> Coded:
        """Give the code of a word.

        Parameters
        ----------
        word : str
            As the record has it; empty: not stated.

        Returns
        -------
        Coded
            In our own system where no code here means the word.
        """
        known = self.words.get(word)
        if known is not None:
            return known
        return Coded(word or NOT_STATED, word or SAID_NOT_STATED, self.own_system, "1")

    def word(self, code: str, decode: str, system: str) -> str:
        """Give the word that a code is read as.

        Parameters
        ----------
        code, decode, system : str
            As in `Coded`; any code of any system.

        Returns
        -------
        str
            The record's word; the decode of a code that is not known here.
        """
        if system == self.own_system:
            return "" if (code, decode) == (NOT_STATED, SAID_NOT_STATED) else decode
        words = (
            each
            for each, coded in self.words.items()
            if (coded.code, coded.system) == (code, system)
        )
        return next(words, decode)

    def holds(self, word: str) -> bool:
        """Say whether the code of a word is read as the same word.

        Parameters
        ----------
        word : str
            As the record has it.

        Returns
        -------
        bool
            False for the second of two words with one code.
        """
        coded = self.coded(word)
        return self.word(coded.code, coded.decode, coded.system) == word


def _listed(name: str, lines: str) -> CodeList:
    """Read `words, separated by commas | code | decode`, a line for each code."""
    words: dict[str, Coded] = {}
    for line in lines.strip().splitlines():
        said, code, decode = (part.strip() for part in line.split("|"))
        words |= {word.strip(): Coded(code, decode) for word in said.split(",")}
    return CodeList(name, words)


PHASES = _listed(
    "phase",
    """
    early I | C54721 | Phase 0 Trial
    I, I/Ib | C15600 | Phase I Trial
    Ia | C199990 | Phase Ia Trial
    Ib | C199989 | Phase Ib Trial
    I/II, Ib/II | C15693 | Phase I/II Trial
    II | C15601 | Phase II Trial
    """,
)
"""A phase of two parts has the code of the class that holds both; its own word stands beside it."""

PURPOSES = _listed(
    "trial_type",
    """
    treatment | C49656 | Treatment Study
    prevention | C49657 | Prevention Study
    diagnostic | C49653 | Diagnosis Study
    supportive care | C71486 | Supportive Care Study
    """,
)

RANKS = _listed(
    "rank",
    """
    primary | C85826 | Trial Primary Objective
    secondary | C85827 | Trial Secondary Objective
    exploratory | C163559 | Trial Exploratory Objective
    """,
)
"""Of objectives."""

ENDPOINT_RANKS = _listed(
    "rank",
    """
    primary | C94496 | Primary Endpoint
    secondary | C139173 | Secondary Endpoint
    exploratory | C170559 | Exploratory Endpoint
    """,
)

ARM_TYPES = _listed(
    "type",
    """
    EXPERIMENTAL, Experimental | C174266 | Investigational Arm
    ACTIVE_COMPARATOR, Active Comparator | C174267 | Active Comparator Arm
    PLACEBO_COMPARATOR, Placebo Comparator | C174268 | Placebo Control Arm
    SHAM_COMPARATOR, Sham Comparator | C174269 | Sham Comparator Arm
    NO_INTERVENTION, No Intervention | C174270 | No Intervention Arm
    """,
)

ROUTES = _listed(
    "route",
    """
    PO | C38288 | Oral Route of Administration
    IV | C38276 | Intravenous Route of Administration
    IM | C28161 | Intramuscular Route of Administration
    SC | C38299 | Subcutaneous Route of Administration
    """,
)

MODELS = _listed(
    "intervention_model",
    """
    PARALLEL, Parallel Assignment, Parallel | C82639 | Parallel Study
    SINGLE_GROUP, Single Group Assignment, Single Group | C82640 | Single Group Study
    CROSSOVER, Crossover Assignment, Crossover | C82637 | Crossover Study
    FACTORIAL, Factorial Assignment, Factorial | C82638 | Factorial Study
    """,
)
"""CDISC's SEQUENTIAL is defined by interim analyses, the registry's by milestones: not the same."""

MASKINGS = _listed(
    "masking",
    """
    NONE, None (Open Label), Open Label, None | C49659 | Open Label Study
    SINGLE, Single | C28233 | Single Blind Study
    DOUBLE, Double | C15228 | Double Blind Study
    """,
)

ALLOCATIONS = _listed(
    "allocation", "RANDOMIZED, Randomized | C46079 | Randomized Controlled Clinical Trial"
)

ROLES = _listed(
    "role",
    """
    principal-investigator | C19924 | Principal investigator
    investigator | C25936 | Investigator
    sponsor | C70793 | Sponsor
    """,
)

SEXES = _listed("sex", "female | C16576 | Female\nmale | C20197 | Male\nall | C49636 | Both")

ORGANISATIONS = _listed(
    "organisation-type",
    """
    registry | C93453 | Study Registry
    sponsor | C70793 | Clinical Study Sponsor
    site | C21541 | Healthcare Facility
    """,
)

CATEGORIES = _listed(
    "category", "inclusion | C25532 | Inclusion Criteria\nexclusion | C25370 | Exclusion Criteria"
)

TITLES = _listed(
    "title",
    """
    brief | C207615 | Brief Study Title
    official | C207616 | Official Study Title
    acronym | C207646 | Study Acronym
    """,
)

EPOCHS = _listed(
    "epoch", "treatment | C101526 | Treatment Epoch\nfollow-up | C202578 | Follow-Up Epoch"
)

UNITS = _listed("unit", "days | C25301 | Day\nYears | C29848 | Year")

INTERVENTIONAL = Coded("C98388", "Interventional Study")
DRUG = Coded("C1909", "Pharmacologic Substance")
PROTOCOL_AGENT = Coded("C41161", "Protocol Agent")
DATA_OF_THIS_STUDY = Coded("C188866", "Data Generated Within Study")
EFFECTIVE_ON = Coded("C207598", "Protocol Effective Date")
EVERYWHERE = Coded("C68846", "Global")

DRUG_SYSTEMS = {
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "SNOMEDCT": "http://snomed.info/sct",
    "LOINC": "http://loinc.org",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "LOCAL": f"{OWN}local",
}
"""Code systems by the word with which a protocol names them."""

_COUNTRIES = """
ARG Argentina|AUS Australia|AUT Austria|BEL Belgium|BRA Brazil|BGR Bulgaria|CAN Canada|CHL Chile
CHN China|COL Colombia|HRV Croatia|CZE Czechia|DNK Denmark|EGY Egypt|EST Estonia|FIN Finland
FRA France|GEO Georgia|DEU Germany|GRC Greece|HKG Hong Kong|HUN Hungary|ISL Iceland|IND India
IRL Ireland|ISR Israel|ITA Italy|JPN Japan|LVA Latvia|LBN Lebanon|LTU Lithuania|LUX Luxembourg
MYS Malaysia|MEX Mexico|NLD Netherlands|NZL New Zealand|NOR Norway|PER Peru|PHL Philippines
POL Poland|PRT Portugal|PRI Puerto Rico|ROU Romania|SAU Saudi Arabia|SRB Serbia|SGP Singapore
SVK Slovakia|SVN Slovenia|ZAF South Africa|ESP Spain|SWE Sweden|CHE Switzerland|THA Thailand
UKR Ukraine|ARE United Arab Emirates
"""

_OTHERWISE_CALLED = {
    "United States": ("USA", "United States of America"),
    "United States of America": ("USA", "United States of America"),
    "USA": ("USA", "United States of America"),
    "United Kingdom": ("GBR", "United Kingdom of Great Britain and Northern Ireland"),
    "South Korea": ("KOR", "Korea, Republic of"),
    "Korea, Republic of": ("KOR", "Korea, Republic of"),
    "Russian Federation": ("RUS", "Russian Federation"),
    "Russia": ("RUS", "Russian Federation"),
    "Taiwan": ("TWN", "Taiwan, Province of China"),
    "Vietnam": ("VNM", "Viet Nam"),
    "Turkey": ("TUR", "Turkey"),
}


def _countries() -> CodeList:
    """Give the countries in which trials are commonly run, by their usual names."""
    pairs = {
        name: (code, name)
        for line in _COUNTRIES.strip().splitlines()
        for code, name in (each.split(" ", 1) for each in line.split("|"))
    }
    return CodeList(
        "country",
        {
            word: Coded(code, name, ISO_3166, ISO_3166_RELEASE)
            for word, (code, name) in (pairs | _OTHERWISE_CALLED).items()
        },
    )


COUNTRIES = _countries()

CLINICAL_TRIALS_GOV = "ClinicalTrials.gov"
"""The organisation in whose scope an NCT number stands."""

NATIONAL_CANCER_INSTITUTE = "National Cancer Institute"
"""The organisation in whose scope an NCI number stands."""
