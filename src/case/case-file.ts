import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsent, isSystemError } from '../bytes/system-error.ts';
import type { Image } from '../image/image.ts';
import { Problem } from '../problem.ts';
import type { Goal } from '../retest/verify.ts';
import { toJson } from '../text/json.ts';
import { type AtomicOptions, writeFileAtomically } from './atomic-write.ts';
import type { Case, CaseAction } from './case.ts';
import { appendLine, beginLog, brokenParts, type CaseHead, checkChain, type LineFacts } from './chain.ts';
import { takeLock } from './lock.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { maskedAction } from './masked-action.ts';
import { parseCase } from './parse-case.ts';

/** Returns the path of a case's key. The key has its own file, so that a case can be shared without it. */
export function keyFileOf(file: string): string {
  return `${file}.key`;
}

/** `case-untrusted` if a result would depend on the case (exit status 1); otherwise `case-broken` (3). */
type Refusal = 'case-broken' | 'case-untrusted';

/**
 * Reads a case without checking its hashes and its seal.
 * @throws Problem `case-unusable` if the file cannot be read or is not a case; `refusal` if it names a known
 * schema but does not match it
 */
export function readCase(file: string, refusal: Refusal = 'case-broken'): Case {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('case-unusable', `cannot read case ${file}: ${(error as Error).message}`, { file });
  }
  const parsed = parseCase(text);
  switch (parsed.kind) {
    case 'case':
      return parsed.held;
    case 'foreign':
      throw new Problem('case-unusable', `${file} is not an exhume case file: ${parsed.reason}`, { file });
    case 'broken':
      throw brokenCase(file, parsed.reason, refusal);
  }
}

/**
 * Reads a case and checks its log, its head and its seal. Without the key, the seal is not checked.
 * @throws Problem `refusal` if a check fails, and as {@link readCase} does
 */
export function readIntactCase(file: string, refusal: Refusal = 'case-broken'): Case {
  const held = readCase(file, refusal);
  const [part] = brokenParts(held, checkChain(held, readKey(file)));
  if (part !== undefined) throw brokenCase(file, part, refusal);
  return held;
}

function brokenCase(file: string, part: string, refusal: Refusal): Problem {
  return new Problem(
    refusal,
    `${file}: the case is broken: ${part}; nothing was written; restore an intact copy, or keep the file and its key unchanged and start a new case: exhume case open NEW-FILE IMAGE`,
    { file },
  );
}

/**
 * Reads a case, and checks that it is intact and about the given image.
 * @throws Problem `usage` if it is about another image, and as {@link readIntactCase} does
 */
export function readCaseAbout(file: string, imageId: string, refusal: Refusal = 'case-broken'): Case {
  const held = readIntactCase(file, refusal);
  if (held.image.id === imageId) return held;
  throw new Problem('usage', `${file} is a case about ${held.image.id}, not about ${imageId}`, { file });
}

/**
 * Reads a case's key. Returns null if the key file does not exist or does not hold a key.
 * @throws Problem `case-unusable` if the key file exists but cannot be read
 */
export function readKey(file: string): Uint8Array | null {
  try {
    const text = readFileSync(keyFileOf(file), 'utf8').trim();
    // The whole text must match: another file may begin with 64 hexadecimal digits.
    return /^[0-9a-f]{64}$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    if (!isSystemError(error)) throw error;
    const key = keyFileOf(file);
    throw new Problem('case-unusable', `cannot read key ${key}: ${error.message}`, { file: key }, error);
  }
}

/**
 * Writes a case or its key. A failure counts as one of the case (exit status 3), not of the command line.
 * @throws Problem `case-unusable`, `disk-full`, `unsafe-target`
 */
function writeCaseFile(file: string, text: string, options: AtomicOptions): void {
  try {
    writeFileAtomically(file, text, options);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'write-failed') throw error;
    throw new Problem('case-unusable', error.message, error.place, error);
  }
}

/**
 * Creates a case.
 * @throws Problem `unsafe-target` if the file already exists; `case-unusable` if it cannot be written or is in
 * use; `disk-full`
 */
export function createCase(file: string, image: Image, goals: readonly Goal[], facts: LineFacts): Case {
  if (existsSync(file))
    throw new Problem('unsafe-target', `${file} already exists; name another file`, { file });
  const unlock = takeLock(file);
  try {
    const key = new Uint8Array(randomBytes(32));
    // Write the key first: a case without a key can never be changed again. Replace a key left behind by a
    // deleted case, but no other file of that name.
    const replace = readKey(file) !== null;
    writeCaseFile(keyFileOf(file), `${Buffer.from(key).toString('hex')}\n`, { replace });
    const head: CaseHead = {
      schema: 'exhume/case/2',
      created: facts.at,
      image: {
        id: image.id,
        manifestDigest: image.manifestDigest,
        names: [...image.names],
        source: image.source,
        diffIds: [...image.config.diffIds],
      },
      goals: [...goals],
    };
    const opened = beginLog(head, image.source, facts, key);
    writeCaseFile(file, `${toJson(opened)}\n`, { replace: false });
    return opened;
  } finally {
    unlock();
  }
}

/**
 * Appends a line to the log of an intact case, atomically. Credentials in notes and reasons are masked.
 * @param decide receives the current case and returns the action to log, or null for none
 * @returns the changed case
 * @throws Problem `case-broken` if it is not intact; `case-unusable` if it cannot be read or written, has no key
 * or is in use by another process; `disk-full`
 */
export function changeCase(
  file: string,
  facts: Omit<LineFacts, 'imageId'>,
  decide: (held: Case) => CaseAction | null,
  masker: Masker,
): Case {
  const unlock = takeLock(file);
  try {
    // Check before every line: resealing a broken log would make it look intact.
    const held = readIntactCase(file);
    const key = readKey(file);
    if (key === null) {
      throw new Problem(
        'case-unusable',
        `cannot change case ${file}: ${keyFileOf(file)} does not exist or is not a key`,
        { file },
      );
    }
    const did = decide(held);
    if (did === null) return held;
    const changed = appendLine(held, maskedAction(did, masker), { ...facts, imageId: held.image.id }, key);
    writeCaseFile(file, `${toJson(changed)}\n`, { replace: true });
    return changed;
  } finally {
    unlock();
  }
}
