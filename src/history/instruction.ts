import type { HistoryRecord } from '../image/config.ts';

const NOP = /^\/bin\/sh -c #\(nop\)\s*/;
const KEYWORD =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b/;

/** The instruction of a history entry as a person would write it in a Dockerfile. */
export function instructionText(record: Pick<HistoryRecord, 'createdBy' | 'comment'>): string {
  const raw = record.createdBy ?? '';
  if (raw === '') return record.comment ?? '';
  const nop = NOP.exec(raw);
  if (nop !== null) return raw.slice(nop[0].length).trim();
  const plain = raw.replace(/ # buildkit$/, '');
  const run = plain.replace(
    /^(RUN )?(\|\d+ .*? )?\/bin\/(?:ba)?sh -c /s,
    (_, __, args: string | undefined) => `RUN ${args ?? ''}`,
  );
  return KEYWORD.test(run) ? run.replace(/^RUN \|/, 'RUN |') : `RUN ${run}`;
}
