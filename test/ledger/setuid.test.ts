import { describe, expect, it } from 'vitest';
import { dir, type FixtureEntry, file, hardlink, symlink, whiteout } from '../../fixtures/tar.ts';
import { capabilityText, parseCapability } from '../../src/ledger/capability.ts';
import { setuidTimeline } from '../../src/ledger/setuid.ts';
import { ledgerOf, pathText } from '../ledger-of.ts';

/** Returns a `security.capability` of version 2 or 3: sets of bits below 32, and from 32 up. */
function capability(
  version: 2 | 3,
  permitted: [low: number, high: number],
  options: { effective?: boolean; inheritable?: number; rootid?: number } = {},
): Buffer {
  const bytes = Buffer.alloc(version === 3 ? 24 : 20);
  bytes.writeUInt32LE(((version << 24) | (options.effective === false ? 0 : 1)) >>> 0, 0);
  bytes.writeUInt32LE(permitted[0] >>> 0, 4);
  bytes.writeUInt32LE((options.inheritable ?? 0) >>> 0, 8);
  bytes.writeUInt32LE(permitted[1] >>> 0, 12);
  if (version === 3) bytes.writeUInt32LE(options.rootid ?? 0, 20);
  return bytes;
}

const NET_RAW = capability(2, [1 << 13, 0]);
const withCapability = (value: Buffer): { xattrs: Record<string, Buffer> } => ({
  xattrs: { 'security.capability': value },
});

/** Returns each privileged path with its steps: `/a: 0 set, 1 cleared`. */
async function timeline(...layers: FixtureEntry[][]) {
  const ledger = await ledgerOf(layers);
  const found = setuidTimeline(ledger);
  const text = (list: typeof found.paths): string[] =>
    list.map(
      ({ path, steps }) =>
        `${pathText(ledger, path)}: ${steps.map(({ event, change }) => `${ledger.layerOf(event)} ${change}`).join(', ')}`,
    );
  return { ...found, paths: text(found.paths), folders: text(found.folders) };
}

describe('the history of setuid and setgid', () => {
  it('reports set, cleared and deleted, and counts paths', async () => {
    expect(
      await timeline(
        [file('a', 'x'), file('b', 'x', { mode: 0o2755 }), file('c', 'x', { mode: 0o4755 })],
        [file('a', 'x', { mode: 0o4755 }), file('b', 'x'), whiteout('c')],
        [file('d', 'x', { mode: 0o6711 })],
      ),
    ).toMatchObject({
      paths: ['/b: 0 set, 1 cleared', '/c: 0 set, 1 deleted', '/a: 1 set', '/d: 2 set'],
      ever: 4,
      final: 2,
    });
  });

  it('reports a file that is copied up with its mode', async () => {
    const mode = { mode: 0o4755 };
    expect(
      await timeline([file('a', 'x', mode)], [file('a', 'y', mode)], [file('a', 'y', { mode: 0o2755 })]),
    ).toMatchObject({ paths: ['/a: 0 set, 1 copied, 2 changed'], ever: 1, final: 1 });
  });

  it('reports set again for a file that is added again', async () => {
    const mode = { mode: 0o4755 };
    expect(await timeline([file('a', 'x', mode)], [whiteout('a')], [file('a', 'x', mode)])).toMatchObject({
      paths: ['/a: 0 set, 1 deleted, 2 set'],
      final: 1,
    });
  });

  it('reports deleted for a file that is replaced', async () => {
    const mode = { mode: 0o4755 };
    const { paths } = await timeline(
      [file('a', 'x', mode), file('b', 'x', mode)],
      [symlink('a', 'b'), dir('b')],
    );
    expect(paths).toEqual(['/a: 0 set, 1 deleted', '/b: 0 set, 1 deleted']);
  });

  it('gives a hard link the mode of the file that it names', async () => {
    expect(await timeline([file('a', 'x', { mode: 0o4755 }), hardlink('b', 'a')])).toMatchObject({
      paths: ['/a: 0 set', '/b: 0 set'],
      ever: 2,
    });
  });

  it('lists directories separately and ignores links', async () => {
    expect(
      await timeline([dir('var/mail', { mode: 0o2775 }), symlink('s', 'x', { mode: 0o4777 })]),
    ).toMatchObject({ paths: [], folders: ['/var/mail: 0 set'], ever: 0, final: 0 });
  });
});

describe('the history of file capabilities', () => {
  it('is counted separately from setuid', async () => {
    expect(
      await timeline(
        [file('ping', 'x', withCapability(NET_RAW)), file('b', 'x')],
        [file('ping', 'x'), file('b', 'x', withCapability(capability(2, [1, 0])))],
      ),
    ).toMatchObject({
      paths: ['/ping: 0 set, 1 cleared', '/b: 1 set'],
      ever: 0,
      final: 0,
      capabilities: { ever: 2, final: 1 },
    });
  });

  it('reports a changed capability', async () => {
    const { paths } = await timeline(
      [file('a', 'x', withCapability(NET_RAW))],
      [file('a', 'x', withCapability(capability(2, [1 << 12, 0])))],
    );
    expect(paths).toEqual(['/a: 0 set, 1 changed']);
  });
});

describe('the text of a capability', () => {
  it.each([
    [NET_RAW, 'cap_net_raw+ep'],
    [capability(2, [1 << 13, 0], { effective: false }), 'cap_net_raw+p'],
    [capability(2, [(1 << 12) | (1 << 13), 0]), 'cap_net_admin,cap_net_raw+ep'],
    [capability(2, [1, 0], { inheritable: 1 }), 'cap_chown+eip'],
    [capability(2, [1, 0], { inheritable: 2, effective: false }), 'cap_chown+p cap_dac_override+i'],
    [capability(2, [0, 1 << 8]), 'cap_checkpoint_restore+ep'],
    [capability(2, [2 ** 31, 1 << 31]), 'cap_setfcap,cap_63+ep'],
    [capability(3, [1 << 21, 0], { rootid: 100_000 }), 'cap_sys_admin+ep [rootid=100000]'],
    [capability(3, [1 << 21, 0]), 'cap_sys_admin+ep'],
    [capability(2, [0, 0]), 'none'],
    [Buffer.from('0100000101000000ffffffff', 'hex').fill(0, 8), 'cap_chown+ep'],
  ])('decodes example %#', (value, text) => {
    expect(capabilityText(value)).toBe(text);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['an unknown version', Buffer.from('0100000401000000000000000000000000000000', 'hex')],
    ['version 2, truncated', NET_RAW.subarray(0, 12)],
    ['version 2, too long', Buffer.concat([NET_RAW, Buffer.alloc(4)])],
  ])('is `unreadable capability` for %s', (_, value) => {
    expect(parseCapability(value)).toBeNull();
    expect(capabilityText(value)).toBe('unreadable capability');
  });
});
