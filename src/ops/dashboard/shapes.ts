import type { State } from './state.ts'

/**
 * A circle, a triangle, a square and an octagon can be distinguished without colour and from a
 * distance.
 */
const paths: Readonly<Record<State, string>> = {
  well: '<circle cx="12" cy="12" r="11"/><path class="mark" d="M6.5 12.5l3.8 3.8 7.2-8"/>',
  soon: '<path d="M12 1.5L23.5 22H.5z"/><path class="mark" d="M12 9v6M12 18v.6"/>',
  draining:
    '<rect x="1.5" y="1.5" width="21" height="21" rx="2"/><path class="mark" d="M9 7v10M15 7v10"/>',
  now: '<path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z"/><path class="mark" d="M12 6v8M12 17.4v.6"/>',
}

export function shapeSvg(state: State): string {
  return `<svg class="shape" viewBox="0 0 24 24" aria-hidden="true">${paths[state]}</svg>`
}
