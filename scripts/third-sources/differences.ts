/** Where a third source rightly differs from the tables of PS3.6 and PS3.15 2026c, each with the reason. */

export interface Difference {
  /** Tags, eight digits. */
  readonly tags: readonly string[];
  readonly reason: string;
}

/** Differences of DCMTK's dictionary, 2026b. */
export const dcmtkDifferences: readonly Difference[] = [
  {
    tags: ['00283006'],
    reason: 'LUT Data is US or OW; one mark of DCMTK for "US, SS or OW" serves all three tables of values',
  },
  { tags: ['0040e012'], reason: 'Display URI came with 2026c' },
];

/** Differences of dcmjs's dictionary, whose names and VRs are partly those of drafts. */
export const dcmjsDifferences: readonly Difference[] = [
  { tags: ['00283006'], reason: 'LUT Data is US or OW; the mark is that of DCMTK' },
  {
    tags: ['00221642', '0040a803', '40101029', '300a0131'],
    reason:
      'keywords that PS3.6 has since spelt otherwise: NumberOfBscansPerFrame, NumberOfTableColumns and so on',
  },
  {
    tags: ['003a0320', '003a0325', '006862f0', '00701305', '00701306'],
    reason:
      'names of drafts: the sequences had no "Sequence" at their ends, Plane and Plane Normal were those of cropping',
  },
  {
    tags: ['00660040', '00660041', '00660042', '00660043'],
    reason: 'lists of long indices were UL in a draft and are OL',
  },
  { tags: ['0070150c', '00760034'], reason: 'VRs of drafts: PS3.6 has UL and SQ' },
];

/** Rows of Table E.1-1 that came after 2024e, by the edition that brought them. */
const addedIn2025 =
  '00100011 00100012 00100013 00100014 00100015 00100016 00100041 00100042 00100043 00100044 00100045 00100046 00100047 00102161 00102162 00081301 00081302 00081303 00081304 0040a034 0040a035 0040b034 0040b036 0040b03b 0040b03f 300a0054';
const addedIn2025e = '00181010 00181011 003a0020 003a0203 003a020c 00400556 0040b020 00700006 0040e012';

/** What DIAG (2025) and Innolitics (2024e) do not have of Table E.1-1, or have otherwise. */
export const confidentialityDifferences: Readonly<Record<'DIAG' | 'Innolitics', readonly Difference[]>> = {
  DIAG: [
    {
      tags: ['00321033'],
      reason: 'Requesting Service is cleaned under Clean Descriptors since a later edition',
    },
    { tags: addedIn2025e.split(' '), reason: 'rows of 2025e and 2026c' },
  ],
  Innolitics: [
    {
      tags: ['00321033'],
      reason: 'Requesting Service is cleaned under Clean Descriptors since a later edition',
    },
    { tags: addedIn2025.split(' '), reason: 'rows of 2025a to 2025d' },
    { tags: addedIn2025e.split(' '), reason: 'rows of 2025e and 2026c' },
  ],
};
