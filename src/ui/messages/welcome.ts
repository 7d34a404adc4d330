import { defineWords } from '../i18n/words.ts';

export const welcomeWords = defineWords({
  title: { en: 'Welcome to Dejalu', ko: 'Dejalu에 오신 것을 환영해요' },
  lead: {
    en: 'From now on, any page you read can be found again by what you remember of it.',
    ko: '이제부터 읽은 페이지를 기억나는 내용만으로 다시 찾을 수 있어요.',
  },
  what: { en: 'What is stored, and where', ko: '무엇을 어디에 저장하나요' },
  whatText: {
    en: 'The text of pages you look at for a moment, their titles and addresses. No pictures, nothing you type.',
    ko: '잠시 머문 페이지의 글, 제목, 주소를 저장해요. 그림이나 입력한 내용은 저장하지 않아요.',
  },
  where: {
    en: 'Everything stays in this browser on this machine. Nothing is sent anywhere; no account, no server.',
    ko: '모두 이 컴퓨터의 이 브라우저에만 있어요. 어디에도 보내지 않고, 계정도 서버도 없어요.',
  },
  privateText: {
    en: 'Pages with password or card fields, banks, mail and private windows are left out.',
    ko: '비밀번호나 카드 입력란이 있는 페이지, 은행, 메일, 시크릿 창은 저장하지 않아요.',
  },
  forgetText: {
    en: 'You can make it forget a page, a site or everything, and it shows proof.',
    ko: '페이지, 사이트, 또는 전부를 잊게 할 수 있고 지운 결과를 확인해 줘요.',
  },
  how: { en: 'How to search', ko: '이렇게 찾아요' },
  howOpen: {
    en: 'Click the Dejalu icon, or press {keys}. Type what you remember; the first result is selected, Enter opens it.',
    ko: 'Dejalu 아이콘을 누르거나 {keys}를 누르세요. 기억나는 내용을 적으면 첫 결과가 선택되고, Enter로 열어요.',
  },
  howClick: {
    en: 'Click the Dejalu icon. Type what you remember; the first result is selected, Enter opens it.',
    ko: 'Dejalu 아이콘을 누르세요. 기억나는 내용을 적으면 첫 결과가 선택되고, Enter로 열어요.',
  },
  tryTitle: { en: 'Try it here', ko: '여기서 해 보기' },
  tryHelp: {
    en: 'Three short sample pages are stored, and forgotten again when you leave this page. Ask for one by an idea of it.',
    ko: '짧은 예시 페이지 세 개를 저장했다가 이 페이지를 떠나면 잊어요. 기억나는 내용으로 찾아보세요.',
  },
  tryStart: { en: 'Try on three sample pages', ko: '예시 페이지 세 개로 해 보기' },
  tryBox: { en: 'What you remember of a sample page', ko: '예시 페이지에서 기억나는 내용' },
  ideaNets: { en: 'clothes made of old fishing gear', ko: '낡은 어구로 만든 옷' },
  ideaFrog: { en: 'creature that survives being frozen', ko: '꽁꽁 얼어도 살아남는 동물' },
  ideaTrain: { en: 'rail journey to the midnight sun', ko: '해가 지지 않는 곳으로 가는 기차' },
  tryNothing: {
    en: 'None of the three is about this. Try one of the ideas above.',
    ko: '세 페이지 중에는 없어요. 위의 예를 눌러 보세요.',
  },
  tryEnd: { en: 'Forget the sample pages', ko: '예시 페이지 잊기' },
  beforeTitle: { en: 'Pages from before', ko: '이전에 읽은 페이지' },
  beforeText: {
    en: 'Pages of your history and bookmarks can be made searchable too. You choose which, and the browser asks you first.',
    ko: '방문 기록과 북마크의 페이지도 찾을 수 있게 할 수 있어요. 무엇을 넣을지 직접 고르고, 브라우저가 먼저 물어봐요.',
  },
  beforeLink: { en: 'Add pages from before', ko: '이전 페이지 추가하기' },
  skip: {
    en: 'Nothing here must be done: Dejalu reads already, and every choice is in the options.',
    ko: '꼭 해야 할 일은 없어요. Dejalu는 이미 읽고 있고, 모든 선택은 설정에 있어요.',
  },
  howWords: {
    en: 'You need not know the words: “garment from old fishing gear” finds the page about jackets of recycled nets. Korean finds English pages too.',
    ko: '정확한 단어를 몰라도 돼요. ‘낡은 어구로 만든 옷’이라고 적으면 재활용 그물 재킷 페이지를 찾아요. 한국어로 영어 페이지도 찾을 수 있어요.',
  },
  privateTitle: { en: 'Pages that look private', ko: '비공개로 보이는 페이지' },
  holdChoice: { en: 'Hold them back and let me decide', ko: '보류하고 내가 정하기' },
  neverChoice: { en: 'Never store them', ko: '저장하지 않기' },
  openSearch: { en: 'Open the search page', ko: '검색 페이지 열기' },
});
