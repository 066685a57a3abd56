import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { password, seededRandom } from '../fixtures/canary.ts';
import { dockerArchive, packFiles } from '../fixtures/forms.ts';
import { buildImage } from '../fixtures/image.ts';
import { dir, file, whiteout } from '../fixtures/tar.ts';

/** The value of a credential that only a user's own rule knows. */
export function acmeToken(seed: string): string {
  return `acme_${seededRandom(`acme ${seed}`).text('abcdefghijklmnopqrstuvwxyz0123456789', 32)}`;
}

/** Matches the beginning of any such value, as little of it as a narrow screen may show. */
export const ACME_VALUE = /acme_[a-z0-9]{3}/;

/** A configuration with a rule for such values. */
export const ACME_CONFIG = `rules:
  - id: acme-token
    title: Acme internal token
    anchors: [acme_]
    pattern: acme_[a-z0-9]{32}
`;

/** Where an image and two configurations were written. */
export interface AcmeFiles {
  readonly image: string;
  /** The same image, and what its builder recorded of its Dockerfile. */
  readonly withProvenance: string;
  /** A directory with {@link ACME_CONFIG} as exhume.yaml. */
  readonly configured: string;
  /** A directory without a configuration. */
  readonly plain: string;
}

/** Writes an image with such a value in every text of its config and history, and in files. */
export async function writeAcme(folder: string): Promise<AcmeFiles> {
  const t = acmeToken;
  const packed = await packFiles(new Map([[`inner-${t('member')}`, Buffer.from(t('packed'))]]), 0o644);
  const comment = `buildkit.dockerfile.v0 ${t('comment')}`;
  const steps = [
    {
      createdBy: `RUN /bin/sh -c fetch ${t('run')} # buildkit`,
      comment,
      author: t('by'),
      entries: [
        dir('app'),
        file('app/conf', `x ${t('conf')}\n`),
        file('app/url', `git clone https://${t('user')}:${password('acme url', 24)}@git.acme.internal/x\n`),
        file('app/gone', `x ${t('gone')}\n`),
        file('app/tool', '#!/bin/sh\n', { mode: 0o4755 }),
        file('app/a.tar', packed),
      ],
    },
    { createdBy: `ENV SETTING=${t('env')}`, comment, empty: true as const },
    { createdBy: `ARG WHICH=${t('arg')}`, comment, empty: true as const },
    { createdBy: `LABEL note=${t('label')}`, comment, empty: true as const },
    {
      createdBy: `|1 WHICH=${t('arg')} /bin/sh -c rm /app/gone ${t('rm')} # buildkit`,
      comment,
      entries: [whiteout('app/gone'), file('app/conf', `y ${t('conf')}\n`)],
    },
  ];
  const image = await buildImage({
    steps,
    names: ['acme:1'],
    config: {
      Env: [`SETTING=${t('env')}`],
      Labels: { note: t('label'), 'org.opencontainers.image.base.name': `base/${t('base')}:1` },
      Cmd: ['run', t('cmd')],
      Entrypoint: ['start', t('entrypoint')],
      Healthcheck: { Test: ['CMD', 'check', t('health')] },
      OnBuild: [`RUN echo ${t('onbuild')}`],
      User: 'app',
      Volumes: { [`/var/lib/${t('volume')}`]: {} },
      WorkingDir: `/${t('workdir')}`,
    },
    configExtra: { author: t('author') },
    annotations: { note: t('annotation'), 'org.opencontainers.image.base.name': `base/${t('base')}:1` },
  });
  const dockerfile = `FROM scratch\nRUN fetch ${t('run')}\nENV SETTING=${t('env')}\n`;
  const infos = [{ filename: 'Dockerfile', data: Buffer.from(dockerfile).toString('base64') }];
  const metadata = { 'https://mobyproject.org/buildkit@v1#metadata': { source: { infos } } };
  const files: AcmeFiles = {
    image: path.join(folder, 'acme.tar'),
    withProvenance: path.join(folder, 'provenance.tar'),
    configured: path.join(folder, 'configured'),
    plain: path.join(folder, 'plain'),
  };
  await writeFile(files.image, await dockerArchive([image], { form: 'podman' }));
  await writeFile(
    files.withProvenance,
    await dockerArchive([image], { form: 'containerd', predicate: { provenance: { metadata } } }),
  );
  await mkdir(files.configured);
  await mkdir(files.plain);
  await writeFile(path.join(files.configured, 'exhume.yaml'), ACME_CONFIG);
  return files;
}
