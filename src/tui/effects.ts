import type { Finding } from '../finding/finding.ts';
import type { CaseChange, HeldCase } from './held-case.ts';
import type { ContentRef, Preview, PreviewRequest } from './preview.ts';
import type { TreeFilter } from './tree/filter.ts';

/** What the model wants done outside of it, as data; `components/start.tsx` and {@link Ports} do it. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'suspend' }
  /** Leave this image for another one of the archive, by its index. */
  | { readonly type: 'switch'; readonly image: number }
  | { readonly type: 'mouse'; readonly on: boolean }
  /** Look for paths; an empty query ends the search. */
  | { readonly type: 'search'; readonly query: string }
  /** Find out which paths a filter matches. */
  | { readonly type: 'filter'; readonly filter: TreeFilter }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'view'; readonly viewer: 'pager' | 'editor'; readonly content: ContentRef }
  | { readonly type: 'preview'; readonly request: PreviewRequest }
  /** Change the case; an action with the case as it is then follows. */
  | { readonly type: 'case'; readonly change: CaseChange }
  /** Write the report. */
  | { readonly type: 'export'; readonly file: string }
  /** Add the case's false alarms to a configuration file. */
  | { readonly type: 'keep-rules'; readonly file: string; readonly findings: readonly Finding[] }
  /** Find a directory that does not exist yet, and ask where to extract; an action with it follows. */
  | ({ readonly type: 'ask-extract' } & ExtractRequest)
  | { readonly type: 'extract'; readonly places: readonly ExtractPlace[]; readonly folder: string };

/** What is to be written as evidence: a file, or a folder with all that lies below it. */
export interface ExtractPlace {
  readonly path: number;
  /** Only what this layer has; null for the newest generation of each file. */
  readonly layer: number | null;
}

/** An extraction that the person is asked about before anything is written. */
export interface ExtractRequest {
  readonly places: readonly ExtractPlace[];
  /** What would be written, and how many files; escaped. */
  readonly what: string;
  /** The directory to propose. */
  readonly folder: string;
}

/**
 * What the screen can ask of the program around it. Each answers with a line for the person, or
 * throws an error whose message is that line.
 */
export interface Ports {
  readonly copy: (text: string, what: string) => Promise<string>;
  /** Called while the terminal is given away. */
  readonly view: (viewer: 'pager' | 'editor', content: ContentRef) => Promise<string>;
  readonly preview: (request: PreviewRequest) => Promise<Preview>;
  /** A directory that does not exist yet: the one named, or the same with a number added. */
  readonly freeFolder: (folder: string) => string;
  /** Into a new or empty directory, with a record. */
  readonly extract: (places: readonly ExtractPlace[], folder: string) => Promise<string>;
  /** Gives the case as it is then, and a line that says what was done. */
  readonly changeCase: (change: CaseChange) => Promise<{ readonly held: HeldCase; readonly text: string }>;
  /** Writes the report, in the format that the file's ending tells. */
  readonly exportReport: (file: string) => Promise<string>;
  /** Adds the false alarms of the case to a configuration file, which it makes where there is none. */
  readonly keepRules: (file: string, findings: readonly Finding[]) => Promise<string>;
}
