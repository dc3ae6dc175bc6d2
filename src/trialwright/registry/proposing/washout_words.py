"""The words that tell a wash-out from other times: patterns of levelled words."""

import re

TREATMENT = re.compile(
    r"therap|treatment|chemo|radi(?:o|ation|ated)|irradiat|surg|resection|operation|drug|agent"
    r"|antibod|vaccin|transfus|steroid|corticoid|prednis|dexameth"
    r"|medication|inhibitor|inducer|immun|hormon|transplant|infusion|dose\b|dosing"
    r"|investigational|participat|antibiotic|infection|infarct|stroke|isch(?:a)?emi|angina"
    r"|cerebrovascular|thrombo|embol|bleed|hemorrhag|haemorrhag|heart failure|arrhythmi|attack"
    r"|accident|injur|trauma|fracture|procedure|bypass|angioplast|stent|revasculari"
    r"|growth factor|g-csf|gm-csf|erythropoietin|donat|smok|nicotin|warfarin|coumadin|anticoagul"
    r"|aspirin|heparin|platin|taxan|mab\b|nib\b|herbal|supplement|grapefruit|wort"
    r"|administ|received|discontinu|stopp|wash-?out|washed|elaps|biologic|nitrosourea|mitomycin"
    r"|tamoxifen|fulvestrant|letrozole|herceptin|exposure|use of|taking|taken|perforation|fistula"
    r"|abscess"
    r"|ulcer|obstruction|pancreatitis|hospitali|seizure|malignan|cancer|tace|embolization"
    r"|ablation|radiofrequency|brachy|cryo|kyphoplast|paracentesis|thoracentesis|catheter"
    r"|intervention|event|withdraw|completed|completion of"
)
"""Words of a treatment, a procedure or an event that may lie before the study."""

TEST = re.compile(
    r"\b(?:performance status|ecog|karnofsky|perform(?:ed)?|obtained|done|assess(?:ed|ment"
    r"|ments)?|measured|measurements?"
    r"|evaluat(?:ed|ion|ions)|documented|collected|drawn|screening|tests?|tested|testing|scans?"
    r"|imaging|mri|ct"
    r"|pet|ecg|ekg|electrocardiogram|echo(?:cardiogram|cardiography)?|muga|laborator(?:y|ies)"
    r"|labs?|values?|biops(?:y|ies)|specimens?|tissue|samples?|x-?rays?|radiograph\w*"
    r"|exam(?:ination)?s?|visits?"
    r"|organ function|function|parameters|criteria|as follows|results?|consent|informed"
    r"|urinalysis|serology|mammogra\w+|ultrasound|determined|defined as)\b"
)
"""Words of a test, whose time is when it is done."""

STABLE = re.compile(
    r"\b(?:stable|stability|stabili[sz]\w+|progression-? ?free|disease-? ?free|(?:event"
    r"|recurrence|relapse|cancer|symptom|seizure|tumou?r)-? ?free|free (?:of|from)|remission"
    r"|asymptomatic|symptom|symptoms|duration|lasting|lasted|persist\w*"
    r"|controlled|no evidence|without evidence|no signs?|willing|able to|follow-?up|respon[ds]\w*"
    r"|pain|ability|comply|remain|maintained|weight (?:loss|gain)|history of smoking"
    r"|diagnosis of (?:the )?(?:current|present)|initial diagnosis|onset|survival|lead-?in"
    r"|expected to|anticipated|planned|scheduled|requiring|doubling|interval between)\b"
)
"""Words of how something has stayed, whose time is how long."""

LASTING = re.compile(
    r"(?<!off )(?<!not )\b(?:on|receiving|taking|been treated with|undergoing|used"
    r"|using) (?!hold)[^.;]{2,70} (?:for|of)(?: a minimum of| a period of)? $"
)
"""A treatment that goes on, whose time is how long."""

STABLE_AFTER = re.compile(
    r" ?(?:of (?:stable|stability|follow|disease|observation|therapy\b|treatment\b)|(?:disease"
    r"|progression|recurrence|relapse|symptom|event)-? ?free|duration|without (?:evidence"
    r"|progression|recurrence|disease)|stable|in duration|to (?:swallow|complete)|long|at a time"
    r"|of (?:age|life))"
)
"""What follows a time that is how long something has lasted."""

RELAPSE = re.compile(
    r"\b(?:recur\w*|relaps\w*|progress(?:ed|ion|ing|ive)?|resistan\w*|refractor\w*|respon[ds]\w*"
    r"|diagnos\w+|failed|failure|develop\w*)\b"
)
"""Words of a disease that came back, whose time lies between two events."""

OTHER_EVENT = re.compile(
    r" ?(?:of|after|from|following|since) (?:the )?(?:completing|completion|ending|end of"
    r"|finishing|stopping|last|prior|previous|most recent|initial|first-line|first line|adjuvant"
    r"|\(?neo\)?-?adjuvant|primary|diagnosis|starting|their|surgery|receiving|treatment with"
    r"|platinum|discontinu\w+|cessation|radio\w+|chemo\w+|trastuzumab|therapy\b(?! start))"
)
"""What follows a time that counts from another event than the study."""

STUDY = (
    r"(?:study|trial|protocol|regist|enrol|randomi[sz]|entry|entering|enter|first|day|c1d1|cycle"
    r"|start|initiat|begin|commenc|screening|inclusion|treatment|baseline|admission|dosing|dose"
    r"|visit|consent|infusion|investigational|administration|receiv|signing|leukapheresis"
    r"|lymphodeplet|treatment|therapy|the (?:planned|scheduled|anticipated)|accrual|prestudy"
    r"|planned|on-study|receipt|vaccin|transplant|imp\b|participation|"
    r"(?:the )?(?:study|trial))"
)
"""Words of a day of the study."""

TO_STUDY = re.compile(
    rf" ?(?:\([^)]{{0,40}}\) ?)?(?:of age )?(?:,? ?(?:or longer|or more),? )?(?:prior(?: to)?"
    r"|before|preceding|previous to|in advance of|ahead of|of|from|to|until|at"
    r"|leading up to)(?: the| their| his| her| a| an)? ?(?:time of |date of |day of |planned "
    r"|anticipated |scheduled |expected |patient |patient's |subject's |initial "
    rf"|actual )*(?P<study>{STUDY})"
)
"""A day of the study from which a time counts back, directly after it."""

BEFORE_STUDY = re.compile(
    r" (?:prior to|before|preceding|and)(?: the| their| his| her| a| an)? ?(?:time of |date of "
    rf"|day of |planned |initial )*(?P<study>{STUDY})"
)
"""A day of the study from which a time counts back, further on."""

BEFORE_WORD = re.compile(
    r" ?(?:prior(?: to)?|before|preceding|ago|earlier|previously|previous to)(?![a-z])"
)
"""Words that make a time count back."""

SINCE = re.compile(
    r" ?(?:must |should |will |has |have |had |since )*(?:have )?(?:elapsed |passed |lapsed "
    r"|gone by )?(?:\([^)]{0,60}\) ?)?,? ?(?:since|from|after|following|post|beyond|out from|off"
    r"|between|without|removed from|away from|past|washout|wash-out|w/o)(?![a-z])-? ?"
)
"""What leads from a time to the event since which it counts."""

ELAPSED = re.compile(
    r" ?(?:must |should |will |has |have |had )*(?:have )?(?:elapsed|passed|lapsed)"
)
"""Words that a time must have gone by."""

OFF = re.compile(
    r"\b(?:elaps\w+|wash-? ?out|washed out|discontinu\w+|stopp\w+|stop|off|withdrawn|ceased"
    r"|withheld|held|completed|finished|interval|since|ended|not (?:have )?(?:received|taken|had"
    r"|undergone|been)|(?:recovered|last) .{0,30}|free from (?:any )?(?:treatment|therapy)"
    r"|without|no|not)\b"
)
"""Words that a treatment has ended."""

WASHOUT = re.compile(
    r"wash-? ?(?:ed )?out|elaps|must (?:have )?(?:be |been )?(?:stop|discontinu)|discontinued"
)
"""Words of a wash-out, for a time without a comparator."""

EVENT = re.compile(
    r"infarct|stroke|isch(?:a)?emi|angina|cerebrovascular|thrombo|embol|bleed|hemorrhag"
    r"|haemorrhag|failure|arrhythmi|attack|accident|surg|seizure|infection|history \($|recent \($"
    r"|fracture|trauma|therap|chemo|radiat|radiotherap|transfus|operation|procedure"
)
"""Events that a time in brackets may follow."""

WHICHEVER = re.compile(
    r"whichever(?: one| period| is| was| of these| comes| occurs| the| time| interval"
    r"| duration){0,4} (?P<which>longer|longest|greater|greatest|later|latest|shorter|shortest"
    r"|less|earlier|earliest|first)"
    r"|the (?P<of>longer|shorter) of"
)
"""How two times combine."""

INTERVAL = re.compile(
    r"\b(?:time|interval|period|duration)s?(?: of time)? (?:from|since|between|after)\b"
    r"|\b(?:elaps\w+|wash-? ?out(?: period)?(?: of)?|off(?: \w+){0,3} for|washed out for"
    r"|interval of) ?$"
)
"""Words before a time that make it an interval."""

AFTER_STUDY = re.compile(
    r" ?(?:after|following|post|from|beyond) (?:the )?(?:(?:last|final|end|completion"
    r"|discontinuation|stopping|cessation) (?:dose |administration |treatment |of |day "
    r"|infusion |the |intake |in )*(?:study|trial|protocol|investigational|participation|vaccin"
    r"|imp\b)|study (?:drug|treatment|completion"
    r"|discontin)|treatment (?:end|discontin|complet))"
)
"""What follows a time after the study and not before it."""

FOR_WHAT = re.compile(r" ?(?:for|if|from|since|after|following)(?![a-z])")
"""What a second time is for."""

CLAUSE = re.compile(r"[;\n\u2022]|\.(?!\d)|: |\bthe following\b")
"""Where a clause ends."""

WHAT_ENDS = re.compile(
    r"[;\n\u2022,()]|\.(?!\d)|\b(?:prior to|before|and (?:have )?recover\w*|at the time|unless"
    r"|except|with the exception|must|to the first|to study)\b"
)
"""Where the words of a treatment end."""

BEFORE_ENDS = re.compile(
    r"[;\n\u2022,()]|\.(?!\d)|\b(?:unless|except|with the exception|and|or|if|provided)\b"
)
"""Where the words of a day end."""

LEAD = re.compile(
    r"^(?:(?:no|within|not|any|and|or|the|but|patients?|subjects?|participants?|who|have|has|had"
    r"|must|should|received|receiving|receive|be|been|with|of|history|treatment|treated|a|an|that"
    r"|which|is|are|was|were|may|prior|previous|at) )+"
)
"""Small words before those of a treatment."""

TRAIL = re.compile(r"(?: (?:for|of|was|were|is|are|must|should|be|have|has|been|an?|period|the))+$")
"""Small words behind those of a treatment."""
