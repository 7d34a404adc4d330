import { defineWords } from '../i18n/words.ts';

/** Pictures of the reading, the store and the speed. */
export const chartWords = defineWords({
  title: { en: 'Your reading', ko: '나의 읽기' },
  byDay: { en: 'Reading by day, the last half year', ko: '최근 반년의 날짜별 읽기' },
  bySite: { en: 'Most read sites', ko: '가장 많이 읽은 사이트' },
  asTable: { en: 'As a table', ko: '표로 보기' },
  day: { en: 'Day', ko: '날짜' },
  site: { en: 'Site', ko: '사이트' },
  visits: { en: 'Visits', ko: '방문' },
  visitsOn: {
    en: { one: '{day}: {count} visit', other: '{day}: {count} visits' },
    ko: { other: '{day}: 방문 {count}번' },
  },
  readingSummary: {
    en: {
      one: '{count} visit on {days} day.',
      other: '{count} visits on {days} days; the most, {most}, on {day}.',
    },
    ko: { other: '{days}일 동안 방문 {count}번, 가장 많은 날은 {day}에 {most}번이에요.' },
  },
  siteSummary: {
    en: { one: 'Most visits: {site}, {count}.', other: 'Most visits: {site}, {count}.' },
    ko: { other: '가장 많이 방문한 곳은 {site}, {count}번이에요.' },
  },

  growth: { en: 'Growth of what is stored', ko: '저장량의 변화' },
  growthSummary: {
    en: {
      one: '{size} for {count} page.',
      other: '{size} for {count} pages; {added} of it came this month.',
    },
    ko: { other: '페이지 {count}개에 {size}, 이번 달에 {added} 늘었어요.' },
  },
  month: { en: 'Month', ko: '월' },
  pages: { en: 'Pages', ko: '페이지' },
  text: { en: 'Text', ko: '글' },
  codes: { en: 'Meaning', ko: '의미' },
  words: { en: 'Words and titles', ko: '단어와 제목' },

  speed: { en: 'Speed of reading and searching', ko: '읽기와 찾기의 속도' },
  speedSummary: {
    en: 'Half of the last searches took {half} ms or less, and all but one in twenty {most} ms.',
    ko: '최근 찾기의 절반은 {half}ms 안에, 스무 번 가운데 열아홉 번은 {most}ms 안에 끝났어요.',
  },
  noSpeed: {
    en: 'Nothing has been timed yet. Times appear here once pages are read and searched for.',
    ko: '아직 잰 것이 없어요. 페이지를 읽고 찾으면 여기에 시간이 나와요.',
  },
  work: { en: 'Work', ko: '일' },
  reading: { en: 'Reading a page', ko: '페이지 읽기' },
  searching: { en: 'Searching', ko: '찾기' },
  half: { en: 'Half within (p50)', ko: '절반 (p50)' },
  most: { en: '19 of 20 within (p95)', ko: '95% (p95)' },
  milliseconds: { en: 'Milliseconds', ko: '밀리초' },

  energy: { en: 'Work for each page', ko: '페이지마다 드는 시간' },
  energyToday: {
    en: {
      one: 'Today: {count} page, {ms} ms of work for it.',
      other: 'Today: {count} pages, {ms} ms of work for each.',
    },
    ko: { other: '오늘은 페이지 {count}개, 하나에 {ms}ms 걸렸어요.' },
  },
  energyNone: {
    en: 'No page was read today, so reading has cost nothing.',
    ko: '오늘은 읽은 페이지가 없어서 든 시간도 없어요.',
  },
  perPage: { en: 'Milliseconds a page', ko: '페이지마다 밀리초' },
});
