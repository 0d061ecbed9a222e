/**
 * Harmless texts as scanners, technologists and reporters write them, by the kind of place where they stand. Nobody is
 * named in them: every word must stay where the profile keeps descriptions.
 */

/** Splits a block of lines. */
function lines(block: string): readonly string[] {
  return block.split('\n').filter((line) => line !== '');
}

/** At most 64 characters each (LO), and most of them 16 less: names of protocols, series, studies, procedures. */
export const shortDescriptions = {
  english: lines(`CT CHEST W CONTRAST
CT ABDOMEN/PELVIS W/O CONTRAST
CT CHEST ABD PELVIS W IV CONTRAST
CT HEAD WO CONTRAST
CTA HEAD AND NECK
CT ANGIO CHEST PE PROTOCOL
CT COLONOGRAPHY SCREENING
CT LUNG CANCER SCREENING LOW DOSE
CT UROGRAM 3 PHASE
CT LIVER TRIPLE PHASE
CT SINUS STEALTH
CT TEMPORAL BONES
CT THORACIC SPINE W/O
HRCT CHEST PRONE INSP EXP
MR BRAIN W/WO CONTRAST
MRI LUMBAR SPINE WITHOUT CONTRAST
MR PROSTATE MULTIPARAMETRIC
MRI BREAST BILATERAL DYNAMIC
MR ENTEROGRAPHY
MRCP 3D RESP TRIGGERED
MR KNEE RIGHT NON CONTRAST
MRA CIRCLE OF WILLIS TOF
MR CARDIAC VIABILITY
MR SHOULDER ARTHROGRAM LT
MAMMO DIAGNOSTIC BILATERAL W TOMO
MAM SCREENING BILATERAL
BREAST ULTRASOUND LIMITED LEFT
US ABDOMEN COMPLETE
US THYROID
US CAROTID DUPLEX BILATERAL
US OB > 14 WEEKS SINGLE FETUS
US RENAL TRANSPLANT DOPPLER
US GUIDED BIOPSY
ECHO TRANSTHORACIC COMPLETE
STRESS ECHO DOBUTAMINE
XR CHEST 2 VIEWS PA AND LATERAL
XR CHEST PORTABLE AP
XR KNEE 3 VIEWS RIGHT
XR ANKLE LEFT 3V
CHEST AP PORTABLE UPRIGHT
Abdomen 1 View Supine
FL UPPER GI WITH SMALL BOWEL
FL BARIUM SWALLOW MODIFIED
NM BONE SCAN WHOLE BODY 3 PHASE
NM MYOCARDIAL PERFUSION REST STRESS SPECT
NM HIDA SCAN WITH CCK
NM LUNG VENT AND PERF
PET CT SKULL BASE TO MID THIGH
PET/CT FDG Whole Body
PET WB CTAC
PET Brain Amyloid
IR ANGIO PULMONARY BILATERAL
IR PORT PLACEMENT
CORONARY ANGIOGRAPHY LEFT HEART CATH
DEXA BONE DENSITY HIP AND SPINE
RADIATION THERAPY SIMULATION CT
RT PLANNING CT PELVIS
Prostate IMRT Plan 78 Gy
Boost plan left breast
Whole slide image H&E stain
Fundus photography both eyes
OCT macula OD
Outside images for comparison
Second opinion consult
Follow up nodule in 6 months
Rule out fracture
Chest pain, shortness of breath
Abdominal pain and weight loss
History of lung cancer, restaging
Elevated PSA, prior negative biopsy
Status post lobectomy
Fall from height
Motor vehicle accident
Headache with visual changes
Dizziness and tinnitus, rule out acoustic neuroma
Persistent cough for three weeks
Known hepatocellular carcinoma post ablation
Low back pain radiating to left leg
Pre-operative evaluation
Routine screening exam
Abnormal mammogram, recall from screening
Post reduction films
Line placement check
Evaluate for free air
Palpable lump at 3 o'clock
New onset seizures
Altered mental status
Breast cancer, neoadjuvant chemotherapy
Suspected pulmonary embolism
Multiple sclerosis surveillance`),
  protocols: lines(`P4^P101^S108^I0, Gated, 0.0%
1.1 Routine Chest
5.3 CHEST/ABD/PEL W 120 kVp
6.1 Abdomen Routine
ThorAbd  5.0  B30f
Thorax  1.0  B60f  Lung
AbdomenRoutine  3.0  I30f  3
Abd/Pel  5.0  Br40  S3
Topogram  0.6  T20f
HeadSeq  4.8  H31s
PreMonitoring
Monitoring 10.0 B30s
CorCTA  0.75  Bv36  3  BestDiast 72 %
DS_CorCTA  0.6  B26f  BestSyst 37 %
CT_WB_3.0_ALPHA
Lung 1.25 mm
STANDARD 2.5mm
BONE PLUS 1.25
ASIR-V 50% Axial
DLIR-H 0.625
SMART MAR
Coronal MPR 2mm
Sag Recon
MIP AXIAL 10x2
3D VR Reformat
Dose Report
Dose Info
Patient Protocol
Screen Save
Scout
SCOUT LAT
Localizer
3-PLANE LOC
AAHScout_MPR_cor
t1_mprage_sag_p2_iso
t1_mpr_sag_p2_iso_1.0
t2_tse_tra_512
t2_tse_dark-fluid_tra_fs
t2_space_dark-fluid_sag_p2_iso
t2_blade_tra_fs_mbh
t1_vibe_dixon_tra_bh_W
t1_fl2d_opp_in_tra_p2
ep2d_diff_b50_400_800_tra_p2_TRACEW
ep2d_diff_4scan_trace_p2_ADC
ep2d_bold_moco
ep2d_perf_p2
resolve_3scan_trace_tra_192_ADC
gre_field_mapping_2mm
localizer_haste
trufi_cine_retro_4ch
tfi_psir_single-shot_LGE_SAX
DE_overview_sa_PSIR
TOF_3D_multi-slab
SWI_Images
mIP_Images(SW)
Pha_Images
MoCoSeries
Perfusion_Weighted
DTI_64dir_b1000
fMRI_rest_MB8
Ax T2 FRFSE FS
AX T1 SE POST
Ax DWI b=1000
SAG T1 FLAIR
Cor T2 FSE IDEAL
3D Ax BRAVO +C
AXIAL LAVA-FLEX PRE
WATER: Ax LAVA Flex
Ax SSFSE BH
3D MRCP ASSET
Apparent Diffusion Coefficient (mm2/s)
eADC: Ax DWI
FAT: LAVA
Cal Head 24
PROPELLER T2 AX
T2W_TSE_SENSE
T1W_3D_TFE
sT1W_3D_TFE SENSE
dSSh_DWI_SENSE
DWI_b1000_sense
B-TFE_BH
VISTA T2
mDIXON-W
eTHRIVE_BH
DelRec - DWI 3 b values
SURVEY
Ref_Head_8
B0map
QuickSurvey
WIP T2W_FLAIR
pCASL 3D
AP SPINE
R CC
L MLO
RMLO Tomosynthesis
L-CC C-View
LM MAG
Thorax pa
Thorax lateral li
KUB
ODONTOID OPEN MOUTH
C-SPINE SWIMMERS
[MAC] WB
[CTAC] WB 3D MAC
WB AC
WB NAC
AC CT Brain 3.0 H30s
PET WB (AC)
Static Emission
Tomo Recon SAX Stress
SA_STR_AC
RAW Gated SPECT
LAO 45
CARD Coro 15 f/s
DSA Cerebral 2 fps
DynaCT Head
4 Chamber
PLAX
Apical 2CH
OBL
Doppler MV inflow
Series 5
Unnamed
ORIGINAL
CT Ac 3.75
B-Scan 6x6mm Cube
IR_OCT
`),
  german: lines(`CT Thorax mit KM
CT Abdomen nativ und KM venös
CT Schädel nativ
CT Hals Thorax Abdomen
CT Becken ohne Kontrastmittel
Ganzkörper Polytrauma Spirale
CT-Angiographie Becken-Bein
Niedrigdosis Steinsuche
MRT Schädel mit Kontrastmittel
MRT LWS nativ
MRT Kniegelenk rechts
MRT Prostata multiparametrisch
MRT Mamma beidseits
MR-Cholangiographie
Röntgen Thorax in 2 Ebenen
Rö-Thorax p.a. stehend
Röntgen Hand links dorsovolar
Sprunggelenk seitlich links
Becken Übersicht a.p.
Mammographie beidseits
Sonographie Abdomen
Schilddrüsensonographie
Skelettszintigraphie
Schilddrüsenszintigramm mit Tc-99m
PET-CT Ganzkörper FDG
Bestrahlungsplanung Mamma rechts
Phlebographie Bein links
Durchleuchtung Schluckakt
Ausschluss Lungenembolie
Verdacht auf Fraktur
Verlaufskontrolle nach Operation
Zustand nach Sturz
Tumorstaging
Bekanntes Bronchialkarzinom, Staging
Kopfschmerzen seit drei Wochen
Rückenschmerzen mit Ausstrahlung ins Bein
Unklare Raumforderung der Leber
Atemnot, Fieber, Infiltrat?
Nachsorge Mammakarzinom
Dünnschicht Lunge
Knochenfenster koronar
Weichteil axial
Rekonstruktion sagittal`),
  french: lines(`Scanner thoraco-abdomino-pelvien avec injection
TDM cérébral sans injection
TDM thoracique sans contraste
Angioscanner des troncs supra-aortiques
IRM cérébrale avec gadolinium
IRM du genou gauche
IRM lombaire
IRM mammaire bilatérale
Radiographie du thorax de face
Radio bassin face
Mammographie de dépistage
Échographie abdominale
Écho-doppler artériel des membres inférieurs
Scintigraphie osseuse
TEP scanner corps entier
Scanner des sinus
Coupes axiales fines
Temps portal
Temps artériel
Reconstruction coronale
Bilan d'extension
Recherche d'embolie pulmonaire
Douleurs abdominales
Suivi oncologique
Contrôle après traitement
Antécédents de cancer du sein
Céphalées inhabituelles
Suspicion de fracture`),
  spanish: lines(`TC de tórax con contraste
TC abdomen y pelvis sin contraste
TAC craneal simple
Angio TC de arterias pulmonares
RM de cerebro con contraste
RM de rodilla derecha
RM columna lumbar
Radiografía de tórax PA y lateral
Mamografía bilateral
Ecografía abdominal
Ecografía de tiroides
Gammagrafía ósea
PET TC cuerpo entero
Fase arterial
Fase portal
Corte axial
Reconstrucción coronal
Dolor abdominal
Sospecha de fractura
Control posquirúrgico
Descartar tromboembolismo pulmonar
Tumor de mama en estudio
Cefalea crónica`),
  italian: lines(`TC torace con mezzo di contrasto
TC addome completo senza contrasto
TC cranio
RM encefalo con contrasto
RM ginocchio sinistro
RM colonna lombosacrale
RX torace due proiezioni
RX bacino
Mammografia bilaterale
Ecografia addome superiore
Scintigrafia ossea
PET total body
Fase arteriosa
Fase tardiva
Controllo dopo intervento
Dolore toracico
Sospetta frattura
Stadiazione neoplasia polmonare`),
  dutch: lines(`CT thorax met contrast
CT abdomen blanco
CT hersenen zonder contrast
MRI hersenen
MRI knie links
X-thorax staand
Mammografie beiderzijds
Echo bovenbuik
Botscan
Arteriële fase
Controle na operatie
Verdenking longembolie
Pijn in de rug`),
  portuguese: lines(`TC de tórax com contraste
TC de abdome total
TC de crânio sem contraste
RM do joelho direito
RM de encéfalo
RX tórax PA e perfil
Mamografia bilateral
Ultrassonografia de abdome total
Cintilografia óssea
Fase arterial
Dor abdominal
Suspeita de fratura
Controle pós-operatório`),
  nordic: lines(`CT thorax med kontrast
CT buk uten kontrast
MR hjerne
MR knä höger
Röntgen lungor
Ultralyd abdomen
DT skalle
MR columna
Mammografi
Kontroll efter operation`),
  slavic: lines(`TK klatki piersiowej z kontrastem
TK głowy bez kontrastu
MR kręgosłupa lędźwiowego
RTG klatki piersiowej
USG jamy brzusznej
CT hrudníku s kontrastem
MR mozku
RTG plic
UZ břicha`),
  turkish: lines(`Toraks BT kontrastlı
Beyin MR kontrastsız
Batın BT
Akciğer grafisi
Diz MR sağ`),
  cyrillic: lines(`КТ грудной клетки
КТ брюшной полости с контрастом
КТ головного мозга
МРТ головного мозга
МРТ поясничного отдела позвоночника
МРТ коленного сустава
Рентгенография легких
УЗИ органов брюшной полости
Маммография
Артериальная фаза
Контроль после операции`),
  greek: lines(`Αξονική θώρακος
Μαγνητική εγκεφάλου
Ακτινογραφία θώρακος
Υπέρηχος κοιλίας`),
  japanese: lines(`胸部CT 単純
腹部造影CT
頭部MRI
胸部X線 正面
腰椎MRI
上腹部造影 動脈相
肺野条件
骨条件
乳房MRI 造影
全身PET検査
胸部単純撮影
肝臓ダイナミック`),
  chinese: lines(`胸部CT平扫
上腹部增强扫描
头颅MRI平扫
腰椎间盘CT
胸部正位片
肺窗
纵隔窗
骨窗
动脉期
门静脉期
延迟期
冠状位重建`),
  korean: lines(`흉부 CT 조영
복부 초음파
뇌 MRI
요추 MRI
흉부 정면
동맥기
지연기`),
  arabic: lines(`أشعة الصدر
تصوير مقطعي للبطن
رنين مغناطيسي للدماغ`),
  hebrew: lines(`צילום חזה
סי טי בטן
בדיקת ראש`),
  thai: lines(`เอกซเรย์ปอด
ซีทีสแกนช่องท้อง`),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Language = keyof typeof shortDescriptions;

/** Sentences of reports, histories, comments and derivations. */
export const longDescriptions =
  lines(`No acute cardiopulmonary process. Heart size is normal. No pleural effusion or pneumothorax.
There is a 12 mm spiculated nodule in the right upper lobe, unchanged from the prior study.
Mild degenerative changes of the lumbar spine. No evidence of fracture or malalignment.
The liver is normal in size and echotexture. The gallbladder contains several mobile stones.
Impression: 1. No pulmonary embolism. 2. Small bilateral pleural effusions. 3. Stable mediastinal lymphadenopathy.
Technique: Axial images were obtained from the skull base to the mid thigh after intravenous administration of FDG.
Comparison: none. Findings: The ventricles and sulci are within normal limits for age.
Patient has allergy to iodinated contrast and penicillin; premedicated with prednisone.
Diabetes type 2, hypertension, chronic kidney disease stage 3, on metformin.
Status post right mastectomy with reconstruction. Family history of ovarian cancer.
Motion artifact degrades the images; repeat acquisition was performed.
Breath hold was poor. Patient could not lie flat and the exam was terminated early.
Injected 100 ml at 3 ml/s through a 20 gauge cannula in the left antecubital vein, no extravasation.
Lossy compressed from original by factor 10:1 using JPEG 2000
Multiplanar reformation, coronal, slice thickness 3 mm, overlapping by 1 mm
Subtraction of mask from contrast frames with pixel shift correction
Maximum intensity projection, slab 10 mm, increment 5 mm
Derived from diffusion weighted images, b values 50, 400 and 800
Attenuation corrected, scatter corrected, decay corrected to start of acquisition
Iterative reconstruction, 3 iterations, 21 subsets, Gaussian filter 5.0 mm FWHM
BI-RADS category 2: benign findings. Scattered fibroglandular densities.
The left ventricular ejection fraction is 55 percent. No regional wall motion abnormality.
Moderate mitral regurgitation with an eccentric jet. Trace tricuspid regurgitation.
Calcified plaque at the carotid bifurcation with less than 50% stenosis.
Endotracheal tube tip is 4 cm above the carina. Nasogastric tube courses below the diaphragm.
Complete tear of the anterior cruciate ligament and a bucket handle tear of the medial meniscus.
Disc protrusion at L4-L5 with compression of the traversing nerve root.
No restricted diffusion to suggest acute infarct. Chronic small vessel ischemic changes.
Postoperative changes from laminectomy at L5-S1 without complication.
Well circumscribed hypoechoic mass at 2 o'clock, 4 cm from the nipple, measuring 8 x 6 x 5 mm.
Sinus rhythm with first degree AV block. Nonspecific ST and T wave abnormality.
Keine Raumforderung, kein Erguss. Herz nicht vergrößert. Lunge frei belüftet.
Zustand nach Lobektomie rechts mit regelrechtem Befund, kein Rezidiv.
Patient mit Husten und Fieber seit einer Woche, Infiltrat im rechten Unterlappen.
Diabetes mellitus, arterielle Hypertonie, Niereninsuffizienz, Kontrastmittelallergie bekannt.
Absence d'anomalie du parenchyme pulmonaire. Pas d'épanchement pleural.
Patient diabétique, allergie aux produits de contraste iodés.
Sin alteraciones significativas. Se observa nódulo pulmonar de 5 mm en lóbulo superior derecho.
Non si osservano lesioni focali. Esiti di intervento chirurgico.
Geen afwijkingen. Normaal hart, geen pleuravocht.
Sem alterações relevantes. Fígado de dimensões normais.`);

/** Contrast agents, drugs and radiopharmaceuticals. */
export const agents = lines(`OMNIPAQUE 350
Omnipaque 300 100 ml
Ultravist 370
Iopamidol
ISOVUE-370
Visipaque 320
IOHEXOL
Gadavist
GADOVIST 1.0
Dotarem 0.1 mmol/kg
Magnevist
MultiHance
Eovist
ProHance
Barium sulfate
Gastrografin oral
APPLIED
Oral & IV
IV
CE
Ioversol
Iomeron 400
Fluorodeoxyglucose
18F-FDG
FDG -- fluorodeoxyglucose
Tc-99m MDP
Technetium Tc99m sestamibi
Ga-68 DOTATATE
Ga-68 PSMA-11
Florbetapir F18
Rubidium Rb82
Xenon gas
Buscopan 20 mg
Lasix 20 mg
Adenosine
Regadenoson
Dobutamine
Nitroglycerin sublingual`);
