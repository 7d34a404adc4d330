import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { afterRead, emptyState } from '../core/sync/merge.ts';
import { ReferenceTurnKernel } from '../core/sync/turn.ts';
import type { DeviceId } from '../core/sync/types.ts';
import { plainCodec, sealedCodec } from './codec.ts';
import { changePassphrase, createKeys, keyedUuid, openKeys, pbkdf2Iterations } from './crypto.ts';
import { secretRotation } from './rotation.ts';

/** The least the box allows: the test is of the logic, the figure itself is checked below. */
const iterations = 100_000;

const state = afterRead(emptyState('https://news.example/끝' as PageKey), {
  device: 'laptop' as DeviceId,
  at: 1_700_000_000_000,
  content: {
    url: 'https://news.example/끝',
    title: 'A secret title',
    lang: 'ko',
    type: 'article',
    firstReadAt: 1_600_000_000_000,
    isPinned: true,
    passages: [
      { text: '사과 껍질로 만든 가죽', heading: '소재' },
      { text: 'plain words', sheet: 3 },
    ],
  },
});

describe('the key box', () => {
  it('asks for the iterations that OWASP advises', () => {
    expect(pbkdf2Iterations).toBe(600_000);
  });

  it('opens with its passphrase, in any Unicode form of it, and with no other', async () => {
    const { keys, box } = await createKeys('caf\u00e9 비밀', iterations);
    const opened = await openKeys(box, 'cafe\u0301 비밀');
    expect(await keyedUuid(opened.name, 'x')).toBe(await keyedUuid(keys.name, 'x'));
    await expect(openKeys(box, 'cafe 비밀')).rejects.toMatchObject({
      code: 'not-allowed',
      message: 'The passphrase does not open this mirror.',
    });
  });

  it('keeps its keys when the passphrase changes, and the old passphrase ends', async () => {
    const { keys, box } = await createKeys('old', iterations);
    const changed = await changePassphrase(box, 'old', 'new', iterations);
    const opened = await openKeys(changed, 'new');
    expect(opened.rotationSeed).toEqual(keys.rotationSeed);
    await expect(openKeys(changed, 'old')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('refuses a box that would keep the processor busy or was made weak', async () => {
    const { box } = await createKeys('p', iterations);
    for (const wrong of [1, 99_999, 10_000_001, Number.NaN]) {
      await expect(openKeys({ ...box, iterations: wrong }, 'p')).rejects.toThrow(
        /100000 to 10000000/,
      );
    }
  });
});

describe('a sealed mirror', () => {
  it('gives back what was sealed and shows none of it', async () => {
    const { keys } = await createKeys('p', iterations);
    const codec = await sealedCodec(keys, 8);
    const body = await codec.encodeState(state, 'id-1');
    expect(await codec.decodeState(body, 'id-1')).toEqual(state);
    for (const secret of ['secret title', 'news.example', 'plain words', '사과']) {
      expect(atob(body)).not.toContain(secret);
    }
    expect(await codec.name('site', 'news.example')).toMatch(/^[0-9a-f]{32}$/);
    expect(await codec.name('site', 'x')).not.toBe(await codec.name('page', 'x'));
  });

  it('does not open a body that was moved to another point, changed or cut', async () => {
    const { keys } = await createKeys('p', iterations);
    const codec = await sealedCodec(keys, 8);
    const body = await codec.encodeState(state, 'id-1');
    const flipped = body.slice(0, 40) + (body[40] === 'A' ? 'B' : 'A') + body.slice(41);
    for (const [bytes, id] of [
      [body, 'id-2'],
      [flipped, 'id-1'],
      [body.slice(0, 80), 'id-1'],
      ['', 'id-1'],
      ['%%%', 'id-1'],
    ] as const) {
      await expect(codec.decodeState(bytes, id)).rejects.toMatchObject({
        code: expect.stringMatching(/^(remote-failed|bad-request)$/),
      });
    }
  });

  it('makes the same ids on every device, as UUIDs', async () => {
    const { keys, box } = await createKeys('p', iterations);
    const here = await sealedCodec(keys, 8);
    const there = await sealedCodec(await openKeys(box, 'p'), 8);
    const id = await here.uuid('record', 'ab', 'c');
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(id).toMatch(uuid);
    expect(await there.uuid('record', 'ab', 'c')).toBe(id);
    expect(await there.uuid('record', 'a', 'bc')).not.toBe(id);
    // More passages than one derivation gives.
    const ids = await here.passageIds(1_200, 'page', 'model', 'text');
    for (const one of ids) expect(one).toMatch(uuid);
    expect(new Set(ids).size).toBe(1_200);
    expect(await there.passageIds(1_200, 'page', 'model', 'text')).toEqual(ids);
    const others = await there.passageIds(1_200, 'page', 'model', 'texts');
    expect(others.filter((one) => ids.includes(one))).toEqual([]);
  });
});

describe('a plain mirror', () => {
  it('refuses what a lying server may put in place of a page', async () => {
    const codec = await plainCodec();
    const good = JSON.parse(await codec.encodeState(state, 'id'));
    const wrong: unknown[] = [
      null,
      [],
      { ...good, epoch: -1 },
      { ...good, extra: 1 },
      { ...good, visits: [{ epoch: 0, at: 'yesterday' }] },
      { ...good, edit: { ...good.edit, content: { ...good.edit.content, url: 'javascript:1' } } },
      { ...good, edit: { ...good.edit, content: { ...good.edit.content, passages: 'all' } } },
    ];
    expect(await codec.decodeState(JSON.stringify(good), 'id')).toEqual(state);
    for (const value of wrong) {
      await expect(codec.decodeState(JSON.stringify(value), 'id')).rejects.toMatchObject({
        code: 'remote-failed',
      });
    }
    await expect(codec.decodeState('{"key":', 'id')).rejects.toThrow(/not JSON/);
  });
});

describe('the secret rotation', () => {
  const seed = new Uint8Array(32).fill(7);

  it('keeps every dot product, so the order of results is the same', async () => {
    const dims = 96;
    const kernel = new ReferenceTurnKernel(await secretRotation(seed, dims), dims);
    const vectors = Array.from({ length: 40 }, (_, n) =>
      Float32Array.from({ length: dims }, (_, i) => Math.sin((n + 1) * (i + 3) * 1.7)),
    );
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((s, x, i) => s + x * b[i]!, 0);
    const turned = kernel.turn(vectors);
    for (const [i, a] of vectors.entries()) {
      for (const [j, b] of vectors.entries()) {
        expect(Math.abs(dot(turned[i]!, turned[j]!) - dot(a, b))).toBeLessThan(1e-3);
      }
      // And it does turn: a vector is far from itself.
      expect(Math.abs(dot(turned[i]!, a) / dot(a, a))).toBeLessThan(0.5);
    }
  });

  it('is the same for the same seed and another for another', async () => {
    const a = await secretRotation(seed, 16);
    expect(await secretRotation(seed, 16)).toEqual(a);
    const other = await secretRotation(new Uint8Array(32).fill(8), 16);
    expect(other).not.toEqual(a);
  });
});
