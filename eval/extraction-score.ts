/** Shares of a page's shingles: found and true, found and false, missed. */
export interface PageScore {
  readonly found: number;
  readonly wrong: number;
  readonly missed: number;
}

export interface ExtractionScore {
  readonly n: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

const shingleLength = 4;

function shinglesOf(text: string): Map<string, number> {
  const words = text.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  if (words.length === 0) return counts;
  for (let start = 0; start < Math.max(1, words.length - shingleLength + 1); start += 1) {
    const shingle = words.slice(start, start + shingleLength).join(' ');
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return counts;
}

/**
 * Compares an extracted text with the true one by runs of four words, each run as often as it occurs;
 * the three shares add up to 1. The measure of the public article extraction benchmark
 * (github.com/scrapinghub/article-extraction-benchmark).
 */
export function scorePage(truth: string, extracted: string): PageScore {
  const wanted = shinglesOf(truth);
  const got = shinglesOf(extracted);
  let found = 0;
  let wrong = 0;
  let missed = 0;
  for (const shingle of new Set([...wanted.keys(), ...got.keys()])) {
    const inTruth = wanted.get(shingle) ?? 0;
    const inText = got.get(shingle) ?? 0;
    found += Math.min(inTruth, inText);
    wrong += Math.max(0, inText - inTruth);
    missed += Math.max(0, inTruth - inText);
  }
  const sum = found + wrong + missed || 1;
  return { found: found / sum, wrong: wrong / sum, missed: missed / sum };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means over pages; pages without any text on one side do not count for that side. */
export function scoreAll(pages: readonly PageScore[]): ExtractionScore {
  const precision = mean(
    pages.filter(({ found, wrong }) => found + wrong > 0).map((p) => p.found / (p.found + p.wrong)),
  );
  const recall = mean(
    pages
      .filter(({ found, missed }) => found + missed > 0)
      .map((p) => p.found / (p.found + p.missed)),
  );
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { n: pages.length, precision, recall, f1 };
}
