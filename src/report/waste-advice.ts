import type { Origin } from '../history/origin.ts';
import { Change, Changed } from '../ledger/change.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { movedTo } from '../ledger/moved.ts';
import { cacheAdvice } from '../posture/checks/caches.ts';
import { pathText } from '../text/path-text.ts';

/** The change that one layer makes to a path with wasted bytes. */
interface Step {
  readonly layer: number;
  readonly change: Change;
  readonly changed: number;
  /** `COPY` or `ADD`; null for any other instruction. */
  readonly copy: string | null;
}

/**
 * Returns advice for a path that wastes bytes, because several layers have it or a later layer deletes it.
 * @param path the id of the path in the ledger
 * @param origins the origin of each layer
 * @param instruction returns the instruction that created a layer, masked
 * @returns one line; not escaped
 */
export function wasteAdvice(
  ledger: Ledger,
  path: number,
  origins: readonly Origin[],
  instruction: (layer: number) => string,
): string {
  const steps = ledger.line(path).map((event): Step => {
    const layer = ledger.layerOf(event);
    const copy = /^(COPY|ADD)\b/.exec(instruction(layer))?.[1] ?? null;
    return { layer, change: ledger.change(event), changed: ledger.changed(event), copy };
  });
  const base = steps.filter(({ layer }) => origins[layer] === 'base');
  const list = `${steps.length === 1 ? 'layer' : 'layers'} ${steps.map(({ layer }) => layer).join(', ')}`;
  // No later layer can remove bytes from the base image.
  if (base.length === steps.length) return `${list}: part of the base image; use another base`;
  if (base.length > 0) {
    return `layer ${base[0]!.layer} is part of the base image: use another base, or leave the file as it is`;
  }
  const isGone = steps.at(-1)!.change === Change.deleted;
  return `${list}: ${isGone ? adviceOnDeleted(ledger, path, steps) : adviceOnRewritten(steps)}`;
}

/** Returns advice for a path that is not in the final tree. */
function adviceOnDeleted(ledger: Ledger, path: number, steps: readonly Step[]): string {
  const { copy } = bringer(steps);
  if (copy === null) {
    const cache = cacheAdvice(pathText(ledger.paths.path(path)));
    return cache === null ? 'delete it in the RUN that creates it' : `RUN ${cache}`;
  }
  const target = movedTo(ledger, ledger.lastEvent(path));
  if (target !== null) return `${copy} it to ${pathText(ledger.paths.path(target))}, without the later move`;
  return `leave it out of the ${copy} (.dockerignore), or use RUN --mount=type=bind; a later RUN cannot remove it`;
}

/** Returns the COPY or ADD that added the last deleted file, even if a RUN changed it since; else the last RUN. */
function bringer(steps: readonly Step[]): Step {
  const begins = steps.findLastIndex(({ change }) => BEGINNINGS.has(change));
  const life = steps.slice(Math.max(0, begins)).filter(({ change }) => change !== Change.deleted);
  return life.findLast(({ copy }) => copy !== null) ?? life.at(-1)!;
}

const BEGINNINGS: ReadonlySet<Change> = new Set([Change.added, Change.readded, Change.replaced]);

/** Returns advice for a path that is in the final tree and should be stored only once. */
function adviceOnRewritten(steps: readonly Step[]): string {
  if (steps.length === 1) return 'the layer stores it more than once: rebuild it with another tool';
  const last = steps.findLastIndex(({ copy, change }) => copy !== null && change !== Change.deleted);
  if (last < 0) return 'combine these instructions into one RUN, which stores the file once';
  const { copy, layer } = steps[last]!;
  const after = steps.slice(last + 1).filter(({ change }) => change !== Change.deleted);
  const once = last > 0 ? [`keep only the ${copy} of layer ${layer}`] : [];
  return [...once, ...(after.length > 0 ? [adviceAfterCopy(copy!, after)] : [])].join('; ');
}

/** @param after the changes that later instructions make to the copied file */
function adviceAfterCopy(copy: string, after: readonly Step[]): string {
  if (after.every(({ change }) => change === Change.unchanged)) {
    const layers = after.map(({ layer }) => layer).join(', ');
    return after.length === 1
      ? `layer ${layers} writes it again unchanged: exclude it from that RUN (chown -R, chmod -R, touch)`
      : `layers ${layers} write it again unchanged: exclude it from those RUNs (chown -R, chmod -R, touch)`;
  }
  const changed = after.reduce((bits, step) => bits | step.changed, 0);
  const isAttributes = after.every(({ change }) => change === Change.metadata || change === Change.unchanged);
  if (!isAttributes || (changed & Changed.xattrs) !== 0) {
    return 'change it in a build stage, then COPY --from that stage';
  }
  const flags = [
    ...((changed & Changed.owner) !== 0 ? ['--chown'] : []),
    ...((changed & Changed.mode) !== 0 ? ['--chmod'] : []),
  ];
  return `use ${copy} ${flags.join(' ')} instead of a later ${flags.map((flag) => flag.slice(2)).join(' or ')}`;
}
