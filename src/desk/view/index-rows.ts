import { parseEdtf } from '../../tip/edtf.ts'
import type { Place } from '../../tip/event.ts'
import type { CaseView, PersonView } from '../files/case-view.ts'
import { foldForSearch } from '../search/fold.ts'
import { searchTextOf } from './search-text.ts'

type Cell = string | number | null
/** Rows with the names of their tables; cells are in the order of the table's columns. */
export type IndexRows = ReadonlyArray<readonly [table: string, row: readonly Cell[]]>

/**
 * The rows of a case in the index. `nameKeys` gives the keys that all spellings of a name share.
 */
export function rowsOf(view: CaseView, nameKeys: (text: string) => readonly string[]): IndexRows {
  const { receipt, triage, state, opened, consent } = view
  return [
    ['cases', caseRow(view)],
    ...triage.reasons.map(
      ({ code, text }, position) => ['reasons', [receipt, position, code, text]] as const,
    ),
    ...view.persons.flatMap((person) => personRows(receipt, person, nameKeys)),
    ...dateRows(view),
    ...placeRows(view),
    ...(view.tip?.event?.authority ?? []).map((code) => ['authorities', [receipt, code]] as const),
    ...state.links.map(({ to, as }) => ['links', [receipt, to, as]] as const),
    ...consent.map(({ recipient, level }) => ['consent', [receipt, recipient, level]] as const),
    ...opened.attachments.map(
      ({ path, bytes, sha256 }) => ['attachments', [receipt, path, bytes, sha256]] as const,
    ),
    ...opened.problems.map(({ code, detail }) => ['problems', [receipt, code, detail]] as const),
    ['search', searchRow(view)],
  ]
}

function caseRow(view: CaseView): Cell[] {
  const { triage, state, tip, detained } = view
  return [
    view.receipt,
    view.id,
    view.title,
    triage.tier,
    triage.computed,
    triage.decidedBy,
    triage.priority,
    triage.dueAt,
    Number(triage.isOverdue),
    triage.window?.days ?? null,
    triage.window?.leftDays ?? null,
    triage.window?.endsOn ?? null,
    triage.actBy?.day ?? null,
    triage.actBy?.why ?? null,
    state.status,
    state.readAt,
    view.opened.opened_at,
    state.assigned,
    state.deadline,
    state.group,
    state.reliability,
    tip?.topic ?? null,
    tip?.lang ?? null,
    tip?.event?.detained_when ?? null,
    detained?.earliest ?? null,
    detained?.latest ?? null,
    view.peopleCount.min,
    view.peopleCount.max,
    tip?.narrative ?? null,
  ]
}

function personRows(
  receipt: string,
  view: PersonView,
  nameKeys: (text: string) => readonly string[],
): IndexRows {
  const { key, index, person, age } = view
  const names = person.names ?? []
  const keys = new Set(names.flatMap(({ text }) => nameKeys(text)))
  return [
    [
      'persons',
      [
        key,
        receipt,
        index,
        view.personId,
        view.displayName,
        person.sex ?? null,
        person.birth ?? null,
        age?.min ?? null,
        age?.max ?? null,
        view.minor,
        view.elderly,
        person.status ?? null,
        flag(view.confirmed),
        flag(view.guide),
        person.ethnicity ?? null,
      ],
    ],
    ...(person.nationality ?? []).map((country) => ['nationalities', [key, country]] as const),
    ...(person.risk_flags ?? []).map((risk) => ['risks', [key, risk]] as const),
    ...names.map(
      ({ text, script, kind, by }) =>
        [
          'names',
          [key, text, foldForSearch(text), script ?? null, kind ?? null, by ?? null],
        ] as const,
    ),
    ...[...keys].map((nameKey) => ['name_keys', [key, nameKey]] as const),
  ]
}

function flag(value: boolean | null): number | null {
  return value === null ? null : Number(value)
}

function dateRows({ receipt, tip }: CaseView): IndexRows {
  const event = tip?.event
  const dates: ReadonlyArray<readonly [string, string | null | undefined]> = [
    ['detained_when', event?.detained_when],
    ['last_contact', event?.last_contact],
    ['expected', event?.return_risk?.expected],
    ...(event?.transfers ?? []).map(({ when }) => ['transfer', when] as const),
  ]
  return dates.flatMap(([what, edtf]) => {
    if (typeof edtf !== 'string') return []
    const { earliest, latest } = parseEdtf(edtf)
    return [['dates', [receipt, what, edtf, earliest, latest]] as const]
  })
}

function placeRows({ receipt, tip }: CaseView): IndexRows {
  const event = tip?.event
  const places: ReadonlyArray<readonly [string, Place | null | undefined]> = [
    ['where_taken', event?.where_taken],
    ['held_where', event?.held_where],
    ...(event?.transfers ?? []).flatMap(
      ({ from, to }) =>
        [
          ['transfer_from', from],
          ['transfer_to', to],
        ] as const,
    ),
  ]
  return places.flatMap(([what, place]) => {
    if (place === null || place === undefined) return []
    const { text, country, admin, lat, lon, precision_km } = place
    return [
      [
        'places',
        [
          receipt,
          what,
          text ?? null,
          country ?? null,
          admin ?? null,
          lat ?? null,
          lon ?? null,
          precision_km ?? null,
        ],
      ] as const,
    ]
  })
}

function searchRow(view: CaseView): Cell[] {
  const { title, names, places, narrative, notes } = searchTextOf(view)
  return [view.receipt, title, names, places, narrative, notes]
}
