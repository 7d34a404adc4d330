/**
 * Compiles src/kernels/assembly to WebAssembly and writes it as text into
 * src/kernels/kernels-wasm.ts, so that a clone needs no build step and no file to fetch.
 */
import { readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);

/** The compiled module. Same sources and compiler, same bytes. */
export async function compileKernels(): Promise<Uint8Array> {
  const source = await readFile(new URL('src/kernels/assembly/kernels.ts', root), 'utf8');
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
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '16384',
    ],
    {
      readFile: (name) => (name === 'kernels.ts' ? source : null),
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

/** The generated source file. */
export function kernelsSource(binary: Uint8Array): string {
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,92}/g) ?? [];
  const text = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/** Made by \`npm run build:kernels\` from src/kernels/assembly. WebAssembly in base64. */\nexport const kernelsWasm =\n${text};\n`;
}

if (import.meta.main) {
  const binary = await compileKernels();
  await writeFile(new URL('src/kernels/kernels-wasm.ts', root), kernelsSource(binary));
  console.log(`src/kernels/kernels-wasm.ts: ${binary.length} bytes of WebAssembly`);
}
