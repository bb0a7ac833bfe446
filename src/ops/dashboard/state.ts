import type { Health } from '../health.ts'

/** From best to worst, as the notes to staff call them. */
export const states = ['well', 'soon', 'draining', 'now'] as const
export type State = (typeof states)[number]

export const stateWords: Readonly<Record<State, string>> = {
  well: 'All well',
  soon: 'Look soon',
  draining: 'Closed for a moment',
  now: 'Look now',
}

export function worstOf(one: State, other: State): State {
  return states.indexOf(one) > states.indexOf(other) ? one : other
}

/**
 * The overall state. `draining` means that an operator closed the intake and nothing else is wrong.
 */
export function stateOf({ isReady, problems }: Health): State {
  if (isReady) return problems.length === 0 ? 'well' : 'soon'
  const errors = problems.filter(({ severity }) => severity === 'error')
  return errors.every(({ code }) => code.endsWith('DRAINING')) ? 'draining' : 'now'
}

/** The worst state found, and what it means for a source who writes now. */
export function stateSentence(health: Health): string {
  const state = stateOf(health)
  if (state === 'well') return 'Tips are taken in and stored. Nothing needs you.'
  const worst = health.problems.find(({ severity }) => severity === 'error') ?? health.problems[0]
  const found = worst?.detail ?? ''
  // Only the error's own text says whether tips are still accepted, because that differs between
  // errors.
  return state === 'soon' ? `Tips are taken in and stored. ${firstSentence(found)}` : found
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, '.') ?? text
}
