import { beeParagraphs, escapeHtml, watchParagraphs } from './page-text.ts';

/** A change of address without a load, as a script of the page makes it. */
export interface Route {
  readonly how: string;
  readonly address: string;
  /** A sentence of the view at that address, and of no other. */
  readonly text: string;
  /** An expression for the page to evaluate. */
  readonly script: string;
}

const [firstBees = '', ...otherBees] = beeParagraphs;
const [firstWatch = '', ...otherWatch] = watchParagraphs;
const tides =
  'The tide at the inner harbour turns forty minutes after the almanac says it does, because the bar holds the water back.';

const views: Readonly<Record<string, readonly string[]>> = {
  bees: [firstBees, ...otherBees],
  watch: [firstWatch, ...otherWatch],
  tides: [tides, ...otherWatch],
  jars: otherBees,
};

/** Keeps what the browser says of navigations from whoever listens after the page. */
const silence = `
  for (const name of ['navigate', 'navigatesuccess', 'currententrychange']) {
    window.navigation?.addEventListener(name, (event) => event.stopImmediatePropagation());
  }
  for (const name of ['popstate', 'hashchange']) {
    addEventListener(name, (event) => event.stopImmediatePropagation());
  }`;

/**
 * A web app that routes by the history interface and by the fragment and has all its views at hand:
 * one that is shown changes no text. It also keeps the browser's events to itself, so that nothing in
 * the page tells a content script of a navigation.
 */
export function routedHtml(): string {
  const sections = Object.entries(views).map(
    ([name, paragraphs], index) =>
      `<section id="${name}"${index === 0 ? '' : ' hidden'}>
        ${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}</section>`,
  );
  return `<!doctype html><html lang="en"><title>Notes</title>
    <script>${silence}
      function show(name) {
        for (const view of document.querySelectorAll('section')) view.hidden = view.id !== name;
      }
    </script>
    <main>${sections.join('')}</main></html>`;
}

/** Where such a page, loaded from `url`, goes one after the other. */
export function routesFrom(url: string): readonly Route[] {
  const pushed = `${url}?id=watch`;
  const replaced = `${url}?id=tides`;
  const route = (how: string, address: string, text: string, change: string, view: string) => ({
    how,
    address,
    text,
    script: `(${change}, show('${view}'))`,
  });
  return [
    route('pushState', pushed, firstWatch, `history.pushState(0, '', '${pushed}')`, 'watch'),
    route('replaceState', replaced, tides, `history.replaceState(0, '', '${replaced}')`, 'tides'),
    route(
      'the fragment',
      `${replaced}#/jars`,
      otherBees[1] ?? '',
      `location.hash = '/jars'`,
      'jars',
    ),
    route('back', replaced, tides, 'history.back()', 'tides'),
  ];
}
