import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import type { Machine } from './machine.ts';

/** A daemon that a test has started. It ends with the test's process at the latest. */
export interface Daemon {
  readonly pid: number;
  /** Ends it politely and waits for that. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

const TRIES = 300;
const PAUSE_MS = 100;

/**
 * Starts a daemon and waits until it answers.
 * @param answers fails as long as the daemon is not ready
 * @throws Error with the daemon's log where it ends or does not answer in half a minute
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
