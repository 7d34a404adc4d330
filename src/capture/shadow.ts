/** Elements other than custom ones that may carry a shadow root. */
const mayHost = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(
    ' ',
  ),
);

/**
 * Finds the shadow root of an element.
 * @param openClosed the browser's way into closed roots, which costs a call; asked only where a
 *   closed root is likely: custom elements, and plain ones that have nothing of their own to show
 */
export function createShadowRootFinder(
  openClosed: ((element: Element) => ShadowRoot | null) | null,
): (element: Element) => ShadowRoot | null {
  return (element) => {
    if (element.shadowRoot !== null) return element.shadowRoot;
    if (openClosed === null) return null;
    const name = element.localName;
    if (!name.includes('-') && (element.firstChild !== null || !mayHost.has(name))) return null;
    return openClosed(element);
  };
}
