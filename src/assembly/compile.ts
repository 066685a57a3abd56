import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

/** No runtime of AssemblyScript's: the modules allocate nothing, and whoever starts one gives it its memory. */
const OPTIONS = [
  '-O3',
  '--converge',
  '--runtime',
  'stub',
  '--noAssert',
  '--use',
  'abort=',
  '--enable',
  'simd',
];
const MEMORY = ['--importMemory', '--initialMemory', '1'];

/**
 * Compiles `NAME.as.ts` to WebAssembly, as modules of the program that hold it as text: so the sources run as they
 * are, and the built program stays one file. What is newer than its source is left as it is.
 * @throws Error with the compiler's words where it finds a mistake
 */
export async function compileAssembly(): Promise<void> {
  for (const source of globSync('*.as.ts', { cwd: import.meta.dirname })) {
    const target = source.replace('.as.ts', '.wasm.ts');
    if (!isCurrent(path.join(import.meta.dirname, source), path.join(import.meta.dirname, target))) {
      await compile(source, target);
    }
  }
}

function isCurrent(source: string, target: string): boolean {
  return existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs;
}

async function compile(source: string, target: string): Promise<void> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main([source, ...OPTIONS, ...MEMORY, '-o', 'out.wasm'], {
    readFile: (name) => (name === source ? readFileSync(path.join(import.meta.dirname, name), 'utf8') : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`${source}: ${stderr.toString()}`);
  const text = Buffer.from(binary).toString('base64');
  const lines = [
    `/** Made from ${source} by compile.ts: WebAssembly, in base64. */`,
    `export const WASM = '${text}';`,
    '',
  ];
  writeFileSync(path.join(import.meta.dirname, target), lines.join('\n'));
}
