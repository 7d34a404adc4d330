import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { noSignals } from '../core/page/private-rules.ts';
import { createTransfers } from './transfers.ts';

const job = {
  key: 'https://a.example/' as PageKey,
  url: 'https://a.example/',
  title: '',
  lang: '',
  readAt: 0,
  signals: noSignals,
  form: 'html' as const,
  action: 'index' as const,
  isAllowed: false,
};

describe('transfers', () => {
  it('joins the pieces in their order', () => {
    const transfers = createTransfers();
    const id = transfers.begin(job, 1, 6, 3) ?? '';
    expect(transfers.accept(id, 1, 0, 'ab')).toBeNull();
    expect(transfers.accept(id, 1, 1, 'cd')).toBeNull();
    expect(transfers.accept(id, 1, 2, 'ef')).toMatchObject({ html: 'abcdef' });
  });

  it.each([
    ['of another tab', 2, 0, 'a'],
    ['out of order', 1, 1, 'a'],
    ['longer than was offered', 1, 0, 'abcdefg'],
  ])('ends a transfer with a piece %s', (_, tabId, index, text) => {
    const transfers = createTransfers();
    const id = transfers.begin(job, 1, 6, 3) ?? '';
    expect(() => transfers.accept(id, tabId, index, text)).toThrow(
      expect.objectContaining({ code: 'bad-request' }),
    );
    expect(() => transfers.accept(id, 1, 0, 'a')).toThrow(
      expect.objectContaining({ code: 'host-gone' }),
    );
  });

  it('holds a limited number, one a tab', () => {
    const transfers = createTransfers();
    const first = transfers.begin(job, 1, 1, 1) ?? '';
    transfers.begin(job, 1, 1, 1);
    expect(() => transfers.accept(first, 1, 0, 'a')).toThrow('not known');
    for (let tab = 2; tab <= 40; tab += 1) expect(transfers.begin(job, tab, 1, 1)).not.toBeNull();
    expect(transfers.begin(job, 41, 1, 1)).toBeNull();
  });
});
