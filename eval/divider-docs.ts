import {
  areaUnderCurve,
  type Divided,
  type DividerFigures,
  dividerFigures,
  type fitEvidence,
  groundNames,
  heldOut,
  withoutAnswers,
  withTopicAbsent,
} from './divider.ts';

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function between([low, high]: readonly [number, number]): string {
  return `${(low * 100).toFixed(0)}–${(high * 100).toFixed(0)} %`;
}

/** Both errors measured by what is allowed of each: 10 % and 5 %. 2 would be the aim just met. */
function cost({ honest, below }: DividerFigures): number {
  return (1 - honest) / 0.1 + below / 0.05;
}

/** Places of the divider on its curve: what is added to the logit of both equally likely. */
const places = [-1.6, -0.8, -0.4, 0, 0.4, Math.log(2), 0.8, 1, 1.2, 1.6] as const;

const meaning: Readonly<Record<string, string>> = {
  late: 'late interaction above that of the other candidates',
  length: 'length of the query',
  met: 'tokens that stand on the page themselves',
  lead: 'cosine above the best of the other hits',
  missing: 'rarity of the rarest word that the page has not',
};

const limits = [
  "What was tried beside these grounds, fitted on half of the pages and judged on the other half: the best cosine and its deviations, coverage of the query by words and by near meaning at several cosines, the least of its tokens' best cosines, the part of the rarity that is not covered, agreement of the channels, gaps of every channel to the next 1, 4, 9 and 19 hits, script, and trees over all of them in place of a line. They gain on these pages (an area of .83) and lose on the samples, on SciFact and on sentences taken out of pages, so they learn these pages and not the question. How far the best score stands above what the tail of the fifty best lets expect (an extreme value's probability; of the whole score, of the cosine, of late interaction) and the least cosine of the three weightiest tokens change the area by less than .01 either way, on these pages and on the samples.",
  '',
  'What limits it: names, codes and ordinary phrases come near the aim at a place of their own; for a vague idea the best of what is there looks like what is meant, and a Korean question meets its English page hardly better than it meets the next page. And other pages answer: of twenty queries that show something plain though their page was taken away, drawn evenly over those not in Korean and read one by one, eight have another page on the same story in first place (the same campaign, band, hearing or finding), so about two in five of these errors are none.',
];

function curveRows(divided: readonly Divided[]): string[] {
  const evidence = heldOut(divided);
  return places.map((shift) => {
    const figures = dividerFigures(divided, evidence, shift);
    const name = shift === Math.log(2) ? `**${shift.toFixed(2)}**` : shift.toFixed(1);
    return `| ${name} | ${percent(figures.honest)} | ${percent(figures.below)} | ${cost(figures).toFixed(1)} | ${'█'.repeat(Math.round(figures.honest * 20))} | ${'█'.repeat(Math.round(figures.below * 20))} |`;
  });
}

/** The divider's section of the quality page. */
export function dividerSection(divided: readonly Divided[]): string[] {
  const all = dividerFigures(divided);
  const answered = dividerFigures(withoutAnswers(divided));
  const absent = dividerFigures(withTopicAbsent(divided));
  const kinds = [...new Set(divided.map(({ kind }) => kind))];
  const area = (names: Parameters<typeof fitEvidence>[1]) =>
    areaUnderCurve(divided, heldOut(divided, names)).toFixed(3);
  return [
    '## The divider of weak matches',
    '',
    `Each query is asked with its page there, and once more with its page masked out of every stage. Of ${all.honestCount} queries whose page was taken away or never read, ${percent(all.honest)} (${between(all.honestInterval)}) show nothing above the divider. Of ${all.belowCount} whose page is among the hits shown, ${percent(all.below)} (${between(all.belowInterval)}) have it below; ${percent(all.unlisted)} of the pages that are there are not among the hits shown at all.`,
    '',
    `Other pages answer some of these queries. Of the ${answered.honestCount} whose first hit instead is not like the page taken away (the cosine of their whole texts is below .5), ${percent(answered.honest)} (${between(answered.honestInterval)}) show nothing above. With all pages taken away that any query asks for, so that the haystack alone is left, ${percent(absent.honest)} (${between(absent.honestInterval)}) of ${absent.honestCount} do.`,
    '',
    'By kind:',
    '',
    '| kind | nothing above, page not there | the same, not answered by another | the same, haystack alone | below, page shown | page not among those shown |',
    '|---|---|---|---|---|---|',
    ...kinds.map((kind) => {
      const ofKind = divided.filter((one) => one.kind === kind);
      const own = dividerFigures(ofKind);
      const honest = [ofKind, withoutAnswers(ofKind), withTopicAbsent(ofKind)].map((some) =>
        some.length === 0 ? '–' : percent(dividerFigures(some).honest),
      );
      const below = own.belowCount === 0 ? '–' : percent(own.below);
      return `| ${kind} | ${honest.join(' | ')} | ${below} | ${percent(own.unlisted)} |`;
    }),
    '',
    'The curve, with weights fitted on one half of the pages and judged on the other. The place is what is added to the logit of the probability that the page is there, where both were equally often so. The cost is both errors by their allowances, a tenth and a twentieth: 2 would be the aim just met. A page below is allowed half as often, so the divider stands at log 2: it shows plainly what is there with a probability of a third.',
    '',
    '| place | nothing above, page not there | below, page shown | cost | | |',
    '|---|---|---|---|---|---|',
    ...curveRows(divided),
    '',
    'What the evidence is made of, and the area under its curve (.5 is a guess) on the half it was not fitted on:',
    '',
    '| ground | alone | all others without it |',
    '|---|---|---|',
    ...groundNames.map((name) => {
      const others = groundNames.filter((one) => one !== name);
      return `| ${meaning[name]} | ${area([name])} | ${area(others)} |`;
    }),
    `| all five | ${area(groundNames)} | |`,
    '',
    ...limits,
    '',
  ];
}
