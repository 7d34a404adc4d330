import { describe, expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { filesBelow, fixture, readFrom } from '../model-import/import.fixture.ts';
import { bringModel } from './bring-model.ts';
import { loadModelFolder } from './model-files.ts';
import type { ModelFiles } from './model-ports.ts';

/** A shelf that keeps what was put on it. */
function shelf() {
  const models = new Map<ModelId, ModelFiles>();
  return {
    models,
    put: async (id: ModelId, files: ModelFiles) => {
      models.set(id, files);
    },
    open: (id: ModelId) => loadModelFolder(async (name) => models.get(id)?.get(name)),
  };
}

const brought = (name: string, files = filesBelow(fixture(name))) => ({
  name,
  read: readFrom(files),
});

describe.each(['model2vec-int8', 'model2vec-mapped', 'sentence-transformers'])('%s', (name) => {
  test('lies on the shelf as a model that the engine opens, under the id that it has there', async () => {
    const kept = shelf();
    const id = await bringModel(brought(name), kept);
    const model = await kept.open(id);
    expect(model.id).toBe(id);
    expect(model.name).toBe(name);
  });
});

test('a model is cut to the dimensions that were asked for, and is another model then', async () => {
  const kept = shelf();
  const whole = await bringModel(brought('sentence-transformers'), kept);
  const cut = await bringModel(brought('sentence-transformers'), kept, 4);
  expect((await kept.open(cut)).dims).toBe(4);
  expect(cut).not.toBe(whole);
});

test('one of ours stays byte for byte as it is', async () => {
  const kept = shelf();
  const id = await bringModel(brought('model2vec-int8'), kept);
  const files = kept.models.get(id) as ModelFiles;
  const again = shelf();
  expect(await bringModel({ name: 'copied', read: readFrom(files) }, again)).toBe(id);
  expect(again.models.get(id)).toEqual(files);
});

test('a name that no model may have is made into one', async () => {
  const kept = shelf();
  const files = filesBelow(fixture('model2vec-int8'));
  const id = await bringModel({ name: '한국어 모델 (2)', read: readFrom(files) }, kept);
  expect((await kept.open(id)).name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
});

test('a folder without a model, and one that is damaged, put nothing and name the file', async () => {
  const kept = shelf();
  await expect(bringModel(brought('none', new Map()), kept)).rejects.toMatchObject({
    code: 'model-missing',
    details: { file: 'model.safetensors' },
  });
  const files = filesBelow(fixture('model2vec-int8'));
  files.set('model.safetensors', new Uint8Array([1, 2, 3]));
  await expect(bringModel(brought('damaged', files), kept)).rejects.toMatchObject({
    code: 'model-invalid',
  });
  expect(kept.models.size).toBe(0);
});
