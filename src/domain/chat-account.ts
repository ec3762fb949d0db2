import type { ChatAccountId, PersonId } from './ids.ts';

/**
 * An account on a chat platform, keyed by (platform, tenant, user), and the person whom it was proven to belong to.
 * The address is opaque here: only the surface of its platform can read it.
 */
export interface ChatAccount {
  readonly id: ChatAccountId;
  readonly version: number;
  readonly platform: 'teams' | 'slack';
  readonly tenantId: string;
  readonly userId: string;
  readonly personId: PersonId | null;
  /** What it was bound by: what the platform vouches for, or a one-time code. `null` while it is unbound. */
  readonly provenBy: 'platform' | 'code' | null;
  /** The personal conversation with the bot, once there is one. */
  readonly address: unknown;
  /** Why the account can't be written to, as the platform said; `null` while it can. */
  readonly unreachable: string | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly lastSeenAt: Date;
}
