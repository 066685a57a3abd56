import { describe, expect, it } from 'vitest';
import { enginesFor, fullName, namesToAsk, saveArguments } from '../../src/image/engines/engine.ts';
import { nearNames } from '../../src/image/engines/near-names.ts';
import { Problem } from '../../src/problem.ts';

const clis = (engines: readonly { kind: string; cli: string }[]): string[] =>
  engines.map(({ kind, cli }) => `${kind} ${cli}`);

describe('enginesFor', () => {
  it('returns docker, podman and nerdctl for a name without a transport', () => {
    expect(clis(enginesFor('any', null))).toEqual(['docker docker', 'podman podman', 'nerdctl nerdctl']);
  });

  it('returns one engine for a transport, and ctr as a fallback for containerd', () => {
    expect(clis(enginesFor('docker', null))).toEqual(['docker docker']);
    expect(clis(enginesFor('podman', null))).toEqual(['podman podman']);
    expect(clis(enginesFor('containerd', null))).toEqual(['nerdctl nerdctl', 'ctr ctr']);
  });

  it.each([
    ['/opt/bin/podman-remote', 'podman'],
    ['nerdctl.lima', 'nerdctl'],
    ['/usr/local/bin/ctr', 'ctr'],
    ['finch', 'docker'],
    ['ctrl', 'docker'],
  ])('treats --engine %s as %s', (cli, kind) => {
    expect(clis(enginesFor('any', cli))).toEqual([`${kind} ${cli}`]);
  });

  it.each(['', '-x', 'a\nb'])('rejects --engine %j', (cli) => {
    expect(() => enginesFor('any', cli)).toThrow(Problem);
  });
});

describe('the arguments of an engine', () => {
  const docker = { kind: 'docker', cli: 'docker' } as const;
  const ctr = { kind: 'ctr', cli: 'ctr' } as const;

  it('have the name after --, whatever it is', () => {
    for (const kind of ['docker', 'podman', 'nerdctl', 'ctr'] as const) {
      const args = saveArguments({ kind, cli: kind }, '--output=/etc/passwd', null);
      expect(args.indexOf('--')).toBeGreaterThan(-1);
      expect(args.indexOf('--output=/etc/passwd')).toBeGreaterThan(args.indexOf('--'));
    }
  });

  it('include the default tag for docker, which would otherwise save all tags', () => {
    expect(namesToAsk(docker, 'shop/app')).toEqual(['shop/app:latest']);
    expect(namesToAsk(docker, 'registry:5000/app')).toEqual(['registry:5000/app:latest']);
    expect(namesToAsk(docker, 'app:2')).toEqual(['app:2']);
    expect(namesToAsk(docker, 'app@sha256:00')).toEqual(['app@sha256:00']);
    expect(namesToAsk(docker, 'cafe12')).toEqual(['cafe12:latest', 'cafe12']);
  });

  it('have a full reference for containerd', () => {
    expect(fullName('leaky')).toBe('docker.io/library/leaky:latest');
    expect(fullName('shop/app:2')).toBe('docker.io/shop/app:2');
    expect(fullName('localhost/app')).toBe('localhost/app:latest');
    expect(fullName('registry.internal:5000/app:2')).toBe('registry.internal:5000/app:2');
    expect(namesToAsk(ctr, 'registry.internal/app:2')).toEqual(['registry.internal/app:2']);
    expect(namesToAsk(ctr, 'app:2')).toEqual(['docker.io/library/app:2', 'app:2']);
  });
});

describe('nearNames', () => {
  const names = ['leaky:1', 'leaky:latest', 'dup:bk', 'localhost/tool:1', 'docker.io/library/nginx:1.25'];

  it.each([
    ['leaky:2', 'leaky:1'],
    ['lekay:1', 'leaky:latest'],
    ['registry.internal/team/leaky:1', 'leaky:1'],
    ['ngnix', 'docker.io/library/nginx:1.25'],
  ])('finds for %s: %s', (wanted, near) => {
    expect(nearNames(wanted, names)).toContain(near);
  });

  it('returns at most three names, and none if no name is similar', () => {
    const many = Array.from({ length: 20 }, (_, index) => `app:${index}`);
    expect(nearNames('app:latest', many)).toHaveLength(3);
    expect(nearNames('zzz', names)).toEqual([]);
  });
});
