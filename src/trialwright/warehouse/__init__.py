"""A whole hospital at once: the criteria compiled to queries over OMOP tables."""
