"""Codes of the medicines that the generated records carry."""

MEDICINES = (
    ("letrozole", "72965", 1315946),
    ("anastrozole", "84857", 1348265),
    ("exemestane", "258494", 1398399),
    ("fulvestrant", "282357", 1304044),
    ("tamoxifen", "10324", 1436678),
    ("palbociclib", "1601374", 45892075),
    ("ribociclib", "1873916", 1592911),
    ("abemaciclib", "1946825", 792649),
    ("everolimus", "141704", 19011440),
    ("alpelisib", "2169285", 1396423),
    ("capivasertib", "2670297", 0),
    ("ipatasertib", "GDC-0068", 0),
    ("capecitabine", "194000", 0),
    ("paclitaxel", "56946", 0),
    ("doxorubicin", "3639", 0),
    ("cyclophosphamide", "3002", 0),
    ("goserelin", "50610", 1366310),
    ("leuprolide", "42375", 1351541),
    ("metformin", "6809", 1503297),
    ("insulin glargine", "274783", 0),
    ("dexamethasone", "3264", 1518254),
    ("prednisone", "8640", 1551099),
    ("ketoconazole", "6135", 985708),
    ("clarithromycin", "21212", 0),
    ("voriconazole", "121243", 1714277),
    ("enzalutamide", "1307298", 42900250),
    ("carbamazepine", "2002", 740275),
    ("phenytoin", "8183", 740910),
    ("atazanavir", "343047", 1727223),
    ("dolutegravir", "1433868", 0),
)
"""Name, RxNorm ingredient and OMOP id; ipatasertib has a code of its own, as RxNorm has none."""

LOCAL_MEDICINES = frozenset({"ipatasertib"})
"""Medicines without a code of RxNorm."""

PRODUCTS = (
    ("letrozole", "PRODUCT-LETROZOLE", "letrozole 2.5 MG Oral Tablet"),
    ("tamoxifen", "PRODUCT-TAMOXIFEN", "tamoxifen 20 MG Oral Tablet"),
    ("palbociclib", "PRODUCT-PALBOCICLIB", "palbociclib 125 MG Oral Capsule"),
    ("metformin", "PRODUCT-METFORMIN", "metformin 500 MG Oral Tablet"),
    ("dexamethasone", "PRODUCT-DEXAMETHASONE", "dexamethasone 4 MG Oral Tablet"),
)
"""Ingredient, site-local code and name of products of the pharmacy: descendants in OMOP."""

ROUTINE_MEDICINES = (
    ("acetaminophen", "161"),
    ("omeprazole", "7646"),
    ("atorvastatin", "83367"),
    ("lisinopril", "29046"),
    ("amlodipine", "17767"),
    ("levothyroxine", "10582"),
    ("ibuprofen", "5640"),
    ("ondansetron", "26225"),
    ("simvastatin", "36567"),
    ("metoprolol", "6918"),
    ("sertraline", "36437"),
    ("albuterol", "435"),
)
"""Name and RxNorm ingredient, recalled: a hospital's routine; none decides a criterion."""

ROUTES = (
    ("26643006", "Oral route"),
    ("6064005", "Topical route"),
)
"""SNOMED CT code and name."""

SETTINGS = (
    ("363676003", "Palliative - procedure intent"),
    ("373846009", "Adjuvant - intent"),
)
"""SNOMED CT code and name of the settings of a treatment."""
