/** Stable identity of a page in the store. Never reused. */
export type PageId = number & { readonly __brand: 'PageId' };

/**
 * The page key: a canonical URL without fragment and tracking parameters, the same for every
 * address of one page. Made by `core/page/page-key.ts`.
 */
export type PageKey = string & { readonly __brand: 'PageKey' };

/** Identity of one embedding space: model name, version and digest. */
export type ModelId = string & { readonly __brand: 'ModelId' };

/** A dense position inside the in-memory index; may change when the index is rebuilt. */
export type PageOrdinal = number & { readonly __brand: 'PageOrdinal' };
export type PassageOrdinal = number & { readonly __brand: 'PassageOrdinal' };

/** Milliseconds since the epoch. */
export type Timestamp = number;

/** L2-normalised float vector of a text; `dims` components. */
export type Embedding = Float32Array;

/** Signs of a rotated embedding, one bit a component: bit i is byte i >> 3, bit i & 7, `x >= 0 → 1`. */
export type BitCode = Uint8Array;
