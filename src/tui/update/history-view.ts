import { listView } from './list-view.ts';
import { type Handlers, step } from './step.ts';

/** What works in the History view: what works in every list, and the Dockerfile beside it. */
export const historyView: Handlers = {
  ...listView,
  'swap-dockerfile': {
    run: (model) => step({ ...model, historySwapped: !model.historySwapped }),
    when: ({ history }) => history !== null && history.entries.length > 0,
  },
};
