"""Run the commands by `python -m trialwright`."""

from trialwright.cli.main import main

main()
