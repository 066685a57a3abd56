import { compileAssembly } from '../src/assembly/compile.ts';

/** Compiles the AssemblyScript sources before the tests, because other sources import the result. */
export async function setup(): Promise<void> {
  await compileAssembly();
}
