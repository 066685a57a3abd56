import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Case, CaseAction, CaseLine } from './case.ts';

/** What a log's first line is chained to. */
const BEGINNING = 'exhume case log 1';

/** Who does something, when, and with what. */
export interface LineFacts {
  readonly at: string;
  readonly tool: string;
  readonly imageId: string;
  readonly operator: string | null;
}

/** A case without its log and its seal. */
export type CaseHead = Omit<Case, 'log' | 'seal'>;

/** Begins a log. Its first line records the digest of the head. */
export function beginLog(head: CaseHead, source: string, facts: LineFacts, key: Uint8Array): Case {
  const empty: Case = { ...head, log: [], seal: '' };
  return withLine(empty, { action: 'opened', source, head: headDigest(empty) }, facts, key);
}

/**
 * Adds a line to a log. A case of version 1 becomes one of version 2 first, by a line that records the
 * digest of its head; its lines keep their hashes. The given case does not change.
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

/** sha256 of all that a case holds besides its log and its seal, the version of the format included. */
function headDigest({ log: _log, seal: _seal, ...head }: Case): string {
  return createHash('sha256').update(canonical(head)).digest('hex');
}

/** The seal of a case: without the key nobody can make one that fits another head or another log. */
function sealOf(held: Case, key: Uint8Array): string {
  const end = `${held.log.length}\0${held.log.at(-1)?.hash ?? BEGINNING}`;
  // The forms begin differently, so a seal of one version is never a seal of the other.
  const text = held.schema === 'exhume/case/1' ? end : `${held.schema}\0${headDigest(held)}\0${end}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

/** The result of checking a case. */
export interface ChainCheck {
  /** Numbers of lines whose hash does not match their content and the line before. */
  readonly broken: readonly number[];
  /** `changed`: not the head that the log records; `uncovered`: version 1 does not protect the head. */
  readonly head: 'intact' | 'changed' | 'uncovered';
  /** Whether the seal matches; null without the key. */
  readonly sealed: boolean | null;
}

/** Checks every line against the one before, the head against the log, and the seal if the key is known. */
export function checkChain(held: Case, key: Uint8Array | null): ChainCheck {
  const old = held.schema === 'exhume/case/1';
  const recorded = held.log.map(({ did }) => ('head' in did ? did.head : undefined));
  const broken: number[] = [];
  let before = BEGINNING;
  for (const [index, { hash, ...content }] of held.log.entries()) {
    // Version 1 records no head: this is a newer case whose version was set back.
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

/** Says in words what of a case is broken; nothing if it is intact, or if only its seal could not be checked. */
export function brokenParts({ log }: Case, { broken, head, sealed }: ChainCheck): string[] {
  const parts = broken.map(
    (line) => `line ${line}: not what was written, or does not follow the line before`,
  );
  if (head === 'changed') {
    parts.push('the head (image, goals, time of creation) is not the one that the log records');
  }
  if (sealed === false) {
    parts.push(
      `the seal does not hold after line ${log.length - 1}: lines are missing at the end, or something was changed without the key`,
    );
  }
  return parts;
}

function hashOf(before: string, content: Omit<CaseLine, 'hash'>): string {
  return createHash('sha256')
    .update(`${before}\0${canonical(content)}`)
    .digest('hex');
}

/** JSON with its keys in order: the same whoever wrote it. */
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
