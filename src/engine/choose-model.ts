import { asAppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { StaticModel } from '../core/model/types.ts';
import { loadModelFolder } from './model-files.ts';
import type { ModelLibrary } from './model-ports.ts';
import type { EngineParts, StoreMeta } from './ports.ts';

/** The model that answers, and the one to change to, if any. */
export interface Chosen {
  readonly meta: StoreMeta;
  readonly model: StaticModel;
  readonly next: StaticModel | null;
  /** The model of the stored codes is gone: until all is encoded anew, pages are found by words. */
  readonly isWordsOnly: boolean;
}

/**
 * Chooses the model, while the store is `opening`. What is stored is searched with the model it was
 * encoded with, if that can still be read, while another one is wished for. A model of the person's
 * that is gone or damaged gives way to the package's.
 */
export async function chooseModel(
  parts: EngineParts,
  opening: Promise<StoreMeta>,
): Promise<Chosen> {
  const { models } = parts;
  if (models === undefined) {
    const [meta, model] = await Promise.all([opening, parts.loadModel()]);
    return { meta, model, next: null, isWordsOnly: false };
  }
  const [meta, wished] = await Promise.all([
    opening,
    models.shelf.wish().then(({ model }) => wishedModel(parts, models, model)),
  ]);
  const { space } = meta;
  if (space === null || space === wished.id) {
    return { meta, model: wished, next: null, isWordsOnly: false };
  }
  const present = await readable(parts, () => modelOf(parts, models, space));
  if (present !== null) return { meta, model: present, next: wished, isWordsOnly: false };
  parts.report?.(`The model ${space} of the stored codes is gone; they are made anew`);
  return { meta, model: wished, next: wished, isWordsOnly: true };
}

async function wishedModel(
  parts: EngineParts,
  models: ModelLibrary,
  id: ModelId | null,
): Promise<StaticModel> {
  const own = id === null ? null : await readable(parts, () => shelfModel(models, id));
  return own ?? parts.loadModel();
}

/** A model by its id, wherever it is; null when it is nowhere. */
export async function modelOf(
  parts: EngineParts,
  models: ModelLibrary,
  id: ModelId,
): Promise<StaticModel | null> {
  return id === (await models.shipped.id()) ? parts.loadModel() : shelfModel(models, id);
}

async function shelfModel({ shelf }: ModelLibrary, id: ModelId): Promise<StaticModel | null> {
  const files = await shelf.files(id);
  return files === null ? null : loadModelFolder(async (name) => files.get(name));
}

async function readable(
  parts: EngineParts,
  load: () => Promise<StaticModel | null>,
): Promise<StaticModel | null> {
  try {
    return await load();
  } catch (thrown) {
    const { code, message } = asAppError(thrown);
    if (code !== 'model-missing' && code !== 'model-invalid') throw thrown;
    parts.report?.(`A model cannot be used any more: ${message}`);
    return null;
  }
}
