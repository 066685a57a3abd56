import { describe, expect, it } from 'vitest';
import { databaseUrl, githubToken, password, slackToken } from '../../../fixtures/canary.ts';
import { demoSecrets } from '../../../fixtures/demo-app.ts';
import { Masker } from '../../../src/secrets/mask/masker.ts';

const maskSecrets = (text: string): string => new Masker([]).mask(text);

describe('Masker', () => {
  it.each([
    ['ENV API_TOKEN=abcdefgh', 'ENV API_TOKEN=********(8)'],
    ['RUN PGPASSWORD="a b" psql -c "select 1"', 'RUN PGPASSWORD="***(3)" psql -c "select 1"'],
    ['ENV MONKEY=banana', 'ENV MONKEY=banana'],
    ['ENV SECRET_FILE=/run/secrets/x', 'ENV SECRET_FILE=/run/secrets/x'],
    ['RUN TOKEN=$TOKEN ./x', 'RUN TOKEN=$TOKEN ./x'],
    ['RUN apt-get install -y curl', 'RUN apt-get install -y curl'],
    ['ENV PASSWORD=********(40)', 'ENV PASSWORD=********(40)'],
  ])('shows %s as %s', (text, shown) => {
    expect(maskSecrets(text)).toBe(shown);
  });

  const words = password('words');
  const hidden: [string, string, string][] = [
    ['a token without a name', `RUN curl -H "x: ${githubToken('m')}" https://api.internal`, githubToken('m')],
    ['a password in a URL', `RUN pip install -i ${databaseUrl('m')}`, password('dbm')],
    ['a password argument', `RUN mysql -u root -p${words} orders`, words],
    ['a password echoed into a file', `RUN echo ${words} > /password.txt`, words],
    ['a build argument', `|1 SLACK=${slackToken('m')} /bin/sh -c make`, slackToken('m')],
    ['a value after two-byte letters', `ENV GRÜSSE=äöü DB_PASSWORD=${words} X=ß`, words],
    [
      'a key of several lines',
      `RUN echo "${demoSecrets().rsaPem}" > k`,
      demoSecrets().rsaPem.split('\n')[3]!,
    ],
  ];

  it.each(hidden)('masks %s', (_what, text, secret) => {
    const shown = maskSecrets(text);
    expect(shown).not.toContain(secret);
    expect(shown).toContain('***');
    // The text around it stays, and masking twice changes nothing.
    expect(shown.slice(0, 4)).toBe(text.slice(0, 4));
    expect(shown.endsWith(text.slice(-2))).toBe(true);
    expect(maskSecrets(shown)).toBe(shown);
  });
});
