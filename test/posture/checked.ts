import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep, type ImageOptions } from '../../fixtures/image.ts';
import type { LayoutOptions } from '../../fixtures/oci-files.ts';
import { dir, file, type FixtureEntry } from '../../fixtures/tar.ts';
import { compareFindings } from '../../src/finding/finding.ts';
import { alignHistory } from '../../src/history/align.ts';
import { findBase, originsOf } from '../../src/history/base.ts';
import type { CheckOutcome } from '../../src/posture/check.ts';
import { type PostureResult, runChecks } from '../../src/posture/run-checks.ts';
import { readSubject } from '../../src/posture/subject.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { stackedImage } from '../stacked.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'exhume-posture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The date of the checks: five days after the date of the fixtures. */
const NOW = new Date('2026-01-20');
export const PASSWD = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/sbin/nologin\n';
export const BUILDKIT = 'buildkit.dockerfile.v0';

/** An image to check, and its format; by default a docker-archive. */
export type Checked = Partial<ImageOptions> & { readonly oci?: LayoutOptions };

/** Returns a base image as from the classic builder: a root file system, then CMD. */
export function base(...entries: FixtureEntry[]): FixtureStep[] {
  return [
    {
      createdBy: '/bin/sh -c #(nop) ADD file:base in / ',
      entries: [dir('etc'), file('etc/passwd', PASSWD), ...entries],
    },
    { createdBy: '/bin/sh -c #(nop)  CMD ["sh"]', empty: true },
  ];
}

/** Returns a BuildKit step with a layer. */
export function app(createdBy: string, ...entries: FixtureEntry[]): FixtureStep {
  return { createdBy: `${createdBy} # buildkit`, comment: BUILDKIT, entries };
}

/** Returns a BuildKit RUN step with a file in its layer. */
export function run(text: string, ...entries: FixtureEntry[]): FixtureStep {
  return app(`RUN /bin/sh -c ${text}`, ...(entries.length === 0 ? [file('tmp/x', 'x')] : entries));
}

/** Returns an image of a base and more steps. */
export function at(...steps: FixtureStep[]): Checked {
  return { steps: [...base(), ...steps] };
}

/** Like `at`, but the archive does not contain the top layer. */
export function unreadable(...steps: FixtureStep[]): Checked {
  return at(...steps, { createdBy: 'COPY lost /', missing: true, entries: [file('lost')] });
}

/** An image without a history. */
export const WITHOUT_HISTORY: Checked = { history: null };

let count = 0;

/** Builds an image, saves it, opens it again and runs every check on it. */
export async function check({ oci, ...options }: Checked): Promise<PostureResult> {
  const image = await buildImage({ steps: base(), names: ['exhume/posture:1'], ...options });
  const target = path.join(folder, `${count++}.tar`);
  writeFileSync(
    target,
    oci === undefined ? await dockerArchive([image], { form: 'podman' }) : await ociArchive([image], oci),
  );
  const stacked = await stackedImage(target);
  const { annotations, config, layers } = stacked.image;
  const history = alignHistory(config.history, layers.length);
  const signs = findBase({ annotations, config, history, provenance: null });
  const origins = originsOf(signs, layers.length);
  return runChecks(
    await readSubject({ stacked, history, origins, base: signs, masker: new Masker([]) }, NOW),
  );
}

/** Returns the result of a check with its worst severity: `failed high`, `passed`, `unknown`. */
export async function verdict(id: string, options: Checked): Promise<string> {
  const { findings, outcomes } = await check(options);
  const { result } = outcomeOf(id, outcomes);
  const [worst] = findings
    .filter(({ rule }) => rule === id)
    .toSorted(compareFindings)
    .map(({ severity }) => severity);
  return result === 'failed' ? `failed ${worst}` : result;
}

/** Returns the outcome of a check. */
export async function outcome(id: string, options: Checked): Promise<CheckOutcome> {
  return outcomeOf(id, (await check(options)).outcomes);
}

function outcomeOf(id: string, outcomes: readonly CheckOutcome[]): CheckOutcome {
  const found = outcomes.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no check is called ${id}`);
  return found;
}
