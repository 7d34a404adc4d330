import type { PrivateSignals } from '../core/page/private-rules.ts';
import { serializeHead } from './head.ts';
import {
  blockByDefault,
  droppedElements,
  escapeText,
  inlineByDefault,
  isOutOfSight,
  keptAttributes,
  offScreenClass,
  voidElements,
} from './markup.ts';
import { createSignalCollector } from './signals.ts';

/** What the walk needs of its surroundings; injected so that it can be tested. */
export interface SnapshotTools {
  /** The shadow root of an element, closed ones included where the browser lets extensions in. */
  readonly shadowRootOf: (element: Element) => ShadowRoot | null;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Lets the page run; resolves when the walk may go on. */
  readonly pause: () => Promise<void>;
  /** Longest stretch without a pause, in milliseconds. */
  readonly sliceMs: number;
  /** The walk stops when the copy has grown to this many UTF-16 units. */
  readonly maxLength: number;
}

export interface Snapshot {
  /** A flat copy of what can be seen, as HTML without scripts, styles, addresses and form values. */
  readonly html: string;
  /** UTF-16 units of visible text in it, white space included. */
  readonly textLength: number;
  /** Whether the page was longer than the limit. */
  readonly isCut: boolean;
  readonly signals: PrivateSignals;
  /** Milliseconds of the walk itself by slice, pauses left out. */
  readonly slicesMs: readonly number[];
}

/** One element, frame or shadow root whose children are being walked. */
interface Level {
  next: Node | null;
  /** The nodes assigned to a slot, when the children are not siblings. */
  readonly assigned: readonly Node[] | null;
  index: number;
  readonly parent: Node;
  readonly close: string;
  readonly showsText: boolean;
}

const elementNode = 1;
const textNode = 3;
/** A few styles may cost a millisecond where the browser has put them off until asked. */
const nodesBetweenChecks = 8;

function isElement(node: Node): node is Element {
  return node.nodeType === elementNode;
}

function childrenOf(parent: Node, close: string, showsText: boolean): Level {
  return { next: parent.firstChild, assigned: null, index: 0, parent, close, showsText };
}

function slotLevel(slot: HTMLSlotElement, showsText: boolean): Level {
  const assigned = slot.assignedNodes();
  if (assigned.length === 0) return childrenOf(slot, '', showsText);
  return { next: null, assigned, index: 0, parent: slot, close: '', showsText };
}

/** The next child; null at the end, also when the page took the child away during a pause. */
function takeNext(level: Level): Node | null {
  if (level.assigned !== null) {
    const node = level.assigned[level.index] ?? null;
    level.index += 1;
    return node;
  }
  const node = level.next;
  if (node === null || node.parentNode !== level.parent) return null;
  level.next = node.nextSibling;
  return node;
}

function frameBody(element: Element): Element | null {
  try {
    return (element as HTMLIFrameElement).contentDocument?.body ?? null;
  } catch {
    // A frame of another origin: its text belongs to another page.
    return null;
  }
}

/**
 * The name an element gets in the copy. Custom elements become plain ones, and an element laid out
 * against its nature says so in `data-box`, because the copy has no style sheet any more.
 */
function nameOf(tag: string, display: string): { name: string; box: string } {
  const isInline = display === 'inline' || display === 'contents' || display.startsWith('ruby');
  if (tag.includes('-')) return { name: isInline ? 'span' : 'div', box: '' };
  if (isInline && blockByDefault.has(tag)) return { name: tag, box: 'inline' };
  if (!isInline && inlineByDefault.has(tag)) {
    return { name: tag, box: display === 'inline-block' ? 'inline-block' : 'block' };
  }
  return { name: tag, box: '' };
}

/**
 * Copies what can be seen of a document: shadow roots and frames of the same origin flattened in,
 * slots filled, hidden elements and form values left out. Reads the page, never changes it; pauses
 * after each slice, and what the page changes meanwhile is read as it then is.
 *
 * @param readsOutOfSight also reads what is transparent or pushed away: some pages fade their text in
 */
export async function takeSnapshot(
  page: Document,
  tools: SnapshotTools,
  readsOutOfSight = false,
): Promise<Snapshot> {
  const view = page.defaultView;
  const signals = createSignalCollector(page);
  const slicesMs: number[] = [];
  const out: string[] = [];
  let length = 0;
  let textLength = 0;
  let sliceStart = tools.now();

  const write = (piece: string): void => {
    out.push(piece);
    length += piece.length;
  };

  const open = (element: Element, parentShows: boolean): Level | null => {
    const tag = element.localName;
    if (tag === 'input' || tag === 'textarea' || tag === 'select') {
      signals.noteField(element);
      return null;
    }
    if (droppedElements.has(tag)) return null;
    if (tag === 'slot') return slotLevel(element as HTMLSlotElement, parentShows);
    if (element.getAttribute('role') === 'textbox') return null;
    if (offScreenClass.test(element.getAttribute('class') ?? '')) return null;
    const style = (element.ownerDocument.defaultView ?? view)?.getComputedStyle(element);
    const display = style?.display ?? 'block';
    if (display === 'none') return null;
    if (!readsOutOfSight && style !== undefined && isOutOfSight(style)) return null;
    const visibility = style?.visibility ?? 'visible';
    const shows = visibility === 'visible';
    if (voidElements.has(tag)) {
      if (shows) write(tag === 'img' ? `<img${keptAttributes(element)}>` : `<${tag}>`);
      return null;
    }
    if (tag === 'iframe' || tag === 'frame') {
      const body = shows ? frameBody(element) : null;
      if (body === null) return null;
      write('<div>');
      return childrenOf(body, '</div>', true);
    }
    const { name, box } = nameOf(tag, display);
    write(`<${name}${keptAttributes(element)}${box === '' ? '' : ` data-box="${box}"`}>`);
    return childrenOf(tools.shadowRootOf(element) ?? element, `</${name}>`, shows);
  };

  const body = page.body as HTMLElement | null;
  write(serializeHead(page));
  write(body ? `<body${keptAttributes(body)}>` : '<body>');
  const levels: Level[] = body ? [childrenOf(tools.shadowRootOf(body) ?? body, '', true)] : [];
  let untilCheck = nodesBetweenChecks;
  let level = levels.at(-1);
  while (level !== undefined) {
    untilCheck -= 1;
    if (untilCheck <= 0) {
      untilCheck = nodesBetweenChecks;
      const spentMs = tools.now() - sliceStart;
      if (spentMs >= tools.sliceMs) {
        slicesMs.push(spentMs);
        await tools.pause();
        sliceStart = tools.now();
      }
    }
    const node = length < tools.maxLength ? takeNext(level) : null;
    if (node === null) {
      write(level.close);
      levels.pop();
    } else if (node.nodeType === textNode) {
      const text = level.showsText ? (node.nodeValue ?? '') : '';
      if (text !== '') {
        textLength += text.length;
        write(escapeText(text));
      }
    } else if (isElement(node)) {
      const inner = open(node, level.showsText);
      if (inner !== null) levels.push(inner);
    }
    level = levels.at(-1);
  }
  write('</body></html>');
  // The copy of a long page takes its time to be joined: a stretch of its own.
  slicesMs.push(tools.now() - sliceStart);
  await tools.pause();
  sliceStart = tools.now();
  const html = out.join('').slice(0, tools.maxLength);
  slicesMs.push(tools.now() - sliceStart);
  return {
    html,
    textLength,
    isCut: length >= tools.maxLength,
    signals: signals.result(),
    slicesMs,
  };
}
