/** External collaboration settings (Microsoft Entra External ID, "Configure external collaboration settings"). */
export interface Organisation {
  readonly name: string;
  /** Of the organisation's own people; guests' principal names end in it. */
  readonly domain: string;
  readonly whoMayInvite: 'anyone' | 'members-and-admins' | 'admins' | 'no-one';
  /** One list or none, never both; `*.example.com` stands for every subdomain. Checked at invitation and at redemption. */
  readonly domains:
    | { readonly policy: 'any' }
    | { readonly policy: 'allow'; readonly list: readonly string[] }
    | { readonly policy: 'deny'; readonly list: readonly string[] };
  /** `null` when the organisation asks guests to accept none. */
  readonly terms: { readonly version: number; readonly text: string } | null;
}

/** `domain` is in lower case already; lists are written by people. */
const matches = (domain: string, listed: string): boolean => {
  const pattern = listed.toLowerCase();
  return pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;
};

/** Whether guests from this domain are welcome. */
export const domainAllowed = ({ domains }: Organisation, domain: string): boolean => {
  switch (domains.policy) {
    case 'any':
      return true;
    case 'allow':
      return domains.list.some((pattern) => matches(domain, pattern));
    case 'deny':
      return !domains.list.some((pattern) => matches(domain, pattern));
    default:
      return domains satisfies never;
  }
};
