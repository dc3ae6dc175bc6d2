"""When things are due: cycles, dosing days, visit windows, follow-up. Civil dates only."""
