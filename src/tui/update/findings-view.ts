import type { Action } from '../actions.ts';
import { filtered, type FindingFilter, nextFilter } from '../findings.ts';
import type { Model } from '../model.ts';
import { listView, withListRow } from './list-view.ts';
import { type Handlers, type Step, step } from './step.ts';

/** What works in the Findings view: what works in every list, and its filters. */
export const findingsView: Handlers = {
  ...listView,
  'findings-severity': { run: (model) => turned(model, 'severity') },
  'findings-state': { run: (model) => turned(model, 'state') },
  'findings-origin': { run: (model) => turned(model, 'origin') },
  'findings-kind': { run: (model) => turned(model, 'kind') },
  'findings-demoted': { run: (model) => turned(model, 'demoted') },
};

function turned(model: Model, field: keyof FindingFilter): Step {
  const filter = nextFilter(model.findings.filter, field);
  return step(withListRow({ ...model, findings: { ...model.findings, filter } }, 0));
}

/** More has been found. The finding under the cursor stays under it. */
export function withFindings(model: Model, { list, search }: Extract<Action, { type: 'findings' }>): Model {
  const loud = list.filter(({ demoted }) => demoted === null).length;
  const counts =
    search === 'running' || search === 'done' ? { ...model.counts, findings: loud } : model.counts;
  const next: Model = { ...model, counts, findings: { ...model.findings, list, search } };
  if (model.view !== 'findings') return next;
  const selected = filtered(model.findings.list, model.findings.filter)[model.lists.findings.row];
  const row = filtered(list, model.findings.filter).findIndex(({ id }) => id === selected?.id);
  return withListRow(next, row < 0 ? next.lists.findings.row : row);
}
