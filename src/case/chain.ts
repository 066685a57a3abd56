import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Case, CaseAction, CaseLine } from './case.ts';

/** The value that the first line of a log is chained to. */
const BEGINNING = 'exhume case log 1';

/** The facts that every log line records: when, with which program, on which image, by whom. */
export interface LineFacts {
  readonly at: string;
  readonly tool: string;
  readonly imageId: string;
  readonly operator: string | null;
}

/** The part of a case that is neither log nor seal. */
export type CaseHead = Omit<Case, 'log' | 'seal'>;

/** Creates a case with a log of one line, which records the digest of the head. */
export function beginLog(head: CaseHead, source: string, facts: LineFacts, key: Uint8Array): Case {
  const empty: Case = { ...head, log: [], seal: '' };
  return withLine(empty, { action: 'opened', source, head: headDigest(empty) }, facts, key);
}

/**
 * Returns a copy of a case with one more log line. A case of version 1 is first converted to version 2 by a line
 * that records the digest of its head; earlier lines keep their hashes.
 */
export function appendLine(held: Case, did: CaseAction, facts: LineFacts, key: Uint8Array): Case {
  return withLine(held.schema === 'exhume/case/1' ? upgraded(held, facts, key) : held, did, facts, key);
}

function upgraded(held: Case, facts: LineFacts, key: Uint8Array): Case {
  const next: Case = { ...held, schema: 'exhume/case/2' };
  const did = { action: 'upgraded', from: 'exhume/case/1', head: headDigest(next) } as const;
  return withLine(next, did, facts, key);
}

function withLine(held: Case, did: CaseAction, facts: LineFacts, key: Uint8Array): Case {
  const content = { number: held.log.length, ...facts, did };
  const line: CaseLine = { ...content, hash: hashOf(held.log.at(-1)?.hash ?? BEGINNING, content) };
  const next = { ...held, log: [...held.log, line] };
  return { ...next, seal: sealOf(next, key) };
}

/** Returns the SHA-256 of everything in a case except its log and its seal. It includes the schema version. */
function headDigest({ log: _log, seal: _seal, ...head }: Case): string {
  return createHash('sha256').update(canonical(head)).digest('hex');
}

/** Computes the seal of a case. Without the key, nobody can forge one for a different head or log. */
function sealOf(held: Case, key: Uint8Array): string {
  const end = `${held.log.length}\0${held.log.at(-1)?.hash ?? BEGINNING}`;
  // The two versions seal texts with different prefixes, so neither seal is valid for the other version.
  const text = held.schema === 'exhume/case/1' ? end : `${held.schema}\0${headDigest(held)}\0${end}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

/** The result of checking a case. */
export interface ChainCheck {
  /** Numbers of the lines whose hash does not match their content and the previous line. */
  readonly broken: readonly number[];
  /** `changed`: differs from the head that the log records; `uncovered`: version 1 does not protect the head. */
  readonly head: 'intact' | 'changed' | 'uncovered';
  /** Whether the seal is valid; null without the key. */
  readonly sealed: boolean | null;
}

/** Checks every line against the previous one, the head against the log, and the seal if the key is given. */
export function checkChain(held: Case, key: Uint8Array | null): ChainCheck {
  const old = held.schema === 'exhume/case/1';
  const recorded = held.log.map(({ did }) => ('head' in did ? did.head : undefined));
  const broken: number[] = [];
  let before = BEGINNING;
  for (const [index, { hash, ...content }] of held.log.entries()) {
    // Version 1 never records a head, so this case was downgraded from version 2.
    const setBack = old && recorded[index] !== undefined;
    if (content.number !== index || hash !== hashOf(before, content) || setBack) broken.push(index);
    before = hash;
  }
  const sealed = key === null ? null : same(held.seal, sealOf(held, key));
  if (old) return { broken, head: 'uncovered', sealed };
  const digests = recorded.filter((digest) => digest !== undefined);
  const digest = headDigest(held);
  const intact = digests.length > 0 && digests.every((each) => each === digest);
  return { broken, head: intact ? 'intact' : 'changed', sealed };
}

/** Describes each broken part of a case. Returns nothing for an intact case, even if the seal was not checked. */
export function brokenParts({ log }: Case, { broken, head, sealed }: ChainCheck): string[] {
  const parts = broken.map(
    (line) => `line ${line} was changed, or the line before it was changed or removed`,
  );
  if (head === 'changed') {
    parts.push('the head (image, goals, time of creation) does not match the log');
  }
  if (sealed === false) {
    parts.push(
      `the seal after line ${log.length - 1} is invalid: lines are missing at the end, or the case was changed without the key`,
    );
  }
  return parts;
}

function hashOf(before: string, content: Omit<CaseLine, 'hash'>): string {
  return createHash('sha256')
    .update(`${before}\0${canonical(content)}`)
    .digest('hex');
}

/** Returns canonical JSON: keys sorted, no white space. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
