import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { keepTemporary, markTemporary, privateFolder, removeTemporary } from '../../bytes/spool.ts';
import { Problem } from '../../problem.ts';
import type { ImageArchive } from '../image.ts';
import { openPath } from '../open.ts';
import { hostPlatform, type Platform, parsePlatform, platformText } from '../platform.ts';
import { readComplaint } from './complaint.ts';
import { EngineProblem, type Refusal, refusalProblem } from './engine-problem.ts';
import { watchLayout } from './layout-watch.ts';
import { checkKeep, type EngineOptions } from './open-engine.ts';
import { runProgram } from './run.ts';

interface Puller {
  readonly name: 'skopeo' | 'crane';
  readonly cli: string;
}

/**
 * Opens an image of a registry: skopeo, else crane, pulls one platform of it into a private OCI layout.
 * These programs handle credentials, mirrors and certificates.
 * @param name a reference without `docker://`, checked by parseReference
 * @throws EngineProblem with the messages of the programs; Problem `cancelled`, `write-failed`, `usage`
 */
export async function openFromRegistry(name: string, options: EngineOptions): Promise<ImageArchive> {
  const keep = options.keep ?? null;
  checkKeep(keep);
  if (keep?.includes(':')) {
    throw new Problem('usage', `--keep ${keep}: skopeo cannot write to a directory with a colon in its name`);
  }
  const platform = options.platform === null ? hostPlatform() : parsePlatform(options.platform);
  if (platform === null) {
    throw new Problem('usage', `invalid --platform "${options.platform}": expected os/arch[/variant]`);
  }
  const refusals: Refusal[] = [];
  for (const puller of pullersFor(options.cli)) {
    options.onAsk?.(puller.name);
    const result = await pullImage(puller, name, platform, options);
    if ('archive' in result) return result.archive;
    refusals.push(result.refusal);
    if (result.refusal.complaint.kind !== 'not-installed') break;
  }
  if (refusals.every(({ complaint }) => complaint.kind === 'not-installed')) {
    const programs = refusals.map((refusal) => refusal.name);
    const missing =
      programs.length > 1 ? `neither ${programs.join(' nor ')} is` : `${programs.join('')} is not`;
    throw new EngineProblem('engine', `docker://${name}: cannot pull, because ${missing} installed`, [
      `with an engine, run docker pull ${name}, then exhume ${name}`,
    ]);
  }
  throw refusalProblem(`docker://${name}:`, refusals, [], options.quiet);
}

function pullersFor(cli: string | null): readonly Puller[] {
  if (cli === null) {
    return [
      { name: 'skopeo', cli: 'skopeo' },
      { name: 'crane', cli: 'crane' },
    ];
  }
  const name = /^(skopeo|crane)(?![a-z])/.exec(path.basename(cli))?.[1];
  if (name !== 'skopeo' && name !== 'crane') {
    throw new Problem('usage', `docker://NAME needs skopeo or crane, not ${cli}`);
  }
  return [{ name, cli }];
}

type Pulled = { readonly archive: ImageArchive } | { readonly refusal: Refusal };

async function pullImage(
  puller: Puller,
  name: string,
  platform: Platform,
  options: EngineOptions,
): Promise<Pulled> {
  const { env, signal } = options;
  let refusal: Refusal | null = null;
  for (const attempt of attemptsOf(puller, platform)) {
    const { folder, keep, remove } = newFolder(options.keep ?? null);
    try {
      const watch = watchLayout(folder, options);
      const exit = await runProgram(puller.cli, attempt.args(name, folder), { env, signal }, () => {});
      const bytes = watch.stop();
      if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
      if (exit.status === 0) {
        const archive = relabel(await openPath(folder), name);
        keep();
        return { archive };
      }
      const complaint = readComplaint(exit);
      remove();
      refusal = { role: 'registry', name: puller.name, complaint, bytes };
      if (!attempt.nextIf.test(complaint.words.join('\n'))) break;
    } catch (error) {
      remove();
      throw error;
    }
  }
  return { refusal: refusal! };
}

interface Attempt {
  args(name: string, folder: string): readonly string[];
  /** Error messages after which to make the next attempt. */
  readonly nextIf: RegExp;
}

/**
 * Returns the attempts to make, in order. An image with a Docker manifest may get another config, and thus
 * another ID, when it is converted to OCI, so skopeo must preserve all digests. If it then refuses to write
 * a layout, `dir:` stores the registry's data unchanged.
 */
function attemptsOf(puller: Puller, platform: Platform): readonly Attempt[] {
  if (puller.name === 'crane') {
    const args = (name: string, folder: string): string[] => [
      'pull',
      '--format=oci',
      `--platform=${platformText(platform)}`,
      '--',
      name,
      folder,
    ];
    return [{ args, nextIf: /(?!)/ }];
  }
  const override = ['--override-os', platform.os, '--override-arch', platform.architecture];
  if (platform.variant !== undefined) override.push('--override-variant', platform.variant);
  const copy = (form: string, ...flags: string[]): Attempt['args'] => {
    return (name, folder) => [...override, 'copy', ...flags, '--', `docker://${name}`, `${form}:${folder}`];
  };
  return [
    { args: copy('oci', '--preserve-digests'), nextIf: /preserve digests|unknown flag/i },
    { args: copy('dir'), nextIf: /(?!)/ },
  ];
}

/** Creates a directory with mode 0700: a temporary one, or the one that the user wants to keep. */
function newFolder(keep: string | null): { folder: string; keep(): void; remove(): void } {
  if (keep === null) {
    const top = privateFolder();
    return { folder: path.join(top, 'image'), keep: () => {}, remove: () => removeTemporary(top) };
  }
  try {
    mkdirSync(keep, { mode: 0o700 });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Problem(
      'write-failed',
      `cannot create the directory ${keep}: ${detail}`,
      { file: keep },
      error,
    );
  }
  markTemporary(keep);
  return { folder: keep, keep: () => keepTemporary(keep), remove: () => removeTemporary(keep) };
}

/** Replaces the temporary directory in the image's source and names by the reference that the user gave. */
function relabel(archive: ImageArchive, name: string): ImageArchive {
  const source = `docker://${name}`;
  const named = (names: readonly string[]): readonly string[] => (names.length === 0 ? [name] : names);
  const choices = archive.choices.map((choice) => ({
    ...choice,
    names: named(choice.names),
    open: () => {
      const image = choice.open();
      return { ...image, source, names: named(image.names) };
    },
  }));
  return { ...archive, source, choices, unreferenced: () => archive.unreferenced() };
}
