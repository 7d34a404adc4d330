import type { PageKey } from '../../core/ids.ts';
import type { ExportedPage } from '../../core/page/exported-page.ts';

/** The site that the sample pages say they are of; nobody can have it. */
export const sampleSite = 'samples.dejalu.example';

interface Sample {
  readonly name: string;
  readonly title: string;
  readonly lang: 'en' | 'ko';
  readonly texts: readonly string[];
}

const samples: readonly Sample[] = [
  {
    name: 'nets',
    title: 'Jackets out of the harbour',
    lang: 'en',
    texts: [
      'Every spring the port collects tonnes of worn fishing nets. A workshop behind the ice house washes them, sorts the nylon by colour and melts it into thread.',
      'The thread becomes rain jackets. Each label names the boat whose nets went into it, and the skippers buy their own nets back to wear.',
    ],
  },
  {
    name: 'frogs',
    title: 'The animal that stops its heart for the winter',
    lang: 'en',
    texts: [
      'When frost reaches the leaf litter, a wood frog turns hard as a stone. Two thirds of the water in its body is ice, it does not breathe, and its heart stands still.',
      'Sugar from the liver keeps the cells from breaking. In April it thaws from the inside out and hops to the pond within a day.',
    ],
  },
  {
    name: 'train',
    title: '밤 열차로 북쪽 끝까지',
    lang: 'ko',
    texts: [
      '저녁 일곱 시에 출발한 침대칸 열차는 열여덟 시간 동안 숲과 호수를 지나 북극권 안쪽의 작은 역에 닿는다.',
      '유월에는 해가 지지 않아서, 승객들은 자정에도 창가에 앉아 금빛 들판을 바라본다.',
    ],
  },
];

/** Three short pages to try the search on, as if they had been read just now. */
export function samplePages(now: number): readonly ExportedPage[] {
  return samples.map(({ name, title, lang, texts }) => {
    const url = `https://${sampleSite}/${name}`;
    return {
      key: url as PageKey,
      url,
      title,
      lang,
      type: 'article',
      firstReadAt: now,
      lastReadAt: now,
      readCount: 1,
      isPinned: false,
      visits: [now],
      passages: texts.map((text) => ({ text })),
    };
  });
}
