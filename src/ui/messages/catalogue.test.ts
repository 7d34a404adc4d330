import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { langs, type Message, type Text } from '../i18n/words.ts';
import { addressWords } from './addresses.ts';
import { chartWords } from './charts.ts';
import { dateWords } from './dates.ts';
import { errorWords } from './errors.ts';
import { fetchWords } from './fetching.ts';
import { mapWords } from './map.ts';
import { modelWords } from './model.ts';
import { optionWords } from './options.ts';
import { resultWords } from './results.ts';
import { searchWords } from './search.ts';
import { reasonWords, stateWords } from './state.ts';
import { syncWords } from './sync.ts';
import { welcomeWords } from './welcome.ts';

const catalogue: Readonly<Record<string, Readonly<Record<string, Message>>>> = {
  addressWords,
  chartWords,
  dateWords,
  errorWords,
  fetchWords,
  mapWords,
  modelWords,
  optionWords,
  reasonWords,
  resultWords,
  searchWords,
  stateWords,
  syncWords,
  welcomeWords,
};
const messages = Object.entries(catalogue).flatMap(([part, words]) =>
  Object.entries(words).map(([name, message]) => ({ name: `${part}.${name}`, message })),
);

const root = new URL('../../../', import.meta.url);
const sources = [...sourcesUnder('src/ui'), ...sourcesUnder('entrypoints')];

function sourcesUnder(folder: string): readonly { path: string; text: string }[] {
  return readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.test)\.tsx?$/.test(path) && !path.startsWith('messages'))
    .map((path) => ({
      path: `${folder}/${path}`,
      text: readFileSync(new URL(`${folder}/${path}`, root), 'utf8'),
    }));
}

const forms = (text: Text): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text);
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

describe.each(messages)('$name', ({ message }) => {
  test.each(langs)('is written in %s, in every plural form', (lang) => {
    for (const form of forms(message[lang])) expect(form.trim()).not.toBe('');
    const text = message[lang];
    if (typeof text === 'string') return;
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    expect(Object.keys(text).sort()).toEqual([...needed].sort());
  });

  test('uses the same values in every language', () => {
    const [first, ...others] = langs.map((lang) => placeholders(forms(message[lang]).at(-1) ?? ''));
    for (const other of others) expect(other).toEqual(first);
  });
});

test('the catalogue has every file of messages', () => {
  const files = readdirSync(new URL('./', import.meta.url)).filter(
    (name) => !/\.test\./.test(name),
  );
  const written = files.flatMap((name) => {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    return [...text.matchAll(/export const (\w+) = defineWords/g)].map((match) => match[1] ?? '');
  });
  expect(Object.keys(catalogue).sort()).toEqual(written.sort());
});

test('every message is used', () => {
  const all = sources.map((source) => source.text).join('\n');
  // The kinds of page are looked up by their own name.
  const byName = /searchWords\[/.test(all)
    ? ['article', 'docs', 'thread', 'product', 'video', 'pdf', 'other']
    : [];
  const unused = messages
    .map(({ name }) => name)
    .filter((name) => !new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(all))
    .filter((name) => !byName.includes(name.replace('searchWords.', '')));
  expect(unused).toEqual([]);
});

/** Attributes whose text a person meets. */
const spoken = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'help', 'text']);
/** Names and examples that are the same in every language. */
const universal = new Set(['Dejalu', 'bank.example', 'news.example']);

function hardCoded(path: string, text: string): readonly string[] {
  const found: string[] = [];
  const note = (value: unknown) => {
    if (typeof value !== 'string') return;
    const words = value.trim();
    if (/\p{L}{2,}/u.test(words) && !universal.has(words)) found.push(`${path}: ${words}`);
  };
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, name, value } = node as {
      type?: string;
      name?: { name?: string };
      value?: unknown;
    };
    if (type === 'JSXText') note(value);
    if (type === 'JSXAttribute' && spoken.has(name?.name ?? '')) {
      note((value as { value?: unknown } | null)?.value);
    }
    Object.values(node).forEach(walk);
  };
  walk(parseSync(path, text).program);
  return found;
}

test('the search for hard-coded texts finds them', () => {
  expect(hardCoded('a.tsx', 'const a = <p title="Hello there">Some words</p>;')).toHaveLength(2);
});

test('no view has a text of its own', () => {
  const tsx = sources.filter((source) => source.path.endsWith('.tsx'));
  expect(tsx.length).toBeGreaterThan(10);
  expect(tsx.flatMap(({ path, text }) => hardCoded(path, text))).toEqual([]);
});

test('the manifest speaks both languages with the same names', () => {
  const names = langs.map((lang) =>
    Object.keys(
      JSON.parse(readFileSync(new URL(`public/_locales/${lang}/messages.json`, root), 'utf8')),
    ).sort(),
  );
  expect(names[0]!.length).toBeGreaterThan(0);
  expect(names[1]).toEqual(names[0]);
});
