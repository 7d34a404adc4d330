// @vitest-environment jsdom
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe } from './omnibox.ts';

test('any title is well-formed XML that says the title', () => {
  const parser = new DOMParser();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, note) => {
      const line = describe({ content: '', title, note }, true);
      const parsed = parser.parseFromString(`<line>${line}</line>`, 'text/xml');
      expect(parsed.querySelector('parsererror')).toBeNull();
      expect(parsed.querySelectorAll('line *')).toHaveLength(1);
    }),
  );
  expect(describe({ content: '', title: '<b>', note: '&' }, true)).toBe(
    '&lt;b&gt; <dim>&amp;</dim>',
  );
  expect(describe({ content: '', title: '<b>', note: '&' }, false)).toBe('<b> · &');
});
