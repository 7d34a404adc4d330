/**
 * Compiles src/kernels/assembly to WebAssembly and writes it as text into
 * src/kernels/kernels-wasm.ts, so that a clone needs no build step and no file to fetch.
 */
import { readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);

/** The compiled modules, without and with relaxed SIMD. Same sources and compiler, same bytes. */
export async function compileKernels(): Promise<readonly [Uint8Array, Uint8Array]> {
  return [await compile([]), await compile(['--enable', 'relaxed-simd'])];
}

async function compile(features: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'kernels.ts',
      '--outFile',
      'kernels.wasm',
      '--optimizeLevel',
      '3',
      '--shrinkLevel',
      '0',
      '--enable',
      'simd',
      ...features,
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '16384',
      // Constants lie before the first place that callers lay out (kernels-module.ts).
      '--memoryBase',
      '64',
    ],
    {
      // The compiler also looks for folders of a file's name.
      readFile: (name) =>
        readFile(new URL(`src/kernels/assembly/${name}`, root), 'utf8').catch(() => null),
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`The kernels do not compile: ${stderr.toString()}`, { cause: error });
  }
  return binary;
}

function base64Lines(binary: Uint8Array): string {
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,92}/g) ?? [];
  return lines.map((line) => `  '${line}'`).join(' +\n');
}

/** The generated source file. */
export function kernelsSource([plain, relaxed]: readonly [Uint8Array, Uint8Array]): string {
  return `/** Made by \`npm run build:kernels\` from src/kernels/assembly. WebAssembly in base64. */
export const kernelsWasm =\n${base64Lines(plain)};

/** The same with relaxed SIMD. */
export const relaxedKernelsWasm =\n${base64Lines(relaxed)};
`;
}

if (import.meta.main) {
  const binaries = await compileKernels();
  await writeFile(new URL('src/kernels/kernels-wasm.ts', root), kernelsSource(binaries));
  const sizes = binaries.map(({ length }) => length).join(' and ');
  console.log(`src/kernels/kernels-wasm.ts: ${sizes} bytes of WebAssembly`);
}
