/** The languages the interface speaks. */
export const langs = ['en', 'ko'] as const;
export type Lang = (typeof langs)[number];

/** A text whose form depends on `{count}`, by the categories of `Intl.PluralRules`. */
export interface PluralText {
  readonly one?: string;
  readonly other: string;
}

export type Text = string | PluralText;

/** One message in every language; values stand in braces: `{site}`. */
export interface Message {
  readonly en: Text;
  readonly ko: Text;
}

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type TextOf<T> = T extends string ? T : T extends { readonly other: infer O } ? O : never;

/** The names of the values a message needs. */
export type ValueNames<M extends Message> = NamesIn<TextOf<M['en']>>;

/** Values by name; numbers are written the way the language writes them. */
export type Values<M extends Message> = Readonly<Record<ValueNames<M>, string | number>>;

/** Checks the shape of a part of the catalogue and keeps its literal types. */
export function defineWords<const W extends Readonly<Record<string, Message>>>(words: W): W {
  return words;
}

/** The text of a message in a language. Numbers go through `Intl.NumberFormat`. */
export function textIn<M extends Message>(
  lang: Lang,
  message: M,
  ...rest: [ValueNames<M>] extends [never] ? [] : [values: Values<M>]
): string {
  const values: Readonly<Record<string, string | number>> = rest[0] ?? {};
  const text: Text = message[lang];
  const form = typeof text === 'string' ? text : pluralForm(lang, text, values.count);
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numberFormat(lang).format(value) : value;
  });
}

function pluralForm(lang: Lang, text: PluralText, count: string | number | undefined): string {
  const isOne = typeof count === 'number' && pluralRules(lang).select(count) === 'one';
  return isOne && text.one !== undefined ? text.one : text.other;
}

const rules = new Map<Lang, Intl.PluralRules>();
const numbers = new Map<Lang, Intl.NumberFormat>();

function pluralRules(lang: Lang): Intl.PluralRules {
  const found = rules.get(lang) ?? new Intl.PluralRules(lang);
  rules.set(lang, found);
  return found;
}

function numberFormat(lang: Lang): Intl.NumberFormat {
  const found = numbers.get(lang) ?? new Intl.NumberFormat(lang);
  numbers.set(lang, found);
  return found;
}
