import { createHash } from 'node:crypto';
import type { PersonId, PrincipalId } from './ids.ts';

/** Who did it and from where: the platform's verified account, or Usher itself. */
export interface Actor {
  /** `null` for Usher's own acts (deadlines, provisioning) and for accounts that belong to nobody yet. */
  readonly personId: PersonId | null;
  readonly surface: 'teams' | 'slack' | 'web' | 'cli' | 'system';
  /** The chat account as `tenant:user`, where there is one. */
  readonly account: string | null;
}

/** What a decision puts on the record, before the record gives it a place in the chain. */
export interface AuditFact {
  /** Verb in the field's terms, such as `activation.approve`. */
  readonly action: AuditAction;
  readonly actor: Actor;
  /** Whom it concerns: a person, or a group. */
  readonly subjectId: PrincipalId | null;
  /** The role and scope concerned, by their names at the time, so that the record outlives them. */
  readonly role: string | null;
  readonly scope: string | null;
  readonly requestId: string | null;
  readonly result: 'success' | 'failure';
  readonly reason: string | null;
  /** Before and after, ticket, and whatever else an auditor would ask. Plain JSON. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type AuditAction =
  | 'invitation.send'
  | 'invitation.resend'
  | 'invitation.revoke'
  | 'invitation.accept'
  | 'invitation.decline'
  | 'code.issue'
  | 'code.reject'
  | 'account.link'
  | 'account.unlink'
  | 'eligibility.assign'
  | 'eligibility.update'
  | 'eligibility.remove'
  | 'eligibility.end'
  | 'assignment.assign'
  | 'assignment.start'
  | 'assignment.update'
  | 'assignment.remove'
  | 'group.create'
  | 'activation.request'
  | 'activation.approve'
  | 'activation.deny'
  | 'activation.cancel'
  | 'activation.time-out'
  | 'activation.schedule'
  | 'activation.grant'
  | 'approval.vote'
  | 'approval.escalate'
  | `delegation.${'set' | 'begin' | 'end' | 'stop' | 'decline'}`
  | 'activation.confirm'
  | 'activation.fail'
  | 'activation.deactivate'
  | 'activation.expire'
  | `${'elevation' | 'break-glass'}.${'request' | 'grant' | 'cancel' | 'time-out' | 'confirm' | 'fail'}`
  | `${'extension' | 'renewal'}.${'request' | 'approve' | 'deny' | 'cancel' | 'time-out' | 'grant' | 'confirm' | 'fail'}`
  | `break-glass.${'end' | 'review-open' | 'review'}`
  | 'access.gone'
  | 'access.stuck'
  | 'delivery.fail'
  | 'assignments.read'
  | 'audit.read'
  | 'history.read'
  | 'audit.verify'
  | 'settings.change'
  | 'installation.set-up'
  | 'enrolment.open'
  | 'credential.enrol'
  | 'credential.remove'
  | 'credential.reset'
  | 'step-up.pass'
  | 'step-up.fail';

/** A fact in its place: `hash` covers everything else in the entry, and `previousHash` ties it to the entry before. */
export interface AuditEntry extends AuditFact {
  readonly sequence: number;
  readonly at: Date;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first entry follows. */
export const genesisHash = '0'.repeat(64);

/** JSON with the keys sorted at every depth, so that equal content always has the same text. */
const canonical = (value: unknown): string => {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`;
  return JSON.stringify(value);
};

/** SHA-256, in hex, of the entry without its hash. */
export const hashOf = (entry: Omit<AuditEntry, 'hash'>): string =>
  createHash('sha256')
    .update(
      canonical({
        sequence: entry.sequence,
        at: entry.at,
        previousHash: entry.previousHash,
        action: entry.action,
        actor: { ...entry.actor },
        subjectId: entry.subjectId,
        role: entry.role,
        scope: entry.scope,
        requestId: entry.requestId,
        result: entry.result,
        reason: entry.reason,
        details: entry.details,
      }),
    )
    .digest('hex');

/** Continues the chain after `head` with these facts, in order. */
export function chain(head: { sequence: number; hash: string }, facts: readonly AuditFact[], at: Date): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let { sequence, hash } = head;
  for (const fact of facts) {
    const open = { ...fact, sequence: sequence + 1, at, previousHash: hash };
    ({ sequence } = open);
    hash = hashOf(open);
    entries.push({ ...open, hash });
  }
  return entries;
}

export type ChainFault = { readonly sequence: number; readonly fault: 'changed' | 'missing' };

/**
 * The first break of the chain in `entries`, which must directly follow `head` in ascending order: an entry whose
 * content no longer gives its hash was changed; a gap in the numbers, or a hash that does not follow, tells of a missing one.
 */
export function firstBreak(
  head: { sequence: number; hash: string },
  entries: readonly AuditEntry[],
): ChainFault | null {
  let before = head;
  for (const entry of entries) {
    if (entry.sequence !== before.sequence + 1) return { sequence: before.sequence + 1, fault: 'missing' };
    if (entry.previousHash !== before.hash || hashOf(entry) !== entry.hash)
      return { sequence: entry.sequence, fault: 'changed' };
    before = entry;
  }
  return null;
}
