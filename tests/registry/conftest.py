"""An invented trial in the shape of a cancer.gov page, and its protocol with the gaps filled."""

from io import BytesIO

import pytest
from ruamel.yaml import YAML

from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.protocol.study import Study
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml

INVENTED = """\
Skip to main content

Testinib with Endocrine Therapy in Treating Patients with an Invented Disease

Trial Status: Active

This phase Ib trial studies testinib with endocrine therapy. No such trial exists.

Inclusion Criteria

  • Women: * At least 60 years OR * Younger, and any one of: ** Condition one ** Condition two
  • Hemoglobin >= 9 g/dl
  • Bilirubin < 3 * ULN

Exclusion Criteria

  • Prior testinib
  • For Arm B only: intolerance of partnerib

Invented Hospital
Status: ACTIVE
Contact: Alex Example
Phone: 000-000-0000


I. To evaluate safety of testinib.
II. To find its dose.

I. Objective response rate.

I. Predictors of response.

OUTLINE: This is a dose-escalation study of testinib. Patients are assigned to 1 of 2 arms.

ARM A: Patients receive testinib orally (PO) once daily (QD) on days 1-21. Patients also \
receive shotumab intramuscularly (IM) on days 1 and 15 of cycle 1 and on day 1 of subsequent \
cycles. Cycles repeat every 28 days in the absence of disease progression or unacceptable toxicity.

ARM B: Patients receive shotumab IM as in arm A, testinib PO QD and inhibitor of something \
(onezole, twozole, or threezole) PO QD on days 1-28. Cycles repeat every 28 days in the absence \
of disease progression or unacceptable toxicity.

After completion of study treatment, patients are followed up at 30 days, then every 3 months \
thereafter.

Trial Phase Phase I

Trial Type Treatment

Lead Organization
Invented Center

Principal Investigator
Alex Example

  • Primary ID 99-001
  • Secondary IDs NCI-2099-00001
  • ID NCT99999999
"""

WHAT_PEOPLE_SUPPLY = """
version: "1"
dated: 2099-01-01
assignment: {rule: investigator, says: By the investigator., origin: not_in_registry}
sample_size: {participants: 12, origin: not_in_registry}
dlt:
  origin: not_in_registry
  ctcae: "5.0"
  must_be_related: true
  rules: [{id: any-grade-4, says: Any event of grade 4, least_grade: 4}]
response:
  origin: not_in_registry
  measurable_conventional_mm: 20
  measurable_spiral_mm: 10
  bone_only_allowed: false
endpoint_settings: {}
"""

FOR_AN_ARM = """
ladder: {agent: testinib, doses: [1, 2], origin: not_in_registry, note: Invented.}
escalation: {name: 3+3, variant: six-at-mtd, origin: not_in_registry}
dlt_window: {anchor_agent: testinib, days: 28, least_dose_percent: 75, origin: not_in_registry}
"""


@pytest.fixture(scope="session")
def page() -> str:
    """Give the text of the invented page."""
    return INVENTED


@pytest.fixture(scope="session")
def real_page(shared) -> str:
    """Give the text of the first trial's page."""
    return (shared / "registry" / "nct03959891.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def study() -> Study:
    """Give the invented trial's protocol: its draft, with what the page lacks filled in."""
    drafted = read_yaml(draft_yaml(read_page(INVENTED))).value
    drafted |= read_yaml(WHAT_PEOPLE_SUPPLY).value
    for arm in drafted["arms"]:
        arm |= read_yaml(FOR_AN_ARM).value
        for choice in (each for line in arm["dosing"] for each in line["choices"]):
            if "dose" in choice:
                choice["dose"]["amount"] = 5
    for criterion in drafted["criteria"]:
        criterion.pop("proposals", None)
    for agent in drafted["agents"].values():
        agent["dose_unit"] = "mg"
        agent.setdefault("agent_class", "invented class")
    written = BytesIO()
    YAML(typ="safe", pure=True).dump(drafted, written)
    return read_study(written.getvalue().decode()).study
