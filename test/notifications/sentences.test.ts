import { describe, expect, it } from 'vitest';
import type { RequestId, StepUpId } from '../../src/domain/ids.ts';
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
  'scope-ambiguous': { code: 'scope-ambiguous', scope: 'rg', matches: ['/a/rg', '/b/rg'], more: 0 },
  'role-not-at-scope': { code: 'role-not-at-scope', role: 'Guest Inviter', scope: 'finance' },
  'duration-invalid': { code: 'duration-invalid', given: 'soon' },
  'assignment-too-long': { code: 'assignment-too-long', kind: 'eligible', maximumMinutes: 525_600 },
  'permanent-not-allowed': { code: 'permanent-not-allowed', kind: 'active', maximumMinutes: 525_600 },
  'already-assigned': {
    code: 'already-assigned',
    from: at,
    kind: 'active',
    role: 'Reader',
    scope: 'finance',
    until: at,
    reference: '1a2b3c4d',
  },
  'instant-invalid': { code: 'instant-invalid', given: 'soon' },
  'stand-in-unfit': { code: 'stand-in-unfit', why: 'guest', name: 'Gia Guest' },
  'delegation-incomplete': { code: 'delegation-incomplete', missing: 'until' },
  'delegation-empty': { code: 'delegation-empty', startsAt: at, endsAt: at },
  'delegation-too-long': { code: 'delegation-too-long', maximumDays: 90 },
  'delegation-exists': { code: 'delegation-exists', endsAt: at },
  'delegation-none': { code: 'delegation-none' },
  'start-in-past': { code: 'start-in-past', startsAt: at },
  'started-already': { code: 'started-already', startsAt: at },
  'end-before-start': { code: 'end-before-start', startsAt: at, endsAt: at },
  'overlaps-another': { code: 'overlaps-another', from: at, until: at },
  'nothing-to-change': { code: 'nothing-to-change' },
  'active-not-updatable': { code: 'active-not-updatable', because: 'under-way' },
  'principal-missing': { code: 'principal-missing' },
  'principal-unknown': { code: 'principal-unknown', principal: 'Gio' },
  'principal-ambiguous': { code: 'principal-ambiguous', principal: 'Gi', matches: ['Gia', 'Gino'] },
  'assignment-missing': { code: 'assignment-missing' },
  'managed-unknown': { code: 'managed-unknown' },
  'managed-ambiguous': { code: 'managed-ambiguous', matches: ['1a2b3c4d (eligible)', '2b3c4d5e (active)'] },
  'managed-over': { code: 'managed-over', status: 'Ended' },
  'group-exists': { code: 'group-exists', group: 'Auditors' },
  'group-name-missing': { code: 'group-name-missing' },
  'principal-blocked': { code: 'principal-blocked', principal: 'Gia Guest' },
  'group-in-group': { code: 'group-in-group', group: 'Auditors' },
  'group-not-role-assignable': { code: 'group-not-role-assignable', group: 'Auditors' },
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
  'scope-not-below': { code: 'scope-not-below', scope: 'rg-web', eligibleAt: 'rg-expenses' },
  'start-too-late': { code: 'start-too-late', latest: at, because: 'eligibility' },
  'activation-too-short': { code: 'activation-too-short', minimumMinutes: 30 },
  'activation-too-long': { code: 'activation-too-long', maximumMinutes: 480, because: 'role' },
  'justification-missing': { code: 'justification-missing' },
  'text-too-long': { code: 'text-too-long', field: 'justification', maximum: 500, given: 501 },
  'ticket-missing': { code: 'ticket-missing' },
  'already-active': { code: 'already-active', until: at },
  'already-requested': { code: 'already-requested' },
  'nobody-can-approve': { code: 'nobody-can-approve', stage: 2, of: 3 },
  'nothing-to-extend': { code: 'nothing-to-extend', what: 'renew' },
  'extension-ambiguous': { code: 'extension-ambiguous', what: 'extend', matches: ['Reader at web', 'Reader at api'] },
  'not-extendable': { code: 'not-extendable', because: 'ended' },
  'too-early-to-extend': { code: 'too-early-to-extend', possibleAt: at },
  'end-not-later': { code: 'end-not-later', endsAt: at },
  'end-too-late': { code: 'end-too-late', maximumMinutes: 1440 },
  'not-renewable': { code: 'not-renewable', because: 'removed' },
  'renewed-already': { code: 'renewed-already', until: at },
  'person-unknown': { code: 'person-unknown', email: 'gia@partner.example' },
  'step-up-needed': { code: 'step-up-needed', stepUpId: 's' as StepUpId, requestId: 'r' as RequestId },
  'step-up-spent': { code: 'step-up-spent', why: 'late' },
  'step-up-wrong': { code: 'step-up-wrong', kind: 'totp', triesLeft: 4 },
  'step-up-throttled': { code: 'step-up-throttled', retryAt: at },
  'passkey-needed': { code: 'passkey-needed' },
  'enrolment-spent': { code: 'enrolment-spent' },
  'enrolment-unconfirmed': { code: 'enrolment-unconfirmed' },
  'enrolment-wrong': { code: 'enrolment-wrong' },
  'credential-known': { code: 'credential-known' },
  'credential-unknown': { code: 'credential-unknown' },
  'credentials-full': { code: 'credentials-full', maximum: 10 },
  'credentials-none': { code: 'credentials-none', email: 'a@c.example' },
  'reset-own': { code: 'reset-own' },
  'break-glass-unknown': { code: 'break-glass-unknown' },
  'break-glass-ambiguous': { code: 'break-glass-ambiguous', matches: ['Owner at rg-web', 'Reader at rg-web'] },
  'review-own': { code: 'review-own' },
  'review-too-early': { code: 'review-too-early' },
  'review-answered': { code: 'review-answered', by: 'Rita Root', at, justified: false },
  'request-unknown': { code: 'request-unknown' },
  'request-ambiguous': { code: 'request-ambiguous', matches: ['1a2b3c4d', '5e6f7a8b'] },
  'request-decided': { code: 'request-decided', status: 'Denied', by: 'Paul Approver', at },
  'requester-unavailable': { code: 'requester-unavailable' },
  'self-approval': { code: 'self-approval' },
  'not-an-approver': { code: 'not-an-approver' },
  'already-voted': { code: 'already-voted', at: new Date() },
  'other-stage': { code: 'other-stage', now: 1, yours: 2, of: 3 },
  'duration-lengthened': { code: 'duration-lengthened', askedMinutes: 90 },
  'not-a-reference': { code: 'not-a-reference', given: 'all fine' },
  'assignment-unknown': { code: 'assignment-unknown' },
  'assignment-not-active': { code: 'assignment-not-active', status: 'Revoking' },
  'too-early-to-deactivate': { code: 'too-early-to-deactivate', possibleAt: at },
  'setting-unknown': { code: 'setting-unknown', path: 'activation.maxmum' },
  'setting-unreadable': {
    code: 'setting-unreadable',
    path: 'activation.ticket',
    given: 'perhaps',
    expected: ['on', 'off'],
  },
  'setting-out-of-range': {
    code: 'setting-out-of-range',
    path: 'activation.maximum',
    leastMinutes: 30,
    mostMinutes: 1440,
    stepMinutes: 30,
  },
  'setting-list-too-long': { code: 'setting-list-too-long', path: 'approval.stage1.approvers', most: 300 },
  'setting-address-invalid': {
    code: 'setting-address-invalid',
    path: 'notifications.activated.admin.extra',
    given: 'nobody',
  },
  'approver-unknown': { code: 'approver-unknown', path: 'approval.stage1.backups', given: 'Bord' },
  'quorum-too-high': { code: 'quorum-too-high', path: 'approval.stage1.quorum', quorum: 3, approvers: 2 },
  'group-unknown': { code: 'group-unknown', group: 'Auditor', suggestions: ['Auditors'] },
  'settings-unchanged': { code: 'settings-unchanged' },
  'settings-moved': { code: 'settings-moved' },
  'settings-twice': { code: 'settings-twice' },
  'proposal-unknown': { code: 'proposal-unknown' },
};

const textOf = (refusal: Refusal) => refusalCard(refusal, { time, language: 'en' }).text;

describe('every refusal', () => {
  it.each(Object.values(refusals))('$code is whole sentences, with its facts filled in', (refusal) => {
    const { title, text, next } = refusalCard(refusal, { time, language: 'en' });
    expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
    for (const sentence of [text, next ?? 'Fine.']) {
      expect(sentence).toMatch(/^[\p{Lu}“a-z].*[.?;!]$/su);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\.|\$\{|Invalid Date/);
    }
    expect(refusalLine(refusal, { time, language: 'en' })).toBe(next ? `${text} ${next}` : text);
  });

  it.each(Object.values(refusals))('$code has words of its own', (refusal) => {
    const same = Object.values(refusals).filter((other) => textOf(other) === textOf(refusal));
    expect(same).toHaveLength(1);
  });

  it('says what to do next, or shows the way by a button, where there is something to do', () => {
    const silent = Object.values(refusals)
      .filter((refusal) => {
        const { next, command } = refusalCard(refusal, { time, language: 'en' });
        return !next && !command;
      })
      .map(({ code }) => code);
    // Time alone, or the other name that the sentence offers, is what helps here.
    expect(silent).toEqual([
      'scope-unknown',
      'role-not-at-scope',
      'principal-blocked',
      'group-in-group',
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
    const { next } = refusalCard({ code: 'role-needs-scope', role: 'Reader', scopes }, { time, language: 'en' });
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

describe('every refusal in German', () => {
  const inGerman = (refusal: Refusal) => refusalCard(refusal, { time, language: 'de' });

  it.each(Object.values(refusals))('$code is whole sentences, with its facts filled in', (refusal) => {
    const { title, text, next } = inGerman(refusal);
    expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
    for (const sentence of [text, next ?? 'Gut.']) {
      expect(sentence).toMatch(/^[\p{Lu}„a-z].*[.?;!]$/su);
      expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\.|\$\{|Invalid Date|\b(the|is|you)\b/);
    }
  });

  it.each(Object.values(refusals))(
    '$code says the same as in English, at the same input, with the same button',
    (refusal) => {
      const english = refusalCard(refusal, { time, language: 'en' });
      const german = inGerman(refusal);
      expect(german.text).not.toBe(english.text);
      expect(german.next === null).toBe(english.next === null);
      expect(german.command?.verb).toBe(english.command?.verb);
    },
  );
});
