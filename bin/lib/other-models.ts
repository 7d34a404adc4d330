import { join } from 'node:path';

/** Where bin/setup keeps real models of other makers, one folder each, for the importer's test. */
export const otherModelsFolder = join(
  import.meta.dirname,
  '../../node_modules/.cache/dejalu/models',
);
