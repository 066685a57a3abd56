import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import type { Machine } from './machine.ts';

/** A daemon started by a test. It ends at the latest with the test's process. */
export interface Daemon {
  readonly pid: number;
  /** Terminates it and waits until it has ended. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL, to simulate a crash. */
  kill(): Promise<void>;
}

const TRIES = 300;
const PAUSE_MS = 100;

/**
 * Starts a daemon and waits until it answers.
 * @param answers throws until the daemon is ready
 * @throws Error with the daemon's log if it ends or does not answer within 30 seconds
 */
export async function startDaemon(
  machine: Machine,
  program: string,
  args: readonly string[],
  answers: () => Promise<unknown>,
): Promise<Daemon> {
  const log = machine.path(`${program}.log`);
  const child = execa(program, args, {
    env: machine.env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    all: true,
    forceKillAfterDelay: 20_000,
  });
  child.all.pipe(createWriteStream(log, { flags: 'a' }));
  let ended = false;
  void child.then(() => (ended = true));
  for (let tries = 0; ; tries++) {
    if (ended || tries > TRIES) {
      child.kill('SIGKILL');
      throw new Error(`${program} does not answer:\n${(await readFile(log, 'utf8')).slice(-2000)}`);
    }
    if (
      await answers().then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await child;
  };
  return { pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
