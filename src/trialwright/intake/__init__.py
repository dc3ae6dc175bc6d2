"""Records in: a FHIR R4 bundle becomes a casebook, with the source of each fact."""
