import { escapeAttribute, escapeText } from './markup.ts';

const metaNames =
  /^(?:(?:og|article|twitter|dc|dcterms|parsely|sailthru)[:.-][\w:.-]+|title|author|description|robots|generator|keywords|citation_title|citation_abstract)$/i;
const maxMetaLength = 1000;
const maxMetas = 60;
const maxLinkedDataLength = 20_000;

/** The types of a JSON-LD block too long to keep. */
function typesOnly(json: string): string {
  const types = Array.from(json.matchAll(/"@type"\s*:\s*"(\w{1,60})"/g), ([, type]) => ({
    '@type': type,
  }));
  return JSON.stringify(types.slice(0, 10));
}

function linkedData(page: Document): string {
  let left = maxLinkedDataLength;
  let out = '';
  for (const script of page.querySelectorAll('script[type="application/ld+json"]')) {
    const json = script.textContent ?? '';
    const kept = json.length <= left ? json : typesOnly(json.slice(0, 200_000));
    left = Math.max(0, left - kept.length);
    out += `<script type="application/ld+json">${kept.replaceAll('<', '\\u003c')}</script>`;
  }
  return out;
}

/** The head of the copy: title, language and the descriptions a page gives of itself. */
export function serializeHead(page: Document): string {
  const lang = page.documentElement?.getAttribute('lang') ?? '';
  let out = `<html lang="${escapeAttribute(lang.slice(0, 50))}"><head><title>`;
  out += `${escapeText(page.title.slice(0, 2000))}</title>`;
  let metas = 0;
  for (const meta of page.querySelectorAll('meta[content]')) {
    const key = meta.hasAttribute('property') ? 'property' : 'name';
    const name = meta.getAttribute(key) ?? '';
    if (metas >= maxMetas) break;
    if (!metaNames.test(name)) continue;
    metas += 1;
    const content = (meta.getAttribute('content') ?? '').slice(0, maxMetaLength);
    out += `<meta ${key}="${escapeAttribute(name)}" content="${escapeAttribute(content)}">`;
  }
  return `${out}${linkedData(page)}</head>`;
}

/** The address the page gives as its own; empty when it gives none. */
export function canonicalOf(page: Document): string {
  const link = page.querySelector<HTMLLinkElement>('link[rel~="canonical" i][href]');
  return link?.href ?? '';
}
