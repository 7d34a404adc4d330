import type { Timestamp } from '../ids.ts';
import type { PageRow } from '../index/page-table.ts';

const dayMs = 86_400_000;
/** After so many days recency is worth half. */
const halfLifeDays = 30;
/** As many readings count fully. */
const manyReadings = 8;

/**
 * What recency and frequency of reading say of a page before anything is asked: 0 to 1, two thirds
 * of it recency. The ranking multiplies it by a small bound, so it settles ties and no more.
 */
export function visitPrior(row: Pick<PageRow, 'lastReadAt' | 'readCount'>, now: Timestamp): number {
  const days = Math.max(0, now - row.lastReadAt) / dayMs;
  const recency = halfLifeDays / (halfLifeDays + days);
  const readings = Math.min(Math.max(row.readCount, 1), manyReadings);
  return (2 * recency + Math.log(readings) / Math.log(manyReadings)) / 3;
}
