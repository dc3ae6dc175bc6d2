"""Codes of what is measured, of answers and of units, as the generated records carry them.

Codes of the protocol's criteria are those of its verified list; the others stand for the daily
routine of a hospital and decide no criterion. An OMOP id of 0 has not been verified: the record
then carries a site-local id.
"""

MEASURED = (
    ("85329-1", "Cells.estrogen receptor/100 cells in Breast cancer specimen by Immune stain", 0),
    ("85325-9", "Cells.progesterone receptor/100 cells in Breast cancer specimen by Immune "
     "stain", 0),
    ("85337-4", "Estrogen receptor Ag [Presence] in Breast cancer specimen by Immune stain", 0),
    ("16112-5", "Estrogen receptor [Interpretation] in Tissue", 0),
    ("85339-0", "Progesterone receptor Ag [Presence] in Breast cancer specimen by Immune stain", 0),
    ("16113-3", "Progesterone receptor [Interpretation] in Tissue", 0),
    ("85319-2", "HER2 [Presence] in Breast cancer specimen by Immune stain", 0),
    ("85318-4", "ERBB2 gene duplication [Presence] in Breast cancer specimen by FISH", 0),
    ("48676-1", "HER2 [Interpretation] in Tissue", 0),
    ("89247-1", "ECOG Performance Status score", 0),
    ("751-8", "Neutrophils [#/volume] in Blood by Automated count", 3013650),
    ("26499-4", "Neutrophils [#/volume] in Blood", 0),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", 3000963),
    ("59260-0", "Hemoglobin [Moles/volume] in Blood", 0),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", 3024929),
    ("26515-7", "Platelets [#/volume] in Blood", 0),
    ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", 3024128),
    ("14631-6", "Bilirubin.total [Moles/volume] in Serum or Plasma", 0),
    ("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
     3013721),
    ("30239-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma "
     "by With P-5'-P", 0),
    ("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", 3006923),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", 3016723),
    ("14682-9", "Creatinine [Moles/volume] in Serum or Plasma", 0),
    ("29463-7", "Body weight", 0),
    ("1558-6", "Fasting glucose [Mass/volume] in Serum or Plasma", 0),
    ("14771-0", "Fasting glucose [Moles/volume] in Serum or Plasma", 0),
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", 3004501),
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", 3004410),
    ("59261-8", "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol", 0),
    ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", 3023103),
    ("19123-9", "Magnesium [Mass/volume] in Serum or Plasma", 3001420),
    ("2601-3", "Magnesium [Moles/volume] in Serum or Plasma", 0),
    ("8480-6", "Systolic blood pressure", 0),
    ("8867-4", "Heart rate", 0),
    ("76634-5", "QTc interval by Fridericia formula", 0),
    ("76635-2", "QTc interval by Bazett formula", 0),
    ("8634-8", "Q-T interval", 0),
    ("8637-1", "R-R interval by EKG", 0),
    ("10230-1", "Left ventricular Ejection fraction", 0),
    ("15067-2", "Follitropin [Units/volume] in Serum or Plasma", 3023323),
    ("10501-5", "Lutropin [Units/volume] in Serum or Plasma", 3009214),
    ("2243-4", "Estradiol (E2) [Mass/volume] in Serum or Plasma", 3025285),
    ("56888-1", "HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum or Plasma by Immunoassay", 40760007),
    ("2118-8", "Choriogonadotropin (pregnancy test) [Presence] in Serum or Plasma", 0),
    ("21889-1", "Size Tumor", 0),
    ("33728-7", "Size.maximum dimension in Tumor", 0),
    ("97509-4", "Cancer Disease Progression", 0),
    ("85354-9", "Blood pressure panel with all children optional", 0),
)  # fmt: skip
"""LOINC code, name, OMOP id: what the protocol's criteria are judged on, and their traps."""

ROUTINE = (
    ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 139, 3, 0),
    ("2075-0", "Chloride [Moles/volume] in Serum or Plasma", "mmol/L", 102, 3, 0),
    ("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", "mg/dL", 15, 4, 0),
    ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 9.4, 0.4, 1),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", 4.1, 0.4, 1),
    ("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 190, 35, 0),
    ("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", 130, 45, 0),
    ("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "m[IU]/L", 2.1, 0.7, 2),
    ("8310-5", "Body temperature", "Cel", 36.7, 0.3, 1),
    ("9279-1", "Respiratory rate", "/min", 16, 2, 0),
    ("6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 6.8, 1.6, 1),
    ("8302-2", "Body height", "cm", 168, 9, 0),
)
"""LOINC code, name, unit, mean, standard deviation, decimals: the daily routine of a hospital."""

ANSWERS = (
    ("SNOMEDCT", "10828004", "Positive (qualifier value)"),
    ("SNOMEDCT", "260385009", "Negative (qualifier value)"),
    ("LOINC", "LA11884-6", "Indeterminate"),
    ("SNOMEDCT", "271299001", "Patient's condition worsened (finding)"),
    ("SNOMEDCT", "359746009", "Patient's condition stable (finding)"),
    ("SNOMEDCT", "268910001", "Patient's condition improved (finding)"),
    ("LOINC", "LA9622-7", "Fully active, able to carry on all pre-disease performance without "
     "restriction"),
    ("LOINC", "LA9623-5", "Restricted in physically strenuous activity but ambulatory and able to "
     "carry out work of a light or sedentary nature"),
    ("LOINC", "LA9624-3", "Ambulatory and capable of all selfcare but unable to carry out any "
     "work activities. Up and about more than 50% of waking hours"),
    ("LOINC", "LA9625-0", "Capable of only limited selfcare, confined to bed or chair more than "
     "50% of waking hours"),
    ("LOINC", "LA9626-8", "Completely disabled. Cannot carry on any selfcare. Totally confined "
     "to bed or chair"),
)  # fmt: skip
"""System, code, name: coded answers."""

UNITS = (
    "%", "{score}", "10*3/uL", "10*9/L", "/uL", "/mm3", "g/dL", "g/L", "mmol/L", "mg/dL", "umol/L",
    "U/L", "g", "kg", "[lb_av]", "mmol/mol", "mm[Hg]", "/min", "ms", "s", "[IU]/L", "m[IU]/mL",
    "m[IU]/L", "pg/mL", "pmol/L", "mm", "cm", "Cel",
)  # fmt: skip
"""UCUM codes of the units in use."""
