import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Daemon, startDaemon } from './daemon.ts';
import type { Machine } from './machine.ts';

/** A registry without TLS on this machine. */
export interface Registry extends Daemon {
  /** `127.0.0.1:PORT`: the prefix of its image names. */
  readonly host: string;
}

/** Starts a registry on a free port, and configures skopeo and podman to use it without TLS. */
export async function startRegistry(machine: Machine): Promise<Registry> {
  const host = `127.0.0.1:${await freePort()}`;
  const config = machine.path('registry.yml');
  await writeFile(
    config,
    `version: 0.1
storage:
  filesystem:
    rootdirectory: ${machine.path('registry')}
http:
  addr: ${host}
`,
  );
  const containers = machine.path('home/.config/containers');
  await mkdir(containers, { recursive: true });
  await writeFile(
    `${containers}/registries.conf`,
    `[[registry]]
location = "${host}"
insecure = true
`,
  );
  const daemon = await startDaemon(machine, 'docker-registry', ['serve', config], () =>
    fetch(`http://${host}/v2/`),
  );
  return { ...daemon, host };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
