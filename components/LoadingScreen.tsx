import { Box } from 'ink';
import { escapeText } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import type { Painter } from './painter.ts';
import { Row } from './Row.tsx';

/** Shown until the image is open, or if it cannot be opened. */
export function LoadingScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const { body } = layoutOf(model);
  const words =
    model.failure === null
      ? painter.paint('dim', fit(` opening ${escapeText(model.source)} ...`, body.width))
      : painter.name('error', fit(` ${escapeText(model.failure)}`, body.width));
  return (
    <Box flexDirection="column" width={body.width} height={body.height}>
      <Row text="" />
      <Row text={words} />
    </Box>
  );
}
