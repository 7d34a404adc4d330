import { describe, expect, it } from 'vitest';
import { makePdf, setParagraphs } from './make-pdf.test-tools.ts';
import { createPdfReading, type PdfText } from './read-pdf.ts';

function reading() {
  return createPdfReading({ characterMaps: 'none/', now: () => performance.now(), sliceMs: 0 });
}

async function textOf(bytes: Uint8Array): Promise<PdfText> {
  const pdf = reading();
  const opened = await pdf.open(bytes);
  if ('refused' in opened) throw new Error(opened.refused);
  while ((await pdf.readSlice()) < opened.sheets);
  const text = await pdf.finish();
  if ('refused' in text) throw new Error(text.refused);
  return text;
}

const body = [
  ['Wild geese leave the bay in the first', 'week of October, when the nights are clear.'],
  [
    'They come back with the thaw, which has',
    'been ten days early since the nine-',
    'ties of the last century.',
  ],
];

describe('createPdfReading', () => {
  it('makes paragraphs of lines, and headings of larger ones, with their sheets', async () => {
    const { title, blocks } = await textOf(
      makePdf({
        title: 'Geese of the bay',
        sheets: [
          [{ text: 'Geese', y: 740, size: 20 }, ...setParagraphs(body)],
          setParagraphs([['- one goose', '- two geese']]),
        ],
      }),
    );
    expect(title).toBe('Geese of the bay');
    expect(blocks).toEqual([
      { kind: 'heading', text: 'Geese', sheet: 1 },
      {
        kind: 'text',
        text: 'Wild geese leave the bay in the first week of October, when the nights are clear.',
        sheet: 1,
      },
      {
        kind: 'text',
        text: 'They come back with the thaw, which has been ten days early since the nineties of the last century.',
        sheet: 1,
      },
      { kind: 'list', text: '- one goose', sheet: 2 },
      { kind: 'list', text: '- two geese', sheet: 2 },
    ]);
  });

  it('leaves out running heads and page numbers', async () => {
    const sheets = Array.from({ length: 5 }, (_, i) => [
      { text: `Annual report, part ${i + 1}`, y: 770, size: 8 },
      ...setParagraphs([
        [`The ${i + 1}. sheet speaks of geese, and it is not`, 'like the others.'],
      ]),
      { text: String(i + 1), y: 30, size: 8 },
    ]);
    const { blocks, title } = await textOf(makePdf({ sheets, title: 'Microsoft Word - a.doc' }));
    expect(title).toBe('');
    expect(blocks.map(({ text }) => text)).toEqual(
      sheets.map((_, i) => `The ${i + 1}. sheet speaks of geese, and it is not like the others.`),
    );
    expect(blocks.map(({ sheet }) => sheet)).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes the title from the first sheet when the file has none', async () => {
    const sheets = [[{ text: 'On geese', y: 740, size: 22 }, ...setParagraphs(body)]];
    expect((await textOf(makePdf({ sheets }))).title).toBe('On geese');
  });

  it('reads in slices', async () => {
    const sheets = Array.from({ length: 4 }, () => setParagraphs(body));
    const pdf = reading();
    expect(await pdf.open(makePdf({ sheets }))).toEqual({ sheets: 4 });
    expect(await pdf.readSlice()).toBe(1);
    expect(await pdf.readSlice()).toBe(2);
  });

  it('refuses what is locked, broken, empty of text or endless', async () => {
    const sheets = [setParagraphs(body)];
    expect(await reading().open(makePdf({ sheets, isEncrypted: true }))).toEqual({
      refused: 'encrypted',
    });
    const broken = new TextEncoder().encode('%PDF-1.4\nnothing of the kind');
    expect(await reading().open(broken)).toEqual({ refused: 'damaged' });
    const long = Array.from({ length: 3001 }, () => []);
    expect(await reading().open(makePdf({ sheets: long }))).toEqual({ refused: 'too-large' });
    const scan = reading();
    expect(await scan.open(makePdf({ sheets: [[]] }))).toEqual({ sheets: 1 });
    await scan.readSlice();
    expect(await scan.finish()).toEqual({ refused: 'no-text' });
  });
});
