import { randomBytes } from 'node:crypto';
import type { Json, WorkspaceOptions } from './contract.ts';
import type { State } from './state.ts';

const rotatedEverySeconds = 12 * 3600;

/** Who may call: the tokens of the teams that have the app, and how an app gets them by OAuth. */
export function createTokens(options: WorkspaceOptions, state: State, now: () => number) {
  const tokens = new Map<string, { readonly teamId: string; readonly expiresAt: number | null }>([
    [options.botToken, { teamId: options.team.id, expiresAt: null }],
  ]);
  const codes = new Map<string, string>();
  const refreshes = new Map<string, string>();

  const grant = (teamId: string): Json => {
    const rotated = options.tokenRotation ?? false;
    const own = !rotated && teamId === options.team.id;
    const token = own
      ? options.botToken
      : `xox${rotated ? 'e.xoxb' : 'b'}-${teamId}-${randomBytes(12).toString('hex')}`;
    tokens.set(token, { teamId, expiresAt: rotated ? now() + rotatedEverySeconds * 1000 : null });
    const refresh = `xoxe-1-${randomBytes(12).toString('hex')}`;
    if (rotated) refreshes.set(refresh, teamId);
    const admin = [...state.users.values()].find((user) => user.admin && user.teamId === teamId);
    return {
      ok: true,
      access_token: token,
      token_type: 'bot',
      scope: 'app_mentions:read,chat:write,commands,im:history,im:write,users:read,users:read.email',
      bot_user_id: state.bot.userId,
      app_id: state.bot.appId,
      team: { id: teamId, name: state.installed.get(teamId) ?? teamId },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: admin?.id ?? 'U0INSTALLER' },
      ...(rotated ? { expires_in: rotatedEverySeconds, refresh_token: refresh } : {}),
    };
  };

  return {
    /** The team that a token speaks for, or Slack's error. */
    teamOf: (token: string | null): { teamId: string } | { error: string } => {
      if (!token) return { error: 'not_authed' };
      const known = tokens.get(token);
      if (!known) return { error: 'invalid_auth' };
      if (known.expiresAt !== null && known.expiresAt <= now()) return { error: 'token_expired' };
      return known;
    },
    revoke: (token: string) => tokens.delete(token),
    revokeTeam: (teamId: string) => {
      for (const [token, known] of tokens) if (known.teamId === teamId) tokens.delete(token);
    },
    /** An administrator of this team says "Allow". */
    authorise: (teamId: string): string => {
      const code = `${Date.now()}.${randomBytes(12).toString('hex')}`;
      codes.set(code, teamId);
      return code;
    },
    access: (args: Json): Json => {
      if (args.client_id !== options.clientId) return { ok: false, error: 'invalid_client_id' };
      if (args.client_secret !== options.clientSecret) return { ok: false, error: 'bad_client_secret' };
      if (args.grant_type === 'refresh_token') {
        const teamId = refreshes.get(String(args.refresh_token));
        if (!teamId) return { ok: false, error: 'invalid_refresh_token' };
        refreshes.delete(String(args.refresh_token));
        return grant(teamId);
      }
      const teamId = codes.get(String(args.code));
      if (!teamId) return { ok: false, error: 'invalid_code' };
      codes.delete(String(args.code));
      if (!state.installed.has(teamId)) state.installed.set(teamId, teamId);
      return grant(teamId);
    },
  };
}

export type Tokens = ReturnType<typeof createTokens>;
