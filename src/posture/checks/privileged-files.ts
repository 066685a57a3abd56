import type { Severity } from '../../finding/finding.ts';
import { capabilityText } from '../../ledger/capability.ts';
import { setuidTimeline } from '../../ledger/setuid.ts';
import type { Origin } from '../../history/origin.ts';
import type { Check, Failure } from '../check.ts';

/** What distributions ship setuid or setgid; each is needed by what it is for. */
const EXPECTED =
  /\/(?:su|mount|umount|passwd|chsh|chfn|newgrp|gpasswd|chage|expiry|unix_chkpwd|pam_extrausers_chkpwd|pam_timestamp_check|ssh-agent|ssh-keysign|wall|write|write\.ul|bsd-write|crontab|at|dotlockfile|fusermount3?|newuidmap|newgidmap|dbus-daemon-launch-helper|polkit-agent-helper-1|pkexec|ping6?|bbsuid|utempter|locate|mlocate|plocate|userhelper|chrome-sandbox)$/;
/** With these a caller becomes who the file belongs to, whatever else the file is for. */
const SHELLS =
  /\/(?:(?:ba|da|a|z|k|mk|c|tc|fi)?sh|busybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|php[\d.]*|lua[\d.]*|tclsh[\d.]*|awk|gawk|mawk|vim?|vim\.\w+|nano|less|more|find|env|nmap|gdb|tar|cp|dd|docker|systemctl|sudo)$/;

/** Setuid, setgid and file capabilities over time: a chmod in a later layer leaves the lower copy as it was. */
export const privilegedFiles: Check = {
  id: 'privileged-file',
  title: 'Setuid or setgid file',
  looksAt: ['files'],
  references: ['CIS Docker 4.8', 'dockle CIS-DI-0008'],
  advice: ['RUN chmod a-s <FILE>'],
  run(subject) {
    const { ledger } = subject;
    return setuidTimeline(ledger).paths.map(({ capabilitiesEver, events, setuidEver, steps }): Failure => {
      const first = steps.find(({ change }) => change === 'set' || change === 'changed') ?? steps[0]!;
      const name = subject.pathOf(events[0]!);
      const origin = subject.originOfEvent(first.event);
      const last = steps.at(-1)!;
      const capabilities = steps.findLast(({ privilege }) => privilege?.capability != null)?.privilege
        ?.capability;
      const held = steps.filter(({ privilege }) => privilege !== null);
      const timeline = steps
        .map(({ change, event }) => `${change} in layer ${ledger.layerOf(event)}`)
        .join(', ');
      return {
        key: name,
        severity: severityOf(name, origin, last.privilege !== null, setuidEver),
        title: setuidEver ? 'Setuid or setgid file' : 'File with capabilities',
        reason: timeline,
        at: held.map(({ event }) => ({ kind: 'file', event })),
        details:
          capabilitiesEver && capabilities != null ? { capabilities: capabilityText(capabilities) } : {},
        advice: [
          setuidEver
            ? `RUN chmod a-s ${name}, in the instruction that brings the file: in a later one the copy below stays as it is`
            : `RUN setcap -r ${name}, in the instruction that brings the file`,
        ],
      };
    });
  },
};

function severityOf(path: string, origin: Origin, live: boolean, setuid: boolean): Severity {
  if (setuid && SHELLS.test(path)) return live ? 'critical' : 'high';
  if (EXPECTED.test(path) && origin !== 'application') return 'info';
  if (EXPECTED.test(path)) return 'low';
  if (origin === 'application') return live ? 'high' : 'medium';
  return live ? 'medium' : 'low';
}
