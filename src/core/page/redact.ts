import { parseAddress } from './page-key.ts';

/** Stands where a secret was. */
export const redacted = '[redacted]';

/** Forms of keys that services give out; each form is its maker's own published prefix. */
const keyForms: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, // AWS
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{50,}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g, // GitLab
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, // Slack
  /\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,}/g, // OpenAI, Anthropic
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g, // Stripe
  /\bAIza[0-9A-Za-z_-]{35}/g, // Google
  /\bya29\.[0-9A-Za-z_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g, // npm
  /\bhf_[A-Za-z0-9]{30,}\b/g, // Hugging Face
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g, // SendGrid
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g, // JWT
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const cardForm = /(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-]*\d)/g;

/** The check digit of payment cards (Luhn, ISO/IEC 7812-1). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length >= 13 && /^(?:3[47]|4|5[1-5]|2[2-7]|6)/.test(digits) && passesLuhn(digits);
}

/** The text with keys, tokens, private keys and payment card numbers blanked. */
export function redactText(text: string): string {
  let out = text;
  for (const form of keyForms) out = out.replace(form, redacted);
  return out.replace(cardForm, (match) => (isCard(match) ? redacted : match));
}

const secretNames =
  /^(?:access_?token|id_?token|refresh_?token|auth_?token|token|api_?key|key|secret|client_secret|password|passwd|pwd|session_?token|sig|signature|x-amz-.*|x-goog-.*|otp|jwt|code|state|samlresponse|samlrequest|.*_token)$/i;

/** An address for keeping: without user name and password, and without what looks like a secret. */
export function redactUrl(url: string): string {
  const address = parseAddress(url);
  if (address === null) return url;
  const clean = (part: string): string =>
    part.replace(
      /([?&#])([^=&#]+)=([^&#]*)/g,
      (whole, mark: string, name: string, value: string) =>
        (secretNames.test(name) && value.length >= 16 && /\d/.test(value)) ||
        redactText(value) !== value
          ? `${mark}${name}=`
          : whole,
    );
  return clean(url.replace(/^(https?:\/\/)[^/@?#]*@/i, '$1'));
}
