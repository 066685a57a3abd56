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

/** Adds a line to a log. The given case stays as it is. */
export function appendLine(held: Case, did: CaseAction, facts: LineFacts, key: Uint8Array): Case {
  const number = held.log.length;
  const content = { number, ...facts, did };
  const line: CaseLine = { ...content, hash: hashOf(held.log.at(-1)?.hash ?? BEGINNING, content) };
  const log = [...held.log, line];
  return { ...held, log, seal: sealOf(log, key) };
}

/** Seals a log: whoever cuts lines off its end, and has no key, cannot do it again. */
export function sealOf(log: readonly CaseLine[], key: Uint8Array): string {
  return createHmac('sha256', key)
    .update(`${log.length}\0${log.at(-1)?.hash ?? BEGINNING}`)
    .digest('hex');
}

/** What a check of a log came to. */
export interface ChainCheck {
  /** Numbers of lines whose hash does not follow from what stands there. */
  readonly broken: readonly number[];
  /** Whether the seal holds; null without the key. */
  readonly sealed: boolean | null;
}

/** Checks every line against the one before, and the seal where the key is at hand. */
export function checkChain({ log, seal }: Case, key: Uint8Array | null): ChainCheck {
  const broken: number[] = [];
  let before = BEGINNING;
  for (const [index, { hash, ...content }] of log.entries()) {
    if (content.number !== index || hash !== hashOf(before, content)) broken.push(index);
    before = hash;
  }
  return { broken, sealed: key === null ? null : same(seal, sealOf(log, key)) };
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
