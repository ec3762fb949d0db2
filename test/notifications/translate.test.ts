import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textsOf, translated } from '../../src/notifications/translate.ts';

const folder = new URL('../../cards/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const german = read('de.json') as Record<string, string>;
const templates = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'de.json');
const used = new Set(templates.flatMap((file) => [...textsOf(read(file))]));

describe('the German dictionary of the cards', () => {
  it.each(templates)('has every text of %s', (file) => {
    expect([...textsOf(read(file))].filter((text) => !german[text])).toEqual([]);
  });

  it('has nothing that no template shows', () => {
    expect(Object.keys(german).filter((text) => !used.has(text))).toEqual([]);
  });

  it('keeps the spaces around a text, and writes nothing that a template would read', () => {
    const edges = (text: string) => [/^\s*/.exec(text)?.[0], /\s*$/.exec(text)?.[0]].join('|');
    for (const [text, words] of Object.entries(german)) expect(edges(words), text).toBe(edges(text));
    expect(Object.values(german).filter((words) => /['{}\\]/.test(words))).toEqual([]);
  });
});

describe('a translated template', () => {
  const say = { Approve: 'Genehmigen', 'Approve ': 'Genehmigen: ', 'Name:': 'Name:', Yes: 'Ja', No: 'Nein' };

  it('has what is read in the other language, and everything else as it was', () => {
    const template = {
      type: 'TextBlock',
      $when: "${answer == 'Yes'}",
      text: 'Approve',
      id: 'Approve',
      data: { title: 'Approve' },
      items: [{ tooltip: 'Approve ${role}' }],
    };
    expect(translated(template, say)).toEqual({
      ...template,
      text: 'Genehmigen',
      items: [{ tooltip: 'Genehmigen: ${role}' }],
    });
  });

  it('says literals of an expression, but for those that are compared', () => {
    const text = "${if(answer == 'Yes', 'Yes', if('No' != answer, 'No', data['Approve']))}";
    expect(translated({ text }, say)).toEqual({
      text: "${if(answer == 'Yes', 'Ja', if('No' != answer, 'Nein', data['Approve']))}",
    });
    expect([...textsOf({ text })]).toEqual(['Yes', 'No']);
  });

  it('stays English where the dictionary says nothing', () => {
    expect(translated({ text: 'Deny' }, say)).toEqual({ text: 'Deny' });
  });
});
