import { EntryType } from '../../tar/member.ts';
import type { Check, Failure } from '../check.ts';

const PROGRAMS = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

/** Anyone who can write to a program can act as the users who run it. */
export const writableFiles: Check = {
  id: 'writable-files',
  title: 'World-writable file',
  severities: ['medium', 'low', 'info'],
  sources: ['files'],
  references: [],
  advice: [
    'COPY --chmod=0755 --chown=root:root <SOURCE> <PATH>',
    'RUN chmod o-w <PATH>; use chmod +t for a shared directory',
  ],
  run(subject) {
    const { ledger } = subject;
    const world: number[] = [];
    const directories: number[] = [];
    const programs: number[] = [];
    const executables: number[] = [];
    for (let event = 0; event < ledger.eventCount; event++) {
      if (ledger.isDeletion(event)) continue;
      const { entry, layer } = ledger.placeOf(event);
      const holder = ledger.entriesOf(layer);
      const type = holder.type(entry);
      const mode = holder.mode(entry);
      if (type === EntryType.directory && (mode & 0o002) !== 0 && (mode & 0o1000) === 0)
        directories.push(event);
      if (type !== EntryType.file) continue;
      if ((mode & 0o002) !== 0) world.push(event);
      else if (
        (mode & 0o111) !== 0 &&
        (holder.uid(entry) !== 0 || ((mode & 0o020) !== 0 && holder.gid(entry) !== 0))
      )
        (PROGRAMS.test(subject.pathOf(event)) ? programs : executables).push(event);
    }
    const failure = (
      key: string,
      severity: Failure['severity'],
      title: string,
      events: readonly number[],
    ): Failure[] =>
      events.length === 0
        ? []
        : [
            {
              key,
              severity,
              title,
              reason: `${events.length} across all layers`,
              at: events.map((event) => ({ kind: 'file', event })),
            },
          ];
    return [
      ...failure('files', 'medium', 'World-writable file', world),
      ...failure('folders', 'low', 'World-writable directory, no sticky bit', directories),
      // Usually intended: an application is owned by its user.
      ...failure('executables', 'info', 'Executable writable by non-root user', executables),
      ...failure('programs', 'medium', 'System program writable by non-root user', programs),
    ];
  },
};
