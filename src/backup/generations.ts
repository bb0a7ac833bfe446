import { readdir } from 'node:fs/promises'
import { orNull } from '../disk/errno.ts'

const name = /^(\d{4}-\d{2}-\d{2})(?:\.([1-9]\d{0,5}))?$/

/**
 * Names of the backups in `root`, the newest last: `2026-11-23`, then `2026-11-23.2` for the second
 * one on the same day.
 */
export async function listGenerations(root: string): Promise<string[]> {
  const names = (await orNull(readdir(root))) ?? []
  return names.filter((entry) => name.test(entry)).sort(compare)
}

export function nameGeneration(day: string, taken: readonly string[]): string {
  const numbers = taken.filter((entry) => midnightOf(entry) === day).map(numberOf)
  return numbers.length === 0 ? day : `${day}.${Math.max(...numbers) + 1}`
}

function compare(one: string, other: string): number {
  if (midnightOf(one) !== midnightOf(other)) return midnightOf(one) < midnightOf(other) ? -1 : 1
  return numberOf(one) - numberOf(other)
}

function midnightOf(entry: string): string {
  return name.exec(entry)?.[1] ?? ''
}

function numberOf(entry: string): number {
  return Number(name.exec(entry)?.[2] ?? 1)
}
