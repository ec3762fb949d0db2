import type { Refusal } from './refusal.ts';

export interface EmailAddress {
  /** Lower case, the domain in its ASCII form. */
  readonly address: string;
  readonly local: string;
  readonly domain: string;
}

/** Addresses that usually reach several people: allowed, with a warning (ours). */
const roleMailboxes = new Set(
  'admin,billing,contact,finance,help,hello,hr,info,mail,marketing,noreply,no-reply,office,postmaster,sales,security,service,support,team,webmaster'.split(
    ',',
  ),
);

/** Hosts of mailing lists: an invitation there could be redeemed by anyone on the list. */
const listHosts = ['googlegroups.com', 'groups.io', 'lists.sourceforge.net', 'freelists.org'];

const localPart = /^[a-z0-9!#$%&'*/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*/=?^_`{|}~-]+)*$/;
const domainPart = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Parses the address of a guest: the part of RFC 5321 that mail systems use, no quoted local parts.
 * Refuses `email-invalid`, `email-plus` (Microsoft Entra B2B takes no plus sign in an invited address) and
 * `email-group` (known list hosts).
 */
export function parseGuestAddress(text: string): EmailAddress | Refusal {
  const address = text.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const plus = local.indexOf('+');
  if (at > 0 && plus > 0 && localPart.test(local.slice(0, plus)) && domainPart.test(domain))
    return { code: 'email-plus', email: address, suggestion: `${local.slice(0, plus)}@${domain}` };
  if (at < 1 || local.length > 64 || !localPart.test(local) || !domainPart.test(domain))
    return { code: 'email-invalid', email: text.trim() };
  if (listHosts.some((host) => domain === host || domain.endsWith(`.${host}`)))
    return { code: 'email-group', email: address };
  return { address, local, domain };
}

export const isRoleMailbox = ({ local }: EmailAddress): boolean => roleMailboxes.has(local);

/** Whether mail can be sent there at all: also to lists, and to addresses with a plus sign. In lower case. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at).replaceAll('+', '_');
  return at > 0 && local.length <= 64 && localPart.test(local) && domainPart.test(text.slice(at + 1));
}
