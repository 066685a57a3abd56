import { PassThrough } from 'node:stream';
import { runCli } from '../../src/commands/cli.ts';

/** The output and the exit status of a run. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, without a terminal and with an empty environment. */
export function run(...argv: string[]): Promise<Run> {
  return runIn({}, ...argv);
}

/** Does the same as {@link run}, with an environment. */
export function runIn(env: NodeJS.ProcessEnv, ...argv: string[]): Promise<Run> {
  return runWith({}, env, argv);
}

/** Does the same as {@link run}, with both outputs on a terminal of 100 columns. */
export function runOnTerminal(...argv: string[]): Promise<Run> {
  return runWith({ isTTY: true, columns: 100, rows: 30 }, {}, argv);
}

/** Does the same as {@link run}, with these bytes on standard input. */
export function runOnInput(input: Uint8Array, ...argv: string[]): Promise<Run> {
  const stdin = new PassThrough();
  stdin.end(input);
  return runWith({}, {}, argv, stdin);
}

async function runWith(
  terminal: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number },
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
  stdin = new PassThrough(),
): Promise<Run> {
  const collect = (): { stream: NodeJS.WriteStream; text: () => string } => {
    const chunks: Buffer[] = [];
    const stream = Object.assign(new PassThrough(), terminal);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return {
      stream: stream as unknown as NodeJS.WriteStream,
      text: () => Buffer.concat(chunks).toString('utf8'),
    };
  };
  const out = collect();
  const err = collect();
  const status = await runCli(argv, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: out.stream,
    stderr: err.stream,
    env,
    signal: new AbortController().signal,
  });
  return { status, stdout: out.text(), stderr: err.text() };
}
