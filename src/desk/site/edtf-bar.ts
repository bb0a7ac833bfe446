import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { EdtfRange } from '../../tip/edtf.ts'

/** Where a date stands in a year, from 0 to 12: months are of one width. */
export interface BarShape {
  from: number
  to: number
  /** A day as a solid mark, an exact range as a pale bar, `~` dashed, `?` dotted. */
  kind: 'day' | 'range' | 'approximate' | 'uncertain'
  /** It may have begun before this year, or nobody told the beginning. */
  isOpenStart: boolean
  isOpenEnd: boolean
}

const monthWidth = 30
const width = 12 * monthWidth
const minWidth = 3

/** Null when nothing of it lies in the year. */
export function barIn(
  year: string,
  { earliest, latest, approximate, uncertain }: EdtfRange,
): BarShape | null {
  const isOpenStart = earliest === null || earliest.slice(0, 4) < year
  const isOpenEnd = latest === null || latest.slice(0, 4) > year
  if (
    (earliest === null && latest === null) ||
    (earliest !== null && earliest.slice(0, 4) > year) ||
    (latest !== null && latest.slice(0, 4) < year)
  )
    return null
  const kind = uncertain
    ? 'uncertain'
    : approximate
      ? 'approximate'
      : earliest === latest
        ? 'day'
        : 'range'
  return {
    from: isOpenStart ? 0 : startOf(earliest),
    to: isOpenEnd ? 12 : endOf(latest),
    kind,
    isOpenStart,
    isOpenEnd,
  }
}

/** The year under whose heading it stands: of the earliest day told, else of the latest. */
export function yearOf({ earliest, latest }: EdtfRange): string | null {
  return (earliest ?? latest)?.slice(0, 4) ?? null
}

function startOf(day: string): number {
  return place(day, -1)
}

function endOf(day: string): number {
  return place(day, 0)
}

function place(day: string, shift: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; 2000 years on, Februaries are the same.
  const daysInMonth = new Date(Date.UTC(year + 2000, month, 0)).getUTCDate()
  return month - 1 + (date + shift) / daysInMonth
}

/** For eyes: what it shows is told beside it. */
export function drawBar({ from, to, kind, isOpenStart, isOpenEnd }: BarShape): ComponentChild {
  const x = Math.min(round(from * monthWidth), width - minWidth)
  const bar = Math.max(minWidth, round(to * monthWidth) - x)
  return h(
    'svg',
    { viewBox: `0 0 ${width} 10`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { class: kind, x, y: 1, width: bar, height: 8 }),
    isOpenStart ? h('path', { class: 'open', d: `M${x + 5} 1L${x} 5L${x + 5} 9` }) : null,
    isOpenEnd
      ? h('path', { class: 'open', d: `M${x + bar - 5} 1L${x + bar} 5L${x + bar - 5} 9` })
      : null,
  )
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
