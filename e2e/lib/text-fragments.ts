/** What a page shows of the stretches that the text fragment of its address points at. */
export interface Pointed {
  /** Each of the stretches stands on the page, with what is said around it, once. */
  readonly areThere: boolean;
  readonly isInSight: boolean;
  readonly scrolled: number;
}

/** A window so low that a page can hardly have a stretch in sight unless it was scrolled there. */
export const lowWindow = { width: 800, height: 200 } as const;

interface Directive {
  readonly prefix: string;
  readonly stretch: string;
  readonly suffix: string;
}

/** The directives of a text fragment: each a stretch, and what is said to stand around it. */
export function pointedAt(url: string): Directive[] {
  const [, directives = ''] = url.split(':~:');
  return directives.split('&').map((directive) => {
    const [, prefix = '', stretch = '', suffix = ''] =
      /^text=(?:(.*)-,)?(.*?)(?:,-(.*))?$/.exec(directive) ?? [];
    return {
      prefix: decodeURIComponent(prefix),
      stretch: decodeURIComponent(stretch),
      suffix: decodeURIComponent(suffix),
    };
  });
}

/** The paragraphs with the words that a link points at first written otherwise, and others added. */
export function editedWords(paragraphs: readonly string[], url: string): string[] {
  const stretch = pointedAt(url)[0]?.stretch ?? '';
  const edited = paragraphs.map((one) => one.replace(stretch, 'what was put here instead'));
  return ['This was written on top of it later. '.repeat(60), ...edited];
}

/** An expression for the page that `url` opened, whose value is a {@link Pointed}. */
export function lookForPointed(url: string): string {
  return `(${lookIn})(${JSON.stringify(pointedAt(url))})`;
}

// Runs in the page, by its source.
const lookIn = `(directives) => {
  const places = [];
  let text = '';
  const read = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.shadowRoot) read(node.shadowRoot);
      const parent = node.parentElement ?? node.parentNode.host;
      if (node.nodeType !== 3 || /^(script|style|noscript|template)$/i.test(parent.tagName)) continue;
      if (parent.checkVisibility() === false) continue;
      for (let i = 0; i < node.data.length; i++) {
        const isBlank = /\\s/.test(node.data[i]);
        if (isBlank && text.endsWith(' ')) continue;
        text += isBlank ? ' ' : node.data[i].toLowerCase().slice(0, 1);
        places.push([node, i]);
      }
    }
  };
  read(document.body);
  const fold = (part) => part.toLowerCase().replace(/\\s+/g, ' ');
  let isInSight = false;
  // A browser goes to the first of the stretches that it finds.
  const found = directives.map(({ prefix, stretch, suffix }) => {
    const wanted = fold(stretch);
    let count = 0;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      if (!text.slice(0, at).trimEnd().endsWith(fold(prefix))) continue;
      if (!text.slice(end).trimStart().startsWith(fold(suffix))) continue;
      count++;
      const range = document.createRange();
      range.setStart(...places[at]);
      const [last, offset] = places[end - 1];
      range.setEnd(last, offset + 1);
      const { top, bottom } = range.getBoundingClientRect();
      isInSight ||= bottom > 0 && top < innerHeight;
    }
    return count === 1;
  });
  const areThere = found.every((one) => one);
  return { areThere, isInSight, scrolled: scrollY };
}`;
