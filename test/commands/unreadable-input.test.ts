import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { runCli } from '../../src/commands/cli.ts';

it('names standard input and the offset where it cannot be read', async () => {
  const stdin = Readable.from(
    (function* (): Generator<Buffer> {
      yield Buffer.alloc(700);
      throw new Error('EIO: i/o error, read');
    })(),
  );
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said: Buffer[] = [];
  stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const status = await runCli(['scan', '-', '--quiet'], {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    env: {},
    signal: new AbortController().signal,
  });
  expect([status, Buffer.concat(said).toString()]).toEqual([
    3,
    expect.stringMatching(/^exhume: cannot read standard input at offset 700: EIO/),
  ]);
});
