/** What the conversation says in a sentence of its own: as an answer, or as news on a list. */
export interface Said {
  readonly title: string;
  readonly text: string;
}

/** Every phrase in English. A new one is needed in `phrases-de.ts`, too, which the compiler asks for. */
export const english = {
  approved: 'Approved',
  denied: 'Denied',
  requested: 'Requested',
  scheduled: 'Scheduled',
  canceled: 'Canceled',
  deactivating: 'Deactivating',

  everyCopyShowsIt: (request: string) => `${request} Every copy of the card shows it.`,
  requestInShort: (role: string, scope: string, requester: string, duration: string) =>
    `${role} at ${scope} for ${requester}, ${duration}.`,
  requestTakenBack: { title: 'Canceled', text: 'Your request is taken back.' },
  accessIsEnding: { title: 'Deactivating', text: 'I will tell you when the access is gone.' },
  sentAgain: { title: 'Sent again', text: 'The invitation’s card shows it.' },
  revoked: { title: 'Revoked', text: 'The invitation’s card shows it.' },
  invited: (email: string) => ({ title: 'Invited', text: `The invitation to ${email} is on its way.` }),
  assigned: (email: string) => ({
    title: 'Assigned',
    text: `${email} was here already, and is told of the assignment.`,
  }),
  assignedToInvited: (email: string) => ({
    title: 'Assigned',
    text: `${email} was invited already, and can use this as soon as they have accepted.`,
  }),

  confirmToTake: {
    title: 'Confirm that it is you',
    text: 'It takes effect as soon as you have done that: the button is in a message of its own.',
  },
  everyCopyKnows: { title: 'Done', text: 'Every card about it shows it.' },
  extensionRequested: { title: 'Requested', text: 'I will tell you as soon as somebody has decided.' },
  extensionGranted: { title: 'Done', text: 'Its holder is told. The target system may take a moment to follow.' },
  settingsSaved: 'Saved. It applies from now on.',
  credentialsReset: (name: string) => ({
    title: 'Reset',
    text: `${name} has to set up anew how they confirm that it is them. They have been told.`,
  }),
  assignedByYou: { title: 'Assigned', text: 'The assignment has a card of its own, which shows how it goes.' },
  assignmentChanged: { title: 'Changed', text: 'Every card about the assignment shows it.' },
  assignmentRemoved: { title: 'Removed', text: 'Every card about the assignment shows when the access is gone.' },
  delegated: { title: 'Asked', text: 'They are told. A card of its own shows how it is, and stops it.' },
  delegationStopped: { title: 'Stopped', text: 'Nobody decides for you any more. Who stood in for you is told.' },
  inPlaceOf: (who: string, whom: string) => `${who} for ${whom}`,
  permanent: 'Without an end',

  linked: { title: 'Linked', text: 'I know you now. Type “help” to see what you can do.' },
  /** The same for every reason: whether an address is known is nobody's business who can't read its mail. */
  codeRefused: 'That code is wrong, or no longer good. Take the one in the newest e-mail, or ask for another.',

  notUnderstood: 'I did not understand that',
  typeHelp: 'Type “help” to see what I can do.',
  help: 'Help',

  inPrivate: { title: 'Let’s talk in private', text: 'Open a personal chat with me and say it there.' },
  notInPrivate: {
    title: 'Let’s talk in private',
    text: 'I could not write in our personal chat. Open it, and say it there.',
  },
  doneInPrivate: { title: 'Done', text: 'What comes of it is in our personal chat.' },
  answeredInPrivate: { title: 'Answered', text: 'I have answered you in our personal chat.' },

  commandLine: 'The command line',
  unlinkedAccount: 'An unlinked account',
  scopeOfKind: (name: string, kind: string) => `${name} (${kind.replace('-', ' ')})`,

  stranger: {
    title: 'Not from this organisation',
    text: 'I work for another organisation, so I can’t do anything for you here.',
  },
  nobody: {
    title: 'Who are you?',
    text: 'This chat did not tell me who you are, so I can’t do anything for you here.',
  },
  sorry: { title: 'Something went wrong', text: 'Nothing was lost. Please try again in a moment.' },
  stillAtIt: { title: 'One moment', text: 'I am still at it, and will say here how it went.' },
  done: 'Done',
  notMine: 'This is not something that I can do.',
  buttonTooOld: 'This button is not one of mine any more. Type “help” to start again.',
  clickFailed: 'Something went wrong, and nothing was lost. Please try again in a moment.',
  submissionFailed: 'Something went wrong. Nothing was lost: please send it again.',
};

export type Phrases = typeof english;
