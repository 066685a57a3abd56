import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import type { Incomplete } from '../../ledger/unread-parts.ts';
import type { Distribution } from '../../packages/distribution.ts';
import { escapeText } from '../../text/escape.ts';
import { escapeJson } from '../../text/json.ts';
import { incompleteText } from '../completeness.ts';
import type { PackageFacts } from '../package-facts.ts';

/** The subject of a bill of materials. */
export interface BomSubject {
  /** The image's first name, or its source. */
  readonly name: string;
  /** The image ID, `sha256:…`. */
  readonly id: string;
  readonly distribution: Distribution | null;
  /** The version of this program. */
  readonly version: string;
  /** The parts of the image that were not read, and may have more packages. */
  readonly incomplete: readonly Incomplete[];
}

/**
 * Returns a CycloneDX 1.6 document in JSON that lists the packages of the final tree. Properties hold the layer and
 * the origin of each. The output is deterministic.
 */
export function cyclonedx(subject: BomSubject, facts: readonly PackageFacts[]): string {
  const bom = new Models.Bom();
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, subject.name, {
    version: subject.id,
    bomRef: subject.id,
  });
  bom.metadata.tools.components.add(
    new Models.Component(Enums.ComponentType.Application, 'exhume', { version: subject.version }),
  );
  for (const part of subject.incomplete) {
    bom.metadata.properties.add(new Models.Property('exhume:incomplete', escapeText(incompleteText(part))));
  }
  if (subject.distribution !== null) bom.components.add(operatingSystem(subject.distribution));
  for (const [index, each] of facts.entries()) {
    if (each.state === 'live') bom.components.add(componentOf(each, index));
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return escapeJson(serializer.serialize(bom, { sortLists: true, space: 2 }));
}

function operatingSystem({ id, title, version }: Distribution): Models.Component {
  return new Models.Component(Enums.ComponentType.OperatingSystem, id, {
    bomRef: `${id}-${version ?? 'rolling'}`,
    ...(version === null ? {} : { version }),
    ...(title === null ? {} : { description: title }),
  });
}

/** @param index makes the reference unique: the same package may be installed in several directories */
function componentOf(each: PackageFacts, index: number): Models.Component {
  const slash = each.ecosystem === 'npm' && each.name.startsWith('@') ? each.name.indexOf('/') : -1;
  const property = (name: string, value: string): Models.Property =>
    new Models.Property(`exhume:${name}`, value);
  return new Models.Component(Enums.ComponentType.Library, each.name.slice(slash + 1), {
    version: each.version,
    purl: each.purl,
    bomRef: `${each.purl}#${index}`,
    ...(slash < 0 ? {} : { group: each.name.slice(0, slash) }),
    properties: new Models.PropertyRepository([
      property('layer', String(each.layer)),
      property('origin', each.origin),
      property('path', each.path),
    ]),
  });
}
