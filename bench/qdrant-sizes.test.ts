import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sizeTable } from './qdrant-sizes.ts';

it('docs/scale.md shows the table that the script prints', () => {
  const page = readFileSync(new URL('../docs/scale.md', import.meta.url), 'utf8');
  expect(page).toContain(sizeTable({ ram: 4, disk: 0.1 }));
});
