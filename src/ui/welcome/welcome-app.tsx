import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Icon } from '../icons/icon.tsx';
import { stateWords } from '../messages/state.ts';
import { welcomeWords } from '../messages/welcome.ts';
import type { Ask } from '../parts/services.ts';
import { TrySamples } from './try-samples.tsx';

/** What is stored and where, how to search, and the one choice that matters. Nothing is asked for. */
export function WelcomeApp({ ask }: { readonly ask: Ask }) {
  const [holds, setHolds] = useState(true);
  const [keys, setKeys] = useState('');
  useEffect(() => {
    document.title = t(welcomeWords.title);
    ask('page-background:get-settings', null).then(
      (settings) => setHolds(settings.holdsDoubtful),
      () => {
        // The default is shown; choosing still writes.
      },
    );
    ask('page-background:shortcuts', null).then(
      ({ shortcuts }) =>
        setKeys(shortcuts.find(({ name }) => name === '_execute_action')?.keys ?? ''),
      () => setKeys(''),
    );
  }, [ask]);
  const choose = (holdsDoubtful: boolean) => {
    setHolds(holdsDoubtful);
    void ask('page-background:set-settings', { holdsDoubtful });
  };
  return (
    <main class="welcome">
      <img src="/icon.svg" width="56" height="56" alt="" />
      <h1>{t(welcomeWords.title)}</h1>
      <p class="lead">{t(welcomeWords.lead)}</p>
      <section>
        <h2>{t(welcomeWords.what)}</h2>
        <ul class="facts-list">
          <li>
            <Icon name="fileText" size={20} />
            {t(welcomeWords.whatText)}
          </li>
          <li>
            <Icon name="hardDrive" size={20} />
            {t(welcomeWords.where)}
          </li>
          <li>
            <Icon name="shieldAlert" size={20} />
            {t(welcomeWords.privateText)}
          </li>
          <li>
            <Icon name="trash2" size={20} />
            {t(welcomeWords.forgetText)}
          </li>
        </ul>
      </section>
      <section>
        <h2>{t(welcomeWords.how)}</h2>
        <p>{keys === '' ? t(welcomeWords.howClick) : t(welcomeWords.howOpen, { keys })}</p>
        <p>{t(welcomeWords.howWords)}</p>
      </section>
      <TrySamples ask={ask} />
      <section>
        <fieldset class="choices">
          <legend>{t(welcomeWords.privateTitle)}</legend>
          <label>
            <input type="radio" name="holds" checked={holds} onChange={() => choose(true)} />
            {t(welcomeWords.holdChoice)}
          </label>
          <label>
            <input type="radio" name="holds" checked={!holds} onChange={() => choose(false)} />
            {t(welcomeWords.neverChoice)}
          </label>
        </fieldset>
      </section>
      <section>
        <h2>{t(welcomeWords.beforeTitle)}</h2>
        <p>{t(welcomeWords.beforeText)}</p>
        <p class="welcome-ways">
          <a class="button" href="/options.html#before">
            {t(welcomeWords.beforeLink)}
          </a>
        </p>
      </section>
      <p class="help">{t(welcomeWords.skip)}</p>
      <p class="welcome-ways">
        <a class="button primary" href="/search.html">
          {t(welcomeWords.openSearch)}
        </a>
        <a class="button" href="/options.html">
          {t(stateWords.options)}
        </a>
      </p>
    </main>
  );
}
