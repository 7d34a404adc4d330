/** What the popup answered to one query. `rank` is 1 for the first row, 0 when the page is absent. */
export interface Answer {
  readonly query: string;
  readonly kind: string;
  /** Path of the page that should be found; null when no page has the answer. */
  readonly page: string | null;
  /** Path of the page in the first row. */
  readonly found: string;
  readonly rank: number;
  readonly tookMs: number;
}

/** Share of the queries whose page must be among the first five. */
export const neededShare = 0.9;

export function isFoundEarly(answer: Answer): boolean {
  return answer.rank >= 1 && answer.rank <= 5;
}

/** Columns a terminal gives a text: Korean, Chinese and Japanese letters and emoji take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** A text cut or filled with spaces to exactly `width` columns. */
export function fitColumns(text: string, width: number): string {
  if (columnsOf(text) <= width) return text + ' '.repeat(width - columnsOf(text));
  let cut = '';
  for (const character of text) {
    if (columnsOf(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…${' '.repeat(width - 1 - columnsOf(cut))}`;
}

export function formatTable(answers: readonly Answer[]): string {
  const row = (query: string, page: string, rank: string, ms: string) =>
    `${fitColumns(query, 60)}  ${fitColumns(page, 38)}  ${rank.padStart(4)}  ${ms.padStart(6)}`;
  const lines = answers.map(({ query, page, found, rank, tookMs }) => {
    // The page looked for with its rank; where it is absent, what came first instead.
    const shown = rank > 0 ? (page ?? '') : `${found === '' ? 'nothing' : found}`;
    const place = rank > 0 ? String(rank) : page === null ? '' : '–';
    return row(query, shown, place, tookMs.toFixed(1));
  });
  return [row('query', 'page found', 'rank', 'ms'), ...lines].join('\n');
}

/** The middle value; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function formatSummary(answers: readonly Answer[]): string {
  const asked = answers.filter((answer) => answer.page !== null);
  const kinds = [...new Set(asked.map((answer) => answer.kind))];
  const row = (name: string, of: readonly Answer[]) => {
    const share = (ranks: number) =>
      `${of.filter(({ rank }) => rank >= 1 && rank <= ranks).length}/${of.length}`.padStart(9);
    const ms = median(of.map((answer) => answer.tookMs)).toFixed(1);
    return `${name.padEnd(12)}${share(1)}${share(5)}${share(10)}${ms.padStart(11)}`;
  };
  const share = (asked.filter(isFoundEarly).length / Math.max(asked.length, 1)) * 100;
  return [
    'kind            first  first 5 first 10  median ms',
    ...kinds.map((kind) =>
      row(
        kind,
        asked.filter((answer) => answer.kind === kind),
      ),
    ),
    row('all', asked),
    '',
    `in the first five: ${share.toFixed(1)} % (needed: ${neededShare * 100} %)`,
  ].join('\n');
}

/** The whole table and its summary as a page of the documentation. */
export function formatDocs(answers: readonly Answer[]): string {
  return `# The sample queries

Written by \`bin/try --write-docs\`: every page of \`samples/\` read in Chromium as a person would read
it, and every query of \`samples/queries.jsonl\` asked in the popup. The last queries ask for pages that
are not there. A dash says that the page was not in the list; the page named is then the first one shown.
The milliseconds are from the key press to the rows on the screen, on whatever machine ran it.

\`\`\`text
${formatSummary(answers)}
\`\`\`

\`\`\`text
${formatTable(answers)
  .split('\n')
  .map((line) => line.trimEnd())
  .join('\n')}
\`\`\`
`;
}
