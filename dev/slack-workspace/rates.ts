/** Calls a minute, by tier (Slack, "Rate limits"); bursts of as many are let through. */
const tiers = { 3: 50, 4: 100 } as const;
const tierOf: Record<string, keyof typeof tiers> = {
  'chat.update': 3,
  'chat.delete': 3,
  'conversations.open': 3,
  'users.lookupByEmail': 3,
  'auth.revoke': 3,
  'oauth.v2.access': 4,
  'chat.postEphemeral': 4,
  'users.info': 4,
  'views.open': 4,
  'views.push': 4,
  'views.update': 4,
  'views.publish': 4,
};
/** "Generally one message a second and channel", with short bursts, whose size Slack doesn't tell. */
const posting = { burst: 5, perSecond: 1 };

/** Counts calls as Slack does: by method and team, messages by channel. */
export function createRates(factor: number) {
  const buckets = new Map<string, { left: number; at: number }>();

  const take = (key: string, burst: number, perSecond: number): number => {
    const now = performance.now();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return 0;
  };

  /** How many seconds to wait; 0: go ahead. */
  return (method: string, teamId: string, channel: unknown): number => {
    if (method === 'chat.postMessage')
      return take(`${method} ${teamId} ${channel}`, posting.burst * factor, posting.perSecond * factor);
    const tier = tierOf[method];
    if (!tier) return 0;
    return take(`${method} ${teamId}`, tiers[tier] * factor, (tiers[tier] / 60) * factor);
  };
}
