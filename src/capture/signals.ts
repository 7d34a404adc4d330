import { privateFieldsOf } from '../core/page/private-fields.ts';
import type { PrivateSignals } from '../core/page/private-rules.ts';

function isSeen(field: Element): boolean {
  if (typeof field.checkVisibility === 'function') {
    return field.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }
  return field.getClientRects().length > 0;
}

/** Notices the fields that make a page private, as the walk meets them. */
export interface SignalCollector {
  noteField(field: Element): void;
  result(): PrivateSignals;
}

export function createSignalCollector(page: Document): SignalCollector {
  let hasPasswordField = false;
  let hasCardField = false;
  let hasOneTimeCodeField = false;
  return {
    noteField(field) {
      const kinds = privateFieldsOf({
        type: field.getAttribute('type') ?? '',
        autocomplete: field.getAttribute('autocomplete') ?? '',
        name: field.getAttribute('name') ?? field.getAttribute('id') ?? '',
      });
      if (kinds.length === 0 || !isSeen(field)) return;
      hasPasswordField ||= kinds.includes('password');
      hasOneTimeCodeField ||= kinds.includes('one-time-code');
      hasCardField ||= kinds.includes('card');
    },
    result() {
      const robots = Array.from(
        page.querySelectorAll(
          'meta[name="robots" i], meta[name="googlebot" i], meta[http-equiv="cache-control" i]',
        ),
        (meta) => meta.getAttribute('content') ?? '',
      );
      return {
        hasPasswordField,
        hasCardField,
        hasOneTimeCodeField,
        robots: robots.join(',').toLowerCase().slice(0, 500),
      };
    },
  };
}
