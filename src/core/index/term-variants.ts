const alphabets: readonly (readonly [RegExp, string])[] = [
  [/^[a-z0-9]+$/, 'abcdefghijklmnopqrstuvwxyz'],
  [/^[а-яё]+$/, 'абвгдежзийклмнопрстуфхцчшщъыьэюя'],
  [/^[α-ω]+$/, 'αβγδεζηθικλμνξοπρστυφχψω'],
];

/**
 * Words one edit away: a letter left out, two neighbours swapped, a letter changed, a letter too
 * many. Letters are put in only for scripts with a small alphabet. Some 50 variants a letter.
 */
export function oneEditVariants(word: string): Set<string> {
  const variants = new Set<string>();
  const alphabet = alphabets.find(([pattern]) => pattern.test(word))?.[1] ?? '';
  for (let i = 0; i <= word.length; i++) {
    const head = word.slice(0, i);
    const tail = word.slice(i);
    for (const letter of alphabet) variants.add(head + letter + tail);
    if (tail === '') continue;
    variants.add(head + tail.slice(1));
    for (const letter of alphabet) variants.add(head + letter + tail.slice(1));
    if (tail.length > 1) variants.add(`${head}${tail[1]}${tail[0]}${tail.slice(2)}`);
  }
  variants.delete(word);
  return variants;
}
