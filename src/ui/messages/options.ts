import { defineWords } from '../i18n/words.ts';

export const optionWords = defineWords({
  title: { en: 'Options', ko: '설정' },
  saved: { en: 'Saved', ko: '저장했어요' },
  sections: { en: 'Sections', ko: '항목' },

  capture: { en: 'What is read', ko: '무엇을 읽을지' },
  pauseNow: { en: 'Reading', ko: '읽기' },
  reading: { en: 'Pages are read as you visit them.', ko: '방문하는 페이지를 읽고 있어요.' },
  dwell: { en: 'Read a page after', ko: '페이지를 읽기까지' },
  dwellHelp: {
    en: 'Seconds that a page must be in view first, so that pages you pass by are not kept.',
    ko: '이만큼(초) 보고 있던 페이지만 저장해서, 스쳐 지나간 페이지는 남지 않아요.',
  },
  seconds: { en: 'seconds', ko: '초' },
  history: { en: 'Forget with the browser’s history', ko: '방문 기록을 지우면 함께 잊기' },
  historyHelp: {
    en: 'When you delete a visit from the history, its page leaves Dejalu too.',
    ko: '브라우저 방문 기록에서 지운 페이지는 Dejalu에서도 지워요.',
  },
  retention: { en: 'Keep pages', ko: '보관 기간' },
  retentionHelp: {
    en: 'How much stays before the pages that you last read longest ago leave by themselves. Pinned pages always stay.',
    ko: '이만큼을 넘으면 읽은 지 가장 오래된 페이지부터 저절로 사라져요. 고정한 페이지는 항상 남아요.',
  },
  forever: { en: 'for ever', ko: '계속' },
  upToAge: { en: 'up to an age', ko: '기간까지' },
  upToSize: { en: 'up to a size', ko: '용량까지' },
  upToPages: { en: 'up to a number of pages', ko: '페이지 수까지' },
  retentionAmount: { en: 'The limit', ko: '한도' },
  retentionAmountHelp: {
    en: 'What is beyond it leaves while nothing else is to be done, the oldest first, and does not come back.',
    ko: '넘은 만큼 할 일이 없을 때 오래된 것부터 지우고, 되돌릴 수 없어요.',
  },
  days: { en: 'days', ko: '일' },
  megabytes: { en: 'MB', ko: 'MB' },
  pages: { en: 'pages', ko: '페이지' },

  privatePages: { en: 'Private pages', ko: '비공개 페이지' },
  holds: { en: 'Hold back pages that look private', ko: '비공개로 보이는 페이지 보류하기' },
  holdsHelp: {
    en: 'They wait below for your word, in memory only. When this is off, they are never stored.',
    ko: '아래에서 정할 때까지 메모리에만 있어요. 끄면 아예 저장하지 않아요.',
  },
  headers: {
    en: 'Notice pages that ask not to be kept',
    ko: '저장하지 말라는 페이지 알아보기',
  },
  headersHelp: {
    en: 'Some say so in a header that only the browser sees; it then counts as a sign that they are private. The browser asks you for this, and nothing is changed or held up.',
    ko: '브라우저에만 보이는 헤더로 그렇게 말하는 페이지가 있어요. 그러면 비공개라는 표시 하나로 셈해요. 브라우저가 허락을 물어보며, 요청을 바꾸거나 막지 않아요.',
  },
  tray: { en: 'Held back', ko: '보류한 페이지' },
  trayEmpty: { en: 'Nothing is held back.', ko: '보류한 페이지가 없어요.' },
  store: { en: 'Store', ko: '저장' },
  trayHelp: {
    en: 'A page leaves by itself after a week. One key decides about the page in focus: {once} stores it this time, {always} always stores its site, {never} never reads its site.',
    ko: '일주일이 지나면 저절로 사라져요. 선택한 페이지는 키 하나로 정할 수 있어요. {once}: 이번만 저장, {always}: 이 사이트 항상 저장, {never}: 이 사이트 읽지 않기.',
  },
  alwaysSite: { en: 'Always on this site', ko: '이 사이트는 항상' },
  neverSite: { en: 'Never on this site', ko: '이 사이트는 안 함' },

  rules: { en: 'Rules', ko: '규칙' },
  rulesHelp: {
    en: 'A site with all its subdomains, perhaps with a path: mail.example/inbox. A * stands for anything. Its pages are read even where a rule below says no, kept by their title without their text, or never read.',
    ko: '하위 도메인을 포함한 사이트, 경로도 쓸 수 있어요: mail.example/inbox. *는 무엇이든 뜻해요. 그 페이지를 아래 규칙과 달리 읽거나, 글 없이 제목만 남기거나, 아예 읽지 않아요.',
  },
  pattern: { en: 'Site or path', ko: '사이트 또는 경로' },
  action: { en: 'What happens', ko: '동작' },
  actionIndex: { en: 'Read', ko: '읽기' },
  actionTitle: { en: 'Title only', ko: '제목만' },
  actionNever: { en: 'Never read', ko: '읽지 않기' },
  addRule: { en: 'Add the rule', ko: '규칙 추가' },
  badRule: {
    en: 'Write a site such as bank.example, without https and spaces.',
    ko: 'https와 공백 없이 bank.example처럼 적어 주세요.',
  },
  removeRule: { en: 'Remove the rule {pattern}', ko: '{pattern} 규칙 지우기' },
  noRules: { en: 'No rules of your own yet.', ko: '직접 만든 규칙이 아직 없어요.' },
  defaultRules: {
    en: { one: '{count} rule comes with Dejalu', other: '{count} rules come with Dejalu' },
    ko: { other: '기본 규칙 {count}개' },
  },

  storage: { en: 'Storage', ko: '저장 공간' },
  storageLine: {
    en: { one: '{count} page, {size} in all.', other: '{count} pages, {size} in all.' },
    ko: { other: '페이지 {count}개, 모두 {size}.' },
  },
  kind: { en: 'Kind', ko: '종류' },
  size: { en: 'Size', ko: '크기' },
  kindText: { en: 'Text of the pages', ko: '페이지의 글' },
  kindCodes: { en: 'Codes of their meaning', ko: '의미 코드' },
  kindTerms: { en: 'Words', ko: '단어' },
  kindPages: { en: 'Titles, addresses and visits', ko: '제목, 주소, 방문' },
  keeping: { en: 'Kept for you', ko: '보관 상태' },
  pinnedLine: {
    en: { one: '{count} page is pinned.', other: '{count} pages are pinned.' },
    ko: { other: '고정한 페이지 {count}개.' },
  },
  persistent: {
    en: 'The browser does not drop the store when the disk runs low.',
    ko: '디스크가 부족해도 브라우저가 지우지 않아요.',
  },
  notPersistent: {
    en: 'The extension’s right to unlimited storage protects the store; the browser has promised no more than that.',
    ko: '확장 프로그램의 저장 권한으로 보호하고 있어요. 브라우저의 보관 약속은 아직 없어요.',
  },
  persist: { en: 'Ask the browser to keep it', ko: '브라우저에 보관 요청하기' },
  compaction: { en: 'Tidying', ko: '정리' },
  compactionHelp: {
    en: 'Packs what was read lately and takes what was forgotten off the disk. Idle time does it by itself.',
    ko: '최근에 읽은 것을 모아 정리하고, 잊은 것을 디스크에서 지워요. 쉬는 동안 저절로 하는 일이에요.',
  },
  compact: { en: 'Tidy now', ko: '지금 정리하기' },
  compacting: { en: 'Tidying', ko: '정리하는 중' },
  compacted: { en: 'All tidy.', ko: '정리했어요.' },
  forgetSite: { en: 'Forget a site', ko: '사이트 잊기' },
  forgetSiteHelp: {
    en: 'Every stored page of the site goes, and its visits.',
    ko: '그 사이트에서 저장한 페이지와 방문을 모두 지워요.',
  },
  forgetButton: { en: 'Forget', ko: '잊기' },
  erase: { en: 'Erase everything', ko: '모두 지우기' },
  eraseHelp: {
    en: 'Type “{word}” to erase every page, its text and its visits. This cannot be undone.',
    ko: '모든 페이지와 글, 방문을 지우려면 ‘{word}’(이)라고 적어 주세요. 되돌릴 수 없어요.',
  },
  eraseWord: { en: 'erase', ko: '지우기' },
  eraseField: { en: 'The word that confirms', ko: '확인하는 말' },
  receipt: {
    en: 'Removed {what}. A look afterwards found {left} left.',
    ko: '{what}를 지웠어요. 다시 확인했을 때 남은 것은 {left}개예요.',
  },
  receiptPages: {
    en: { one: '{count} page', other: '{count} pages' },
    ko: { other: '페이지 {count}개' },
  },
  receiptPassages: {
    en: { one: '{count} passage', other: '{count} passages' },
    ko: { other: '문단 {count}개' },
  },
  receiptVisits: {
    en: { one: '{count} visit', other: '{count} visits' },
    ko: { other: '방문 {count}개' },
  },

  look: { en: 'Appearance', ko: '모양' },
  theme: { en: 'Colours', ko: '색' },
  themeHelp: {
    en: 'Light or dark in the popup, the panel and every page of Dejalu.',
    ko: '팝업, 패널, Dejalu의 모든 화면에 쓰는 색이에요.',
  },
  languageHelp: {
    en: 'What Dejalu itself speaks. Pages are found in any language.',
    ko: 'Dejalu가 쓰는 언어예요. 페이지는 어떤 언어든 찾아요.',
  },
  system: { en: 'As the system', ko: '시스템 설정대로' },
  light: { en: 'Light', ko: '밝게' },
  dark: { en: 'Dark', ko: '어둡게' },
  language: { en: 'Language', ko: '언어' },
  follows: {
    en: 'Side panel follows the page',
    ko: '사이드 패널이 페이지를 따라가기',
  },
  followsHelp: {
    en: 'While its box is empty, the side panel shows stored pages like the one you are reading. All on this machine.',
    ko: '검색창이 비어 있으면 지금 읽는 페이지와 비슷한 저장된 페이지를 보여 줘요. 모두 이 컴퓨터에서만 해요.',
  },
  scores: { en: 'Show scores', ko: '점수 보기' },
  scoresHelp: {
    en: 'Adds the numbers behind each result. Holding Alt shows them for a moment.',
    ko: '결과마다 점수를 보여 줘요. Alt를 누르고 있으면 잠깐 볼 수 있어요.',
  },
  siteIcons: { en: 'Show the icons of sites', ko: '사이트 아이콘 보기' },
  siteIconsHelp: {
    en: 'They come from the browser’s own cache, for which it asks you, and nothing is fetched.',
    ko: '브라우저가 이미 가지고 있는 아이콘을 허락을 받아 쓰고, 아무것도 새로 내려받지 않아요.',
  },

  site: { en: 'Site', ko: '사이트' },
  noReading: { en: 'Nothing has been read yet.', ko: '아직 읽은 것이 없어요.' },

  transfer: { en: 'Export and import', ko: '내보내기, 가져오기' },
  exportHelp: {
    en: 'One file with every page: text, title, address and visits. No settings, no keys, no passwords; but whoever has the file can read what you read.',
    ko: '모든 페이지의 글, 제목, 주소, 방문이 파일 하나에 들어가요. 설정, 키, 비밀번호는 없지만 파일이 있으면 읽은 내용을 볼 수 있어요.',
  },
  exportButton: { en: 'Export every page', ko: '모든 페이지 내보내기' },
  exportPacked: { en: 'Export as an archive', ko: '압축 파일로 내보내기' },
  exportMarkdown: { en: 'Export as Markdown', ko: 'Markdown으로 내보내기' },
  exportKindsHelp: {
    en: 'The first is lines of JSON; the archive holds the same, packed and with a checksum, and both can be imported again without loss. Markdown is a folder of files for reading elsewhere, in a ZIP.',
    ko: '첫째는 JSON 줄이고, 압축 파일은 같은 내용을 체크섬과 함께 압축한 것이에요. 둘 다 손실 없이 다시 가져올 수 있어요. Markdown은 다른 곳에서 읽을 수 있는 파일 폴더(ZIP)예요.',
  },
  exportDone: {
    en: { one: 'Exported {count} page, {size}.', other: 'Exported {count} pages, {size}.' },
    ko: { other: '페이지 {count}개를 내보냈어요, {size}.' },
  },
  exportUnreadable: {
    en: {
      one: '{count} page was left out: its stored text is damaged.',
      other: '{count} pages were left out: their stored text is damaged.',
    },
    ko: { other: '저장된 글이 손상된 페이지 {count}개는 빠졌어요.' },
  },
  exportNoRoom: {
    en: 'The disk is full, so the export was not finished and nothing of it is left. Your pages are safe. Free some space, then export again.',
    ko: '디스크가 가득 차서 내보내기를 마치지 못했고, 만들던 파일은 지웠어요. 저장된 페이지는 안전해요. 공간을 비우고 다시 내보내 주세요.',
  },
  importHelp: {
    en: 'Pages of an export join those that are here; the same page is never stored twice. You see what will happen before anything is written.',
    ko: '내보낸 파일의 페이지를 여기에 더해요. 같은 페이지가 두 번 저장되지 않고, 쓰기 전에 무엇이 바뀌는지 보여 줘요.',
  },
  importFile: { en: 'Choose a file to import', ko: '가져올 파일 고르기' },
  importPlan: {
    en: '{file}: {added} new pages, {updated} that change, {unchanged} that are here already.',
    ko: '{file}: 새 페이지 {added}개, 바뀌는 페이지 {updated}개, 이미 있는 페이지 {unchanged}개.',
  },
  importDamaged: {
    en: 'The file is damaged or was cut short. The pages that can be read can still be imported.',
    ko: '파일이 손상되었거나 잘렸어요. 읽을 수 있는 페이지는 가져올 수 있어요.',
  },
  importRefused: {
    en: {
      one: '{count} line cannot be read as a page; the first is line {line}.',
      other: '{count} lines cannot be read as pages; the first is line {line}.',
    },
    ko: { other: '페이지로 읽을 수 없는 줄이 {count}개 있어요. 첫 줄은 {line}번째예요.' },
  },
  importButton: { en: 'Import', ko: '가져오기' },
  importDone: {
    en: 'Imported: {added} new pages, {updated} changed, {unchanged} were here already.',
    ko: '가져왔어요: 새 페이지 {added}개, 바뀐 페이지 {updated}개, 이미 있던 페이지 {unchanged}개.',
  },
  importStopped: {
    en: 'Stopped. What was imported stays; choosing the file again goes on from there.',
    ko: '멈췄어요. 가져온 것은 남아 있고, 파일을 다시 고르면 이어서 해요.',
  },
  notAnExport: {
    en: '{file} is not an export of Dejalu that this version reads.',
    ko: '{file} 파일은 이 버전이 읽을 수 있는 Dejalu 내보내기 파일이 아니에요.',
  },
  stop: { en: 'Stop', ko: '멈추기' },
  exporting: { en: 'Exporting', ko: '내보내는 중' },
  checking: { en: 'Reading the file', ko: '파일을 읽는 중' },
  importing: { en: 'Importing', ko: '가져오는 중' },

  health: { en: 'Health', ko: '상태 점검' },
  index: { en: 'Index', ko: '색인' },
  indexLine: {
    en: {
      one: '{count} page in {passages} passages.',
      other: '{count} pages in {passages} passages.',
    },
    ko: { other: '페이지 {count}개, 문단 {passages}개.' },
  },
  lastRead: { en: 'Last page read', ko: '마지막으로 읽음' },
  repaired: { en: 'Repaired', ko: '복구' },
  repairedLine: {
    en: 'Index data that was damaged, made again from the pages’ own text: {segments} blocks, {pages} pages.',
    ko: '손상된 색인을 페이지의 본문에서 다시 만들었어요: 묶음 {segments}개, 페이지 {pages}개.',
  },
  fallbacks: { en: 'Without WebAssembly', ko: 'WebAssembly 없이' },
  fallbacksLine: {
    en: {
      one: '{count} fast loop stopped, and a plain one goes on in its place: slower, with the same results.',
      other:
        '{count} fast loops stopped, and plain ones go on in their place: slower, with the same results.',
    },
    ko: { other: '빠른 계산 {count}개가 멈춰서 기본 방식으로 계산해요. 느리지만 결과는 같아요.' },
  },
  problems: { en: 'Problems', ko: '문제' },
  noProblems: {
    en: 'None since the browser was started.',
    ko: '브라우저를 시작한 뒤로 없었어요.',
  },
  selfTest: { en: 'Test on your own pages', ko: '내 페이지로 시험하기' },
  selfTestHelp: {
    en: 'Asks for up to 50 of your pages by a sentence far from their beginning, and counts how many come among the first ten. It runs by itself while nothing else is to be done, at most once a week and after fifty more pages were read. Nothing is sent, and only numbers are kept.',
    ko: '페이지를 최대 50개 골라 뒷부분의 문장으로 찾아보고, 열 번째 안에 나오는지 세요. 할 일이 없을 때 저절로 돌아가며, 많아야 일주일에 한 번, 페이지를 50개 더 읽은 뒤에 해요. 보내는 것은 없고 숫자만 남겨요.',
  },
  selfTestAsked: { en: '{done} of {total} pages', ko: '페이지 {total}개 중 {done}개' },
  selfTestWaits: {
    en: '{done} of {total} pages; it goes on while nothing else is to be done.',
    ko: '페이지 {total}개 중 {done}개. 할 일이 없을 때 이어서 해요.',
  },
  selfTestAt: { en: 'Tested {when}.', ko: '{when}에 시험했어요.' },
  selfTestRun: { en: 'Run the test', ko: '시험하기' },
  selfTestFound: {
    en: {
      one: 'Found in the top ten: {share} % of {count} page.',
      other: 'Found in the top ten: {share} % of {count} pages.',
    },
    ko: { other: '열 번째 안에서 찾음: 페이지 {count}개 가운데 {share}%.' },
  },
  selfTestTimes: {
    en: 'Half of the answers took less than {half} ms, all but one in twenty less than {most} ms.',
    ko: '답의 절반은 {half}ms, 스무 번 가운데 열아홉 번은 {most}ms 안에 나왔어요.',
  },
  selfTestNothing: {
    en: 'No page has a sentence that is long enough to ask with.',
    ko: '물어볼 만큼 긴 문장이 있는 페이지가 없어요.',
  },
  selfTestWorst: { en: 'The worst ones', ko: '가장 찾기 어려웠던 페이지' },
  page: { en: 'Page', ko: '페이지' },
  place: { en: 'Place', ko: '순위' },
  notAmong: { en: 'not in the first {places}', ko: '{places}위 밖' },
  report: { en: 'A report to copy', ko: '복사할 보고서' },
  reportHelp: {
    en: 'Counts, states and times for whoever helps you. No address, title or text of any page.',
    ko: '도움을 줄 사람에게 보낼 개수, 상태, 시각이에요. 페이지의 주소, 제목, 글은 없어요.',
  },
  copy: { en: 'Copy', ko: '복사' },
  copied: { en: 'Copied', ko: '복사했어요' },

  shortcuts: { en: 'Keys', ko: '단축키' },
  shortcutsHelp: {
    en: 'These work anywhere in the browser. The ones for a list of pages are under ? in the popup.',
    ko: '브라우저 어디서나 쓸 수 있어요. 목록에서 쓰는 단축키는 팝업의 ?에서 볼 수 있어요.',
  },
  openPopup: { en: 'Open the popup', ko: '팝업 열기' },
  openPopupHelp: {
    en: 'Opens the search over the page you are on.',
    ko: '보고 있는 페이지 위에 검색창을 열어요.',
  },
  openSearchHelp: {
    en: 'Opens the search with filters and the stored texts in a tab of its own.',
    ko: '조건과 저장된 글이 있는 검색을 새 탭에 열어요.',
  },
  togglePause: { en: 'Pause or resume reading', ko: '읽기 멈추기, 다시 시작하기' },
  togglePauseHelp: {
    en: 'Stops the reading of pages for 15 minutes, or lets it go on.',
    ko: '15분 동안 페이지를 읽지 않거나, 다시 읽기 시작해요.',
  },
  findSimilarHelp: {
    en: 'Lists the stored pages that are like the one you are on.',
    ko: '보고 있는 페이지와 비슷한 저장된 페이지를 보여 줘요.',
  },
  otherCommandHelp: {
    en: 'A command of the browser for Dejalu.',
    ko: '브라우저가 Dejalu에 더한 명령이에요.',
  },
  noKeys: { en: 'none', ko: '없음' },
  badKeys: {
    en: '“{keys}” cannot be used. Write keys such as Ctrl+Shift+Y that nothing else uses.',
    ko: '‘{keys}’ 단축키는 쓸 수 없어요. Ctrl+Shift+Y처럼 다른 곳에서 쓰지 않는 키를 적어 주세요.',
  },
  changeKeys: { en: 'Change them in the browser', ko: '브라우저에서 바꾸기' },

  about: { en: 'About', ko: '정보' },
  version: { en: 'Version', ko: '버전' },
  model: { en: 'Model', ko: '모델' },
  modelLine: {
    en: '{name}, {dims} numbers a word. It runs on this machine; nothing is downloaded.',
    ko: '{name}, 단어마다 숫자 {dims}개. 이 컴퓨터에서 돌아가고 아무것도 내려받지 않아요.',
  },
  state: { en: 'State', ko: '상태' },
  stateReady: { en: 'Everything runs.', ko: '모두 잘 돌아가고 있어요.' },
  stateStarting: { en: 'Starting.', ko: '시작하는 중이에요.' },
  licence: { en: 'Licence', ko: '라이선스' },
  licences: { en: 'All licences', ko: '전체 라이선스' },
  licenceLine: {
    en: 'MIT. Icons from Lucide under ISC.',
    ko: 'MIT. 아이콘은 Lucide(ISC)예요.',
  },
});
