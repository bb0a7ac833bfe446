import { gazetteerPlaceOf, placeNames } from '../places/find-place.ts'
import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CaseView } from '../files/case-view.ts'
import { byUrgency, compareText } from '../view/urgency.ts'
import { authorityName, countryName } from '../text/code-words.ts'
import { caseTitle, placeText } from './case-words.ts'
import { count } from '../../text/count.ts'
import type { SitePage } from './page.ts'
import { rootOf, sheetHref } from './page.ts'
import { said } from './said.ts'
import { dayInWords, whenInWords } from './when.ts'

const notTold = 'Not told'
/** Up to this many cases, every group is shown open. */
const maxOpenCases = 40
/** A longer group of cases without this fact is not listed: it links to the list of all cases. */
const maxNotTold = 200

/** The same cases grouped by place, by authority and by date. */
export function groupedPages(views: readonly CaseView[]): SitePage[] {
  return [byPlace(views), byAuthority(views), byDate(views)]
}

function byPlace(views: readonly CaseView[]): SitePage {
  const path = 'site/places.html'
  return {
    path,
    title: 'By place',
    children: [
      h('h1', null, 'Cases by place'),
      part('Where they were taken', views, ({ tip }) => [regionOf(tip?.event?.where_taken)], path),
      part('Where they are held', views, ({ tip }) => [heldAt(tip?.event?.held_where)], path),
    ],
  }
}

/**
 * The province of a place, or its known place in the gazetteer. Spellings of one town in several
 * scripts would otherwise form several groups.
 */
function regionOf(place: Parameters<typeof placeText>[0]): string {
  if (!place) return notTold
  const known = gazetteerPlaceOf(place)
  if (known !== null) return `${placeNames(known)}, ${countryName(known.country)}`
  const region = place.admin || place.text
  return (
    [region, place.country ? countryName(place.country) : null].filter(Boolean).join(', ') ||
    notTold
  )
}

/** The place where people are held; known places have one heading for all scripts. */
function heldAt(place: Parameters<typeof placeText>[0]): string {
  const known = gazetteerPlaceOf(place)
  return known === null
    ? placeText(place) || notTold
    : `${placeNames(known)}, ${countryName(known.country)}`
}

function byAuthority(views: readonly CaseView[]): SitePage {
  const path = 'site/authorities.html'
  const authoritiesOf = ({ tip }: CaseView) =>
    tip?.event?.authority?.length ? tip.event.authority.map(authorityName) : [notTold]
  return {
    path,
    title: 'By authority',
    children: [
      h('h1', null, 'Cases by authority'),
      part('Who took them', views, authoritiesOf, path),
    ],
  }
}

function byDate(views: readonly CaseView[]): SitePage {
  const path = 'site/dates.html'
  const monthOf = ({ detained }: CaseView) => [
    (detained?.earliest ?? detained?.latest)?.slice(0, 7) ?? notTold,
  ]
  return {
    path,
    title: 'By date',
    children: [
      h('h1', null, 'Cases by date'),
      h(
        'p',
        { class: 'meta' },
        'By the first month in which it can have happened. How exactly each date is known: see the timeline.',
      ),
      part('When they were taken', views, monthOf, path, 'newest'),
    ],
  }
}

function part(
  title: string,
  views: readonly CaseView[],
  keysOf: (view: CaseView) => readonly string[],
  path: string,
  order: 'largest' | 'newest' = 'largest',
): ComponentChild {
  const groups = new Map<string, CaseView[]>()
  for (const view of views)
    for (const key of new Set(keysOf(view)))
      (groups.get(key) ?? groups.set(key, []).get(key))?.push(view)
  const sorted = [...groups].sort(
    (one, other) =>
      Number(one[0] === notTold) - Number(other[0] === notTold) ||
      (order === 'newest' ? compareText(other[0], one[0]) : other[1].length - one[1].length) ||
      compareText(one[0], other[0]),
  )
  const isOpen = views.length <= maxOpenCases
  return h(
    'section',
    null,
    h('h2', null, title),
    sorted.map(([label, members]) =>
      group(
        order === 'newest' && label !== notTold ? dayInWords(label) : label,
        members,
        path,
        isOpen,
      ),
    ),
  )
}

function group(
  label: string,
  members: readonly CaseView[],
  path: string,
  isOpen: boolean,
): ComponentChild {
  const urgent = members.filter(
    ({ triage, state }) => triage.tier === 0 && state.status !== 'closed',
  ).length
  const least = members.reduce((sum, { peopleCount }) => sum + peopleCount.min, 0)
  return h(
    'details',
    { class: 'group', open: isOpen },
    h(
      'summary',
      null,
      h('strong', null, said(label)),
      h(
        'span',
        { class: 'meta' },
        ` ${count(members.length, 'case')}, in which ${count(least, 'person', 'people')} or more`,
      ),
      urgent === 0 ? null : h('span', { class: 'mark late' }, `${urgent} in tier 0`),
    ),
    label === notTold && members.length > maxNotTold
      ? h(
          'p',
          null,
          'They are among ',
          h('a', { href: `${rootOf(path)}site/list.html` }, 'all cases'),
          '.',
        )
      : h(
          'ul',
          { class: 'lines' },
          members.toSorted(byUrgency).map((view) =>
            h(
              'li',
              null,
              h('span', { class: `tier t${view.triage.tier}` }, view.triage.tier),
              ' ',
              h('a', { href: sheetHref(path, view.id) }, caseTitle(view)),
              h(
                'span',
                { class: 'meta' },
                [
                  whenInWords(view.tip?.event?.detained_when),
                  view.tip?.event?.where_taken?.text ?? '',
                ]
                  .filter((text) => text !== '')
                  .map((text) => [' · ', said(text)]),
              ),
            ),
          ),
        ),
  )
}
