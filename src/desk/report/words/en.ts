import type { ReportWords } from './words.ts'

export const english: ReportWords = {
  language: 'en',
  codes: {
    yesNo: { yes: 'Yes', no: 'No', unknown: 'Not known' },
    sex: { female: 'Female', male: 'Male', other: 'Other', unknown: 'Not known' },
    status: { held: 'held', moved: 'held, and moved', returned: 'forcibly returned', released: 'released', dead: 'reported dead', missing: 'missing', unknown: 'not known' },
    authority: {
      cn_public_security: 'Public security organs, China', cn_border_or_immigration: 'Border or immigration authorities, China', cn_state_security: 'State security organs, China',
      cn_military: 'Military, China', kp_state_security: 'State security, Democratic People’s Republic of Korea', kp_police: 'Police, Democratic People’s Republic of Korea',
      third_country_police: 'Police of a third country', other: 'Other', unknown: 'Not known',
    },
    wayTaken: { checkpoint: 'At a checkpoint', raid: 'In a raid', vehicle: 'From a vehicle', border: 'At a border', handover_third_country: 'Handed over by a third country', unknown: 'Not known' },
    acknowledged: { located: 'Yes, and the place is known', not_located: 'Yes, but not the place', denied: 'No: denied', unknown: 'Not known' },
    step: {
      embassy: 'An embassy was asked', unhcr: 'UNHCR was asked', un: 'Another body of the United Nations was asked', lawyer: 'A lawyer was engaged', police: 'The police or another authority was asked',
      media: 'The media were told', ngo: 'A non-governmental organization was asked', none_unsafe: 'None: to inquire would have put the family or the person at risk',
    },
    risk: { pregnant: 'pregnant', medical: 'in need of medical care', disability: 'has a disability', elderly: 'elderly', child_alone: 'a child without family' },
  },
  dates: {
    unknown: 'Not known', about: (date) => `about ${date}`, perhaps: (date) => `perhaps ${date}`, between: (from, to) => `between ${from} and ${to}`,
    since: (date) => `on or after ${date}`, until: (date) => `on or before ${date}`,
  },
  age: (years) => `${years} years`,
  range: (from, to) => `${from} to ${to}`,
  transfer: (from, to) => `from ${from} to ${to}`,
  minor: { yes: 'Yes', possible: 'Possibly' },
  common: {
    of: (number, total) => `${number} of ${total}`,
    needed: '* Needed: without these the Working Group cannot take up the case.',
    made: (day) => `State of knowledge: ${day}`,
  },
  identity: {
    name: 'Full name', otherNames: 'Other names', sex: 'Sex', birth: 'Date of birth', age: 'Age at the time', under18: 'Under 18 at the time', nationality: 'Nationality or nationalities',
    papers: 'Identity document', origin: 'Place of origin', ethnicity: 'Ethnic or religious group', health: 'Pregnancy, health, disability', occupation: 'Occupation', address: 'Address of usual residence',
  },
  event: {
    when: 'Date', where: 'Place', heldWhere: 'Place of detention, now or last known', transfers: 'Transfers', forces: 'Forces', acknowledged: 'Do the authorities acknowledge it?',
    warrant: 'Was a warrant or other decision shown?', warrantIssuer: 'Authority that issued it', reasons: 'Reasons given by the authorities', law: 'Legislation applied', how: 'How the person was taken',
    status: 'What is known of the person now', duration: 'Duration', orderedBy: 'Authority that ordered it', told: 'As it was reported', returnRisk: 'Feared return', public: 'Is the case already public?', steps: 'Steps taken',
  },
  returnRisk: (country, expected) => `Forcible return${country === null ? '' : ` to ${country}`} is feared${expected === null ? '' : `, expected ${expected}`}.`,
  submitter: {
    organisation: 'Organization', person: 'Contact person', address: 'Address', phone: 'Telephone', email: 'E-mail', confidential: 'Confidentiality', family: 'Consent of the family',
    confidentialYes: 'The identity of the sources is to be kept confidential.', familyYes: 'The organization submits this case with the prior consent of the family.',
  },
  wgeid: {
    group: 'Working Group on Enforced or Involuntary Disappearances', title: 'Communication on a victim of enforced or involuntary disappearance',
    urgent: 'Urgent action is requested: the disappearance occurred within the last three months.', standard: 'Standard procedure: the disappearance occurred more than three months ago.',
    toGovernment: 'The Working Group sends the case to the Government concerned.',
    identity: '1. Identity of the disappeared person', date: '2. Date of the disappearance', place: '3. Place of arrest or abduction, or where last seen',
    forces: '4. Forces, of the State or supported by it, believed to be responsible', circumstances: '5. Circumstances', steps: '6. Action taken by relatives or others to locate the person',
    submitter: '7. Who submits this report',
  },
  wgad: {
    group: 'Working Group on Arbitrary Detention', title: 'Communication on an arrest or detention alleged to be arbitrary',
    toGovernment: 'The Working Group sends the case to the Government concerned.',
    identity: 'I. Identity', arrest: 'II. Arrest', detention: 'III. Detention', circumstances: 'IV. Circumstances of the arrest or detention', whyArbitrary: 'Why it is considered arbitrary',
    remedies: 'V. Internal steps, including domestic remedies', submitter: 'VI. Who submits the information',
  },
  meter: {
    title: 'UN-ready?', takeOut: 'For the analyst. Take this page out before the form is sent.', person: 'Person', have: 'There', missing: 'Missing',
    items: { name: 'full name', date: 'date, month and year at least', place: 'place', forces: 'forces', steps: 'steps taken, or why none', submitter: 'submitter' },
  },
  summary: {
    title: (people, country) => (country === null ? `${people} detained` : `${people} detained in ${country}`),
    atRisk: (country) => (country === null ? 'at risk of forcible return' : `at risk of forcible return to ${country}`),
    people: (count) => (count === '1' ? '1 person' : `${count} people`),
    moreUnnamed: (count) => (count === '1' ? '1 more person, not named' : `${count} more people, not named`),
    counted: (count, what) => `${count} ${{ female: 'female', male: 'male', minor: count === 1 ? 'child' : 'children', elderly: 'elderly' }[what]}`,
    sections: { who: 'Who', where: 'Held where', known: 'What is known', deadline: 'Deadline', demands: 'Demands' },
    taken: 'Detained', held: 'Held at', heldNotKnown: 'Not known.',
    deadline: (custody, destination, days, from, to) =>
      `${custody} has handed people over to ${destination} within about ${days} days: in this case ${from === to ? `by about ${to}` : `between about ${from} and ${to}`}. That is neither a minimum nor a limit.`,
    deadlineExpected: (when) => `The return is expected ${when}.`,
    deadlineNone: 'No date is known. The sooner, the better.',
    demandsTo: (country) => (country === null ? 'The authorities are called on:' : `The authorities of ${country} are called on:`),
    demands: {
      noReturn: (country) => `not to return them forcibly${country === null ? '' : ` to ${country}`}, where they would face torture, imprisonment or worse`,
      disclose: 'to say at once where they are held, by whom, and on what legal ground', access: 'to let them see a lawyer, their family, a doctor and UNHCR',
      noIllTreatment: 'to protect them from torture and other ill-treatment', release: 'to release them, unless they are charged with an internationally recognizable offence',
      children: 'to keep children with their families, and put their interests first', care: 'to give the medical care that is needed',
      afterReturn: 'to say what became of those already returned, and to treat them humanely',
    },
  },
}
