import { defineWords } from '../i18n/words.ts';

export const stateWords = defineWords({
  pageMenu: { en: 'This page: {state}', ko: '지금 페이지: {state}' },
  stored: { en: 'stored', ko: '저장됨' },
  storedLine: {
    en: { one: 'Stored, read once.', other: 'Stored, read {count} times.' },
    ko: { other: '저장했어요. {count}번 읽었어요.' },
  },
  reading: { en: 'being read', ko: '읽는 중' },
  readingLine: { en: 'Being read now.', ko: '지금 읽고 있어요.' },
  readingSheets: {
    en: 'Being read: {done} of {total} pages.',
    ko: '읽는 중: {total}쪽 중 {done}쪽.',
  },
  held: { en: 'held back', ko: '보류됨' },
  heldLine: {
    en: 'Held back: {reason}. Its text is not on the disk.',
    ko: '보류했어요: {reason}. 내용은 디스크에 없어요.',
  },
  excluded: { en: 'never read', ko: '읽지 않음' },
  excludedLine: {
    en: 'Not read: the rule {pattern} says so.',
    ko: '{pattern} 규칙에 따라 읽지 않아요.',
  },
  paused: { en: 'paused', ko: '멈춤' },
  pausedUntil: { en: 'Paused until {time}', ko: '{time}까지 멈춤' },
  pausedRestart: { en: 'Paused until restart', ko: '다시 시작할 때까지 멈춤' },
  pausedForGood: { en: 'Paused', ko: '멈춤' },
  notReadable: { en: 'not readable', ko: '읽을 수 없음' },
  noTab: { en: 'There is no page in front.', ko: '보고 있는 페이지가 없어요.' },
  browserPage: {
    en: 'A page of the browser itself; extensions may not read it.',
    ko: '브라우저 자체 페이지라서 확장 프로그램이 읽을 수 없어요.',
  },
  needsReload: {
    en: 'Opened before Dejalu was installed. Reload it to have it read.',
    ko: 'Dejalu를 설치하기 전에 연 페이지예요. 새로 고치면 읽을 수 있어요.',
  },
  asleep: {
    en: 'The browser put this tab to sleep. It is read once you look at it again.',
    ko: '브라우저가 잠재운 탭이에요. 다시 열어 보면 읽어요.',
  },
  incognito: {
    en: 'A private window; nothing is stored here.',
    ko: '시크릿 창이라서 아무것도 저장하지 않아요.',
  },
  privatePage: {
    en: 'Private, never stored: {reason}.',
    ko: '비공개라서 저장하지 않아요: {reason}.',
  },
  emptyPage: { en: 'No text to read here.', ko: '읽을 글이 없어요.' },
  pdfEncrypted: {
    en: 'This PDF asks for a password, so its text is not read.',
    ko: '암호가 걸린 PDF라서 글을 읽지 않아요.',
  },
  pdfDamaged: {
    en: 'This PDF is damaged and could not be read.',
    ko: '손상된 PDF라서 읽지 못했어요.',
  },
  pdfTooLarge: {
    en: 'This PDF is too large to read: more than 64 MB or 3,000 pages.',
    ko: 'PDF가 너무 커서 읽지 않아요. 64MB나 3,000쪽을 넘어요.',
  },
  pdfNoText: {
    en: 'This PDF shows pictures of text, which cannot be read.',
    ko: '글이 그림으로 된 PDF라서 읽을 수 없어요.',
  },
  failedPage: {
    en: 'This page could not be read. Pages stored before are safe.',
    ko: '이 페이지를 읽지 못했어요. 이전에 저장한 것은 안전해요.',
  },

  openedChanged: {
    en: 'The passage you opened is not on this page any more.',
    ko: '열었던 내용이 이 페이지에 더 이상 없어요.',
  },
  openedGone: { en: 'This page is gone from its site.', ko: '사이트에서 사라진 페이지예요.' },
  openedNotShown: {
    en: 'The site did not show this page.',
    ko: '사이트가 이 페이지를 보여 주지 않았어요.',
  },
  readOpened: { en: 'See what you read', ko: '읽었던 글 보기' },

  neverHere: { en: 'Never on this site', ko: '이 사이트는 읽지 않기' },
  readAgainHere: { en: 'Read this site again', ko: '이 사이트 다시 읽기' },
  readNow: { en: 'Read this page now', ko: '이 페이지 지금 읽기' },
  storeOnce: { en: 'Store this page, this time', ko: '이번만 저장하기' },
  storeAlways: { en: 'Always store this site', ko: '이 사이트 항상 저장하기' },
  more: { en: 'More', ko: '더 보기' },
  pauseShort: { en: 'Pause for 15 minutes', ko: '15분 동안 멈추기' },
  pauseRestart: { en: 'Pause until restart', ko: '다시 시작할 때까지 멈추기' },
  pauseForGood: { en: 'Pause until I resume', ko: '다시 켤 때까지 멈추기' },
  resume: { en: 'Resume', ko: '다시 시작' },
  searchPage: { en: 'Open the search page', ko: '검색 페이지 열기' },
  follow: { en: 'Show pages like the one I read', ko: '읽는 페이지와 비슷한 것 보기' },
  stopFollowing: { en: 'Stop following the page', ko: '페이지 따라가기 멈추기' },
  options: { en: 'Options', ko: '설정' },
  welcome: { en: 'How it works', ko: '사용 방법' },
  storeLine: {
    en: {
      one: '{count} page, {size}, all on this machine',
      other: '{count} pages, {size}, all on this machine',
    },
    ko: { other: '{count}개, {size}, 모두 이 컴퓨터에만 있어요' },
  },
  actionFailed: { en: 'That did not work. Try again.', ko: '되지 않았어요. 다시 시도해 주세요.' },
  similarTo: { en: 'Similar to', ko: '다음과 비슷한 페이지' },
  backToSearch: { en: 'Back to the search', ko: '검색으로 돌아가기' },
});

/** Why a page looks private, as a half sentence. */
export const reasonWords = defineWords({
  incognito: { en: 'a private window', ko: '시크릿 창' },
  container: { en: 'a private container', ko: '비공개 컨테이너' },
  passwordField: { en: 'it asks for a password', ko: '비밀번호 입력란이 있음' },
  cardField: { en: 'it asks for a card', ko: '카드 입력란이 있음' },
  oneTimeCode: { en: 'it asks for a one-time code', ko: '일회용 코드를 물어봄' },
  loginAddress: { en: 'its address is a sign-in page', ko: '로그인 주소' },
  secretAddress: { en: 'its address holds a secret', ko: '주소에 비밀 정보가 있음' },
  bank: { en: 'it looks like banking', ko: '은행 페이지로 보임' },
  health: { en: 'it looks like health records', ko: '건강 기록으로 보임' },
  mail: { en: 'it looks like mail', ko: '메일로 보임' },
  privateMail: { en: 'it looks like private mail or messages', ko: '개인 메일이나 메시지로 보임' },
  messages: { en: 'it looks like messages', ko: '메시지로 보임' },
  account: { en: 'it looks like an account page', ko: '계정 페이지로 보임' },
  notArchived: { en: 'it asks not to be kept', ko: '보관하지 말아 달라는 페이지' },
  secretWords: { en: 'it shows keys or card numbers', ko: '키나 카드 번호가 보임' },
});
