import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8');

/** Linear sRGB of an OKLCH colour, by the matrices of CSS Color 4. */
function linear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Contrast ratio by WCAG 2.2. */
function contrast(one: Rgb, two: Rgb): number {
  const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [dark, light] = [luminance(one), luminance(two)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function colour(name: string, scheme: 'light' | 'dark'): Rgb {
  const pair = new RegExp(
    `--${name}:\\s*light-dark\\(\\s*oklch\\(([^)]*)\\),\\s*oklch\\(([^)]*)\\)`,
  ).exec(css);
  if (!pair) throw new Error(`No colour --${name}`);
  const [l, c, h] = (scheme === 'light' ? pair[1]! : pair[2]!).split(' ').map(Number);
  return linear(l!, c!, h!);
}

test('the oracle knows white, black and a middle grey', () => {
  expect(contrast(linear(1, 0, 0), linear(0, 0, 0))).toBeCloseTo(21, 1);
  // #767676 on white is the well-known 4.54.
  expect(
    contrast(linear(1, 0, 0), linear(Math.cbrt(((0x76 / 255 + 0.055) / 1.055) ** 2.4), 0, 0)),
  ).toBeCloseTo(4.54, 1);
});

const grounds = ['surface', 'raised', 'floating', 'selected'];
const marks = ['mark-1', 'mark-2', 'mark-3'];
const texts: readonly (readonly [string, readonly string[]])[] = [
  ['ink', [...grounds, ...marks]],
  ['muted', grounds],
  ['accent', grounds],
  ['danger', ['surface', 'raised', 'floating']],
  ['ok', ['surface', 'raised', 'floating']],
  ['warn', ['surface', 'raised', 'floating']],
  ['accent-ink', ['accent']],
  ['danger-ink', ['danger']],
];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test.each(texts.flatMap(([text, on]) => on.map((ground) => [text, ground] as const)))(
    '%s on %s reads at 4.5 or more',
    (text, ground) => {
      expect(contrast(colour(text, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['control-edge', 'accent'])('%s stands out at 3 or more', (edge) => {
    expect(contrast(colour(edge, scheme), colour('surface', scheme))).toBeGreaterThanOrEqual(3);
  });
});
