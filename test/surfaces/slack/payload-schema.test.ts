import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockProblems, messageProblems, viewProblems } from '../../../dev/slack-workspace/payload-schema.ts';
import { schemaOfSlackTypes } from '../../../dev/slack-workspace/slack-types.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), value: '1', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const asking = (element: object, more: object = {}) => ({ type: 'input', label: plain('What?'), element, ...more });
const modal = (more: object = {}) => ({ type: 'modal', title: plain('Usher'), blocks: [], ...more });
const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const many = <T>(count: number, item: (index: number) => T) => Array.from({ length: count }, (_, index) => item(index));

describe('the schema of Slack’s types', () => {
  it('is what the installed package says (npx tsx scripts/slack-schema.ts)', () => {
    const file = new URL('../../../dev/slack-workspace/slack-types.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schemaOfSlackTypes())));
  });
});

describe('blocks', () => {
  it('that Slack takes have no problem', () => {
    const blocks = [
      { type: 'header', text: plain('Hello') },
      { type: 'divider' },
      rich({ type: 'text', text: 'x', style: { bold: true } }, { type: 'date', timestamp: 1, format: '{date} {time}' }),
      { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'A key' },
      actions(button({ style: 'primary', confirm: { text: plain('Sure?') } })),
      asking({ type: 'static_select', options: [option('1')], initial_option: option('1') }),
    ];
    expect(blockProblems(blocks)).toEqual([]);
  });

  it.each([
    ['an unknown block', { type: 'nope' }, 'allowed values [json-pointer:/blocks/0/type]'],
    ['an unknown property', { type: 'divider', color: 'red' }, 'color [json-pointer:/blocks/0]'],
    ['an unknown property of a button', actions(button({ colour: 1 })), 'colour [json-pointer:/blocks/0/elements/0]'],
    ['a missing property', { type: 'header' }, "'text' [json-pointer:/blocks/0]"],
    ['mrkdwn in a header', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }, 'constant'],
    ['an image without a text', { type: 'image', image_url: 'https://x.example' }, 'alt_text'],
    ['a section with nothing', { type: 'section' }, 'text'],
    ['an empty text', rich({ type: 'text', text: '' }), 'more than 0 characters'],
    ['an empty rich text', { type: 'rich_text', elements: [] }, 'no fewer than 1'],
    ['a long header', { type: 'header', text: plain('x'.repeat(151)) }, 'less than 151 characters'],
    ['a long section', { type: 'section', text: plain('x'.repeat(3001)) }, 'less than 3001 characters'],
    ['a long field', { type: 'section', fields: [plain('x'.repeat(2001))] }, 'less than 2001 characters'],
    ['many fields', { type: 'section', fields: many(11, () => plain('x')) }, 'no more than 10 items'],
    ['many buttons', actions(...many(26, (index) => button({ action_id: `${index}` }))), 'no more than 25 items'],
    ['many words of context', { type: 'context', elements: many(11, () => plain('x')) }, 'no more than 10 items'],
    ['a long button', actions(button({ text: plain('x'.repeat(76)) })), 'less than 76 characters'],
    ['a long value', actions(button({ value: 'x'.repeat(2001) })), 'less than 2001 characters'],
    ['a long label to read out', actions(button({ accessibility_label: 'x'.repeat(76) })), 'less than 76'],
    ['a link to nothing', actions(button({ url: 'javascript:x' })), 'valid url'],
    ['a long confirmation', actions(button({ confirm: { text: plain('x'.repeat(301)) } })), 'less than 301'],
    ['an action_id twice', actions(button(), button()), 'action_id already exists'],
    ['a long action_id', actions(button({ action_id: 'x'.repeat(256) })), 'less than 256'],
    ['a long label', asking({ type: 'plain_text_input' }, { label: plain('x'.repeat(2001)) }), 'less than 2001'],
    ['no options', asking({ type: 'static_select', options: [] }), 'no fewer than 1 items'],
    ['many options', asking({ type: 'static_select', options: many(101, (i) => option(`${i}`)) }), 'no more than 100'],
    ['many boxes', asking({ type: 'checkboxes', options: many(11, (i) => option(`${i}`)) }), 'no more than 10'],
    ['a long option', asking({ type: 'static_select', options: [option('1', 'x'.repeat(76))] }), 'less than 76'],
    [
      'a long option value',
      asking({ type: 'static_select', options: [option('x'.repeat(151), 'x')] }),
      'less than 151',
    ],
    [
      'an initial option that is not offered',
      asking({ type: 'static_select', options: [option('1')], initial_option: option('1', 'One') }),
      'among the options',
    ],
    ['a long placeholder', asking({ type: 'plain_text_input', placeholder: plain('x'.repeat(151)) }), 'less than 151'],
    ['a value over its limit', asking({ type: 'plain_text_input', max_length: 1, initial_value: 'xx' }), 'max_length'],
    ['a limit over Slack’s', asking({ type: 'plain_text_input', max_length: 3001 }), '3000'],
    [
      'a number outside',
      asking({ type: 'number_input', is_decimal_allowed: true, initial_value: '9', max_value: '5' }),
      'bounds',
    ],
    ['what is no date', asking({ type: 'datepicker', initial_date: '14.3.2026' }), 'YYYY-MM-DD'],
    ['what is no time', asking({ type: 'timepicker', initial_time: '24:00' }), 'HH:mm'],
    ['an unknown token', rich({ type: 'date', timestamp: 1, format: '{when}' }), 'tokens'],
    ['half a second', rich({ type: 'date', timestamp: 1.5, format: '{time}' }), 'seconds'],
  ])('are told of %s', (_, block, problem) => {
    expect(blockProblems([block]).join('\n')).toContain(problem);
  });

  it('bear different ids, and are not too many', () => {
    const divider = { type: 'divider', block_id: 'x' };
    expect(blockProblems([divider, divider]).join()).toContain('block_id already exists');
    expect(blockProblems(many(51, () => ({ type: 'divider' }))).join()).toContain('no more than 50');
    expect(
      blockProblems(
        many(51, () => ({ type: 'divider' })),
        100,
      ),
    ).toEqual([]);
    expect(blockProblems({}).join()).toContain('array');
  });
});

describe('a message', () => {
  it('has a text, and neither too much of it nor of words in its blocks', () => {
    const wordy = many(4, () => rich({ type: 'text', text: 'x'.repeat(3000) }));
    expect(messageProblems({ text: 'x' })).toEqual([]);
    expect(messageProblems({ blocks: [] })).toHaveLength(1);
    expect(messageProblems({ text: 'x'.repeat(4001), blocks: [] })).toHaveLength(1);
    expect(messageProblems({ text: 'x', blocks: wordy })).toEqual(['msg_blocks_too_long [json-pointer:/blocks]']);
  });
});

describe('a view', () => {
  const input = asking({ type: 'plain_text_input' });

  it('that Slack takes has no problem', () => {
    expect(viewProblems(modal({ submit: plain('Send'), private_metadata: '{}', blocks: [input] }))).toEqual([]);
    expect(viewProblems({ type: 'home', blocks: [input] })).toEqual([]);
  });

  it.each([
    ['a long title', modal({ title: plain('x'.repeat(25)) }), 'less than 25'],
    ['a long submit', modal({ submit: plain('x'.repeat(25)) }), 'less than 25'],
    ['no title', { type: 'modal', blocks: [] }, 'title'],
    ['inputs and no submit', modal({ blocks: [input] }), 'submit'],
    ['much metadata', modal({ private_metadata: 'x'.repeat(3001) }), 'less than 3001'],
    ['many blocks', modal({ blocks: many(101, () => ({ type: 'divider' })) }), 'no more than 100'],
    ['a fault in a block', modal({ blocks: [{ type: 'header', text: plain('') }] }), '/view/blocks/0/text'],
    ['another kind', { type: 'workflow_step', blocks: [] }, 'modal or home'],
    ['a title of a Home tab', { type: 'home', title: plain('x'), blocks: [] }, 'title'],
    ['nothing', null, 'object'],
  ])('is told of %s', (_, view, problem) => {
    expect(viewProblems(view).join('\n')).toContain(problem);
  });
});
