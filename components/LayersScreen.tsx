import { Box, Text } from 'ink';
import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { borderSigns } from './borders.ts';
import { DetailPane } from './DetailPane.tsx';
import { LayersPane } from './LayersPane.tsx';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';
import { TreePane } from './TreePane.tsx';

/** The layers view: layers, tree, and the line of a path below. */
export function LayersScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const { panes, borders, body } = layoutOf(model);
  const { layers, tree, track } = panes;
  const signs = borderSigns(painter.look.unicode);
  const height = (layers ?? tree)?.height ?? 0;
  const left = borders.left ?? -1;
  const rule =
    left < 0
      ? signs.horizontal.repeat(body.width)
      : signs.horizontal.repeat(left) + signs.meetsUp + signs.horizontal.repeat(body.width - left - 1);
  return (
    <Box flexDirection="column" width={body.width} height={body.height}>
      <Box height={height}>
        {layers !== null && <LayersPane model={model} rect={layers} painter={painter} />}
        {layers !== null && tree !== null && (
          <Text>
            {painter.paint('border', Array.from({ length: height }, () => signs.vertical).join('\n'))}
          </Text>
        )}
        {tree !== null && <TreePane model={model} rect={tree} painter={painter} />}
      </Box>
      <Row text={painter.paint('border', rule)} />
      {track !== null && <DetailPane model={model} rect={track} painter={painter} />}
    </Box>
  );
}
