import { expect, type Locator, type Page } from '@playwright/test';

/** A row of the popup's list. `rank` is 1 for the first. */
export interface PopupHit {
  readonly url: string;
  readonly rank: number;
  readonly text: string;
}

/** States of the list in which its rows are not the answer to the query yet. */
const unsettled = ['starting', 'searching', 'loading'];

/** The popup, as a person meets it: a box, a list, keys. */
export class Popup {
  readonly page: Page;
  readonly box: Locator;
  readonly list: Locator;
  readonly options: Locator;

  constructor(page: Page) {
    this.page = page;
    this.box = page.getByRole('combobox');
    this.list = page.locator('[data-query][data-state]').first();
    this.options = page.getByRole('option');
  }

  /** Types a query and waits for its own answer; returns the rows with the milliseconds it took. */
  async search(query: string): Promise<{ hits: readonly PopupHit[]; tookMs: number }> {
    await this.box.fill('');
    await this.#settled('');
    // The clock must be in place before the first letter arrives, so it is set up on its own.
    await this.list.evaluate(
      (list, [wanted, busy]) => {
        const clock = globalThis as unknown as { answered: Promise<number> };
        clock.answered = new Promise<number>((resolve, reject) => {
          const startedAt = new Promise<number>((started) => {
            addEventListener('input', () => started(performance.now()), {
              capture: true,
              once: true,
            });
          });
          const observer = new MutationObserver(() => {
            const isAnswer = list.getAttribute('data-query') === wanted;
            if (!isAnswer || busy.includes(list.getAttribute('data-state') ?? '')) return;
            observer.disconnect();
            const endedAt = performance.now();
            startedAt.then((from) => resolve(endedAt - from));
          });
          observer.observe(list, { attributes: true, childList: true, subtree: true });
          setTimeout(() => reject(new Error(`no answer to "${wanted}" in 30 s`)), 30_000);
        });
        clock.answered.catch(() => {}); // heard below
      },
      [query, unsettled] as const,
    );
    await this.box.fill(query);
    const tookMs = await this.page.evaluate(
      () => (globalThis as unknown as { answered: Promise<number> }).answered,
    );
    return { hits: await this.hits(), tookMs };
  }

  async hits(): Promise<readonly PopupHit[]> {
    return this.options.evaluateAll((options) =>
      options.map((option) => ({
        url: option.getAttribute('data-page-url') ?? '',
        rank: Number(option.getAttribute('data-rank')),
        text: option.textContent ?? '',
      })),
    );
  }

  async #settled(query: string): Promise<void> {
    await expect(this.list).toHaveAttribute('data-query', query);
    for (const state of unsettled) await expect(this.list).not.toHaveAttribute('data-state', state);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
