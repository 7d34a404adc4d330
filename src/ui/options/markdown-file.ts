import { Zip, ZipDeflate } from 'fflate';
import type { ExportedPage } from '../../core/page/exported-page.ts';
import { siteOf } from '../../core/page/page-key.ts';

const utf8 = new TextEncoder();
/** Letters of a title that a file's name keeps. */
const longestName = 60;

/** A page as Markdown: what is known of it first, as YAML, then its text under its headings. */
export function markdownOf(page: ExportedPage): string {
  const lines = [
    '---',
    // Texts in JSON's form are YAML too, whatever stands in them.
    `title: ${JSON.stringify(page.title)}`,
    `url: ${JSON.stringify(page.url)}`,
    `site: ${JSON.stringify(siteOf(page.url))}`,
    `language: ${JSON.stringify(page.lang)}`,
    `type: ${page.type}`,
    `first_read: ${new Date(page.firstReadAt).toISOString()}`,
    `last_read: ${new Date(page.lastReadAt).toISOString()}`,
    `times_read: ${page.readCount}`,
    `pinned: ${page.isPinned}`,
    '---',
    '',
    `# ${oneLine(page.title) || page.url}`,
  ];
  let heading = '';
  for (const passage of page.passages) {
    if (passage.heading !== undefined && passage.heading !== heading) {
      heading = passage.heading;
      lines.push('', `## ${oneLine(heading)}`);
    }
    lines.push('', passage.text);
  }
  return `${lines.join('\n')}\n`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Names for the files of pages: a folder a site, the title as the name, never one twice. */
export function createFileNames(): (page: Pick<ExportedPage, 'url' | 'title'>) => string {
  const taken = new Map<string, number>();
  return ({ url, title }) => {
    const name = plain(title).slice(0, longestName).trim() || 'untitled';
    const path = `${plain(siteOf(url)) || 'files'}/${name}`;
    // Two names that differ by case alone are one file on some disks.
    const key = path.toLowerCase();
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    if (count === 1) return `${path}.md`;
    const numbered = `${path} (${count})`;
    taken.set(numbered.toLowerCase(), 1);
    return `${numbered}.md`;
  };
}

/** Without what some system does not allow in a file's name, nor a dot at either end. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
}

/** A folder of Markdown files in one ZIP, made page by page. */
export class MarkdownFolder {
  readonly #nameOf = createFileNames();
  #bytes: Uint8Array<ArrayBuffer>[] = [];
  #failure: Error | null = null;
  readonly #zip = new Zip((error, bytes) => {
    if (error !== null) this.#failure = error;
    else this.#bytes.push(bytes as Uint8Array<ArrayBuffer>);
  });

  /** @returns what of the file is ready now */
  add(page: ExportedPage): readonly Uint8Array<ArrayBuffer>[] {
    const file = new ZipDeflate(this.#nameOf(page), { level: 6 });
    file.mtime = Math.max(page.lastReadAt, earliestZipTime);
    this.#zip.add(file);
    file.push(utf8.encode(markdownOf(page)), true);
    return this.#take();
  }

  end(): readonly Uint8Array<ArrayBuffer>[] {
    this.#zip.end();
    return this.#take();
  }

  #take(): readonly Uint8Array<ArrayBuffer>[] {
    if (this.#failure !== null) throw this.#failure;
    const ready = this.#bytes;
    this.#bytes = [];
    return ready;
  }
}

/** A ZIP knows no year before 1980. */
const earliestZipTime = Date.UTC(1980, 0, 2);
