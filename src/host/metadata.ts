import type { PageType, TextBlock } from '../core/page/types.ts';

/** What a page says of itself in its head. */
export interface PageMetadata {
  readonly title: string;
  readonly description: string;
  readonly lang: string;
  readonly ogType: string;
  /** Types named by JSON-LD and microdata, as written. */
  readonly types: readonly string[];
}

const articleTypes = /^(?:\w*Article|BlogPosting|Report|Review|AnalysisNewsArticle)$/;
const otherTypes =
  /^(?:DiscussionForumPosting|QAPage|Product|ProductGroup|CollectionPage|SearchResultsPage)$/;

function meta(page: Document, ...names: string[]): string {
  for (const name of names) {
    const content = page
      .querySelector(`meta[property="${name}"], meta[name="${name}"]`)
      ?.getAttribute('content')
      ?.trim();
    if (content) return content;
  }
  return '';
}

function linkedTypes(page: Document): string[] {
  const types: string[] = [];
  for (const script of page.querySelectorAll('script[type="application/ld+json"]')) {
    for (const [, type] of (script.textContent ?? '').matchAll(
      /"@type"\s*:\s*\[?\s*"(\w{1,60})"/g,
    )) {
      if (type !== undefined) types.push(type);
    }
  }
  for (const element of page.querySelectorAll('[itemtype*="schema.org/"]')) {
    types.push(element.getAttribute('itemtype')?.split('/').at(-1) ?? '');
  }
  return types;
}

export function readMetadata(page: Document): PageMetadata {
  return {
    title: page.title.trim() || meta(page, 'og:title', 'twitter:title'),
    description: meta(page, 'description', 'og:description'),
    lang: page.documentElement.getAttribute('lang')?.trim() ?? '',
    ogType: meta(page, 'og:type').toLowerCase(),
    types: linkedTypes(page),
  };
}

/** Whether a page calls itself an article and nothing that speaks against one. */
export function saysArticle({ ogType, types }: PageMetadata): boolean {
  if (types.some((type) => otherTypes.test(type))) return false;
  return ogType === 'article' || types.some((type) => articleTypes.test(type));
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ['ko', /[\uac00-\ud7af]/g],
  ['ja', /[\u3040-\u30ff]/g],
  ['zh', /[\u4e00-\u9fff]/g],
  ['ru', /[\u0400-\u04ff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['he', /[\u0590-\u05ff]/g],
  ['th', /[\u0e00-\u0e7f]/g],
  ['el', /[\u0370-\u03ff]/g],
  ['hi', /[\u0900-\u097f]/g],
];

/**
 * The language of a text: what the page says, unless its script speaks clearly against it (templates
 * often keep `lang="en"`); by script alone when it says nothing; `und` for Latin script unnamed.
 */
export function languageOf(said: string, text: string): string {
  const sample = text.slice(0, 4000);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const tag = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(said) ? said : '';
  const primary = tag.split('-')[0]?.toLowerCase() ?? '';
  const own = scripts.some(([lang]) => lang === primary);
  for (const [lang, script] of scripts) {
    const share = (sample.match(script)?.length ?? 0) / Math.max(1, letters);
    if (share < (lang === 'zh' ? 0.4 : 0.25)) continue;
    return tag !== '' && own ? tag : lang;
  }
  return tag || 'und';
}

/** What kind of page it is, by its own word, its address and the make of its text. */
export function typeOf(url: string, data: PageMetadata, blocks: readonly TextBlock[]): PageType {
  const { ogType, types } = data;
  const has = (pattern: RegExp) => types.some((type) => pattern.test(type));
  const isArticle = saysArticle(data);
  if (
    ((/^video/.test(ogType) || has(/^VideoObject$/)) && !isArticle) ||
    /\/\/(?:www\.|m\.)?(?:youtube\.com\/watch|vimeo\.com\/\d)/.test(url)
  ) {
    return 'video';
  }
  if (/^product/.test(ogType) || has(/^Product(?:Group)?$/)) return 'product';
  if (
    has(/^(?:DiscussionForumPosting|QAPage)$/) ||
    /\/(?:forums?|threads?|topics?|questions|comments|discussions?|issues)\//i.test(url)
  ) {
    return 'thread';
  }
  const codes = blocks.filter((block) => block.kind === 'code').length;
  if (
    has(/^(?:TechArticle|APIReference)$/) ||
    /\/\/(?:docs?|developer|api|learn|wiki)\.|\/(?:docs?|documentation|reference|manual|api|guide)\//i.test(
      url,
    ) ||
    codes >= 3
  ) {
    return 'docs';
  }
  return isArticle ? 'article' : 'other';
}
