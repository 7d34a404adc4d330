import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import type { PageKey } from '../core/ids.ts';
import { pageTypes } from '../core/page/types.ts';
import { type CreateTurnKernel, ReferenceTurnKernel } from '../core/sync/turn.ts';
import type { DeviceId, PageState } from '../core/sync/types.ts';
import {
  fromBase64,
  keyedName,
  keyedUuid,
  keyedUuids,
  type MirrorKeys,
  seal,
  toBase64,
  unseal,
} from './crypto.ts';
import { secretRotation } from './rotation.ts';

/**
 * How this mirror writes what leaves the device. Sealed by default: the server sees keyed names,
 * ciphertext and turned vectors. Plain only by the person's explicit choice.
 */
export interface Codec {
  readonly mode: 'sealed' | 'plain';
  /** A name the server groups by (page, site, device). */
  name(kind: 'page' | 'site' | 'device', value: string): Promise<string>;
  /** A deterministic point id. */
  uuid(kind: 'record' | 'device', ...parts: string[]): Promise<string>;
  /** The ids of a page's passages, in their order, told by what the page is and says. */
  passageIds(count: number, ...parts: string[]): Promise<readonly string[]>;
  encodeState(state: PageState, pointId: string): Promise<string>;
  /** @throws AppError `remote-failed` for bytes that were not written by this mirror */
  decodeState(body: string, pointId: string): Promise<PageState>;
  /** The embeddings as the server holds them, in their order. */
  vectors(embeddings: readonly Float32Array[]): readonly Float32Array[];
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A state larger than this is refused: it is an attack or a fault, no page's text is so long. */
export const maxStateBytes = 24 * 1024 * 1024;

async function transform(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Written by hand: a stream of a Blob and a pipe cost as much again as the work itself.
  const writer = stream.writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  // What goes wrong while writing is told by the reader too.
  written.catch(() => undefined);
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new AppError(
        'remote-failed',
        `A page of the mirror is over ${limit} bytes when unpacked.`,
      );
    }
    chunks.push(value);
  }
  await written;
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const time = v.pipe(v.number(), v.finite());
const webUrl = v.pipe(v.string(), v.maxLength(16_384), v.regex(/^https?:\/\//));

const stateSchema = v.strictObject({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)),
  epoch: count,
  visits: v.pipe(v.array(v.strictObject({ epoch: count, at: time })), v.maxLength(100_000)),
  edit: v.nullable(
    v.strictObject({
      epoch: count,
      counter: count,
      device: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      at: time,
      content: v.strictObject({
        url: webUrl,
        title: v.pipe(v.string(), v.maxLength(10_000)),
        lang: v.pipe(v.string(), v.maxLength(35)),
        type: v.picklist(pageTypes),
        firstReadAt: time,
        isPinned: v.boolean(),
        passages: v.array(
          v.strictObject({
            text: v.string(),
            heading: v.exactOptional(v.string()),
            sheet: v.exactOptional(count),
          }),
        ),
      }),
    }),
  ),
});

function parseState(json: string): PageState {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError('remote-failed', 'A page of the mirror is not JSON.', { cause });
  }
  const parsed = v.safeParse(stateSchema, value);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'the whole';
    throw new AppError('remote-failed', `A page of the mirror has a wrong shape at ${where}.`);
  }
  const { key, epoch, visits, edit } = parsed.output;
  return {
    key: key as PageKey,
    epoch,
    visits,
    edit: edit === null ? null : { ...edit, device: edit.device as DeviceId },
  };
}

async function packed(state: PageState): Promise<Uint8Array<ArrayBuffer>> {
  const json = utf8.encode(JSON.stringify(state));
  return transform(json, new CompressionStream('deflate-raw'), maxStateBytes);
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<PageState> {
  let json: string;
  try {
    json = fromUtf8.decode(
      await transform(bytes, new DecompressionStream('deflate-raw'), maxStateBytes),
    );
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('remote-failed', 'A page of the mirror cannot be unpacked.', { cause });
  }
  return parseState(json);
}

const namesRemembered = 1_000;

/** Names that come again: every page of a batch has the same device, and many the same site. */
function remembered(name: Codec['name']): Codec['name'] {
  const known = new Map<string, Promise<string>>();
  return (kind, value) => {
    if (kind === 'page') return name(kind, value);
    const key = `${kind} ${value}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= namesRemembered) known.clear();
    const made = name(kind, value);
    known.set(key, made);
    return made;
  };
}

/** The codec of a sealed mirror for embeddings of `dims` components. */
export async function sealedCodec(
  keys: MirrorKeys,
  dims: number,
  createTurn: CreateTurnKernel = (matrix, size) => new ReferenceTurnKernel(matrix, size),
): Promise<Codec> {
  const kernel = createTurn(await secretRotation(keys.rotationSeed, dims), dims);
  return {
    mode: 'sealed',
    name: remembered((kind, value) => keyedName(keys.name, kind, value)),
    uuid: (kind, ...parts) => keyedUuid(keys.name, `${kind} point`, ...parts),
    passageIds: (count, ...parts) => keyedUuids(keys.name, count, 'passage points', ...parts),
    encodeState: async (state, id) => toBase64(await seal(keys.seal, await packed(state), id)),
    decodeState: async (body, id) => unpacked(await unseal(keys.seal, fromBase64(body), id)),
    vectors: (embeddings) => kernel.turn(embeddings),
  };
}

/** The codec of a plain mirror: names and text are readable by whoever reads the server. */
export async function plainCodec(): Promise<Codec> {
  const fixed = utf8.encode('dejalu plain mirror: ids are stable, not secret');
  const key = await crypto.subtle.importKey(
    'raw',
    fixed,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return {
    mode: 'plain',
    name: async (_kind, value) => value,
    uuid: (kind, ...parts) => keyedUuid(key, `${kind} point`, ...parts),
    passageIds: (count, ...parts) => keyedUuids(key, count, 'passage points', ...parts),
    encodeState: async (state) => JSON.stringify(state),
    decodeState: async (body) => parseState(body),
    vectors: (embeddings) => embeddings,
  };
}
