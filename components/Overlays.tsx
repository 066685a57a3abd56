import type { Model } from '../src/tui/model.ts';
import { HelpOverlay } from './HelpOverlay.tsx';
import { ImagesOverlay } from './ImagesOverlay.tsx';
import { JumpOverlay } from './JumpOverlay.tsx';
import { PreviewOverlay } from './PreviewOverlay.tsx';
import { Palette } from './Palette.tsx';
import type { Painter } from './painter.ts';
import { ShowMenu } from './ShowMenu.tsx';

/** The topmost overlay except a prompt, which is in the foot line. */
export function Overlays({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const overlay = model.overlays.findLast(({ kind }) => kind !== 'prompt');
  switch (overlay?.kind) {
    case undefined:
    case 'prompt':
      return null;
    case 'help':
      return <HelpOverlay model={model} top={overlay.top} painter={painter} />;
    case 'palette':
      return <Palette model={model} overlay={overlay} painter={painter} />;
    case 'images':
      return <ImagesOverlay model={model} overlay={overlay} painter={painter} />;
    case 'jump':
      return <JumpOverlay model={model} overlay={overlay} painter={painter} />;
    case 'preview':
      return <PreviewOverlay model={model} overlay={overlay} painter={painter} />;
    case 'menu':
      return <ShowMenu model={model} cursor={overlay.cursor} painter={painter} />;
  }
}
