/**
 * The direction of imports, as ARCHITECTURE.md draws it:
 *
 *   entrypoints → ui, capture, background, host → messaging → platform → engine → core
 *                                    storage, sync → engine's interfaces → core
 *
 * A folder may import only to its right. Kernels know nothing but themselves and core's types.
 */
const only = (from, allowed) => ({
  name: `${from.replace('src/', '')}-imports`,
  comment: `${from} may import only: ${allowed.join(', ') || 'itself'}`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.test\\.tsx?$' },
  to: {
    path: '^(src|entrypoints|e2e|eval|bench)/',
    pathNot: [from, ...allowed].map((folder) => `^${folder}/`),
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides the direction of a design.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-has-no-packages',
      comment: 'The core is pure: no package, no browser, no clock, no randomness.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { path: '^node_modules/' },
    },
    {
      name: 'browser-only-in-platform',
      comment: 'src/platform is the one place that touches browser.*',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/', '\\.test\\.tsx?$'] },
      to: { path: '^node_modules/(wxt|@wxt-dev)/' },
    },
    only('src/core', []),
    only('src/kernels', ['src/core']),
    only('src/engine', ['src/core', 'src/kernels']),
    only('src/storage', ['src/core', 'src/engine']),
    only('src/sync', ['src/core', 'src/engine']),
    only('src/messaging', ['src/core', 'src/engine', 'src/platform']),
    only('src/platform', ['src/core', 'src/engine']),
    only('src/capture', ['src/core', 'src/messaging', 'src/platform']),
    only('src/background', ['src/core', 'src/engine', 'src/messaging', 'src/platform']),
    only('src/host', ['src/core', 'src/engine', 'src/messaging', 'src/platform']),
    only('src/ui', ['src/core', 'src/engine', 'src/messaging', 'src/platform']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
