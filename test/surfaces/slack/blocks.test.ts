import { describe, expect, it } from 'vitest';
import { messageProblems, viewProblems } from '../../../dev/slack-workspace/payload-schema.ts';
import {
  blockOf,
  cardToHome,
  cardToMessage,
  cardToModal,
  dataIn,
  formIn,
  formToModal,
  inputsIn,
  isForm,
  submissionOf,
} from '../../../src/surfaces/slack/blocks.ts';
import { shownTime } from '../../../src/surfaces/slack/shown-times.ts';
import type { Card, Json } from '../../../src/surfaces/surface.ts';

type Properties = Readonly<Record<string, unknown>>;

const cardOf = (body: readonly Properties[], ...actions: Properties[]): Card => ({
  type: 'AdaptiveCard',
  version: '1.5',
  fallbackText: 'A card',
  body,
  actions,
});
const text = (words: string, more: Properties = {}) => ({ type: 'TextBlock', text: words, wrap: true, ...more });
const runs = (...inlines: unknown[]) => ({ type: 'RichTextBlock', inlines });
const run = (words: string, more: Properties = {}) => ({ type: 'TextRun', text: words, ...more });
const execute = (title: string, data: Properties = { verb: 'go' }, more: Properties = {}) => ({
  type: 'Action.Execute',
  title,
  verb: data.verb,
  data,
  ...more,
});
const input = (type: string, more: Properties = {}) => ({ type: `Input.${type}`, id: 'it', label: 'What?', ...more });
const choices = (count: number, title = (index: number) => `Choice ${index}`) =>
  Array.from({ length: count }, (_, index) => ({ title: title(index), value: `v${index}` }));

/** Blocks that Slack takes. */
function blocksOf(card: Card) {
  const message = cardToMessage(card);
  expect(messageProblems(message)).toEqual([]);
  return message.blocks as unknown as readonly Properties[];
}
const elementsIn = (block: Properties | undefined) => (block?.elements ?? []) as readonly Properties[];
const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
const quote = (...elements: unknown[]) => ({ type: 'rich_text_quote', elements });
const rich = (...elements: unknown[]) => ({ type: 'rich_text', elements });
const words = (content: string, style?: Properties) => ({ type: 'text', text: content, ...(style ? { style } : {}) });

/** The one input of a card, as a modal shows it. */
function elementOf(node: Properties) {
  const view = cardToModal(cardOf([node], execute('Send')), 'here');
  expect(viewProblems(view)).toEqual([]);
  const block = (view.blocks as unknown as Properties[]).find(({ type }) => type === 'input');
  return { block, element: block?.element as Properties, above: view.blocks.slice(0, -1) };
}

describe('texts of a card', () => {
  it('join in one block, with an empty line where the card leaves room', () => {
    const card = cardOf([text('One'), text('Two', { spacing: 'Small' }), text('Three', { spacing: 'Large' })]);
    expect(blocksOf(card)).toEqual([rich(section(words('One\nTwo\n\nThree')))]);
  });

  it('keep their styles', () => {
    const card = cardOf([
      runs(
        'plain ',
        run('bold', { weight: 'Bolder' }),
        run('code', { fontType: 'Monospace' }),
        run('both', { italic: true, strikethrough: true }),
      ),
    ]);
    expect(blocksOf(card)).toEqual([
      rich(
        section(
          words('plain '),
          words('bold', { bold: true }),
          words('code', { code: true }),
          words('both', { italic: true, strike: true }),
        ),
      ),
    ]);
  });

  it('are a header when they are the title, unless they are too long for one', () => {
    const title = (length: number) => text('T'.repeat(length), { style: 'heading', size: 'Large' });
    expect(blocksOf(cardOf([title(150)]))).toMatchObject([{ type: 'header', text: { emoji: false } }]);
    expect(blocksOf(cardOf([title(151)]))).toEqual([rich(section(words('T'.repeat(151), { bold: true })))]);
  });

  it('are quoted where they are emphasised', () => {
    const card = cardOf([{ type: 'Container', style: 'emphasis', items: [text('Mind'), text('this')] }, text('After')]);
    expect(blocksOf(card)).toEqual([rich(quote(words('Mind\nthis')), section(words('After')))]);
  });

  it('are divided where the card draws a line, and not at the top', () => {
    const card = cardOf([
      text('One', { separator: true }),
      { type: 'Container', separator: true, items: [text('Two')] },
    ]);
    expect(blocksOf(card).map(({ type }) => type)).toEqual(['rich_text', 'divider', 'rich_text']);
  });

  it('go over several blocks when they are long, with no character cut in two', () => {
    const long = '🗝'.repeat(4000);
    const blocks = blocksOf(cardOf([text('Before'), runs(run(long)), text('After')]));
    const read = JSON.stringify(blocks).match(/🗝/gu) ?? [];
    expect(read.length).toBe(4000);
    for (const block of blocks) expect(JSON.stringify(block).length).toBeLessThan(3400);
  });

  it('stay literal, whatever people write', () => {
    const written = '*x* <!channel> <@U1> :key: <https://x.example|y> `c` & &amp;';
    const { text: readOut, blocks } = cardToMessage(cardOf([runs(run(written))]));
    expect(blocks).toEqual([rich(section(words(written)))]);
    expect(readOut).toBe(
      'A card\n*x* &lt;!channel&gt; &lt;@U1&gt; :key: &lt;https://x.example|y&gt; `c` &amp; &amp;amp;',
    );
  });

  it('lose the joiner that keeps other clients from reading a macro', () => {
    expect(blocksOf(cardOf([runs(run('{\u2060{DATE(2020-01-01T00:00:00Z,SHORT)}}'))]))).toEqual([
      rich(section(words('{{DATE(2020-01-01T00:00:00Z,SHORT)}}'))),
    ]);
  });

  it('of several columns stand one below the other', () => {
    const column = (...items: Properties[]) => ({ type: 'Column', width: 'auto', items });
    const card = cardOf([{ type: 'ColumnSet', columns: [column(text('Left'), text('below')), column(text('Right'))] }]);
    expect(blocksOf(card)).toEqual([rich(section(words('Left\nbelow\nRight')))]);
  });

  it('of facts are a line each', () => {
    const facts = [
      { title: 'Role', value: 'Reader' },
      { title: 'Where:', value: 'Finance' },
    ];
    expect(blocksOf(cardOf([{ type: 'FactSet', facts }]))).toEqual([
      rich(
        section(words('Role: ', { bold: true }), words('Reader\n'), words('Where: ', { bold: true }), words('Finance')),
      ),
    ]);
  });
});

describe('instants on a card', () => {
  const date = (format: string, fallback: string, more: Properties = {}) => ({
    type: 'date',
    timestamp: 1773482400,
    format,
    fallback,
    ...more,
  });

  it('are written for whoever reads them, and as text where Slack can’t', () => {
    const until = shownTime({ epochSeconds: 1773482400, fallback: '14 Mar 2026, 10:00 UTC' });
    const { text: readOut, blocks } = cardToMessage(cardOf([runs(run('Until '), run(until, { weight: 'Bolder' }))]));
    expect(blocks).toEqual([
      rich(
        section(
          words('Until '),
          date('{date_short_pretty} {time}', '14 Mar 2026, 10:00 UTC', { style: { bold: true } }),
        ),
      ),
    ]);
    expect(readOut).toBe('A card\nUntil 14 Mar 2026, 10:00 UTC');
  });

  it.each([
    ['{{DATE(2026-03-14T10:00:00Z)}}', date('{date_num}', '2026-03-14 UTC')],
    ['{{DATE(2026-03-14T10:00:00Z, COMPACT)}}', date('{date_num}', '2026-03-14 UTC')],
    ['{{DATE(2026-03-14T10:00:00Z, SHORT)}}', date('{date_short}', 'Mar 14, 2026 UTC')],
    ['{{DATE(2026-03-14T12:00:00+02:00,LONG)}}', date('{date_long}', 'Saturday, March 14, 2026 UTC')],
    ['{{TIME(2026-03-14T10:00:00Z)}}', date('{time}', '10:00 UTC')],
  ])('are read from the macro %s', (macro, element) => {
    expect(blocksOf(cardOf([text(`On ${macro}.`)]))).toEqual([rich(section(words('On '), element, words('.')))]);
  });

  it.each([
    '{{DATE(soon)}}',
    '{{DATE(2026-13-41T10:00:00Z)}}',
    '{{TIME(2026-03-14)}}',
    '{{NAME(x)}}',
    '{{DATE(2026-03-14T10:00:00Z, HUGE)}}',
  ])('are not read from %s', (macro) => {
    expect(blocksOf(cardOf([text(macro)]))).toEqual([rich(section(words(macro)))]);
  });
});

describe('the text of a message', () => {
  it('ends with “…” where it has to be shortened, and cuts no entity', () => {
    const { text: readOut } = cardToMessage(cardOf([text('&'.repeat(5000))]));
    expect(readOut.length).toBeLessThanOrEqual(3900);
    expect(readOut).toMatch(/^A card\n(?:&amp;)+\n…$/);
  });

  it('sets in people’s own lines', () => {
    expect(cardToMessage(cardOf([runs(run('Why: ok\r\nApproved by: Root'))])).text).toBe(
      'A card\nWhy: ok\n    Approved by: Root',
    );
  });
});

describe('an image', () => {
  const image = (more: Properties) => ({
    type: 'Image',
    url: 'https://usher.example/a.png',
    altText: 'A key',
    ...more,
  });

  it('is shown with its alternative text', () => {
    expect(blocksOf(cardOf([image({})]))).toEqual([
      { type: 'image', image_url: 'https://usher.example/a.png', alt_text: 'A key' },
    ]);
  });

  it.each([[{ altText: '' }], [{ url: 'http://usher.example/a.png' }], [{ url: 'data:image/png;base64,AA' }]])(
    'is refused as %o',
    (more) => {
      expect(() => cardToMessage(cardOf([image(more)]))).toThrow('images');
    },
  );
});

describe('actions of a card', () => {
  it('are buttons with ids and data of their own', () => {
    const card = cardOf(
      [
        text('Hello'),
        { type: 'ActionSet', actions: [execute('First', { verb: 'one', requestId: 'r1' }, { style: 'positive' })] },
      ],
      execute('Second', { verb: 'two' }, { style: 'destructive', tooltip: 'Second one' }),
      { type: 'Action.OpenUrl', title: 'Read', url: 'https://usher.example/?a=1&b=2' },
    );
    const [, first, second] = blocksOf(card);
    const [one] = elementsIn(first);
    const [two, read] = elementsIn(second);
    expect(one).toMatchObject({ action_id: 'do:0', style: 'primary' });
    expect(two).toMatchObject({ action_id: 'do:1', style: 'danger', accessibility_label: 'Second one' });
    expect(read).toMatchObject({ action_id: 'open:2', url: 'https://usher.example/?a=1&b=2' });
    expect(dataIn(String(one?.value))).toEqual({ verb: 'one', requestId: 'r1' });
  });

  it('fill several blocks when there are many', () => {
    const many = Array.from({ length: 27 }, (_, index) => execute(`Number ${index}`));
    expect(blocksOf(cardOf([text('Hello')], ...many)).map(({ elements }) => (elements as unknown[]).length)).toEqual([
      1, 25, 2,
    ]);
  });

  it('say long titles whole above', () => {
    const title = `Do ${'this and '.repeat(12)}that`;
    const [above, actions] = blocksOf(cardOf([], execute(title)));
    expect(above).toEqual(rich(section(words(title))));
    expect(actions).toMatchObject({ elements: [{ text: { text: `${title.slice(0, 74)}…` } }] });
  });

  it.each([
    ['more data than a button takes', execute('Go', { verb: 'go', what: 'x'.repeat(2000) }), '2000'],
    ['no verb', { type: 'Action.Execute', title: 'Go', data: {} }, 'no verb'],
    ['a link to something else', { type: 'Action.OpenUrl', title: 'Go', url: 'javascript:alert(1)' }, 'links'],
    ['Action.Submit', { type: 'Action.Submit', title: 'Go', data: {} }, 'Action.Submit'],
    ['Action.ToggleVisibility', { type: 'Action.ToggleVisibility', title: 'Go' }, 'Action.ToggleVisibility'],
  ])('are refused with %s', (_, action, complaint) => {
    expect(() => cardToMessage(cardOf([text('Hello')], action))).toThrow(complaint);
  });
});

describe('a form behind a button', () => {
  const show = (more: Properties = {}, card: Properties = {}) => ({
    type: 'Action.ShowCard',
    title: 'Approve',
    card: {
      type: 'AdaptiveCard',
      body: [
        input('Text', { id: 'justification:approve:2', isRequired: true, errorMessage: 'Say why.', maxLength: 500 }),
      ],
      actions: [
        execute('Send approval', { verb: 'approve', requestId: 'r1' }, { fallback: { type: 'Action.Submit' } }),
      ],
      ...card,
    },
    ...more,
  });
  const pressed = (action: Properties) => {
    const [, actions] = blocksOf(cardOf([text('Hello')], action));
    return String(elementsIn(actions)[0]?.value);
  };

  it('opens as a modal that begins with what it is about', () => {
    const form = formIn(pressed(show({ tooltip: 'Approve request 1a2b' })));
    if (!form) throw new Error('the button opens no form');
    const view = formToModal(form, 'C1:1.2');
    expect(viewProblems(view)).toEqual([]);
    expect(view).toMatchObject({
      type: 'modal',
      callback_id: 'usher',
      title: { text: 'Approve' },
      submit: { text: 'Send approval' },
      close: { text: 'Cancel' },
      blocks: [rich(section(words('Approve request 1a2b'))), { type: 'input', block_id: 'justification:approve:2' }],
    });
    expect(submissionOf(String(view.private_metadata))).toEqual({
      data: { verb: 'approve', requestId: 'r1' },
      origin: 'C1:1.2',
    });
    expect(blockOf(view, 'justification')).toBe('justification:approve:2');
    expect(blockOf(view, 'ticket')).toBeNull();
  });

  it('says titles whole in its body where the modal has no room for them', () => {
    const long = 'Approve this request for access';
    const form = formIn(pressed(show({ title: long }, { actions: [execute('Send the approval to Usher')] })));
    const view = formToModal(form as NonNullable<typeof form>, '');
    expect(view).toMatchObject({ title: { text: 'Usher' }, submit: { text: 'Send' } });
    expect(view.blocks).toMatchObject([
      rich(section(words(long, { bold: true }))),
      { type: 'input' },
      rich(section(words('Send the approval to Usher', { bold: true }))),
    ]);
    expect(viewProblems(view)).toEqual([]);
  });

  it('has buttons and no submit when nothing is asked', () => {
    const form = formIn(pressed(show({}, { body: [text('Sure?')] })));
    const view = formToModal(form as NonNullable<typeof form>, 'here');
    expect(view.submit).toBeUndefined();
    expect(view.blocks.at(-1)).toMatchObject({ type: 'actions', elements: [{ action_id: 'do:0' }] });
    expect(submissionOf(String(view.private_metadata))).toEqual({ data: {}, origin: 'here' });
  });

  it('carries instants as text, for any process may be asked for it', () => {
    const until = shownTime({ epochSeconds: 1773482400, fallback: '14 Mar, 10:00' });
    const form = formIn(pressed(show({}, { body: [runs(run(`Until ${until}`)), input('Text')] })));
    expect(JSON.stringify(form?.card.body as Json)).toContain('Until 14 Mar, 10:00');
  });

  it('is refused when a button has no room for it', () => {
    const noise = Array.from({ length: 3000 }, (_, index) => ((index * 7919) % 1234).toString(36)).join('');
    expect(() => cardToMessage(cardOf([text('Hello')], show({}, { body: [text(noise)] })))).toThrow('2000');
  });

  it.each(['', '{}', '{"verb":"approve"}', 'form:', 'form:AAAA', 'form:!'])('is not behind %j', (value) => {
    expect(formIn(value)).toBeNull();
  });
});

describe('a card as a modal', () => {
  const title = text('Enter your code', { style: 'heading', size: 'Large' });

  it('has its heading for a title, the first action as submit, and the others at its end', () => {
    const card = cardOf([title, input('Text', { id: 'code' })], execute('Connect', { verb: 'code' }), execute('Again'));
    const view = cardToModal(card, 'here');
    expect(view).toMatchObject({ title: { text: 'Enter your code' }, submit: { text: 'Connect' } });
    expect(view.blocks).toMatchObject([{ type: 'input', block_id: 'code' }, { type: 'actions' }]);
    expect(viewProblems(view)).toEqual([]);
    expect(isForm(card)).toBe(true);
  });

  it('never submits with an action that leaves the inputs out', () => {
    const card = cardOf(
      [input('Text', { id: 'code' })],
      execute('Again', { verb: 'link' }, { associatedInputs: 'none' }),
      execute('Connect', { verb: 'code' }),
    );
    expect(submissionOf(String(cardToModal(card, '').private_metadata))?.data).toEqual({ verb: 'code' });
  });

  it('keeps a long heading in its body, and only closes when there is nothing to send', () => {
    const card = cardOf([
      text('Everything that you can do here', { style: 'heading', size: 'Large' }),
      text('Nothing'),
    ]);
    const view = cardToModal(card, '');
    expect(view).toMatchObject({
      title: { text: 'Usher' },
      close: { text: 'Close' },
      blocks: [{ type: 'header' }, {}],
    });
    expect(view.submit).toBeUndefined();
    expect(isForm(card)).toBe(false);
  });

  it('is refused without anything to send its inputs with, and with more data than a modal holds', () => {
    expect(() => cardToModal(cardOf([input('Text')]), '')).toThrow('send');
    expect(() => cardToModal(cardOf([text('Hello')]), 'x'.repeat(3000))).toThrow('3000');
  });

  it.each(['', '{}', '[]', '{"data":{}}', '{"data":"x","origin":"y"}'])('is not of ours with %j', (metadata) => {
    expect(submissionOf(metadata)).toBeNull();
  });
});

describe('a card with more blocks than Slack shows', () => {
  const lines = (count: number) => cardOf(Array.from({ length: count }, () => text('Line', { separator: true })));

  it('is refused, with their count', () => {
    expect(() => cardToMessage(lines(26))).toThrow('51');
    expect(cardToHome(lines(26)).blocks.length).toBe(51);
    expect(() => cardToHome(lines(51))).toThrow('101');
    expect(() => cardToModal(lines(51), '')).toThrow('101');
  });
});

describe('what Slack has no equal of', () => {
  it.each([
    ['an unknown element', { type: 'Table' }, 'Table'],
    ['media', { type: 'Media' }, 'Media'],
    ['an unknown run', runs({ type: 'IconRun' }), 'IconRun'],
    ['an unknown input', input('Rating'), 'Input.Rating'],
    ['what is hidden', text('x', { isVisible: false }), 'hide'],
    ['what can be pressed anywhere', { type: 'Container', items: [text('x')], selectAction: execute('x') }, 'button'],
    ['a password', input('Text', { style: 'password' }), 'hide'],
    ['an input without a label', { type: 'Input.Text', id: 'it' }, 'label'],
    ['a choice with a long value', input('ChoiceSet', { choices: [{ title: 'x', value: 'v'.repeat(151) }] }), '150'],
    ['more choices than a select has', input('ChoiceSet', { choices: choices(101) }), '101'],
  ])('is refused: %s', (_, node, complaint) => {
    expect(() => cardToMessage(cardOf([node], execute('Send')))).toThrow(complaint);
  });
});

describe('an input', () => {
  it('for text has its limits, its value, and every wrong address', () => {
    const { block, element } = elementOf(
      input('Text', {
        style: 'email',
        isMultiline: true,
        maxLength: 500,
        value: 'not an address',
        placeholder: 'name@company.com',
        isRequired: true,
      }),
    );
    expect(block).toMatchObject({ block_id: 'it', optional: false, label: { text: 'What?' } });
    expect(element).toMatchObject({
      type: 'plain_text_input',
      action_id: 'it',
      multiline: true,
      max_length: 500,
      initial_value: 'not an address',
      placeholder: { text: 'name@company.com' },
    });
  });

  it('for text takes a value back that is longer than the limit as Slack counts', () => {
    expect(elementOf(input('Text', { maxLength: 5, value: '🗝🗝🗝🗝' })).element).toMatchObject({ max_length: 8 });
  });

  it('shows a long placeholder whole above', () => {
    const { element, above } = elementOf(input('Text', { placeholder: 'p'.repeat(200) }));
    expect((element.placeholder as Properties).text).toBe(`${'p'.repeat(149)}…`);
    expect(above).toEqual([rich(section(words('p'.repeat(200))))]);
  });

  it.each([
    [
      'Number',
      { value: 3, min: 1, max: 5 },
      { type: 'number_input', initial_value: '3', min_value: '1', max_value: '5' },
    ],
    ['Date', { value: '2026-03-14' }, { type: 'datepicker', initial_date: '2026-03-14' }],
    ['Time', { value: '09:30' }, { type: 'timepicker', initial_time: '09:30' }],
  ])('for a %s is Slack’s own', (type, more, element) => {
    expect(elementOf(input(type, more)).element).toMatchObject({ action_id: 'it', ...element });
  });

  it('to tick is a box, and says what it means unticked', () => {
    const ticked = elementOf(input('Toggle', { title: 'Tell them', value: 'yes', valueOn: 'yes', valueOff: 'no' }));
    expect(ticked.element).toMatchObject({
      type: 'checkboxes',
      action_id: 'off:no',
      initial_options: [{ text: { text: 'Tell them' }, value: 'yes' }],
    });
    const plain = elementOf({ type: 'Input.Toggle', id: 'it', title: 'Tell them' });
    expect(plain).toMatchObject({ block: { label: { text: 'Tell them' } }, element: { action_id: 'off:false' } });
    expect(plain.element.initial_options).toBeUndefined();
  });

  it.each([
    ['compact', 3, {}, 'static_select'],
    ['expanded', 10, { style: 'expanded' }, 'radio_buttons'],
    ['expanded and long', 11, { style: 'expanded' }, 'static_select'],
    ['several', 10, { isMultiSelect: true }, 'checkboxes'],
    ['several of many', 100, { isMultiSelect: true }, 'multi_static_select'],
  ])('for choices, %s', (_, count, more, type) => {
    expect(elementOf(input('ChoiceSet', { choices: choices(count), ...more })).element.type).toBe(type);
  });

  it('for choices begins with what was chosen, if that is offered', () => {
    const initial = (more: Properties) => {
      const { element } = elementOf(input('ChoiceSet', { choices: choices(3), ...more }));
      return element.initial_option ?? element.initial_options;
    };
    expect(initial({ value: 'v1' })).toMatchObject({ value: 'v1' });
    expect(initial({ value: 'gone' })).toBeUndefined();
    expect(initial({ value: 'v0,gone,v2', isMultiSelect: true })).toMatchObject([{ value: 'v0' }, { value: 'v2' }]);
  });

  it('for choices without any says so instead', () => {
    const card = cardOf([input('ChoiceSet', { choices: [] }), input('Text', { id: 'other' })], execute('Send'));
    const view = cardToModal(card, '');
    expect(view.blocks[0]).toEqual(rich(section(words('What? – there is nothing to choose from.'))));
    expect(viewProblems(view)).toEqual([]);
  });

  it('for choices shows long titles whole: in two lines, or above', () => {
    const hundred = `${'Reader of the Northern European Shared Services Centre '.repeat(2)}`.trim();
    const endless = 'W'.repeat(200);
    const { element, above } = elementOf(
      input('ChoiceSet', {
        choices: [
          { title: hundred, value: 'a' },
          { title: endless, value: 'b' },
        ],
      }),
    );
    expect(element.options).toMatchObject([
      {
        text: { text: 'Reader of the Northern European Shared Services Centre Reader of the…' },
        description: { text: '…Northern European Shared Services Centre' },
      },
      { text: { text: `${'W'.repeat(74)}…` }, description: { text: `…${'W'.repeat(73)}…` } },
    ]);
    expect(above).toEqual([rich(section(words(endless)))]);
  });
});

describe('what people filled in', () => {
  it('is read by the ids of the inputs, as text', () => {
    expect(
      inputsIn({
        'justification:approve': { 'justification:approve': { type: 'plain_text_input', value: 'ok' } },
        count: { count: { type: 'number_input', value: '3' } },
        from: { from: { type: 'datepicker', selected_date: '2026-03-14' } },
        at: { at: { type: 'timepicker', selected_time: '09:30' } },
        role: { role: { type: 'static_select', selected_option: { value: 'reader' } } },
        requests: { requests: { type: 'checkboxes', selected_options: [{ value: 'a' }, { value: 'b' }] } },
        tell: { 'off:no': { type: 'checkboxes', selected_options: [{ value: 'yes' }] } },
      }),
    ).toEqual({
      'justification:approve': 'ok',
      count: '3',
      from: '2026-03-14',
      at: '09:30',
      role: 'reader',
      requests: 'a,b',
      tell: 'yes',
    });
  });

  it('leaves out what is empty, but not what an empty box means', () => {
    expect(
      inputsIn({
        ticket: { ticket: { type: 'plain_text_input', value: null } },
        role: { role: { type: 'static_select', selected_option: null } },
        requests: { requests: { type: 'multi_static_select', selected_options: [] } },
        'off:1': { 'off:1': { type: 'checkboxes', selected_options: [] } },
        tell: { 'off:no': { type: 'checkboxes', selected_options: [] } },
      }),
    ).toEqual({ tell: 'no' });
  });

  it.each([null, undefined, 'x', [], { a: null }, { a: { a: 1 } }, { a: { a: { value: 3 } } }])(
    'is nothing in %j',
    (values) => {
      expect(inputsIn(values)).toEqual({});
    },
  );
});
