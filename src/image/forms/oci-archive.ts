import { openLayout } from '../oci/layout.ts';
import type { SavedForm } from './form.ts';

/** An OCI image layout in a tar, as `skopeo copy … oci-archive:` and `podman save --format oci-archive` write it. */
export const ociArchive: SavedForm = {
  id: 'oci-archive',
  accepted: 'an OCI archive',
  transport: 'oci-archive',
  choosesByReference: true,
  containers: ['archive'],

  detect({ source, store }, named) {
    if (store.get('index.json') === null) {
      return named ? `${source}: an OCI archive needs index.json, which is missing` : false;
    }
    if (named || store.get('oci-layout') !== null) return true;
    return `${source} has index.json but no oci-layout, so it is not a complete OCI archive; oci-archive:${source} opens it anyway`;
  },

  open: ({ source, store, warnings }) => openLayout(store, source, 'oci-archive', { warnings }),
};
