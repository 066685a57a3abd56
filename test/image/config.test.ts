import { expect, it } from 'vitest';
import { parseConfig } from '../../src/image/config.ts';

const ZERO = '0001-01-01T00:00:00Z';
const SOME_TIME = '2024-05-06T07:08:09.123456789Z';

it("reads Go's zero time, which kaniko writes to its history, as unknown", () => {
  const history = [{ created: ZERO }, { created: SOME_TIME }, {}];
  const config = parseConfig({ created: ZERO, history });
  expect(config.created).toBeNull();
  expect(config.history.map(({ created }) => created)).toEqual([null, SOME_TIME, null]);
});

it('keeps the start of Unix time, which reproducible builds use', () => {
  expect(parseConfig({ created: '1970-01-01T00:00:00Z' }).created).toBe('1970-01-01T00:00:00Z');
});
