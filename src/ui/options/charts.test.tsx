// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { ReadingCharts } from './reading-charts.tsx';
import { EnergyChart, GrowthChart, SpeedChart } from './store-charts.tsx';

const now = new Date(2026, 3, 15, 12).getTime();
const visits = Array.from({ length: 40 }, (_, i) => ({
  visit: { at: now - (i % 20) * 86_400_000 },
  page: { site: `site${i % 3}.example` },
}));
const month = (number: number) => new Date(2026, number - 1, 1).getTime();

async function shown(view: Parameters<typeof render>[0]): Promise<HTMLElement> {
  const root = document.createElement('div');
  document.body.append(root);
  await act(() => render(view, root));
  return root;
}

test('every chart has a picture, a sentence that names it, and a table with the same numbers', async () => {
  const root = await shown(
    <>
      <ReadingCharts visits={visits} now={now} weeks={26} />
      <GrowthChart
        steps={[
          { month: month(3), pageCount: 1, sizeBytes: { text: 2_000, codes: 64, words: 300 } },
          { month: month(4), pageCount: 4, sizeBytes: { text: 9_000, codes: 640, words: 1_200 } },
        ]}
      />
      <SpeedChart report={{ reading: [30, 40, 90], searching: [4, 5, 6, 50], days: [] }} />
      <EnergyChart
        days={[
          { day: '2026-04-14', pages: 2, ms: 60 },
          { day: '2026-04-15', pages: 4, ms: 100 },
        ]}
        today="2026-04-15"
      />
    </>,
  );
  await vi.waitFor(() => expect(root.querySelectorAll('.chart-place > *')).toHaveLength(5), 10_000);
  for (const chart of root.querySelectorAll('.chart')) {
    const title = chart.querySelector('h3')?.textContent ?? '';
    const picture = chart.querySelector('[role=img]');
    expect(picture?.getAttribute('aria-label')).toContain(title);
    expect(picture?.querySelectorAll('rect, path').length, title).toBeGreaterThan(1);
    expect(chart.querySelectorAll('tbody tr').length, title).toBeGreaterThan(1);
    expect(chart.textContent).not.toMatch(/NaN|undefined|Infinity/);
  }
  const [, sites, growth, speed, energy] = root.querySelectorAll('.chart tbody');
  expect(sites?.textContent).toContain('site0.example14');
  expect(growth?.querySelector('tr')?.textContent).toContain('Apr 20264');
  expect(speed?.textContent).toContain('40 ms90 ms');
  expect(energy?.querySelector('tr')?.textContent).toContain('425');
});

test('without times there is a sentence and no picture', async () => {
  const root = await shown(
    <>
      <SpeedChart report={{ reading: [], searching: [], days: [] }} />
      <EnergyChart days={[]} today="2026-04-15" />
    </>,
  );
  expect(root.querySelectorAll('[role=img]')).toHaveLength(0);
  expect(root.querySelectorAll('.help')).toHaveLength(2);
});
