/** Indexes of an Indexed Job as its status writes them: `1,3-5,7`. */

const interval = /^(\d+)(?:-(\d+))?$/;

/** How many indexes the text names; parts that are no interval count for nothing. */
export function countOfIndexes(text: string): number {
  return text.split(',').reduce((sum, part) => {
    const [, first, last = first] = interval.exec(part) ?? [];
    return first === undefined ? sum : sum + Number(last) - Number(first) + 1;
  }, 0);
}

/** The beginning of the text that fits, cut between intervals. */
export function cutIndexes(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, text.lastIndexOf(',', maxLength));
}
