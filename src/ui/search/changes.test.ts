import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePage } from './changes.ts';

const stored = [
  'The hive stood on the roof. It held nineteen jars of honey.',
  'Winter came early.',
];

test('a page that is the same has no change, however its blocks and blanks fall', () => {
  const { goneCount, added } = comparePage(stored, [
    'The hive  stood on the roof.',
    'It held nineteen jars\nof honey. Winter came early.',
  ]);
  expect([goneCount, added]).toEqual([0, []]);
});

test('a sentence that was changed is gone in its place, and its new form was added', () => {
  const { passages, goneCount, added } = comparePage(stored, [
    'The hive stood on the roof. It held twenty jars of honey.',
    'Winter came early. The bees slept.',
  ]);
  expect(passages[0]?.map(({ isGone }) => isGone)).toEqual([false, true]);
  expect(goneCount).toBe(1);
  expect(added).toEqual(['It held twenty jars of honey.', 'The bees slept.']);
});

test('the sentences of a passage, joined, are the passage; a text against itself has no change', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (texts) => {
      const { passages, goneCount, added } = comparePage(texts, texts);
      expect(passages.map((parts) => parts.map(({ text }) => text).join(''))).toEqual(texts);
      expect([goneCount, added.length]).toEqual([0, 0]);
    }),
  );
});
