import { describe, expect, it } from 'vitest';
import { detectLanguage } from './language.ts';
import { countScripts, dominantScript } from './scripts.ts';
import { countWords, measureWords } from './words.ts';

describe('detectLanguage', () => {
  it.each([
    ['en', 'The leather of this seat is made from what is left over when apples are pressed.'],
    [
      'de',
      'Das Leder dieses Sitzes wird aus den Resten gemacht, die beim Pressen von Äpfeln bleiben.',
    ],
    [
      'fr',
      'Le cuir de ce siège est fait avec les restes des pommes qui sont pressées pour le jus.',
    ],
    ['es', 'El cuero de este asiento se hace con los restos de las manzanas que quedan del zumo.'],
    ['it', 'La pelle di questo sedile è fatta con gli scarti delle mele che restano dal succo.'],
    ['pt', 'O couro deste assento é feito com os restos das maçãs que não são usados para o suco.'],
    ['nl', 'Het leer van deze stoel wordt gemaakt van de resten die overblijven bij het persen.'],
    [
      'ko',
      '이 좌석의 가죽은 API 서버에서 사과 주스를 만들고 남은 것으로 만들어집니다. Chrome 확장',
    ],
    ['ja', 'この座席の革は、りんごジュースを作った後の残りから作られています。'],
    ['zh', '这个座椅的皮革是用榨苹果汁后剩下的残渣制成的。'],
    ['ru', 'Кожа этого сиденья сделана из остатков яблок.'],
    ['uk', 'Шкіра цього сидіння зроблена із залишків яблук.'],
    ['ar', 'جلد هذا المقعد مصنوع من بقايا التفاح'],
    ['he', 'העור של המושב הזה עשוי משאריות תפוחים'],
    ['th', 'หนังของเบาะนี้ทำจากเศษแอปเปิ้ล'],
    ['el', 'Το δέρμα αυτού του καθίσματος είναι από μήλα'],
    ['hi', 'इस सीट का चमड़ा सेब के बचे हुए हिस्से से बना है'],
    ['und', ''],
    ['und', '123 — 456 !!'],
    ['und', 'xyzzy qwrt'],
  ])('finds %s', (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it('looks at a part of a long text, beginning and middle', () => {
    const text = `${'Menu Login Search '.repeat(100)}${'이 문장은 한국어로 쓰였습니다. '.repeat(300_000)}`;
    expect(detectLanguage(text)).toBe('ko');
    expect(detectLanguage('\ud800\udc00\ud800 \u0000'.repeat(1000))).toBe('und');
  });
});

describe('scripts and words', () => {
  it('counts letters by script', () => {
    expect(countScripts('abc 漢字 가 ㄱ1!')).toEqual([
      ['latin', 3],
      ['han', 2],
      ['hangul', 2],
    ]);
    expect(dominantScript('12 🙂')).toBeUndefined();
    expect(dominantScript('𠀀𠀁 a')).toBe('han');
  });

  it.each([
    ["It's 3.5 times well-known, isn't it?", 6],
    ['사과 껍질로 만든 가죽', 4],
    ['漢字漢字漢字漢字漢字', 4],
    ['日本のAPIを使う', 4],
    ['', 0],
    [' -- !', 0],
  ])('measures %j', (text, words) => {
    expect(countWords(text)).toBe(words);
    expect(measureWords(`${text} ${text}`)).toBeCloseTo(2 * measureWords(text), 6);
  });
});
