import { listView } from './list-view.ts';
import { type Handlers, step } from './step.ts';

/** Commands of the History view: those of every list, and the Dockerfile. */
export const historyView: Handlers = {
  ...listView,
  'swap-dockerfile': {
    run: (model) => step({ ...model, historySwapped: !model.historySwapped }),
    when: ({ history }) => history !== null && history.entries.length > 0,
  },
};
