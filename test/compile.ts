import { compileAssembly } from '../src/assembly/compile.ts';

/** The sources want what is compiled of them, after a change of it too. */
export async function setup(): Promise<void> {
  await compileAssembly();
}
