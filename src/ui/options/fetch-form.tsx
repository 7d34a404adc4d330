import { useMemo, useState } from 'preact/hooks';
import type { ListedAddress } from '../../core/page/address-list.ts';
import { isWebAddress, siteOf } from '../../core/page/page-key.ts';
import { patternsOf, requestPatterns } from '../../platform/origins.ts';
import { t } from '../i18n/language.ts';
import { fetchWords } from '../messages/fetching.ts';
import { Switch } from './setting.tsx';
import type { Fetching } from './use-fetching.ts';

/** Sites in the list to choose from; the others are in "all". */
const mostSites = 100;
const dayMs = 24 * 60 * 60_000;

/** Local midnight of a day as a date field has it; null for an empty field. */
function midnight(day: string): number | null {
  const at = new Date(`${day}T00:00`).getTime();
  return Number.isNaN(at) ? null : at;
}

/** Which pages of a list have their text fetched: of a site, of a period, once the person says so. */
export function FetchForm(props: {
  readonly list: readonly ListedAddress[];
  readonly fetching: Fetching;
}) {
  const { list, fetching } = props;
  const [site, setSite] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [withCookies, setWithCookies] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const web = useMemo(() => list.filter(({ url }) => isWebAddress(url)), [list]);
  const sites = useMemo(() => countSites(web), [web]);
  const chosen = useMemo(() => {
    const after = midnight(from) ?? Number.NEGATIVE_INFINITY;
    const before = (midnight(to) ?? Number.POSITIVE_INFINITY) + dayMs;
    const isAnyTime = from === '' && to === '';
    return web.filter(
      ({ url, at }) =>
        (site === '' || siteOf(url) === site) &&
        (isAnyTime || (at !== null && at >= after && at < before)),
    );
  }, [web, site, from, to]);

  const begin = async () => {
    const patterns = patternsOf(chosen.map(({ url }) => url));
    const isGranted = await requestPatterns(patterns).catch(() => false);
    setRefused(!isGranted);
    if (isGranted) fetching.begin(chosen, withCookies);
  };
  return (
    <form
      class="fetch-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <p class="help">{t(fetchWords.help)}</p>
      <p class="transfer-way">
        <label>
          {t(fetchWords.site)}{' '}
          <select
            class="field"
            value={site}
            onChange={(event) => setSite(event.currentTarget.value)}
          >
            <option value="">{t(fetchWords.allSites)}</option>
            {sites.map(([name, count]) => (
              <option key={name} value={name}>{`${name} (${count})`}</option>
            ))}
          </select>
        </label>
        <label>
          {t(fetchWords.from)}{' '}
          <input
            type="date"
            class="field"
            value={from}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        <label>
          {t(fetchWords.to)}{' '}
          <input
            type="date"
            class="field"
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
        </label>
      </p>
      <Switch
        label={t(fetchWords.cookies)}
        help={t(fetchWords.cookiesHelp)}
        isOn={withCookies}
        set={setWithCookies}
      />
      <button type="submit" class="button" disabled={chosen.length === 0}>
        {t(fetchWords.begin, { count: chosen.length })}
      </button>
      {isRefused && <p>{t(fetchWords.notGranted)}</p>}
    </form>
  );
}

/** Sites with their pages, those with most first. */
function countSites(list: readonly ListedAddress[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { url } of list) counts.set(siteOf(url), (counts.get(siteOf(url)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostSites);
}
