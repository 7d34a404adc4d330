import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { shippedJudge } from '../../engine/shipped-judge.test-tools.ts';
import type { MeaningJudge } from './private-meaning.ts';
import { judgeAddress, judgePage, noSignals, type PrivateSignals } from './private-rules.ts';
import { defaultSettings } from './settings.ts';
import { findRule } from './site-rules.ts';

interface Sample {
  readonly label: string;
  readonly url: string;
  readonly title: string;
  readonly text: string;
  readonly signals: PrivateSignals;
}

const samples = readFileSync(new URL('./private-rules.samples.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('//'))
  .map((line): Sample => {
    const [label = '', url = '', fields = '', title = '', text = ''] = line
      .split('|')
      .map((part) => part.trim());
    return {
      label,
      url,
      title,
      text,
      signals: {
        hasPasswordField: fields.includes('p'),
        hasCardField: fields.includes('c'),
        hasOneTimeCodeField: fields.includes('o'),
        robots: [
          fields.includes('n') ? 'noarchive' : '',
          fields.includes('i') ? 'noindex,follow' : '',
          fields.includes('s') ? 'no-store' : '',
        ].join(','),
      },
    };
  });

let judge: MeaningJudge;
beforeAll(async () => {
  judge = await shippedJudge();
});

/** As the product decides: the default rules first, then the judgement. */
function decide(sample: Sample): 'stored' | 'held' | 'refused' {
  if (findRule(sample.url, defaultSettings)?.rule.action === 'never') return 'refused';
  const likeness = judge(sample.title, sample.text);
  const { verdict } = judgePage({ ...sample, likeness });
  return verdict === 'private' ? 'refused' : verdict === 'doubtful' ? 'held' : 'stored';
}

describe('private pages', () => {
  it('stores none silently, and holds at most 2 % of ordinary ones', () => {
    const count = (label: string, decision: string): number =>
      samples.filter((sample) => sample.label === label && decide(sample) === decision).length;
    const line = (label: string): string =>
      `${label}: ${['stored', 'held', 'refused'].map((d) => `${d} ${count(label, d)}`).join(', ')}`;
    console.warn(`▪ private pages by their samples: ${line('private')}; ${line('ordinary')}`);
    const wrong = samples.filter(
      (sample) => (sample.label === 'ordinary') !== (decide(sample) === 'stored'),
    );
    for (const sample of wrong) console.warn(sample.label, decide(sample), sample.url);
    const ordinary = samples.filter((sample) => sample.label === 'ordinary').length;
    expect(samples.length).toBeGreaterThanOrEqual(120);
    expect(count('private', 'stored')).toBe(0);
    expect(count('ordinary', 'held') + count('ordinary', 'refused')).toBeLessThanOrEqual(
      ordinary * 0.02,
    );
  });

  it('takes a wish not to be kept for a weak sign: it tips, and never decides alone', () => {
    const judge = (path: string, robots: string) =>
      judgePage({
        url: `https://club.example/${path}`,
        title: 'Club',
        text: 'Members of the club',
        signals: { ...noSignals, robots },
      });
    for (const robots of [
      'noindex',
      'noarchive',
      'none',
      'max-age=0, no-store',
      'noindex,no-store',
    ]) {
      expect(judge('news/spring', robots)).toMatchObject({
        verdict: 'ordinary',
        reasons: ['not-archived'],
      });
      expect(judge('account/orders', '').verdict).toBe('ordinary');
      expect(judge('account/orders', robots).verdict).toBe('doubtful');
    }
    expect(judge('news/spring', 'index,follow,max-image-preview:large').reasons).toEqual([]);
  });

  it('takes keys in the text for a sign that tips', () => {
    const text = `The console shows AKIA${'ABCDEFGH12345678'} to you.`;
    const judge = (path: string) =>
      judgePage({ url: `https://a.example/${path}`, title: '', text, signals: noSignals });
    expect(judge('docs')).toMatchObject({ verdict: 'ordinary', reasons: ['secret-words'] });
    expect(judge('settings')).toMatchObject({ verdict: 'doubtful' });
  });

  it('gives its reasons, strongest first, and a score of at most 1', () => {
    const judged = judgePage({
      url: 'https://login.bank.example/oauth/callback?code=abcdefghijkl123&state=xyz',
      title: '',
      text: '',
      signals: { ...noSignals, hasPasswordField: true },
    });
    expect(judged.verdict).toBe('private');
    expect(judged.score).toBe(1);
    expect(judged.reasons[0]).toBe('secret-address');
    expect(judged.reasons).toContain('password-field');
  });

  it('finds secrets in addresses and leaves words alone', () => {
    expect(judgeAddress('https://a.example/?access_token=abcdefghijkl1234')).toEqual([
      'secret-address',
    ]);
    expect(judgeAddress('https://a.example/?token=blue')).toEqual([]);
    expect(judgeAddress('https://a.example/magic-link/9f8e7d6c5b4a39281706ab')).toEqual([
      'secret-address',
    ]);
    expect(judgeAddress('https://a.example/verify-facts/ten-claims-about-2026-checked')).toEqual(
      [],
    );
    expect(judgeAddress('https://a.example/?q=access_token')).toEqual([]);
  });
});
