import { z } from 'zod';
import { type AuditAction, type ChainFault, firstBreak, genesisHash } from '../domain/audit.ts';
import { acts, may, notAllowed } from '../domain/authorisation.ts';
import { accept } from '../domain/change.ts';
import type { PersonCommand } from './execute.ts';
import type { Reads } from './ports.ts';

const reading = (name: string, action: AuditAction): PersonCommand<Record<string, never>, null, null> => ({
  name,
  for: 'person',
  input: z.object({}) as unknown as z.ZodType<Record<string, never>>,
  load: async (_reads, _input, { held }) =>
    may(held, acts['read-audit']) ? null : { refusal: notAllowed('read-audit', acts['read-audit']) },
  decide: (_state, _input, { actor }) =>
    accept(null, {
      audit: [
        {
          action,
          actor,
          subjectId: null,
          role: null,
          scope: null,
          requestId: null,
          result: 'success',
          reason: null,
          details: {},
        },
      ],
    }),
});

/** Asks to read the audit; that somebody did is on the record too. */
export const readAudit = reading('audit', 'audit.read');

/** Asks to verify the audit's hash chain. */
export const verifyAudit = reading('audit-verify', 'audit.verify');

export interface Verification {
  readonly count: number;
  readonly head: string;
  readonly fault: ChainFault | null;
}

/** Walks the whole chain from its beginning to its head, a thousand entries at a time. */
export async function verifyChain(reads: Reads): Promise<Verification> {
  const end = await reads.auditHead();
  let head = { sequence: 0, hash: genesisHash };
  while (head.sequence < end.sequence) {
    const entries = (await reads.auditAfter(head.sequence, 1000)).filter((entry) => entry.sequence <= end.sequence);
    const fault = firstBreak(head, entries);
    if (fault) return { count: end.sequence, head: end.hash, fault };
    const last = entries.at(-1);
    if (!last) return { count: end.sequence, head: end.hash, fault: { sequence: head.sequence + 1, fault: 'missing' } };
    head = last;
  }
  const fault = head.hash === end.hash ? null : ({ sequence: end.sequence, fault: 'changed' } as const);
  return { count: end.sequence, head: end.hash, fault };
}
