import { parseOsRelease } from '../../packages/distribution.ts';
import type { Check, Failure } from '../check.ts';
import { endOfSupport } from '../end-of-support.ts';
import { unreadLayers } from '../gaps.ts';
import type { Subject } from '../subject.ts';

const OLD_DAYS = 180;
const DAY = 24 * 3600 * 1000;

export const baseAge: Check = {
  id: 'base-age',
  title: 'Old base',
  severities: ['medium', 'info'],
  sources: ['config', 'files'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.2.2'],
  advice: ['FROM a newer release, pinned by digest; build again on a schedule.'],
  run(subject) {
    const { finalText, now } = subject;
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
    const built = builtWhen(subject);
    const days = built === null ? 0 : Math.floor((now.getTime() - built.time) / DAY);
    if (built !== null && days > OLD_DAYS) {
      failures.push({
        key: 'age',
        severity: 'info',
        title: 'Built long ago',
        reason: `the ${built.what} was built ${days} days ago`,
        at,
      });
    }
    if (failures.length > 0 || end !== null || built !== null) return failures;
    const undated = 'no time of creation says how old it is';
    if (release !== null) {
      const name = [release.id, release.version ?? ''].join(' ').trim();
      return { unknown: `the end of support of ${name} is not known here, and ${undated}` };
    }
    return { unknown: `${unreadLayers(subject) ?? 'the image has no os-release'}, and ${undated}` };
  },
};

/**
 * When the base was made, by the newest of its entries; where it cannot be told apart, the newest of the
 * image. Reproducible builds write 1970 or another fixed time: that says nothing of the age.
 */
function builtWhen(subject: Subject): { what: 'base' | 'image'; time: number } | null {
  const { history, stacked } = subject;
  const newest = (times: readonly (string | null)[]): number =>
    Math.max(...times.map((time) => Date.parse(time ?? '')).filter((time) => time > Date.UTC(2013, 0)));
  const ofBase = history.entries.filter(({ index }) => subject.originOfEntry(index) === 'base');
  const base = newest(ofBase.map(({ created }) => created));
  if (Number.isFinite(base)) return { what: 'base', time: base };
  const image = newest([stacked.image.config.created, ...history.entries.map(({ created }) => created)]);
  return Number.isFinite(image) ? { what: 'image', time: image } : null;
}
