import { defineWords } from '../i18n/words.ts';

/** The model: which one answers, a change to another, and what can be wrong with a folder. */
export const modelWords = defineWords({
  title: { en: 'Model', ko: '모델' },
  what: {
    en: 'The model turns text into meaning. It runs on this machine and nothing is downloaded.',
    ko: '모델은 글의 의미를 숫자로 바꿔요. 이 컴퓨터에서만 돌아가고 아무것도 내려받지 않아요.',
  },
  answersNow: { en: 'Answers now', ko: '지금 쓰는 모델' },
  shipped: { en: '{name} {version}, comes with Dejalu', ko: '{name} {version}, Dejalu 기본 모델' },
  brought: { en: '{name} {version}, brought by you', ko: '{name} {version}, 직접 가져온 모델' },
  table: { en: 'Table', ko: '표' },
  tableLine: {
    en: '{words} words, {dims} numbers each, {size}',
    ko: '단어 {words}개, 단어마다 숫자 {dims}개, {size}',
  },
  languages: { en: 'Languages', ko: '언어' },
  licence: { en: 'Licence', ko: '라이선스' },
  card: { en: 'Model card', ko: '모델 카드' },

  another: { en: 'Use another', ko: '다른 모델 쓰기' },
  anotherHelp: {
    en: 'Choose a folder with a Model2Vec model, a StaticEmbedding of Sentence Transformers, or a model of Dejalu. The folder is copied into this browser, and your pages are made ready for it while you go on searching with the present one.',
    ko: 'Model2Vec 모델, Sentence Transformers의 StaticEmbedding, 또는 Dejalu 모델이 든 폴더를 고르세요. 폴더는 이 브라우저에 복사되고, 준비되는 동안에는 지금 모델로 계속 찾을 수 있어요.',
  },
  dims: { en: 'Keep only the first numbers of each word', ko: '단어마다 앞의 숫자만 쓰기' },
  dimsHelp: {
    en: 'For models that are made to be cut short; leave it empty to keep all.',
    ko: '줄여 쓸 수 있게 만든 모델에만 쓰세요. 비워 두면 모두 써요.',
  },
  folder: { en: 'Choose the folder of a model', ko: '모델 폴더 고르기' },
  reading: { en: 'Reading the model', ko: '모델을 읽는 중' },

  changing: { en: 'Changing to {name}', ko: '{name}(으)로 바꾸는 중' },
  changingLine: {
    en: '{done} of {total} pages are ready. Until all are, the present model answers.',
    ko: '페이지 {total}개 가운데 {done}개가 준비됐어요. 끝날 때까지 지금 모델로 찾아요.',
  },
  changePaused: {
    en: 'The change waits at {done} of {total} pages. The present model answers.',
    ko: '{total}개 가운데 {done}개에서 멈춰 있어요. 지금 모델로 찾아요.',
  },
  changeFailed: {
    en: 'The change stopped at {done} of {total} pages and is tried again by itself. The present model answers.',
    ko: '{total}개 가운데 {done}개에서 멈췄고 저절로 다시 시도해요. 지금 모델로 찾아요.',
  },
  pause: { en: 'Pause the change', ko: '잠시 멈추기' },
  resume: { en: 'Go on with the change', ko: '계속하기' },
  cancel: { en: 'Stay with the present model', ko: '지금 모델을 그대로 쓰기' },
  rollBack: { en: 'Go back to the model of Dejalu', ko: 'Dejalu 기본 모델로 돌아가기' },
  changed: { en: 'Now {name} answers.', ko: '이제 {name} 모델로 찾아요.' },

  missing: {
    en: 'This folder has no model that Dejalu reads: {file} is missing. Nothing was changed.',
    ko: '이 폴더에는 Dejalu가 읽을 수 있는 모델이 없어요: {file} 파일이 없어요. 바뀐 것은 없어요.',
  },
  invalid: {
    en: 'This model cannot be used: {file} is damaged or of another kind. Nothing was changed.',
    ko: '이 모델은 쓸 수 없어요: {file} 파일이 손상되었거나 다른 종류예요. 바뀐 것은 없어요.',
  },
  reason: { en: 'What exactly is wrong', ko: '자세한 이유' },
  syncHolds: {
    en: 'While sync is on, only a model with as many numbers a word as the present one can be used. Nothing was changed.',
    ko: '동기화를 켠 동안에는 단어마다 숫자의 개수가 같은 모델만 쓸 수 있어요. 바뀐 것은 없어요.',
  },
});
