import { defineWords } from '../i18n/words.ts';

export const resultWords = defineWords({
  boxName: { en: 'Search what you have read', ko: '읽은 페이지 찾기' },
  elsewhereAsking: {
    en: 'Asking your other devices…',
    ko: '다른 기기에도 물어보고 있어요…',
  },
  elsewhereTaken: {
    en: {
      one: '{count} page came in from your other devices.',
      other: '{count} pages came in from your other devices.',
    },
    ko: { other: '다른 기기에서 페이지 {count}개를 가져왔어요.' },
  },
  elsewhereFailed: {
    en: 'Your other devices could not be asked.',
    ko: '다른 기기에 물어보지 못했어요.',
  },
  boxHint: {
    en: 'idea, words, site: or "exact"…',
    ko: '생각나는 내용, 단어, site: 또는 "그대로"…',
  },
  clearBox: { en: 'Clear the search', ko: '검색어 지우기' },
  listName: { en: 'Pages found', ko: '찾은 페이지' },
  recentName: { en: 'Continue reading', ko: '이어 읽기' },
  foundCount: {
    en: { one: '{count} page found', other: '{count} pages found' },
    ko: { other: '{count}개를 찾았어요' },
  },
  readTimes: {
    en: { one: 'read once', other: 'read {count} times' },
    ko: { other: '{count}번 읽음' },
  },
  lessCertain: { en: 'less certain', ko: '덜 확실한 결과' },
  nearlySame: {
    en: { one: '{count} page nearly the same', other: '{count} pages nearly the same' },
    ko: { other: '거의 같은 페이지 {count}개' },
  },
  met: { en: '“{word}” met “{query}”', ko: '‘{word}’ ↔ ‘{query}’' },
  exactWord: { en: 'your own word', ko: '입력한 단어 그대로' },
  scoreLine: {
    en: 'score {score} · meaning {dense} · words {lexical} · word by word {late}',
    ko: '점수 {score} · 의미 {dense} · 단어 {lexical} · 단어별 {late}',
  },
  pinned: { en: 'Pinned', ko: '고정됨' },
  untitled: { en: 'Untitled page', ko: '제목 없는 페이지' },

  open: { en: 'Open', ko: '열기' },
  openKey: { en: 'open', ko: '열기' },
  openTab: { en: 'Open in a new tab', ko: '새 탭에서 열기' },
  openTabKey: { en: 'new tab', ko: '새 탭' },
  openAside: { en: 'Open side by side', ko: '나란히 열기' },
  similar: { en: 'Find similar pages', ko: '비슷한 페이지 찾기' },
  similarKey: { en: 'similar', ko: '비슷한 것' },
  forget: { en: 'Forget this page', ko: '이 페이지 잊기' },
  forgetKey: { en: 'forget', ko: '잊기' },
  pin: { en: 'Pin this page', ko: '이 페이지 고정' },
  unpin: { en: 'Unpin this page', ko: '고정 해제' },
  showSame: { en: 'Show pages nearly the same', ko: '거의 같은 페이지 보기' },
  morePassages: { en: 'Show more passages of this page', ko: '이 페이지의 다른 문단 보기' },
  moreLike: { en: 'More like this', ko: '이런 내용 더 보기' },
  lessLike: { en: 'Less like this', ko: '이런 내용 줄이기' },
  read: { en: 'Read the stored text', ko: '저장된 글 읽기' },
  moveKeys: { en: 'Move between pages', ko: '페이지 사이 이동' },
  clearThenClose: { en: 'Clear the box, then close', ko: '지우기, 한 번 더 누르면 닫기' },
  scoresKey: { en: 'Hold to see scores', ko: '누르고 있으면 점수 보기' },
  help: { en: 'Keys', ko: '단축키' },
  helpTitle: { en: 'What the keys do', ko: '단축키 안내' },
  close: { en: 'Close', ko: '닫기' },
  pageTools: { en: 'Actions for this page', ko: '이 페이지에 할 수 있는 일' },

  forgotten: { en: 'Forgot “{title}”', ko: '‘{title}’ 페이지를 잊었어요' },
  undoForget: { en: 'Take the forgetting back', ko: '잊기 되돌리기' },
  undo: { en: 'Undo', ko: '되돌리기' },
  forgetFailed: {
    en: 'Could not forget “{title}”. It is still stored; try again.',
    ko: '‘{title}’ 페이지를 잊지 못했어요. 아직 저장되어 있으니 다시 시도해 주세요.',
  },

  nothingFound: {
    en: 'Nothing you have read matches this.',
    ko: '읽은 페이지 중에 맞는 것이 없어요.',
  },
  nothingFoundHelp: {
    en: 'Try an idea in other words, or fewer filters.',
    ko: '다른 말로 바꾸거나 조건을 줄여 보세요.',
  },
  nothingSimilar: {
    en: 'Nothing else you have read is like this page.',
    ko: '읽은 페이지 중에 비슷한 것이 없어요.',
  },
  weakOnly: {
    en: 'No sure match; these come closest.',
    ko: '확실한 결과가 없어서 가장 가까운 것을 보여 드려요.',
  },
  emptyStore: {
    en: 'Pages you read from now on can be found here.',
    ko: '지금부터 읽는 페이지를 여기에서 찾을 수 있어요.',
  },
  emptyStoreAction: { en: 'See how it works', ko: '어떻게 쓰는지 보기' },
  starting: {
    en: 'Starting: your pages are being loaded.',
    ko: '시작하는 중이에요. 페이지를 불러오고 있어요.',
  },
  retry: { en: 'Retry', ko: '다시 시도' },
  noValue: {
    en: '{operator}: needs a value, for example {example}.',
    ko: '{operator}: 뒤에 값을 적어 주세요. 예: {example}',
  },
  notNegatable: {
    en: '-{operator}: is not known; only -site: and -word leave pages out.',
    ko: '-{operator}:는 쓸 수 없어요. -site:와 -단어로만 뺄 수 있어요.',
  },
  badSite: {
    en: '“{value}” is not a site; write it as in {example}.',
    ko: '‘{value}’ 사이트 주소가 아니에요. {example}처럼 적어 주세요.',
  },
  badLanguage: {
    en: '“{value}” is not a language; write its code, as in {example}.',
    ko: '‘{value}’ 언어를 몰라요. {example}처럼 코드로 적어 주세요.',
  },
  badType: {
    en: '“{value}” is not a kind of page; one of {list}.',
    ko: '‘{value}’ 종류를 몰라요. {list} 중에서 적어 주세요.',
  },
  badDate: {
    en: '“{value}” is not a date; write 2026-03-05, 2026-03, 2026, yesterday or last-week.',
    ko: '‘{value}’ 날짜를 몰라요. 2026-03-05, 2026-03, 2026, 어제, 지난주처럼 적어 주세요.',
  },
  emptyTime: {
    en: '{operator}:{value} leaves no time: after: must be earlier than before:.',
    ko: '{operator}:{value} 때문에 남는 기간이 없어요. 이후:가 이전:보다 앞서야 해요.',
  },
  openQuote: { en: 'The quotation mark is not closed.', ko: '따옴표가 닫히지 않았어요.' },
  emptyQuote: {
    en: 'There is nothing between the quotation marks.',
    ko: '따옴표 사이가 비어 있어요.',
  },
  completions: { en: 'Ways to go on', ko: '이어 쓸 수 있는 말' },
  completeWith: { en: 'Go on with {text}', ko: '{text} 이어 쓰기' },
  completeKey: { en: 'Complete a filter', ko: '조건 이어 쓰기' },
  tabCompletes: { en: 'Tab writes {text}', ko: 'Tab을 누르면 {text}' },
  removeFilters: { en: 'Remove the filters', ko: '조건 없애기' },
});
