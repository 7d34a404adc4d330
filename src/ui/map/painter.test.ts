import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawDots, type Pixels, stampOf, wholeView } from './painter.ts';

const red = 0xff0000ff;
const halfBlue = 0x80ff0000;
const still = { k: 1, dx: 0, dy: 0 };

function sheet(width: number, height: number): Pixels {
  return { data: new Uint32Array(width * height), width, height };
}

const alphaOf = (pixel: number | undefined) => (pixel ?? 0) >>> 24;

function draw(pixels: Pixels, points: readonly number[], colour: number, radius = 2): void {
  const dots = { xy: Float32Array.from(points), kinds: new Uint8Array(points.length / 2) };
  drawDots(pixels, dots, 0, still, 1, stampOf(radius, 0), colour, 0);
}

test('a stamp covers the area of its dot, alike on all sides', () => {
  for (const radius of [1.2, 2.2, 5, 9.4]) {
    const { cover, places } = stampOf(radius, 0);
    const area = cover.reduce((sum, each) => sum + each / 255, 0);
    expect(Math.abs(area / (Math.PI * radius ** 2) - 1)).toBeLessThan(0.1);
    expect(places.reduce((sum, place) => sum + place, 0)).toBe(0);
  }
});

test('an edge lies around the dot, and only where one is wanted', () => {
  const { edge, places } = stampOf(6, 2);
  edge.forEach((part, at) => {
    const away = Math.hypot(places[at * 2] ?? 0, places[at * 2 + 1] ?? 0);
    expect(part > 0).toBe(Math.abs(away - 6) < 1.5);
  });
  expect(stampOf(6, 0).edge.some((part) => part > 0)).toBe(false);
});

test('dots that are seen through add up, and one of full colour covers', () => {
  const pixels = sheet(9, 9);
  const middle = 4 * 9 + 4;
  draw(pixels, [4, 4], halfBlue);
  expect(alphaOf(pixels.data[middle])).toBe(0x80);
  draw(pixels, [4, 4], halfBlue);
  expect(alphaOf(pixels.data[middle])).toBe(0xc0);
  expect((pixels.data[middle] ?? 0) & 0xffffff).toBe(0xff0000);
  draw(pixels, [4, 4], red);
  expect(pixels.data[middle]).toBe(red);
  expect(pixels.data[0]).toBe(0);
});

test('what is drawn lies within reach of its dot, wherever that is', () => {
  const place = fc.integer({ min: -30, max: 60 });
  fc.assert(
    fc.property(place, place, fc.integer({ min: 1, max: 8 }), (x, y, radius) => {
      const pixels = sheet(31, 17);
      draw(pixels, [x, y], red, radius);
      const { reach } = stampOf(radius, 0);
      pixels.data.forEach((pixel, at) => {
        const [px, py] = [at % 31, Math.floor(at / 31)];
        const isNear = Math.abs(px - x) <= reach && Math.abs(py - y) <= reach;
        if (pixel !== 0) expect(isNear).toBe(true);
        if (Math.hypot(px - x, py - y) <= radius - 0.5) expect(pixel).toBe(red);
      });
    }),
  );
});

test('only dots of the kind are drawn, where the view has them', () => {
  const pixels = sheet(20, 20);
  const dots = { xy: Float32Array.of(1, 1, 4, 4), kinds: Uint8Array.of(1, 0) };
  drawDots(pixels, dots, 0, { k: 2, dx: 1, dy: 1 }, 2, stampOf(0.5, 0), red, 0);
  // (4 · 2 + 1) · 2 pixels.
  expect([...pixels.data.entries()].filter(([, pixel]) => pixel !== 0)).toEqual([
    [18 * 20 + 18, red],
  ]);
});

test('all pages are in the whole view', () => {
  const { k, dx, dy } = wholeView(Float32Array.of(-10, 5, 30, 25), 400, 300);
  for (const [x, y] of [
    [-10, 5],
    [30, 25],
  ] as const) {
    expect(x * k + dx).toBeGreaterThan(0);
    expect(x * k + dx).toBeLessThan(400);
    expect(y * k + dy).toBeGreaterThan(0);
    expect(y * k + dy).toBeLessThan(300);
  }
});
