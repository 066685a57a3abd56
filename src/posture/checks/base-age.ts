import { parseOsRelease } from '../../packages/distribution.ts';
import type { Check, Failure } from '../check.ts';
import { endOfSupport } from '../end-of-support.ts';
import { unreadLayers } from '../gaps.ts';
import type { Subject } from '../subject.ts';

const OLD_DAYS = 180;
const DAY = 24 * 3600 * 1000;

export const baseAge: Check = {
  id: 'base-age',
  title: 'Outdated base image',
  severities: ['medium', 'info'],
  sources: ['config', 'files'],
  references: ['CIS Docker 4.2', 'NIST SP 800-190 4.2.2'],
  advice: ['Build FROM a newer release, pinned by digest; rebuild on a schedule.'],
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
        title: 'Distribution past its end of support',
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
        title: `Old ${built.what === 'base' ? 'base image' : 'image'}`,
        reason: `the ${built.what === 'base' ? 'base image' : 'image'} was built ${days} days ago`,
        at,
      });
    }
    if (failures.length > 0 || end !== null || built !== null) return failures;
    const undated = 'no creation time is recorded';
    if (release !== null) {
      const name = [release.id, release.version ?? ''].join(' ').trim();
      return { unknown: `the end of support of ${name} is unknown, and ${undated}` };
    }
    return { unknown: `${unreadLayers(subject) ?? 'the image has no os-release'}, and ${undated}` };
  },
};

/**
 * Returns when the base image was built: the time of its newest history entry. If the base is unknown,
 * returns the newest time of the image. Times before 2013 are ignored: reproducible builds write 1970 or
 * another fixed time.
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
