import { defineWords } from '../i18n/words.ts';

/** What happened, what is safe, what to do. */
export const errorWords = defineWords({
  timeout: {
    en: 'The search took too long and was stopped. Your pages are safe.',
    ko: '검색이 너무 오래 걸려 멈췄어요. 저장된 페이지는 안전해요.',
  },
  gone: {
    en: 'The search stopped for a moment. Your pages are safe.',
    ko: '검색 기능이 잠시 멈췄어요. 저장된 페이지는 안전해요.',
  },
  engineFailed: {
    en: 'The search could not start. Your pages are safe.',
    ko: '검색 기능을 시작하지 못했어요. 저장된 페이지는 안전해요.',
  },
  model: {
    en: 'A part of the extension is missing or damaged. Your pages are safe; install Dejalu again.',
    ko: '확장 프로그램의 일부가 없거나 손상되었어요. 저장된 페이지는 안전하니 다시 설치해 주세요.',
  },
  storage: {
    en: 'The stored pages could not be opened. Close other Dejalu pages, then retry.',
    ko: '저장된 페이지를 열지 못했어요. 다른 Dejalu 창을 닫고 다시 시도해 주세요.',
  },
  full: {
    en: 'The disk is full, so new pages are not saved. What you saved before is safe. Free some space, then retry.',
    ko: '디스크가 가득 차서 새 페이지를 저장하지 못해요. 이전에 저장한 것은 안전해요. 공간을 비우고 다시 시도해 주세요.',
  },
  corrupt: {
    en: 'A stored value is damaged. Other pages are safe; reading the page again repairs it.',
    ko: '저장된 값 하나가 손상되었어요. 다른 페이지는 안전하고, 그 페이지를 다시 읽으면 복구돼요.',
  },
  newer: {
    en: 'These pages were stored by a newer Dejalu. Update the extension to read them.',
    ko: '더 새로운 Dejalu에서 저장한 페이지예요. 확장 프로그램을 업데이트해 주세요.',
  },
  query: { en: 'This search cannot be read: {reason}', ko: '검색어를 이해하지 못했어요: {reason}' },
  remote: {
    en: 'The sync server could not be reached. Pages on this machine are still searched.',
    ko: '동기화 서버에 연결하지 못했어요. 이 컴퓨터의 페이지는 계속 찾을 수 있어요.',
  },
  internal: {
    en: 'Something went wrong. Your pages are safe.',
    ko: '문제가 생겼어요. 저장된 페이지는 안전해요.',
  },
});
