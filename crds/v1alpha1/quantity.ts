/** Quantities of bytes as Kubernetes writes them, and shares of a whole. */

/** Of RE2 and JavaScript alike: a decimal number and a suffix. */
export const quantityPattern = '^[0-9]{1,15}(\\.[0-9]{1,3})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$';

/** A percentage from 0% to 100%. */
export const percentagePattern = '^(100(\\.0{1,3})?|[0-9]{1,2}(\\.[0-9]{1,3})?)%$';

const factors: Readonly<Record<string, number>> = Object.freeze({
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
});

/** Bytes of a quantity, rounded up: `4Gi` is 4294967296. NaN for text that is none. */
export function quantityBytes(quantity: number | string): number {
  if (typeof quantity === 'number') return quantity;
  if (!new RegExp(quantityPattern).test(quantity)) return Number.NaN;
  const suffix = /[A-Za-z]*$/.exec(quantity)?.[0] ?? '';
  return Math.ceil(Number.parseFloat(quantity) * (factors[suffix] ?? Number.NaN));
}

/**
 * The largest whole number of objects out of `total` that a limit allows: the number itself, or the percentage of the
 * total rounded down. NaN for text that is no percentage.
 */
export function limitOf(limit: number | string, total: number): number {
  if (typeof limit === 'number') return limit;
  if (!new RegExp(percentagePattern).test(limit)) return Number.NaN;
  return Math.floor((Number.parseFloat(limit) / 100) * total);
}
