import { AppError } from '../../core/errors.ts';
import type { BroughtFolder } from '../../engine/bring-model.ts';

/** No file of a static model is near this; it would not fit in memory beside the engine's. */
const mostBytes = 1 << 30;

/** The folder that a file field gave as a list of files; null when nothing is in it. */
export function folderOf(files: readonly File[]): BroughtFolder | null {
  const [first] = files;
  if (first === undefined) return null;
  const [name = ''] = first.webkitRelativePath.split('/');
  const byPath = new Map(
    files.map((file) => [file.webkitRelativePath.slice(name.length + 1), file]),
  );
  return {
    name,
    async read(path) {
      const file = byPath.get(path);
      if (file === undefined) return undefined;
      if (file.size > mostBytes) {
        throw new AppError(
          'model-invalid',
          `${path} has ${file.size} bytes; at most ${mostBytes} are allowed`,
          { details: { file: path } },
        );
      }
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}
