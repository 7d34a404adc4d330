import type { BlockKind, TextBlock } from '../core/page/types.ts';

const skipped = new Set(['script', 'style', 'noscript', 'template', 'svg', 'head', 'title']);

const inlineNames = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q ruby s ' +
    'samp small span strong sub sup time tt u var button wbr math mi mo mn mrow msup msub'
  ).split(' '),
);

/** Inline elements that never part a word from its neighbour. */
const gluing = new Set('b i em strong mark sub sup u s font wbr code'.split(' '));

interface Builder {
  readonly blocks: TextBlock[];
  text: string;
  kind: BlockKind;
}

function clean(text: string, kind: BlockKind): string {
  if (kind === 'code') {
    return text
      .replace(/[^\S\n]+$/gm, '')
      .replace(/^\n+|\s+$/g, '')
      .replace(/\n{3,}/g, '\n\n');
  }
  // Control characters say nothing, and a lone surrogate is no text: neither may reach the store.
  return text
    .replace(/\p{Cs}/gu, '')
    .replace(/[\p{Cc}\u00ad\u200b\ufeff\ufffd]+/gu, (run) => (/\s/.test(run) ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

function flush(builder: Builder): void {
  const text = clean(builder.text, builder.kind);
  if (text !== '') builder.blocks.push({ kind: builder.kind, text });
  builder.text = '';
}

function isBlock(element: Element): boolean {
  const box = element.getAttribute('data-box');
  if (box === 'block') return true;
  if (box === 'inline') return false;
  return !inlineNames.has(element.localName);
}

function kindOf(name: string, outer: BlockKind): BlockKind {
  if (/^h[1-6]$/.test(name)) return 'heading';
  if (name === 'li' || name === 'dd' || name === 'dt') return outer === 'quote' ? 'quote' : 'list';
  if (name === 'blockquote') return 'quote';
  if (name === 'pre') return 'code';
  return outer;
}

function rowsOf(table: Element): string {
  const rows: string[] = [];
  for (const row of table.querySelectorAll('tr')) {
    if (row.closest('table') !== table) continue;
    const cells = Array.from(row.children, (cell) => plainText(cell)).filter((text) => text !== '');
    if (cells.length > 0) rows.push(cells.join('\t'));
  }
  return rows.join('\n');
}

/** A table of data, not of layout: short cells in several columns, no blocks of prose in them. */
function isDataTable(table: Element): boolean {
  if (table.querySelector('table, h1, h2, h3, pre, blockquote, article') !== null) return false;
  const cells = table.querySelectorAll('td, th');
  const rows = table.querySelectorAll('tr');
  if (rows.length < 2 || cells.length < rows.length * 1.5) return false;
  return (table.textContent ?? '').length / cells.length < 200;
}

function needsGap(before: string, element: Element): boolean {
  if (before === '' || /\s$/.test(before)) return false;
  if (element.getAttribute('data-box') === 'inline-block') {
    return (element.textContent ?? '').trim().length > 1;
  }
  // Two labelled pieces side by side with nothing between them are two words on the screen.
  const previous = element.previousSibling;
  return (
    previous !== null &&
    previous.nodeType === 1 &&
    !gluing.has(element.localName) &&
    !gluing.has((previous as Element).localName) &&
    element.hasAttribute('class')
  );
}

function walk(node: Node, builder: Builder): void {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === 3) builder.text += child.nodeValue ?? '';
    else if (child.nodeType === 1) walkElement(child as Element, builder);
  }
}

function walkElement(element: Element, builder: Builder): void {
  const name = element.localName;
  if (skipped.has(name)) return;
  if (name === 'br') {
    builder.text += '\n';
    return;
  }
  if (name === 'table' && builder.kind !== 'code' && isDataTable(element)) {
    flush(builder);
    const caption = element.querySelector('caption');
    if (caption) builder.blocks.push(...blocksOf(caption));
    const text = rowsOf(element);
    if (text !== '') builder.blocks.push({ kind: 'table', text });
    return;
  }
  if (!isBlock(element)) {
    if (builder.kind !== 'code' && needsGap(builder.text, element)) builder.text += ' ';
    walk(element, builder);
    return;
  }
  if (builder.kind === 'code') {
    // Lines of a listing are often blocks of their own.
    if (builder.text !== '' && !builder.text.endsWith('\n')) builder.text += '\n';
    walk(element, builder);
    return;
  }
  const outer = builder.kind;
  flush(builder);
  builder.kind = kindOf(name, outer);
  walk(element, builder);
  flush(builder);
  builder.kind = outer;
}

/** The text of an element as blocks in reading order, with word boundaries where the page shows them. */
export function blocksOf(root: Element): readonly TextBlock[] {
  const builder: Builder = { blocks: [], text: '', kind: kindOf(root.localName, 'text') };
  walk(root, builder);
  flush(builder);
  return builder.blocks;
}

/** The text of an element on one line. */
export function plainText(element: Element): string {
  return blocksOf(element)
    .map((block) => block.text)
    .join(' ')
    .replace(/\s+/g, ' ');
}

/** Length of a text for comparisons; a character of Chinese, Japanese or Korean says more. */
export function weightOf(blocks: readonly TextBlock[]): number {
  let weight = 0;
  for (const { text } of blocks) {
    const dense = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
    weight += text.length + dense * 1.5;
  }
  return weight;
}
