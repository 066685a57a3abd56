import { Box } from 'ink';
import { useMemo } from 'react';
import type { Model } from '../src/tui/model.ts';
import { isTooSmall } from '../src/tui/selectors/layout.ts';
import { FootLine } from './FootLine.tsx';
import { Header } from './Header.tsx';
import { LoadingScreen } from './LoadingScreen.tsx';
import { Overlays } from './Overlays.tsx';
import { painterOf } from './painter.ts';
import { SCREENS } from './screens.tsx';
import { TabLine } from './TabLine.tsx';
import { TooSmall } from './TooSmall.tsx';

/** The whole screen, as a function of the model alone. */
export function Screen({ model }: { readonly model: Model }) {
  const painter = useMemo(() => painterOf(model.look), [model.look]);
  if (isTooSmall(model.size)) return <TooSmall size={model.size} />;
  const View = model.stacked === null ? LoadingScreen : SCREENS[model.view];
  return (
    <Box flexDirection="column" width={model.size.columns} height={model.size.rows}>
      <Header model={model} painter={painter} />
      <TabLine model={model} painter={painter} />
      <View model={model} painter={painter} />
      <FootLine model={model} painter={painter} />
      <Overlays model={model} painter={painter} />
    </Box>
  );
}
