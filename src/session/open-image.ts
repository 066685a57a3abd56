import { existsSync } from 'node:fs';
import { memorySource } from '../bytes/source.ts';
import { alignHistory, type HistoryAlignment } from '../history/align.ts';
import { chooseImage } from '../image/choose.ts';
import { type Image, type ImageArchive, type ImageChoice, storedBytes } from '../image/image.ts';
import { openPath, openSource } from '../image/open.ts';
import { parseReference } from '../image/reference.ts';
import { EarlyScans } from '../layer/early-scans.ts';
import { stackImage } from '../ledger/stack.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { LOSSES } from '../tar/member.ts';
import { type BaseEvidence, findBase, isBase, originsOf } from '../history/base.ts';
import type { Origin } from '../history/origin.ts';
import { parseProvenance, type Provenance } from '../history/provenance.ts';
import { readStatements } from '../image/statements.ts';
import type { CommandContext, CommonOptions } from '../commands/context.ts';
import type { EngineChoice } from './open-engine-image.ts';
import { notice } from '../commands/output.ts';
import { type Configured, readConfigured } from './read-config.ts';
import { searchProgress } from '../commands/search-progress.ts';
import type { Searching } from './searching.ts';

/** What the built-in demonstration image is called where a source is named. */
export const DEMO_SOURCE = 'the built-in demonstration image';

/** Codes of warnings after which some of an archive has not been read. */
const ARCHIVE_LOSSES: ReadonlySet<string> = new Set([...LOSSES, 'corrupt', 'unreadable']);

/** An image that a command has open, read and stacked. */
export interface OpenedImage extends Configured {
  readonly stacked: StackedImage;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  /** What tells which image it was built upon, the strongest sign first. */
  readonly base: readonly BaseEvidence[];
  /** What its builder recorded of the build; null where nothing rides along. */
  readonly provenance: Provenance | null;
  /** What the image was opened from, where more of it is to be looked at. */
  readonly archive?: ImageArchive;
  /** The search that has read along. */
  readonly searching?: Searching | undefined;
}

/**
 * Opens the archive behind a name.
 * @param name as typed; undefined for the demonstration image
 * @param choice which engine and platform, and whether to keep what it sends
 * @param early told of the layers that have arrived while others are still on their way
 */
export async function openArchive(
  name: string | undefined,
  context: CommandContext,
  choice: EngineChoice = {},
  early?: EarlyScans,
): Promise<ImageArchive> {
  const reference = parseReference(name, existsSync);
  if (reference.kind === 'demo' || reference.kind === 'path') {
    if (choice.keep !== undefined) {
      throw new Problem('usage', '--keep keeps what an engine, a registry or standard input sends');
    }
    if (reference.kind === 'path') {
      return openPath(reference.path, { form: reference.form, signal: context.signal });
    }
    const { demoArchive } = await import('../../fixtures/demo.ts');
    const demo = await demoArchive();
    return openSource(memorySource(DEMO_SOURCE, demo.bytes), demo.bytes.length, DEMO_SOURCE);
  }
  // Loaded when needed: what runs other programs takes longer to load than a small image to open.
  const engines = await import('./open-engine-image.ts');
  switch (reference.kind) {
    case 'stdin':
      return engines.openStandardInput(choice, context, early);
    case 'engine':
      return engines.openEngineImage(reference.engine, reference.name, choice, context, early);
    case 'registry':
      return engines.openRegistryImage(reference.name, choice, context, early);
  }
}

/** Picks the image that the options and the name ask for. */
export function pickImage(archive: ImageArchive, name: string | undefined, options: CommonOptions): Image {
  return pickChoice(archive, name, options).open();
}

/** As {@link pickImage}, without opening it. */
export function pickChoice(
  archive: ImageArchive,
  name: string | undefined,
  options: CommonOptions,
): ImageChoice {
  const reference = parseReference(name, existsSync);
  const named = reference.kind === 'path' ? reference.image : null;
  return chooseImage(archive, {
    image: options.image ?? (named === null ? null : named.replace(/^@/, '')),
    platform: options.platform ?? null,
  });
}

/** How a command wants its image read. */
export interface ReadingChoice {
  /** Reads along, for a command that looks for everything afterwards. */
  readonly searching?: Searching | undefined;
}

/** Opens, reads and stacks an image for a command that prints and ends. */
export async function readImage(
  name: string | undefined,
  options: CommonOptions,
  context: CommandContext,
  { searching }: ReadingChoice = {},
): Promise<OpenedImage> {
  const { config, masker } = searching ?? (await readConfigured(options, context));
  const along = searching?.along;
  const keep = searching?.keep;
  const early = new EarlyScans({ digests: options.verify, along: along?.call, keep });
  const progress = searchProgress(context.stderr, options.quiet === true || along === undefined);
  try {
    const archive = await openArchive(name, context, options, early);
    const image = pickImage(archive, name, options);
    const stacked = await stackImage(image, {
      pool: early.poolFor(storedBytes(image), 'helps'),
      early,
      along: along?.telling((done) => progress.update(done, storedBytes(image))),
      keep,
      verify: options.verify ? 'now' : 'never',
      signal: context.signal,
    });
    progress.end();
    noteLosses(archive, stacked);
    context.onRead?.({
      stacked,
      allowIncomplete: options.allowIncomplete === true,
      quiet: options.quiet === true,
    });
    for (const warning of [...archive.warnings, ...stacked.warnings]) {
      const at =
        warning.offset === undefined
          ? ''
          : ` (offset ${warning.offset}${warning.member === undefined ? '' : ` of ${warning.member}`})`;
      notice(context, options.quiet, `warning: ${warning.message}${at}`);
    }
    const history = alignHistory(image.config.history, image.layers.length);
    if (history.reason !== null) notice(context, options.quiet, `warning: ${history.reason}`);
    const facts = await readBase(image, history, masker, options, context);
    return { stacked, history, config, masker, ...facts, archive, searching };
  } finally {
    progress.end();
    early.close();
  }
}

/** Members of the archive that were lost may have held anything, in blobs that no image names too. */
function noteLosses({ source, warnings }: ImageArchive, { unread }: StackedImage): void {
  for (const { code, file = source, message, offset = null } of warnings) {
    if (!ARCHIVE_LOSSES.has(code)) continue;
    unread.add({ layer: null, what: 'blob', file, offset, length: null, reason: message });
  }
}

/** What is known of the base of an image, and of its build. */
export type BaseFacts = Pick<OpenedImage, 'origins' | 'base' | 'provenance'>;

/** Base or application for each layer: proven by `--base`, else as far as the image itself tells. */
export async function readBase(
  image: Image,
  history: HistoryAlignment,
  masker: Masker,
  options: CommonOptions,
  context: CommandContext,
): Promise<BaseFacts> {
  const provenance = parseProvenance(readStatements(image));
  const { annotations, config } = image;
  const signs = findBase({ annotations, config, history, provenance });
  const given = await givenBase(image, options, context);
  // A label or a line of the history names the base, and anything may stand there.
  const base = (given === null ? signs : [given, ...signs]).map((sign) => ({
    ...sign,
    name: sign.name === null ? null : masker.mask(sign.name),
    reason: masker.mask(sign.reason),
  }));
  return { base, provenance, origins: originsOf(base, image.layers.length) };
}

async function givenBase(
  image: Image,
  options: CommonOptions,
  context: CommandContext,
): Promise<BaseEvidence | null> {
  if (options.base === undefined) return null;
  const { image: _, keep: _keep, ...forBase } = options;
  const base = pickImage(await openArchive(options.base, context, forBase), options.base, forBase);
  if (!isBase(image.config.diffIds, base.config.diffIds)) {
    notice(
      context,
      options.quiet,
      `warning: ${options.base} is no base of this image: its diffIDs are not the first ones here`,
    );
    return null;
  }
  return {
    method: 'given',
    confidence: 'proof',
    name: base.names[0] ?? null,
    digest: base.manifestDigest,
    layers: base.config.diffIds.length,
    reason: `the diffIDs of ${options.base} are the first ones of this image`,
  };
}
