"""The kinds of rule: one file each, with its judge, its sentence and its design-time check."""
