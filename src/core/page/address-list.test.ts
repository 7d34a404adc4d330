import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddressList } from './address-list.ts';
import { listedPage } from './listed-page.ts';
import { defaultSettings } from './settings.ts';

const at = Date.UTC(2025, 10, 3);
const seconds = at / 1000;

describe('readAddressList', () => {
  it('reads the bookmarks that browsers write', () => {
    const html = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<DL><p>
  <DT><H3 ADD_DATE="1">Reading</H3>
  <DL><p>
    <DT><A HREF="https://example.org/tea?a=1&amp;b=2" ADD_DATE="${seconds}" ICON="data:image/png;base64,xx">Tea &amp; &#xCC28;</A>
    <DT><A ADD_DATE="5" LAST_VISIT="${seconds}" HREF="http://example.org/milk">Milk</A>
    <DT><A HREF="javascript:alert(1)">A bookmarklet</A>
    <DT><A HREF="place:sort=8">Most visited</A>
  </DL><p>
</DL><p>`;
    expect(readAddressList(html)).toEqual([
      { url: 'https://example.org/tea?a=1&b=2', title: 'Tea & 차', at },
      { url: 'http://example.org/milk', title: 'Milk', at },
    ]);
  });

  it('reads CSV with names, in any order, with quotes', () => {
    const csv = `id,Title,URL,date\r\n1,"Tea, ""black"" and\ngreen",https://example.org/tea,2025-11-03\r\n2,none,ftp://example.org,\r\n`;
    expect(readAddressList(csv)).toEqual([
      { url: 'https://example.org/tea', title: 'Tea, "black" and\ngreen', at },
    ]);
    expect(readAddressList(`제목;주소\n차;https://example.org/tea`)).toEqual([
      { url: 'https://example.org/tea', title: '차', at: null },
    ]);
  });

  it('reads CSV without names, and lines of addresses', () => {
    expect(readAddressList('17,https://example.org/tea,Tea\n')).toEqual([
      { url: 'https://example.org/tea', title: 'Tea', at: null },
    ]);
    expect(
      readAddressList('\uFEFFhttps://example.org/a\nnot one\nhttps://example.org/b').map(
        ({ url }) => url,
      ),
    ).toEqual(['https://example.org/a', 'https://example.org/b']);
  });

  it('reads JSON: addresses, objects, and a browser’s nested backup', () => {
    expect(readAddressList('["https://example.org/a","no"]')).toHaveLength(1);
    const backup = {
      title: '',
      children: [
        {
          title: 'Menu',
          children: [{ uri: 'https://example.org/a', title: 'A', dateAdded: at * 1000 }],
        },
        { url: 'https://example.org/b', name: 'B', date_added: at },
      ],
    };
    expect(readAddressList(JSON.stringify(backup))).toEqual([
      { url: 'https://example.org/a', title: 'A', at },
      { url: 'https://example.org/b', title: 'B', at },
    ]);
  });

  it('says when there is nothing to read', () => {
    for (const text of ['', '[]', '<html>no links</html>', 'Title,Address\n', '{"a":']) {
      expect(() => readAddressList(text)).toThrowError(
        expect.objectContaining({ code: 'bad-request' }),
      );
    }
  });

  it('throws nothing else, whatever it is given', () => {
    const piece = fc.constantFrom(
      '<a href="',
      '"',
      'https://x.org/',
      ',',
      '\n',
      '[',
      '{"url":',
      '&#x',
      ';',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))), (pieces) => {
        try {
          for (const { url } of readAddressList(pieces.join(''))) expect(url).toMatch(/^https?:/i);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'bad-request' });
        }
      }),
    );
  });
});

describe('listedPage', () => {
  const now = at + 5;
  const make = (url: string, title = 'Tea') => listedPage({ url, title, at }, defaultSettings, now);

  it('has title, address and date, and no text', () => {
    expect(make('https://www.example.org/tea?utm_source=x', ' Tea\n time ')).toMatchObject({
      page: {
        key: 'https://example.org/tea',
        title: 'Tea time',
        lastReadAt: at,
        passages: [{ text: 'Tea time\nexample.org tea' }],
        visits: [],
      },
    });
    expect(make('https://example.org/tea', '')).toMatchObject({
      page: { title: 'https://example.org/tea', passages: [{ text: 'example.org tea' }] },
    });
  });

  it('refuses what would not be read either', () => {
    expect(make('https://mail.google.com/mail/u/0/')).toEqual({ refused: 'excluded' });
    expect(make('https://a.example/cb?code=abcdefghijkl123&state=xyz')).toEqual({
      refused: 'private',
    });
    expect(make('ftp://example.org/a')).toEqual({ refused: 'not-web' });
    const settings = {
      ...defaultSettings,
      rules: [{ pattern: 'example.org', action: 'never' as const }],
    };
    expect(
      listedPage({ url: 'https://example.org/a', title: '', at: null }, settings, now),
    ).toEqual({ refused: 'excluded' });
  });
});
