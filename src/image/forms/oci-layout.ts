import { openLayout } from '../oci/layout.ts';
import type { SavedForm } from './form.ts';

/** An OCI image layout in a directory (image-spec, image-layout.md). */
export const ociLayout: SavedForm = {
  id: 'oci-layout',
  accepted: 'an OCI layout directory',
  transport: 'oci',
  choosesByReference: true,
  containers: ['directory'],

  detect({ source, store }, named) {
    const marked = store.get('oci-layout') !== null;
    if (store.get('index.json') === null) {
      return named || marked ? `${source}: an OCI layout needs index.json, which is missing` : false;
    }
    if (named || marked) return true;
    return `${source} has index.json but no oci-layout file, so it is not a complete OCI layout; oci:${source} opens it anyway`;
  },

  open({ source, store, warnings }) {
    const unmarked = { code: 'no-oci-layout', message: 'the directory has no oci-layout file' };
    const marked = store.get('oci-layout') !== null;
    return openLayout(store, source, 'oci-layout', {
      warnings: marked ? warnings : [...warnings, unmarked],
    });
  },
};
