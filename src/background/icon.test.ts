import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type IconState, iconImages } from './icon.ts';

const states: readonly IconState[] = ['plain', 'stored', 'held', 'excluded', 'paused', 'changed'];
const read = (path: string) => readFileSync(new URL(`../../public${path}`, import.meta.url));

it.each(states)('has images of the state "%s", of the sizes it says', (state) => {
  for (const [size, path] of Object.entries(iconImages(state))) {
    const png = read(path);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(size), Number(size)]);
  }
});

it('has another image for each state', () => {
  const images = states.map((state) => read(iconImages(state)[32] ?? '').toString('base64'));
  expect(new Set(images).size).toBe(states.length);
});

it.each(['en', 'ko'])('has words for each state in the locale "%s"', (locale) => {
  const messages = JSON.parse(read(`/_locales/${locale}/messages.json`).toString());
  for (const state of states) {
    const name = `icon${state.charAt(0).toUpperCase()}${state.slice(1)}`;
    expect(messages[name]?.message, name).toBeTruthy();
  }
});
