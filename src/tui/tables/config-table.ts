import type { Masker } from '../../secrets/mask/masker.ts';
import { platformText } from '../../image/platform.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import type { Token } from '../../text/theme.ts';
import { exactSize } from '../../text/size.ts';
import { column } from '../columns/column.ts';
import { type TableRow, type ViewTable, viewTable } from './table.ts';

/** A line of the view: a name and the value in the image. */
interface ConfigLine extends Pick<TableRow, 'flag'> {
  readonly name: string;
  /** Masked and escaped. */
  readonly text: string;
  readonly token: Token;
}

/** Returns the Config view: identity, digest verification and the run-time configuration. */
export function configTable(stacked: StackedImage, masker: Masker): ViewTable {
  const { image } = stacked;
  const { runtime } = image.config;
  const lines: ConfigLine[] = [];
  const add = (name: string, value: string, token: Token = 'text', flag?: TableRow['flag']): void => {
    // Any of these values can contain a credential.
    const text = escapeText(masker.mask(value));
    if (text !== '') lines.push({ name, text, token, ...(flag === undefined ? {} : { flag }) });
  };
  const verdict = (name: string, digest: string | null, verified: boolean | null): void => {
    if (digest === null) return;
    const word = verified === null ? 'nothing to compare with' : verified ? 'verified' : 'DOES NOT MATCH';
    add(name, `${digest}  ${word}`, verified === false ? 'error' : 'text');
  };
  add('names', image.names.join(', ') || '(none)');
  add('source', `${image.source} (${image.form})`);
  verdict('image ID', image.id, image.idVerified);
  verdict('manifest', image.manifestDigest, image.manifestVerified);
  add('platform', platformText(image.platform));
  add('created', image.config.created ?? 'not recorded');
  add('author', image.config.author ?? '');
  add('user', runtime.user === null || runtime.user === '' ? 'root (default)' : runtime.user);
  add('workdir', runtime.workingDir ?? '');
  add('entrypoint', words(runtime.entrypoint));
  add('cmd', words(runtime.cmd));
  if (runtime.shell !== null) add('shell', words(runtime.shell));
  if (runtime.healthcheck !== null) add('healthcheck', words(runtime.healthcheck.test));
  if (runtime.stopSignal !== null) add('stop signal', runtime.stopSignal);
  for (const env of runtime.env) {
    add('env', env, 'text', { surface: 'env', key: env.split('=', 1)[0]! });
  }
  for (const port of runtime.exposedPorts) add('port', port);
  for (const volume of runtime.volumes) add('volume', volume);
  for (const [key, value] of Object.entries(runtime.labels)) {
    add('label', `${key}=${value}`, 'text', { surface: 'label', key });
  }
  for (const line of runtime.onBuild) add('onbuild', line);
  for (const [key, value] of Object.entries(image.annotations)) add('annotation', `${key}=${value}`);
  for (const attestation of image.attestations) {
    add('attestation', `${attestation.digest}  ${attestation.predicateTypes.join(', ')}`);
  }
  stacked.layers.forEach((layer, index) => {
    const mismatch = layer.verified.digest === false || layer.verified.diffId === false;
    const verdicts = [
      ['blob', layer.verified.digest],
      ['diffID', layer.verified.diffId],
    ].map(([what, ok]) => `${what} ${ok === null ? 'not checked' : ok ? 'ok' : 'DOES NOT MATCH'}`);
    const size = layer.tarSize === null ? layer.status : `${exactSize(layer.tarSize)} bytes`;
    add(
      `layer ${index}`,
      `${image.layers[index]?.diffId ?? layer.diffId ?? '-'}  ${size}  ${verdicts.join(', ')}`,
      mismatch || layer.status === 'missing' || layer.status === 'damaged' ? 'error' : 'text',
    );
  });
  for (const warning of stacked.warnings) add('warning', warning.message, 'warning');
  return viewTable<ConfigLine>(
    [
      column({ title: 'name', width: 12, cell: (line) => line.name }),
      column({ title: 'value', width: null, cell: (line) => line.text }),
    ],
    lines,
    ({ name, text, ...line }) => ({ ...line, target: null, detail: [`${name}: ${text}`] }),
    'Image metadata, configuration and digest verification',
  );
}

function words(list: readonly string[] | null): string {
  return list === null || list.length === 0 ? '' : JSON.stringify(list);
}
