import { Box, Text } from 'ink';
import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { borderSigns } from './borders.ts';
import { DetailPane } from './DetailPane.tsx';
import { LayersPane } from './LayersPane.tsx';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';
import { ruleLine } from './rule-line.ts';
import { TreePane } from './TreePane.tsx';

/** The layers view: layers, tree and, below them, the history of a path. */
export function LayersScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const layout = layoutOf(model);
  const { panes, body } = layout;
  const { layers, tree, track } = panes;
  const height = (layers ?? tree)?.height ?? 0;
  const { vertical } = borderSigns(painter.look.unicode);
  return (
    <Box flexDirection="column" width={body.width} height={body.height}>
      <Box height={height}>
        {layers !== null && <LayersPane model={model} rect={layers} painter={painter} />}
        {layers !== null && tree !== null && (
          <Text>{painter.paint('border', Array.from({ length: height }, () => vertical).join('\n'))}</Text>
        )}
        {tree !== null && <TreePane model={model} rect={tree} painter={painter} />}
      </Box>
      <Row text={ruleLine(model, layout, painter)} />
      {track !== null && <DetailPane model={model} rect={track} painter={painter} />}
    </Box>
  );
}
