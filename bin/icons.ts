/**
 * Draws the product's icon at the sizes a browser asks for, and what it looks like in each state of a
 * page in the toolbar: `node bin/icons.ts`. A sheet of all of them, on a light and on a dark toolbar,
 * goes to docs/screenshots.
 * Needs a Chromium that Playwright finds, or the path of one in CHROMIUM.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { type Browser, chromium } from '@playwright/test';

const sizes = [16, 32, 48, 128];
/** Toolbars show 16 units, at one or two pixels each. */
const toolbarSizes = [16, 32];
const folder = new URL('../public/', import.meta.url);
const sheet = new URL('../docs/screenshots/icon-states.png', import.meta.url);

/** The sign in the corner: its disc, and strokes on it. Each has a shape of its own, not only a colour. */
const signs = {
  stored: { disc: '#1b7f3b', strokes: 'M15.2 18.2l2 2 3.8-4.2', isGrey: false },
  held: {
    disc: '#a86400',
    strokes: 'M16.2 16.6a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.5-.8 1.1M18 21.3v.1',
    isGrey: false,
  },
  excluded: { disc: '#5a5f66', strokes: 'M15.1 18h5.8', isGrey: true },
  changed: { disc: '#6a4bb0', strokes: 'M15 16.6h6M15 19.4h6M19.6 14.8l-3.2 6.4', isGrey: false },
  paused: { disc: '#5a5f66', strokes: 'M16.5 15.6v4.8M19.5 15.6v4.8', isGrey: true },
} as const;

const plain = await readFile(new URL('icon.svg', folder), 'utf8');

/** The icon with a sign: the corner is cut out around the disc, so that it shows on any toolbar. */
function withSign(name: keyof typeof signs): string {
  const { disc, strokes, isGrey } = signs[name];
  const shapes = plain.replace(/^[\s\S]*?<\/title>|<\/svg>\s*$/g, '');
  const drawn = isGrey ? shapes.replaceAll('#0b6a6d', '#7b8188') : shapes;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
  <mask id="cut-${name}"><rect width="24" height="24" fill="#fff"/><circle cx="18" cy="18" r="7.6" fill="#000"/></mask>
  <g mask="url(#cut-${name})">${drawn}</g>
  <circle cx="18" cy="18" r="6" fill="${disc}"/>
  <path d="${strokes}" fill="none" stroke="#fff" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;
}

async function draw(browser: Browser, svg: string, size: number): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** All states in a row, at 16 and 32 pixels, on the toolbar colours of Chrome's two themes. */
async function drawSheet(browser: Browser, images: readonly (readonly [string, Buffer])[]) {
  const row = (background: string, colour: string) => {
    const cells = images.map(([name, png]) => {
      const image = `data:image/png;base64,${png.toString('base64')}`;
      return `<figure><img src="${image}" width="16" height="16"> <img src="${image}" width="32" height="32"><figcaption>${name}</figcaption></figure>`;
    });
    return `<div style="background: ${background}; color: ${colour}">${cells.join('')}</div>`;
  };
  const page = await browser.newPage({
    viewport: { width: 620, height: 160 },
    deviceScaleFactor: 2,
  });
  await page.setContent(`<style>
    body { margin: 0; font: 12px system-ui, sans-serif } div { display: flex; height: 80px; align-items: center }
    figure { margin: 0; flex: 1; text-align: center } figcaption { margin-top: 6px }
  </style>${row('#ffffff', '#1f2328')}${row('#35363a', '#e8eaed')}`);
  await writeFile(sheet, await page.screenshot());
}

const executablePath = process.env.CHROMIUM;
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath === undefined ? {} : { executablePath }),
});
try {
  for (const size of sizes) {
    await writeFile(new URL(`icon-${size}.png`, folder), await draw(browser, plain, size));
  }
  const largest: [string, Buffer][] = [['plain', await draw(browser, plain, 32)]];
  for (const name of Object.keys(signs) as (keyof typeof signs)[]) {
    for (const size of toolbarSizes) {
      const png = await draw(browser, withSign(name), size);
      await writeFile(new URL(`icon-${name}-${size}.png`, folder), png);
      if (size === 32) largest.push([name, png]);
    }
  }
  await drawSheet(browser, largest);
} finally {
  await browser.close();
}
