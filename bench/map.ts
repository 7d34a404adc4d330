/**
 * Measures the map of the production build in Chromium with 20,000 pages: how long it takes until it
 * is there, the first time and from what is kept, and its frames while it is zoomed and moved:
 * `npm run bench:map`. `--pages 3000` takes another number.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { launchChromium } from '../e2e/lib/chromium.ts';
import { Extension } from '../e2e/lib/extension.ts';
import { loadMadePages } from '../e2e/lib/made-pages.ts';
import { siteFolder } from '../e2e/lib/samples.ts';
import { SiteServer } from '../e2e/lib/site-server.ts';
import { quantile } from './report.ts';

const frames = 240;

interface Frames {
  /** Milliseconds from frame to frame. */
  readonly apart: readonly number[];
  /** Milliseconds of a frame in which scripts ran. */
  readonly script: readonly number[];
}

/** Opens the map and waits until it shows its pages; milliseconds. */
async function open(page: Page, url: string, pages: number): Promise<number> {
  const startedAt = performance.now();
  await page.goto(url);
  await page.locator(`.map-canvas[data-pages="${pages}"]`).waitFor({ timeout: 600_000 });
  return performance.now() - startedAt;
}

/** Zooms in and out, or moves in a circle, by an event in each frame. */
function drive(page: Page, by: 'zooming' | 'moving'): Promise<Frames> {
  return page.evaluate(
    ([kind, count]) =>
      new Promise<Frames>((resolve, reject) => {
        const canvas = document.querySelector('.map-canvas') as HTMLCanvasElement;
        const { left, top, width, height } = canvas.getBoundingClientRect();
        const apart: number[] = [];
        const script: number[] = [];
        const event = { bubbles: true, cancelable: true, view: window };
        const at = (angle: number, radius: number) => ({
          ...event,
          clientX: left + width / 2 + Math.cos(angle) * radius,
          clientY: top + height / 2 + Math.sin(angle) * radius,
        });
        if (kind === 'moving') canvas.dispatchEvent(new MouseEvent('mousedown', at(0, 100)));
        const step = (turn: number) => {
          if (kind === 'moving')
            window.dispatchEvent(new MouseEvent('mousemove', at(turn / 20, 100)));
          else {
            const deltaY = Math.sin(turn / 40) > 0 ? -20 : 20;
            canvas.dispatchEvent(new WheelEvent('wheel', { ...at(turn / 30, 60), deltaY }));
          }
        };
        const viewOf = () => String((canvas as unknown as { __zoom: unknown }).__zoom);
        const views = new Set<string>();
        let before = 0;
        let beganAt = 0;
        let turn = 0;
        const last = () => script.push(performance.now() - beganAt);
        // Callbacks of a frame run in the order they were asked for: this one, the map's, the last.
        const first = (now: number) => {
          beganAt = performance.now();
          if (before > 0) apart.push(now - before);
          before = now;
          turn += 1;
          views.add(viewOf());
          if (turn <= count) {
            requestAnimationFrame(first);
            step(turn);
            requestAnimationFrame(last);
          } else {
            window.dispatchEvent(new MouseEvent('mouseup', at(0, 100)));
            // Frames in which nothing moved would be no measurement.
            if (views.size < count / 2) reject(new Error(`The view changed ${views.size} times`));
            else resolve({ apart, script });
          }
        };
        requestAnimationFrame(first);
      }),
    [by, frames] as const,
  );
}

const { values } = parseArgs({ options: { pages: { type: 'string', default: '20000' } } });
const pages = Number(values.pages);
const profile = mkdtempSync(join(tmpdir(), 'dejalu-map-'));
const server = await SiteServer.start(siteFolder);
const context = await launchChromium({ profile, proxyPort: server.port });
try {
  const extension = await Extension.attach(context);
  await loadMadePages((type, params) => extension.ask(type, params), pages);
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  const url = extension.url('/map.html');
  const first = await open(page, url, pages);
  const again = await open(page, url, pages);
  const zooming = await drive(page, 'zooming');
  const moving = await drive(page, 'moving');
  const cells = (...numbers: readonly number[]) =>
    numbers.map((ms) => ms.toFixed(1).padStart(9)).join('');
  const line = (name: string, values: readonly number[]) =>
    console.log(`${name.padEnd(30)}${cells(quantile(values, 0.5), quantile(values, 0.95))}`);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${pages} pages, load average ${load} at the end; milliseconds\n`);
  console.log(`laid out and shown            ${cells(first)}`);
  console.log(`shown again, as it is kept    ${cells(again)}\n`);
  console.log(`${''.padEnd(30)}${['p50', 'p95'].map((name) => name.padStart(9)).join('')}`);
  line('zooming, frame to frame', zooming.apart);
  line('zooming, script of a frame', zooming.script);
  line('moving, frame to frame', moving.apart);
  line('moving, script of a frame', moving.script);
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
