import { execFileSync } from 'node:child_process';
import { openSync, readSync, closeSync, statSync } from 'node:fs';
import { ContentScanner } from '../../src/secrets/match/content-scanner.ts';
import { Matcher } from '../../src/secrets/match/matcher.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';
import { runTask } from '../../src/secrets/scan/secrets-task.ts';
import type { SecretsInput } from '../../src/secrets/scan/blob-hits.ts';

/*
 * node test/bench/secrets.ts LAYER.tar LAYER.tar.gz: CPU seconds, which other work on the machine
 * disturbs less than the clock. The task inflates, reads the tar, hashes and matches.
 */

const PIECE = 64 * 1024;

/** User and system seconds of this process so far, all threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU seconds that the anchors and patterns take for a file, all rules. */
function matching(path: string): number {
  const scanner = new ContentScanner(new Matcher(RULES));
  const file = openSync(path, 'r');
  const piece = Buffer.alloc(PIECE);
  const before = cpuSeconds();
  for (;;) {
    const count = readSync(file, piece);
    if (count === 0) break;
    scanner.feed(piece.subarray(0, count));
  }
  scanner.end();
  closeSync(file);
  return cpuSeconds() - before;
}

/** CPU seconds of the whole task over a compressed layer. */
async function task(path: string): Promise<number> {
  const input: SecretsInput = { as: 'tar', path: null, unpack: false, now: Date.now(), userRules: [] };
  const before = cpuSeconds();
  await runTask({ source: { kind: 'file', path }, offset: 0, size: statSync(path).size }, input);
  return cpuSeconds() - before;
}

/** User and system seconds of `gzip -dc`, as the shell tells them. */
function gunzipping(path: string): number {
  const script = 'TIMEFORMAT="%U %S"; { time gzip -dc "$0" >/dev/null; } 2>&1';
  const [user, system] = execFileSync('bash', ['-c', script, path], { encoding: 'utf8' }).trim().split(' ');
  return Number(user) + Number(system);
}

const [plain, packed] = process.argv.slice(2);
if (plain === undefined || packed === undefined) throw new Error('name a layer and the same with gzip');
const megabytes = statSync(plain).size / 1e6;
for (let turn = 1; turn <= 3; turn++) {
  const [gzip, own, match] = [gunzipping(packed), await task(packed), matching(plain)];
  const rate = Math.round(megabytes / match);
  process.stdout.write(
    `gzip -dc ${gzip.toFixed(2)} s, task ${own.toFixed(2)} s, ratio ${(own / gzip).toFixed(2)}, matching ${rate} MB/s\n`,
  );
}
