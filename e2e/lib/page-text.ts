/** Makes web pages for the tests: plain articles with a title and a few hundred words. */

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A whole HTML document with `paragraphs` as its article. */
export function articleHtml(title: string, paragraphs: readonly string[], extraHead = ''): string {
  const body = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>${escapeHtml(title)}</title>${extraHead}</head>
<body><main><article><h1>${escapeHtml(title)}</h1>${body}</article></main></body></html>`;
}

/** Paragraphs about keeping bees on a roof; none of the sample pages is near it. */
export const beeParagraphs: readonly string[] = [
  'The hive stands between two chimneys on the seventh floor, and on warm mornings the first bees are out over the car park before anyone in the building has made coffee.',
  'Keeping insects on a roof is mostly a matter of wind. A gust that only rattles a window can lift the lid off a hive, so ours is held down with a strap and two paving stones.',
  'The harvest in August was nineteen jars, dark and tasting of lime trees, because the avenue below flowers in the same two weeks every year.',
  'Neighbours worried about stings at first. In three summers one person was stung, and that was the plumber, who had put his hand on the landing board to steady himself.',
];

/** Paragraphs about repairing a mechanical wristwatch. */
export const watchParagraphs: readonly string[] = [
  'A mechanical wristwatch that loses four minutes a day is usually not broken but dirty: the oil on its pivots has turned to varnish and the balance swings through less of its arc.',
  'The first rule of the bench is to let the mainspring down before anything else is touched. A wound spring lets go in a hundredth of a second and takes the train wheels with it.',
  'Every screw goes into its own compartment of the tray, in the order in which it came out, since two of them may differ by a tenth of a millimetre and fit each other almost.',
  'After an hour in the cleaning machine the plates look new. Fresh oil is set with the tip of a needle, a drop too small to see without the loupe.',
];
