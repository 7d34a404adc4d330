import { defineWords } from '../i18n/words.ts';

export const fetchWords = defineWords({
  help: {
    en: 'If you want, Dejalu fetches the text of these pages too: one page at a time, with pauses, and only what a site’s robots.txt allows. The sites see a request from your machine. Chrome asks you for them first.',
    ko: '원하면 이 페이지들의 글도 내려받아요. 한 번에 한 페이지씩 쉬어 가며, 사이트의 robots.txt가 허락하는 것만 받아요. 사이트에는 이 컴퓨터의 요청이 보여요. Chrome은 먼저 그 사이트의 권한을 물어요.',
  },
  site: { en: 'Site', ko: '사이트' },
  allSites: { en: 'All sites', ko: '모든 사이트' },
  from: { en: 'From', ko: '시작' },
  to: { en: 'To', ko: '끝' },
  cookies: { en: 'With your cookies', ko: '내 쿠키와 함께' },
  cookiesHelp: {
    en: 'Sites then know who asks, and answer with what you see when you are signed in. Off is better for nearly all pages.',
    ko: '사이트가 누구의 요청인지 알게 되고, 로그인했을 때 보이는 내용을 보내요. 거의 모든 페이지에는 꺼 두는 편이 좋아요.',
  },
  begin: {
    en: { one: 'Fetch the text of one page', other: 'Fetch the text of {count} pages' },
    ko: '페이지 {count}개의 글 내려받기',
  },
  notGranted: {
    en: 'The browser did not grant it. Nothing was fetched.',
    ko: '브라우저 권한을 받지 못해서 아무것도 내려받지 않았어요.',
  },
  progress: { en: 'Pages fetched', ko: '내려받은 페이지' },
  running: {
    en: 'Fetching: {done} of {total}. {stored} stored, {known} here already, {failed} not fetched.',
    ko: '내려받는 중: {total}개 중 {done}개. 저장 {stored}개, 이미 있음 {known}개, 받지 못함 {failed}개.',
  },
  waiting: {
    en: 'A site asked to wait until {time}. {done} of {total} done, {failed} not fetched.',
    ko: '사이트가 {time}까지 기다려 달라고 했어요. {total}개 중 {done}개, 받지 못함 {failed}개.',
  },
  paused: {
    en: 'Fetching is paused: {done} of {total}. {stored} stored, {known} here already, {failed} not fetched.',
    ko: '내려받기를 멈췄어요: {total}개 중 {done}개. 저장 {stored}개, 이미 있음 {known}개, 받지 못함 {failed}개.',
  },
  done: {
    en: 'Fetched: {stored} of {total} pages stored, {known} here already, {failed} not fetched.',
    ko: '내려받기 끝: {total}개 중 {stored}개를 저장했고, {known}개는 이미 있었고, {failed}개는 받지 못했어요.',
  },
  pause: { en: 'Pause fetching', ko: '내려받기 멈추기' },
  resume: { en: 'Go on fetching', ko: '이어서 내려받기' },
  stop: { en: 'End fetching', ko: '내려받기 끝내기' },
  clear: { en: 'Clear this result', ko: '결과 지우기' },
  failures: {
    en: { one: 'One page was not fetched', other: '{count} pages were not fetched' },
    ko: '받지 못한 페이지 {count}개',
  },
  robots: { en: 'The site asks programs to stay away.', ko: '사이트가 자동 수집을 원하지 않아요.' },
  notFound: { en: 'It is not there any more.', ko: '더는 없는 페이지예요.' },
  notAllowed: {
    en: 'The site refused, or wants a sign-in.',
    ko: '사이트가 거절했거나 로그인이 필요해요.',
  },
  siteFailed: { en: 'The site answered with errors.', ko: '사이트에 오류가 있어요.' },
  notReached: { en: 'The site could not be reached.', ko: '사이트에 연결하지 못했어요.' },
  timeout: { en: 'The site took too long.', ko: '사이트가 너무 오래 걸렸어요.' },
  tooLarge: { en: 'It is too large.', ko: '너무 커요.' },
  notAPage: { en: 'It is neither a page nor a PDF.', ko: '페이지도 PDF도 아니에요.' },
  empty: { en: 'It has no text to read.', ko: '읽을 글이 없어요.' },
  private: { en: 'It looks private.', ko: '비공개로 보여요.' },
  excluded: { en: 'A rule says not to read it.', ko: '규칙에 따라 읽지 않아요.' },
  failed: { en: 'Dejalu could not read it.', ko: 'Dejalu가 읽지 못했어요.' },
});
