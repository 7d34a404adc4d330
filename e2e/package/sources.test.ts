import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../lib/samples.ts';

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

// Text of a page must never become elements of ours: Preact sets text, and only text.
test('no source makes elements from a string', () => {
  const files = [...sourceFiles('src'), ...sourceFiles('entrypoints')];
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const found =
      text.match(/\.(?:innerHTML|outerHTML)\s*=|dangerouslySetInnerHTML|insertAdjacentHTML/g) ?? [];
    expect(found, file).toEqual([]);
  }
});

test('no source starts a keep-alive or asks a fixed host', () => {
  for (const file of [...sourceFiles('src'), ...sourceFiles('entrypoints')]) {
    const text = readFileSync(file, 'utf8');
    expect(text.match(/fetch\(\s*['"`]https?:/g) ?? [], file).toEqual([]);
  }
});
