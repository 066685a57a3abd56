import type { ReactNode } from 'react';
import type { Model } from '../src/tui/model.ts';
import type { ViewId } from '../src/tui/views.ts';
import { HistoryScreen } from './HistoryScreen.tsx';
import { LayersScreen } from './LayersScreen.tsx';
import { ListScreen } from './ListScreen.tsx';
import type { Painter } from './painter.ts';

/** What every view is given: all it draws comes from the model. */
export interface ScreenProps {
  readonly model: Model;
  readonly painter: Painter;
}

/** Each view's screen. A new view takes its place here. */
export const SCREENS: Readonly<Record<ViewId, (props: ScreenProps) => ReactNode>> = {
  layers: LayersScreen,
  ghosts: ListScreen,
  setuid: ListScreen,
  findings: ListScreen,
  history: HistoryScreen,
  config: ListScreen,
  retest: ListScreen,
};
