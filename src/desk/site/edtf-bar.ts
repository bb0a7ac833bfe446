import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { EdtfRange } from '../../tip/edtf.ts'

/** Start and end of a date as a bar in one year, from 0 to 12; all months have the same width. */
export interface BarShape {
  from: number
  to: number
  /** A day is a solid mark, an exact range a pale bar, `~` a dashed and `?` a dotted one. */
  kind: 'day' | 'range' | 'approximate' | 'uncertain'
  /** The range begins before this year, or its beginning is unknown. */
  isOpenStart: boolean
  isOpenEnd: boolean
}

const monthWidth = 30
const width = 12 * monthWidth
const minWidth = 3

/** Null if no part of the range is in the year. */
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

/**
 * The year whose heading the case comes under: that of the earliest known day, else of the latest.
 */
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
  // Date.UTC maps the years 0 to 99 to 1900 to 1999; 2000 years later, leap years are the same.
  const daysInMonth = new Date(Date.UTC(year + 2000, month, 0)).getUTCDate()
  return month - 1 + (date + shift) / daysInMonth
}

/** Decorative: the text next to the bar says the same, so screen readers skip it. */
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
