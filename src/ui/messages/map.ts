import { defineWords } from '../i18n/words.ts';

export const mapWords = defineWords({
  title: { en: 'Map of what you have read', ko: '읽은 것의 지도' },
  link: { en: 'Map', ko: '지도' },
  toSearch: { en: 'Search', ko: '검색' },
  drawing: { en: 'Drawing the map, {percent} %', ko: '지도를 그리는 중이에요, {percent}%' },
  summary: {
    en: {
      one: '{count} page. Pages that are about the same lie together.',
      other: '{count} pages. Pages that are about the same lie together.',
    },
    ko: { other: '페이지 {count}개. 비슷한 내용끼리 가까이 있어요.' },
  },
  keys: {
    en: 'Arrow keys move the map, plus and minus zoom, 0 shows all of it.',
    ko: '화살표 키로 움직이고, 더하기와 빼기로 확대하거나 줄이고, 0으로 전체를 볼 수 있어요.',
  },
  tools: { en: 'Map tools', ko: '지도 도구' },
  zoomIn: { en: 'Zoom in', ko: '확대' },
  zoomOut: { en: 'Zoom out', ko: '축소' },
  showAll: { en: 'Show the whole map', ko: '지도 전체 보기' },
  lasso: {
    en: 'Draw around pages to list them',
    ko: '페이지를 둘러 그려서 목록으로 보기',
  },
  inView: { en: 'List what is in view', ko: '보이는 것만 목록으로' },
  part: {
    en: { one: 'Part of the map: {count} page', other: 'Part of the map: {count} pages' },
    ko: { other: '지도의 일부: 페이지 {count}개' },
  },
  lastRead: { en: 'Last read', ko: '마지막으로 읽은 때' },
  readFrom: { en: 'Read from', ko: '읽은 때, 시작' },
  readUntil: { en: 'Read until', ko: '읽은 때, 끝' },
  topics: {
    en: { one: '{count} topic', other: '{count} topics' },
    ko: { other: '주제 {count}개' },
  },
  topic: { en: 'Topic', ko: '주제' },
  pages: { en: 'Pages', ko: '페이지' },
  latest: { en: 'Latest', ko: '최근' },
  sites: { en: 'Sites', ko: '사이트' },
  listTopic: { en: 'List the pages about {topic}', ko: '‘{topic}’ 페이지 보기' },
});
