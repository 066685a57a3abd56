import { fileOf } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LinkGroup, linkGroups } from '../ledger/link-groups.ts';

/**
 * Chooses the name under which a file with several names is extracted: the first live one of those asked for, else the
 * first one asked for. Each file is written once, because an image can hold very many names of a very large file.
 * @param events the events asked for
 * @returns by event, the event to write; the same one for every other file
 */
export function writtenName(ledger: Ledger, events: readonly number[]): (event: number) => number {
  const asked = new Set(events);
  const chosen = new Map<LinkGroup, number>();
  return (event) => {
    const group = linkGroups(ledger).of(event);
    if (group === undefined || fileOf(ledger, event) === null) return event;
    const name =
      chosen.get(group) ??
      group.live.find((each) => asked.has(each)) ??
      group.names.find((each) => asked.has(each)) ??
      event;
    chosen.set(group, name);
    return name;
  };
}
