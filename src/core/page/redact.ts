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

/** A name that says its value is a secret, and a value that nobody would read: the value goes. */
const assignedForm =
  /((?:api|access|secret|auth|private)[ _-]?key|(?:client|app|shared)[ _-]?secret|(?:access|auth|bearer|refresh|session)[ _-]?token|\b(?:token|secret|passw(?:or)?d|passwd|bearer))(["']?\s*(?:[:=]|is\b|(?<=bearer)\s)\s*["']?)([\w+/=.~-]{20,})/gi;

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

function redactKeys(text: string, mark: string): string {
  let out = text;
  for (const form of keyForms) out = out.replace(form, mark);
  return out;
}

/** The text with keys, tokens, private keys and payment card numbers blanked. */
export function redactText(text: string): string {
  const out = redactKeys(text, redacted).replace(
    assignedForm,
    (whole, name: string, between: string, value: string) =>
      /\d/.test(value) && /[a-z]/i.test(value) ? `${name}${between}${redacted}` : whole,
  );
  return out.replace(cardForm, (match) => (isCard(match) ? redacted : match));
}

const secretNames =
  /^(?:access_?token|id_?token|refresh_?token|auth_?token|token|api_?key|key|secret|client_secret|password|passwd|pwd|session_?token|sig|signature|x-amz-.*|x-goog-.*|otp|jwt|code|state|samlresponse|samlrequest|.*_token)$/i;

/** Whether a parameter of an address holds a secret, by its name or by its form. */
export function isSecretParameter(name: string, value: string): boolean {
  return (
    (secretNames.test(name) && value.length >= 16 && /\d/.test(value)) ||
    redactText(value) !== value
  );
}

/** A path without the keys and tokens in it. */
export function redactPath(path: string): string {
  return redactKeys(path, '');
}

/** An address for keeping: without user name and password, and without what looks like a secret. */
export function redactUrl(url: string): string {
  const clean = url
    .replace(/^(https?:\/\/)[^/@?#]*@/i, '$1')
    .replace(/([?&#])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string, value: string) =>
      isSecretParameter(name, value) ? `${mark}${name}=` : whole,
    );
  return redactPath(clean);
}
