import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { shippedJudge } from '../../engine/shipped-judge.test-tools.ts';
import { privateExamples } from './private-examples.ts';
import type { MeaningJudge } from './private-meaning.ts';
import { judgePage, noSignals } from './private-rules.ts';

interface Sample {
  readonly label: string;
  readonly title: string;
  readonly text: string;
}

const samples = readFileSync(new URL('./private-meaning.samples.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('//'))
  .map((line): Sample => {
    const [label = '', title = '', text = ''] = line.split('|').map((part) => part.trim());
    return { label, title, text };
  });
const half = (label: string, rest: 0 | 1): readonly Sample[] =>
  samples.filter((sample) => sample.label === label).filter((_, i) => i % 2 === rest);

let judge: MeaningJudge;
beforeAll(async () => {
  judge = await shippedJudge();
});

/** As the product decides about a page whose address and fields say nothing. */
function decide({ title, text }: Sample): 'stored' | 'held' | 'refused' {
  const { verdict } = judgePage({
    url: 'https://some.example/page',
    title,
    text,
    signals: noSignals,
    likeness: judge(title, text),
  });
  return verdict === 'private' ? 'refused' : verdict === 'doubtful' ? 'held' : 'stored';
}

describe('the model as a judge', () => {
  it.each([
    ['half that its threshold was set with', 0],
    ['half that was held out', 1],
  ] as const)(
    'holds private pages that only their meaning tells, and no ordinary ones: %s',
    (name, rest) => {
      const count = (label: string, decision: string): number =>
        half(label, rest).filter((sample) => decide(sample) === decision).length;
      const line = (label: string): string =>
        `${label}: ${['stored', 'held', 'refused'].map((d) => `${d} ${count(label, d)}`).join(', ')}`;
      console.warn(
        `▪ private pages by meaning alone, ${name}: ${line('private')}; ${line('ordinary')}`,
      );
      // A third at least: by meaning alone the judge is one sign among several, and holds none in vain.
      expect(count('private', 'held')).toBeGreaterThanOrEqual(half('private', rest).length / 3);
      expect(count('ordinary', 'stored')).toBe(half('ordinary', rest).length);
    },
  );

  it('holds none of the ordinary pages that extraction is measured with', () => {
    const folder = new URL('../../../eval/extraction-pages/', import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
    expect(names.length).toBeGreaterThanOrEqual(20);
    for (const name of names) {
      const text = readFileSync(new URL(name, folder), 'utf8');
      expect(judge('', text).share, name).toBeLessThan(0.5);
    }
  });

  it('names the kind', () => {
    const kind = (text: string) => judge('', text).kind;
    expect(kind('Your balance is 310.20. Last payment: rent 700.00. Pay somebody.')).toBe('bank');
    expect(kind('Your blood test: iron low. Dr Hale will see you on Tuesday.')).toBe('health');
    expect(kind('Ana to me: see you at six! Reply, forward, archive, delete.')).toBe('mail');
  });

  it('takes no share of what is like nothing it knows', () => {
    expect(judge('', '').share).toBeLessThan(0.4);
    expect(judge('', 'zzzz qqqq xxxx').share).toBeLessThan(0.5);
  });

  it('has no sample among its examples', () => {
    const examples = new Set(Object.values(privateExamples).flat());
    for (const { text } of samples) expect(examples.has(text)).toBe(false);
  });
});

describe('the weight of the meaning', () => {
  const page = (url: string, share: number, text = '') =>
    judgePage({ url, title: '', text, signals: noSignals, likeness: { kind: 'bank', share } });

  it('holds alone when it is sure, tips when it is not, and never refuses by itself', () => {
    expect(page('https://a.example/', 0.49)).toMatchObject({ verdict: 'ordinary', reasons: [] });
    expect(page('https://a.example/', 0.6)).toMatchObject({
      verdict: 'ordinary',
      reasons: ['bank-meaning'],
    });
    expect(page('https://a.example/account/7', 0.4).verdict).toBe('ordinary');
    expect(page('https://a.example/account/7', 0.6).verdict).toBe('doubtful');
    expect(page('https://a.example/', 1)).toMatchObject({
      verdict: 'doubtful',
      reasons: ['bank-meaning'],
    });
  });

  it('is not counted beside the words that say the same', () => {
    const text = 'Available balance. Recent transactions. Direct debits. Standing orders.';
    expect(page('https://a.example/', 1, text).reasons).toEqual(['bank-words']);
  });
});
