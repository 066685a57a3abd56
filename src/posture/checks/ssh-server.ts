import type { Check, Failure } from '../check.ts';
import { settingEntry } from '../setting-entry.ts';

export const sshServer: Check = {
  id: 'ssh-server',
  title: 'SSH server',
  severities: ['high', 'medium', 'low'],
  sources: ['files', 'config'],
  references: ['trivy DS-0004', 'hadolint DL3011'],
  advice: [
    'Remove sshd; docker exec and kubectl exec work without it.',
    'Delete host keys in the instruction that creates them: all containers of the image share them.',
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
        // An empty file authorizes nobody.
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
        reason: 'every container has the same host keys, and anyone with the image has them',
        at: files(hostKeys),
      });
    if (authorized.length > 0)
      failures.push({
        key: 'authorized-keys',
        // Less severe without a server.
        severity: daemons.length > 0 ? 'high' : 'medium',
        title: 'Authorized SSH keys in the image',
        reason: `${subject.pathOf(authorized[0]!)} allows sign-in with the keys that it lists`,
        at: files(authorized),
        advice: ['Remove authorized_keys; mount it into containers that need it.'],
      });
    const port = subject.stacked.image.config.runtime.exposedPorts.find((each) =>
      /^22(?:\/tcp)?$/.test(each),
    );
    if (port !== undefined)
      failures.push({
        key: 'port',
        severity: 'low',
        title: 'Exposed SSH port',
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
