import { describe, expect, it } from 'vitest';
import { githubToken, npmToken, password } from '../../../fixtures/canary.ts';
import { demoSecrets } from '../../../fixtures/demo-app.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import { FileScanner } from '../../../src/secrets/readers/file-scanner.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';

const scanner = new FileScanner(new Matcher(RULES, { now: Date.UTC(2026, 0, 1) }));

function scan(path: string | null, text: string | Buffer): string[] {
  scanner.begin(path);
  const bytes = Buffer.from(text);
  scanner.feed(bytes.subarray(0, 10));
  scanner.feed(bytes.subarray(10));
  return scanner.end().map(({ rule, verdict, confidence }) => `${rule} ${verdict} ${confidence}`);
}

describe('FileScanner', () => {
  it('uses the reader for the path, and prefers a distinctive format to a field', () => {
    const npmrc = `//r.example/:_authToken=${npmToken('f')}\n//s.example/:_authToken=${password('f', 30)}\n`;
    expect(scan('/root/.npmrc', npmrc)).toEqual([
      'npm-token checksum-valid high',
      'npmrc structure-valid high',
    ]);
  });

  it('recognizes a keystore whatever its name', () => {
    const kdbx = Buffer.from('03d9a29a67fb4bb501000400', 'hex');
    expect(scan('/app/notes.bin', kdbx)).toEqual(['keystore-keepass structure-valid high']);
  });

  it('reads UTF-16', () => {
    const text = Buffer.from(`NAME=x\r\nAPP_SECRET_TOKEN=${password('wide')}\r\n`, 'utf16le');
    expect(scan('/app/.env', text)).toEqual(['env-file structure-valid high']);
  });

  it('keeps no state between files', () => {
    expect(scan('/a/.env', `X_TOKEN=${githubToken('one')}\n`)).toHaveLength(1);
    expect(scan('/a/readme', 'nothing here\n')).toEqual([]);
    expect(scan(null, '')).toEqual([]);
  });

  it('finds every credential in the files of the demo image', () => {
    const secrets = demoSecrets();
    const env = [
      `AWS_ACCESS_KEY_ID=${secrets.aws.id}`,
      `AWS_SECRET_ACCESS_KEY=${secrets.aws.secret}`,
      `DATABASE_URL=${secrets.databaseUrl}`,
      `STRIPE_KEY=${secrets.stripe}`,
      `SLACK_WEBHOOK=${secrets.webhook}`,
      `SESSION_SECRET=${secrets.sessionSecret}`,
    ].join('\n');
    expect(scan('/app/.env', env)).toEqual([
      'aws-access-key-id structure-valid high',
      'aws-secret-access-key structure-valid high',
      'url-password pattern-only high',
      'stripe-live-key pattern-only high',
      'slack-webhook pattern-only high',
      'env-file structure-valid high',
    ]);
    expect(
      scan('/app/config/database.yml', `  username: leaky\n  password: ${secrets.oldDatabasePassword}\n`),
    ).toEqual(['password-assignment pattern-only medium']);
  });
});
