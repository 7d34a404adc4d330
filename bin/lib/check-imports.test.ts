import { expect, test } from 'vitest';
import { checkImports, findCycle, readImports } from './check-imports.ts';

const source = `
import type { A } from '../core/a.ts';
import { b,
  c } from './b.ts';
import './style.css?inline';
import { openDB } from 'idb';
export { d } from '../ui/d.tsx';
const e = await import('../host/e.ts');
`;

test('every form of import is seen, with its target and whether it is only a type', () => {
  expect(readImports('src/engine/x.ts', source)).toEqual([
    { from: 'src/engine/x.ts', to: 'src/core/a.ts', isTypeOnly: true },
    { from: 'src/engine/x.ts', to: 'src/engine/b.ts', isTypeOnly: false },
    { from: 'src/engine/x.ts', to: 'src/engine/style.css', isTypeOnly: false },
    { from: 'src/engine/x.ts', to: 'node_modules/idb', isTypeOnly: false },
    { from: 'src/engine/x.ts', to: 'src/ui/d.tsx', isTypeOnly: false },
    { from: 'src/engine/x.ts', to: 'src/host/e.ts', isTypeOnly: false },
  ]);
});

test('a forbidden direction is named, an allowed one is not', () => {
  const rule = {
    name: 'engine-imports',
    comment: 'only core',
    from: { path: '^src/engine/' },
    to: { path: '^src/', pathNot: ['^src/engine/', '^src/core/'] },
  };
  const problems = checkImports(readImports('src/engine/x.ts', source), [rule]);
  expect(problems.map((line) => line.split(' (')[0])).toEqual([
    'engine-imports: src/engine/x.ts → src/ui/d.tsx',
    'engine-imports: src/engine/x.ts → src/host/e.ts',
  ]);
});

test('a cycle of values is found, a cycle through types is allowed', () => {
  const edge = (from: string, to: string, isTypeOnly = false) => ({ from, to, isTypeOnly });
  expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')])).toEqual(['a', 'b', 'c', 'a']);
  expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'a', true)])).toBeNull();
});
