import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { errorFields } from '../../runtime/logger.ts';
import type { Vouched } from '../surface.ts';
import { codeOf } from './faults.ts';
import type { Workspace } from './workspaces.ts';

/** What Slack tells of a user, as far as it matters here. */
export interface SlackUser {
  readonly id: string;
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly name: string | null;
  readonly active: boolean;
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly vouched: Vouched;
  readonly stranger: boolean;
}

/** The user object of users.info and user_change (https://docs.slack.dev/reference/objects/user-object). */
export interface UserObject {
  readonly id?: string;
  readonly team_id?: string;
  readonly enterprise_user?: { readonly enterprise_id?: string };
  readonly real_name?: string;
  readonly deleted?: boolean;
  readonly tz?: string;
  readonly locale?: string;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_bot?: boolean;
  readonly is_email_confirmed?: boolean;
  readonly profile?: { readonly email?: string };
}

/** Guests and outsiders are whoever they say they are: only a full member's confirmed address counts. */
export function userOf(user: UserObject): SlackUser {
  const full = !user.is_restricted && !user.is_ultra_restricted && !user.is_stranger && !user.is_bot && !user.deleted;
  return {
    id: user.id ?? '',
    teamId: user.team_id ?? null,
    enterpriseId: user.enterprise_user?.enterprise_id ?? null,
    name: user.real_name ?? null,
    active: !user.deleted,
    timeZone: user.tz ?? null,
    locale: user.locale ?? null,
    vouched: {
      objectId: null,
      mail: full && user.is_email_confirmed === true ? (user.profile?.email ?? null) : null,
    },
    stranger: user.is_stranger === true,
  };
}

/** Whether this user belongs to the installing workspace, or to its organisation; unknown is no. */
export const belongs = (workspace: Workspace, user: Pick<SlackUser, 'teamId' | 'enterpriseId' | 'stranger'>): boolean =>
  !user.stranger &&
  (user.teamId === workspace.teamId ||
    (workspace.enterpriseId !== null && user.enterpriseId === workspace.enterpriseId));

export interface People {
  /** As Slack knows them now, or did a moment ago; `null` when it can't be asked, or knows nobody of that id. */
  find(workspace: Workspace, client: WebClient, userId: string): Promise<SlackUser | null>;
  /** Something about them has changed: they are asked for anew. */
  forget(workspace: Workspace, userId: string): void;
}

/** Long enough for a dialogue, short enough for a role that changed where its event was heard by another replica. */
const rememberedMs = 60_000;

export function createPeople(now: () => number, log: Logger): People {
  const known = new Map<string, { readonly user: SlackUser; readonly at: number }>();
  /** When they were forgotten last: an answer to an older question is not remembered. */
  const forgotten = new Map<string, number>();
  const keyOf = ({ teamId }: Workspace, userId: string) => `${teamId}:${userId}`;
  return {
    forget: (workspace, userId) => {
      if (forgotten.size > 5_000) forgotten.clear();
      known.delete(keyOf(workspace, userId));
      forgotten.set(keyOf(workspace, userId), now());
    },
    find: async (workspace, client, userId) => {
      const key = keyOf(workspace, userId);
      const remembered = known.get(key);
      if (remembered && now() - remembered.at < rememberedMs) return remembered.user;
      const askedAt = now();
      try {
        const { user } = await client.users.info({ user: userId, include_locale: true });
        if (!user) return null;
        const found = userOf(user as UserObject);
        if (known.size > 5_000) known.clear();
        if ((forgotten.get(key) ?? 0) <= askedAt) known.set(key, { user: found, at: now() });
        return found;
      } catch (error) {
        const code = codeOf(error);
        // Nobody whom this workspace can see.
        if (code === 'user_not_found' || code === 'user_not_visible')
          return { ...userOf({ id: userId }), stranger: true };
        log.warn({ ...errorFields(error), code }, 'Slack does not say who somebody is');
        return null;
      }
    },
  };
}
