const cardName =
  /card-?_?(?:number|num|no|cvc|cvv|code)|^(?:cvc|cvv|ccnum|cc-?number|security-?code)/i;
const codeName =
  /^(?:otp|totp|one-?time-?(?:code|password)|2fa-?code|verification-?code|mfa-?code)/i;

/** What of a form's field tells its kind; empty where it has none. */
export interface FieldWords {
  readonly type: string;
  readonly autocomplete: string;
  /** Its name, or its id. */
  readonly name: string;
}

export type PrivateField = 'password' | 'card' | 'one-time-code';

/** The kinds of private field that a field is; none for an ordinary one. */
export function privateFieldsOf({ type, autocomplete, name }: FieldWords): readonly PrivateField[] {
  const kind = type.toLowerCase();
  const hint = autocomplete.toLowerCase();
  if (kind === 'hidden') return [];
  const isCode = hint.includes('one-time-code') || codeName.test(name);
  const isCard = hint.includes('cc-number') || hint.includes('cc-csc');
  const isPassword = kind === 'password' || hint.includes('-password');
  return [
    ...(isPassword && !isCode ? (['password'] as const) : []),
    ...(isCard || (cardName.test(name) && !isCode) ? (['card'] as const) : []),
    ...(isCode ? (['one-time-code'] as const) : []),
  ];
}
