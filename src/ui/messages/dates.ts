import { defineWords } from '../i18n/words.ts';

export const dateWords = defineWords({
  today: { en: 'Today', ko: '오늘' },
  todayAt: { en: 'today, {time}', ko: '오늘 {time}' },
  yesterday: { en: 'yesterday', ko: '어제' },
  yesterdayGroup: { en: 'Yesterday', ko: '어제' },
  thisWeek: { en: 'This week', ko: '이번 주' },
  earlier: { en: 'Earlier', ko: '그 이전' },
});
