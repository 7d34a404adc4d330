import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { manifestFile, readManifest } from '../core/model/manifest.ts';
import { type ReadPath, readAnyModel } from '../model-import/read-any-model.ts';
import { writeModel } from '../model-import/write-model.ts';
import { loadModelFolder, sha256 } from './model-files.ts';
import type { ModelFiles, ModelShelf } from './model-ports.ts';

/** A folder with a model, as the person chose it. */
export interface BroughtFolder {
  /** The folder's own name; the model is called by it. */
  readonly name: string;
  /** Reads a file below the folder by its path with `/`. */
  readonly read: ReadPath;
}

/**
 * Checks the model in a folder, of any kind that `readAnyModel` reads, and puts it on the shelf in
 * the form that the engine opens. A model of ours that is not cut stays byte for byte as it is.
 *
 * @param dims keeps only so many of the first dimensions
 * @throws AppError `model-missing` or `model-invalid`, naming the file; then nothing is put
 */
export async function bringModel(
  folder: BroughtFolder,
  shelf: Pick<ModelShelf, 'put'>,
  dims?: number,
): Promise<ModelId> {
  const { files, id } = await readyModel(folder, dims);
  await shelf.put(id, files);
  return id;
}

async function readyModel(
  { name, read }: BroughtFolder,
  dims: number | undefined,
): Promise<{ files: ModelFiles; id: ModelId }> {
  if (dims === undefined && (await read(manifestFile)) !== undefined) {
    const model = await loadModelFolder(read);
    return { files: await ownFiles(read), id: model.id };
  }
  const source = await readAnyModel(read, { sha256, ...(dims === undefined ? {} : { dims }) });
  const label = { name: plainName(name), version: '1.0.0', licence: 'unknown' };
  const { files, model } = await writeModel(source, label, sha256);
  return { files, id: model.id };
}

async function ownFiles(read: ReadPath): Promise<ModelFiles> {
  const manifest = readManifest(await read(manifestFile));
  const files = new Map<string, Uint8Array>();
  for (const file of [manifestFile, manifest.tokenizer.file, manifest.table.file]) {
    const bytes = await read(file);
    if (bytes === undefined) throw new AppError('model-missing', `${file} cannot be read`);
    files.set(file, bytes);
  }
  return files;
}

/** A folder's name as the name of a model: letters, digits, `.` `_` `-`, at most 64. */
function plainName(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64) || 'model'
  );
}
