import { browser } from './browser.ts';

/** Firefox gives extensions a property of its own on every element. */
type FirefoxElement = Element & { readonly openOrClosedShadowRoot?: ShadowRoot | null };

/** The browser's way into closed shadow roots; null where it has none. */
export function shadowRootOpener(): ((element: Element) => ShadowRoot | null) | null {
  if ('openOrClosedShadowRoot' in Element.prototype) {
    return (element) => (element as FirefoxElement).openOrClosedShadowRoot ?? null;
  }
  const dom = browser.dom as typeof browser.dom | undefined;
  if (dom?.openOrClosedShadowRoot === undefined) return null;
  return (element) => {
    // Chrome throws for anything that is no HTMLElement, which cannot host a root anyway.
    if (!(element instanceof HTMLElement)) return null;
    return (dom.openOrClosedShadowRoot(element) as ShadowRoot | undefined) ?? null;
  };
}
