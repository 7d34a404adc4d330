/** What may stand before a colon in a query. */
export const operators = ['site', 'before', 'after', 'lang', 'type', 'title'] as const;
export type Operator = (typeof operators)[number];

/** Korean names of the operators. */
export const operatorAliases: Readonly<Record<string, Operator>> = {
  사이트: 'site',
  이전: 'before',
  이후: 'after',
  언어: 'lang',
  종류: 'type',
  제목: 'title',
};

/** The operator of a name as written, in either language; null for any other word. */
export function operatorOf(name: string): Operator | null {
  const lower = name.toLowerCase();
  return operatorAliases[name] ?? operators.find((known) => known === lower) ?? null;
}
