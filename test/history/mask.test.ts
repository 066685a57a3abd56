import { expect, it } from 'vitest';
import { maskInstruction } from '../../src/history/mask.ts';

it.each([
  ['ENV API_TOKEN=abcdefgh', 'ENV API_TOKEN=******(8)'],
  ['RUN PGPASSWORD="a b" psql -c "select 1"', 'RUN PGPASSWORD=***(3) psql -c "select 1"'],
  ['ENV MONKEY=banana', 'ENV MONKEY=banana'],
  ['ENV SECRET_FILE=/run/secrets/x', 'ENV SECRET_FILE=/run/secrets/x'],
  ['RUN TOKEN=$TOKEN ./x', 'RUN TOKEN=$TOKEN ./x'],
  ['RUN apt-get install -y curl', 'RUN apt-get install -y curl'],
])('%s is shown as %s', (text, shown) => {
  expect(maskInstruction(text)).toBe(shown);
});
