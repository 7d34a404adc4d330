import type { RuleAction } from './settings.ts';

/** A rule of a list that comes with the product; the person may switch each one off. */
export interface DefaultRule {
  readonly pattern: string;
  readonly action: RuleAction;
  readonly list: 'banks' | 'health' | 'mail' | 'messages' | 'accounts' | 'passwords' | 'search';
}

const lists: Readonly<Record<DefaultRule['list'], { action: RuleAction; patterns: string }>> = {
  banks: {
    action: 'never',
    patterns: `
      chase.com/web secure.chase.com bankofamerica.com/myaccounts secure.bankofamerica.com
      wellsfargo.com/accounts connect.secure.wellsfargo.com online.citi.com myaccounts.capitalone.com
      online.americanexpress.com global.americanexpress.com paypal.com venmo.com/account
      wise.com/home app.revolut.com app.n26.com online.hsbc.co.uk online.barclays.co.uk
      bank.barclays.co.uk onlinebanking.nationwide.co.uk meine.deutsche-bank.de
      kunden.commerzbank.de client.schwab.com digital.fidelity.com dashboard.stripe.com
      obank.kbstar.com obank1.kbstar.com bank.shinhan.com spib.wooribank.com www.kebhana.com/login
      banking.nonghyup.com mybank.ibk.co.kr www.tossbank.com/account coinbase.com/accounts
      app.kraken.com www.binance.com/my mint.intuit.com app.ynab.com`,
  },
  health: {
    action: 'never',
    patterns: `
      *.mychart.com mychart.*.org mychart.*.com mychart.*.edu myaccount.nhs.uk access.login.nhs.uk
      healthy.kaiserpermanente.org/secure member.myhealthrecord.gov.au app.patientaccess.com
      portal.athenahealth.com www.nhis.or.kr/nhis/minwon`,
  },
  mail: {
    action: 'never',
    patterns: `
      mail.google.com inbox.google.com outlook.live.com/mail outlook.office.com/mail
      outlook.office365.com/mail mail.yahoo.com mail.proton.me mail.protonmail.com
      mail.tutanota.com app.tuta.com app.fastmail.com www.icloud.com/mail mail.zoho.com
      webmail.gandi.net mail.aol.com mail.yandex.com mail.ru mail.naver.com mail.daum.net
      mail.kakao.com app.hey.com mail.qq.com mail.163.com`,
  },
  messages: {
    action: 'never',
    patterns: `
      web.whatsapp.com web.telegram.org messenger.com facebook.com/messages
      www.instagram.com/direct x.com/messages twitter.com/messages www.linkedin.com/messaging
      discord.com/channels app.slack.com teams.microsoft.com teams.live.com chat.google.com
      messages.google.com voice.google.com/messages app.element.io signal.org/app
      meet.google.com zoom.us/wc www.reddit.com/message reddit.com/chat`,
  },
  accounts: {
    action: 'never',
    patterns: `
      accounts.google.com myaccount.google.com login.microsoftonline.com login.live.com
      account.microsoft.com appleid.apple.com account.apple.com idmsa.apple.com
      github.com/login github.com/settings gitlab.com/-/user_settings
      www.amazon.com/ap www.amazon.com/gp/css console.aws.amazon.com signin.aws.amazon.com
      portal.azure.com console.cloud.google.com nid.naver.com accounts.kakao.com
      login.yahoo.com auth0.com/u okta.com/login www.facebook.com/login
      calendar.google.com contacts.google.com photos.google.com takeout.google.com`,
  },
  passwords: {
    action: 'never',
    patterns: `
      my.1password.com vault.bitwarden.com app.dashlane.com lastpass.com/vault
      passwords.google.com app.keepersecurity.com app.nordpass.com pass.proton.me`,
  },
  search: {
    action: 'title-only',
    patterns: `
      www.google.*/search www.bing.com/search duckduckgo.com/?q* search.naver.com
      search.daum.net www.baidu.com/s search.yahoo.com/search search.brave.com
      www.ecosia.org/search yandex.com/search www.startpage.com/sp kagi.com/search`,
  },
};

/** The default lists, as the options page shows them. */
export const defaultRules: readonly DefaultRule[] = Object.entries(lists).flatMap(
  ([list, { action, patterns }]) =>
    patterns
      .trim()
      .split(/\s+/)
      .map((pattern) => ({ pattern, action, list: list as DefaultRule['list'] })),
);
