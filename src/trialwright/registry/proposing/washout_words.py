"""The words that tell a wash-out from other times: patterns of levelled words."""

import re

TREATMENT = re.compile(
    r"therap|treatment|chemo|radi(?:o|ation|ated)|irradiat|surg|resection|operation|drug|agent"
    r"|antibod|vaccin|transfus|steroid|corticoid|prednis|dexameth"
    r"|medication|inhibitor|inducer|immun|hormon|transplant|infusion|dose\b|dosing"
    r"|investigational|participat|antibiotic|infection|infarct|stroke|isch(?:a)?emi|angina"
    r"|cerebrovascular|thrombo(?!plast|cyt)|embol|bleed|hemorrhag|haemorrhag"
    r"|heart failure|arrhythmi|attack"
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
    r"|asymptomatic|(?<!control )symptoms?|duration|lasting|lasted|persist\w*"
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
    r" ?(?:of (?:stable|stability|follow|disease|observation|therapy\b(?! (?:day|start|init))"
    r"|treatment\b(?! (?:day|start|init)))|(?:disease"
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
    r"(?:(?:study|trial|protocol)\b|prestudy|on-study|regist|enrol|randomi[sz]|entry|entering"
    r"|enter\b|first(?! ?-?line)"
    r"(?! (?:biops|diagnos|relapse|progress|recurr|metasta|surg|symptom|remission))"
    r"|(?:treatment |study )?day (?:-? ?\d|one\b|of (?:the )?(?:first|study|trial|treatment|dos"
    r"|initiat|enrol|randomi|regist|infusion|cycle|administration|entry|start|consent))|d-?[01]\b|c1|cycle"
    r"|start|initiat|begin|commenc|screening|inclusion|baseline|admission|consent|signing|signature"
    r"|treatment\b(?! (?:for|of|failure|discont|end|complet|with (?:another|any|other)))|therapy\b"
    r"|dosing|dose\b|infusion|investigational|administration|receiving|receipt|accrual|planned"
    r"|participation|leukapheresis|lymphodeplet|vaccination|imp\b)"
)
"""Words of the study's start: entry, first dose, day 1, screening, consent, baseline."""

_ARTICLE = r"(?: the| their| his| her| a| an| any| this)?"
_DAY_OF = (
    r"(?:time of |date of |day of (?=(?:the )?(?:study|trial|first|dos|enrol|regist|randomi|treat"
    r"|admin|infus|entry|start|initiat|consent|screen|planned|cycle))|planned |anticipated "
    r"|scheduled |expected |patient |patient's |subject's |initial |actual |the )*"
)
_PRIOR = (
    r"(?:prior(?: to)?|before|preceding|previous to|in advance of|ahead of|leading up to)(?![a-z])"
)

TO_STUDY = re.compile(
    rf"[ \x00]*(?:, ?respectively,? ?)?(?:of age )?(?:,? ?(?:or longer|or more),? )?(?:{_PRIOR}"
    rf"|(?:of|from|to|until|at)(?![a-z])),?{_ARTICLE} ?{_DAY_OF}(?P<study>{STUDY})"
)
"""A day of the study from which a time counts back, directly after it."""

TO_OTHER = re.compile(
    r"[ \x00]*(?:,? ?(?:or longer|or more),? )?(?:(?:prior to|before|preceding|previous to"
    r"|in advance of|ahead of|leading up to)(?![a-z])"
    r"|(?P<of>of|from|after|following|since)(?![a-z])),? ?(?=[a-z])"
)
"""What leads to another event than the study's start, where `TO_STUDY` does not match."""

BEFORE_STUDY = re.compile(
    rf"(?<=[ \x00])(?:prior to|before|preceding){_ARTICLE} ?{_DAY_OF}(?P<study>{STUDY})"
)
"""A day of the study from which a time counts back, further on."""

BEFORE_WORD = re.compile(
    r" ?(?:prior(?: to)?|before|preceding|ago|earlier|previously|previous to)(?![a-z])"
)
"""Words that make a time count back."""

SINCE = re.compile(
    r" ?(?:must |should |will |has |have |had |since )*(?:have )?(?:elapsed |passed |lapsed "
    r"|gone by )?[ \x00]*,? ?(?:since|from|after|following|post|beyond|out from|off"
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
    r"infarct|stroke|isch(?:a)?emi|angina|cerebrovascular|thrombo(?!plast|cyt)|embol|bleed|hemorrhag"
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

WHAT_ENDS = re.compile(
    r"[;\n\u2022,()]|\.(?!\d)|\b(?:prior to|before|and (?:have )?recover\w*|at the time|unless"
    r"|except|with the exception|must|to the first|to study|has|have|is|are"
    r"|and (?:the )?(?:participants?|patients?|subjects?|free|are|is|has|have)"
    r"|(?:and|to) (?:the )?(?:regist|enrol|randomi|study|trial|start|first dose)\w*)\b"
)
"""Where the words of a treatment end."""

BEFORE_ENDS = re.compile(
    r"[;:\n\u2022,()\x00]|\.(?!\d)|\b(?:unless|except|with the exception|and|or|if|provided|for"
    r"|as defined|will|has|have|is|are|must|may|whichever)\b"
)
"""Where the words of a day end."""

NOUN = re.compile(
    r"(?<!respon)(?<!line )therap|treatment|chemo|radiat|irradiat|surg|resection|operation|drug"
    r"|agent|vaccin"
    r"|transfus|steroid|medication|inhibitor|transplant|antibiotic|infection|infarct|stroke|isch"
    r"|angina|thrombo(?!plast|cyt)|embol|bleed|hemorrhag|haemorrhag|failure|arrhythmi|accident|injur"
    r"|trauma|fracture|procedure|malignan|cancer|seizure|device|trial|donat|smok|illness"
)
"""Nouns of a treatment, a procedure or an event."""

TESTED = re.compile(
    r"\b(?:tests?|scans?|imaging|mri|ct|pet|ecgs?|biops(?:y|ies)|staging|work-?ups?|specimens?"
    r"|samples?|x-?rays?|mammogra\w+|ultrasound|echocardiogra\w+|muga|evaluations?|assessments?"
    r"|examinations?|laborator(?:y|ies)|values?|serology|urinalysis)\b"
)
"""Words of a test, which is no treatment."""

CAME_BACK = re.compile(
    r"\b(?:progress(?:ed|ion|ing|es)?|recurr(?:ed|ence|ences|ent)|relaps(?:e|ed|es|ing)"
    r"|respon(?:se|ded|ses))"
    r"(?: (?:while on|on|of|while|or|either|disease|during|has|have|occurr\w+))*[ ,]*$"
)
"""A disease that came back or answered, directly before a time."""

STARTED = re.compile(
    r"\b(?:initiated|started|begun|commenced|(?:on|at) (?:an? )?(?:stable|constant|fixed)"
    r"(?: \w+){0,4}|stable)(?: for)?[ ,]*$"
)
"""A treatment that began or goes on unchanged, directly before a time."""

UNRECOVERED = re.compile(
    r"\brecover\w*\b[^;]*\b(?:agents?|drugs?|therap(?:y|ies)|treatments?|medications?)"
    r"(?: (?:administered|given|received|taken))?[ ,]*$"
)
"""The stock sentence of toxicity `due to agents administered`, whose time describes the agents."""

DENIED = re.compile(
    r"\b(?:not|nor|never|without|no)\b(?! (?:be )?(?:allowed|permitted|acceptable|eligible))"
)
"""A denial of what was had, but not of a permission."""

PERMIT = re.compile(
    r"(?<!not )\b(?:is|are|be|may be|were|was)(?: also| still)?"
    r" (?:allowed|permitted|acceptable|eligible)\b"
)
"""Words that permit."""

PERMIT_AFTER = re.compile(
    r"(?:(?!\b(?:except|unless|other than|with|but|however)\b)[^,;]){0,120}?"
    r"(?:\b(?:is|are|may be|will be)(?: also| still)?"
    r" (?:allowed|permitted|acceptable|eligible)\b|\b(?:is|are|will)(?: be)? not"
    r"(?: be)?(?: a| an)? (?:reasons? for|causes? for|grounds? for)? ?(?:exclu|ineligib))"
)
"""Words after a time that permit what stands before it."""

HISTORY = re.compile(r"\b(?:history|onset|episodes?|diagnosis|occurrence) *$")
"""What a time in brackets parts from its `of`."""

HISTORY_OF = re.compile(r"of (?:an? |any )?")
"""The `of` that follows such a time."""

FOR_NAMED = re.compile(r"(?:for|if|after|following|since|from) ")
"""What leads from a time in brackets to what it is for."""

OF_DRUG = re.compile(r"of (?!study|trial|entry|enrol|regist|randomi|first|day)")
"""What leads from half-lives to the drug."""

AGAIN = re.compile(
    r"^(?:[ ,()]*for [^,;]{3,80})?[ ,()]*(?:or|and) (?:must be |be )?"
    r"(?:discontinued|stopped|completed)(?: for)? *$"
)
"""A second time of the same treatment."""

RESPECTIVELY = re.compile(r"[ ,(]*respectively")
"""Says that the n-th number belongs to the n-th name."""

NURSED = re.compile(r"[ ,]*(?:nursing|breast-? ?feeding|lactation)(?: (?:or|and) \w+)? *")
"""Nursing alone, which a time can have ended."""

BETWEEN_STUDY = re.compile(
    r"\b(?:interval|time|period)s?(?: of time)? (?:between|from) (?:the )?"
    r"(?P<x>.+?) (?:and|to) (?:the )?"
    rf"(?P<study>{STUDY}[a-z]*(?: (?:entry|treatment|registration|enrol\w+|dose|of therapy|therapy"
    r"|of treatment))?)(?: (?:of|must|should|be|is))* *$"
)
"""An interval whose both ends stand before its time."""
