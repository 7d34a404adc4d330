import { describe, expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import { explainer } from './explain.ts';
import { lexicalScan } from './lexical.ts';
import { rankPages, StageClock } from './pipeline.ts';
import { defaultRanking } from './ranking.ts';
import { FixtureStore } from './search.fixture.ts';
import { search } from './search.ts';
import { findSimilar } from './similar.ts';
import type { SearchRequest } from './types.ts';

const day = 86_400_000;
const now = new Date(2026, 10, 24).getTime();

const fillers = Array.from({ length: 40 }, (_, i) => ({
  title: `Note ${i}`,
  text: `plain filler${i} about subject${i} with detail${i} and remark${i}`,
  lastReadAt: now - 90 * day,
}));

function sample() {
  return new FixtureStore([
    ...fillers,
    { title: 'Winter sleep', text: 'An amphibian that is icy all winter and wakes in spring.' },
    { title: 'Baking', text: 'A loaf of sourdough with a thick crust, error E1042 in the oven.' },
    { title: 'Roads', text: 'The automobile changed every town.', lang: 'en', site: 'cars.org' },
  ]);
}
const winter = 41 as PageId;
const baking = 42 as PageId;
const roads = 43 as PageId;

const ask = async (store: FixtureStore, request: Partial<SearchRequest>) =>
  search(store.context, { query: '', limit: 10, ...request }, now);

describe('search', () => {
  it('finds a page by other words of the same meaning, and says which word met which', async () => {
    const { hits } = await ask(sample(), { query: 'frozen frog' });
    expect(hits[0]!.page.id).toBe(winter);
    expect(hits[0]!.isWeak).toBe(false);
    const marks = hits[0]!.snippet.marks.map(({ start, end, kind, met }) => [
      hits[0]!.snippet.text.slice(start, end),
      kind,
      met,
    ]);
    expect(marks).toEqual([
      ['amphibian', 'near', 'frog'],
      ['icy', 'near', 'frozen'],
    ]);
    const shares = hits[0]!.snippet.marks.reduce((sum, mark) => sum + mark.share, 0);
    expect(shares).toBeCloseTo(1, 5);
  });

  it('marks no word that says little, unless the query has no other', async () => {
    const marked = async (query: string) =>
      (await ask(sample(), { query })).hits[0]!.snippet.marks.map((mark) => mark.met);
    expect(await marked('the crust of a loaf in the oven')).toEqual(
      expect.arrayContaining(['crust', 'loaf', 'oven']),
    );
    expect(await marked('the crust of a loaf in the oven')).not.toContain('the');
    expect(await marked('in the')).toContain('the');
  });

  it('finds a code by its letters, also half typed and with a typo', async () => {
    for (const query of ['E1042', 'e104', 'sourdouhg']) {
      const { hits } = await ask(sample(), { query });
      expect(hits[0]!.page.id, query).toBe(baking);
    }
  });

  it('finds a half-typed word with a typo in it, and a Korean one at every letter', async () => {
    expect((await ask(sample(), { query: 'sourduog' })).hits[0]!.page.id).toBe(baking);
    const store = sample();
    const factory = store.add({ title: '공장', text: '전기차를 만드는 공장', lang: 'ko' });
    for (const query of ['전ㄱ', '전기ㅊ', '전깇', '공자', '만드느']) {
      const { scores } = lexicalScan(store.context, query);
      expect([...scores.pages], query).toEqual([store.context.pages.ordinalOf(factory)]);
    }
  });

  it('finds an English page by a Korean query', async () => {
    const { hits } = await ask(sample(), { query: '자동차' });
    expect(hits[0]!.page.id).toBe(roads);
    expect(hits[0]!.parts.lexical).toBeNull();
  });

  it('gives pages of another script little of what the one page of the query has by its words', async () => {
    const store = sample();
    const only = store.add({ title: '공장', text: '세탁기 만드는 공장', lang: 'ko' });
    const { hits } = await ask(store, { query: '공장 세탁기', limit: 50 });
    expect(hits[0]!.page.id).toBe(only);
    const [words, ...others] = hits.map(
      ({ score, parts }) => score - (parts.dense ?? 0) - (parts.late ?? 0) - parts.prior,
    );
    expect(hits.slice(1).every(({ parts }) => parts.lexical === null)).toBe(true);
    expect(words).toBeGreaterThan(1);
    for (const other of others) expect(other).toBeCloseTo(words! / 10, 6);
  });

  it('never shows a removed page', async () => {
    const store = sample();
    store.remove(winter);
    const { hits, searchedPages } = await ask(store, { query: 'frozen frog amphibian winter' });
    expect(hits.map((hit) => hit.page.id)).not.toContain(winter);
    expect(searchedPages).toBe(42);
  });

  it('keeps to operators and filters', async () => {
    const store = sample();
    const ids = async (query: string) =>
      (await ask(store, { query, limit: 50 })).hits.map((hit) => hit.page.id);
    expect(await ids('site:cars.org')).toEqual([roads]);
    expect(await ids('car -site:cars.org')).not.toContain(roads);
    expect(await ids('title:baking')).toEqual([baking]);
    expect(await ids('"every town" car')).toEqual([roads]);
    expect(await ids('"town every" car')).toEqual([]);
    expect(await ids('sourdough -crust')).not.toContain(baking);
    expect(await ids('https://example.com/42')).toEqual([baking]);
    expect(await ids('example.com/42')).toEqual([baking]);
    expect((await ids('sourdough/crust')).at(0)).toBe(baking);
    expect((await ids('no.such.page/sourdough')).at(0)).toBe(baking);
    expect((await ask(store, { filters: { sites: ['cars.org'] } })).searchedPages).toBe(1);
  });

  it('lists by time when there is nothing to search by', async () => {
    const store = new FixtureStore([
      { title: 'Old', text: 'a', lastReadAt: now - 3 * day },
      { title: 'New', text: 'b', lastReadAt: now - day },
    ]);
    const { hits } = await ask(store, { query: 'after:2026-01' });
    expect(hits.map((hit) => hit.page.title)).toEqual(['New', 'Old']);
  });

  it('shows one hit a page and folds near-duplicates under the first', async () => {
    const text =
      'A loaf of bread needs flour and water and salt and time to rise and rest. '.repeat(30);
    const store = new FixtureStore([
      ...fillers,
      { title: 'Bread', text },
      { title: 'Bread', text: `${text} Updated.` },
    ]);
    const { hits } = await ask(store, { query: 'bread' });
    expect(hits[0]!.nearDuplicates.map((page) => page.title)).toEqual(['Bread']);
    expect(hits.filter((hit) => hit.page.title === 'Bread').length).toBe(1);
  });

  it('lets visits settle ties and never lift an unrelated page', async () => {
    const store = new FixtureStore([
      ...fillers,
      { title: 'A', text: 'An old song with a melody.', lastReadAt: now - 400 * day },
      { title: 'A', text: 'A melody with an old song.', lastReadAt: now, readCount: 50 },
      { title: 'Nothing', text: 'unrelated words', lastReadAt: now, readCount: 1000 },
    ]);
    const { hits } = await ask(store, { query: 'music' });
    expect(hits[0]!.page.lastReadAt).toBe(now);
    expect(hits[0]!.page.title).toBe('A');
    expect(Math.max(...hits.map((hit) => hit.parts.prior))).toBeLessThanOrEqual(
      defaultRanking.prior,
    );
    const plain = await ask(store, { query: 'music', sort: 'relevance' });
    expect(plain.hits.every((hit) => hit.parts.prior === 0)).toBe(true);
  });

  it('refuses a limit out of bounds', async () => {
    await expect(ask(sample(), { query: 'frog', limit: 0 })).rejects.toThrow(/1 to 200/);
    await expect(ask(sample(), { query: 'frog', limit: 201 })).rejects.toThrow(/1 to 200/);
  });

  it('stops where the checkpoint says so', async () => {
    const { context } = sample();
    const stop = new Error('superseded');
    const stopped = { ...context, checkpoint: () => Promise.reject(stop) };
    await expect(search(stopped, { query: 'frog', limit: 5 }, now)).rejects.toBe(stop);
  });

  it('answers an empty collection and odd queries without hits of its own making', async () => {
    expect((await ask(new FixtureStore([]), { query: 'frog' })).hits).toEqual([]);
    for (const query of ['', '   ', '"', '-', '\ud800', '((((', 'a'.repeat(5000)]) {
      await expect(ask(sample(), { query })).resolves.toBeDefined();
    }
  });
});

describe('explain', () => {
  it('gives shares that sum to the score', async () => {
    const store = sample();
    const long = (words: string) => `${words}. `.repeat(60);
    store.add({ title: 'Ponds', text: `${long('The frog sleeps')}\n${long('Ice in winter')}` });
    store.add({ title: '', text: 'A frozen amphibian.' });
    const { context } = store;
    const words = 'frozen frog in winter';
    const ids = context.model.tokenizer.encode(words);
    const query = { ids, embedding: context.encoder.embed(ids) };
    const request = { words, query, hasPrior: true, now };
    const ranked = await rankPages(context, request, defaultRanking, new StageClock(() => 0));
    expect(ranked.some(({ candidate }) => candidate.cosinePassages.length > 1)).toBe(true);
    for (const fused of ranked.slice(0, 10)) {
      const weights = fused.candidate.cosinePassages.map(({ weight }) => weight);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      const why = explainer(context, query)(fused);
      const rest = why.background + why.words + why.prior;
      const byQuery = why.byQueryToken.reduce((sum, share) => sum + share, 0);
      const byPage = why.byPageToken.reduce((sum, share) => sum + share, 0);
      expect(Math.abs(rest + byQuery - fused.score)).toBeLessThan(1e-4);
      const { candidate, slopes } = fused;
      const ofChannels =
        slopes.cosine * candidate.cosine +
        slopes.latePassage * candidate.latePassage +
        slopes.latePage * candidate.latePage +
        slopes.lateTitle * (candidate.lateTitle ?? 0);
      expect(Math.abs(byQuery - ofChannels)).toBeLessThan(1e-4);
      expect(Math.abs(rest + byPage + why.elsewhere - fused.score)).toBeLessThan(1e-4);
    }
  });
});

describe('a snippet', () => {
  it('marks words by their exact shares of the score, each with the word it met', async () => {
    const store = sample();
    const far = 'This paragraph has nothing to do with it whatever one asks of it. '.repeat(12);
    store.add({ title: 'Pond', text: `${far}In winter the amphibian lies under the ice.` });
    const { context } = store;
    const words = 'frozen frog';
    const ids = context.model.tokenizer.encode(words);
    const query = { ids, embedding: context.encoder.embed(ids) };
    const request = { words, query, hasPrior: true, now };
    const ranked = await rankPages(context, request, defaultRanking, new StageClock(() => 0));
    const { hits } = await ask(store, { query: words });
    for (const { page, snippet } of hits.filter(({ isWeak }) => !isWeak)) {
      const ordinal = context.pages.ordinalOf(page.id);
      const fused = ranked.find(({ candidate }) => candidate.page === ordinal)!;
      const { pageTokens, byPageToken } = explainer(context, query)(fused);
      const shares = snippet.marks.map(({ start, end }) => {
        const [id = 0] = context.model.tokenizer.encode(snippet.text.slice(start, end));
        return byPageToken[pageTokens.indexOf(id)] ?? 0;
      });
      const whole = shares.reduce((sum, share) => sum + share, 0);
      snippet.marks.forEach((mark, i) => {
        expect(mark.share).toBeCloseTo(shares[i]! / whole, 6);
      });
    }
    const pond = hits.find(({ page }) => page.title === 'Pond')!;
    expect(pond.snippet.text).toContain('amphibian lies under the ice');
    expect(pond.snippet.marks.map(({ met }) => met)).toEqual(['frog', 'frozen']);
  });
});

describe('examples', () => {
  function stored() {
    const store = sample();
    const frogs = store.add({ title: 'Amphibian', text: 'The icy frog, frozen ice.' });
    const loaves = store.add({ title: 'Loaf', text: 'The sourdough bread.' });
    const site = 'other.org'; // the same words on the same site would be its boilerplate
    const pond = store.add({ title: 'Frog', text: 'A frozen amphibian, icy frog.', site });
    const bakery = store.add({ title: 'Bread', text: 'A loaf of sourdough.', site });
    return { store, frogs, loaves, pond, bakery };
  }
  const found = async (store: FixtureStore, request: Partial<SearchRequest>) =>
    (await ask(store, request)).hits.map((hit) => hit.page.id);

  it('without words find pages on each of what they are about, and not themselves', async () => {
    const { store, frogs, loaves, pond, bakery } = stored();
    const ids = await found(store, { like: [frogs, loaves] });
    expect(ids).toEqual(expect.arrayContaining([pond, bakery]));
    expect(ids).not.toContain(frogs);
    expect(ids).not.toContain(loaves);
  });

  it('keep pages away that are nearer to what is not meant', async () => {
    const { store, frogs, loaves, pond, bakery } = stored();
    const icy = store.add({ title: 'Frog', text: 'The frozen amphibian, an icy frog.' });
    const ids = await found(store, { like: [frogs, loaves], unlike: [icy] });
    expect(ids).toContain(bakery);
    expect(ids).not.toContain(pond);
  });

  it('move a query with words towards them, and away from the others', async () => {
    const { store, frogs } = stored();
    const place = async (request: Partial<SearchRequest>) =>
      (await found(store, { query: 'spring', ...request })).indexOf(winter);
    expect(await place({ like: [frogs] })).toBe(0);
    expect(await found(store, { query: 'frog', unlike: [frogs] })).not.toContain(frogs);
  });
});

describe('findSimilar', () => {
  it('finds pages on both things that a text is about, and leaves the page itself out', async () => {
    const store = sample();
    const frogs = store.add({ title: 'Amphibian', text: 'The icy frog, frozen ice.' });
    const loaves = store.add({ title: 'Loaf', text: 'The sourdough bread.' });
    const { hits } = await findSimilar(store.context, {
      text: `${'frog frozen ice amphibian. '.repeat(30)}\n${'bread loaf sourdough. '.repeat(40)}`,
      limit: 5,
    });
    const ids = hits.map((hit) => hit.page.id);
    expect(ids).toEqual(expect.arrayContaining([frogs, loaves]));
    const own = await findSimilar(store.context, { pageId: winter, limit: 5 });
    expect(own.hits.map((hit) => hit.page.id)).not.toContain(winter);
  });

  it('folds near-duplicates, and lets no site fill the list while others wait', async () => {
    const words = ['frog', 'amphibian', 'ice', 'icy', 'frozen'];
    const store = new FixtureStore([
      ...fillers,
      ...words.map((word) => ({
        title: word,
        text: `frozen ice frog pond${word}.`,
        site: 'ponds.org',
      })),
      { title: 'Frog', text: 'The frozen amphibian, ice.', site: 'far.org' },
      { title: 'Frog', text: 'The frozen amphibian, ice.', site: 'copy.org' },
    ]);
    const { hits } = await findSimilar(store.context, { text: 'frozen frog in ice', limit: 10 });
    const sites = hits.map((hit) => hit.page.site);
    expect(sites.indexOf('far.org')).toBeLessThan(4);
    expect(sites.filter((site) => site === 'ponds.org').length).toBeGreaterThan(3);
    const copies = hits.flatMap((hit) => hit.nearDuplicates.map(({ site }) => site));
    expect(copies).toContain('copy.org');
  });

  it('takes what every page of a site has for no likeness', async () => {
    const foot = 'Subscribe to our letter and follow the sourdough bread loaf music club. '.repeat(
      12,
    );
    const page = (title: string, own: string, site: string) => ({
      title,
      text: `${own.repeat(10)}\n${foot}`,
      site,
    });
    const store = new FixtureStore(fillers);
    const pageId = store.add(page('', 'The frog sleeps under the ice all winter long. ', 'a.org'));
    const same = store.add(page('', 'Gearbox repair manual with torque tables listed. ', 'a.org'));
    const other = store.add(page('', 'Gearbox repair manual with torque tables listed. ', 'b.org'));
    const { hits } = await findSimilar(store.context, { pageId, limit: 20 });
    const ids = hits.flatMap((hit) => [hit.page.id, ...hit.nearDuplicates.map(({ id }) => id)]);
    expect(ids).toContain(other);
    expect(ids).not.toContain(same);
  });

  it('says honestly that nothing is similar', async () => {
    const { hits } = await findSimilar(sample().context, {
      text: 'quantum chromodynamics',
      limit: 5,
    });
    expect(hits).toEqual([]);
  });

  it('refuses to look without a page or a text', async () => {
    await expect(findSimilar(sample().context, { limit: 5 })).rejects.toThrow(/a page or a text/);
    const unknown = { pageId: 99 as PageId, limit: 5 };
    await expect(findSimilar(sample().context, unknown)).rejects.toThrow(/99/);
  });
});
