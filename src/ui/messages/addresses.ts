import { defineWords } from '../i18n/words.ts';

export const addressWords = defineWords({
  heading: { en: 'Pages from before', ko: '예전 페이지' },
  help: {
    en: 'Titles and addresses of pages you knew before Dejalu become searchable at once; their text is read when you visit them again, or fetched when you ask for it. Your rules hold, and addresses that look private are left out.',
    ko: 'Dejalu를 쓰기 전에 알던 페이지의 제목과 주소를 바로 찾을 수 있어요. 글은 다시 방문할 때 읽거나, 원할 때 내려받아요. 규칙이 그대로 적용되고, 비공개로 보이는 주소는 빼요.',
  },
  fromHistory: { en: 'From the browser’s history', ko: '브라우저 방문 기록에서' },
  fromBookmarks: { en: 'From the bookmarks', ko: '북마크에서' },
  fromFile: {
    en: 'From a file: bookmarks (HTML), or a list of addresses (CSV, JSON, text)',
    ko: '파일에서: 북마크(HTML)나 주소 목록(CSV, JSON, 텍스트)',
  },
  notGranted: {
    en: 'The browser did not grant it. Nothing was read.',
    ko: '브라우저 권한을 받지 못해서 아무것도 읽지 않았어요.',
  },
  plan: {
    en: '{source}: {added} new, {known} here already.',
    ko: '{source}: 새 페이지 {added}개, 이미 있는 페이지 {known}개.',
  },
  leftOut: {
    en: 'Left out: {private} that look private, {excluded} by your rules, {notWeb} that are no web pages.',
    ko: '제외: 비공개로 보이는 {private}개, 규칙에 따라 {excluded}개, 웹 페이지가 아닌 {notWeb}개.',
  },
  add: { en: 'Add them', ko: '더하기' },
  adding: { en: 'Adding', ko: '더하는 중' },
  checking: { en: 'Looking through the list', ko: '목록 확인 중' },
  done: {
    en: { one: 'Added one page.', other: 'Added {count} pages.' },
    ko: '페이지 {count}개를 더했어요.',
  },
  stopped: {
    en: 'Stopped after {count} pages. The same list again goes on.',
    ko: '{count}개를 더하고 멈췄어요. 같은 목록을 다시 고르면 이어서 해요.',
  },
  notAList: {
    en: '{file} has no web addresses that can be read.',
    ko: '{file}에 읽을 수 있는 웹 주소가 없어요.',
  },
});
