import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { readExportedPage } from '../core/page/exported-page.ts';
import { fetchActions } from '../core/page/fetching.ts';
import { pauseChoices, ruleActions } from '../core/page/settings.ts';
import { heldDecisions } from '../core/page/state.ts';
import { pageTypes } from '../core/page/types.ts';
import { selfTestActions } from '../core/self-test.ts';
import { modelChangeActions } from '../engine/api.ts';
import { syncActions, syncModes } from '../engine/sync-api.ts';
import type { PageMessage, PageProtocol } from './protocol.ts';

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const time = v.pipe(v.number(), v.finite());
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));
const list = (max: number) => v.pipe(v.array(text(max)), v.maxLength(1000));
const key = text(8192);

const filters = v.strictObject({
  sites: v.optional(list(300)),
  notSites: v.optional(list(300)),
  after: v.optional(time),
  before: v.optional(time),
  langs: v.optional(list(40)),
  types: v.optional(v.array(v.picklist(pageTypes))),
  isPinned: v.optional(v.boolean()),
  isReadAgain: v.optional(v.boolean()),
  pages: v.optional(v.pipe(v.array(id), v.maxLength(200_000))),
});

const forget = v.variant('by', [
  v.strictObject({ by: v.literal('ids'), ids: v.array(id) }),
  v.strictObject({ by: v.literal('keys'), keys: v.array(key) }),
  v.strictObject({ by: v.literal('site'), site: text(300) }),
  v.strictObject({ by: v.literal('range'), from: time, to: time }),
  v.strictObject({ by: v.literal('everything') }),
]);

const tab = v.nullable(v.strictObject({ tabId: v.optional(id) }));

const syncAddress = {
  url: text(2000),
  apiKey: text(4000),
  collection: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)),
  allowsInsecure: v.boolean(),
};
const passphrase = text(1000);
const spread = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)));

const schemas = {
  'page-engine:search': v.looseObject({
    query: text(10_000),
    limit,
    filters: v.optional(filters),
    sort: v.optional(v.picklist(['best', 'relevance', 'time'])),
    like: v.optional(v.array(id)),
    unlike: v.optional(v.array(id)),
    client: v.optional(text(100)),
  }),
  'page-engine:find-similar': v.looseObject({
    pageId: v.optional(id),
    text: v.optional(text(1_000_000)),
    limit,
    filters: v.optional(filters),
    client: v.optional(text(100)),
  }),
  'page-engine:more-passages': v.strictObject({ id, query: text(10_000), without: id, limit }),
  'page-engine:recent-pages': v.strictObject({
    limit,
    after: v.optional(v.strictObject({ lastReadAt: time, id })),
  }),
  'page-engine:page-by-key': v.strictObject({ key }),
  'page-engine:stored-page': v.strictObject({ id }),
  'page-engine:visits': v.strictObject({ from: time, to: time, limit }),
  'page-engine:reading-map': v.strictObject({ from: id, limit }),
  'page-engine:growth': v.null(),
  'page-engine:export-pages': v.strictObject({ after: v.nullable(id), limit }),
  'page-engine:import-pages': v.strictObject({
    // The core knows the shape and names the first field that is wrong.
    pages: v.pipe(v.array(v.pipe(v.unknown(), v.transform(readExportedPage))), v.maxLength(1000)),
    isTrial: v.boolean(),
    onlyNew: v.optional(v.boolean()),
  }),
  'page-engine:set-pinned': v.strictObject({ id, isPinned: v.boolean() }),
  'page-engine:forget': forget,
  'page-engine:model': v.null(),
  'page-engine:use-model': v.strictObject({ id: v.nullable(text(200)) }),
  'page-engine:change-model': v.strictObject({ action: v.picklist(modelChangeActions) }),
  'page-engine:status': v.null(),
  'page-background:current-page-state': tab,
  'page-background:get-pause': v.null(),
  'page-background:set-pause': v.strictObject({ choice: v.picklist(pauseChoices) }),
  'page-background:get-settings': v.null(),
  // Each field is checked by the core, which knows the limits and says them.
  'page-background:set-settings': v.record(v.string(), v.unknown()),
  'page-background:default-rules': v.null(),
  'page-background:open-page': v.strictObject({
    url: text(8192),
    place: v.picklist(['tab', 'new-tab', 'side-window']),
    found: v.optional(
      v.strictObject({ id, index: v.nullable(v.pipe(id, v.integer())), text: text(10_000) }),
    ),
  }),
  'page-background:opened-page': tab,
  'page-background:opened-text': v.strictObject({ tabId: id }),
  'page-background:capture-now': tab,
  'page-background:exclude-site': v.strictObject({
    url: text(8192),
    scope: v.picklist(['site', 'path']),
    action: v.nullable(v.picklist(ruleActions)),
    alsoForget: v.boolean(),
  }),
  'page-background:shortcuts': v.null(),
  'page-background:change-shortcut': v.strictObject({ name: text(100), keys: text(100) }),
  'page-background:open-shortcut-settings': v.null(),
  'page-background:problems': v.null(),
  'page-background:speed': v.null(),
  'page-background:self-test': v.null(),
  'page-background:self-test-control': v.strictObject({ action: v.picklist(selfTestActions) }),
  'page-background:page-now': v.strictObject({
    url: v.pipe(text(8192), v.regex(/^https?:\/\//i)),
  }),
  'page-background:compact': v.null(),
  'page-background:fetch-pages': v.strictObject({
    pages: v.pipe(
      v.array(
        v.strictObject({
          url: v.pipe(text(8192), v.regex(/^https?:\/\//i)),
          title: text(10_000),
          at: v.nullable(time),
        }),
      ),
      v.maxLength(1000),
    ),
    withCookies: v.boolean(),
  }),
  'page-background:fetch-status': v.null(),
  'page-background:fetch-control': v.strictObject({ action: v.picklist(fetchActions) }),
  'page-background:held-pages': v.null(),
  'page-sync:status': v.null(),
  'page-sync:test': v.strictObject(syncAddress),
  'page-sync:set-up': v.strictObject({
    ...syncAddress,
    mode: v.picklist(syncModes),
    passphrase,
    shardNumber: spread,
    replicationFactor: spread,
  }),
  'page-sync:control': v.strictObject({ action: v.picklist(syncActions) }),
  'page-sync:search': v.strictObject({ query: text(10_000) }),
  'page-sync:new-keys': v.strictObject({ passphrase }),
  'page-sync:rejoin': v.strictObject({ passphrase }),
  'page-sync:change-passphrase': v.strictObject({ from: passphrase, to: passphrase }),
  'page-background:decide-held': v.strictObject({ key, decision: v.picklist(heldDecisions) }),
} as const satisfies Record<PageMessage, v.GenericSchema>;

/** Every message that an extension page may send. */
export const pageMessages = Object.keys(schemas) as readonly PageMessage[];

/**
 * Reads the parameters of an extension page's message.
 * @throws AppError `bad-request` with the path of the first field that is wrong
 */
export function readPageParams<M extends PageMessage>(
  type: M,
): (params: unknown) => PageProtocol[M]['params'] {
  const schema: v.GenericSchema = schemas[type];
  return (params) => {
    const parsed = v.safeParse(schema, params ?? null);
    if (parsed.success) return parsed.output as PageProtocol[M]['params'];
    const issue = parsed.issues[0];
    const place = v.getDotPath(issue) ?? 'the parameters';
    throw new AppError('bad-request', `"${type}": ${place} must be ${issue.expected ?? 'valid'}`, {
      details: { type, place },
    });
  };
}
