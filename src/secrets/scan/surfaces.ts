import type { Occurrence } from '../../finding/finding.ts';
import { historyOrigins } from '../../finding/history-origins.ts';
import { stateOf } from '../../finding/state.ts';
import { placeOn } from '../../finding/where.ts';
import type { HistoryAlignment } from '../../history/align.ts';
import type { Origin } from '../../history/origin.ts';
import type { Image } from '../../image/image.ts';
import type { Masker } from '../mask/masker.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { scanText, type TextKind } from '../readers/text-scanner.ts';
import type { Rule } from '../rule.ts';
import { configTexts } from './config-texts.ts';
import { suppressionOf, type FoundSecret, insideOf } from './found-secret.ts';
import type { SurfaceText } from './surface-text.ts';

const BUILD_ARGUMENT = 'build argument ';

/** Context of a text in the image. */
export interface SurfaceFacts {
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly masker: Masker;
}

/** Scans the config, the history and the annotations of an image. */
export function scanSurfaces(image: Image, facts: SurfaceFacts): FoundSecret[] {
  const { history, masker } = facts;
  const texts = [...configTexts(image), ...historyTexts(history)];
  return inTexts(texts, facts, (text) => hitsOf(text, masker.rules));
}

/**
 * Searches the same texts for known values. Names of texts, and texts derived from other texts, are left out.
 */
export function findInSurfaces(image: Image, facts: SurfaceFacts, matcher: ContentMatcher): FoundSecret[] {
  const { history } = facts;
  const texts = [...configTexts(image), ...historyTexts(history)].filter(
    ({ key, surface }) => surface !== 'history' || !key.startsWith(BUILD_ARGUMENT),
  );
  return inTexts(texts, facts, ({ text }) =>
    matcher.matchWhole(Buffer.from(text, 'utf8')).map((hit) => ({ hit, offset: hit.start })),
  );
}

function inTexts(
  texts: readonly SurfaceText[],
  { history, masker, origins }: SurfaceFacts,
  find: (text: SurfaceText) => readonly { readonly hit: RawHit; readonly offset: number }[],
): FoundSecret[] {
  const ofEntries = historyOrigins(history, origins);
  const found: FoundSecret[] = [];
  for (const text of texts) {
    const index = text.historyIndex ?? introducing(history, text);
    const entry = index === null ? undefined : history.entries[index];
    const facts = {
      state: stateOf(text),
      origin: (index === null ? undefined : ofEntries[index]) ?? 'unknown',
      introducedBy: entry === undefined || entry.instruction === '' ? null : masker.mask(entry.instruction),
      removedBy: null,
      removedIn: null,
    } as const satisfies Omit<Occurrence, 'where'>;
    for (const { hit, offset } of find(text)) {
      const where = placeOn({
        surface: text.surface,
        layer: text.surface === 'history' ? (entry?.layer ?? null) : null,
        path: text.path ?? null,
        offset,
        key: text.key,
        historyIndex: text.surface === 'history' ? index : null,
        inside: insideOf([], hit, masker),
      });
      found.push({ hit, occurrence: { where, ...facts }, suppressed: suppressionOf(hit) });
    }
  }
  return found;
}

function hitsOf(
  { prefix, text, kind }: SurfaceText,
  rules: readonly Rule[],
): { hit: RawHit; offset: number }[] {
  const bytes = Buffer.from(prefix + text, 'utf8');
  const before = Buffer.byteLength(prefix, 'utf8');
  return scanText(bytes, kind, rules).map((hit) => ({ hit, offset: Math.max(0, hit.start - before) }));
}

function* historyTexts(history: HistoryAlignment): Generator<SurfaceText, void> {
  for (const [historyIndex, entry] of history.entries.entries()) {
    const texts = [
      ['created_by', entry.createdBy, 'commands'],
      ['comment', entry.comment, 'text'],
      ['author', entry.author, 'text'],
    ] as const;
    for (const [key, text, kind] of texts) {
      if (text !== null && text !== '')
        yield { surface: 'history', key, prefix: '', text, kind, historyIndex };
    }
    // The names of build arguments help the rules, and only the parsed argument shows where a value with
    // spaces ends.
    for (const { name, value } of history.instructions[historyIndex]?.args ?? []) {
      if (isInInstruction(entry.createdBy ?? '', name, value)) continue;
      yield {
        surface: 'history',
        key: `${BUILD_ARGUMENT}${name}`,
        prefix: `${name}=`,
        text: value,
        kind: 'variables',
        historyIndex,
      };
    }
  }
}

/**
 * Reports whether the rules find the same values in the instruction itself, so that they are not reported
 * twice.
 */
function isInInstruction(createdBy: string, name: string, value: string): boolean {
  const found = (text: string, kind: TextKind): string[] =>
    scanText(Buffer.from(text), kind).map((hit) => Buffer.from(hit.value).toString('latin1'));
  const known = new Set(found(createdBy, 'commands'));
  return found(`${name}=${value}`, 'variables').every((each) => known.has(each));
}

/** Returns the index of the newest history entry that set a text of the config, or null. */
function introducing(history: HistoryAlignment, { surface, key }: SurfaceText): number | null {
  const keyword = { env: 'ENV', label: 'LABEL' }[surface as string] ?? CONFIG_KEYWORDS[key.split(/[.[]/)[0]!];
  if (keyword === undefined) return null;
  const index = history.instructions.findLastIndex(
    (instruction) =>
      instruction.keyword === keyword &&
      ((surface !== 'env' && surface !== 'label') || instruction.text.includes(key)),
  );
  return index < 0 ? null : index;
}

const CONFIG_KEYWORDS: Readonly<Record<string, string>> = {
  Cmd: 'CMD',
  Entrypoint: 'ENTRYPOINT',
  Healthcheck: 'HEALTHCHECK',
  OnBuild: 'ONBUILD',
  Shell: 'SHELL',
  User: 'USER',
  WorkingDir: 'WORKDIR',
};
