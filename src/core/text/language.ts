import { countScripts, type Script } from './scripts.ts';

/** Longest stretch of a text that is looked at, in UTF-16 code units. */
const sampleLength = 8000;

/** Frequent words of the Latin-script languages; a word may belong to several. */
const frequentWords: Readonly<Record<string, string>> = {
  en: 'the of and to in is that for it with as was on are be this by from at or an have not you which but what how can we they their his her has its about when who where will would there been',
  de: 'der die das und ist nicht ein eine zu den von mit für auf dem des im sich auch es wird bei oder aus werden nach wie sind sie ich einen als war über nur kann wenn zum zur durch dass',
  fr: 'le la les des et est une un dans que qui pour pas sur au avec ce il sont par plus ou ne se du cette vous nous elle être fait comme aux mais leur été ces',
  es: 'el la los las de que y en un una por con para es se no del al lo como más pero su sus este esta son ser fue ha también cuando muy sobre entre desde está hay',
  it: 'il lo la gli le di che e un una per con non è del della dei delle al alla sono si come più anche ma nel nella questo questa da ha essere su dal degli',
  pt: 'o os as de que e em um uma para com não é do da dos das no na por se mais como mas ao foi ser são pelo pela também à seu sua isso você está',
  nl: 'de het een en van is dat in op te voor met zijn niet aan er ook als bij of naar om door maar wordt dit die deze hebben heeft was kan worden over uit je',
  pl: 'w i na z do nie się jest to że o jak po od za ale przez dla są co oraz tym lub być może tego ich',
  sv: 'och att det som en på är av för med den till inte om ett har jag var från men kan eller så när vi ska också',
  da: 'og at det er en til på som med for af den ikke der de har et fra kan vil også men eller om var være',
  tr: 've bir bu için ile de da daha olarak çok ne gibi en olan kadar sonra ama değil var her ya veya',
  id: 'yang dan di untuk dengan ini dari dalam pada tidak adalah itu akan ke atau juga oleh dapat sebagai bisa',
  vi: 'và của là các có cho không được một trong những với người này đã khi để từ về cũng như',
};

const languagesOf = new Map<string, string[]>();
for (const [language, words] of Object.entries(frequentWords)) {
  for (const word of words.split(' ')) {
    languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
  }
}

const languageOfScript: Readonly<Partial<Record<Script, string>>> = {
  hangul: 'ko',
  kana: 'ja',
  han: 'zh',
  cyrillic: 'ru',
  greek: 'el',
  arabic: 'ar',
  hebrew: 'he',
  devanagari: 'hi',
  bengali: 'bn',
  tamil: 'ta',
  telugu: 'te',
  thai: 'th',
  lao: 'lo',
  khmer: 'km',
  myanmar: 'my',
  georgian: 'ka',
  armenian: 'hy',
  ethiopic: 'am',
};

/**
 * The primary language of a text by its scripts, and for the Latin script by its frequent words;
 * `und` when they do not tell. A page's own declaration is better where there is one.
 */
export function detectLanguage(text: string): string {
  const sample = sampleOf(text);
  const counts = new Map(countScripts(sample));
  const count = (script: Script) => counts.get(script) ?? 0;
  // Hangul and kana letters weigh more than the Latin words that Korean and Japanese text holds.
  const weights = new Map<Script, number>(counts);
  weights.set('hangul', count('hangul') * 2.5);
  weights.set('kana', count('kana') > 0 ? (count('kana') + count('han')) * 2 : 0);
  weights.set('han', count('kana') * 10 > count('han') ? 0 : count('han') * 2.5);
  if (count('kana') * 10 <= count('han')) weights.set('kana', 0);
  const [script] = [...weights].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (script === undefined || (weights.get(script) ?? 0) === 0) return 'und';
  if (script === 'latin') return detectLatin(sample);
  if (script === 'cyrillic' && /[іїєґ]/i.test(sample)) return 'uk';
  if (script === 'arabic' && /[ٹڈںے]/.test(sample)) return 'ur';
  if (script === 'arabic' && /[پچژگ]/.test(sample)) return 'fa';
  return languageOfScript[script] ?? 'und';
}

/** The beginning and the middle of a long text: the beginning alone may be a menu. */
function sampleOf(text: string): string {
  if (text.length <= sampleLength) return text;
  const half = sampleLength / 2;
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, half)} ${text.slice(middle, middle + half)}`;
}

function detectLatin(text: string): string {
  const scores = new Map<string, number>();
  for (const [word] of text
    .toLowerCase()
    .normalize('NFC')
    .matchAll(/\p{L}+/gu)) {
    const languages = languagesOf.get(word) ?? [];
    for (const language of languages) {
      scores.set(language, (scores.get(language) ?? 0) + 1 / languages.length);
    }
  }
  const [best, second] = [...scores].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] < 1) return 'und';
  return second !== undefined && best[1] < second[1] * 1.2 ? 'und' : best[0];
}
