import { join } from 'node:path';
import type { BrowserName } from '../bin/lib/browsers.ts';
import { withPage } from './browser-page.ts';
import type { encodePage } from './encode-page.ts';
import type { minilmPage } from './minilm-page.ts';
import type { Peers } from './peers.ts';
import { type Figure, firstLine, type Report } from './report.ts';
import { serveScript } from './server.ts';

/** Passages that MiniLM reads, some thousand times slower; in English, its language. */
const minilmTexts = 24;

/** What the pages of encode-page.ts and minilm-page.ts offer. */
interface PageGlobals {
  readonly encodePage: typeof encodePage;
  readonly minilmPage: typeof minilmPage;
}

const sizeOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;

async function timesIn(browser: BrowserName, modelDir: string, texts: readonly string[]) {
  const server = await serveScript('bench/encode-page.ts', { model: modelDir });
  try {
    return await withPage(browser, server.url, (page) =>
      page.evaluate(
        (list) => (globalThis as unknown as PageGlobals).encodePage.measure(list),
        texts,
      ),
    );
  } finally {
    server.close();
  }
}

/** Milliseconds in which MiniLM reads the texts in Chromium. */
async function timeOfMinilm(models: string, packages: string, texts: readonly string[]) {
  const ort = join(packages, 'onnxruntime-web/dist');
  const server = await serveScript('bench/minilm-page.ts', { models, ort }, packages);
  try {
    return await withPage('chromium', server.url, (page) =>
      page.evaluate(
        (list) => (globalThis as unknown as PageGlobals).minilmPage.measure(list),
        texts,
      ),
    );
  } finally {
    server.close();
  }
}

/** Text to bit code in Chromium and Firefox, against other tokenizers and a transformer. */
export async function measureEncode(
  report: Report,
  modelDir: string,
  peers: Peers,
  texts: readonly string[],
): Promise<void> {
  const rows: Figure[] = [];
  const browsers = [
    ['chromium', 'Chromium'],
    ['firefox', 'Firefox'],
  ] as const;
  for (const [browser, name] of browsers) {
    const times = await timesIn(browser, modelDir, texts);
    const add = (key: string, what: string, peer: string, ratio: number) => {
      const suffix = browser === 'chromium' ? '' : `-${browser}`;
      report.ratios.push({ name: `${key}${suffix}`, what: `${what}, ${name}`, peer, ratio });
    };
    const alone = '@huggingface/tokenizers, tokenizing alone';
    add('tokenize/huggingface', 'tokenize', alone, times.peerTokens / times.tokens);
    add('encode/huggingface', 'text to bit code', alone, times.peerTokens / times.code);
    const pooled = '@huggingface/tokenizers and plain pooling';
    add('encode/pooling', 'text to bit code', pooled, times.peerPooled / times.code);
    add('encode/typescript', 'text to bit code', 'plain TypeScript', times.typescript / times.code);
    const speeds = (milliseconds: number, list: readonly string[]) => ({
      'MB/s': (sizeOf(list) / milliseconds) * 1e3,
      'passages/s': (list.length / milliseconds) * 1e3,
    });
    const row = (what: string, milliseconds: number, list = texts) =>
      rows.push({ what: `${what}, ${name}`, values: speeds(milliseconds, list), unit: '' });
    row('text to bit code', times.code);
    row('text to tokens', times.tokens);
    row(alone, times.peerTokens);
    row(pooled, times.peerPooled);
    if (browser !== 'chromium' || peers.models === undefined) continue;
    const english = texts.filter((text) => !/[^\0-\u024f\u2000-\u206f]/.test(text));
    const some = english.slice(0, minilmTexts);
    try {
      const minilm = await timeOfMinilm(peers.models, peers.packages, some);
      const peer = 'MiniLM-L6 q8, @huggingface/transformers, one thread';
      row(peer, minilm, some);
      const own = texts.length / times.code;
      add('encode/minilm', 'passages a second', peer, own / (some.length / minilm));
    } catch (cause) {
      report.notes.push(`MiniLM did not run: ${firstLine(cause)}`);
    }
  }
  report.figures.set('Encoding', rows);
}
