import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from './report.ts';

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const file = statSync(join(folder, name));
    return sum + (file.isFile() ? file.size : 0);
  }, 0);
}

/** Bytes of the built package, as it lies on the disk once it is installed. */
export function measurePackage({ figures, notes }: Report, built: string, model: string): void {
  if (!existsSync(built)) {
    notes.push(`The package was not measured: ${built} is not built (npm run build).`);
    return;
  }
  const ofModel = bytesOf(model);
  figures.set('Package', [
    { what: 'model', values: { size: ofModel / 2 ** 20 }, unit: 'MB' },
    { what: 'all else', values: { size: (bytesOf(built) - ofModel) / 2 ** 20 }, unit: 'MB' },
  ]);
}
