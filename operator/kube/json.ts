/** JSON of the wire, looked into without trust. */

/** The members of a JSON object; none where the value is something else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
