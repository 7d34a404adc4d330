import { AppError } from '../core/errors.ts';
import type { PageId } from '../core/ids.ts';
import type { ForgetReceipt, ForgetSelection } from './api.ts';
import type { Opened } from './opened.ts';
import type { PageMap } from './page-map.ts';
import type { EngineParts, PageStore } from './ports.ts';

/** Removes pages with all that is kept of them, and counts afterwards what of them is left. */
export async function forgetPages(
  { store, now }: EngineParts,
  { index, texts, packer }: Opened,
  map: PageMap,
  selection: ForgetSelection,
): Promise<ForgetReceipt> {
  const ids = await selectedPages(store, selection);
  const passages = ids.reduce((sum, id) => sum + (index.record(id)?.passageCount ?? 0), 0);
  const segments = await packer.without(ids);
  const { counts: removed, added } =
    selection.by === 'everything'
      ? { counts: await store.erase(), added: [] }
      : await store.removePages(ids, segments.change);
  // From memory only after the disk: a failed removal leaves both as they were.
  for (const id of ids) {
    index.remove(id);
    texts.forget(id);
  }
  segments.adopt(added);
  index.askForVacuum();
  await map.forget(ids);
  const left = await store.countRows(ids);
  return {
    pages: removed.pages,
    passages,
    visits: removed.visits,
    at: now(),
    left: {
      pages: left.pages,
      texts: left.texts,
      codes: left.entries,
      terms: left.entries,
      visits: left.visits,
    },
  };
}

/** Asks the store, not the index: a page whose text cannot be read must be forgotten too. */
async function selectedPages(
  store: PageStore,
  selection: ForgetSelection,
): Promise<readonly PageId[]> {
  switch (selection.by) {
    case 'ids':
      return [...new Set(selection.ids)];
    case 'keys': {
      const records = await Promise.all(selection.keys.map((key) => store.recordByKey(key)));
      return [...new Set(records.flatMap((record) => record?.id ?? []))];
    }
    case 'site':
      return (await store.recordsSince(0))
        .filter(({ site }) => site === selection.site || site.endsWith(`.${selection.site}`))
        .map(({ id }) => id);
    case 'range':
      return store.visitedPages(selection.from, selection.to);
    case 'everything':
      return (await store.recordsSince(0)).map(({ id }) => id);
    default:
      throw new AppError(
        'bad-request',
        `Pages cannot be chosen by "${String((selection as { by: unknown }).by)}".`,
      );
  }
}
