import { useCallback, useEffect, useState } from 'preact/hooks';
import { dropHeaders, onHeadersAllowed, requestHeaders } from '../../platform/answer-headers.ts';
import { t } from '../i18n/language.ts';
import { optionWords } from '../messages/options.ts';
import { decisionKeys } from '../parts/decision-keys.ts';
import { errorText } from '../parts/error-text.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { SettingsProps } from './options-app.tsx';
import { PermissionSwitch } from './permission-switch.tsx';
import { Section, Switch } from './setting.tsx';
import { TrayList } from './tray-list.tsx';

export function PrivateSection({ ask, settings, change }: SettingsProps) {
  const load = useCallback(() => ask('page-background:held-pages', null), [ask]);
  const held = useAnswer(load);
  const [heedsHeaders, setHeedsHeaders] = useState(false);
  useEffect(() => onHeadersAllowed(setHeedsHeaders), []);
  return (
    <Section id="private" title={t(optionWords.privatePages)}>
      <Switch
        label={t(optionWords.holds)}
        help={t(optionWords.holdsHelp)}
        isOn={settings.holdsDoubtful}
        set={(holdsDoubtful) => change({ holdsDoubtful })}
      />
      <PermissionSwitch
        label={t(optionWords.headers)}
        help={t(optionWords.headersHelp)}
        isGranted={heedsHeaders}
        request={requestHeaders}
        onAnswer={setHeedsHeaders}
        giveBack={dropHeaders}
      />
      <h3>{t(optionWords.tray)}</h3>
      {held.error && <p class="problem">{errorText(held.error)}</p>}
      {held.value?.length === 0 && <p class="help">{t(optionWords.trayEmpty)}</p>}
      {held.value !== null && held.value !== undefined && held.value.length > 0 && (
        <>
          <p class="help">{t(optionWords.trayHelp, { ...decisionKeys })}</p>
          <TrayList
            pages={held.value}
            decide={({ key }, decision) => {
              const answer = ask('page-background:decide-held', { key, decision });
              held.follow(answer);
              // What it failed with is shown above; the list only waits for its end.
              return answer.then(
                () => {},
                () => {},
              );
            }}
          />
        </>
      )}
    </Section>
  );
}
