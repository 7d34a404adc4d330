import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'wxt';

/** What ships of the model, with its card; its pipeline and other exports stay in the repository. */
const modelFiles = ['model.json', 'tokenizer.json', 'table.safetensors'];

/** Adobe's character maps: without them many an older Korean, Japanese or Chinese PDF has no text. */
const characterMaps = resolve('node_modules/pdfjs-dist/cmaps');

/**
 * pdf.js makes functions from text for some drawings, where it may. Here it may not and draws
 * nothing; the stores look for that, so it is taken out.
 */
const withoutEval = {
  name: 'pdfjs-without-eval',
  transform(code: string, id: string) {
    if (!id.includes('/pdfjs-dist/')) return null;
    return code.replaceAll(/\bnew Function\(/g, 'Function.noEval(');
  },
};

/**
 * Permissions, each with its reason (the README's table says the same to people):
 *
 * - storage: settings, rules, the list of held pages, the queue
 * - unlimitedStorage: exempts the index from eviction
 * - contextMenus: "Find similar pages"
 * - webNavigation: tells that a page took another address without being loaded (`pushState`, the
 *   fragment). Chrome's warning about sites covers it; Firefox asks one line more
 * - alarms: wakes the background to finish its queue, end a pause, drop held pages after a week
 * - sidePanel (Chrome): the search beside the page; WXT adds it with the entry point
 * - contextualIdentities, cookies (Firefox): tell which container a tab belongs to, and its name; no
 *   cookie is read
 * - offscreen (Chrome): the hidden document that runs the engine
 * - history (optional): when the person asks that pages leave with the browser's history, or adds
 *   the pages of the history
 * - bookmarks (optional): when the person adds the pages of the bookmarks
 * - favicon (optional, Chrome): when the person has lists show the icons of sites, which come from the
 *   browser's own cache
 * - webRequest and all sites (optional): when the person has the headers seen by which a page asks that
 *   no copy be kept; nothing of a request is changed or held up
 * - one host (optional): the Qdrant of the person's own, asked for when sync is set up
 * - sites (optional): when the person has the text of pages from before fetched, or a stored page
 *   compared with what its site has now
 *
 * Pages are read by a content script on http(s), and on PDF files of the disk where the person has
 * let the extension see files; no other permission for sites is asked.
 */
export default defineConfig({
  imports: false,
  manifestVersion: 3,
  outDir: '.output',
  vite: () => ({
    plugins: [withoutEval],
    build: {
      rollupOptions: {
        treeshake: {
          // CommonJS without a word about side effects: Chrome's service worker must not carry it.
          moduleSideEffects: (id: string) => !id.includes('@mozilla/readability'),
        },
      },
    },
  }),
  hooks: {
    'build:publicAssets': (_wxt, assets) => {
      for (const file of modelFiles) {
        assets.push({
          absoluteSrc: resolve('models/dejalu-1', file),
          relativeDest: `models/dejalu-1/${file}`,
        });
      }
      assets.push({
        absoluteSrc: resolve('models/dejalu-1/MODEL_CARD.md'),
        relativeDest: 'model-card.txt',
      });
      for (const file of readdirSync(characterMaps)) {
        assets.push({ absoluteSrc: join(characterMaps, file), relativeDest: `cmaps/${file}` });
      }
    },
  },
  manifest: ({ browser }) => ({
    name: '__MSG_name__',
    description: '__MSG_description__',
    default_locale: 'en',
    permissions: [
      'storage',
      'unlimitedStorage',
      'contextMenus',
      'alarms',
      'webNavigation',
      ...(browser === 'firefox' ? ['contextualIdentities', 'cookies'] : ['offscreen']),
    ],
    optional_permissions: [
      'history',
      'bookmarks',
      'webRequest',
      ...(browser === 'firefox' ? [] : ['favicon' as const]),
    ],
    optional_host_permissions: ['http://*/*', 'https://*/*'],
    // Never in private windows: what the browser forbids needs no promise.
    incognito: 'not_allowed',
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'dejalu@dejalu.example',
              strict_min_version: '128.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : // light-dark() in the interface's colours.
        { minimum_chrome_version: '123' }),
    omnibox: { keyword: 'dl' },
    commands: {
      _execute_action: { suggested_key: { default: 'Ctrl+Shift+Y', mac: 'Command+Shift+Y' } },
      'open-search': { description: '__MSG_openSearch__' },
      'find-similar': { description: '__MSG_findSimilarPages__' },
      'toggle-pause': { description: '__MSG_togglePause__' },
    },
    content_security_policy: {
      // WebAssembly is off in a production build unless the policy says so.
      extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'",
    },
  }),
});
