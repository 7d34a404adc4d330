import { TestQdrant } from '../../e2e/qdrant/server.ts';
import type { SiteRule } from '../core/page/settings.ts';
import type { SyncPhase, SyncSetUpRequest, SyncStatus } from '../engine/sync-api.ts';
import { openEngine, pageOf } from './engine.test-tools.ts';
import { SyncService } from './sync-service.ts';

export const rulesOf = (own: readonly SiteRule[] = []) => ({
  rules: own,
  disabledDefaultRules: [],
});

export const bees = pageOf('https://bees.example/', 'The hives on the roof gave dark honey', 10);
export const coins = pageOf('https://coins.example/', 'A coin frozen in a cup of ice', 20);

export function startQdrant(): Promise<TestQdrant> {
  const keys = { apiKey: 'manage', readOnlyKey: 'look', collectionKey: 'one collection' };
  return TestQdrant.start(keys);
}

export const requestTo = (
  qdrant: TestQdrant,
  change: Partial<SyncSetUpRequest> = {},
): SyncSetUpRequest => ({
  url: qdrant.url,
  apiKey: 'manage',
  collection: 'dejalu',
  allowsInsecure: false,
  mode: 'sealed',
  passphrase: 'a long one',
  ...change,
});

/** Payloads of a kind that the server holds, or all. */
export function payloadsOn(qdrant: TestQdrant, kind?: string): readonly Record<string, unknown>[] {
  const points = [...(qdrant.collections.get('dejalu')?.points.values() ?? [])];
  const payloads = points.map(({ payload }) => payload);
  return kind === undefined ? payloads : payloads.filter((payload) => payload.kind === kind);
}

export interface DeviceOptions {
  /** Of a device that was there before: its database. */
  readonly database?: string;
  readonly isMetered?: () => boolean;
  readonly onSleep?: (ms: number) => void;
  readonly searchTimeoutMs?: number;
}

/** A device: an engine on its own database with sync beside it, and a clock that does not wait. */
export function createDevice(qdrant: TestQdrant, options: DeviceOptions = {}) {
  const { searchTimeoutMs } = options;
  const made = openEngine(options.database, () => service.changed());
  const service: SyncService = new SyncService({
    pages: made.sync,
    now: () => 1_000_000,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      options.onSleep?.(ms);
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    isMetered: options.isMetered ?? (() => false),
    ...(searchTimeoutMs === undefined ? {} : { searchTimeoutMs }),
  });
  const until = async (...phases: SyncPhase[]): Promise<SyncStatus> => {
    for (let tries = 0; tries < 2_000; tries++) {
      const status = await service.syncStatus();
      const isSettled = phases.includes(status.phase);
      if (isSettled && (status.phase !== 'idle' || status.pending === 0)) return status;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`Still ${JSON.stringify(await service.syncStatus())}`);
  };
  const join = async (change: Partial<SyncSetUpRequest> = {}) => {
    await service.syncWake(rulesOf());
    await service.syncSetUp(requestTo(qdrant, change));
    return until('idle');
  };
  /** Exchanges once more and waits for the end. */
  const exchange = async () => {
    await service.syncControl('now');
    return until('idle');
  };
  const titles = async () =>
    (await made.engine.recentPages({ limit: 99 })).map(({ title }) => title).sort();
  return { ...made, service, until, join, exchange, titles };
}
