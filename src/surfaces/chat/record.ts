import type { Page, RecordFilter, Viewer } from '../../commands/browsing.ts';
import type { Reads } from '../../commands/ports.ts';
import { viewerOf } from '../../commands/resources.ts';
import type { PersonCaller } from '../../commands/who.ts';
import type { Actor, AuditEntry } from '../../domain/audit.ts';
import type { PersonId, PrincipalId } from '../../domain/ids.ts';
import { auditWords } from '../../notifications/audit-words.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, ListPage } from '../../notifications/cards.ts';
import { pageAt } from '../../notifications/page.ts';
import type { Reader } from '../../notifications/tracked.ts';
import { type Phrases, phrases } from './phrases.ts';

export type RecordRow = CardData['audit']['entries'][number] & { readonly requestId: string | null };

/** Who reads the record, and how. */
interface RecordReader extends PersonCaller {
  readonly reader: Reader;
  readonly now: Date;
}

export const everything: RecordFilter = {
  personId: null,
  role: null,
  scope: null,
  from: null,
  to: null,
  result: null,
  action: '',
};

/** Entries as their reader sees them. */
export async function recordRows(
  reads: Reads,
  entries: readonly AuditEntry[],
  { reader }: RecordReader,
): Promise<RecordRow[]> {
  const ids = entries.flatMap((entry) =>
    [entry.actor.personId ?? [], entry.subjectId ?? [], awayIn(entry) ?? []].flat(),
  );
  const names = new Map<PrincipalId, string>(
    (await reads.people([...new Set(ids)] as PersonId[])).map(({ id, displayName }) => [id, displayName]),
  );
  const words = phrases[reader.language];
  const nameOf = (id: PrincipalId | null) => (id ? (names.get(id) ?? null) : null);
  const whoDid = (entry: AuditEntry) => {
    const who = nameOf(entry.actor.personId) ?? nobodyIn(entry.actor, words);
    const away = nameOf(awayIn(entry));
    return away ? words.inPlaceOf(who, away) : who;
  };
  return entries.map((entry) => ({
    sequence: String(entry.sequence),
    at: reader.time(entry.at),
    what: auditWords(entry.action, reader.language),
    who: whoDid(entry),
    whom: entry.subjectId === entry.actor.personId ? null : nameOf(entry.subjectId),
    role: entry.role,
    scope: entry.scope,
    reason: entry.reason,
    failed: entry.result === 'failure',
    surface: entry.actor.surface,
    requestId: entry.requestId,
  }));
}

/** A page of what somebody may see of the record; its buttons keep to the record as it was at the first look. */
export async function recordPage(
  reads: Reads,
  asker: RecordReader,
  filter: RecordFilter,
  wanted: string | undefined,
): Promise<{ rows: RecordRow[]; page: ListPage }> {
  // Reading is on the record, too: pages are counted from the newest entry at the first look.
  const { sequence: newest } = await reads.auditHead();
  const [number, from] = (wanted ?? '').split('@');
  const upTo = Math.min(newest, Number(from) || newest);
  const viewer: Viewer = viewerOf(asker, asker.now);
  const size = pageSizes.audit;
  const part: Page = { skip: (Math.max(1, Number.parseInt(number ?? '1', 10) || 1) - 1) * size, take: size };
  const { total, items } = await reads.record(viewer, filter, upTo, part);
  const { page } = pageAt(total, number, size, asker.reader.language);
  const fixed = (which: string | null) => which && `${which}@${upTo}`;
  return {
    rows: await recordRows(reads, items, asker),
    page: { ...page, previousPage: fixed(page.previousPage), nextPage: fixed(page.nextPage) },
  };
}

/** The approver in whose place somebody decided. */
const awayIn = ({ details: { insteadOf } }: AuditEntry): PersonId | null =>
  typeof insteadOf === 'string' ? (insteadOf as PersonId) : null;

/** Who acted, where it was nobody who is known. */
const nobodyIn = ({ surface }: Actor, words: Phrases): string =>
  surface === 'system' ? 'Usher' : surface === 'cli' ? words.commandLine : words.unlinkedAccount;
