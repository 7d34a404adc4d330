// @vitest-environment jsdom
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { splitText } from './pieces.ts';
import { createShadowRootFinder } from './shadow.ts';
import { type SnapshotTools, takeSnapshot } from './snapshot.ts';

const clock = { now: 0 };

const tools = (over: Partial<SnapshotTools> = {}): SnapshotTools => ({
  shadowRootOf: createShadowRootFinder(null),
  now: () => clock.now,
  pause: async () => undefined,
  sliceMs: 8,
  maxLength: 1_000_000,
  ...over,
});

async function textOf(body: string, over: Partial<SnapshotTools> = {}): Promise<string> {
  document.body.innerHTML = body;
  const { html } = await takeSnapshot(document, tools(over));
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}

beforeEach(() => {
  document.head.innerHTML = '';
  document.body.innerHTML = '';
});

describe('takeSnapshot', () => {
  it('reads what is shown and leaves what is not', async () => {
    const text = await textOf(
      `<p>shown</p><p style="display:none">none</p><p style="visibility:hidden">hidden<b style="visibility:visible">back</b></p>
       <script>script</script><noscript>noscript</noscript><template>template</template>`,
    );
    expect(text.trim()).toBe('shownback');
  });

  it('leaves out what a person typed', async () => {
    const text = await textOf(
      `<p>form</p><input value="secret-1"><textarea>secret-2</textarea><select><option>secret-3</option></select>
       <div role="textbox" contenteditable>secret-4</div>`,
    );
    expect(text.trim()).toBe('form');
  });

  it('reads shadow roots in place, with their slots filled in order', async () => {
    document.body.innerHTML = '<x-card><b>light</b></x-card>';
    const root = document.querySelector('x-card')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<p>before</p><slot></slot><p>after</p>';
    const { html } = await takeSnapshot(document, tools());
    expect(
      html
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ).toBe('before light after');
  });

  it('never changes the page', async () => {
    document.body.innerHTML =
      '<main id="m"><p>one <a href="/x">two</a></p><img srcset="a 1x"></main>';
    const before = document.documentElement.outerHTML;
    const observed = vi.fn();
    const observer = new MutationObserver(observed);
    observer.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    await takeSnapshot(document, tools());
    expect(document.documentElement.outerHTML).toBe(before);
    expect(observer.takeRecords()).toEqual([]);
    expect(observed).not.toHaveBeenCalled();
  });

  it('pauses after each slice and goes on where it was', async () => {
    document.body.innerHTML = Array.from({ length: 500 }, (_, n) => `<p>p${n}</p>`).join('');
    const pause = vi.fn(async () => undefined);
    // Every look at the clock costs a millisecond: a slice is full after eight looks.
    const { html, slicesMs } = await takeSnapshot(
      document,
      tools({ pause, now: () => (clock.now += 1) }),
    );
    expect(pause.mock.calls.length).toBeGreaterThan(2);
    expect(slicesMs.length).toBe(pause.mock.calls.length + 1);
    expect(Math.max(...slicesMs)).toBeLessThanOrEqual(10);
    for (let n = 0; n < 500; n += 1) expect(html).toContain(`<p>p${n}</p>`);
  });

  it('survives a page that changes during a pause', async () => {
    document.body.innerHTML = Array.from({ length: 200 }, (_, n) => `<div><p>p${n}</p></div>`).join(
      '',
    );
    const { html } = await takeSnapshot(
      document,
      tools({
        now: () => (clock.now += 10),
        pause: async () => document.body.lastElementChild?.remove(),
      }),
    );
    expect(html).toContain('<p>p0</p>');
    expect(html.endsWith('</body></html>')).toBe(true);
  });

  it('stops at its limit and says so', async () => {
    document.body.innerHTML = `<p>${'x'.repeat(500)}</p>`.repeat(100);
    const { html, isCut } = await takeSnapshot(document, tools({ maxLength: 5000 }));
    expect(isCut).toBe(true);
    expect(html.length).toBeLessThanOrEqual(5000);
  });

  it('gives any text back as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        document.body.replaceChildren(document.createTextNode(text));
        const { html } = await takeSnapshot(document, tools());
        const copy = new DOMParser().parseFromString(html, 'text/html');
        const normal = (value: string) => value.replace(/\r\n?/g, '\n').replace(/^\s+|\0/g, '');
        expect(normal(copy.body.textContent ?? '')).toBe(normal(text));
      }),
      { numRuns: 60 },
    );
  });

  it('notices robots directives', async () => {
    document.head.innerHTML = '<meta name="robots" content="NoArchive">';
    expect((await takeSnapshot(document, tools())).signals.robots).toBe('noarchive');
  });
});

describe('splitText', () => {
  it('parts no pair of surrogates and loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 9 }), (text, length) => {
        const pieces = splitText(text, length);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(length);
          expect(piece).not.toMatch(/\p{Cs}/u);
        }
      }),
    );
  });
});
