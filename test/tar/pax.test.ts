import { describe, expect, it } from 'vitest';
import { paxRecords } from '../../fixtures/raw-header.ts';
import { decimal, PaxField, PaxRecords, paxXattrs } from '../../src/tar/pax.ts';
import { cases, fc } from '../property.ts';
import { recordsOf } from './parsing.ts';

function read(body: Uint8Array): PaxRecords {
  const records = new PaxRecords();
  records.read(body, 0, body.length);
  return records;
}

function parsed(body: string | Uint8Array): { records: Record<string, string>; problem: string | null } {
  const records = new PaxRecords();
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const problem = records.read(bytes, 0, bytes.length);
  const plain = [...recordsOf(records)].map(([key, value]) => [key, Buffer.from(value).toString('latin1')]);
  return { records: Object.fromEntries(plain), problem };
}

describe('PAX records', () => {
  it('may have any bytes in their values', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(fc.stringMatching(/^[a-zA-Z][\w.]{0,20}$/), fc.uint8Array({ minLength: 1 })),
          {
            selector: ([key]) => key,
          },
        ),
        (pairs) => {
          const wanted = pairs.filter(([key]) => key !== 'atime' && key !== 'ctime');
          const { records, problem } = parsed(paxRecords(pairs));
          expect(problem).toBeNull();
          expect(records).toEqual(
            Object.fromEntries(wanted.map(([key, value]) => [key, Buffer.from(value).toString('latin1')])),
          );
        },
      ),
      cases(25),
    );
  });

  it('are overridden by later ones with the same name', () => {
    expect(parsed('9 path=a\n9 path=b\n').records).toEqual({ path: 'b' });
  });

  it('keep the header value if they are empty, but xattrs may be empty', () => {
    expect(parsed('9 path=a\n8 path=\n').records).toEqual({});
    expect(parsed('21 SCHILY.xattr.u.e=\n').records).toEqual({ 'SCHILY.xattr.u.e': '' });
  });

  it('may have equals signs and line feeds in their values', () => {
    expect(parsed('13 path=a=\nb\n').records).toEqual({ path: 'a=\nb' });
  });

  it('may be followed by zeros', () => {
    expect(parsed('9 path=a\n\0\0\0')).toEqual({ records: { path: 'a' }, problem: null });
  });

  it.each([
    ['path=a\n', 'record without a decimal length'],
    [' 9 path=a\n', 'record with a wrong length'],
    ['9999999999 path=a\n', 'record without a decimal length'],
    ['11 path=a\n', 'record with a wrong length'],
    ['8 path=a\n', 'record with a wrong length'],
    ['0 path=a\n', 'record with a wrong length'],
    ['3 \n', 'record without "="'],
    ['8 patha\n', 'record without "="'],
    ['9 path=a\n\0x', 'NUL at the start of a record'],
    ['9 pa\0h=a\n', 'record name with a NUL'],
  ])('%j: %s', (body, problem) => {
    expect(parsed(body).problem).toBe(problem);
  });

  it('before an invalid one apply', () => {
    expect(parsed('9 path=a\nbad').records).toEqual({ path: 'a' });
  });

  it('from sparse version 0.0 are joined to the map of version 0.1', () => {
    const body = paxRecords([
      ['GNU.sparse.offset', '0'],
      ['GNU.sparse.numbytes', '512'],
      ['GNU.sparse.offset', '1024'],
      ['GNU.sparse.numbytes', '0'],
    ]);
    expect(parsed(body).records).toEqual({ 'GNU.sparse.map': '0,512,1024,0' });
  });

  it('from sparse version 0.0 are joined in linear time', () => {
    const pair = '24 GNU.sparse.offset=00\n26 GNU.sparse.numbytes=00\n';
    const { records } = parsed(pair.repeat(20_000));
    expect(records['GNU.sparse.map']!.length).toBe(6 * 20_000 - 1);
  });

  it('return attributes as copies, because their memory is reused', () => {
    const written = paxRecords([['SCHILY.xattr.user.a', 'b']]);
    for (const body of [new Uint8Array(written), written]) {
      const records = read(body);
      const xattrs = paxXattrs(records);
      records.bytes.fill(0);
      expect(Buffer.from(xattrs!.get('user.a')!).toString()).toBe('b');
    }
  });

  it('exclude access and change times, which unpacking ignores', () => {
    const times = ['atime', 'ctime', 'mtime'].map((key): [string, string] => [key, '1.5']);
    expect(parsed(paxRecords(times))).toEqual({ records: { mtime: '1.5' }, problem: null });
  });
});

describe('the records of one header', () => {
  it('do not affect the next header, which is read into the same memory', () => {
    const records = read(
      paxRecords([
        ['path', 'some/long/name'],
        ['uid', '1000'],
        ['SCHILY.xattr.user.a', 'b'],
      ]),
    );
    const next = paxRecords([['mtime', '1.5']]);
    records.read(Buffer.concat([Buffer.from('??'), next]), 2, next.length);
    expect(records.keys()).toEqual(['mtime']);
    expect(records.number(PaxField.mtime)).toBe(1.5);
    expect(paxXattrs(records)).toBeNull();
  });
});

describe('values', () => {
  const number = (value: string): number | null => {
    const bytes = Buffer.from(`x${value}x`);
    return decimal(bytes, 1, bytes.length - 1);
  };

  it.each([
    ['0', 0],
    ['1700000000.250000000', 1700000000.25],
    ['-5', -5],
    ['+5', 5],
    ['12.', 12],
    ['00000000000000000000000000000012', 12],
    ['0.000000001', 1e-9],
    ['123456789012345', 123456789012345],
    ['1234567890123456.5', 1234567890123456.5],
  ])('parse %s as a number', (text, value) => {
    expect(number(text)).toBe(value);
  });

  it('of any length are parsed as in JavaScript, to the microsecond', () => {
    const digits = fc.stringMatching(/^\d{1,20}$/);
    fc.assert(
      fc.property(digits, digits, (whole, fraction) => {
        const text = `${whole}.${fraction}`;
        const error = Math.abs(number(text)! - Number(text));
        expect(error).toBeLessThanOrEqual(Math.max(1e-6, Number(text) * Number.EPSILON));
      }),
    );
  });

  it.each(['', ' 1', '1e5', '0x10', '1.2.3', 'NaN', 'Infinity', '9'.repeat(400), '.5'])(
    'reject %j as a number',
    (text) => {
      expect(number(text)).toBeNull();
    },
  );

  it('of xattrs are bytes', () => {
    const capability = Uint8Array.of(1, 0, 0, 2, 0xff, 0x80, 0, 0);
    const records = read(
      paxRecords([
        ['path', 'a'],
        ['SCHILY.xattr.security.capability', capability],
      ]),
    );
    expect(paxXattrs(records)).toEqual(new Map([['security.capability', capability]]));
    expect(paxXattrs(read(paxRecords([['path', capability]])))).toBeNull();
  });
});
