import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { CasebookError } from '../../desk/files/errors.ts'
import type { Actor } from '../../desk/custody/record.ts'
import { printable } from '../../desk/text/printable.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath, tool } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'

const maxNameCharacters = 100

export const casebookOption = {
  casebook: {
    type: 'string',
    value: 'DIR',
    about: 'the casebook (default: this folder, or casebook in it)',
  },
} as const

export const byOption = {
  by: { type: 'string', value: 'NAME', about: 'who you are, for the history (default: analyst)' },
} as const

/** The options of every command that changes a case. */
export const changeOptions = {
  ...casebookOption,
  ...byOption,
  'no-refresh': {
    type: 'boolean',
    about: 'leave the pages as they are: for many changes in a row, and then "tumen case refresh"',
  },
} as const

export const reasonOption = {
  reason: { type: 'string', value: 'TEXT', about: 'why, for the history' },
} as const

export const jsonOption = { json: { type: 'boolean', about: 'print JSON, for programs' } } as const

/**
 * Path of the casebook named on the command line; without a name, this folder or the folder
 * `casebook` in it.
 * @throws CliError `FAILED` when there is no casebook at that path.
 */
export async function findCasebook(
  context: Pick<CliContext, 'cwd'>,
  named: string | undefined,
): Promise<string> {
  const candidates = named === undefined ? ['.', 'casebook'] : [named]
  for (const candidate of candidates) {
    const path = resolvePath(context, candidate)
    if (
      await access(join(path, 'tips')).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  if (named === undefined)
    throw failure(
      'this folder is no casebook (it has no folder tips in it): name one with --casebook DIR',
    )
  throw failure(
    `${printable(named)} is no casebook (there is no folder tips in it): name another with --casebook`,
  )
}

/** @throws CliError `USAGE` for an empty or overlong name, and for the program's own name. */
export function actorOf(context: CliContext, casebook: string, by: string | undefined): Actor {
  const role = printable(by ?? 'analyst')
  if (role === '' || role.length > maxNameCharacters)
    throw usageError(`--by takes a name of 1 to ${maxNameCharacters} characters`)
  if (role === 'tumen')
    throw usageError('--by tumen is what the program calls itself: give your own name')
  return { casebook, role, tool, now: () => context.clock.now() }
}

/** @throws CliError `USAGE`, listing the allowed words. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  typed: string | undefined,
  what: string,
): Word {
  const found = words.find((word) => word === typed?.toLowerCase().replaceAll('-', '_'))
  if (found === undefined) throw usageError(`${what} is one of ${words.join(', ')}`)
  return found
}

/** Turns an error about typed input into a usage error, which refers to the command's help. */
export async function asUsage<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isTyped =
      error instanceof CasebookError &&
      ['FIELD_UNKNOWN', 'VALUE_INVALID', 'CORRECTION_REFUSED', 'CHANGE_INVALID'].includes(
        error.code,
      )
    throw isTyped ? usageError(printable(error.message)) : error
  }
}
