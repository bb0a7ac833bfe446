import fc from 'fast-check'
import { dateChoices, type VagueDate } from '../../../src/page/app/vague-date.ts'
import { newItem, newStep, sentBackCodes, type Answers } from '../../../src/page/app/draft.ts'
import type { DraftAction } from '../../../src/page/app/reduce-draft.ts'
import { consentChoices } from '../../../src/tip/consent-choice.ts'
import * as codes from '../../../src/tip/codes.ts'

/** Every action that the form can apply to a draft, with any text that can be typed or pasted. */

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '리영희',
      '十一月四日',
      'ئابدۇللا',
      '\ud800',
      '\u0000',
      '29',
      '29살',
      '999999',
      '-1',
      '１８',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(499, 500, 501, 20_000, 20_001, 200_000, 200_001)
      .map((length) => '\u0001'.repeat(length)),
  },
)
const optional = <Code extends string>(list: readonly Code[]) =>
  fc.constantFrom('' as const, ...list)
const flags = <Code extends string>(list: readonly Code[]) => fc.subarray([...list])
const parts = fc.record({
  year: fc.oneof(text, fc.constantFrom('2017', '1989')),
  month: fc.oneof(text, fc.constantFrom('2', '11')),
  day: fc.oneof(text, fc.constantFrom('29', '31')),
})
const date: fc.Arbitrary<VagueDate> = fc.record({
  choice: optional(dateChoices),
  start: parts,
  end: parts,
})
const country = fc.constantFrom('', 'CN', 'KP')
const level = fc.constantFrom(...codes.consentLevels)

const answers: { [Field in keyof Answers]: fc.Arbitrary<Answers[Field]> } = {
  narrative: text,
  stillHeld: optional(codes.yesNoUnsure),
  sentBack: optional(sentBackCodes),
  consentChoice: optional(consentChoices),
  isUnToo: fc.boolean(),
  when: text,
  whenDate: date,
  where: text,
  whereCountry: country,
  topic: optional(codes.topics),
  atLeast: text,
  atMost: text,
  authority: flags(codes.authorities),
  authorityText: text,
  howTaken: optional(codes.waysTaken),
  held: text,
  heldCountry: country,
  returnCountry: country,
  returnWhen: date,
  returnBasis: text,
  lastContact: date,
  companions: text,
  guides: text,
  warrant: optional(codes.yesNoUnknown),
  reasons: text,
  acknowledged: optional(codes.acknowledgements),
  public: optional(codes.yesNoUnknown),
  relation: optional(codes.relations),
  basis: optional(codes.knowledgeBases),
  inside: optional(codes.yesNoPreferNot),
  contactWay: fc.constantFrom(...codes.contactWays),
  contactText: text,
  safeTimes: text,
  consent: fc.record({
    un: level,
    unhcr: level,
    icrc: level,
    embassy: level,
    ngo: level,
    media: level,
  }),
  givenBy: text,
  familyAgrees: optional(codes.yesNoUnknown),
  wish: text,
}
const key = fc.nat(12)
const person = fc.record(
  {
    name: text,
    age: text,
    ageUnit: fc.constantFrom(...codes.ageUnits),
    reckoning: optional(codes.ageReckonings),
    sex: optional(codes.sexes),
    birth: date,
    nationality: country,
    originPlace: text,
    ethnicity: text,
    riskFlags: flags(codes.riskFlags),
    medical: text,
    status: optional(codes.personStatuses),
  },
  { requiredKeys: [] },
)
const list = fc.constantFrom('persons', 'transfers', 'steps', 'files')

export const draftAction: fc.Arbitrary<DraftAction> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record(answers, { requiredKeys: [] })
      .map((change): DraftAction => ({ type: 'change', change })),
  },
  fc
    .record({ key, change: person })
    .map((patch): DraftAction => ({ type: 'patch', list: 'persons', ...patch })),
  fc
    .record({ key, change: fc.record({ when: date, from: text, to: text }, { requiredKeys: [] }) })
    .map((patch): DraftAction => ({ type: 'patch', list: 'transfers', ...patch })),
  fc
    .record({ key, change: fc.record({ when: date, result: text }, { requiredKeys: [] }) })
    .map((patch): DraftAction => ({ type: 'patch', list: 'steps', ...patch })),
  fc
    .constantFrom(...codes.stepsTaken)
    .map((action): DraftAction => ({ type: 'add', list: 'steps', item: newStep(action) })),
  fc
    .constantFrom(...(Object.keys(newItem) as (keyof typeof newItem)[]))
    .map((list): DraftAction => ({ type: 'add_blank', list })),
  key.map((person): DraftAction => ({ type: 'add_name', person })),
  fc
    .record({
      person: key,
      key,
      change: fc.record({ text, kind: optional(codes.nameKinds) }, { requiredKeys: [] }),
    })
    .map((patch): DraftAction => ({ type: 'patch_name', ...patch })),
  fc.record({ list, key }).map((remove): DraftAction => ({ type: 'remove', ...remove })),
  fc.constant<DraftAction>({ type: 'undo' }),
)
