import { browser } from './browser.ts';
import { isFirefoxBuild } from './target.ts';

/** A line under the address bar. */
export interface OmniboxSuggestion {
  /** What is handed back when the line is chosen. */
  readonly content: string;
  readonly title: string;
  /** Said after the title, fainter where the browser can. */
  readonly note: string;
}

export type OmniboxPlace = 'tab' | 'new-tab';

/** The line as the browser wants it: Chrome reads it as XML, Firefox as plain text. */
export function describe({ title, note }: OmniboxSuggestion, isXml: boolean): string {
  return isXml ? `${escapeXml(title)} <dim>${escapeXml(note)}</dim>` : `${title} · ${note}`;
}

/** Text for XML, without the control characters that no XML may hold. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Answers what is typed behind the keyword in the address bar. Does nothing where there is none. */
export function onOmnibox(handlers: {
  /** The line for the text as typed. */
  readonly hint: string;
  suggest(text: string): Promise<readonly OmniboxSuggestion[]>;
  enter(contentOrText: string, place: OmniboxPlace): void;
}): void {
  const { omnibox } = browser as { omnibox?: typeof browser.omnibox };
  if (omnibox === undefined) return;
  omnibox.setDefaultSuggestion({
    description: isFirefoxBuild ? handlers.hint : escapeXml(handlers.hint),
  });
  omnibox.onInputChanged.addListener((text, show) => {
    void handlers.suggest(text).then((suggestions) =>
      show(
        suggestions.map((suggestion) => ({
          content: suggestion.content,
          description: describe(suggestion, !isFirefoxBuild),
        })),
      ),
    );
  });
  omnibox.onInputEntered.addListener((text, disposition) =>
    handlers.enter(text, disposition === 'currentTab' ? 'tab' : 'new-tab'),
  );
}
