import { Box } from 'ink';
import type { ReactNode } from 'react';
import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { type ViewId, VIEWS } from '../src/tui/views.ts';
import { LayersScreen } from './LayersScreen.tsx';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/** What every view is given: all it draws comes from the model. */
export interface ScreenProps {
  readonly model: Model;
  readonly painter: Painter;
}

/** Each view's screen. A new view takes its place here. */
export const SCREENS: Readonly<Record<ViewId, (props: ScreenProps) => ReactNode>> = {
  layers: LayersScreen,
  ghosts: NotYet,
  setuid: NotYet,
  findings: NotYet,
  history: NotYet,
  config: NotYet,
};

function NotYet({ model, painter }: ScreenProps) {
  const { body } = layoutOf(model);
  const title = VIEWS.find(({ id }) => id === model.view)!.title;
  return (
    <Box flexDirection="column" width={body.width} height={body.height}>
      <Row text={painter.paint('dim', fit(` ${title}: this view is not there yet (1 goes to the layers)`, body.width))} />
    </Box>
  );
}
