import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePage, isMostlyGone, isStretchGone } from './changes.ts';

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

test('a heading is not gone with the sentence under it', () => {
  const { goneCount, added } = comparePage(
    ['Nineteen jars\nThe hive stood on the roof.'],
    ['Nineteen jars\nThe roof is empty.'],
  );
  expect([goneCount, added]).toEqual([1, ['The roof is empty.']]);
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

test('a stretch is gone with the sentences that it touches, and with no others', () => {
  const passage = 'The hive stood on the roof. It held nineteen jars of honey. Winter came early.';
  const now = [
    'The hive stood on the roof.',
    'It held twenty jars of honey.',
    'Winter came early.',
  ];
  expect(isStretchGone(passage, 'nineteen jars', now)).toBe(true);
  expect(isStretchGone(passage, 'on the roof. It held', now)).toBe(true);
  expect(isStretchGone(passage, 'The hive stood', now)).toBe(false);
  expect(isStretchGone(passage, 'Winter came early.', now)).toBe(false);
  // Cut out of another version of the passage, or of no place: the whole passage counts.
  expect(isStretchGone(passage, 'eighteen jars', now)).toBe(true);
  expect(isStretchGone(passage, '', [passage])).toBe(false);
});

test('a page is mostly gone when less than half of its sentences are left', () => {
  const stored = ['One stood here. Two stood here.', 'Three stood here. Four stood here.'];
  expect(isMostlyGone(stored, ['Not found.'])).toBe(true);
  expect(isMostlyGone(stored, ['One stood here. Two stood here.'])).toBe(false);
  expect(isMostlyGone([], ['Not found.'])).toBe(false);
});
