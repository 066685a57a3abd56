import { fileOf } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LinkGroup, linkGroups } from '../ledger/link-groups.ts';

/**
 * Chooses the name under which a file with several hard links is extracted: the first requested name that is
 * live, else the first requested name. Each file is written once, because an image can hold very many links to a
 * very large file.
 * @param events the requested events
 * @returns a function from an event to the event whose name is written; for other files, the event itself
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
