import type { ReactNode } from 'react';
import type { Model } from '../src/tui/model.ts';
import type { ViewId } from '../src/tui/views.ts';
import { HistoryScreen } from './HistoryScreen.tsx';
import { LayersScreen } from './LayersScreen.tsx';
import { ListScreen } from './ListScreen.tsx';
import type { Painter } from './painter.ts';

/** The properties of every view. */
export interface ScreenProps {
  readonly model: Model;
  readonly painter: Painter;
}

/** The screen of each view. */
export const SCREENS: Readonly<Record<ViewId, (props: ScreenProps) => ReactNode>> = {
  layers: LayersScreen,
  deleted: ListScreen,
  setuid: ListScreen,
  findings: ListScreen,
  history: HistoryScreen,
  config: ListScreen,
  retest: ListScreen,
};
