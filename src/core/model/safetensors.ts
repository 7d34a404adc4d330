import { AppError } from '../errors.ts';
import { show } from './show.ts';

/** The container's own limit on its header, and ours: a table's header is some hundred bytes. */
const maxHeaderBytes = 1 << 20;

/** Bytes of one component by the type names that we read. */
const typeBytes = { I8: 1, U8: 1, F16: 2, BF16: 2, F32: 4, F64: 8, I32: 4, I64: 8 } as const;
export type TensorType = keyof typeof typeBytes;

export interface Tensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Its bytes, little endian, row after row: a view of the file. */
  readonly bytes: Uint8Array;
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array): string };

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Strict UTF-8; throws the platform's TypeError on a malformed sequence. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/**
 * Reads a safetensors file: 8 bytes little-endian header length, a JSON header, the tensors'
 * bytes (https://github.com/huggingface/safetensors). All tensors are checked: known type, shape
 * and bytes agree, inside the file, no overlap and no gap.
 * @param name the file's name, for messages
 * @throws AppError `model-invalid`
 */
export function readSafetensors(bytes: Uint8Array, name: string): ReadonlyMap<string, Tensor> {
  const fail = (what: string): never => {
    throw new AppError('model-invalid', `${name}: ${what}`, { details: { file: name } });
  };
  if (bytes.length < 8) fail(`holds ${bytes.length} bytes; a safetensors file has at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (headerBytes > maxHeaderBytes) {
    fail(`says its header has ${headerBytes} bytes; at most ${maxHeaderBytes} are allowed`);
  }
  if (headerBytes > bytes.length - 8) {
    fail(`says its header has ${headerBytes} bytes; ${bytes.length - 8} follow in the file`);
  }
  let header: unknown;
  try {
    header = JSON.parse(decodeUtf8(bytes.subarray(8, 8 + headerBytes)));
  } catch (cause) {
    throw new AppError('model-invalid', `${name}: its header is not JSON in UTF-8`, { cause });
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    fail('its header is not a JSON object');
  }
  const data = bytes.subarray(8 + headerBytes);
  const tensors = new Map<string, Tensor>();
  const places: [number, number][] = [];
  for (const [key, value] of Object.entries(header as Record<string, unknown>)) {
    if (key === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
    if (typeof dtype !== 'string' || !Object.hasOwn(typeBytes, dtype)) {
      fail(`tensor ${key} has type ${show(dtype)}; known are ${Object.keys(typeBytes).join(', ')}`);
    }
    const type = dtype as TensorType;
    if (!isSizes(shape))
      fail(`tensor ${key.slice(0, 80)} has shape ${show(shape)}, not a list of sizes`);
    if (!isSizes(offsets) || (offsets as number[]).length !== 2) {
      fail(`tensor ${key.slice(0, 80)} has offsets ${show(offsets)}, not a start and an end`);
    }
    const [start, end] = offsets as [number, number];
    const wanted = (shape as number[]).reduce((product, size) => product * size, typeBytes[type]);
    if (end > data.length || start > end) {
      fail(
        `tensor ${key.slice(0, 80)} lies at ${start}–${end}; the file has ${data.length} bytes of tensors`,
      );
    }
    if (end - start !== wanted) {
      fail(
        `tensor ${key.slice(0, 80)} has ${end - start} bytes; its shape and type need ${wanted}`,
      );
    }
    places.push([start, end]);
    tensors.set(key, { type, shape: shape as number[], bytes: data.subarray(start, end) });
  }
  let place = 0;
  for (const [start, end] of places.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== place)
      fail(`its tensors overlap or leave a gap at byte ${Math.min(start, place)}`);
    place = end;
  }
  if (place !== data.length) fail(`has ${data.length - place} bytes after its last tensor`);
  return tensors;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Float32 components of a F32 tensor, copied so that any alignment will do. */
export function floatsOf(tensor: Tensor): Float32Array {
  return new Float32Array(new Uint8Array(tensor.bytes).buffer);
}
