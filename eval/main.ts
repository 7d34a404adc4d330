import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildCollection } from './collection.ts';
import { readBeir, readHaystack, readRefind } from './data.ts';
import { type BeirReport, type EvalReport, measureBeir, measureRefind } from './measure.ts';
import { loadModel } from './model.ts';
import { printBeir, printRefind } from './print.ts';
import { loadTransformer } from './transformers.ts';
import { writeDocs } from './write-docs.ts';

const usage = `npm run eval -- [options]
  --data DIR        pages/, train/ and BEIR folders (default: ../shared/data when there, else samples)
  --haystack PATH   a JSON Lines file (q, d), or a folder of them; may be given several times
  --size N          pages of the haystack (default 6000)
  --model DIR       default: models/dejalu-1
  --transformer DIR a sentence transformer in ONNX to measure beside; may be given several times
  --json FILE       writes the figures
  --write-docs      writes docs/quality.md
  --experiments     signals that the pipeline does without as well
  --skip-beir       the refind task only`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    haystack: { type: 'string', multiple: true },
    size: { type: 'string' },
    model: { type: 'string' },
    transformer: { type: 'string', multiple: true },
    json: { type: 'string' },
    'write-docs': { type: 'boolean' },
    experiments: { type: 'boolean' },
    'skip-beir': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  console.log(usage);
  process.exit(0);
}

const sharedData = '../shared/data';
const dataDir = values.data ?? (existsSync(sharedData) ? sharedData : 'samples');
const size = Number(values.size ?? 6000);
if (!Number.isInteger(size) || size < 0) throw new Error(`--size ${values.size} is not a number.`);
if (!existsSync(dataDir)) throw new Error(`The data folder ${dataDir} does not exist.`);

const model = await loadModel(values.model ?? 'models/dejalu-1');
const transformers = await Promise.all((values.transformer ?? []).map(loadTransformer));
const report: EvalReport = { beir: {} };

const refind = readRefind(dataDir);
if (refind !== undefined && refind.queries.length > 0) {
  const haystack = readHaystack(dataDir, values.haystack ?? [], size);
  console.log(`Reading ${refind.pages.length} pages and ${haystack.length} of the haystack …`);
  const collection = buildCollection(model, [...refind.pages, ...haystack]);
  report.refind = await measureRefind(
    collection,
    refind.queries,
    transformers,
    values.experiments === true || values['write-docs'] === true,
  );
  printRefind(report.refind);
}
const sample = dataDir === 'samples' ? undefined : readRefind('samples');
if (sample !== undefined) {
  console.log(`\nReading the ${sample.pages.length} pages of the shipped sample …`);
  report.sample = await measureRefind(buildCollection(model, sample.pages), sample.queries);
  printRefind(report.sample);
}
for (const data of values['skip-beir'] ? [] : readBeir(dataDir)) {
  console.log(`Reading ${data.pages.length} pages of ${data.name} …`);
  report.beir[data.name] = await measureBeir(
    buildCollection(model, data.pages),
    data,
    transformers,
  );
  printBeir(data.name, report.beir[data.name] as BeirReport);
}
if (values.json !== undefined) {
  const json = {
    refind: report.refind?.figures ?? {},
    sample: report.sample?.figures ?? {},
    beir: Object.fromEntries(
      Object.entries(report.beir).map(([name, { figures }]) => [name, figures]),
    ),
  };
  writeFileSync(values.json, `${JSON.stringify(json, null, 2)}\n`);
}
if (values['write-docs']) {
  writeDocs('docs/quality.md', model, report);
  console.log('Wrote docs/quality.md.');
}
