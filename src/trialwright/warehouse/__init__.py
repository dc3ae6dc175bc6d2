"""The same criteria over a whole hospital: OMOP tables in place, set at a time."""
