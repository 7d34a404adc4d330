import { kernelsWasm, relaxedKernelsWasm } from './kernels-wasm.ts';

const pageBytes = 65536;
/** The compiler keeps the first bytes for itself. */
export const firstPlace = 1024;

/** The compiled functions; places and sizes in bytes unless they count rows. */
export interface KernelFunctions {
  readonly memory: WebAssembly.Memory;
  distances(codes: number, query: number, out: number, rows: number): void;
  select(
    distances: number,
    firsts: number,
    counts: number,
    pages: number,
    mask: number,
    bound: number,
    nearest: number,
    rows: number,
    found: number,
    room: number,
  ): number;
  readOnly(codes: number, rows: number): number;
  countAlike(
    rows: number,
    count: number,
    others: number,
    otherCount: number,
    bits: number,
    needed: number,
  ): number;
  signScores(codes: number, tables: number, rows: number, out: number, count: number): void;
  widen(from: number, to: number, count: number): void;
  layNibbles(from: number, to: number, bytes: number): void;
  spreadNibbles(from: number, to: number, bytes: number): void;
  nearest(
    ids: number,
    count: number,
    best: number,
    query: number,
    narrow: number,
    queries: number,
    queryUnits: number,
    rows: number,
    spread: number,
    dims: number,
    units: number,
    vocabulary: number,
    stamps: number,
    epoch: number,
    cosines: number,
    mean: number,
    weights: number,
    shadows: number,
  ): void;
  meet(
    page: number,
    query: number,
    narrow: number,
    queries: number,
    queryUnits: number,
    rows: number,
    spread: number,
    dims: number,
    units: number,
    weights: number,
    vocabulary: number,
    stamps: number,
    epoch: number,
    cosines: number,
    mean: number,
    unit: number,
    part: number,
    scale: number,
    unitStamps: number,
    unitEpoch: number,
    shadows: number,
    local: number,
    best: number,
    sums: number,
  ): void;
  pool(
    ids: number,
    count: number,
    rows: number,
    packed: number,
    weights: number,
    vocabulary: number,
    dims: number,
    pairs: number,
    sums: number,
  ): void;
  unit(sums: number, dims: number, out: number): void;
  cosine(sums: number, unit: number, dims: number): number;
  rotate(values: number, signs: number, size: number, rounds: number, factor: number): void;
  turn(vectors: number, count: number, matrix: number, dims: number, out: number): void;
  signBits(values: number, out: number, bytes: number): void;
  inflate(from: number, size: number, base: number, to: number, room: number, work: number): number;
  layVocabulary(
    slots: number,
    hashes: number,
    offsets: number,
    units: number,
    count: number,
    tags: number,
    entries: number,
  ): void;
  tokenise(text: number, bytes: number, tables: number, out: number): number;
  readPostings(from: number, size: number, pages: number, locals: number, counts: number): number;
  addScores(
    count: number,
    locals: number,
    counts: number,
    lengths: number,
    ordinals: number,
    limit: number,
    top: number,
    base: number,
    slope: number,
    scores: number,
    met: number,
  ): void;
  addCounts(count: number, locals: number, counts: number, sums: number): void;
  raiseScores(
    sums: number,
    pages: number,
    lengths: number,
    top: number,
    base: number,
    slope: number,
    ofTerm: number,
  ): void;
  mergeScores(
    ofTerm: number,
    pages: number,
    ordinals: number,
    limit: number,
    scores: number,
    met: number,
  ): void;
  takeScores(
    scores: number,
    pages: number,
    ordinals: number,
    limit: number,
    mask: number,
    sums: number,
    pagesOut: number,
    scoresOut: number,
    found: number,
  ): number;
}

/** With relaxed SIMD, which multiplies twice as many small numbers at once, and without. */
export type KernelVariant = 'relaxed' | 'plain';

const sources: Readonly<Record<KernelVariant, string>> = {
  relaxed: relaxedKernelsWasm,
  plain: kernelsWasm,
};
const compiled = new Map<KernelVariant, WebAssembly.Module>();
let best: KernelVariant | undefined;

function kernelBytes(variant: KernelVariant): Uint8Array<ArrayBuffer> {
  const text = atob(sources[variant]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The fastest variant that runs here. */
export function bestVariant(): KernelVariant {
  best ??= WebAssembly.validate(kernelBytes('relaxed')) ? 'relaxed' : 'plain';
  return best;
}

/** Compiles the kernels beside other work, so that the first instance need not wait for it. */
export async function compileAhead(): Promise<void> {
  try {
    const variant = bestVariant();
    if (!compiled.has(variant)) {
      compiled.set(variant, await WebAssembly.compile(kernelBytes(variant)));
    }
  } catch {
    // Where WebAssembly is refused, the first instance says so.
  }
}

/**
 * A new instance of the kernels with a memory of its own.
 * @throws the platform's error when WebAssembly or its SIMD is refused
 */
export function instantiateKernels(variant: KernelVariant = bestVariant()): KernelFunctions {
  const known = compiled.get(variant) ?? new WebAssembly.Module(kernelBytes(variant));
  compiled.set(variant, known);
  return new WebAssembly.Instance(known).exports as unknown as KernelFunctions;
}

/**
 * Grows a memory to at least `bytes`. Views of it are stale afterwards.
 * @throws RangeError when there is no more memory
 */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** Hands out places in a memory one behind the other, each at a multiple of 64. */
export class Places {
  /** Bytes handed out so far: what the memory must have. */
  end: number;

  constructor(start = firstPlace) {
    this.end = start;
  }

  take(bytes: number): number {
    const place = this.end;
    this.end = Math.ceil((place + bytes) / 64) * 64;
    return place;
  }
}
