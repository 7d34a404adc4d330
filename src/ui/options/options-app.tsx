import { useCallback, useEffect, useState } from 'preact/hooks';
import { type AppError, asAppError } from '../../core/errors.ts';
import type { Settings } from '../../core/page/settings.ts';
import { t } from '../i18n/language.ts';
import { addressWords } from '../messages/addresses.ts';
import { chartWords } from '../messages/charts.ts';
import { modelWords } from '../messages/model.ts';
import { optionWords } from '../messages/options.ts';
import { resultWords } from '../messages/results.ts';
import { syncWords } from '../messages/sync.ts';
import { errorText } from '../parts/error-text.ts';
import { Notice } from '../parts/notice.tsx';
import type { Ask } from '../parts/services.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { AboutSection } from './about-section.tsx';
import { AddressesSection } from './addresses-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { CaptureSection } from './capture-section.tsx';
import { ChartsSection } from './charts-section.tsx';
import { HealthSection } from './health-section.tsx';
import { type BringModel, ModelSection } from './model-section.tsx';
import { PrivateSection } from './private-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { ShortcutsSection } from './shortcuts-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { SyncSection } from './sync-section.tsx';
import { TransferSection } from './transfer-section.tsx';

export interface SettingsProps {
  readonly ask: Ask;
  readonly settings: Settings;
  /** Shown at once, so that a second change builds on it; then what the background answered. */
  change(part: Partial<Settings>): void;
}

export interface OptionsAppProps {
  readonly ask: Ask;
  readonly version: string;
  readonly bringModel: BringModel;
}

/** Every setting with a sentence of what it does. */
export function OptionsApp({ ask, version, bringModel }: OptionsAppProps) {
  const load = useCallback(() => ask('page-background:get-settings', null), [ask]);
  const settings = useAnswer(load);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [savedCount, setSavedCount] = useState(0);
  useEffect(() => {
    document.title = `${t(optionWords.title)} · Dejalu`;
  });

  const change = (part: Partial<Settings>) => {
    if (settings.value) settings.set({ ...settings.value, ...part });
    setFailure(null);
    const answer = ask('page-background:set-settings', part);
    settings.follow(answer);
    answer.then(
      () => setSavedCount((count) => count + 1),
      (thrown: unknown) => {
        setFailure(asAppError(thrown));
        settings.reload(); // nothing was changed: what was shown ahead is taken back
      },
    );
  };
  const sections = [
    ['capture', t(optionWords.capture)],
    ['private', t(optionWords.privatePages)],
    ['rules', t(optionWords.rules)],
    ['storage', t(optionWords.storage)],
    ['transfer', t(optionWords.transfer)],
    ['before', t(addressWords.heading)],
    ['model', t(modelWords.title)],
    ['sync', t(syncWords.title)],
    ['charts', t(chartWords.title)],
    ['health', t(optionWords.health)],
    ['shortcuts', t(optionWords.shortcuts)],
    ['look', t(optionWords.look)],
    ['about', t(optionWords.about)],
  ] as const;
  const error = failure ?? settings.error;
  return (
    <div class="options-page">
      <nav class="options-nav" aria-label={t(optionWords.sections)}>
        <p class="brand">
          <img src="/icon.svg" width="24" height="24" alt="" />
          Dejalu
        </p>
        <ul>
          {sections.map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main class="options-main">
        <h1>{t(optionWords.title)}</h1>
        {error && (
          <Notice
            icon="circleAlert"
            size="quiet"
            text={errorText(error)}
            action={{
              label: t(resultWords.retry),
              run() {
                setFailure(null);
                settings.reload();
              },
            }}
          />
        )}
        <p class="visually-hidden" role="status" key={savedCount}>
          {savedCount > 0 ? t(optionWords.saved) : ''}
        </p>
        {settings.value && (
          <>
            <CaptureSection ask={ask} settings={settings.value} change={change} />
            <PrivateSection ask={ask} settings={settings.value} change={change} />
            <RulesSection ask={ask} settings={settings.value} change={change} />
          </>
        )}
        <StorageSection ask={ask} />
        <TransferSection ask={ask} />
        <AddressesSection ask={ask} />
        <ModelSection ask={ask} bringModel={bringModel} />
        <SyncSection ask={ask} />
        <ChartsSection ask={ask} />
        <HealthSection ask={ask} version={version} />
        <ShortcutsSection ask={ask} />
        <AppearanceSection />
        <AboutSection ask={ask} version={version} />
      </main>
    </div>
  );
}
