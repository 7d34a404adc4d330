import { computed, signal } from '@preact/signals';
import { type Lang, langs, type Message, textIn, type ValueNames, type Values } from './words.ts';

/** What the user chose for the look of every page of the extension. */
export interface Appearance {
  readonly theme: 'system' | 'light' | 'dark';
  readonly lang: 'system' | Lang;
  readonly showScores: boolean;
  /** Whether the side panel shows pages like the one in front. */
  readonly followsPage: boolean;
}

const storageKey = 'appearance';
export const defaultAppearance: Appearance = {
  theme: 'system',
  lang: 'system',
  showScores: false,
  followsPage: false,
};

/** Reads a stored choice; anything of another shape is the default. */
export function parseAppearance(text: string | null): Appearance {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    // Written by something else: the default look is right.
    return defaultAppearance;
  }
  if (typeof value !== 'object' || value === null) return defaultAppearance;
  const { theme, lang, showScores, followsPage } = value as Record<string, unknown>;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    lang: langs.find((known) => known === lang) ?? 'system',
    showScores: showScores === true,
    followsPage: followsPage === true,
  };
}

/** The first language of the list that the interface speaks; English when there is none. */
export function chooseLang(preferred: readonly string[]): Lang {
  for (const tag of preferred) {
    const found = langs.find((lang) => tag.toLowerCase().split('-')[0] === lang);
    if (found) return found;
  }
  return 'en';
}

export const appearance = signal<Appearance>(defaultAppearance);

/** The language in use. */
export const language = computed<Lang>(() => {
  const { lang } = appearance.value;
  if (lang !== 'system') return lang;
  return chooseLang(typeof navigator === 'undefined' ? [] : navigator.languages);
});

/** The text of a message in the language in use. */
export function t<M extends Message>(
  message: M,
  ...rest: [ValueNames<M>] extends [never] ? [] : [values: Values<M>]
): string {
  return textIn(language.value, message, ...rest);
}

/**
 * Reads the choice, puts it on the document, and follows changes made on other pages of the
 * extension. It lives in localStorage because that is there before the first paint.
 */
export function startAppearance(): void {
  appearance.value = parseAppearance(localStorage.getItem(storageKey));
  applyAppearance();
  window.addEventListener('storage', (event) => {
    if (event.key !== storageKey) return;
    appearance.value = parseAppearance(event.newValue);
    applyAppearance();
  });
}

export function setAppearance(change: Partial<Appearance>): void {
  appearance.value = { ...appearance.value, ...change };
  localStorage.setItem(storageKey, JSON.stringify(appearance.value));
  applyAppearance();
}

function applyAppearance(): void {
  const root = document.documentElement;
  root.lang = language.value;
  root.dir = 'ltr';
  const { theme } = appearance.value;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}
