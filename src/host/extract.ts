import { Readability } from '@mozilla/readability';
import type { PageType, TextBlock } from '../core/page/types.ts';
import { blocksOf, weightOf } from './blocks.ts';
import { languageOf, readMetadata, saysArticle, typeOf } from './metadata.ts';

/** The main text of a page with what it says of itself. */
export interface Extracted {
  readonly title: string;
  readonly blocks: readonly TextBlock[];
  readonly lang: string;
  readonly type: PageType;
  /** Which way led to the text; for tests and measurements. */
  readonly way: 'readability' | 'main' | 'body' | 'pdf' | 'none';
}

const maxElements = 60_000;
/** Less text than this is nearly nothing: then the whole body is better than a miss. */
const nearlyEmptyWeight = 60;
/** Readability is believed on a page that is no article when it kept this share of the main text. */
const keptShare = 0.65;
/** The same, when the page itself says which element is its main one. */
const keptShareOfMain = 0.85;
const overlays =
  '[role="dialog"], [role="alertdialog"], [class*="cookie" i], [id*="cookie" i], [class*="consent" i], [id*="consent" i], [class*="gdpr" i]';
const longestOverlay = 1500;

/** Of a page that is no article, what it marks as belonging to the site goes before Readability. */
const furniture = 'nav, body > footer, [role="navigation"], [role="search"], [role="banner"]';
const clutterRoles =
  '[role="navigation"], [role="banner"], [role="contentinfo"], [role="search"], [role="dialog"], [role="alertdialog"], [role="menu"], [role="menubar"], [role="toolbar"], [role="complementary"]';
const clutterNames =
  /(?:^|[\s_-])(?:cookies?|consent|gdpr|onetrust|newsletter|subscribe|breadcrumbs?|navbar|nav|sidebar|footer|menu|advert(?:isement)?s?|promo|share(?:-?(?:bar|buttons?))?|social|pagination|pager|skip-?link|toast|modal|popup)(?:$|[\s_-])/i;

function isClutter(element: Element): boolean {
  const names = `${element.getAttribute('class') ?? ''} ${element.id}`;
  return (
    clutterNames.test(names) && !/(?:^|[\s_-])(?:main|content|article)(?:$|[\s_-])/i.test(names)
  );
}

/** Takes away what is no content on nearly any page. Works on a copy that the caller gives up. */
function tidy(root: Element): Element {
  for (const element of root.querySelectorAll(
    `nav, footer, aside, form input, button, ${clutterRoles}`,
  )) {
    element.remove();
  }
  // The page's own header holds the site's name and menus; an article's header holds its title.
  for (const header of root.querySelectorAll('header')) {
    if (header.closest('article, main, section') === null && header.querySelector('h1') === null) {
      header.remove();
    }
  }
  for (const element of root.querySelectorAll('div, section, ul, p, span')) {
    if (isClutter(element)) element.remove();
  }
  return root;
}

function mainOf(page: Document): Element {
  const mains = [...page.querySelectorAll('main, [role="main"]')];
  const only = mains.length === 1 ? mains[0] : undefined;
  if (only !== undefined) return only;
  const articles = [...page.querySelectorAll('article')];
  const lone = articles.length === 1 ? articles[0] : undefined;
  return lone ?? page.body;
}

/** Notices laid over the page are no part of its text, whatever the page is. */
function withoutOverlays(page: Document): Document {
  for (const element of page.body.querySelectorAll(overlays)) {
    if ((element.textContent ?? '').length < longestOverlay) element.remove();
  }
  return page;
}

/** The page's one heading, where it is shown but not part of what was taken. */
function withHeading(page: Document, blocks: readonly TextBlock[]): readonly TextBlock[] {
  const headings = [...page.querySelectorAll('h1')];
  const [heading] = headings.length === 1 ? headings.flatMap(blocksOf) : [];
  if (heading === undefined || blocks.length === 0) return blocks;
  if (blocks.slice(0, 3).some((block) => block.text.includes(heading.text))) return blocks;
  return [{ kind: 'heading', text: heading.text }, ...blocks];
}

function readable(page: Document): { blocks: readonly TextBlock[]; title: string } {
  try {
    const found = new Readability<Element>(page, {
      charThreshold: 250,
      maxElemsToParse: maxElements,
      serializer: (node) => node as Element,
    }).parse();
    if (found?.content) return { blocks: blocksOf(found.content), title: found.title ?? '' };
  } catch {
    // More elements than Readability takes on: the plain walk below reads such pages.
  }
  return { blocks: [], title: '' };
}

const repeatedLength = 40;

/** Carousels and sticky copies say the same thing again and again; once is enough. */
function withoutRepeats(blocks: readonly TextBlock[]): readonly TextBlock[] {
  const seen = new Set<string>();
  return blocks.filter(({ kind, text }) => {
    if (kind === 'code' || kind === 'table' || text.length < repeatedLength) return true;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/**
 * Takes the main text out of a flat snapshot.
 *
 *   Readability ──article, or kept ≥ .65 of the main text──▶ its text
 *        └──else──▶ the main element, tidied ──nearly empty──▶ the whole body
 *
 * The gate and its threshold were measured on real pages: without it a fallback on length costs more
 * on articles than it wins elsewhere (docs/capture.md).
 */
export function extractPage(html: string, url: string, parser: DOMParser): Extracted {
  const parse = (): Document => withoutOverlays(parser.parseFromString(html, 'text/html'));
  const page = parse();
  const data = readMetadata(page);
  const isArticle = saysArticle(data);
  // Readability changes the document it reads, and so does the tidying: each gets its own.
  const own = parse();
  if (!isArticle) for (const element of own.querySelectorAll(furniture)) element.remove();
  const article = readable(own);
  const whole = parse();
  const mainElement = mainOf(whole);
  const main = blocksOf(tidy(mainElement));
  let way: Extracted['way'] = 'readability';
  let blocks = article.blocks;
  const share = mainElement.localName === 'main' ? keptShareOfMain : keptShare;
  const isEnough = isArticle || weightOf(blocks) >= share * weightOf(main);
  if (!isEnough || weightOf(blocks) < nearlyEmptyWeight) {
    if (weightOf(main) > weightOf(blocks)) {
      way = 'main';
      blocks = main;
    }
  }
  if (weightOf(blocks) < nearlyEmptyWeight) {
    const body = blocksOf(page.body);
    if (weightOf(body) > weightOf(blocks) && weightOf(blocks) < nearlyEmptyWeight / 2) {
      way = 'body';
      blocks = body;
    }
  }
  if (!isArticle) blocks = withHeading(page, blocks);
  blocks = withoutRepeats(blocks);
  if (blocks.length === 0) way = 'none';
  const text = blocks.map((block) => block.text).join('\n');
  return {
    title: data.title,
    blocks,
    lang: languageOf(data.lang, text),
    type: typeOf(url, data, blocks),
    way,
  };
}
