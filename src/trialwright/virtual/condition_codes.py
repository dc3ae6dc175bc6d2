"""Codes of the conditions and procedures that the generated records carry."""

CONDITIONS = (
    ("breast-cancer", "254837009", "Malignant neoplasm of breast (disorder)",
     (("C50.911", "Malignant neoplasm of unspecified site of right female breast"),
      ("C50.912", "Malignant neoplasm of unspecified site of left female breast"),
      ("C50.919", "Malignant neoplasm of unspecified site of unspecified female breast"),
      ("C50.411", "Malignant neoplasm of upper-outer quadrant of right female breast"))),
    ("bone-metastasis", "94222008", "Secondary malignant neoplasm of bone (disorder)",
     (("C79.51", "Secondary malignant neoplasm of bone"),)),
    ("lung-metastasis", "94391008", "Secondary malignant neoplasm of lung (disorder)",
     (("C78.00", "Secondary malignant neoplasm of unspecified lung"),)),
    ("hepatic-metastasis", "94381002", "Secondary malignant neoplasm of liver (disorder)",
     (("C78.7", "Secondary malignant neoplasm of liver and intrahepatic bile duct"),)),
    ("cns-metastasis", "94225005", "Secondary malignant neoplasm of brain (disorder)",
     (("C79.31", "Secondary malignant neoplasm of brain"),)),
    ("meningeal-metastasis", "", "",
     (("C79.32", "Secondary malignant neoplasm of cerebral meninges"),)),
    ("node-metastasis", "", "",
     (("C77.3", "Secondary and unspecified malignant neoplasm of axilla and upper limb lymph "
       "nodes"),)),
    ("receptor-code", "", "",
     (("Z17.0", "Estrogen receptor positive status [ER+]"),
      ("Z17.21", "Progesterone receptor positive status"),
      ("Z17.411", "Hormone receptor positive with human epidermal growth factor receptor 2 "
       "negative status"))),
    ("bilateral-oophorectomy", "", "",
     (("Z90.722", "Acquired absence of ovaries, bilateral"),)),
    ("hysterectomy", "", "", (("Z90.710", "Acquired absence of both cervix and uterus"),)),
    ("tubal-ligation", "", "", (("Z98.51", "Tubal ligation status"),)),
    ("second-malignancy", "", "",
     (("C18.9", "Malignant neoplasm of colon, unspecified"),
      ("C43.9", "Malignant melanoma of skin, unspecified"),
      ("C54.1", "Malignant neoplasm of endometrium"),
      ("C73", "Malignant neoplasm of thyroid gland"))),
    ("type-1-diabetes", "46635009", "Diabetes mellitus type 1 (disorder)",
     (("E10.9", "Type 1 diabetes mellitus without complications"),)),
    ("type-2-diabetes", "44054006", "Diabetes mellitus type 2 (disorder)",
     (("E11.9", "Type 2 diabetes mellitus without complications"),
      ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"))),
    ("insulin-use", "", "", (("Z79.4", "Long term (current) use of insulin"),)),
    ("hiv", "86406008", "Human immunodeficiency virus infection (disorder)",
     (("B20", "Human immunodeficiency virus [HIV] disease"),
      ("Z21", "Asymptomatic human immunodeficiency virus [HIV] infection status"))),
    ("infarction", "22298006", "Myocardial infarction (disorder)",
     (("I21.9", "Acute myocardial infarction, unspecified"),)),
    ("old-infarction", "", "", (("I25.2", "Old myocardial infarction"),)),
    ("angina", "194828000", "Angina (disorder)",
     (("I20.9", "Angina pectoris, unspecified"), ("I20.0", "Unstable angina"))),
    ("heart-failure", "42343007", "Congestive heart failure (disorder)",
     (("I50.9", "Heart failure, unspecified"),)),
    ("cardiomyopathy", "", "", (("I42.9", "Cardiomyopathy, unspecified"),)),
    ("long-qt", "", "",
     (("I45.81", "Long QT syndrome"), ("I47.21", "Torsades de pointes"))),
    ("gi-disease", "34000006", "Crohn's disease (disorder)",
     (("K50.90", "Crohn's disease, unspecified, without complications"),)),
    ("colitis", "64766004", "Ulcerative colitis (disorder)",
     (("K51.90", "Ulcerative colitis, unspecified, without complications"),)),
    ("pregnancy", "77386006", "Pregnancy (finding)",
     (("Z33.1", "Pregnant state, incidental"),)),
    ("effusion", "", "",
     (("J91.0", "Malignant pleural effusion"), ("R18.0", "Malignant ascites"))),
)  # fmt: skip
"""Name, SNOMED CT code and name (or none), and the ICD-10-CM codes in use with their names.

Where SNOMED CT has the condition, it is the standard concept that the ICD-10-CM codes map to.
"""

ROUTINE_CONDITIONS = (
    ("I10", "Essential (primary) hypertension"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    ("M54.50", "Low back pain, unspecified"),
    ("J45.909", "Unspecified asthma, uncomplicated"),
    ("F41.9", "Anxiety disorder, unspecified"),
    ("M17.9", "Osteoarthritis of knee, unspecified"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("G47.33", "Obstructive sleep apnea"),
    ("E03.9", "Hypothyroidism, unspecified"),
    ("H52.4", "Presbyopia"),
    ("L30.9", "Dermatitis, unspecified"),
    ("R53.83", "Other fatigue"),
    ("J06.9", "Acute upper respiratory infection, unspecified"),
)
"""ICD-10-CM code and name: what most people in a hospital have; none decides a criterion."""

PROCEDURES = (
    ("SNOMEDCT", "76876009", "Excision of bilateral ovaries (procedure)"),
    ("SNOMEDCT", "108290001", "Radiation oncology AND/OR radiotherapy (procedure)"),
)
"""System, code, name."""
