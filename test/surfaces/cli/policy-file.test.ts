import { describe, expect, it } from 'vitest';
import type { PolicyEntry } from '../../../src/commands/policy.ts';
import { readPolicyFile, writePolicyFile } from '../../../src/surfaces/cli/policy-file.ts';

const entry = (more: Partial<PolicyEntry> = {}): PolicyEntry => ({
  role: 'Contributor',
  scope: '/subscriptions/finance',
  group: '',
  audience: 'everyone',
  texts: {},
  ...more,
});
const read = (text: string) => {
  const outcome = readPolicyFile(text);
  if ('faults' in outcome) throw new Error(JSON.stringify(outcome.faults));
  return outcome.entries;
};
const faultsOf = (text: string) => {
  const outcome = readPolicyFile(text);
  return 'faults' in outcome ? outcome.faults : [];
};

describe('a policy file', () => {
  it('reads back as it was written', () => {
    const entries = [
      entry({
        texts: {
          'activation.maximum': '4 hours',
          'activation.ticket': 'on',
          'approval.required': 'on',
          'approval.stage1.approvers': 'a@b.example, "group:Audit, ""inner"" circle"',
          'approval.stage1.quorum': '2',
          'approval.stage2.quorum': '1',
          'notifications.activated.admin.extra': 'soc@b.example, ciso@b.example',
        },
      }),
      entry({ role: 'Reader', audience: 'guests' }),
    ];
    const text = writePolicyFile(entries);
    expect(read(text)).toEqual(entries);
    expect(text).toContain('      - group:Audit, "inner" circle\n'.trim());
  });

  it('names groups by members and owners', () => {
    const written = writePolicyFile([entry({ role: 'Group owner', scope: '', group: 'Auditors' })]);
    expect(written).toContain('group: Auditors\n    of: owners');
    expect(read(written)).toMatchObject([{ role: 'groupOwner', group: 'Auditors', scope: '' }]);
  });

  it('takes what people and npm write around it', () => {
    const text =
      '\n> usher@0.1.0 policy\n> tsx src/main.ts policy export\n\n# why\nsettings: # all\n  - role: Reader\n    scope: /\n    activation: { ticket: true, maximum: 2h }\n';
    expect(read(text)).toEqual([
      entry({ role: 'Reader', scope: '/', texts: { 'activation.ticket': 'on', 'activation.maximum': '2h' } }),
    ]);
  });

  it.each([
    ['no YAML', 'settings: [', 1],
    ['a key twice', 'settings:\n  - role: a\n    role: b\n', 3],
    ['no list', 'settings: none\n', 1],
    ['nothing', '', null],
    ['an unknown setting', 'settings:\n  - role: a\n    scope: /\n    activation:\n      speed: 3\n', 5],
    ['a setting of the wrong kind', 'settings:\n  - role: a\n    scope: /\n    activation:\n      maximum: {}\n', 5],
    ['no place', 'settings:\n  - scope: /\n', 2],
    ['two places', 'settings:\n  - role: a\n    scope: /\n    group: b\n', 2],
    ['an alias that would grow', 'a: &a [x, x]\nb: &b [*a, *a]\nsettings: [*b, *b]\n', null],
    ['a key of JavaScript’s own', 'settings:\n  - role: a\n    scope: /\n    __proto__: { role: b }\n', 2],
  ])('with %s is refused where it is wrong', (_what, text, line) => {
    expect(faultsOf(text)[0]).toMatchObject({ line, problem: expect.stringMatching(/\w/) });
  });

  it('knows where each setting stands', () => {
    const outcome = readPolicyFile(writePolicyFile([entry({ texts: { 'activation.maximum': '4 hours' } })]));
    if ('faults' in outcome) throw new Error('faulty');
    expect(outcome.lineOf(0, 'activation.maximum')).toBe(7);
    expect(outcome.lineOf(0, null)).toBe(4);
  });
});
