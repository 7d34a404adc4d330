import { dominantScript } from '../text/scripts.ts';

/** Languages whose words are not written in Latin letters, by the script they share. */
const groupOfLang: Readonly<Record<string, string>> = {
  ko: 'hangul',
  ja: 'han',
  zh: 'han',
  ru: 'cyrillic',
  uk: 'cyrillic',
  bg: 'cyrillic',
  sr: 'cyrillic',
  el: 'greek',
  ar: 'arabic',
  fa: 'arabic',
  ur: 'arabic',
  he: 'hebrew',
  hi: 'devanagari',
  mr: 'devanagari',
  th: 'thai',
};

/** Pages whose words can meet: those of one script. Unknown languages count as Latin. */
export function scriptGroupOfLang(lang: string): string {
  return groupOfLang[lang.slice(0, 2)] ?? 'latin';
}

/** The script group of a query, by its letters. */
export function scriptGroupOfText(text: string): string {
  const script = dominantScript(text);
  if (script === undefined) return 'latin';
  return script === 'kana' ? 'han' : script;
}
