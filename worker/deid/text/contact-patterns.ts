/** Ways to reach a person and numbers that states give, told by their form alone. */

/** Found in every text value that is kept. */
export const contactPatterns: readonly RegExp[] = [
  // Mail addresses, with or without a domain.
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu,
  // Addresses in the network and paths, which name accounts and people.
  /(?:https?|ftp|sftp|file|smb):\/\/\S+/giu,
  /(?<![\p{L}\p{N}])www\.\S+/giu,
  /(?<![\p{L}\p{N}])[A-Za-z]:\\\S+/gu,
  /\\\\[\p{L}\p{N}][^\s\\]*(?:\\\S*)?/gu,
  /(?<![\p{L}\p{N}/])\/(?:home|users?|mnt|media|export|data|volumes?|srv)\/\S+/giu,
  // Telephone numbers: international, with the area in brackets, in groups of three, three and four.
  /(?<![\d+])\+\d[\d ().\-/]{6,18}\d/g,
  /\(0?\d{2,5}\)[ \-/]?\d{3,}(?:[ -]?\d{2,})*/g,
  /(?<![\d.-])\d{3}[-. ]\d{3}[-. ]\d{4}(?![\d.-])/g,
  /(?<![\d.])0\d(?:[ .-]\d\d){4}(?![\d.])/g,
  /(?<![\d.])0\d{2,4}[/-]\d{4,}(?:[ -]?\d{2,})*(?![\d.])/g,
  // Social security and similar numbers.
  /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g,
  /(?<![\d-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/g,
  /(?<!\d)(?:\d{2})?\d{6}[-+]\d{4}(?!\d)/g,
];

/** Found in free text only, where version numbers do not stand. */
export const freeTextPatterns: readonly RegExp[] = [
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g,
  // Numbers in groups, seven digits or more in all.
  /(?<![\d.,])\d{2,}(?:[-/]\d{2,}){1,5}(?=(?:\D|$))(?<=(?:\d[-/]?){7,})/g,
];
