import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Image } from '../image/image.ts';
import { Problem } from '../problem.ts';
import type { Goal } from '../retest/verify.ts';
import { toJson } from '../text/json.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { type Case, type CaseAction, caseSchema } from './case.ts';
import { appendLine, type LineFacts, sealOf } from './chain.ts';
import { takeLock } from './lock.ts';
import type { Masker } from '../secrets/mask.ts';
import { maskedAction } from './masked-action.ts';

/** The key lies apart, so that a case can be handed on without what its fingerprints are keyed with. */
export function keyFileOf(file: string): string {
  return `${file}.key`;
}

/**
 * Reads a case.
 * @throws Problem `not-found`, `usage` where it is none: it says what is wrong, and where
 */
export function readCase(file: string): Case {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('usage', `${file} cannot be read: ${(error as Error).message}`, { file });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem('usage', `${file} is no case of exhume: ${(error as Error).message}`, { file });
  }
  const parsed = caseSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Problem('usage', `${file} is no case of exhume: ${issue.path.join('.')}: ${issue.message}`, {
    file,
  });
}

/**
 * Reads the case about an image.
 * @throws Problem `usage` where it is about another one, and as {@link readCase} does
 */
export function readCaseAbout(file: string, imageId: string): Case {
  const held = readCase(file);
  if (held.image.id === imageId) return held;
  throw new Problem('usage', `${file} is a case about ${held.image.id}, not about ${imageId}`, { file });
}

/** The case's key; null where its file is not there. */
export function readKey(file: string): Uint8Array | null {
  try {
    const key = Buffer.from(readFileSync(keyFileOf(file), 'utf8').trim(), 'hex');
    return key.length === 32 ? new Uint8Array(key) : null;
  } catch {
    return null;
  }
}

/**
 * Begins a case.
 * @throws Problem `unsafe-target` where the file is there already, `write-failed`, `disk-full`
 */
export function createCase(file: string, image: Image, goals: readonly Goal[], facts: LineFacts): Case {
  if (existsSync(file)) throw new Problem('unsafe-target', `${file} is there already`, { file });
  const unlock = takeLock(file);
  try {
    const key = new Uint8Array(randomBytes(32));
    // The key comes first: a case without one could not be written to any more.
    writeFileAtomically(keyFileOf(file), `${Buffer.from(key).toString('hex')}\n`, { replace: true });
    const begun: Case = {
      schema: 'exhume/case/1',
      created: facts.at,
      image: {
        id: image.id,
        manifestDigest: image.manifestDigest,
        names: [...image.names],
        source: image.source,
        diffIds: [...image.config.diffIds],
      },
      goals: [...goals],
      log: [],
      seal: sealOf([], key),
    };
    const opened = appendLine(begun, { action: 'opened', source: image.source }, facts, key);
    writeFileAtomically(file, `${toJson(opened)}\n`, { replace: false });
    return opened;
  } finally {
    unlock();
  }
}

/**
 * Adds a line to a case on disk, whole or not at all; credentials in notes and reasons are covered.
 * @param decide looks at the case as it is now and says what to add; null for nothing
 * @returns the case as it is then
 * @throws Problem `usage` without the case's key or for a case that is none; `unsafe-target` where another
 * one writes to it; `write-failed`, `disk-full`
 */
export function changeCase(
  file: string,
  facts: Omit<LineFacts, 'imageId'>,
  decide: (held: Case) => CaseAction | null,
  masker: Masker,
): Case {
  const unlock = takeLock(file);
  try {
    const held = readCase(file);
    const key = readKey(file);
    if (key === null) {
      throw new Problem(
        'usage',
        `${keyFileOf(file)} is not there or holds no key: the case can be read, not written to`,
        { file },
      );
    }
    const did = decide(held);
    if (did === null) return held;
    const changed = appendLine(held, maskedAction(did, masker), { ...facts, imageId: held.image.id }, key);
    writeFileAtomically(file, `${toJson(changed)}\n`, { replace: true });
    return changed;
  } finally {
    unlock();
  }
}
