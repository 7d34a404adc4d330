import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelNames } from './fuzz.test-tools.ts';
import { fuzzSeed, kernelProperties } from './kernel-properties.test-tools.ts';

describe.each(['plain', 'relaxed'] as const)(`%s kernels, seed ${fuzzSeed}`, (variant) => {
  it.each(kernelProperties.map((property) => [property.kernel, property.name, property] as const))(
    '%s equals its reference: %s',
    (_kernel, _name, property) => property.check(variant, fuzzSeed),
  );
});

describe('the table of kernels in docs/kernels.md', () => {
  const page = readFileSync(new URL('../../docs/kernels.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([^|]+) \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name);

  it('names each kernel that is fuzzed, and no other', () => {
    expect(rows.filter((name) => name !== 'kernel' && name !== '---')).toEqual(
      Object.values(kernelNames),
    );
    const fuzzed = new Set(kernelProperties.map(({ kernel }) => kernel));
    expect([...fuzzed].sort()).toEqual(Object.keys(kernelNames).sort());
  });
});
