import { AppError } from '../errors.ts';
import type { Timestamp } from '../ids.ts';

/** One line of a list of addresses. */
export interface ListedAddress {
  readonly url: string;
  /** Empty when the list has none. */
  readonly title: string;
  /** When it was added or visited; null when the list does not say. */
  readonly at: Timestamp | null;
}

/** The most addresses of one list. */
export const maxListedAddresses = 200_000;

const urlName = /^(?:url|uri|link|href|address|page|주소|링크)$/i;
const titleName = /^(?:title|name|text|제목|이름)$/i;
const dateName =
  /^(?:(?:last_?)?(?:visited|visit|accessed|added|created|saved)(?:_?(?:at|on|date|time))?|date_?added|date|time|timestamp|날짜)$/i;
const isAddress = (text: string): boolean => /^https?:\/\/\S+$/i.test(text);

/**
 * Reads a list of addresses: a browser's bookmarks as HTML, JSON (addresses or objects, nested as
 * they may be: a browser's own backup too), CSV with or without a line of names, or a line for each
 * address. What is in it that is no web address is left out.
 * @throws AppError `bad-request` when there is none, or more than {@link maxListedAddresses}
 */
export function readAddressList(text: string): readonly ListedAddress[] {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  const found = /^[[{]/.test(start)
    ? readJson(start)
    : start.startsWith('<')
      ? readBookmarks(start)
      : readCsv(start);
  if (found.length === 0 || found.length > maxListedAddresses) {
    throw new AppError(
      'bad-request',
      `The list has ${found.length} web addresses; allowed: 1 to ${maxListedAddresses}`,
      { details: { count: found.length } },
    );
  }
  return found;
}

/** Seconds, milliseconds or microseconds since 1970, told apart by their size, or a date in words. */
function readMoment(value: unknown): Timestamp | null {
  const text = String(value ?? '').trim();
  if (text === '') return null;
  const number = Number(text);
  if (!Number.isFinite(number)) {
    const parsed = Date.parse(text);
    return Number.isNaN(parsed) ? null : parsed;
  }
  if (number <= 0) return null;
  return Math.round(number < 1e11 ? number * 1000 : number < 1e14 ? number : number / 1000);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, (whole, dec, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The format that browsers share since Netscape: a list of links with their dates in seconds. */
function readBookmarks(html: string): ListedAddress[] {
  const found: ListedAddress[] = [];
  for (const [, attributes = '', label = ''] of html.matchAll(/<a\s([^>]*)>([^<]*)/gi)) {
    const attribute = (name: string): string =>
      decodeEntities(
        new RegExp(`(?:^|\\s)${name}\\s*=\\s*"([^"]*)"`, 'i').exec(attributes)?.[1] ?? '',
      );
    const url = attribute('href').trim();
    if (!isAddress(url)) continue;
    const at = readMoment(attribute('last_visit')) ?? readMoment(attribute('add_date'));
    found.push({ url, title: decodeEntities(label).trim(), at });
  }
  return found;
}

function readJson(text: string): ListedAddress[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad-request', 'The list begins as JSON and is none', { cause });
  }
  const found: ListedAddress[] = [];
  const waiting: unknown[] = [parsed];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      if (isAddress(value)) found.push({ url: value, title: '', at: null });
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) waiting.push(value[i]);
    } else if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value);
      const named = (name: RegExp) => fields.find(([key]) => name.test(key))?.[1];
      const url = named(urlName);
      if (typeof url === 'string' && isAddress(url)) {
        found.push({ url, title: String(named(titleName) ?? ''), at: readMoment(named(dateName)) });
      }
      for (const [, field] of fields.reverse()) {
        if (typeof field === 'object' && field !== null) waiting.push(field);
      }
    }
  }
  return found;
}

/** Rows of a CSV text (RFC 4180); the separator is the one its first line has most of. */
function rowsOf(text: string): string[][] {
  const firstLine = text.slice(0, text.search(/\r?\n|$/));
  const separators = [',', ';', '\t'] as const;
  const counts = separators.map((each) => firstLine.split(each).length);
  const separator = separators[counts.indexOf(Math.max(...counts))] ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (letter === separator || letter === '\n') {
      row.push(cell.trim());
      cell = '';
      if (letter === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += letter;
  }
  rows.push([...row, cell.trim()]);
  return rows;
}

function readCsv(text: string): ListedAddress[] {
  const rows = rowsOf(text);
  const names = rows[0] ?? [];
  const urlAt = names.findIndex((name) => urlName.test(name));
  const titleAt = names.findIndex((name) => titleName.test(name));
  const dateAt = names.findIndex((name) => dateName.test(name));
  return rows.flatMap((row): ListedAddress[] => {
    const url = urlAt < 0 ? row.find(isAddress) : row[urlAt];
    if (url === undefined || !isAddress(url)) return [];
    // Without names the first words that are neither an address nor a number are the title.
    const title =
      urlAt < 0 ? row.find((cell) => cell !== url && /\p{L}{2}/u.test(cell)) : row[titleAt];
    return [{ url, title: title ?? '', at: dateAt < 0 ? null : readMoment(row[dateAt]) }];
  });
}
