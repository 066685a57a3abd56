import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `node package.ts [--outdir DIR]`: builds the directory to publish, `package/`. The program is one bundled file,
 * so its package.json has no dependencies and no scripts: installing it installs one package and runs nothing.
 * The package.json of the repository is private, so that it is not published by mistake.
 */

const { values } = parseArgs({ options: { outdir: { type: 'string', default: 'package' } } });
const top = import.meta.dirname;
const target = path.resolve(values.outdir);

/** Fields of the repository's package.json that are published. */
const FIELDS = ['name', 'version', 'description', 'keywords', 'license', 'type', 'bin', 'files', 'engines'];
/** Files and directories to copy. The program itself is built into the target. */
const COPIED = ['bin', 'docs', 'src/report/schema', 'CHANGELOG.md', 'README.md', 'LICENSE'];

rmSync(target, { recursive: true, force: true });
execFileSync(process.execPath, ['build.ts', '--outdir', path.join(target, 'dist')], {
  cwd: top,
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const name of COPIED) cpSync(path.join(top, name), path.join(target, name), { recursive: true });

const clone = JSON.parse(readFileSync(path.join(top, 'package.json'), 'utf8')) as Record<string, unknown>;
const published = Object.fromEntries(FIELDS.map((field) => [field, clone[field]]));
writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
