import type { Rule } from './check-imports.ts';

/**
 * The direction of imports, as ARCHITECTURE.md draws it:
 *
 *   entrypoints → ui, capture, background, host → messaging → platform → engine → core
 *                                    storage, sync → engine's interfaces → core
 *
 * A folder may import only to its right. Kernels know nothing but themselves and core's types.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/kernels': ['src/core'],
  'src/model-import': ['src/core'],
  'src/engine': ['src/core', 'src/kernels', 'src/model-import'],
  'src/storage': ['src/core', 'src/engine'],
  'src/sync': ['src/core', 'src/engine'],
  'src/messaging': ['src/core', 'src/engine', 'src/platform'],
  'src/platform': ['src/core', 'src/engine'],
  'src/capture': ['src/core', 'src/messaging', 'src/platform'],
  'src/background': ['src/core', 'src/engine', 'src/messaging', 'src/platform'],
  'src/host': ['src/core', 'src/engine', 'src/messaging', 'src/platform'],
  'src/ui': ['src/core', 'src/engine', 'src/messaging', 'src/platform'],
};

const tests = '\\.test(-tools)?\\.tsx?$';

export const importRules: readonly Rule[] = [
  {
    name: 'core-has-no-packages',
    comment: 'the core is pure: no package, no browser, no clock, no randomness',
    from: { path: '^src/core/', pathNot: tests },
    to: { path: '^node_modules/' },
  },
  {
    name: 'browser-only-in-platform',
    comment: 'src/platform is the one place that touches browser.*',
    from: { path: '^src/', pathNot: ['^src/platform/', tests] },
    to: { path: '^node_modules/(wxt|@wxt-dev)/' },
  },
  ...Object.entries(allowed).map(([folder, others]) => ({
    name: `${folder.replace('src/', '')}-imports`,
    comment: `${folder} may import only: ${others.join(', ') || 'itself'}`,
    from: { path: `^${folder}/`, pathNot: tests },
    to: {
      path: '^(src|entrypoints|e2e|eval|bench)/',
      pathNot: [folder, ...others].map((name) => `^${name}/`),
    },
  })),
];
