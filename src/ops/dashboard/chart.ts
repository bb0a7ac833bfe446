import { escapeHtml } from './html.ts'
import type { Past } from './history.ts'
import type { State } from './state.ts'
import { stateWords, states } from './state.ts'

/** A worse state is taller, so that colour is not needed to recognise it. */
const heights: Readonly<Record<State, number>> = { well: 3, soon: 6, draining: 6, now: 10 }
const unknownHeight = 0.6

interface Bar {
  height: number
  /** The class in the style sheet. */
  tone: string
}

export function stateChart(
  title: string,
  cells: ReadonlyArray<Past | null>,
  hours: number,
): string {
  const bars = cells.map(
    (cell): Bar =>
      cell === null
        ? { height: unknownHeight, tone: 'unknown' }
        : { height: heights[cell.state], tone: cell.state },
  )
  return figureHtml(title, bars, hours, stateSummary(cells, hours))
}

/** Counts are shown by decade: 0, 10, 100 … */
const topDecade = 6

export function countChart(
  title: string,
  counts: ReadonlyArray<number | null>,
  hours: number,
): string {
  const bars = counts.map((count): Bar => {
    if (count === null) return { height: unknownHeight, tone: 'unknown' }
    return count === 0
      ? { height: unknownHeight, tone: 'none' }
      : { height: Math.min(10, (Math.log10(count) * 10) / topDecade), tone: 'count' }
  })
  return figureHtml(title, bars, hours, countSummary(counts))
}

function figureHtml(title: string, bars: readonly Bar[], hours: number, summary: string): string {
  const rects = bars.map(
    ({ height, tone }, index) =>
      `<rect class="${tone}" x="${index}.1" y="${(10 - height).toFixed(1)}" width=".8" height="${height.toFixed(1)}"/>`,
  )
  return `<figure>
<figcaption><b>${escapeHtml(title)}</b> ${escapeHtml(summary)}</figcaption>
<svg viewBox="0 0 ${bars.length} 10" preserveAspectRatio="none" aria-hidden="true">${rects.join('')}</svg>
<p class="axis" aria-hidden="true"><span>${hours >= 48 ? `${hours / 24} days` : `${hours} hours`} ago</span><span>now</span></p>
</figure>`
}

/** The content of the chart as text, for people who cannot see it. */
function stateSummary(cells: ReadonlyArray<Past | null>, hours: number): string {
  const hoursOf = (isIt: (cell: Past | null) => boolean): number =>
    (cells.filter(isIt).length * hours) / cells.length
  const parts = [...states]
    .reverse()
    .map(
      (state) =>
        [hoursOf((cell) => cell?.state === state), stateWords[state].toLowerCase()] as const,
    )
  const unknown = [hoursOf((cell) => cell === null), 'not known'] as const
  return [...parts, unknown]
    .filter(([time]) => time > 0)
    .map(([time, words]) => `${timeText(time)} ${words}`)
    .join(', ')
}

function countSummary(counts: ReadonlyArray<number | null>): string {
  const now = counts.at(-1)
  const known = counts.filter((count) => count !== null)
  const shown = (count: number): string => (count === 0 ? 'none' : `up to ${count}`)
  return `now ${now == null ? 'not known' : shown(now)}${known.length > 0 ? `, at most ${shown(Math.max(...known)).replace('up to ', '')}` : ''}`
}

function timeText(hours: number): string {
  if (hours >= 48) return `${Math.round(hours / 24)} d`
  return hours >= 1 ? `${Math.round(hours)} h` : `${Math.round(hours * 60)} min`
}
