import { resolveContent } from '../../ledger/resolve.ts';
import { whereText } from '../../report/finding-lines.ts';
import { escapeText } from '../../text/escape.ts';
import type { Action } from '../actions.ts';
import {
  filterWords,
  type FindingFilter,
  reportedCount,
  nextFilter,
  widest,
  withFlagged,
} from '../findings.ts';
import type { Model } from '../model.ts';
import { rowOfEntry } from '../selectors/history-rows.ts';
import { listTable, selectedRow } from '../selectors/list-table.ts';
import { listView, withListRow } from './list-view.ts';
import { shownFindings } from '../selectors/shown-findings.ts';
import { openPreview } from './preview.ts';
import { type Handlers, type Step, step, told } from './step.ts';

/** Encodings that keep a value at its place in the file. */
const WITHIN_BYTES: ReadonlySet<string> = new Set(['base64', 'utf-16']);

/** Commands of the Findings view: those of every list, and its filters. */
export const findingsView: Handlers = {
  ...listView,
  open: { run: opened, when: (model) => selectedRow(model) !== null },
  'findings-severity': { run: (model) => turned(model, 'severity') },
  'findings-state': { run: (model) => turned(model, 'state') },
  'findings-origin': { run: (model) => turned(model, 'origin') },
  'findings-kind': { run: (model) => turned(model, 'kind') },
  'findings-suppressed': { run: (model) => turned(model, 'suppressed') },
  'findings-open': { run: (model) => turned(model, 'open') },
};

/** Goes to the place in the tree. For a file, also opens the preview with the line of the finding marked. */
function opened(model: Model): Step {
  if (selectedRow(model)?.target == null) return step(toWords(model));
  const [there, effects] = listView.open!.run(model);
  const finding = shownFindings(model)[model.lists.findings.row];
  const path = selectedRow(model)?.target?.path ?? 0;
  const { ledger } = model.stacked ?? {};
  if (finding === undefined || ledger === undefined || path <= 0 || finding.where.layer === null) {
    return [there, effects];
  }
  const { inside, layer, line, offset } = finding.where;
  const event = ledger.eventAt(path, layer);
  if (event < 0 || ledger.isDeletion(event)) return [there, effects];
  const content = resolveContent(ledger, event);
  if (content.kind !== 'file') return [there, effects];
  // An unpacked value has no offset in the file itself.
  const isPlain = inside.every((way) => WITHIN_BYTES.has(way));
  const at = offset === null || !isPlain ? null : { offset, line };
  const next = isPlain ? there : told(there, `the finding is inside: ${inside.map(escapeText).join(', ')}`);
  return openPreview(next, content.place, at);
}

/** Goes to a finding that is not in a file: to its instruction in the History view, or to the Config view. */
function toWords(model: Model): Model {
  const finding = shownFindings(model)[model.lists.findings.row];
  if (finding?.where.surface === 'attestation' || finding?.where.surface === 'archive') {
    return told(model, `not in a layer: ${whereText(finding.where)}`);
  }
  const entry = finding?.occurrences.find(({ where }) => where.historyIndex !== null)?.where.historyIndex;
  if (entry == null) {
    const key = finding?.where.key ?? '';
    const at =
      listTable(model, 'config')?.rows.findIndex(({ cells }) => cells[1]?.startsWith(`${key}=`)) ?? 0;
    const config = { ...model.lists.config, row: key === '' ? 0 : Math.max(0, at) };
    return { ...model, view: 'config', lists: { ...model.lists, config } };
  }
  const row = rowOfEntry(model, entry);
  return { ...model, view: 'history', lists: { ...model.lists, history: { ...model.lists.history, row } } };
}

function turned(model: Model, field: keyof FindingFilter): Step {
  const filter = nextFilter(model.findings.filter, field);
  return step(withListRow({ ...model, findings: { ...model.findings, filter } }, 0));
}

/** Clears the filters. The selected finding stays selected. */
export function withAllFindings(model: Model): Model {
  const { filter } = model.findings;
  const next = widest(filter, model.tree.show.base ? null : 'application');
  if (filterWords(next) === filterWords(filter)) return model;
  const selected = shownFindings(model)[model.lists.findings.row];
  const wide = { ...model, findings: { ...model.findings, filter: next } };
  const row = shownFindings(wide).findIndex(({ id }) => id === selected?.id);
  return withListRow(wide, Math.max(0, row));
}

/** Stores new findings. The selected finding stays selected. */
export function withFindings(model: Model, { list, search }: Extract<Action, { type: 'findings' }>): Model {
  const findings = { ...withFlagged(model.findings, model.held.flagged, list), search };
  const next: Model = { ...model, counts: { ...model.counts, ...reportedCount(findings) }, findings };
  if (model.view !== 'findings') return next;
  const selected = shownFindings(model)[model.lists.findings.row];
  const row = shownFindings(next).findIndex(({ id }) => id === selected?.id);
  return withListRow(next, row < 0 ? next.lists.findings.row : row);
}
