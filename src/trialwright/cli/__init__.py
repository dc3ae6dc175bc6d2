"""Commands: read arguments, make one call, print its sentence."""

from trialwright.cli.main import main

__all__ = ["main"]
