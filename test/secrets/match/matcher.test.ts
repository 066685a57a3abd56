import { describe, expect, it } from 'vitest';
import { ed25519Pem, opensshKey, rsaKey } from '../../../fixtures/canary-keys.ts';
import {
  awsKeyPair,
  databaseUrl,
  githubToken,
  npmToken,
  password,
  seededRandom,
  slackToken,
} from '../../../fixtures/canary.ts';
import { SCAN_CAPACITY } from '../../../src/secrets/match/anchor-scanner.ts';
import { ContentScanner } from '../../../src/secrets/match/content-scanner.ts';
import { LOOK_AHEAD, Matcher } from '../../../src/secrets/match/matcher.ts';
import type { RawHit } from '../../../src/secrets/raw-hit.ts';
import { SUPPRESSED } from '../../../src/secrets/rule.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';
import { cases, fc } from '../../property.ts';

const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });
const scanner = new ContentScanner(matcher);

function scan(content: string | Uint8Array, cuts: readonly number[] = []): RawHit[] {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    scanner.feed(bytes.subarray(from, to));
    from = Math.max(from, to);
  }
  return scanner.end();
}

function seen(hits: readonly RawHit[]): string[] {
  return hits.map(({ rule, verdict }) => `${rule} ${verdict}`);
}

function reported(hits: readonly RawHit[]): string[] {
  return seen(hits.filter((hit) => !SUPPRESSED.has(hit.verdict) && hit.confidence !== 'low'));
}

function example(id: string): string {
  return RULES.find((rule) => rule.id === id)!.example(seededRandom(id));
}

/** Replaces the character at an index with another one of the same kind. */
function changed(text: string, at: number): string {
  const other = text[at] === 'a' ? 'b' : 'a';
  return text.slice(0, at) + other + text.slice(at + 1);
}

describe('a token with a checksum', () => {
  it.each([
    ['github-personal-token', githubToken('m')],
    ['npm-token', npmToken('m')],
    ['gitlab-routable-token', example('gitlab-routable-token')],
  ])('is found, but suppressed if any one character is wrong: %s', (rule, token) => {
    expect(seen(scan(`TOKEN=${token}\n`))).toEqual([`${rule} checksum-valid`]);
    for (let at = token.search(/[_-]/) + 1; at < token.length; at++) {
      if (token[at] === '.') continue;
      expect([at, reported(scan(`TOKEN=${changed(token, at)}\n`))]).toEqual([at, []]);
    }
  });

  it('is suppressed if a checksum of any other kind is wrong', () => {
    for (const rule of RULES.filter(
      ({ validator }) => validator === 'bech32' || validator === 'base58check',
    )) {
      const text = rule.example(seededRandom('check'));
      expect(seen(scan(text))).toEqual([`${rule.id} checksum-valid`]);
      const last = text.endsWith('Q') || text.endsWith('q') ? 'P' : 'Q';
      expect(reported(scan(text.slice(0, -1) + last))).toEqual([]);
    }
  });
});

describe('private keys', () => {
  const { privateKey } = opensshKey('m');

  it('are found with the fingerprint of their public key', () => {
    const [hit] = scan(privateKey);
    expect(hit).toMatchObject({ rule: 'private-key-openssh', verdict: 'structure-valid', start: 0, line: 1 });
    expect(hit!.details['publicKey']).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(seen(scan(ed25519Pem('m')))).toEqual(['private-key-pkcs8 structure-valid']);
    const { pem } = rsaKey('leaky-id-rsa', { steps: [1264, 220] });
    expect(scan(pem)[0]).toMatchObject({ rule: 'private-key-rsa', details: { key: 'rsa 2048' } });
  });

  it.each([
    ['in a JSON string', (pem: string) => JSON.stringify({ key: pem })],
    ['in a JSON string in a JSON string', (pem: string) => JSON.stringify(JSON.stringify({ key: pem }))],
    ['indented in YAML', (pem: string) => `key: |\n${pem.replaceAll(/^/gm, '    ')}`],
    ['on one line', (pem: string) => `KEY="${pem.replaceAll('\n', ' ')}"`],
    ['with CRLF', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['in base64', (pem: string) => `key: ${Buffer.from(pem).toString('base64')}\n`],
    ['in base64, misaligned', (pem: string) => `key: ${Buffer.from(`x ${pem}`).toString('base64')}\n`],
  ])('are the same secret %s', (_how, write) => {
    const pem = ed25519Pem('m');
    const hits = scan(write(pem)).filter((hit) => hit.rule === 'private-key-pkcs8');
    expect(hits.map(({ value }) => Buffer.from(value).toString())).toEqual([
      Buffer.from(scan(pem)[0]!.value).toString(),
    ]);
  });

  it('are suppressed without a body that parses', () => {
    const lines = privateKey.split('\n');
    expect(reported(scan(`${lines[0]}\n`))).toEqual([]);
    expect(reported(scan(`${lines[0]}\n...\n${lines.at(-2)}\n`))).toEqual([]);
    expect(reported(scan(privateKey.replace(lines[2]!, 'A'.repeat(70))))).toEqual([]);
  });
});

describe('an encoded token', () => {
  const token = githubToken('encoded');

  it.each([0, 1, 2, 3, 4, 5])('is found in base64 at any alignment: after %i bytes', (shift) => {
    const text = `auth: ${Buffer.from(`${'u'.repeat(shift)}:${token}\n`).toString('base64')}\n`;
    const [hit, ...more] = scan(text).filter((found) => found.rule === 'github-personal-token');
    expect([hit?.verdict, hit?.via, more]).toEqual(['checksum-valid', 'base64', []]);
    const inside = Buffer.from(text.slice(hit!.start, hit!.end), 'base64').toString('latin1');
    expect(inside.length).toBeGreaterThanOrEqual(token.length - 2);
  });

  it.each(['utf16le', 'be', 'marked'])('is found in UTF-16: %s', (form) => {
    const text = Buffer.from(`[Settings]\r\nToken=${token}\r\nOther=plain words\r\n`, 'utf16le');
    if (form === 'be') text.swap16();
    const bytes = form === 'marked' ? Buffer.concat([Buffer.from([0xff, 0xfe]), text]) : text;
    for (const cut of [0, 1, 7, 31]) {
      const [hit] = scan(bytes, [cut]);
      expect(hit).toMatchObject({
        rule: 'github-personal-token',
        verdict: 'checksum-valid',
        via: 'utf-16',
        line: 2,
      });
      const place = bytes.subarray(hit!.start, hit!.end);
      expect(place.toString('latin1').replaceAll('\0', '')).toBe(token);
    }
  });

  it.each(['\\n', '\\t', '%3D', '%20', '\\u003d'])('is found after the escape %s', (escape) => {
    expect(seen(scan(`"x${escape}${token}"`))).toEqual(['github-personal-token checksum-valid']);
  });
});

describe('boundaries of chunks and windows', () => {
  const parts = [
    githubToken('edge'),
    opensshKey('edge').privateKey,
    awsKeyPair('edge').id,
    databaseUrl('edge'),
    Buffer.from(npmToken('edge')).toString('base64'),
  ];
  const content = Buffer.from(parts.map((part) => `line\n${part}\n`).join(''));
  const expected = scan(content);

  it('do not change the hits for any split in two', () => {
    expect(expected).toHaveLength(parts.length);
    for (let cut = 0; cut <= content.length; cut++) expect(scan(content, [cut])).toEqual(expected);
  });

  it('do not change the hits for any split into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(content.length)), (cuts) => {
        expect(
          scan(
            content,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toEqual(expected);
      }),
      cases(15),
    );
  });

  it('do not change the hits at the end of a window', () => {
    const edge = SCAN_CAPACITY + 4096 + LOOK_AHEAD;
    const places = [SCAN_CAPACITY, edge - LOOK_AHEAD, edge, edge + SCAN_CAPACITY].flatMap((at) =>
      [-1500, -45, -20, -3, 0, 1].map((shift) => at + shift),
    );
    for (const at of places) {
      const filler = 'words and more words in a line\n'.repeat(Math.ceil(at / 31)).slice(0, at - 1);
      const bytes = Buffer.concat([Buffer.from(`${filler}\n`), content, Buffer.from(filler)]);
      const hits = scan(bytes);
      const lines = filler.split('\n').length;
      const moved = expected.map((hit) => ({
        ...hit,
        start: hit.start + at,
        end: hit.end + at,
        line: hit.line! + lines,
      }));
      expect([at, hits]).toEqual([at, moved]);
      expect([at, matcher.matchWhole(bytes).map(({ start }) => start)]).toEqual([
        at,
        moved.map(({ start }) => start),
      ]);
    }
  });
});

describe('binary content', () => {
  it('is scanned with the strong rules only', () => {
    const bytes = Buffer.concat([
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]),
      Buffer.from(`\0${slackToken('b')}\0DB_PASSWORD=${password('b')}\0`),
    ]);
    const hits = scan(bytes);
    expect(seen(hits)).toEqual(['slack-bot-token pattern-only']);
    expect(hits[0]!.line).toBeNull();
  });
});
