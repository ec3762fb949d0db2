/** What is wrong with an input, as the inputs of commands say it, and in German. */
const german: Readonly<Record<string, string>> = {
  'has to be an e-mail address, such as you@company.example': 'muss eine E-Mail-Adresse sein, etwa name@firma.example',
  'has to be the eight digits from the mail': 'muss die acht Ziffern aus der Mail enthalten',
  'has to be create or show': 'muss „create“ oder „show“ sein',
  'has to be approve or deny': 'muss „approve“ oder „deny“ sein',
  'has to be german, english or auto': 'muss „german“, „english“ oder „auto“ sein',
  'may only say “reset” after “security”': 'darf nach „security“ nur „reset“ enthalten',
  'may only say “off” after “delegate”': 'darf nach „delegate“ nur „off“ enthalten',
  'is empty: choose at least one': 'ist leer: Wählen Sie mindestens eine Anfrage',
  'has to be a day such as 2026-03-31, or how long ago, such as 7d':
    'muss ein Tag sein, etwa 2026-03-31, oder wie lange her, etwa 7d',
  'has to be success or failure': 'muss „success“ oder „failure“ sein',
  'has to be like 22:00-07:00, or off': 'muss wie 22:00-07:00 aussehen, oder „off“ sein',
  'has to be on or off': 'muss „on“ oder „off“ sein',
  'is not understood': 'ist nicht verständlich',
  'came from a card that is too old; nothing was done': 'kam von einer zu alten Karte; nichts ist geschehen',
};

/** What the parser of inputs says in its own words is technical in English, too. */
export const problemInGerman = (problem: string): string => german[problem] ?? 'hat nicht die richtige Form';
