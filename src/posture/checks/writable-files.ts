import { EntryType } from '../../tar/member.ts';
import type { Check, Failure } from '../check.ts';

const PROGRAMS = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

/** Whoever may write to a program that others run becomes them. */
export const writableFiles: Check = {
  id: 'writable-files',
  title: 'Writable by everybody',
  severities: ['medium', 'low', 'info'],
  looksAt: ['files'],
  references: [],
  advice: [
    'COPY --chmod=0755 --chown=root:root <SOURCE> <PATH>',
    'RUN chmod o-w <PATH>; chmod +t for a shared folder',
  ],
  run(subject) {
    const { ledger } = subject;
    const world: number[] = [];
    const folders: number[] = [];
    const foreign: number[] = [];
    const executables: number[] = [];
    for (let event = 0; event < ledger.eventCount; event++) {
      if (ledger.isDeletion(event)) continue;
      const { entry, layer } = ledger.placeOf(event);
      const holder = ledger.entriesOf(layer);
      const type = holder.type(entry);
      const mode = holder.mode(entry);
      if (type === EntryType.directory && (mode & 0o002) !== 0 && (mode & 0o1000) === 0) folders.push(event);
      if (type !== EntryType.file) continue;
      if ((mode & 0o002) !== 0) world.push(event);
      else if (
        (mode & 0o111) !== 0 &&
        (holder.uid(entry) !== 0 || ((mode & 0o020) !== 0 && holder.gid(entry) !== 0))
      )
        (PROGRAMS.test(subject.pathOf(event)) ? foreign : executables).push(event);
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
              reason: `${events.length} in all layers`,
              at: events.map((event) => ({ kind: 'file', event })),
            },
          ];
    return [
      ...failure('files', 'medium', 'Files that everybody may write', world),
      ...failure('folders', 'low', 'Folders that everybody may write, without the sticky bit', folders),
      // Mostly meant, as where an application belongs to its user.
      ...failure('executables', 'info', "Executable files that are not only root's to change", executables),
      ...failure('programs', 'medium', "Programs of the system that are not only root's to change", foreign),
    ];
  },
};
