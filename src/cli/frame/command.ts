import type { CliContext } from './context.ts'

/** One option, for `node:util` parseArgs and for the help text. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** May be given more than once; the value is then an array. */
  readonly multiple?: boolean
  /** What the value is, in capitals: `FILE`, `DAY`. */
  readonly value?: string
  readonly about: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type SingleValue<S extends OptionSpec> = S['type'] extends 'boolean' ? boolean : string
type ValueOf<S extends OptionSpec> = S extends { readonly multiple: true }
  ? ReadonlyArray<SingleValue<S>>
  : SingleValue<S>
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]?: ValueOf<O[K]> | undefined
}

interface CommandHead {
  /** As typed after `tumen`: `seal`, `keys new`. */
  readonly name: string
  /** One line for lists of commands. */
  readonly summary: string
}

export interface CommandSpec<O extends OptionSpecs> extends CommandHead {
  /** What follows the name: `NAME [--out DIR]`. */
  readonly usage: string
  /** Paragraphs below the usage line; examples, exit status. */
  readonly help?: string
  readonly options: O
  /** How many arguments that are not options it takes; `max` may be `Infinity`. */
  readonly positionals: { readonly min: number; readonly max: number }
  /** @returns the exit status. */
  run(context: CliContext, values: OptionValues<O>, positionals: readonly string[]): Promise<number>
}

/** A command whose options the frame no longer needs to know by type. */
export interface Command extends CommandHead {
  readonly usage: string
  readonly help?: string
  readonly options: OptionSpecs
  readonly positionals: { readonly min: number; readonly max: number }
  run(
    context: CliContext,
    values: Readonly<Record<string, unknown>>,
    positionals: readonly string[],
  ): Promise<number>
}

/** `tumen keys …`: a word that only groups commands. */
export interface CommandGroup extends CommandHead {
  readonly subcommands: readonly Command[]
}

/** Types `values` in `run` after `options`. */
export function defineCommand<const O extends OptionSpecs>(spec: CommandSpec<O>): Command {
  // parseArgs has checked the values against the same options.
  return {
    ...spec,
    run: (context, values, positionals) =>
      spec.run(context, values as OptionValues<O>, positionals),
  }
}

export function isGroup(command: Command | CommandGroup): command is CommandGroup {
  return 'subcommands' in command
}

/** One line of a program's table of commands. */
export interface TableEntry {
  readonly name: string
  readonly summary: string
  /** Only the command that runs is loaded: `--help` stays instant. */
  load(): Promise<{ readonly command: Command | CommandGroup }>
}
