import { AppError } from '../core/errors.ts';
import type { BitCode, Embedding } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { ReferenceTermKernel } from '../core/index/reference-term-kernel.ts';
import type {
  NearRows,
  PageMask,
  PageRows,
  RowRange,
  ScanKernel,
} from '../core/index/scan-kernel.ts';
import type { ScoreRequest, TermKernel, TermScores } from '../core/index/term-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import {
  codeBytes,
  type Encoder,
  type EncoderModel,
  type TokenIds,
  type Tokenizer,
  type TokenSpans,
} from '../core/model/types.ts';
import type { PageTokens } from '../core/search/page-tokens.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import type { Meeting, SimilarityKernel } from '../core/search/similarity-kernel.ts';
import { WasmEncoder } from './encoder.ts';
import { WasmScanKernel } from './scan-kernel.ts';
import { WasmSimilarityKernel } from './similarity-kernel.ts';
import { WasmTermKernel } from './term-kernel.ts';
import { WasmTokenizer } from './wasm-tokenizer.ts';

export interface FastKernels {
  readonly tokenizer: Tokenizer;
  readonly encoder: Encoder;
  readonly scan: ScanKernel;
  readonly similarities: SimilarityKernel;
  readonly terms: TermKernel;
  /** Another scan with a memory of its own. */
  newScan(): ScanKernel;
}

/** Told once for each kernel that gave up, with what happened. */
export type ReportFallback = (message: string) => void;

/** The ways to make the fast kernels; tests put others in their place. */
export interface KernelMakers {
  /** The tokenizer itself where there is no faster one of its kind. */
  tokenizer(tokenizer: Tokenizer): Tokenizer;
  scan(): ScanKernel;
  similarities(model: EncoderModel): SimilarityKernel;
  encoder(model: EncoderModel): Encoder;
  terms(): TermKernel;
}

const wasmMakers: KernelMakers = {
  tokenizer: (tokenizer) =>
    tokenizer.pieces === undefined ? tokenizer : new WasmTokenizer(tokenizer, tokenizer.pieces),
  scan: () => new WasmScanKernel(),
  similarities: (model) => new WasmSimilarityKernel(model),
  encoder: (model) => new WasmEncoder(model),
  terms: () => new WasmTermKernel(),
};

/**
 * The kernels in WebAssembly; where it is refused, traps or runs out of memory, the reference goes
 * on with the same codes and gives the same answer.
 */
export function createKernels(
  model: EncoderModel,
  report: ReportFallback = () => {},
  makers: KernelMakers = wasmMakers,
): FastKernels {
  const tokenizer = new SteadyTokenizer(model.tokenizer, makers, report);
  return {
    tokenizer,
    scan: new SteadyScanKernel(makers, report),
    similarities: new SteadySimilarityKernel(model, makers, report),
    encoder: new SteadyEncoder({ ...model, tokenizer }, makers, report),
    terms: new SteadyTermKernel(makers, report),
    newScan: () => new SteadyScanKernel(makers, report),
  };
}

export function describeFailure(kernel: string, cause: unknown): string {
  return `The ${kernel} kernel gave up, the reference goes on: ${String(cause)}`;
}

/** A tokenizer that survives its fast kernel. */
class SteadyTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly unknownId: number;
  readonly #general: Tokenizer;
  readonly #report: ReportFallback;
  #fast: Tokenizer;

  constructor(general: Tokenizer, makers: KernelMakers, report: ReportFallback) {
    this.vocabularySize = general.vocabularySize;
    this.unknownId = general.unknownId;
    this.#general = general;
    this.#report = report;
    this.#fast = general;
    try {
      this.#fast = makers.tokenizer(general);
    } catch (cause) {
      report(describeFailure('tokenizer', cause));
    }
  }

  encode(text: string): TokenIds {
    return this.#try((tokenizer) => tokenizer.encode(text));
  }

  encodeWithOffsets(text: string): TokenSpans {
    return this.#try((tokenizer) => tokenizer.encodeWithOffsets(text));
  }

  #try<T>(use: (tokenizer: Tokenizer) => T): T {
    if (this.#fast !== this.#general) {
      try {
        return use(this.#fast);
      } catch (cause) {
        this.#report(describeFailure('tokenizer', cause));
        this.#fast = this.#general;
      }
    }
    return use(this.#general);
  }

  token(id: number): string | undefined {
    return this.#general.token(id);
  }
}

/** A scan that survives its fast kernel. */
class SteadyScanKernel implements ScanKernel {
  readonly codeBytes = codeBytes;
  readonly #report: ReportFallback;
  #kernel: ScanKernel;
  #isFast: boolean;
  #rows = 0;

  constructor(makers: KernelMakers, report: ReportFallback) {
    this.#report = report;
    try {
      this.#kernel = makers.scan();
      this.#isFast = true;
    } catch (cause) {
      report(describeFailure('scan', cause));
      this.#kernel = new ReferenceScanKernel(codeBytes);
      this.#isFast = false;
    }
  }

  reserve(rows: number): void {
    this.#try((kernel) => kernel.reserve(rows));
    this.#rows = Math.max(this.#rows, rows);
  }

  codes(): Uint8Array {
    return this.#kernel.codes();
  }

  distances(query: BitCode, from: number, to: number): Uint16Array {
    return this.#try((kernel) => kernel.distances(query, from, to));
  }

  near(query: BitCode, pages: PageRows, limit: number, mask?: PageMask): NearRows {
    return this.#try((kernel) => kernel.near(query, pages, limit, mask));
  }

  signScores(rotatedQuery: Float32Array, rows: Int32Array): Float32Array {
    return this.#try((kernel) => kernel.signScores(rotatedQuery, rows));
  }

  countAlike(rows: RowRange, others: RowRange, bits: number, needed: number): number {
    return this.#try((kernel) => kernel.countAlike(rows, others, bits, needed));
  }

  #try<T>(use: (kernel: ScanKernel) => T): T {
    if (!this.#isFast) return use(this.#kernel);
    try {
      return use(this.#kernel);
    } catch (cause) {
      this.#report(describeFailure('scan', cause));
      const reference = new ReferenceScanKernel(codeBytes);
      reference.reserve(this.#rows);
      if (this.#rows > 0) {
        const codes = this.#kernel.codes();
        reference.codes().set(codes.subarray(0, this.#rows * codeBytes));
      }
      this.#kernel = reference;
      this.#isFast = false;
      return use(reference);
    }
  }
}

/** Cosines that survive their fast kernel. */
class SteadySimilarityKernel implements SimilarityKernel {
  readonly #model: EncoderModel;
  readonly #report: ReportFallback;
  #kernel: SimilarityKernel;

  constructor(model: EncoderModel, makers: KernelMakers, report: ReportFallback) {
    this.#model = model;
    this.#report = report;
    this.#kernel = this.#make(() => makers.similarities(model));
  }

  cosines(query: TokenIds, tokens: TokenIds): Float32Array {
    return this.#try((kernel) => kernel.cosines(query, tokens));
  }

  nearest(query: TokenIds, texts: readonly TokenIds[]): Float32Array {
    return this.#try((kernel) => kernel.nearest(query, texts));
  }

  meet(query: TokenIds, unit: Embedding, pages: readonly PageTokens[]): readonly Meeting[] {
    return this.#try((kernel) => kernel.meet(query, unit, pages));
  }

  #try<T>(use: (kernel: SimilarityKernel) => T): T {
    if (this.#kernel instanceof ReferenceSimilarityKernel) return use(this.#kernel);
    try {
      return use(this.#kernel);
    } catch (cause) {
      this.#report(describeFailure('similarity', cause));
      this.#kernel = new ReferenceSimilarityKernel(this.#model.table);
      return use(this.#kernel);
    }
  }

  #make(make: () => SimilarityKernel): SimilarityKernel {
    try {
      return make();
    } catch (cause) {
      this.#report(describeFailure('similarity', cause));
      return new ReferenceSimilarityKernel(this.#model.table);
    }
  }
}

/** An encoder that survives its fast kernel. */
class SteadyEncoder implements Encoder {
  readonly dims: number;
  readonly #reference: Encoder;
  readonly #report: ReportFallback;
  #fast: Encoder | undefined;

  constructor(model: EncoderModel, makers: KernelMakers, report: ReportFallback) {
    this.dims = model.table.dims;
    this.#reference = createEncoder(model);
    this.#report = report;
    try {
      this.#fast = makers.encoder(model);
    } catch (cause) {
      report(describeFailure('encoder', cause));
    }
  }

  embed(ids: TokenIds): Embedding {
    return this.#try((encoder) => encoder.embed(ids));
  }

  cosine(unit: Embedding, parts: readonly TokenIds[]): number {
    return this.#try((encoder) => encoder.cosine(unit, parts));
  }

  length(parts: readonly TokenIds[]): number {
    return this.#try((encoder) => encoder.length(parts));
  }

  rotate(embedding: Embedding): Float32Array {
    return this.#try((encoder) => encoder.rotate(embedding));
  }

  code(embedding: Embedding): BitCode {
    return this.#try((encoder) => encoder.code(embedding));
  }

  codeOf(text: string): BitCode {
    return this.#try((encoder) => encoder.codeOf(text));
  }

  #try<T>(use: (encoder: Encoder) => T): T {
    if (this.#fast === undefined) return use(this.#reference);
    try {
      return use(this.#fast);
    } catch (cause) {
      this.#report(describeFailure('encoder', cause));
      this.#fast = undefined;
      return use(this.#reference);
    }
  }
}

/** A loop over postings that survives its fast kernel: a query that it gave up is scored anew. */
class SteadyTermKernel implements TermKernel {
  readonly #report: ReportFallback;
  #kernel: TermKernel;

  constructor(makers: KernelMakers, report: ReportFallback) {
    this.#report = report;
    this.#kernel = new ReferenceTermKernel();
    try {
      this.#kernel = makers.terms();
    } catch (cause) {
      report(describeFailure('term', cause));
    }
  }

  score(request: ScoreRequest): TermScores {
    try {
      return this.#kernel.score(request);
    } catch (cause) {
      // Damaged postings are no failure of the kernel.
      if (cause instanceof AppError || this.#kernel instanceof ReferenceTermKernel) throw cause;
      this.#report(describeFailure('term', cause));
      this.#kernel = new ReferenceTermKernel();
      return this.#kernel.score(request);
    }
  }
}
