import { describe, expect, it } from 'vitest';
import { samples } from '../../cards/samples.ts';
import type { CardData } from '../../src/notifications/cards.ts';
import { expandCard } from '../../src/notifications/expand.ts';

const answer = (text: string) => expandCard({ card: 'answer', data: { title: 'Done', text } }, 'en');
const textOf = (card: unknown) => JSON.parse(JSON.stringify(card)).body[1].inlines[0].text;

describe('a card of a template', () => {
  it.each(['${y}', '$${text}', '\uFDD0', '$\uFDD01{y}', '\uFDD00${a}\uFDD0', '`${1+1}`', '**b** <at>x</at>', 'a\nb'])(
    'shows what people typed as they typed it: %j',
    (text) => {
      expect(textOf(answer(text))).toBe(text);
    },
  );

  it('keeps clients from formatting what looks like a date macro', () => {
    expect(textOf(answer('{{DATE(2020-01-01T00:00:00Z)}} {{TIME(x)}} {{other}}'))).toBe(
      '{\u2060{DATE(2020-01-01T00:00:00Z)}} {\u2060{TIME(x)}} {{other}}',
    );
  });

  it('keeps what is filled into a form as it is, macros too', () => {
    const text = '{{DATE(2020-01-01T00:00:00Z)}}';
    const form = samples.find(({ of }) => of.card === 'invite-form')?.of.data as CardData['invite-form'];
    const card = expandCard({ card: 'invite-form', data: { ...form, message: text } }, 'en');
    expect(JSON.stringify(card)).toContain(`"value":"${text}"`);
  });

  it('refuses to be shown when the data lacks what the template names', () => {
    expect(() => expandCard({ card: 'answer', data: { title: 'Done' } as CardData['answer'] }, 'en')).toThrow(
      'not in the data: answer/body/1',
    );
  });

  it('refuses to be shown when the template shows what there is none of', () => {
    expect(() =>
      expandCard({ card: 'answer', data: { title: 'Done', text: null as unknown as string } }, 'en'),
    ).toThrow('shows what is not there: answer/body/1');
  });

  it('leaves out elements that have nothing to show', () => {
    expect(answer('').body).toHaveLength(1);
    expect(answer('').actions).toBeUndefined();
  });

  it('is the same each time, and leaves its data alone', () => {
    for (const { of } of samples) {
      const before = JSON.stringify(of);
      expect(expandCard(of, 'en')).toEqual(expandCard(of, 'en'));
      expect(JSON.stringify(of)).toBe(before);
    }
  });
});

describe('a request’s card', () => {
  const withStatus = (name: string, card: 'approval' | 'request') => {
    const found = samples.find((sample) => sample.name === name && sample.of.card === card);
    if (!found) throw new Error(`no sample ${name}`);
    return expandCard(found.of, 'en');
  };

  it.each([
    ['pending', 'Waiting for approval'],
    ['provisioning', 'Approved – access is being set up, not active yet'],
    ['provisioning undecided', 'No approval needed – access is being set up, not active yet'],
    ['active', 'Confirmed by the directory.'],
    ['revoking', 'Ending – not yet confirmed gone'],
    ['ended', 'Ended – the access is gone'],
    ['denied', 'Denied – no access was given'],
    ['canceled', 'Canceled – no access was given'],
    ['timed-out', 'Timed out – nobody decided in time'],
    ['failed', 'Failed – no access was given'],
  ])('says in words that it is %s', (name, words) => {
    expect(JSON.stringify(withStatus(name, 'approval'))).toContain(`"text":"${words}"`);
    expect(JSON.stringify(withStatus(name, 'request'))).toContain(`"text":"${words}"`);
  });

  it.each(['provisioning', 'pending', 'revoking', 'ended', 'denied', 'failed'])(
    'claims no active access while %s',
    (name) => {
      expect(JSON.stringify(withStatus(name, 'request'))).not.toContain('Active until');
    },
  );

  it('offers approval and denial while pending only', () => {
    const titles = (name: string) =>
      (withStatus(name, 'approval').actions as { title: string }[] | undefined)?.map((action) => action.title);
    expect(titles('pending')).toEqual(['Approve', 'Deny', 'History']);
    expect(titles('denied')).toEqual(['History']);
    expect(titles('active')).toEqual(['History']);
  });

  it('asks for its newest state as long as that may change', () => {
    const refreshes = (name: string) => withStatus(name, 'approval').refresh !== undefined;
    expect(['pending', 'provisioning', 'active', 'revoking'].every(refreshes)).toBe(true);
    expect(['ended', 'denied', 'canceled', 'timed-out', 'failed', 'pending older'].some(refreshes)).toBe(false);
  });

  it('shows one line and no button on an older copy', () => {
    const card = withStatus('pending older', 'approval');
    expect(card.body).toHaveLength(1);
    expect(card.actions).toBeUndefined();
  });
});
