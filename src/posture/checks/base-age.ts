import { parseOsRelease } from '../../packages/distribution.ts';
import type { Check, Failure } from '../check.ts';
import { endOfSupport } from '../end-of-support.ts';
import { unreadLayers } from '../gaps.ts';

const OLD_DAYS = 180;
const DAY = 24 * 3600 * 1000;

export const baseAge: Check = {
  id: 'base-age',
  title: 'Old base',
  severities: ['medium', 'info'],
  looksAt: ['config'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.2.2'],
  advice: ['FROM a newer release, pinned by digest; build again on a schedule.'],
  run(subject) {
    const { finalText, now, stacked } = subject;
    const text = finalText('/etc/os-release') ?? finalText('/usr/lib/os-release');
    const release = text === null ? null : parseOsRelease(text);
    const at = [{ kind: 'config', surface: 'config', key: 'created' }] as const;
    const failures: Failure[] = [];
    const end = release === null ? null : endOfSupport(release);
    if (end !== null && Date.parse(end.date) < now.getTime()) {
      failures.push({
        key: 'end-of-life',
        severity: 'medium',
        title: 'The distribution has reached its end of life',
        reason: `${end.release}: standard support ended on ${end.date}`,
        at,
      });
    }
    const created = Date.parse(stacked.image.config.created ?? '');
    // Reproducible builds write 1970 or another fixed time: that says nothing of the age.
    const dated = created > Date.UTC(2013, 0);
    const days = Math.floor((now.getTime() - created) / DAY);
    if (dated && days > OLD_DAYS) {
      failures.push({
        key: 'age',
        severity: 'info',
        title: 'Built long ago',
        reason: `the image was built ${days} days ago`,
        at,
      });
    }
    if (failures.length > 0 || end !== null || dated) return failures;
    const undated = 'no time of creation says how old it is';
    if (release !== null) {
      const name = [release.id, release.version ?? ''].join(' ').trim();
      return { unknown: `the end of support of ${name} is not known here, and ${undated}` };
    }
    return { unknown: `${unreadLayers(subject) ?? 'the image has no os-release'}, and ${undated}` };
  },
};
