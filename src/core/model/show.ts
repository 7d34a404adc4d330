/** A value from a file, short enough for a message, however large or deep it is. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const { type } = value as { type?: unknown };
    return typeof type === 'string' ? `an object of type ${type.slice(0, 40)}` : 'an object';
  }
  return JSON.stringify(value)?.slice(0, 120) ?? 'nothing';
}
