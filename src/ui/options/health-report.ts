import type { NotedProblem } from '../../core/errors.ts';
import type { Pause, Settings } from '../../core/page/settings.ts';
import { foundShare, type SelfTestStatus } from '../../core/self-test.ts';
import type { EngineStatus } from '../../engine/api.ts';

export interface HealthFacts {
  readonly version: string;
  readonly browser: string;
  readonly status: EngineStatus;
  readonly lastReadAt: number | null;
  readonly pause: Pause;
  readonly settings: Settings;
  readonly problems: readonly NotedProblem[];
  readonly selfTest: SelfTestStatus['last'];
}

/**
 * What to send with a question about a fault: counts, states, codes and times. No address, title
 * or text of any page, no rule, no error message that could quote one. English in every language,
 * because it is for those who repair.
 */
export function healthReport(facts: HealthFacts): string {
  const { status, settings, selfTest } = facts;
  const moment = (at: number) => new Date(at).toISOString();
  const lines = [
    `Dejalu ${facts.version}`,
    facts.browser,
    `engine: ${status.state}${status.error === undefined ? '' : ` (${status.error.code})`}`,
    `model: ${status.model === null ? 'none' : `${status.model.id}, ${status.model.dims} dims`}`,
    `pages: ${status.pageCount}, passages: ${status.passageCount}`,
    ...Object.entries(status.sizeBytes).map(([kind, bytes]) => `bytes of ${kind}: ${bytes}`),
    `repaired: ${status.repaired.segments} segments, ${status.repaired.pages} pages`,
    `without WebAssembly: ${status.fallbacks}`,
    `last page read: ${facts.lastReadAt === null ? 'never' : moment(facts.lastReadAt)}`,
    `pause: ${facts.pause.kind}`,
    `dwell: ${settings.dwellMs} ms, holds: ${settings.holdsDoubtful}, with history: ${settings.forgetsWithHistory}, retention: ${settings.retention.by}`,
    `rules: ${settings.rules.length}, default rules off: ${settings.disabledDefaultRules.length}`,
    ...facts.problems.map(({ code, at }) => `problem: ${code} at ${moment(at)}`),
  ];
  if (selfTest !== null) {
    const { at, tested, halfMs, mostMs } = selfTest;
    lines.push(
      `self-test: ${foundShare(selfTest)} % of ${tested} in the first ten, ` +
        `p50 ${halfMs} ms, p95 ${mostMs} ms, at ${moment(at)}`,
    );
  }
  return lines.join('\n');
}
