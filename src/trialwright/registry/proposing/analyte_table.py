"""The table of analytes: what each is, in which unit it is given, and how records call it.

The first line of a row is the fact, its name for people, its usual UCUM unit, the smallest and
largest number that a limit on it can plausibly name in that unit, and the kinds of amount in which
it is given. Then come the words by which records call it; after `exact:` abbreviations that mean it
in these letters only; after `signs:` words for a state that mean it beside a number with its unit;
after `codes:` LOINC codes that two public sources gave; after `substance:` the name under which its
mass and amount convert.
"""

_TABLE = """
anc | Absolute neutrophil count | 10*3/uL | 0.1 | 20 | count
  absolute neutrophil count, absolute neutrophils count, absolute neutrophils, neutrophil count,
  neutrophils count, neutrophils, anc, absolute granulocyte count, absolute granulocytes count,
  absolute granulocytes, granulocyte count, granulocytes, agc, polymorphonuclear leukocytes,
  absolute neutrophile count, neutrophile count, neutrophilic count, polynuclear neutrophils,
  neutrophil granulocytes, neutrophilic granulocytes, segmented neutrophils, neutrophil cell count,
  absolute polymorphonuclear count, neutro, absolute neutrophil cell count
  exact: NEUT, PNN, GRAN
  signs: neutropenia
  codes: 751-8, 26499-4
wbc | White blood cell count | 10*3/uL | 0.5 | 100 | count
  white blood cell count, white blood cells, white blood count, white cell count, white blood cells
  count, wbc count, wbc, wbcc, leukocyte count, leukocytes count, leukocytes, leucocyte count,
  leucocytes, white cells, total white cell count, total leukocyte count, total white blood cell
  count, wcc
  signs: leukopenia, leucopenia, leukocytosis
lymphocytes | Absolute lymphocyte count | 10*3/uL | 0.05 | 10 | count
  absolute lymphocyte count, lymphocyte count, absolute lymphocytes, lymphocytes, total lymphocyte
  count
  exact: ALC
  signs: lymphopenia, lymphocytopenia
eosinophils | Eosinophil count | 10*3/uL | 0.05 | 10 | count
  absolute eosinophil count, eosinophil count, eosinophils
reticulocytes | Reticulocytes | % | 0.1 | 20 | percent count
  reticulocyte count, reticulocytes
platelets | Platelet count | 10*3/uL | 5 | 1500 | count
  platelet count, platelets count, platelets, plt count, plt, thrombocyte count, thrombocytes,
  blood platelets, plat
  signs: thrombocytopenia, thrombopenia, thrombocytosis
  codes: 777-3, 26515-7
hemoglobin | Hemoglobin | g/dL | 5 | 20 | mass/volume amount/volume
  hemoglobin, haemoglobin, hgb, hb, hemoglobin level, hemoglobin concentration, hemoglobin value,
  heamoglobin, hemaglobin, hemoglobine, blood hemoglobin
  exact: HGB, Hgb, Hb, HB
  signs: anemia, anaemia
  codes: 718-7, 59260-0
  substance: hemoglobin
hematocrit | Hematocrit | % | 15 | 65 | percent
  hematocrit, haematocrit, hct, packed cell volume
total-bilirubin | Total bilirubin | mg/dL | 0.2 | 10 | mass/volume amount/volume
  total bilirubin, total serum bilirubin, serum total bilirubin, serum bilirubin, bilirubin,
  bilirubin total, bilirubin level, t bil, t bili, total bili, bili, t bilirubin, total billirubin,
  billirubin, total plasma bilirubin, plasma bilirubin, total blood bilirubin, bilirubinemia,
  t. bil, t. bili, t. bilirubin
  exact: TBL, TBIL, TBili, Tbili, TBil, Tbil, TBILI
  signs: hyperbilirubinemia, hyperbilirubinaemia
  codes: 1975-2, 14631-6
  substance: bilirubin
direct-bilirubin | Direct bilirubin | mg/dL | 0.05 | 5 | mass/volume amount/volume percent
  direct bilirubin, conjugated bilirubin, direct serum bilirubin, serum direct bilirubin, direct
  bili, d bili
  substance: bilirubin
indirect-bilirubin | Indirect bilirubin | mg/dL | 0.1 | 10 | mass/volume amount/volume
  indirect bilirubin, unconjugated bilirubin
  substance: bilirubin
ast | Aspartate aminotransferase | U/L | 10 | 1000 | activity
  aspartate aminotransferase, aspartate transaminase, aspartate transferase, aspartic
  aminotransferase, aspartic transaminase, asparate aminotransferase, aspartate aminotransaminase,
  ast, asat, s got, serum glutamic oxaloacetic transaminase, serum glutamic oxalacetic
  transaminase, glutamic oxaloacetic transaminase, serum glutamate oxaloacetate transaminase,
  glutamate oxaloacetate transaminase, serum glutamyl oxaloacetic transaminase, aspartat
  aminotransferase
  exact: GOT, S-GOT
  codes: 1920-8, 30239-8, 88112-8
alt | Alanine aminotransferase | U/L | 10 | 1000 | activity
  alanine aminotransferase, alanine transaminase, alanine transferase, alanin aminotransferase,
  alanine aminotransaminase, alt, alat, s gpt, serum glutamic pyruvic transaminase, glutamic
  pyruvic transaminase, serum glutamate pyruvate transaminase, glutamate pyruvate transaminase,
  serum glutamyl pyruvic transaminase
  exact: GPT, S-GPT
  codes: 1742-6
transaminases | Transaminases | U/L | 10 | 1000 | activity
  transaminases, serum transaminases, hepatic transaminases, liver transaminases,
  aminotransferases, liver enzymes, hepatic enzymes, transaminase levels
liver-function-tests | Liver function tests | U/L | 10 | 1000 | activity
  liver function tests, lfts
alkaline-phosphatase | Alkaline phosphatase | U/L | 20 | 3000 | activity
  alkaline phosphatase, alk phos, alkaline phos, alk phosphatase, serum alkaline phosphatase,
  alkaline phosphate, alkaline phosphotase
  exact: ALP, AP, ALKP, AKP, PAL
ldh | Lactate dehydrogenase | U/L | 50 | 5000 | activity
  lactate dehydrogenase, lactic dehydrogenase, lactic acid dehydrogenase, ldh
ggt | Gamma-glutamyl transferase | U/L | 5 | 2000 | activity
  gamma glutamyl transferase, gamma glutamyl transpeptidase, gamma gt, ggt, ggtp
albumin | Albumin | g/dL | 1.5 | 6 | mass/volume amount/volume
  serum albumin, albumin, albumin level, plasma albumin
  signs: hypoalbuminemia
  exact: ALB
creatinine | Creatinine | mg/dL | 0.4 | 10 | mass/volume amount/volume
  serum creatinine, creatinine, plasma creatinine, creatinine level, serum creatinine level, blood
  creatinine, serum creatinin, creatinin, creatinemia, creatininemia, sr creatinine
  exact: Cr, SCr, sCr, Scr, CRE, Crea
  codes: 2160-0, 14682-9
  substance: creatinine
creatinine-clearance | Creatinine clearance | mL/min | 10 | 150 | clearance
  creatinine clearance, clearance of creatinine, clearance creatinine, creatinine clearance rate,
  creatine clearance, creatinin clearance, creatinine cl, cr cl, cl cr, ccr, ccl, ccreat, creat
  clearance, cl creat, estimated glomerular filtration rate, glomerular filtration rate, glomerular
  filtration, egfr rate, cockcroft gault, cockroft gault, cockcroft and gault, cockcroft gault
  formula, serum creatinine clearance, urinary creatinine clearance, crcl level, egfr mdrd
  exact: GFR, eGFR, EGFR rate, mGFR, CrCL, CRCL, CLcr, ClCr, CLCR, CrCl
  signs: clearance, egfr
  codes: 2164-2
cystatin-c | Cystatin C | mg/L | 0.3 | 10 | mass/volume
  cystatin c
bun | Blood urea nitrogen | mg/dL | 5 | 150 | mass/volume amount/volume
  blood urea nitrogen, serum urea nitrogen, urea nitrogen, bun, blood urea, serum urea
proteinuria | Urine protein | g/(24.h) | 0.1 | 10 | mass/day mass/mass mass/volume grams plus
  proteinuria, urine protein, urinary protein, 24 hour urine protein, 24 hr urine protein, 24 h
  urine protein, 24 hour urinary protein, 24 hours urine protein, 24 hour protein, 24 hour
  proteinuria, 24 hr urinary protein, urine protein creatinine ratio, urine protein to creatinine
  ratio, urine protein : creatinine ratio, urine protein creatinine, urine protein : creatinine,
  protein creatinine ratio, protein to creatinine ratio, protein : creatinine ratio, urinary
  protein to creatinine ratio, urinary protein creatinine ratio, upc ratio, upc, upcr,
  protein/creatinine ratio, protein/creatinine, urine protein/creatinine ratio, urinary
  protein/creatinine ratio, urinary protein/creatinine, protein/creatinine quotient, protein to
  creatinine, urine protein to creatinine, urine protein / creatinine (upc) ratio, urine protein
  creatinine (upc) ratio, urine protein/creatinine (upc) ratio, spot urine protein, up:c, up:cr,
  urinary protein excretion, urine protein excretion, urine dipstick, dipstick urinalysis,
  dipstick, urinalysis protein, protein on urinalysis, urine protein by dipstick, 24 hr protein, 24
  h protein, 24 hours protein, 24 hours total urine protein, 24 hour total urine protein, total
  urine protein, total urinary protein, urinalysis dipstick, urine dipstick for proteinuria,
  dipstick for proteinuria, urine dipstick protein, protein on dipstick, proteinuria on dipstick,
  dipstick proteinuria, urine analysis protein, protein in urine, urine protein/creatinine, urine
  protein dipstick
  exact: UPCR, UPC
albuminuria | Urine albumin to creatinine ratio | mg/g | 5 | 5000 | mass/mass mass/day
  albumin to creatinine ratio, albumin/creatinine ratio, urine albumin to creatinine ratio, urine
  albumin/creatinine ratio, urinary albumin to creatinine ratio, uacr, albumin:creatinine ratio,
  urine albumin, urinary albumin, albuminuria, microalbuminuria
fasting-glucose | Fasting glucose | mg/dL | 40 | 400 | mass/volume amount/volume
  fasting glucose, fasting blood glucose, fasting plasma glucose, fasting serum glucose, fasting
  blood sugar, fasting blood glucose level, fasting glucose level, fasting glycemia, fasting
  glycaemia, fasting blood sugar level, fasting sugar, glucose fasting
  exact: FPG, FBG, FBS, FSG
  codes: 1558-6, 1557-8, 14771-0
  substance: glucose
glucose | Glucose | mg/dL | 40 | 400 | mass/volume amount/volume
  blood glucose, serum glucose, plasma glucose, random glucose, random blood glucose, random blood
  sugar, blood sugar, glucose, non fasting glucose, blood glucose level, glucose level, glycemia,
  glycaemia, blood sugar level
  signs: hyperglycemia, hyperglycaemia, hypoglycemia, hypoglycaemia
  codes: 2345-7
  substance: glucose
hba1c | Hemoglobin A1c | % | 4 | 14 | percent amount/amount
  hemoglobin a1c, haemoglobin a1c, glycated hemoglobin, glycosylated hemoglobin, glycated
  haemoglobin, glycosylated haemoglobin, hb a1c, hgb a1c, hb a 1c, a1c, hemoglobin a1c level,
  glycohemoglobin, glycated hemoglobin a1c, glycosylated hemoglobin a1c
  codes: 4548-4, 17856-6
potassium | Potassium | mmol/L | 2 | 7 | amount/volume
  serum potassium, potassium, potassium level, plasma potassium, serum potassium level
  exact: K+
  signs: hyperkalemia, hypokalemia, hyperkalaemia, hypokalaemia
  codes: 2823-3
  substance: potassium
calcium | Calcium | mg/dL | 5 | 16 | mass/volume amount/volume
  serum calcium, calcium, corrected calcium, corrected serum calcium, serum corrected calcium,
  albumin corrected calcium, albumin adjusted calcium, total calcium, total serum calcium, albumin
  corrected serum calcium, calcium level, serum calcium level, corrected total calcium, calcemia,
  calcium corrected
  signs: hypercalcemia, hypocalcemia, hypercalcaemia, hypocalcaemia
  substance: calcium
ionized-calcium | Ionized calcium | mmol/L | 0.7 | 2 | amount/volume mass/volume
  ionized calcium, ionised calcium, free calcium, ionized serum calcium
  substance: calcium
magnesium | Magnesium | mg/dL | 0.5 | 5 | mass/volume amount/volume
  serum magnesium, magnesium, magnesium level, serum magnesium level
  exact: Mg++
  signs: hypomagnesemia, hypermagnesemia, hypomagnesaemia
  codes: 19123-9
  substance: magnesium
sodium | Sodium | mmol/L | 110 | 160 | amount/volume
  serum sodium, sodium, sodium level, plasma sodium
  signs: hyponatremia, hypernatremia, hyponatraemia
  substance: sodium
chloride | Chloride | mmol/L | 80 | 130 | amount/volume
  serum chloride, chloride
  substance: chloride
bicarbonate | Bicarbonate | mmol/L | 8 | 45 | amount/volume
  serum bicarbonate, bicarbonate
phosphate | Phosphate | mg/dL | 0.8 | 10 | mass/volume amount/volume
  serum phosphate, phosphate, phosphorus, phosphorous, serum phosphorus, serum phosphorous,
  inorganic phosphorus, inorganic phosphate, phosphate level
  signs: hyperphosphatemia, hypophosphatemia
uric-acid | Uric acid | mg/dL | 2 | 20 | mass/volume amount/volume
  serum uric acid, uric acid
  substance: urate
inr | International normalized ratio | 1 | 0.8 | 5 | none
  international normalized ratio, international normalised ratio, international normal ratio,
  international normalization ratio, inr, pt inr, prothrombin international normalized ratio,
  international ratio
pt | Prothrombin time | s | 8 | 60 | time percent
  prothrombin time, prothrombin, pro time, quick value, prothrombin rate, prothrombin level
  exact: PT
ptt | Partial thromboplastin time | s | 15 | 120 | time
  partial thromboplastin time, activated partial thromboplastin time, activated ptt, a ptt, ptt,
  partial prothrombin time, activated partial prothrombin time, partial thromboplastin, activated
  partial thromboplastin, partial thrombin time, activated partial thromboplastin test, pttk
fibrinogen | Fibrinogen | mg/dL | 50 | 800 | mass/volume amount/volume
  fibrinogen
d-dimer | D-dimer | ng/mL | 100 | 10000 | mass/volume
  d dimer
lvef | Left ventricular ejection fraction | % | 20 | 80 | percent
  left ventricular ejection fraction, left ventricle ejection fraction, left ventricular cardiac
  ejection fraction, cardiac left ventricular ejection fraction, lv ejection fraction, left
  ventricular ef, lv ef, resting ejection fraction, cardiac ejection fraction, ejection fraction,
  left ventricular ejection function, left ventricular fraction, lvef, ventricular ejection
  fraction, resting left ventricular ejection fraction, left ventricular shortening fraction by
  ejection, cardiac ef, left ventricular systolic ejection fraction, baseline lvef
  exact: EF
  codes: 10230-1, 8806-2, 18043-0, 8812-0
shortening-fraction | Shortening fraction | % | 15 | 60 | percent
  shortening fraction, fractional shortening
global-longitudinal-strain | Global longitudinal strain | % | 5 | 30 | percent
  global longitudinal strain
systolic-pressure | Systolic blood pressure | mm[Hg] | 60 | 250 | pressure
  systolic blood pressure, systolic bp, systolic pressure, systolic arterial pressure, sbp,
  systolic arterial blood pressure, systolic blood pressure level, systolic, systole
  codes: 8480-6
diastolic-pressure | Diastolic blood pressure | mm[Hg] | 30 | 150 | pressure
  diastolic blood pressure, diastolic bp, diastolic pressure, diastolic arterial pressure, dbp,
  diastolic arterial blood pressure, diastolic, diastole
blood-pressure | Blood pressure | mm[Hg] | 30 | 250 | pressure
  blood pressure, arterial pressure, arterial blood pressure, blood pressure level, blood pressure
  readings
  exact: BP
  signs: hypertension, arterial hypertension, hypotension, uncontrolled hypertension
mean-arterial-pressure | Mean arterial pressure | mm[Hg] | 40 | 150 | pressure
  mean arterial pressure, mean arterial blood pressure
heart-rate | Heart rate | /min | 30 | 180 | rate
  heart rate, resting heart rate, pulse rate, pulse, ventricular rate, resting pulse, ventricular
  response, cardiac frequency, resting pulse rate
  exact: HR
  signs: bradycardia, tachycardia, sinus bradycardia, sinus tachycardia
  codes: 8867-4
respiratory-rate | Respiratory rate | /min | 6 | 60 | rate
  respiratory rate
qtcf | QTc interval by Fridericia's formula | ms | 300 | 600 | time
  qt c f interval, qt c f, qtc fridericia, fridericia corrected qt interval, fridericia corrected
  qt, fridericia qtc, fridericia's correction formula, qt interval corrected by fridericia's
  formula, fridericia's correction, fridericia's formula, fridericia's, fridericia formula,
  fridericia correction, fridericia, friderica, fredericia
  codes: 76634-5
qtcb | QTc interval by Bazett's formula | ms | 300 | 600 | time
  qt c b interval, qt c b, qtc bazett
  codes: 76635-2
qtc | Corrected QT interval | ms | 300 | 600 | time
  q t c interval, corrected qt interval, corrected qt, qt corrected interval, qt interval
  corrected, q t c, heart rate corrected qt interval, heart rate corrected qt, rate corrected qt
  interval, qt corrected, corrected qtc interval, corrected qtc, qtc value, mean qtc, mean qtc
  interval, mean resting corrected qt interval
  codes: 8636-3
qt | QT interval | ms | 250 | 600 | time
  qt interval, qt
  codes: 8634-8
pr-interval | PR interval | ms | 80 | 400 | time
  pr interval, pq interval, pr pq interval, pr (pq) interval
qrs | QRS duration | ms | 60 | 250 | time
  qrs duration, qrs interval, qrs, qrs complex
cholesterol | Cholesterol | mg/dL | 80 | 600 | mass/volume amount/volume
  total cholesterol, serum cholesterol, fasting cholesterol, fasting total cholesterol,
  cholesterol, fasting serum cholesterol, cholesterol level, total serum cholesterol
  signs: hypercholesterolemia, hypercholesterolaemia
  substance: cholesterol
ldl-cholesterol | LDL cholesterol | mg/dL | 20 | 400 | mass/volume amount/volume
  ldl cholesterol, low density lipoprotein, low density lipoprotein cholesterol, ldl
  substance: cholesterol
hdl-cholesterol | HDL cholesterol | mg/dL | 10 | 150 | mass/volume amount/volume
  hdl cholesterol, high density lipoprotein, hdl
  substance: cholesterol
triglycerides | Triglycerides | mg/dL | 50 | 1500 | mass/volume amount/volume
  triglycerides, fasting triglycerides, serum triglycerides, fasting serum triglycerides,
  triglyceride level
  signs: hypertriglyceridemia, hypertriglyceridaemia
  substance: triglycerides
lipase | Lipase | U/L | 20 | 1000 | activity
  lipase, serum lipase
amylase | Amylase | U/L | 20 | 1000 | activity
  amylase, serum amylase, pancreatic amylase
creatine-kinase | Creatine kinase | U/L | 20 | 5000 | activity
  creatine kinase, creatine phosphokinase, creatinine phosphokinase, creatinine kinase, serum
  creatine phosphokinase, cpk
  exact: CK
troponin | Troponin | ng/mL | 0.001 | 5 | mass/volume
  troponin, troponin i, troponin t, cardiac troponin, cardiac troponin i, cardiac troponin t, high
  sensitivity troponin
bnp | Brain natriuretic peptide | pg/mL | 10 | 5000 | mass/volume
  brain natriuretic peptide, b type natriuretic peptide, bnp
nt-probnp | NT-proBNP | pg/mL | 10 | 20000 | mass/volume
  nt pro bnp, n terminal pro bnp, n terminal pro brain natriuretic peptide
crp | C-reactive protein | mg/L | 0.5 | 300 | mass/volume
  c reactive protein, crp
ferritin | Ferritin | ng/mL | 5 | 5000 | mass/volume
  ferritin, serum ferritin
ammonia | Ammonia | umol/L | 10 | 300 | mass/volume amount/volume
  ammonia
total-protein | Total protein | g/dL | 3 | 10 | mass/volume
  total protein, serum protein, total serum protein
tsh | Thyroid-stimulating hormone | m[IU]/L | 0.01 | 100 | activity
  thyroid stimulating hormone, thyrotropin, tsh
testosterone | Testosterone | ng/dL | 5 | 1000 | mass/volume amount/volume
  serum testosterone, testosterone, total testosterone, testosterone level, castrate levels of
  testosterone, castrate level of testosterone, serum total testosterone, total serum testosterone
cortisol | Cortisol | ug/dL | 1 | 60 | mass/volume amount/volume
  cortisol, morning cortisol, serum cortisol
vitamin-d | Vitamin D | ng/mL | 5 | 150 | mass/volume amount/volume
  vitamin d, 25 hydroxyvitamin d, 25 oh vitamin d, serum 25 hydroxyvitamin d, serum vitamin d
psa | Prostate-specific antigen | ng/mL | 0.01 | 5000 | mass/volume
  prostate specific antigen, psa
ca125 | CA-125 | U/mL | 5 | 10000 | activity
  ca 125, cancer antigen 125
ca-15-3 | CA 15-3 | U/mL | 5 | 10000 | activity
  ca 15 3
ca-19-9 | CA 19-9 | U/mL | 5 | 100000 | activity
  ca 19 9
cea | Carcinoembryonic antigen | ng/mL | 0.5 | 10000 | mass/volume
  cea level, serum cea, carcinoembryonic antigen level
afp | Alpha-fetoprotein | ng/mL | 1 | 100000 | mass/volume
  alpha fetoprotein, alfa fetoprotein, afp
cd4 | CD4 cell count | /uL | 20 | 1500 | count
  cd4 cell count, cd4 count, cd4+ count, cd4+ t cell count, cd4 t cell count, cd4+ cell count, cd4+
  t cells, cd4+, cd4, cd4+ t lymphocyte count, cd4 lymphocyte count, cd4 t lymphocyte count, cd4 t
  cells, cd4 positive count
hiv-viral-load | HIV viral load | {copies}/mL | 10 | 100000 | copies
  viral load, hiv viral load, hiv rna, plasma hiv rna, hiv 1 rna, hiv rna level, hiv 1 viral load
hbv-dna | Hepatitis B virus DNA | [IU]/mL | 5 | 1000000 | copies activity
  hbv dna, hepatitis b virus dna, hepatitis b dna, hbv viral load, hbv dna level, hbv dna titer
weight | Body weight | kg | 20 | 300 | mass
  body weight, weight, weigh, weighing, total body weight
  codes: 29463-7
height | Body height | cm | 100 | 220 | length
  height, body height
  codes: 8302-2
bmi | Body mass index | kg/m2 | 10 | 60 | mass/area
  body mass index, bmi
body-surface-area | Body surface area | m2 | 0.4 | 3 | area
  body surface area, bsa
oxygen-saturation | Oxygen saturation | % | 70 | 100 | percent
  oxygen saturation, o2 saturation, pulse oximetry, pulse oximeter, pulse oxygen saturation, spo2,
  sao2, o2 sat, oximetry, oxygenation, oxyhemoglobin saturation, arterial oxygen saturation,
  peripheral oxygen saturation, room air saturation, resting oxygen saturation, pulse ox, blood
  oxygen saturation, oxygen sat, oxygen saturation level
  signs: hypoxia
pao2 | Arterial oxygen pressure | mm[Hg] | 40 | 110 | pressure
  pao2, partial pressure of oxygen, arterial oxygen tension
fev1 | Forced expiratory volume in 1 second | % | 10 | 120 | percent volume
  fev 1, forced expiratory volume in 1 second, forced expiratory volume in one second, forced
  expiratory volume, forced expired volume in 1 second, forced expiratory volume 1
fvc | Forced vital capacity | % | 10 | 120 | percent volume
  forced vital capacity, fvc
dlco | Diffusing capacity for carbon monoxide | % | 10 | 120 | percent
  dlco, dlco va, diffusing capacity, diffusion capacity, diffusing capacity of the lung for carbon
  monoxide, diffusing capacity for carbon monoxide, diffusing capacity of carbon monoxide, carbon
  monoxide diffusing capacity, diffusion capacity of carbon monoxide, corrected dlco, tlco, kco,
  lung diffusion capacity, diffusing capacity of the lungs for carbon monoxide, diffusion capacity
  of the lung for carbon monoxide
temperature | Body temperature | Cel | 35 | 41 | temperature
  body temperature, temperature, oral temperature, temp
  signs: fever, pyrexia, febrile
"""


def _rows() -> tuple[dict[str, str], ...]:
    """Cut the table into its rows."""
    rows: list[dict[str, str]] = []
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            names = ("fact", "says", "unit", "low", "high", "measures")
            rows.append(dict(zip(names, map(str.strip, line.split("|")), strict=True)))
            continue
        kind, colon, words = line.strip().partition(": ")
        is_marked = bool(colon) and kind in ("exact", "signs", "codes", "substance")
        if is_marked:
            rows[-1][kind] = words
        else:
            rows[-1]["spelled"] = f"{rows[-1].get('spelled', '')} {line.strip()}"
    return tuple(rows)


ROWS = _rows()
"""One mapping a row, its fields as texts."""
