import type { PrivateSignals } from '../core/page/private-rules.ts';

const cardName =
  /card-?_?(?:number|num|no|cvc|cvv|code)|^(?:cvc|cvv|ccnum|cc-?number|security-?code)/i;
const codeName =
  /^(?:otp|totp|one-?time-?(?:code|password)|2fa-?code|verification-?code|mfa-?code)/i;

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
      const type = field.getAttribute('type')?.toLowerCase() ?? '';
      const autocomplete = field.getAttribute('autocomplete')?.toLowerCase() ?? '';
      const name = field.getAttribute('name') ?? field.getAttribute('id') ?? '';
      const isPassword = type === 'password' || autocomplete.includes('-password');
      const isCard = autocomplete.includes('cc-number') || autocomplete.includes('cc-csc');
      const isCode = autocomplete.includes('one-time-code') || codeName.test(name);
      if (!(isPassword || isCard || isCode || cardName.test(name))) return;
      if (type === 'hidden' || !isSeen(field)) return;
      hasPasswordField ||= isPassword && !isCode;
      hasOneTimeCodeField ||= isCode;
      hasCardField ||= isCard || (cardName.test(name) && !isCode);
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
