import { parseAddress } from './page-key.ts';
import type { PrivateLikeness } from './private-meaning.ts';
import { redactPath, redactText } from './redact.ts';
import type { PrivateReason } from './state.ts';

/** What the content script notices about a page before anything of it is sent. */
export interface PrivateSignals {
  /** A password field that can be seen. */
  readonly hasPasswordField: boolean;
  /** A payment card's number or security code is asked for. */
  readonly hasCardField: boolean;
  readonly hasOneTimeCodeField: boolean;
  /**
   * What the page's `meta` elements ask of robots and of caches, lower case, separated by commas;
   * what its headers ask is added where the person has let them be seen.
   */
  readonly robots: string;
}

export const noSignals: PrivateSignals = {
  hasPasswordField: false,
  hasCardField: false,
  hasOneTimeCodeField: false,
  robots: '',
};

/** A page as the judge sees it. `text` may be empty: then address, title and signals decide. */
export interface JudgedPage {
  readonly url: string;
  readonly title: string;
  readonly text: string;
  readonly signals: PrivateSignals;
  /** What the model says of its meaning; left out before there is a text to ask it about. */
  readonly likeness?: PrivateLikeness;
}

/**
 * `private`: surely; never stored. `doubtful`: held until the person decides. The score is the sum
 * of the weights of the reasons, at most 1.
 */
export interface Judgement {
  readonly verdict: 'ordinary' | 'doubtful' | 'private';
  readonly score: number;
  /** Strongest first. */
  readonly reasons: readonly PrivateReason[];
}

/** From this score on a page is surely private. */
export const privateScore = 0.85;
/** From this score on a page is held. */
export const doubtfulScore = 0.45;

/** Words of the text that are looked at; a private page shows its nature early. */
const judgedLength = 6000;

const weights: Readonly<Partial<Record<PrivateReason, number>>> = {
  incognito: 1,
  container: 1,
  'password-field': 0.5,
  'card-field': 0.6,
  'one-time-code': 0.9,
  'login-address': 0.4,
  'secret-address': 0.9,
  'bank-address': 0.5,
  'health-address': 0.35,
  'mail-address': 0.6,
  'messages-address': 0.5,
  'account-address': 0.35,
  'not-archived': 0.15,
  'bank-words': 0.45,
  'health-words': 0.45,
  'mail-words': 0.45,
  'secret-words': 0.3,
  'bank-meaning': 0.45,
  'health-meaning': 0.45,
  'mail-meaning': 0.45,
};

/** From this likeness on the meaning alone makes a page doubtful … */
const surelyAlike = 0.77;
/** … and from this one on it tips a page that has another sign. */
const somewhatAlike = 0.5;
const tippingWeight = 0.2;

const loginPath =
  /(?:^|[/._-])(?:log-?in|log-?on|sign-?in|signin|sso|saml2?|oauth2?|openid|auth(?:orize|enticate|entication)?|2fa|mfa|otp|totp|verify-?(?:email|code|identity)|password|passwd|reset-?password|forgot-?password|account-?recovery|checkpoint|challenge|로그인)(?:[/._-]|$)/i;
const loginHost = /^(?:login|signin|sso|auth|accounts?|id|idp|identity|passport|nid|oauth)\d*\./i;
const accountPath =
  /(?:^|\/)(?:my-?account|account|accounts|checkout|cart\/pay|payment|payments|billing|invoices?|orders?|order-?history|wallet|transactions?|statements?|transfer|payroll|payslips?|tax-?return|settings|preferences|profile\/edit|admin|wp-admin|mypage|my-?orders)(?:\/|$|\.)/i;
const bankHost =
  /(?:^|[.-])(?:(?:online|net|e|i|my|web|secure|mobile|ibank|obank)?-?bank(?:ing)?|banking|ebank|netbank|creditunion)(?:[.-]|$)|^(?:online|secure|my|app|login)\d*\.[\w.-]*bank/i;
const healthHost =
  /(?:^|[.-])(?:mychart|patient-?portal|patients?|myhealth|healthrecords?|ehr|telehealth)(?:[.-]|$)/i;
const healthPath =
  /(?:^|\/)(?:mychart|patient(?:-?portal)?|medical-?records?|lab-?results?|test-?results?|prescriptions?|appointments?)(?:\/|$)/i;
const mailHost = /^(?:mail|webmail|inbox|outlook|owa|roundcube|mailbox)\d*\./i;
const mailPath = /(?:^|\/)(?:webmail|roundcube|owa|inbox|mailbox|mail\/u\/\d+)(?:\/|$)/i;
const messagesHost = /^(?:messages?|chat|messenger|im|dm)\d*\./i;
const messagesPath =
  /(?:^|\/)(?:messages?|direct|dms?|inbox|conversations?)\/(?:t\/|\d|[a-z0-9-]{8,})/i;

const secretNames =
  /^(?:access_?token|id_?token|refresh_?token|auth_?token|token|api_?key|apikey|secret|client_secret|password|passwd|pwd|session_?token|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature|samlresponse|samlrequest|otp|jwt|magic|invite_?token|reset_?token|confirmation_?token|unsubscribe_?token|hmac)$/i;

/** A long run of letters and digits that no person types: entropy by its mix, not by a list. */
function looksSecret(value: string): boolean {
  return (
    value.length >= 20 &&
    /^[\w.~+/=-]+$/.test(value) &&
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    !/^[a-z]+(?:[-_.][a-z0-9]+)+$/.test(value)
  );
}

function queryPairs(text: string): [string, string][] {
  return text
    .replace(/^[?#]/, '')
    .split('&')
    .filter((part) => part.includes('='))
    .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
}

/** What links of mails that let somebody in end with. */
const secretPath = /\/(?:reset|magic|verify|invit|confirm|activat|unsubscribe)[\w-]*\/([^/]+)/i;

/** Whether an address carries a secret: an OAuth answer, a token, a signed link. */
function hasSecret(path: string, search: string, hash: string): boolean {
  const pairs = [...queryPairs(search), ...queryPairs(hash)];
  const names = new Set(pairs.map(([name]) => name.toLowerCase()));
  if (names.has('code') && names.has('state')) return true;
  if (redactPath(path) !== path) return true;
  if (looksSecret(secretPath.exec(path)?.[1] ?? '')) return true;
  return pairs.some(
    ([name, value]) => secretNames.test(name) && (value.length >= 12 || looksSecret(value)),
  );
}

/** What the address alone says. */
export function judgeAddress(url: string): readonly PrivateReason[] {
  const address = parseAddress(url);
  if (address === null) return [];
  const { hostname: host, pathname, search, hash } = address;
  const path = `${pathname}${/^#!?\//.test(hash) ? hash : ''}`;
  const reasons: PrivateReason[] = [];
  if (hasSecret(pathname, search, hash)) reasons.push('secret-address');
  if (loginHost.test(host) || loginPath.test(path)) reasons.push('login-address');
  if (bankHost.test(host)) reasons.push('bank-address');
  if (healthHost.test(host) || healthPath.test(path)) reasons.push('health-address');
  if (mailHost.test(host) || mailPath.test(path)) reasons.push('mail-address');
  if (messagesHost.test(host) || messagesPath.test(path)) reasons.push('messages-address');
  if (accountPath.test(path)) reasons.push('account-address');
  return reasons;
}

/**
 * Phrases that a person's own page shows and a text about the matter does not: they speak to the
 * reader of the reader's things. Several different ones must meet.
 */
const bankPhrases =
  /available balance|current balance|account balance|account number|sort code|routing number|recent transactions|transfer (?:funds|money)|pay (?:a )?bills?|statement period|minimum payment|credit limit|direct debits?|standing orders?|your (?:accounts?|cards?|loans?|balance)|last (?:log(?:ged)? ?in|sign-?in)|(?:current|checking|savings) account|\bbalance (?:of )?[£$€₩]|logged out (?:after|automatically)|잔액|계좌번호|이체|거래\s?내역|출금|입금|결제\s?예정|보유\s?계좌/gi;
const healthPhrases =
  /your (?:doctor|care team|test results?|lab results?|prescriptions?|medications?|appointments?|medical record|health record|visit summary|provider)|patient (?:name|id|portal)|date of birth|medical record number|\bmrn\b|reference range|refill|dosage instructions|after[- ]visit summary|upcoming appointments?|진료\s?(?:내역|예약)|검사\s?결과|처방전|복약|환자\s?(?:명|번호)/gi;
const mailPhrases =
  /\binbox\b|\bcompose\b|\bdrafts?\b|\bspam\b|\bunread\b|\bsent (?:mail|items)?\b|\breply(?: all)?\b|\bforward\b|\bto: me\b|\bcc:|\bbcc:|받은\s?편지함|보낸\s?편지함|메일\s?쓰기|답장|임시\s?보관함|읽지 않은/gi;

function distinct(text: string, pattern: RegExp): number {
  return new Set(Array.from(text.matchAll(pattern), ([phrase]) => phrase.toLowerCase())).size;
}

/** What the words say. */
function judgeWords(title: string, text: string): PrivateReason[] {
  const start = `${title}\n${text.slice(0, judgedLength)}`;
  const reasons: PrivateReason[] = [];
  if (distinct(start, bankPhrases) >= 4) reasons.push('bank-words');
  if (distinct(start, healthPhrases) >= 3) reasons.push('health-words');
  if (distinct(start, mailPhrases) >= 5) reasons.push('mail-words');
  if (redactText(start) !== start) reasons.push('secret-words');
  return reasons;
}

function judgeSignals(signals: PrivateSignals): PrivateReason[] {
  const reasons: PrivateReason[] = [];
  if (signals.hasPasswordField) reasons.push('password-field');
  if (signals.hasCardField) reasons.push('card-field');
  if (signals.hasOneTimeCodeField) reasons.push('one-time-code');
  if (asksNotToBeKept(signals.robots)) reasons.push('not-archived');
  return reasons;
}

/** Whether a word to robots or to caches asks that no copy be kept. */
export function asksNotToBeKept(word: string): boolean {
  return /\b(?:noindex|noarchive|none|no-store)\b/i.test(word);
}

/** Judges a page from what is known of it. Pure; the same page has the same judgement. */
export function judgePage(page: JudgedPage): Judgement {
  const words = judgeWords(page.title, page.text);
  const reasons = [...judgeSignals(page.signals), ...judgeAddress(page.url), ...words];
  const { kind, share } = page.likeness ?? { kind: 'bank', share: 0 };
  // The words and their meaning are one piece of evidence: the same is not counted twice.
  if (share >= somewhatAlike && !words.includes(`${kind}-words`)) reasons.push(`${kind}-meaning`);
  const weigh = (reason: PrivateReason): number =>
    reason.endsWith('-meaning') && share < surelyAlike ? tippingWeight : (weights[reason] ?? 0);
  reasons.sort((a, b) => weigh(b) - weigh(a));
  const score = Math.min(
    1,
    reasons.reduce((sum, reason) => sum + weigh(reason), 0),
  );
  const verdict =
    score >= privateScore ? 'private' : score >= doubtfulScore ? 'doubtful' : 'ordinary';
  return { verdict, score, reasons };
}
