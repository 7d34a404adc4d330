import type { Encoder, StaticModel } from '../core/model/types.ts';
import type { IndexMemory } from './index-memory.ts';
import type { TextCache } from './text-cache.ts';

/** What an open engine holds and its use cases share. */
export interface Opened {
  readonly model: StaticModel;
  readonly encoder: Encoder;
  readonly index: IndexMemory;
  readonly texts: TextCache;
}
