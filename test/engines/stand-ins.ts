import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A directory of programs that replace engines, the only directory on the PATH, and a directory for
 * temporary files that must be empty at the end.
 */
export class StandIns {
  readonly top: string;
  readonly bin: string;
  readonly temporary: string;

  private constructor(top: string) {
    this.top = top;
    this.bin = path.join(top, 'bin');
    this.temporary = path.join(top, 'tmp');
  }

  static async make(): Promise<StandIns> {
    const made = new StandIns(await mkdtemp(path.join(tmpdir(), 'engines-test-')));
    await mkdir(made.bin);
    await mkdir(made.temporary);
    return made;
  }

  get env(): NodeJS.ProcessEnv {
    return { PATH: this.bin, TMPDIR: this.temporary, HOME: this.top };
  }

  /**
   * Writes a shell script. It records its arguments in `NAME.calls`, one call per line.
   * @param body the commands; `$*` has the arguments, for `case "$*" in …`
   */
  async program(name: string, body: string): Promise<void> {
    const calls = this.callsFile(name);
    const text = `#!/bin/sh
for word; do printf '<%s>' "$word" >> ${calls}; done
echo >> ${calls}
${body}
`;
    await writeFile(path.join(this.bin, name), text, { mode: 0o755 });
  }

  /** Writes a program that only prints an error and fails. */
  async complainer(name: string, words: string, status: number): Promise<void> {
    const file = await this.file(`${name}.words`, words);
    await this.program(name, `/bin/cat ${file} >&2; exit ${status}`);
  }

  /** Returns the calls of a program, each as `<argument><argument>`. */
  async calls(name: string): Promise<string[]> {
    const text = await readFile(this.callsFile(name), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  }

  /** Writes a file beside the programs and returns its path. */
  async file(name: string, content: string | Uint8Array): Promise<string> {
    const target = path.join(this.top, name);
    await writeFile(target, content);
    return target;
  }

  /** Returns the names in the directory for temporary files. */
  async leftovers(): Promise<string[]> {
    return readdir(this.temporary);
  }

  async remove(): Promise<void> {
    await rm(this.top, { recursive: true, force: true });
  }

  private callsFile(name: string): string {
    return path.join(this.top, `${name}.calls`);
  }
}
