import type { Finding } from '../finding/finding.ts';
import type { CaseChange, HeldCase } from './held-case.ts';
import type { ContentRef, Preview, PreviewRequest } from './preview.ts';
import type { TreeFilter } from './tree/filter.ts';

/** A side effect, as data; `components/terminal-effects.ts` performs it, some through {@link Ports}. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'suspend' }
  /** Switch to another image of the archive, by index. */
  | { readonly type: 'switch'; readonly image: number }
  | { readonly type: 'mouse'; readonly on: boolean }
  /** Search for paths; an empty query ends the search. */
  | { readonly type: 'search'; readonly query: string }
  /** Determine which paths a filter matches. */
  | { readonly type: 'filter'; readonly filter: TreeFilter }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'view'; readonly viewer: 'pager' | 'editor'; readonly content: ContentRef }
  | { readonly type: 'preview'; readonly request: PreviewRequest }
  /** Change the case; an action with the new case follows. */
  | { readonly type: 'case'; readonly change: CaseChange }
  /** Write the report. */
  | { readonly type: 'export'; readonly file: string }
  /** Add the case's false alarms to a configuration file. */
  | { readonly type: 'keep-rules'; readonly file: string; readonly findings: readonly Finding[] }
  /** Find a directory that does not exist yet, and ask where to extract; an action with it follows. */
  | ({ readonly type: 'ask-extract' } & ExtractRequest)
  | { readonly type: 'extract'; readonly places: readonly ExtractPlace[]; readonly folder: string };

/** What to extract: a file, or a directory with everything below it. */
export interface ExtractPlace {
  readonly path: number;
  /** Extract only from this layer; null for the newest version of each file. */
  readonly layer: number | null;
}

/** An extraction, before the user has confirmed it. */
export interface ExtractRequest {
  readonly places: readonly ExtractPlace[];
  /** What would be written, with the number of files; escaped. */
  readonly what: string;
  /** The suggested directory. */
  readonly folder: string;
}

/**
 * What the screen needs from the program around it. Each function returns a message for the user, or throws
 * an error whose message is shown.
 */
export interface Ports {
  readonly copy: (text: string, what: string) => Promise<string>;
  /** Called while another program owns the terminal. */
  readonly view: (viewer: 'pager' | 'editor', content: ContentRef) => Promise<string>;
  readonly preview: (request: PreviewRequest) => Promise<Preview>;
  /** Returns a directory that does not exist yet: the given name, or the name with a number added. */
  readonly freeFolder: (folder: string) => string;
  /** Extracts to a new or empty directory, with an evidence record. */
  readonly extract: (places: readonly ExtractPlace[], folder: string) => Promise<string>;
  /** Returns the new case and a message. */
  readonly changeCase: (change: CaseChange) => Promise<{ readonly held: HeldCase; readonly text: string }>;
  /** Writes the report, in the format of the file extension. */
  readonly exportReport: (file: string) => Promise<string>;
  /** Adds the false alarms of the case to a configuration file; creates the file if necessary. */
  readonly keepRules: (file: string, findings: readonly Finding[]) => Promise<string>;
}
