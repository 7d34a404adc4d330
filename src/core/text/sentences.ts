/** A stretch of a text in UTF-16 offsets. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Marks that end a sentence in some script; those of East and South Asia need no blank after. */
const terminal = /[\p{Sentence_Terminal}…]/u;
const terminalWithoutBlank = /[。！？｡．।॥።។၊။؟۔‼⁇⁈⁉]/u;
const closer = /[\p{Pe}\p{Pf}\p{Pi}"'’”»]/u;
const blank = /\s/u;
const lowerCase = /\p{Ll}/u;
const wordEnd = /[\p{L}\p{N}.]+$/u;

/** Short forms whose full stop ends no sentence, in the languages that the interface meets most. */
const shortForms = new Set(
  'mr mrs ms dr prof sr jr st vs etc no nos fig figs eq sec ch vol pp ed eds al cf e.g i.e inc ltd co corp dept approx est jan feb mar apr jun jul aug sep sept oct nov dec bzw z.b d.h ca nr str usw vgl bspw mme mlle ex p.ej ud sra dott sig ecc art'.split(
    ' ',
  ),
);

/**
 * The sentences of a text in order, without the blanks between them. An empty line ends a
 * sentence, a single line break does not. Rules, not a model: a wrong cut costs little here.
 * Linear in the text.
 */
export function splitSentences(text: string): Stretch[] {
  const sentences: Stretch[] = [];
  let start = -1;
  let last = 0; // after the last character that is not blank
  let i = 0;
  const close = () => {
    if (start >= 0) sentences.push({ start, end: last });
    start = -1;
  };
  while (i < text.length) {
    const point = text.codePointAt(i) ?? 0;
    const size = point > 0xffff ? 2 : 1;
    const character = text.slice(i, i + size);
    if (isBlank(point, character)) {
      if (point === 10 && start >= 0 && isEmptyLine(text, i + 1)) close();
      i += size;
      continue;
    }
    if (start < 0) start = i;
    i += size;
    last = i;
    if (!isTerminal(point, character)) continue;
    let needsBlank = !terminalWithoutBlank.test(character);
    // A run of marks and the quotes and brackets that close after it belong to the sentence.
    while (i < text.length) {
      const next = text.charAt(i);
      if (terminal.test(next)) needsBlank = needsBlank && !terminalWithoutBlank.test(next);
      else if (!closer.test(next)) break;
      last = ++i;
    }
    if (i >= text.length || !needsBlank || endsSentence(text, i, point, last)) close();
  }
  close();
  return sentences;
}

function isBlank(point: number, character: string): boolean {
  return point < 128 ? point <= 32 : blank.test(character);
}

function isTerminal(point: number, character: string): boolean {
  return point < 128 ? point === 46 || point === 33 || point === 63 : terminal.test(character);
}

function isEmptyLine(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) return true;
    if (unit > 32) return false;
  }
  return false;
}

/** Whether the mark before `at` ends a sentence: a blank follows, no small letter, no short form. */
function endsSentence(text: string, at: number, mark: number, end: number): boolean {
  if (!blank.test(text.charAt(at))) return false;
  let next = at;
  while (next < text.length && blank.test(text.charAt(next))) next++;
  if (lowerCase.test(text.charAt(next))) return false;
  if (mark !== 46) return true;
  const word = wordEnd.exec(text.slice(Math.max(0, end - 12), end - 1))?.[0] ?? '';
  const isInitial = word.length === 1 && /\p{L}/u.test(word);
  return !isInitial && !shortForms.has(word.toLowerCase());
}
