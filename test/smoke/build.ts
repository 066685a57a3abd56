import { execa } from 'execa';

/** Builds the program that the smoke tests start, so that they never meet an older one. */
export async function setup(): Promise<void> {
  await execa('npm', ['run', '--silent', 'build'], { cwd: `${import.meta.dirname}/../..` });
}
