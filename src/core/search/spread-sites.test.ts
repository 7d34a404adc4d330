import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxOfOneSite, spreadSites } from './spread-sites.ts';

const entries = fc.array(fc.record({ site: fc.constantFrom('a', 'b', 'c'), id: fc.nat() }));

test('nothing is lost, and each site keeps its own order', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const spread = spreadSites(list, ({ site }) => site);
      expect(spread).toHaveLength(list.length);
      for (const site of ['a', 'b', 'c']) {
        const of = (all: typeof list) => all.filter((entry) => entry.site === site);
        expect(of(spread)).toEqual(of(list));
      }
    }),
  );
});

test('a site with many comes first only so often while others wait', () => {
  const list = [...'aaaaaaabca'].map((site, id) => ({ site, id }));
  const spread = spreadSites(list, ({ site }) => site);
  expect(spread.map(({ site }) => site).join('')).toBe(`${'a'.repeat(maxOfOneSite)}bcaaaaa`);
});
