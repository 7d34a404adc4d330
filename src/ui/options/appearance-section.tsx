import { dropSiteIcons, keepsSiteIcons, requestSiteIcons } from '../../platform/site-icons.ts';
import { appearance, setAppearance, t } from '../i18n/language.ts';
import type { Lang } from '../i18n/words.ts';
import { optionWords } from '../messages/options.ts';
import { showsSiteIcons } from '../parts/site-icons.ts';
import { PermissionSwitch } from './permission-switch.tsx';
import { Choice, Section, Switch } from './setting.tsx';

/** Each language by its own name, so that a person finds back from one they cannot read. */
const langNames: Readonly<Record<Lang, string>> = { en: 'English', ko: '한국어' };

export function AppearanceSection() {
  const { theme, lang, showScores, followsPage } = appearance.value;
  return (
    <Section id="look" title={t(optionWords.look)}>
      <Choice
        label={t(optionWords.theme)}
        help={t(optionWords.themeHelp)}
        value={theme}
        options={[
          ['system', t(optionWords.system)],
          ['light', t(optionWords.light)],
          ['dark', t(optionWords.dark)],
        ]}
        set={(chosen) => setAppearance({ theme: chosen })}
      />
      <Choice
        label={t(optionWords.language)}
        help={t(optionWords.languageHelp)}
        value={lang}
        options={[
          ['system', t(optionWords.system)],
          ['en', langNames.en],
          ['ko', langNames.ko],
        ]}
        set={(chosen) => setAppearance({ lang: chosen })}
      />
      <Switch
        label={t(optionWords.follows)}
        help={t(optionWords.followsHelp)}
        isOn={followsPage}
        set={(isOn) => setAppearance({ followsPage: isOn })}
      />
      <Switch
        label={t(optionWords.scores)}
        help={t(optionWords.scoresHelp)}
        isOn={showScores}
        set={(isOn) => setAppearance({ showScores: isOn })}
      />
      {keepsSiteIcons && (
        <PermissionSwitch
          label={t(optionWords.siteIcons)}
          help={t(optionWords.siteIconsHelp)}
          isGranted={showsSiteIcons.value}
          request={requestSiteIcons}
          onAnswer={(isGranted) => {
            showsSiteIcons.value = isGranted;
          }}
          giveBack={dropSiteIcons}
        />
      )}
    </Section>
  );
}
