import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../eval/model.ts';
import { fuzzText } from '../../../eval/support/fuzz-text.ts';
import type { ModelId } from '../ids.ts';
import { hasSoundRows, prepareModel, readPrepared } from './prepared-model.ts';
import { textForms } from './text-forms.ts';
import { tokenTable } from './token-table.ts';
import type { StaticModel } from './types.ts';

const model = await loadModel('models/dejalu-1');
const bytes = prepareModel(model, 'Browser 1') as Uint8Array<ArrayBuffer>;

describe('a prepared model', () => {
  it('is the model it was made of', () => {
    const kept = readPrepared(bytes, model.id, 'Browser 1') as StaticModel;
    const { tokenizer, table, ...rest } = model;
    expect({ ...rest }).toEqual(
      Object.fromEntries(Object.entries(kept).filter(([name]) => name in rest)),
    );
    for (const name of ['weights', 'scales', 'norms', 'packed'] as const) {
      expect(Buffer.compare(bytesOf(kept.table[name]), bytesOf(table[name])), name).toBe(0);
    }
    expect(kept.tokenizer.vocabularySize).toBe(tokenizer.vocabularySize);
    for (let id = -1; id <= tokenizer.vocabularySize; id += 97) {
      expect(kept.tokenizer.token(id)).toBe(tokenizer.token(id));
    }
    expect(kept.tokenizer.pieces?.forms).toEqual(textForms());
    fc.assert(
      fc.property(fuzzText(), (text) => {
        expect(kept.tokenizer.encodeWithOffsets(text)).toEqual(tokenizer.encodeWithOffsets(text));
      }),
      { numRuns: 300 },
    );
  });

  it('is not taken for another, nor when any of its bytes is another', () => {
    expect(readPrepared(bytes, 'other@1#0' as ModelId, 'Browser 1')).toBeNull();
    expect(readPrepared(bytes, model.id, 'Browser 2')).toBeNull();
    expect(readPrepared(new Uint8Array(0), model.id, 'Browser 1')).toBeNull();
    expect(readPrepared(bytes.slice(0, -1), model.id, 'Browser 1')).toBeNull();
    for (const place of [0, 4, 9, 13, 40, 5_000, 1_000_000, 2_000_000]) {
      const damaged = bytes.slice();
      damaged[place] = (damaged[place] as number) ^ 4;
      expect(readPrepared(damaged, model.id, 'Browser 1'), `byte ${place}`).toBeNull();
    }
    expect(hasSoundRows(bytes)).toBe(true);
    for (const place of [20, 4_000_000, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[place] = (damaged[place] as number) ^ 4;
      expect(hasSoundRows(damaged), `byte ${place}`).toBe(false);
    }
  });

  it('is made only of models of our kind', () => {
    const table = tokenTable(2, new Int8Array(4), new Float32Array(2));
    expect(prepareModel({ ...model, table }, '')).toBeNull();
    const { pieces: _pieces, ...tokenizer } = model.tokenizer;
    expect(prepareModel({ ...model, tokenizer }, '')).toBeNull();
  });
});

function bytesOf(column: ArrayBufferView | undefined): Buffer {
  if (column === undefined) throw new Error('A column is missing.');
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}
