import type { OrganisationTexts } from '../organisation-texts.ts'
import type { FormTexts, DeferredTexts } from '../app/form-texts.ts'
import type {
  FrameTexts,
  FrontPageTexts,
  LeaveTexts,
  OfflineTexts,
  ProblemsTexts,
  ReceiptsTexts,
  ReceiptTexts,
  SafetyTexts,
  TorFactsTexts,
  WithoutScriptTexts,
} from '../texts.ts'
import type { AnswersTexts, WarningTexts, WordsTexts } from '../two-way-texts.ts'

export const frame: FrameTexts = {
  title: 'Tell us about someone who was detained',
  skip: 'Skip to the main part',
  demo: 'DEMO. This server is for trying out. Do not send anything real.',
  languages: 'Languages',
  home: 'Back to the start',
  staff: 'Who can open what you send',
  fingerprint: 'Numbers to check their keys',
  fingerprintHint:
    'If someone you trust gave you these numbers, compare them. If they differ, send nothing.',
  expires: 'Valid until {day}',
  ask: 'Check on something you sent',
  sealed: 'Send a file that is already sealed',
  quiet:
    'This page uses no cookies, keeps nothing in your browser, and loads nothing from anywhere else.',
}

export const organisation: OrganisationTexts = {
  who: 'Who we are:',
  more: 'What we do with what you write, when we read, who else can help',
  about: 'What we do with what you write',
  reading: 'When we read',
  elsewhere: 'Who else can help',
  addresses: 'Our addresses',
  silence: 'We do not say our name here. That protects those who write and those who read.',
  missing:
    'Nobody has written here who runs this page. If that matters to you, ask someone you trust before you write.',
  roles: {
    analyst: 'analyst',
    caseworker: 'case worker',
    coordinator: 'coordinator',
    doctor: 'doctor',
    lawyer: 'lawyer',
    researcher: 'researcher',
    translator: 'translator',
  },
}

export const leave: LeaveTexts = {
  link: 'Leave quickly',
  keys: 'or press Esc three times',
}

export const safety: SafetyTexts = {
  lead: [
    'Write only what feels safe.',
    'What you write is sealed on your device. Only the people named at the end of this page can open it. This server cannot.',
  ],
  write: 'Write now',
  heading: 'Before you write',
  outside: {
    title: 'Where you are',
    lines: [
      'If you are inside China or North Korea, it may be safer for someone outside to write.',
    ],
  },
  device: {
    title: 'Your device',
    lines: ['Use one that only you use. Not one from work, and not a shared one.'],
  },
  leaveOut: {
    title: 'Leave out',
    lines: [
      'your name, address and number',
      'who and what helps: brokers, churches, routes, safe houses',
      'people who are still hiding',
    ],
  },
  photos: {
    title: 'Photos',
    lines: [
      'A photo carries hidden data: where and when it was taken. Faces, signs and windows give it away too.',
    ],
  },
  reading: {
    title: 'Who reads it',
    lines: ['A few people, named at the end of this page. We may not be able to help.'],
  },
  more: 'More about staying safe',
  moreLines: [
    'A computer is safer. If you only have a phone, use Tor Browser on it.',
    'If Tor is blocked, use a bridge. In Tor Browser: Settings, Connection, Bridges.',
    'Do not call the phone of the person who was taken.',
    'Do not collect more proof for us.',
    'After sending you get twelve words. With them you can come back here and read our answer.',
    'What has been sent cannot be called back. To correct it, or to ask us not to use it, write again and give the receipt.',
    'A receipt proves only that somebody sent something here.',
  ],
}

export const withoutScript: WithoutScriptTexts = {
  loading: 'The form is loading. Over Tor this can take a moment.',
  heading: 'Sending without scripts',
  intro: [
    'Without scripts, this page cannot seal your message for you.',
    'It must be sealed before it leaves your device. A program on your device has to do that.',
    'There are three ways. Choose one, then send the sealed file below.',
  ],
  slow: 'If scripts are on, wait a little longer: the form will appear here by itself.',
  consent:
    'Write at the top of `notes.txt` whom we may tell, in one of these ways. If nothing is there, we ask you first, and tell nobody until then.',
  how: 'How to seal a file yourself',
  offline: {
    title: 'With a page that works without a network',
    link: 'Save the offline sealer',
    steps: [
      'Save it on your device.',
      'Go offline, if you can. The page can connect to nothing, and offline you do not have to take our word for it.',
      'Open the saved file in any browser where scripts are on, and write there.',
      'It saves a file whose name ends in `.age`. Come back here and send that file.',
    ],
  },
  age: {
    title: 'With the program age',
    before: [
      'Make a folder called `notes`. In it, write a text file `notes.txt`: what happened, to whom, when, where. Put photos and files beside it.',
      'Save one of the two lists below next to that folder.',
      'Open a terminal there and type the two lines.',
    ],
    newer: 'age 1.3 or newer',
    older: 'An older age',
    olderNote:
      'Use this only if the first does not work. It does not protect against the quantum computers of the future.',
    after: [
      'Photos keep their hidden place and time in this way. Leave out photos where that could harm someone.',
      'This makes the sealed file `notes.age`.',
      'Delete `notes` and `notes.tar` if nobody should find them.',
    ],
  },
  tumen: {
    title: 'With the program tumen',
    lines: ['It seals and sends. It needs Tor to be running.'],
  },
  send: {
    heading: 'Send the sealed file',
    label: 'The sealed file (its name ends in `.age`)',
    button: 'Send',
    lines: [
      'This can take minutes. Wait until you see a receipt.',
      'If the connection breaks, send the same file again. It will not be stored twice.',
      'A file that is not sealed is refused, and nothing of it is kept.',
    ],
  },
}

export const receipt: ReceiptTexts = {
  heading: 'We have it',
  states: {
    accepted: 'It arrived and is safe.',
    stored: 'It is stored and waits for our staff.',
    collected: 'Our staff have taken it to read.',
  },
  label: 'Your receipt',
  means: [
    'With it you can ask whether your message has arrived, is stored, or has been collected.',
    'It proves only that somebody sent something here.',
    'It opens nothing and does not say who you are.',
  ],
  keep: [
    'You need it for nothing else. Our work goes on without it.',
    'Keep it only where that is safe. Whoever finds it can see that something was sent here.',
  ],
  next: 'What to do now',
  clear: 'Clear this page',
  cleared: 'This page is cleared.',
  newIdentity: [
    'In Tor Browser, choose New Identity (the broom). It closes every page and forgets them.',
    'On a phone, quit Tor Browser.',
  ],
}

export const receipts: ReceiptsTexts = {
  heading: 'Check on something you sent',
  label: 'Your receipt',
  hint: '64 letters and numbers. Spaces and line breaks do not matter.',
  button: 'Ask',
  privacy:
    'The receipt is not put into the address of the page, so it does not stay in the history.',
  unknown: 'We do not know this receipt (any more)',
  unknownLines: [
    'We also forget a receipt, {days} days after our staff have collected the message. That is no bad sign.',
    'If you sent it less than {days} days ago, compare every group: there are only the numbers 0 to 9 and the letters a to f.',
    'If every group is right, it has not arrived: send it again.',
  ],
  noReceiptHeading: 'There is no whole receipt in this',
  severalReceipts: 'There is more than one receipt in this',
  noReceipt:
    'A receipt has 64 letters and numbers: 0 to 9 and a to f. Paste one receipt, and all of it; other words around it do not matter. This says nothing about whether your message has arrived.',
}

export const torFacts: TorFactsTexts = {
  heading: 'There is a safer way to open this page',
  notOnion: [
    'You did not come by its onion address.',
    'Whoever watches the network may see that you are here, and could change this page.',
  ],
  notTorBrowser: [
    'This does not look like Tor Browser.',
    'Another browser may keep traces of your visit.',
  ],
  local: [
    'You are seeing this page on the computer that serves it.',
    'Others open it in Tor Browser, by its onion address.',
  ],
  todo: 'What you can do',
  steps: [
    'Get Tor Browser from torproject.org. If that is blocked, write an e-mail to `gettor@torproject.org`.',
    'If Tor is blocked, use a bridge. In Tor Browser: Settings, Connection, Bridges. Snowflake has worked in China; it is slow.',
    'Open the onion address of this page in Tor Browser.',
    'If having Tor is itself dangerous for you, let someone outside write.',
  ],
  yourChoice: 'You can also go on from here. You know best what is safe for you.',
}

export const problems: ProblemsTexts = {
  heading: 'That did not work',
  nothingKept: 'Nothing was kept.',
  texts: {
    NOT_AGE: [
      'This is not a sealed file',
      'Send the file that age or tumen made; it usually ends in .age. The original file must not be sent.',
    ],
    ARMORED: [
      'The sealed file is in text form',
      'Seal it again without -a (--armor) and send the binary file.',
    ],
    PASSPHRASE_STANZA: [
      'The file is sealed with a passphrase',
      'Nobody here knows it. Seal it again with -R recipients.txt instead of -p.',
    ],
    SSH_STANZA: ['The file is sealed to an ssh key', 'Seal it again with -R recipients.txt.'],
    HEADER_TOO_LARGE: [
      'The header of the sealed file is too large',
      'Seal it to the recipients in recipients.txt only.',
    ],
    HEADER_INVALID: [
      'The sealed file is damaged at its beginning',
      'Seal it again and send the new file.',
    ],
    NO_STANZAS: ['The file is sealed to nobody', 'Seal it again with -R recipients.txt.'],
    TOO_MANY_STANZAS: [
      'The file is sealed to too many recipients',
      'Seal it to the recipients in recipients.txt only.',
    ],
    TRUNCATED: [
      'The end of the sealed file is missing',
      'It was cut short on the way or while sealing. Send it again, or seal it again.',
    ],
    TOO_LARGE: [
      'The file is too large',
      'Split it into parts, seal each one and send them one by one.',
    ],
    LENGTH_MISMATCH: ['Not all of the file arrived', 'Send it again.'],
    MISSING_FILE: [
      'No file was sent',
      'Choose the sealed file. Programs: one file in the form field "envelope".',
    ],
    TOO_MANY_FILES: ['More than one file was sent', 'Send one sealed file at a time.'],
    UNKNOWN_FIELD: [
      'The form has a field that is not known here',
      'Send one file in the field "envelope" and, if you like, the text field "keyring".',
    ],
    FORM_INVALID: [
      'The form could not be read',
      'Send multipart/form-data with one file in the field "envelope", or the file itself as application/octet-stream.',
    ],
    FORM_LIMITS: [
      'The form is larger than a form may be',
      'Send one file in the field "envelope" and, if you like, the text field "keyring".',
    ],
    UNSUPPORTED_TYPE: [
      'This kind of content is not accepted',
      'Send multipart/form-data, or the sealed file as application/octet-stream, without Content-Encoding.',
    ],
    BODY_TIMEOUT: ['Nothing came for too long', 'The connection broke. Send the file again.'],
    ABORTED: ['The upload was broken off', 'Send the file again.'],
    UPLOAD_HEADERS: [
      'The upload cannot be begun like this',
      'Send Upload-Length with the whole length of the sealed file (tus 1.0.0).',
    ],
    OFFSET_CONFLICT: [
      'The upload is not at this place',
      'Ask with HEAD how far it came and go on from there.',
    ],
    TUS_VERSION: ['This version of tus is not spoken here', 'Send Tus-Resumable: 1.0.0.'],
    TOO_MANY_UPLOADS: ['Too many uploads at the moment', 'Wait a minute and send the file again.'],
    NO_SPACE: ['There is no space at the moment', 'Try again later.'],
    DRAINING: [
      'Closed for a moment',
      'Nothing new can be sent now. What has a receipt is safe. Please come back a little later.',
    ],
    TOO_MANY_REQUESTS: [
      'Too many requests at the moment',
      'Wait a minute and try again. What you have a receipt for is safe.',
    ],
    TOO_MANY_UNFINISHED: [
      'Too many uploads have been begun and not finished',
      'Wait a minute and send the file again.',
    ],
    PROOF_OF_WORK_NEEDED: [
      'Many people are sending at the moment',
      'Programs: work out the challenge and send its solution as Tumen-Proof-Of-Work, or send without that header and wait longer.',
    ],
    STORE_DOWN: [
      'What you send cannot be kept at the moment',
      'Nothing was kept without a receipt. Send it again in a few minutes. What has a receipt is safe.',
    ],
    BEING_STORED: [
      'It has arrived and is being stored',
      'Ask again in a minute. You get the receipt as soon as it is safe.',
    ],
    CLOSED: [
      'This place is closed at the moment',
      'Nothing can be sent now. Please come back another day.',
    ],
    NOT_FOUND: ['There is nothing here', 'Check the address or the receipt.'],
    METHOD_NOT_ALLOWED: ['This cannot be done here', 'The Allow header names what can.'],
    RANGE_NOT_SATISFIABLE: [
      'The file has no such part',
      'Content-Range names the length of the file: ask for a part within it, or for all of it.',
    ],
    INTERNAL: [
      'Something went wrong on our side',
      'Send the file again later. What you have a receipt for is safe.',
    ],
  },
}

export const form: FormTexts = {
  choose: 'Choose, if you like',
  remove: 'Remove',
  undo: 'Undo',
  removed: 'Removed: {what}',
  year: 'Year',
  month: 'Month',
  day: 'Day',
  ask: {
    narrative: 'What happened?',
    who: 'Who was taken? (name, age)',
    name: 'Name',
    age: 'Age',
    person: 'Person {n}',
    when: 'When? A guess is fine',
    whenDate: 'Which fits best?',
    where: 'Where were they taken?',
    stillHeld: 'Are they still held?',
    sentBack: 'Could they be sent back by force?',
    returnWhen: 'If you know the day: when? (optional)',
    files: 'Add photo or file (optional)',
  },
  hint: {
    narrative: 'Write only what feels safe. Any language, any order. One sentence is enough.',
    who: 'Leave out people who are still hiding.',
    when: 'For example: “last Tuesday before dawn”.',
    where: 'A town or a landmark is enough. No safe houses, no routes.',
    files: 'Only what you already have. Faces, signs and windows also show place and time.',
  },
  add: {
    person: 'Add another person',
    file: 'Choose photos or files',
  },
  more: {
    open: 'More, if you can',
    intro: 'Nothing here is needed. Answer what you want, in any order.',
    persons: 'About each person',
    event: 'How it happened',
    steps: 'What was already tried',
    source: 'About you',
    consent: 'Who may we tell?',
    loading: 'This part is still loading.',
    failed:
      'Not everything has loaded: Tor may be slow or cut off, or there is a newer version of this page. What you wrote is still here. Please try again. If that does not help, copy your text, if that is safe, and load the page again.',
  },
  dates: {
    today: 'Today',
    yesterday: 'Yesterday',
    day: 'A day, month or year I know',
    about_day: 'Around a certain day',
    about_month: 'Some time in a month I know',
    between: 'Between two days',
    since: 'From a certain day until now',
    unknown: 'I don’t know',
  },
  dateFrom: 'From',
  dateTo: 'To',
  stillHeld: { yes: 'Yes', no: 'No', unsure: 'I am not sure' },
  sentBack: {
    soon: 'Yes, within days',
    yes: 'Yes, I do not know when',
    returned: 'They were already sent back',
    no: 'No',
    unsure: 'I do not know',
  },
  required: '(needed)',
  consent: {
    question: 'Who may we tell, without asking you again?',
    choices: {
      with_names: 'Those who can help, with names',
      without_names: 'Those who can help: what happened, without names',
      ask_me: 'Ask me first, here',
      nobody: 'Nobody',
    },
    hints: {
      with_names:
        'The UN refugee agency, the International Committee of the Red Cross and human rights organisations. We ask you first before we tell embassies of other countries, newspapers or television.',
      without_names:
        'The same, and embassies of other countries, newspapers and television. Without a name the UN cannot take up the case.',
      ask_me:
        'Only possible if you keep the twelve words and come back. We leave our question here. Until you answer, we tell nobody.',
      nobody: 'We read it and keep it, and tell nobody.',
    },
    un: 'Also the United Nations (counts only together with names)',
    unHint:
      'The UN gives the case, with the name, to the government that holds the person. Other governments that are concerned may get a copy; for someone from North Korea, perhaps North Korea’s.',
    always: [
      'Your own name and how to reach you are never passed on.',
      'Nobody can promise that it helps.',
      'You can take this back: from then on we tell nobody else.',
    ],
    unchosen:
      'You have not chosen. If you send like this, we will ask you first, here, and tell nobody until then.',
  },
  files: {
    choice: 'Hidden place and time in this picture',
    remove: 'Remove (safer)',
    keep: 'Keep (stronger proof)',
    preparing: 'Getting ready…',
    unreadable: 'This file cannot be read. Remove it, or choose it again.',
    empty:
      'This file is empty. If it is in a cloud, save it on the device first. Remove it, or choose it again.',
    damaged: 'This picture is damaged, so hidden place and time could not be removed.',
    unusual:
      'This picture has parts we do not know, so hidden place and time could not be removed.',
    printProfile: 'It was made for printing, and its colours may still tell where.',
    uncleaned:
      'It may still hold the place and time. Press “{without}”, or press “{send}” again to send it as it is.',
    sendWithout: 'Send without it',
    outcomes: {
      removed: 'Ready. Hidden place and time are removed.',
      kept: 'Ready. Hidden place and time stay in it.',
      none_found: 'Ready. No hidden place or time was found.',
      cannot_be_removed: 'Ready.',
    },
    kinds: {
      video: 'A video can hold a hidden place and time. We cannot remove them here.',
      document:
        'A document can hold names, places and times you do not see. We cannot remove them here.',
      other: 'We cannot look for a hidden place or time in this kind of file.',
    },
    tooMany: 'Not all files fit: at most {n}. Send the rest in a second message.',
  },
  problems: {
    heading: 'Before it can be sent',
    narrative: 'Please write what happened. A few words are enough.',
    too_long:
      'This is too long, so it was not added: at most {n} characters. Put long texts in a file.',
    draft_too_long:
      'All texts together are too long, so the last one was not added. Put long texts in a file.',
  },
  send: {
    button: 'Send',
    sealedTo: 'It will be sealed on this device. Only these people can open it: {names}.',
    fingerprint: 'Numbers to check their keys',
    loading: 'Fetching the keys of the people who may read this…',
    again: 'Try again',
    demo: 'DEMO. This is for trying out. Do not send anything real.',
  },
  returning: 'I have been here before',
  keys: {
    issued: 'These keys are of {issued}.',
    confirmed: 'Staff last confirmed these keys on {day}.',
    not_confirmed_yet:
      'These keys are newer than those that staff confirmed on {day}. They are not confirmed yet.',
    replayed:
      'These are old keys, which staff have replaced. Something is wrong here: nothing is sealed to them.',
    unknown:
      'Staff have not confirmed these keys in the last 30 days, or this could not be checked. Perhaps nobody is reading now.',
    compare:
      'If the numbers are those that somebody you trust gave you, nobody has exchanged the keys. They do not say who the people are.',
  },
  failures: {
    KEYRING_REPLAYED:
      'These are old keys that staff have replaced, so nothing was sealed. Please come back another day.',
    KEYRING_UNREACHABLE:
      'The keys did not arrive. Tor may be slow or cut off. Your text is safe here; try again.',
    NOT_STARTED:
      'The part of this page that seals could not start. Perhaps this browser forbids it. What you wrote is still here. Try again, or use one of the ways below.',
    KEYRING_UNTRUSTED:
      'The keys are not the right ones, so nothing can be sealed. Please do not send anything now. Come back later with a new identity.',
    KEYRING_EXPIRED:
      'The keys have run out, or the date of this device is wrong. Please look at the date, or come back tomorrow.',
    BROKEN:
      'Something broke on this device. What you wrote is still here. Please send again, with fewer files if there are many.',
  },
  languageFailed:
    'The other language could not be loaded. Everything you wrote is still here. Please try again. If that does not help, there is a newer version of this page: you can still send in this language.',
  broken:
    'Something on this page broke. What you already sent is not touched. Please load the page again.',
}

/** The form's texts that are not on the first screen. */
export const later: DeferredTexts = {
  country: 'Country',
  ask: {
    otherName: 'Another name or spelling',
    nameKind: 'What kind of name is it?',
    ageUnit: 'Age in',
    reckoning: 'How is the age counted?',
    sex: 'Sex',
    birth: 'When were they born?',
    nationality: 'Nationality',
    originPlace: 'Where do they come from?',
    ethnicity: 'People or ethnic group',
    riskFlags: 'Is any of this true?',
    medical: 'Illness, or medicine they need',
    status: 'How are they now?',
    count: 'How many people were taken in all?',
    atLeast: 'At least',
    atMost: 'At most',
    topic: 'What is it about?',
    authority: 'Who took them?',
    authorityText: 'In your own words: uniform, office, name of the unit',
    howTaken: 'How were they taken?',
    held: 'Where are they held now?',
    transfers: 'Were they moved?',
    transferWhen: 'When were they moved?',
    transferFrom: 'From where?',
    transferTo: 'To where?',
    returnRisk: 'About being sent back by force',
    returnCountry: 'To which country?',
    whereCountry: 'Country where they were taken',
    returnBasis: 'Why do you think so?',
    lastContact: 'When did anyone last hear from them?',
    companions: 'How many others were with them?',
    guides: 'How many of the people taken were guides?',
    warrant: 'Was a paper or warrant shown?',
    reasons: 'What reason was given?',
    acknowledged: 'What do officials say?',
    steps: 'What was already tried?',
    stepWhen: 'When was that?',
    stepResult: 'What came of it?',
    public: 'Is it already public?',
    relation: 'How do you know them?',
    basis: 'How do you know about it?',
    inside: 'Are you inside China or North Korea now?',
    contact: 'May we get in touch?',
    contactText: 'How?',
    safeTimes: 'When is it safe?',
    consent: 'Who may we tell?',
    givenBy: 'Who agrees to this? (you, the wife, the father…)',
    familyAgrees: 'Does the family agree?',
    wish: 'What would the person who was taken want?',
  },
  hint: {
    otherName: 'In another script, or what people call them.',
    reckoning: 'Korean counting is one or two years ahead.',
    riskFlags: 'Tick what you know. Leave the rest.',
    guides: 'A number only. No names.',
    contactText: 'Leave this empty if a message could put someone in danger.',
    consent:
      'You decide for each. What you do not change stays “Ask me first”: if we cannot ask you, we tell nobody. The UN sends the case, with the name, to the government that holds the person. It may also send a copy to other governments it concerns: for someone from North Korea, to North Korea. We cannot promise that anyone will help.',
    source:
      'Write nothing here that shows who you are. How to reach you is asked below; only if that is safe. None of this is passed on.',
  },
  add: {
    name: 'Add another name',
    transfer: 'Add a move',
  },
  yesNo: { yes: 'Yes', no: 'No', unknown: 'I don’t know' },
  inside: { yes: 'Yes', no: 'No', prefer_not: 'I would rather not say' },
  topics: {
    detention: 'Someone was taken or is locked up',
    disappearance: 'Someone has disappeared',
    return_feared: 'Someone may be sent back by force',
    returned: 'Someone was sent back',
    released: 'Someone was set free',
    update: 'News about someone you already know of',
  },
  nameKinds: { legal: 'In papers', alias: 'A name they use', nickname: 'Nickname' },
  sexes: { female: 'Woman or girl', male: 'Man or boy', other: 'Other', unknown: 'I don’t know' },
  ageUnits: { years: 'years', months: 'months' },
  reckonings: {
    international: 'From birth (0 at birth)',
    counting: 'Korean counting (1 at birth)',
    unknown: 'I don’t know',
  },
  risks: {
    pregnant: 'Is pregnant',
    medical: 'Is ill or needs medicine',
    disability: 'Has a disability',
    elderly: 'Is old',
    child_alone: 'Is a child alone',
    previously_returned: 'Was sent back before',
    contact_south_korea: 'Had contact with South Korea',
    official_family: 'Is from an official’s family',
  },
  statuses: {
    held: 'Locked up',
    moved: 'Moved to another place',
    returned: 'Sent back',
    released: 'Free',
    dead: 'Dead',
    missing: 'Missing',
    unknown: 'I don’t know',
  },
  ways: {
    checkpoint: 'At a check on the road',
    raid: 'At home or in a hiding place',
    vehicle: 'In a car, bus or train',
    border: 'At the border',
    handover_third_country: 'Handed over by another country',
    unknown: 'I don’t know',
  },
  authorities: {
    cn_public_security: 'Chinese police (public security)',
    cn_border_or_immigration: 'Chinese border guards or immigration',
    cn_state_security: 'Chinese state security',
    cn_military: 'Chinese army',
    kp_state_security: 'North Korean state security (bowibu)',
    kp_police: 'North Korean police (anjonbu)',
    third_country_police: 'Police of another country',
    other: 'Someone else',
    unknown: 'I don’t know',
  },
  acknowledgements: {
    located: 'They say where the person is',
    not_located: 'They say they do not know',
    denied: 'They deny it',
    unknown: 'I don’t know',
  },
  steps: {
    embassy: 'Asked an embassy',
    unhcr: 'Asked the UN refugee agency',
    un: 'Wrote to the UN',
    lawyer: 'Asked a lawyer',
    police: 'Asked the police',
    media: 'Told the media',
    ngo: 'Asked an organisation',
    none_unsafe: 'Nothing: it was not safe',
  },
  relations: {
    self: 'It is me',
    spouse: 'Husband or wife',
    parent: 'I am their parent',
    child: 'I am their child',
    sibling: 'Brother or sister',
    relative: 'Other family',
    friend: 'Friend',
    helper: 'I helped them',
    witness: 'I saw it',
    ngo: 'I work for an organisation',
    lawyer: 'Lawyer',
    other: 'Other',
    prefer_not: 'I would rather not say',
  },
  bases: {
    saw: 'I saw it myself',
    told_by_detainee: 'The person told me',
    told_by_other: 'Someone else told me',
    document: 'From a paper or a picture',
    rumour: 'People talk about it',
  },
  contactWays: {
    return_here: 'I will come back here with the twelve words',
    other: 'In another way',
    never: 'No, never',
  },
  recipients: {
    un: 'United Nations experts',
    unhcr: 'UN refugee agency (UNHCR)',
    icrc: 'International Committee of the Red Cross (ICRC)',
    embassy: 'Embassies of other countries',
    ngo: 'Human rights organisations',
    media: 'Newspapers and television',
  },
  levels: {
    no: 'No, never',
    ask_first: 'Ask me first',
    facts_only: 'What happened, without names',
    named: 'Names too',
    named_photo: 'Names and photos too',
  },
  sending: {
    heading: 'Sending',
    phases: {
      preparing: 'Getting the files ready…',
      sending: 'Sealing and sending…',
      waiting: 'The connection broke. It will go on by itself. Keep this page open.',
      proving:
        'Many people are sending at the moment, so this device first does a small calculation. It takes about 20 seconds at most. Keep this page open.',
      paused: 'Paused. Nothing is lost.',
      finishing: 'Everything is sent. Waiting until it is stored safely…',
    },
    bar: 'Sent so far',
    amount: '{done} of {total}',
    rate: '{rate} a second',
    minutesLeft: 'about {n} min left',
    secondsLeft: 'less than a minute left',
    hoursLeft: 'about {n} h left',
    interruptions: 'Breaks in the connection so far: {n}. Nothing was lost.',
    told: 'It is tried again by itself. You can also stop and keep what you wrote.',
    keepOpen: 'Keep this page open. What you wrote stays here until it has arrived.',
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Stop sending',
    askCancel: 'Stop sending? What you wrote stays here.',
    cancelYes: 'Yes, stop',
    cancelNo: 'No, go on',
  },
  failures: {
    NO_SPACE:
      'There is no room now. Nothing was kept. It is not your fault. What you wrote is still on this page. Please come back tomorrow.',
    NOT_LOADED:
      'This page is too old, or a part of it did not arrive. Load it again before you send. That empties the form: copy your text first, if that is safe.',
    FILE_NOT_CLEANED:
      'Hidden place and time could not be removed from a picture. Look at your files, then send again.',
    FILE_EMPTY: 'A file is empty. Remove it or choose it again, then send.',
    FILE_UNREADABLE: 'A file could not be read any more. Remove it or choose it again, then send.',
    TOO_LARGE:
      'This is too large to send at once. Remove some files and send them in a second message.',
    TIP_INVALID:
      'Something in the form does not fit. This is our mistake. Please shorten the answers under “More, if you can” and send again.',
    REFUSED:
      'It was not accepted. Nothing was kept. Please load the page again later; copy your text first if that is safe.',
    RECEIPT_MISMATCH:
      'The answer does not match what was sent, so we cannot say that it arrived. Please send again.',
    CANCELLED: 'Stopped. Nothing was kept on our side. What you wrote is still here.',
  },
  failureHeading: 'It was not sent',
  receipt: {
    ask: 'Check again',
    asking: 'Asking…',
    unreachable: 'No answer just now. What we have is safe. You can ask again.',
  },
}

export const words: WordsTexts = {
  happensHeading: 'What happens next',
  happens: [
    'Our staff carry what was sent to a computer without a network, and read it there. That takes days.',
    'Ask here whenever you like what became of it. If we have a question, it waits for you here.',
  ],
  heading: 'Your twelve words',
  main: 'Write these twelve words down to come back, read our answer and add more. Whoever has them can do the same.',
  once: 'They are shown only now. We do not have them and cannot give them to you again.',
  safe: 'Keep them only where that is safe: on paper, among other words, or in your memory. Not as a photo.',
  english: 'They are English words.',
  without: 'You may leave them. Then we cannot answer you here; our work goes on.',
  written: 'I have written them down',
  skip: 'Go on without them',
  checkHeading: 'Check what you wrote',
  checkAsk: 'Choose word {n} from what you wrote.',
  checkWrong: 'That is not word {n}. Please look again at what you wrote.',
  showAgain: 'Show the words again',
  checked: 'That is right. The words are no longer shown.',
  skipped: 'You go on without the words. We cannot answer you here; our work goes on.',
  same: 'Your twelve words stay the same.',
  renewed: 'From now on only these new words count. The old ones can be destroyed.',
  unanswered: {
    ask_me:
      'Nobody can answer here yet, so we cannot ask you here: we tell nobody. If it is safe, write how we can reach you.',
    unchosen:
      'You have not chosen. Nobody can answer here yet. If you send like this, we tell nobody.',
  },
  impossible:
    'Answers are not possible here yet. If you want one, write again and say how to reach you, only if that is safe.',
  more: 'Write more',
  copyReceipt: 'Copy the receipt',
  copied: 'The receipt is copied.',
}

export const answers: AnswersTexts = {
  heading: 'Read our answer',
  label: 'Your twelve words',
  hint: 'In the order you wrote them down.',
  otherLanguage: 'If your words are in another language, choose that language at the top.',
  privacy:
    'The words do not leave this device. The server sends everybody the same, and cannot tell whose answer you look for.',
  tap: {
    word: 'Word {n}. {question}',
    letter: 'What does it begin with?',
    start: 'Which letters come first?',
    which: 'Which word is it?',
    back: 'Go back',
    removeLast: 'Take the last word away',
    entered: 'Words chosen: {n} of 12',
  },
  typing: {
    open: 'Type the words instead',
    close: 'Tap the words instead',
    risk: 'A keyboard may remember what is typed, or send it to its maker. Choosing the words by tapping is safer.',
    label: 'The twelve words, one after the other',
  },
  look: 'Look',
  busy: 'Looking through the answers on this device…',
  awaited: 'The answers are on their way.',
  arriving: 'The answers are still arriving: {done} of {total}.',
  older:
    'The newest answers are here. Older ones follow slowly: {done} of {total}. Leave this page open if you wait for one that is older.',
  problems: {
    count: 'Twelve words are needed. There are {n}.',
    unknown: 'Word {n} is not on the list. Please look at it again.',
    unknownSomewhere: 'There is a word that is not on the list. Please look at each one again.',
    checksum: 'One word is wrong, or the order is.',
  },
  nothingFound:
    'There is nothing for these words in what staff brought in the last {n} days. Please look at each word again.',
  nobodyYet: 'There is no answer for anybody here yet. Please come back in some days.',
  nothingNew: 'Nothing new yet.',
  life: 'Staff last brought answers on {day}.',
  opened: 'Staff opened your message on {day}.',
  answerOf: 'Answer of {day}',
  partMissing: 'A part of this answer has not come yet.',
  unreadable: 'There is an answer here that cannot be read. We will notice and send it again.',
  asks: 'We would like to ask you:',
  ask: {
    un: 'May we tell the United Nations, with the name?',
    unhcr: 'May we tell the UN refugee agency (UNHCR), with the name?',
    icrc: 'May we tell the International Committee of the Red Cross, with the name?',
    embassy: 'May we tell embassies of other countries, with the name?',
    ngo: 'May we tell human rights organisations, with the name?',
    media: 'May we tell newspapers and television, with the name?',
  },
  unMeans:
    'The UN sends the case, with the name, to the government that holds the person. It may also send a copy to other governments it concerns: for someone from North Korea, to North Korea.',
  consent: { yes: 'Yes', no: 'No', not_yet: 'Not yet' },
  reply: 'Write back',
  writeMore: 'Write more',
  renew: 'Get new words',
  close: 'End this conversation',
  closeMeans: 'After that we no longer answer to these words. Our work goes on.',
  lookAgain: 'Look at the words again',
  otherWords: 'Enter other words',
  kept: 'An answer stays here for about two months.',
  noIndex:
    'No answers can be shown at the moment: what should have come from our staff is missing or too old. Nothing is lost; please come back another day.',
  replayed:
    'The server shows old keys that our staff have replaced. Something is wrong with it: please send nothing, and come back another day.',
  failed: 'The answers did not arrive. Tor may be slow. Nothing is lost; try again.',
  again: 'Try again',
  file: 'The files with the answers (`newest.tar`, and `older-1.tar` and so on, if you saved them)',
  followUp: {
    heading: 'Write more',
    intro: 'It goes to the same people as before, and they see that it belongs together.',
    consented: 'Your answers to our questions go with it.',
    renewing: 'With it you get new words. After that the old ones can be destroyed.',
    closing: 'With it you end this conversation.',
    narrative: 'What would you like to add?',
    mayBeEmpty: 'You can leave this empty.',
    onlyAnswers: 'Only the answers to the questions.',
  },
  safest: {
    heading: 'Without scripts',
    lines: [
      'Without scripts this page cannot open an answer. A page that you have saved on your device can.',
      'Save the file with the answers. It is the same for everybody.',
      'Save the page that works without a network, and open it in a browser where scripts are on. Go offline, if you can.',
      'Choose “{link}” there, choose the file, and enter your twelve words.',
    ],
    fetch: 'Save the file with the answers',
    offline: 'Save the page',
    command: 'With the program tumen, if Tor is running:',
  },
}
export const warning: WarningTexts = {
  answer:
    'We never ask who or where you are, to meet, to pay, to install anything, or to write elsewhere. If an answer does, it is not from us.',
}

export const offline: OfflineTexts = {
  lead: [
    'This page works without a network. Go offline now, if you can.',
    'Write here, then save the sealed file. Only the people named at the end of this page can open it.',
    'Then go to our address in Tor Browser and send that file.',
  ],
  quiet:
    'This page itself writes nothing but the file you save, and can connect to nothing. Your browser may remember that you opened it.',
  button: 'Seal and save',
  loading: 'Checking the keys of the people who may read this…',
  sealing: 'Sealing',
  phases: {
    preparing: 'Getting the files ready…',
    sending: 'Sealing…',
    finishing: 'Saving the file…',
  },
  bar: 'Sealed so far',
  keepOpen: 'Keep this page open until the file is saved.',
  cancel: 'Stop sealing',
  askCancel: 'Stop sealing? What you wrote stays here.',
  tooLarge:
    'This is too large to be sealed here at once. Remove some files and seal them as a second message.',
  saved: {
    heading: 'Sealed',
    lines: [
      'The file `notes.age` is saved on your device. Nobody but the people named below can open it, not even you.',
      'Open our address in Tor Browser, choose “{sealed}”, and send it.',
      'When you have the receipt, delete `notes.age` and this page, and empty the bin.',
    ],
    again: 'Save the file again',
    label: 'The receipt will be',
  },
}

export const frontPage: FrontPageTexts = {
  lead: [
    'You cannot do it on this page. This page only shows the way.',
    'Open the address below in Tor Browser. There is the form.',
  ],
  seen: {
    heading: 'What this visit shows',
    lines: [
      'Anyone who watches your connection (your provider, the state, the owner of the Wi-Fi) can see that your device looked up this site, and when.',
      'The server of this page sees your internet (IP) address. It has been told to keep none.',
      'Your browser may remember that you were here.',
      'What you do in Tor Browser later, none of them can see. They can see that you use Tor.',
      'If that is dangerous for you, close this page, and let someone outside write.',
    ],
  },
  get: {
    heading: '1. Get Tor Browser',
    lines: [
      'For a computer and for Android: `torproject.org`. For an iPhone: Onion Browser.',
      'If that is blocked, try `tor.eff.org` or `lacebolla.net`.',
      'Or write an e-mail to `gettor@torproject.org` that says only `windows`, `macos`, `linux` or `android`. The answer says where you can get it.',
      'Someone you trust can also give you the file.',
    ],
  },
  blocked: {
    heading: '2. If Tor is blocked, use a bridge',
    lines: [
      'Let Tor Browser find a way by itself (Connection Assist). If it cannot: on a computer Settings, Connection, Bridges; on a phone Settings, Connection, Config Bridge. Choose Snowflake; it is slow.',
      'In China, if that fails: write to `frontdesk@torproject.org` with the subject `private bridge cn`, from a mail address that is not tied to your name.',
    ],
  },
  open: {
    heading: '3. Open this address in Tor Browser',
    lines: [
      'Copy it, or read the picture with the phone that has Tor Browser.',
      'It opens in Tor Browser only. It can take a minute.',
    ],
  },
  address: 'The onion address',
  qr: 'The onion address as a picture, for a camera',
  compare:
    'If someone you trust gave you the address, compare every letter. If it differs, use theirs.',
  after: {
    heading: 'Afterwards',
    lines: [
      'Remove this page from the history of your browser.',
      'Never write about it by ordinary mail or chat.',
    ],
  },
  quiet:
    'This page takes nothing in. It has no form and no script, uses no cookies, and loads nothing from anywhere else.',
}
