/** Limits of the platforms on a card, with room to spare; the contract test holds every card's longest sample to them. */
export const teamsLimits = {
  /** Teams refuses messages over about 100 KB, counted in UTF-16; Microsoft advises to stay below 80 KB. */
  cardBytes: 80_000,
  /** Teams on a phone shows this many actions side by side or stacked, and hides the rest behind a menu. */
  actions: 6,
} as const;

/** Block Kit's limits that a card's words and actions can run into. */
export const slackLimits = {
  blocks: 50,
  buttonText: 75,
  /** Of a modal, which `Action.ShowCard` becomes. */
  modalTitle: 24,
  modalSubmit: 24,
  buttonValue: 2000,
  placeholder: 150,
  inputLabel: 2000,
  options: 100,
  /** Longer titles of choices have to be shortened by the surface; the value, never. */
  optionText: 75,
  optionValue: 150,
  idLength: 255,
} as const;

/** How much one card of a list holds; the rest is on the next page, and the card says so. */
export const pageSizes = {
  roles: 5,
  approvals: 5,
  /** Of each: active assignments, and requests. */
  status: 4,
  audit: 8,
  /**
   * The most choices of a role, and of a scope, that a form offers. Where there are more, hand it an empty list: the form
   * then takes the name as typed text, so that nothing is cut silently.
   */
  choices: 40,
} as const;

/** A card's size as Teams counts it. */
export const cardBytes = (card: unknown): number => JSON.stringify(card).length * 2;
