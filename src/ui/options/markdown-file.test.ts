import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { PageKey } from '../../core/ids.ts';
import type { ExportedPage } from '../../core/page/exported-page.ts';
import { createFileNames, MarkdownFolder, markdownOf } from './markdown-file.ts';

const page = (title: string, url = 'https://bees.example/roof'): ExportedPage => ({
  key: url as PageKey,
  url,
  title,
  lang: 'en',
  type: 'article',
  firstReadAt: 0,
  lastReadAt: 1_700_000_000_000,
  readCount: 2,
  isPinned: true,
  visits: [0, 1_700_000_000_000],
  passages: [
    { text: 'Before any heading.' },
    { text: 'Lime trees.', heading: 'The roof' },
    { text: 'And clover.', heading: 'The roof' },
    { text: 'Jars.', heading: 'Honey' },
  ],
});

test('a page is what is known of it, its title, and its text under its headings once', () => {
  const text = markdownOf(page('Nineteen "jars": a\nyear'));
  expect(text).toContain('title: "Nineteen \\"jars\\": a\\nyear"');
  expect(text).toContain('last_read: 2023-11-14T22:13:20.000Z');
  expect(text).toContain(
    '\n# Nineteen "jars": a year\n\nBefore any heading.\n\n## The roof\n\nLime',
  );
  expect(text.match(/## The roof/g)).toHaveLength(1);
});

test('no two files have one name, and every name is allowed everywhere', () => {
  const nameOf = createFileNames();
  const names = [
    'Jars',
    'jars',
    'jars (2)',
    'a/b: c?',
    '..',
    '',
    '한국어 제목',
    'x'.repeat(300),
  ].map((title) => nameOf(page(title)));
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^bees\.example\/[^<>:"/\\|?*]+\.md$/);
    expect(name.length).toBeLessThan(100);
  }
});

test('the ZIP holds a file for each page, in the folder of its site', () => {
  const folder = new MarkdownFolder();
  const parts = [
    ...folder.add(page('One')),
    ...folder.add(page('Two', 'https://cars.example/')),
    ...folder.end(),
  ];
  const files = unzipSync(new Uint8Array(parts.flatMap((part) => [...part])));
  expect(Object.keys(files)).toEqual(['bees.example/One.md', 'cars.example/Two.md']);
  expect(strFromU8(files['bees.example/One.md']!)).toBe(markdownOf(page('One')));
});
