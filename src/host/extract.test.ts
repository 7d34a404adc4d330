// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf } from './blocks.ts';
import { extractPage } from './extract.ts';
import { languageOf } from './metadata.ts';

const parser = new DOMParser();
const extract = (body: string, head = '') =>
  extractPage(
    `<html><head>${head}</head><body>${body}</body></html>`,
    'https://a.example/',
    parser,
  );

const texts = (html: string): readonly string[] => {
  const root = document.createElement('div');
  root.innerHTML = html;
  return blocksOf(root).map(({ kind, text }) => `${kind}: ${text}`);
};

const sentence =
  'The harbour office publishes its notices every Monday morning before the boats leave. ';

describe('a page of a video', () => {
  const head = '<title>Stop a dripping tap</title><meta property="og:type" content="video.other">';
  const said = ['Turn the water off.', 'Pull the stem out.', 'Push the new washer on.'];

  it('gives title, description and the transcript that is on the page, in order', () => {
    const segments = said.map((line, i) => `<div><div>0:0${i}</div><div>${line}</div></div>`);
    const { type, blocks } = extract(
      `<div role="banner"><a href="/">Tubeway</a></div><div><h1>Stop a dripping tap</h1>
       <div id="description"><p>A washer has worn out.</p></div>
       <div id="transcript"><h2>Transcript</h2>${segments.join('')}</div></div>`,
      head,
    );
    const text = blocks.map((block) => block.text).join('\n');
    expect(type).toBe('video');
    const places = ['dripping tap', 'A washer has worn out.', ...said].map((part) =>
      text.indexOf(part),
    );
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).not.toContain('Tubeway');
  });
});

describe('blocksOf', () => {
  it('keeps order, kinds and the lines of code', () => {
    expect(
      texts(
        '<h2>Use</h2><p>First.</p><pre>a {\n  b\n}</pre><ul><li>one<li>two</ul><blockquote><p>Said.</p></blockquote>',
      ),
    ).toEqual([
      'heading: Use',
      'text: First.',
      'code: a {\n  b\n}',
      'list: one',
      'list: two',
      'quote: Said.',
    ]);
  });

  it('parts words where the page shows a gap, and nowhere else', () => {
    expect(texts('<p>re<b>act</b>or H<sub>2</sub>O</p>')).toEqual(['text: reactor H2O']);
    expect(
      texts('<p><span data-box="block">Level</span><span data-box="block">412</span></p>'),
    ).toEqual(['text: Level', 'text: 412']);
    expect(texts('<p><span class="k">Level</span><span class="v">412</span></p>')).toEqual([
      'text: Level 412',
    ]);
    expect(texts('one<br>two')).toEqual(['text: one two']);
    expect(texts('<pre><span class="a">let</span><span class="b">ter</span></pre>')).toEqual([
      'code: letter',
    ]);
  });

  it('gives a table of data a line a row', () => {
    expect(texts('<table><tr><th>a<th>b<tr><td>1<td>2</table>')).toEqual(['table: a\tb\n1\t2']);
    expect(texts('<table><tr><td><h2>Layout</h2><p>Text</p></td></tr></table>')).toEqual([
      'heading: Layout',
      'text: Text',
    ]);
  });

  it('lets no control character and no lone surrogate through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const root = document.createElement('p');
        root.textContent = `${text}\ud800\u0000\u200b`;
        for (const block of blocksOf(root)) {
          expect(block.text).not.toMatch(/\p{Cs}|\p{Cc}/u);
        }
      }),
    );
  });
});

describe('extractPage', () => {
  it('has nothing of an empty page, and does not throw', () => {
    expect(extract('')).toMatchObject({ blocks: [], way: 'none', lang: 'und' });
  });

  it('keeps the text and leaves menus, notices and footers', () => {
    const { blocks } = extract(
      `<nav>Home Products</nav><main><h1>Notices</h1><p>${sentence.repeat(5)}</p></main>
       <div class="cookie-banner">We use cookies</div><footer>Copyright</footer>`,
    );
    expect(blocks.map((block) => block.text).join(' ')).toBe(
      `Notices ${sentence.repeat(5).trim()}`,
    );
  });

  it('takes the main element where Readability drops the comments of a page that is no article', () => {
    const comments = Array.from(
      { length: 6 },
      (_, n) => `<div class="comment"><p>Reply ${n}: ${sentence}</p></div>`,
    );
    const { blocks, way } = extract(
      `<main><article><p>${sentence.repeat(4)}</p></article>${comments.join('')}</main>`,
    );
    expect(way).toBe('main');
    expect(blocks.filter((block) => block.text.startsWith('Reply'))).toHaveLength(6);
  });

  it('believes Readability on an article whatever else the page holds', () => {
    const related = `<section class="related">${'<p>Read also another thing.</p>'.repeat(60)}</section>`;
    const { blocks, type } = extract(
      `<main><article>${`<p>${sentence.repeat(3)}</p>`.repeat(4)}</article>${related}</main>`,
      '<meta property="og:type" content="article">',
    );
    expect(type).toBe('article');
    expect(blocks.some((block) => block.text.includes('Read also'))).toBe(false);
  });

  it('says a repeated line once', () => {
    const { blocks } = extract(`<main>${`<p>${sentence}</p>`.repeat(4)}</main>`);
    expect(blocks).toHaveLength(1);
  });

  it('takes a page of 5 MB', () => {
    const { blocks } = extract(`<main><p>${'word '.repeat(1_000_000)}</p></main>`);
    expect(blocks.length).toBeGreaterThan(0);
  }, 60_000);
});

describe('languageOf', () => {
  it.each([
    ['en', 'plain English text', 'en'],
    ['', 'plain English text', 'und'],
    ['en', '이 페이지는 한국어로 쓰였습니다', 'ko'],
    ['', 'これは日本語の文章です', 'ja'],
    ['ko-KR', '한국어', 'ko-KR'],
    ['not a tag!', 'text', 'und'],
    ['en', 'A text in English with one word 한국 in it and nothing more of it', 'en'],
  ])('says %j, shows %j: %s', (said, text, lang) => {
    expect(languageOf(said, text)).toBe(lang);
  });
});
