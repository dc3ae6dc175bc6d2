"""Trialwright: an executable phase I oncology trial.

The protocol is data, the conduct is a ledger, and everything else is a pure function of those two.
"""

__version__ = "0.1.0"
