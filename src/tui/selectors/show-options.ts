import type { Model } from '../model.ts';
import type { TreeColumnName } from '../tree/column-names.ts';
import type { Show } from '../tree/show.ts';

/** A line of the Show menu. */
export interface ShowOption {
  readonly id: keyof Show | `column:${TreeColumnName}`;
  readonly title: string;
  readonly on: boolean;
}

/** Returns the options of the Show menu and whether each is on. */
export function showOptions({ tree, baseLayers }: Model): readonly ShowOption[] {
  const { show, columns } = tree;
  return [
    { id: 'added', title: '+ added', on: show.added },
    { id: 'changed', title: '~ changed, r replaced', on: show.changed },
    { id: 'metadata', title: 'm metadata only', on: show.metadata },
    { id: 'deleted', title: '- deleted', on: show.deleted },
    { id: 'unchanged', title: '  unchanged', on: show.unchanged },
    { id: 'filesOnly', title: 'only regular files', on: show.filesOnly },
    { id: 'executablesOnly', title: 'only executables', on: show.executablesOnly },
    ...(baseLayers > 0 ? [{ id: 'base', title: 'files of the base image', on: show.base } as const] : []),
    { id: 'column:mode', title: 'column: mode', on: columns.mode },
    { id: 'column:owner', title: 'column: owner', on: columns.owner },
    { id: 'column:size', title: 'column: size', on: columns.size },
    { id: 'column:lost', title: 'column: wasted bytes', on: columns.lost },
    { id: 'column:mtime', title: 'column: time', on: columns.mtime },
  ];
}
