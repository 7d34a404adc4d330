import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzText } from '../../../eval/support/fuzz-text.ts';
import { blockKinds, type TextBlock } from '../page/types.ts';
import { passageInput, splitPassages } from './passages.ts';
import { measureWords } from './words.ts';

const block = (text: string, kind: TextBlock['kind'] = 'text'): TextBlock => ({ kind, text });

/** Sentence `n`, all different, of `length` words. */
function sentence(n: number, length = 11): string {
  const words = Array.from({ length }, (_, i) => `w${(n * 31 + i * 7) % 997}`);
  return `Sentence${n} ${words.slice(2).join(' ')} end${n}.`;
}
function paragraph(n: number, sentences = 6): string {
  return Array.from({ length: sentences }, (_, i) => sentence(n * 100 + i)).join(' ');
}
const letters = (text: string) => text.replace(/\s+/g, '');

describe('splitPassages', () => {
  it('makes passages of about 90 words that end where sentences end', () => {
    const passages = splitPassages([block(paragraph(1, 200))]);
    const sizes = passages.map((passage) => passage.text.split(' ').length);
    const mean = sizes.reduce((a, b) => a + b) / sizes.length;
    expect(mean).toBeGreaterThan(75);
    expect(mean).toBeLessThan(110);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(60);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(135);
    expect(passages.every(({ text }) => text.startsWith('Sentence') && text.endsWith('.'))).toBe(
      true,
    );
  });

  it('loses nothing, repeats nothing, and keeps the order, whatever the text', () => {
    const blocks = fc.array(
      fc.record({ kind: fc.constantFrom(...blockKinds), text: fuzzText(20) }),
      { maxLength: 12 },
    );
    const clean = (text: string) =>
      letters(text.replace(/[^\P{Cc}\t\n\r]/gu, '').replace(/\p{Cs}/gu, '\ufffd'));
    fc.assert(
      fc.property(blocks, (list) => {
        const passages = splitPassages(list);
        expect(passages.length).toBeGreaterThan(0);
        expect(passages.map(({ text }) => letters(text)).join('')).toBe(
          list.map(({ text }) => clean(text)).join(''),
        );
        expect(passages.every(({ text }) => !/\p{Cs}/u.test(text))).toBe(true);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });

  it('has one empty passage for a page without text', () => {
    expect(splitPassages([])).toEqual([{ text: '' }]);
    expect(splitPassages([block(' \n\u0000 ')])).toEqual([{ text: '' }]);
  });

  it('begins a passage at a heading once the one before is half full, and remembers headings', () => {
    const passages = splitPassages([
      block('Apples', 'heading'),
      block(paragraph(1, 5)),
      block('Pears', 'heading'),
      block(paragraph(2, 5)),
      block('Short', 'heading'),
      block('Only a few words.'),
      block('Plums', 'heading'),
      block(paragraph(3, 5)),
    ]);
    expect(passages.map(({ heading }) => heading)).toEqual(['Apples', 'Pears', 'Short']);
    expect(passages[1]?.text.startsWith('Pears\nSentence200')).toBe(true);
    expect(passages[2]?.text.startsWith('Short\nOnly a few words.\nPlums\n')).toBe(true);
  });

  it('joins a last passage of fewer than 15 words to the one before it', () => {
    const passages = splitPassages([block(paragraph(1, 10)), block('A tail of five words.')]);
    expect(passages).toHaveLength(1);
    expect(passages[0]?.text.endsWith('\nA tail of five words.')).toBe(true);
  });

  it('keeps the lines of code and the rows of tables and lists whole', () => {
    const code = Array.from({ length: 60 }, (_, i) => `  const value${i} = compute(${i}, other);`);
    const rows = Array.from({ length: 60 }, (_, i) => `name ${i} | size ${i} | colour ${i}`);
    for (const [kind, lines] of [
      ['code', code],
      ['table', rows],
      ['list', rows],
    ] as const) {
      const passages = splitPassages([block(lines.join('\n'), kind)]);
      expect(passages.length).toBeGreaterThan(1);
      expect(passages.flatMap(({ text }) => text.split('\n'))).toEqual(lines);
    }
  });

  it('cuts one sentence of 5,000 words, and a run of 100,000 letters', () => {
    const words = Array.from({ length: 5000 }, (_, i) => `word${i}`);
    const passages = splitPassages([block(words.join(' '))]);
    expect(passages.map(({ text }) => text).join(' ')).toBe(words.join(' '));
    expect(Math.max(...passages.map(({ text }) => measureWords(text)))).toBeLessThanOrEqual(135);
    const run = 'ab\u{1f600}'.repeat(25_000);
    const parts = splitPassages([block(run)]).map(({ text }) => text);
    expect(parts.join('')).toBe(run);
    expect(Math.max(...parts.map((text) => text.length))).toBeLessThan(4000);
  });

  it.each([
    ['Japanese', '林檎の皮から作られた革は自動車の座席に使われています。', 0.4],
    ['Chinese', '用苹果皮制成的皮革现在被用于汽车座椅的生产。', 0.4],
    ['Thai', 'หนังที่ทำจากเปลือกแอปเปิ้ลถูกนำมาใช้ทำเบาะรถยนต์ ', 0.2],
    ['Korean', '사과 껍질로 만든 가죽은 이제 자동차 좌석에 쓰이고 있습니다. ', 1],
  ])('cuts %s at the ends of sentences into passages of like length', (_name, one) => {
    const text = one.repeat(120).trim();
    const passages = splitPassages([block(text)]).map((passage) => passage.text);
    expect(passages.length).toBeGreaterThan(5);
    for (const passage of passages.slice(0, -1)) {
      expect(measureWords(passage)).toBeGreaterThan(40);
      expect(measureWords(passage)).toBeLessThanOrEqual(130);
      expect(passage.endsWith(one.trim().slice(-1))).toBe(true);
    }
  });

  it('changes few passages when one paragraph changes, wherever it is', () => {
    const before = Array.from({ length: 60 }, (_, n) => block(paragraph(n, 3 + (n % 5))));
    const texts = new Set(splitPassages(before).map(({ text }) => text));
    const changes = before.map((_, place) => {
      const after = before.with(place, block(`${paragraph(500, 2)} Something new was added here.`));
      return splitPassages(after).filter(({ text }) => !texts.has(text)).length;
    });
    expect(texts.size).toBeGreaterThan(30);
    expect(Math.min(...changes)).toBeGreaterThan(0);
    expect(changes.reduce((a, b) => a + b) / changes.length).toBeLessThan(4);
  });

  it('keeps the sheet of a paginated document', () => {
    const passages = splitPassages([
      { kind: 'text', text: paragraph(1, 8), sheet: 1 },
      { kind: 'text', text: paragraph(2, 8), sheet: 2 },
    ]);
    expect(passages.map(({ sheet }) => sheet)).toEqual([1, 2]);
  });

  it('takes time linear in the text, 5 MB included', () => {
    const time = (text: string) => {
      const start = process.cpuUsage();
      splitPassages([block(text), block(text, 'list')]);
      return process.cpuUsage(start).user;
    };
    for (const one of ['w. ', 'ab ', '\n \n', 'x', '漢字。', '((((', '.', '\ud800', '\u0001']) {
      // Long enough that what a first call costs does not count: a square would take a hundred times.
      const small = one.repeat(Math.ceil(50_000 / one.length));
      // Of the processor, and the best of several: a busy machine delays some, an algorithm all.
      const best = (text: string) => Math.min(...Array.from({ length: 3 }, () => time(text)));
      const base = Math.max(2_000, best(small));
      expect(best(small.repeat(10)), JSON.stringify(one)).toBeLessThan(base * 10 * 4);
    }
    expect(splitPassages([block(`${paragraph(1)} `.repeat(12_000))]).length).toBeGreaterThan(5000);
  });
});

describe('passageInput', () => {
  it('puts at most 120 code units of the title before the text', () => {
    expect(passageInput('Title', { text: 'Text.' })).toBe('Title. Text.');
    expect(passageInput('t'.repeat(300), { text: 'x' })).toBe(`${'t'.repeat(120)}. x`);
    expect(passageInput(`${'t'.repeat(119)}😀`, { text: 'x' })).toBe(`${'t'.repeat(119)}. x`);
    expect(passageInput('', { text: 'x' })).toBe('x');
    expect(passageInput('Title', { text: '' })).toBe('Title');
  });
});

it('starts a passage with a sheet when the one before it is half full', () => {
  const words = (count: number, word: string) => `${Array(count).fill(word).join(' ')}.`;
  const sheets = [words(60, 'goose'), words(60, 'owl'), words(10, 'wren'), words(60, 'swift')];
  const passages = splitPassages(
    sheets.map((text, index) => ({ kind: 'text', text, sheet: index + 1 })),
  );
  expect(passages.map(({ sheet }) => sheet)).toEqual([1, 2, 3]);
});
