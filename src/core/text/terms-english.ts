/** Words too common to say what a page is about; a query leaves them out when it has others. */
const stopWords = new Set(
  (
    'a about am an and any are as at be because been but by can could did do does for from had has ' +
    'have he her his how i if in into is it its me my no not of on or our she so such than that the ' +
    'their them then there these they this those to was we were what when where which who whom why ' +
    'will with would you your'
  ).split(' '),
);

export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

const hasVowel = /[aeiouy]/;
/** Doubled by an ending: `running`, `stopped`. Not l, s, z: `calling`, `passing`, `buzzing`. */
const doubled = /([bdfgmnprt])\1$/;

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/[^aeiou]es$/.test(word) && /(?:ch|sh|x|z|s)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

function withoutVerbEnding(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`;
  for (const ending of ['ing', 'ed']) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    if (stem.length < 3 || !hasVowel.test(stem)) return word;
    return doubled.test(stem) ? stem.slice(0, -1) : stem;
  }
  return word;
}

/**
 * A light English stem: plural, `-ed`, `-ing`, `-ly` and a final `e` taken off, so that a word meets
 * its inflections and seldom another word. Expects lower case a–z; other words come back as given.
 */
export function stemEnglish(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stem = withoutVerbEnding(withoutPlural(word));
  if (stem.endsWith('ly') && stem.length > 5) stem = stem.slice(0, -2);
  if (stem.endsWith('e') && stem.length > 3) stem = stem.slice(0, -1);
  return stem;
}
