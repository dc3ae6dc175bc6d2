"""A trial's public record in the shapes that others read: page, ClinicalTrials.gov, FHIR, USDM."""
