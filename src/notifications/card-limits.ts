/** Limits of the platforms on a card, with room to spare; the contract test holds every card's longest sample to them. */
export const teamsLimits = {
  /** Teams refuses messages over about 100 KB, counted in UTF-16; Microsoft advises to stay below 80 KB. */
  cardBytes: 80_000,
  /** Teams on a phone shows this many actions side by side or stacked, and hides the rest behind a menu. */
  actions: 6,
} as const;

/** Slack's limits on blocks, views and messages (docs.slack.dev/reference/block-kit). In characters, where nothing else is said. */
export const slackLimits = {
  /** Blocks of a message. */
  blocks: 50,
  /** Blocks of a modal or Home tab. */
  viewBlocks: 100,
  /** Of a message's `text`: `chat.update` fails over 4,000. */
  messageText: 3900,
  /** Of one text; Slack names no limit for `rich_text`, so that of other texts is kept. */
  text: 3000,
  header: 150,
  /** Buttons in one block. */
  actions: 25,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  altText: 2000,
  /** Of a modal, which `Action.ShowCard` becomes. */
  modalTitle: 24,
  modalSubmit: 24,
  /** `private_metadata` of a view. */
  metadata: 3000,
  inputLabel: 2000,
  /** Of what can be typed into an input. */
  inputText: 3000,
  placeholder: 150,
  options: 100,
  /** Radio buttons or checkboxes. */
  boxes: 10,
  /** Longer titles of choices have to be shortened by the surface; the value, never. */
  optionText: 75,
  optionValue: 150,
  idLength: 255,
} as const;

/** How much one card of a list holds; the rest is on the next page, and the card says so. */
export const pageSizes = {
  roles: 4,
  approvals: 5,
  /** Of each: active assignments, and requests. */
  status: 4,
  audit: 8,
  resources: 8,
  /** Of a resource's roles. */
  resource: 5,
  members: 8,
  /** Of what has changed in settings. */
  settingLines: 18,
  /** Of names in one line. */
  names: 5,
  groups: 6,
  /** Of a group: who is in it, and what it holds. */
  groupMembers: 6,
  /** Of each section of the overview: in a message, and on a standing page. */
  home: 2,
  'home-page': 4,
  /** Of what can be renewed, on the overview; `roles` lists the others. */
  expired: 1,
  /**
   * The most choices of a role, and of a scope, that a form offers. Where there are more, hand it an empty list: the form
   * then takes the name as typed text, so that nothing is cut silently.
   */
  choices: 40,
  /** Of the places at which a role can be activated. */
  places: 25,
} as const;

/** A card's size as Teams counts it. */
export const cardBytes = (card: unknown): number => JSON.stringify(card).length * 2;
