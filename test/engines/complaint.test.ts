import { describe, expect, it } from 'vitest';
import { type ComplaintKind, readComplaint } from '../../src/image/engines/complaint.ts';
import type { ProgramExit } from '../../src/image/engines/run.ts';
import { TRANSCRIPTS, transcript } from './transcripts.ts';

function exitWith(words: string, more: Partial<ProgramExit> = {}): ProgramExit {
  return { status: 1, signal: null, notStarted: null, words, ...more };
}

const CASES: readonly (readonly [ComplaintKind, string])[] = [
  ['no-such-image', 'Error response from daemon: reference does not exist'],
  ['no-such-image', 'Error response from daemon: No such image: nope:1'],
  ['no-such-image', 'Error: nope:1: image not known'],
  ['no-such-image', 'time="…" level=fatal msg="image \\"docker.io/library/nope:1\\": not found"'],
  ['no-such-image', 'ctr: image "docker.io/library/nope:1": not found'],
  ['no-such-image', 'reading manifest 1 in example.org/nope: manifest unknown: manifest unknown'],
  ['no-daemon', 'Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?'],
  ['no-daemon', 'unable to resolve docker endpoint: context "work" does not exist'],
  ['no-daemon', 'msg="cannot access containerd socket \\"/x.sock\\": no such file or directory"'],
  ['no-daemon', 'Cannot connect to Podman. Please verify your connection to the Linux system'],
  ['no-daemon', 'error during connect: Get "http://…/v1.24/images/json": open //./pipe/docker_engine'],
  ['no-daemon', 'ctr: failed to dial "/x.sock": context deadline exceeded: connection error'],
  [
    'permission',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix: connect: permission denied',
  ],
  [
    'permission',
    'ctr: failed to dial "/run/containerd/containerd.sock": dial unix: connect: permission denied',
  ],
  ['unknown-option', "unknown flag: --platform\nSee 'docker save --help'."],
  ['no-such-platform', 'ctr: no manifest found for platform: not found'],
  ['no-such-platform', 'no image found in image index for architecture s390x, variant "", OS linux'],
  ['no-such-platform', 'image with reference multi:1 was found but does not match the specified platform'],
  ['no-such-platform', 'no child with platform linux/s390x in index example.org/multi:1'],
  ['not-local', `ctr: content digest sha256:${'0'.repeat(64)}: not found`],
  [
    'not-local',
    `Error response from daemon: unable to create manifests file: NotFound: content digest sha256:${'0'.repeat(64)}: not found`,
  ],
  ['login', 'unauthorized: authentication required'],
  ['unreachable', 'dial tcp 127.0.0.1:5001: connect: connection refused'],
  ['unreachable', 'dial tcp: lookup registry.invalid: no such host'],
  ['disk-full', 'write /var/tmp/oci1/blob: no space left on device'],
  ['other', 'something else went wrong'],
];

describe('readComplaint', () => {
  it.each(CASES)('returns %s for: %s', (kind, words) => {
    expect(readComplaint(exitWith(words)).kind).toBe(kind);
  });

  it('recognises a program that is missing or cannot be started', () => {
    const none = { status: null, words: '' };
    expect(readComplaint(exitWith('', { ...none, notStarted: 'ENOENT' })).kind).toBe('not-installed');
    expect(readComplaint(exitWith('', { ...none, notStarted: 'EACCES' }))).toMatchObject({
      kind: 'not-executable',
      how: 'EACCES',
    });
  });

  it('prefers a signal to the last message', () => {
    const killed = readComplaint(exitWith('blob not found\n', { status: null, signal: 'SIGKILL' }));
    expect(killed).toEqual({ kind: 'killed', words: ['blob not found'], how: 'ended by SIGKILL' });
  });

  it('ignores warnings beside the reason', () => {
    const words = 'time="…" level=warning msg="config not found"\nError: short-name did not resolve';
    expect(readComplaint(exitWith(words)).kind).toBe('other');
    expect(readComplaint(exitWith('time="…" level=warning msg="nope:1 not found"')).kind).toBe(
      'no-such-image',
    );
  });

  it('keeps all lines except empty ones', () => {
    expect(readComplaint(exitWith('one\r\n\n  two  \n')).words).toEqual(['one', '  two']);
  });
});

describe.skipIf(TRANSCRIPTS.skip)(`messages of real engines${TRANSCRIPTS.reason}`, () => {
  it.each([
    ['no-such-image', 'docker-d20.save-missing.out'],
    ['no-such-image', 'docker-d26.save-missing.out'],
    ['no-such-image', 'docker-d28.save-missing.out'],
    ['no-such-image', 'docker-d28c.save-missing.out'],
    ['no-such-image', 'docker-d20.inspect-missing.out'],
    ['no-such-image', 'podman43.save-missing.out'],
    ['no-such-image', 'nerdctl2.save-missing.out'],
    ['no-daemon', 'docker-nodaemon.out'],
    ['no-daemon', 'nerdctl2.nodaemon.out'],
  ] as const)('are recognised as %s in %s', (kind, name) => {
    expect(readComplaint(exitWith(transcript(name))).kind).toBe(kind);
  });
});
