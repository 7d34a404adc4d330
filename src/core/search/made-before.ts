import type { TokenIds } from '../model/types.ts';

/** What was made of passages before, by their text: by the same model and under the same title. */
export type MadeBefore = ReadonlyMap<string, { readonly code: Uint8Array; readonly ids: TokenIds }>;

export const nothingBefore: MadeBefore = new Map();
