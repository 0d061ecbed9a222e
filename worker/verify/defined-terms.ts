/**
 * Words that are terms of Code Strings and may be names of people as well (PS3.16 Annex L, PS3.3): in a Code String they
 * are the term.
 */
export const definedTerms: ReadonlySet<string> = new Set(
  (
    'abdomen adrenal ankle antecubital anus aorta arm axilla back bladder brain breast bronchus buttock calcaneus calf carotid ' +
    'cerebellum cervix cheek chest clavicle coccyx colon cornea coronary cspine duodenum ear elbow esophagus extremity eye ' +
    'eyelid face femur finger foot gallbladder hand head heart hip humerus ileum iliac ilium intestine jaw jejunum joint ' +
    'kidney knee larynx leg liver lspine lumbar lung maxilla mandible mediastinum mouth muscle neck nose orbit ovary pancreas ' +
    'parotid patella pelvis penis pharynx phantom placenta prostate radius rectum retina rib ribs sacrum scalp scapula ' +
    'sclera scrotum shoulder skin skull spine spleen sternum stomach subclavian testis thigh throat thumb thymus thyroid ' +
    'headneck abdomenpelvis chestabdomen chestabdpelvis neckchest neckchestabdomen neckchestabdpelv ' +
    'tibia toe tongue tooth trachea tspine ulna ureter urethra uterus vagina vein vertebra vulva wrist zygoma wholebody ' +
    'left right both prone supine erect sitting standing anterior posterior lateral oblique axial sagittal coronal ' +
    'original derived primary secondary localizer mixed other none female male person image volume surface rest stress ' +
    'white black hispanic brown gray green blue long short young hold major minor single double'
  ).split(' '),
);
