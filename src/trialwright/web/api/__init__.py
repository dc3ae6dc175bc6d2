"""The trial for programs: the acts and reads of the pages, in JSON."""
