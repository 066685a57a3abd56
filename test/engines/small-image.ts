import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';

/** An image with two layers and an empty step, for one platform. */
export function smallImage(name: string, architecture = 'amd64'): Promise<FixtureImage> {
  return buildImage({
    names: [name],
    platform: { os: 'linux', architecture },
    steps: [
      { createdBy: 'COPY a /a # buildkit', entries: [dir('etc/'), file('etc/a', 'one'), file('b', 'b')] },
      { empty: true, createdBy: 'ENV A=1' },
      { createdBy: 'RUN rm /b # buildkit', entries: [whiteout('b')] },
    ],
  });
}
