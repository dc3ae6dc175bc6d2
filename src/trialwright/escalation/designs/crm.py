"""The continual reassessment method, CRM, power or logistic; see `crm_rule` for what it does when.

References
----------
.. [1] O'Quigley J, Pepe M, Fisher L. Continual reassessment method: a practical design for phase 1
   clinical trials in cancer. Biometrics 1990;46(1):33-48. doi:10.2307/2531628
"""

from dataclasses import dataclass

from trialwright.escalation.crm_meeting import CrmMeeting


@dataclass(frozen=True, kw_only=True)
class Crm(CrmMeeting):
    """CRM, power or logistic, by converged quadrature."""
