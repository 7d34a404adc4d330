import type { Page } from '@playwright/test';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { BidiTab } from './bidi.ts';

/** The looks that every view must be legible in. */
export const looks = [
  { name: 'light', colorScheme: 'light', forcedColors: 'none' },
  { name: 'dark', colorScheme: 'dark', forcedColors: 'none' },
  { name: 'forced colours', colorScheme: 'dark', forcedColors: 'active' },
] as const;

const rules: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/** What axe finds on a page as it stands: a line for each element, empty when there is nothing. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's own policy for scripts stays as it ships.
  await page.evaluate(axe.source);
  return problemsOf(
    await page.evaluate((options) => {
      const { axe: here } = globalThis as unknown as {
        axe: { run(options: unknown): Promise<AxeResults> };
      };
      return here.run(options);
    }, rules),
  );
}

/** The same in a tab of Firefox. */
export async function accessibilityProblemsIn(tab: BidiTab): Promise<readonly string[]> {
  const run = `(() => { ${axe.source}\n; return axe.run(${JSON.stringify(rules)}); })()`;
  return problemsOf(await tab.evaluate<AxeResults>(run));
}

function problemsOf({ violations }: AxeResults): readonly string[] {
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
  );
}

/** Whether a page is wider than its window, so that a person would have to scroll sideways. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

/** What makes a page wider than its window: the ends of its widest elements; none when it is not. */
export function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { innerWidth } = window;
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const wide = [...document.body.querySelectorAll('*')]
      .map((element) => ({ element, right: element.getBoundingClientRect().right }))
      .filter(({ right }) => right > innerWidth)
      .sort((a, b) => b.right - a.right);
    const names = wide
      .slice(0, 3)
      .map(
        ({ element, right }) =>
          `${Math.round(right)} of ${innerWidth} px: ${element.outerHTML.slice(0, 120)}`,
      );
    return names.length > 0 ? names : ['wider than its window'];
  });
}
