import { describe, expect, it } from 'vitest';
import type { Refusal, RefusalCode } from '../../src/domain/refusal.ts';
import { refusalCard, refusalLine } from '../../src/notifications/sentences.ts';

const at = new Date('2026-03-01T12:00:00Z');
const time = (instant: Date) => `at ${instant.toISOString()}`;

/** One of each. The compiler names what is missing. */
const refusals: { readonly [Code in RefusalCode]: Extract<Refusal, { code: Code }> } = {
  'input-invalid': { code: 'input-invalid', field: 'email', problem: 'is too long' },
  'account-unlinked': { code: 'account-unlinked' },
  'account-disabled': { code: 'account-disabled' },
  'invitation-not-redeemed': { code: 'invitation-not-redeemed' },
  'not-allowed': { code: 'not-allowed', what: 'invite', needs: ['User Administrator', 'Guest Inviter'] },
  'email-invalid': { code: 'email-invalid', email: 'nobody' },
  'email-plus': { code: 'email-plus', email: 'a+b@c.example', suggestion: 'a@c.example' },
  'email-group': { code: 'email-group', email: 'list@groups.io' },
  'domain-blocked': { code: 'domain-blocked', domain: 'blocked.example' },
  'invitations-off': { code: 'invitations-off' },
  'already-invited': { code: 'already-invited', email: 'a@c.example' },
  'already-here': { code: 'already-here', email: 'a@c.example' },
  'invitation-unknown': { code: 'invitation-unknown', email: 'a@c.example' },
  'invitation-closed': { code: 'invitation-closed', outcome: 'Revoked' },
  'role-unknown': { code: 'role-unknown', role: 'Contributer', suggestions: ['Contributor', 'Reader'] },
  'role-needs-scope': { code: 'role-needs-scope', role: 'Contributor', scopes: ['finance', 'rg-web'] },
  'scope-needs-role': { code: 'scope-needs-role', scope: 'finance' },
  'scope-unknown': { code: 'scope-unknown', scope: 'finanze', suggestions: ['finance'] },
  'scope-ambiguous': { code: 'scope-ambiguous', scope: 'rg', matches: ['/a/rg', '/b/rg'] },
  'role-not-at-scope': { code: 'role-not-at-scope', role: 'Guest Inviter', scope: 'finance' },
  'duration-invalid': { code: 'duration-invalid', given: 'soon' },
  'eligibility-too-long': { code: 'eligibility-too-long', maximumMinutes: 525_600 },
  'permanent-not-allowed': { code: 'permanent-not-allowed', maximumMinutes: 525_600 },
  'already-eligible': { code: 'already-eligible', role: 'Reader', scope: 'finance', until: at },
  'link-stale': { code: 'link-stale' },
  'code-wrong': { code: 'code-wrong', triesLeft: 4 },
  'code-spent': { code: 'code-spent' },
  'code-throttled': { code: 'code-throttled', retryAt: at },
  'terms-not-accepted': { code: 'terms-not-accepted' },
  'already-linked': { code: 'already-linked' },
  'eligibility-unknown': { code: 'eligibility-unknown' },
  'eligibility-ambiguous': { code: 'eligibility-ambiguous', matches: ['Reader at finance', 'Reader at rg-web'] },
  'eligibility-not-started': { code: 'eligibility-not-started', startsAt: at },
  'eligibility-ended': { code: 'eligibility-ended', endedAt: at },
  'activation-too-short': { code: 'activation-too-short', minimumMinutes: 30 },
  'activation-too-long': { code: 'activation-too-long', maximumMinutes: 480, because: 'role' },
  'justification-missing': { code: 'justification-missing' },
  'text-too-long': { code: 'text-too-long', field: 'justification', maximum: 500, given: 501 },
  'ticket-missing': { code: 'ticket-missing' },
  'already-active': { code: 'already-active', until: at },
  'already-requested': { code: 'already-requested' },
  'nobody-can-approve': { code: 'nobody-can-approve' },
  'request-unknown': { code: 'request-unknown' },
  'request-ambiguous': { code: 'request-ambiguous', matches: ['1a2b3c4d', '5e6f7a8b'] },
  'request-decided': { code: 'request-decided', status: 'Denied', by: 'Paul Approver', at },
  'requester-unavailable': { code: 'requester-unavailable' },
  'self-approval': { code: 'self-approval' },
  'not-an-approver': { code: 'not-an-approver' },
  'assignment-unknown': { code: 'assignment-unknown' },
  'assignment-not-active': { code: 'assignment-not-active', status: 'Revoking' },
  'too-early-to-deactivate': { code: 'too-early-to-deactivate', possibleAt: at },
};

const textOf = (refusal: Refusal) => refusalCard(refusal, time).text;

describe('every refusal', () => {
  it.each(Object.values(refusals))('$code is whole sentences, with its facts filled in', (refusal) => {
    const { title, text, next } = refusalCard(refusal, time);
    expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
    for (const sentence of [text, next ?? 'Fine.']) {
      expect(sentence).toMatch(/^[\p{Lu}“a-z].*[.?;!]$/su);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\.|\$\{|Invalid Date/);
    }
    expect(refusalLine(refusal, time)).toBe(next ? `${text} ${next}` : text);
  });

  it.each(Object.values(refusals))('$code has words of its own', (refusal) => {
    const same = Object.values(refusals).filter((other) => textOf(other) === textOf(refusal));
    expect(same).toHaveLength(1);
  });

  it('says what to do next, or shows the way by a button, where there is something to do', () => {
    const silent = Object.values(refusals)
      .filter((refusal) => {
        const { next, command } = refusalCard(refusal, time);
        return !next && !command;
      })
      .map(({ code }) => code);
    // Time alone, or the other name that the sentence offers, is what helps here.
    expect(silent).toEqual([
      'scope-unknown',
      'role-not-at-scope',
      'already-eligible',
      'eligibility-not-started',
      'request-decided',
      'too-early-to-deactivate',
    ]);
  });
});

describe('the sentence', () => {
  it('asks back with what may have been meant', () => {
    expect(textOf(refusals['role-unknown'])).toBe(
      'There is no role “Contributer”. Did you mean Contributor or Reader?',
    );
    expect(textOf({ code: 'role-unknown', role: 'X', suggestions: [] })).toBe('There is no role “X”.');
    expect(textOf({ code: 'role-unknown', role: 'X', suggestions: ['A', 'B', 'C'] })).toContain('A, B or C?');
  });

  it('counts tries as people do', () => {
    expect(textOf({ code: 'code-wrong', triesLeft: 2 })).toContain('2 tries are left');
    expect(textOf({ code: 'code-wrong', triesLeft: 1 })).toContain('1 try is left');
  });

  it('says whose decision it was, and when, as far as it is known', () => {
    const decided = { code: 'request-decided', status: 'Provisioned', by: null, at: null } as const;
    expect(textOf(decided)).toBe('This request was approved already.');
    expect(textOf(refusals['request-decided'])).toBe(`This request was denied already by Paul Approver, ${time(at)}.`);
  });

  it('of a long list of scopes names the first and says that there are more', () => {
    const scopes = Array.from({ length: 12 }, (_, index) => `scope-${index}`);
    const { next } = refusalCard({ code: 'role-needs-scope', role: 'Reader', scopes }, time);
    expect(next).toContain('scope-7, ….');
    expect(next).not.toContain('scope-8');
  });

  it('names a field as the form does', () => {
    expect(textOf({ code: 'text-too-long', field: 'displayName', maximum: 100, given: 101 })).toContain(
      'The name has 101',
    );
    expect(textOf({ code: 'text-too-long', field: 'message', maximum: 500, given: 501 })).toContain(
      'The message has 501',
    );
  });

  it('tells which end a too long activation runs into', () => {
    const long = { code: 'activation-too-long', maximumMinutes: 90 } as const;
    expect(textOf({ ...long, because: 'role' })).toContain('can be active for 1 hour 30 minutes');
    expect(textOf({ ...long, because: 'eligibility' })).toContain('eligible for another 1 hour 30 minutes only');
  });

  it('names the input, or the message as a whole', () => {
    expect(textOf(refusals['input-invalid'])).toBe('“email” is too long.');
    expect(textOf({ code: 'input-invalid', field: '', problem: 'came too late' })).toBe('The message came too late.');
  });
});
