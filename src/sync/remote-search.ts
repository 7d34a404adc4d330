import { isAlive, isSameState, mergeStates } from '../core/sync/merge.ts';
import type { PageState } from '../core/sync/types.ts';
import { decodeHead } from './layout.ts';
import { openRecord, takesIn } from './pull.ts';
import type { Mirror } from './push.ts';

/** Passages asked for; some pages have several among them. */
const passagesAsked = 64;

/**
 * Searches the mirror and takes in at once the pages it found that have not come here yet, ahead of
 * their turn. The local search then ranks them among its own by the same calibrated score, which no
 * score of the server could be compared with. States merge in any order, so the cursors stay where
 * they are and the next pull changes nothing more.
 *
 * @param embedding of the query, as the device has it
 * @returns pages that are here now and were not, or not so
 */
export async function takeFound(
  mirror: Mirror,
  embedding: Float32Array,
  signal: AbortSignal,
): Promise<number> {
  const { store, remote, codec } = mirror;
  const [vector] = codec.vectors([embedding]);
  if (vector === undefined) return 0;
  const hits = await remote.search(vector, passagesAsked, signal);
  const pages = [...new Set(hits.map(({ page }) => page))];
  const unseen = pages.length === 0 ? [] : await unseenRecords(mirror, pages);
  signal.throwIfAborted();
  if (unseen.length === 0) return 0;
  const points = await remote.readPoints(unseen);
  const opened = await Promise.all(points.map((point) => openRecord(mirror, point)));
  const told = opened.filter((state) => state !== null).filter((state) => takesIn(mirror, state));
  const news = await thoseThatTell(mirror, told);
  signal.throwIfAborted();
  if (news.length > 0) await store.merge(news, null);
  return news.filter(isAlive).length;
}

/** Ids of the pages' records by other devices that no pull has brought yet. */
async function unseenRecords(
  { store, remote, codec }: Mirror,
  pages: readonly string[],
): Promise<readonly string[]> {
  const [own, cursors, heads] = await Promise.all([
    store.device().then((device) => codec.name('device', device)),
    store.cursors(),
    remote.recordHeads(pages),
  ]);
  return heads.flatMap((point) => {
    const head = decodeHead(point);
    if (head === null || head.device === own) return [];
    return head.sequence > (cursors[head.device] ?? 0) ? [point.id] : [];
  });
}

async function thoseThatTell(
  { store }: Mirror,
  told: readonly PageState[],
): Promise<readonly PageState[]> {
  const known = await store.states(told.map(({ key }) => key));
  return told.filter((state, i) => {
    const before = known[i] as PageState;
    return !isSameState(before, mergeStates(before, state));
  });
}
