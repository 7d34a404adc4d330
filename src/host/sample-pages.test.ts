// @vitest-environment jsdom
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgePage, noSignals } from '../core/page/private-rules.ts';
import { shippedJudge } from '../engine/shipped-judge.test-tools.ts';
import { extractPage } from './extract.ts';

interface SamplePage {
  readonly path: string;
  readonly title: string;
  readonly private?: boolean;
}

const invisible = /<style[\s\S]*?<\/style>|<script(?![^>]*ld\+json)[\s\S]*?<\/script>/g;

it('holds back no ordinary page of the samples for what it means', async () => {
  const judge = await shippedJudge();
  const parser = new DOMParser();
  const listed = JSON.parse(readFileSync('samples/pages.json', 'utf8')) as readonly SamplePage[];
  const pages = listed.filter((page) => page.private !== true);
  let judged = 0;
  for (const { path, title } of pages) {
    const file = `samples/site${path}`;
    if (!existsSync(file) || !file.endsWith('.html')) continue;
    const url = `https://samples.example${path}`;
    const html = readFileSync(file, 'utf8').replace(invisible, '');
    const { blocks } = extractPage(html, url, parser);
    const text = blocks.map((block) => block.text).join('\n');
    const likeness = judge(title, text);
    const { verdict } = judgePage({ url, title, text, signals: noSignals, likeness });
    expect(verdict, `${path} ${JSON.stringify(likeness)}`).toBe('ordinary');
    judged += 1;
  }
  expect(judged).toBeGreaterThanOrEqual(50);
});
