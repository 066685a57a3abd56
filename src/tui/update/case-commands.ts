import type { DecisionVerdict } from '../../finding/decision.ts';
import type { Finding } from '../../finding/finding.ts';
import { reportedCount, withFlagged } from '../findings.ts';
import { type HeldCase, parseAcceptance, parseFlag } from '../held-case.ts';
import { lineText } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay, PlainPromptKind } from '../overlay.ts';
import { shownFindings } from '../selectors/shown-findings.ts';
import { filePlaces } from '../selectors/file-places.ts';
import { flagPlace } from '../selectors/flag-place.ts';
import { asksToExtract, extractAccepted } from './extract.ts';
import { withListRow } from './list-view.ts';
import { closed, withTop } from './overlays.ts';
import { type Handlers, type Step, step, told } from './step.ts';

type Prompt = Extract<Overlay, { kind: 'prompt' }>;

/** Commands of the Findings view that decide about the marked and listed findings, else the selected one. */
export const deciding: Handlers = {
  mark: { run: (model) => step(marked(model)), when: hasFinding },
  'mark-all': { run: (model) => step(allMarked(model)), when: hasFinding },
  'decide-confirmed': { run: (model) => decided(model, 'confirmed', null, null), when: hasFinding },
  'decide-rotated': { run: (model) => decided(model, 'rotated', null, null), when: hasFinding },
  'ask-false-alarm': { run: (model) => step(asks(model, 'false-alarm', '')), when: hasFinding },
  'ask-accept': { run: (model) => step(asks(model, 'accept', '')), when: hasFinding },
  'ask-keep-rules': {
    run: (model) => step(asks(model, 'keep-rules', 'exhume.yaml')),
    when: ({ held }) => [...held.decisions.values()].some(({ verdict }) => verdict === 'false-alarm'),
  },
  extract: { run: extracted, when: hasFinding },
};

/** Commands of the case that work in every view. */
export const caseCommands: Handlers = {
  'ask-flag': {
    run: (model) => step(asks(model, 'flag', 'Secret / high / ')),
    when: (model) => flagPlace(model) !== null,
  },
  'undo-decision': {
    run: (model) => [model, [{ type: 'case', change: { kind: 'undo', findings: model.findings.list } }]],
  },
  'ask-export': {
    run: (model) => step(asks(model, 'export', 'exhume-report.html')),
    when: (model) => model.findings.search === 'done',
  },
};

/** Handles the text of an accepted prompt. */
export function caseAccepted(model: Model, overlay: Prompt): Step {
  const text = lineText(overlay.line).trim();
  const before = closed(model);
  const wrong = (error: string): Step => step(withTop(model, { ...overlay, error }));
  switch (overlay.ask) {
    case 'false-alarm':
      return decided(before, 'false-alarm', text === '' ? null : text, null);
    case 'accept': {
      const read = parseAcceptance(text);
      return 'error' in read ? wrong(read.error) : decided(before, 'accepted', read.reason, read.until);
    }
    case 'flag': {
      const read = parseFlag(text);
      if ('error' in read) return wrong(read.error);
      const place = flagPlace(before);
      if (place === null) return step(before);
      const { note, range, severity, title } = read;
      if (range !== null && place.surface !== 'file') return wrong('a byte range needs a file');
      const change = { kind: 'flag', place: { ...place, ...range }, title, severity, note } as const;
      return [before, [{ type: 'case', change }]];
    }
    case 'export':
      if (text === '') return step(before);
      return [told(before, `writing ${text}`), [{ type: 'export', file: text }]];
    case 'extract':
      return extractAccepted(model, overlay);
    case 'keep-rules':
      if (text === '') return step(before);
      return [before, [{ type: 'keep-rules', file: text, findings: model.findings.list }]];
    default:
      return step(before);
  }
}

/** Stores the case after a change or when it was opened. The selected finding stays selected. */
export function withCase(model: Model, held: HeldCase, text: string): Model {
  const selected = selectedFinding(model);
  const findings = withFlagged(model.findings, held.flagged);
  const counts = { ...model.counts, ...reportedCount(findings) };
  const next: Model = { ...model, held, marked: new Set(), findings, counts };
  const row = shownFindings(next).findIndex(({ id }) => id === selected?.id);
  const kept = model.view === 'findings' ? withListRow(next, row < 0 ? next.lists.findings.row : row) : next;
  return text === '' ? kept : told(kept, text);
}

function asks(model: Model, ask: PlainPromptKind, before: string): Model {
  const line = { before, after: '' };
  return { ...model, overlays: [...model.overlays, { kind: 'prompt', ask, line, error: null }] };
}

function selectedFinding(model: Model): Finding | undefined {
  return shownFindings(model)[model.lists.findings.row];
}

function hasFinding(model: Model): boolean {
  return selectedFinding(model) !== undefined;
}

/**
 * Returns the findings that a command applies to: the marked ones, else the selected one. Marked findings
 * that a filter hides do not count: nobody decides about what they cannot see.
 */
function affected(model: Model): Finding[] {
  const shown = shownFindings(model);
  const seen = shown.filter(({ id }) => model.marked.has(id));
  return seen.length > 0 ? seen : shown.slice(model.lists.findings.row, model.lists.findings.row + 1);
}

function decided(model: Model, verdict: DecisionVerdict, reason: string | null, until: string | null): Step {
  const findings = affected(model).map(({ id }) => id);
  if (findings.length === 0) return step(model);
  return [model, [{ type: 'case', change: { kind: 'decide', findings, verdict, reason, until } }]];
}

/** Extracts every version of every file that contains one of the findings. */
function extracted(model: Model): Step {
  const places = filePlaces(model, affected(model));
  if (places.length > 0) return asksToExtract(model, places);
  return step(told(model, 'this finding is not in a file; nothing to extract'));
}

/** Marks or unmarks the selected finding and moves to the next one. */
function marked(model: Model): Model {
  const { id } = selectedFinding(model)!;
  const set = new Set(model.marked);
  if (!set.delete(id)) set.add(id);
  return withListRow({ ...model, marked: set }, model.lists.findings.row + 1);
}

function allMarked(model: Model): Model {
  const shown = shownFindings(model).map(({ id }) => id);
  return { ...model, marked: shown.every((id) => model.marked.has(id)) ? new Set() : new Set(shown) };
}
