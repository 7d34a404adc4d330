import { useRef } from 'preact/hooks';
import { type HeldDecision, type HeldPage, heldDecisions } from '../../core/page/state.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { decisionKeys } from '../parts/decision-keys.ts';
import { reasonsText } from '../parts/page-state.ts';

const words = {
  once: optionWords.store,
  always: optionWords.alwaysSite,
  never: optionWords.neverSite,
} as const;

/**
 * The pages that wait for the person's word. With the focus on a page, one key decides about it, and
 * the focus goes on to the next.
 */
export function TrayList({
  pages,
  decide,
}: {
  readonly pages: readonly HeldPage[];
  readonly decide: (page: HeldPage, decision: HeldDecision) => Promise<void>;
}) {
  const list = useRef<HTMLUListElement>(null);
  const run = (page: HeldPage, at: number, decision: HeldDecision): void => {
    void decide(page, decision).then(() => {
      const items = list.current?.querySelectorAll('li') ?? [];
      items[Math.min(at, items.length - 1)]?.querySelector('button')?.focus();
    });
  };
  return (
    <ul class="tray" ref={list}>
      {pages.map((page, at) => (
        <li
          key={page.key}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
            const decision = heldDecisions.find(
              (each) => event.code === `Key${decisionKeys[each]}`,
            );
            if (decision === undefined) return;
            event.preventDefault();
            run(page, at, decision);
          }}
        >
          <div class="setting-text">
            <span dir="auto">{page.title || page.url}</span>
            <span class="help">
              {page.site} · {reasonsText(page.reasons)}
            </span>
          </div>
          <div class="buttons">
            {(['once', 'always', 'never'] as const).map((decision) => (
              <button
                key={decision}
                type="button"
                class="button"
                aria-keyshortcuts={decisionKeys[decision]}
                onClick={() => run(page, at, decision)}
              >
                {t(words[decision])} <kbd>{decisionKeys[decision]}</kbd>
              </button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
