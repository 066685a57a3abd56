import { execa } from 'execa';

/** Builds the program for the smoke tests, so that they never run an outdated one. */
export async function setup(): Promise<void> {
  await execa('npm', ['run', '--silent', 'build'], { cwd: `${import.meta.dirname}/../..` });
}
