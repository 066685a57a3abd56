import type { Check, Failure } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

export const sshServer: Check = {
  id: 'ssh-server',
  title: 'SSH server',
  severities: ['high', 'medium', 'low'],
  looksAt: ['files', 'config'],
  references: ['trivy DS-0004', 'hadolint DL3011'],
  advice: [
    'Leave sshd out; docker exec and kubectl exec need none.',
    'Host keys of an image are the same in every container: delete them from the build, not later.',
  ],
  run(subject) {
    const failures: Failure[] = [];
    const daemons: number[] = [];
    const hostKeys: number[] = [];
    const authorized: number[] = [];
    for (const event of subject.fileEvents()) {
      const path = subject.pathOf(event);
      if (/^\/usr\/s?bin\/(?:sshd|dropbear)$/.test(path)) daemons.push(event);
      else if (/^\/etc\/(?:ssh\/ssh_host_\w+_key|dropbear\/dropbear_\w+_host_key)$/.test(path))
        hostKeys.push(event);
      else if (
        /\/\.ssh\/authorized_keys2?$|^\/etc\/(?:ssh|dropbear)\/authorized_keys(?:\.d\/[^/]+)?$/.test(path)
      ) {
        const { entry, layer } = subject.ledger.placeOf(event);
        // An empty one lets nobody in.
        if (subject.ledger.entriesOf(layer).size(entry) > 0) authorized.push(event);
      }
    }
    const files = (events: readonly number[]) => events.map((event) => ({ kind: 'file', event }) as const);
    if (daemons.length > 0)
      failures.push({
        key: 'daemon',
        severity: 'medium',
        reason: 'an SSH server is installed',
        at: files(daemons),
      });
    if (hostKeys.length > 0)
      failures.push({
        key: 'host-keys',
        severity: 'high',
        title: 'SSH host keys in the image',
        reason: 'every container from it has the same host keys, and so has everyone with the image',
        at: files(hostKeys),
      });
    if (authorized.length > 0)
      failures.push({
        key: 'authorized-keys',
        // Without a server they open nothing yet.
        severity: daemons.length > 0 ? 'high' : 'medium',
        title: 'SSH keys that are let in',
        reason: `${subject.pathOf(authorized[0]!)} lets in whoever holds a key that it names`,
        at: files(authorized),
        advice: ['Leave authorized_keys out; mount it where somebody has to sign in.'],
      });
    const port = subject.stacked.image.config.runtime.exposedPorts.find((each) =>
      /^22(?:\/tcp)?$/.test(each),
    );
    if (port !== undefined)
      failures.push({
        key: 'port',
        severity: 'low',
        title: 'Port 22 is exposed',
        reason: 'EXPOSE 22 (documentation only)',
        at: [
          {
            kind: 'config',
            surface: 'config',
            key: 'ExposedPorts',
            entry:
              settingEntry(subject.history, 'EXPOSE', port) ?? settingEntry(subject.history, 'EXPOSE', '22'),
          },
        ],
      });
    return failures;
  },
};
